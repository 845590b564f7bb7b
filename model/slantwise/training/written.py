"""Sentences written for training: loaded wording beside a plain wording of the same facts.

One passage a line; a line that is loaded has its spans in braces:
``The union {savaged|loaded-language|outlet|the minister|negative} the minister.`` The
fields are the words, label, voice, target, valence and, of words that somebody else says,
the speaker. All events and actors in them are invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from slantwise.errors import InputError
from slantwise.passages import Passage, labelled_passage

_SPAN = re.compile(r"\{([^{}]+)\}")
_FIELDS = ("label", "voice", "target", "valence", "speaker")


def read_written(folder: Path) -> list[Passage]:
    """Read all passages of a folder's ``.txt`` files, in order.

    Raises
    ------
    InputError
        If a line can't be understood; it names the file, the line and what is wrong.
    """
    return [passage for path in sorted(folder.glob("*.txt")) for passage in _passages(path)]


def _passages(path: Path) -> Iterator[Passage]:
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield labelled_passage(parse_line(line.strip()), f"{path.name} {number}")
            except ValueError as error:
                raise InputError(f"{path}, line {number}: {error}") from error


def parse_line(line: str) -> dict[str, object]:
    """Return a line's text and spans as a row of labelled passages.

    >>> parse_line("A {mob|name-calling|outlet||} came.")["text"]
    'A mob came.'
    """
    text, spans, done = "", [], 0
    for found in _SPAN.finditer(line):
        words, *fields = found[1].split("|")
        if not 4 <= len(fields) <= len(_FIELDS):
            raise ValueError(f"{found[0]} has {len(fields)} fields after its words, not 4 or 5")
        text += line[done : found.start()]
        told = {name: value or None for name, value in zip(_FIELDS, fields, strict=False)}
        end = len(text) + len(words)
        spans.append({"speaker": None, **told, "start": len(text), "end": end, "text": words})
        text += words
        done = found.end()
    text += line[done:]
    if "{" in text or "}" in text:
        raise ValueError("a brace without its partner")
    return {"text": text, "spans": spans}
