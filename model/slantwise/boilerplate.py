"""What stands in an article and is not of it: prompts, teasers, credits, dates.

Every rule looks at how a line is built, never at one site's very words, and takes
whole lines (or the label at the beginning of a caption). A line that reads as a
sentence of the report stays: losing a sentence is worse than scoring a prompt.
Lines are looked at once, with patterns that can't backtrack far, so the time grows
with the length of the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import Pattern, fullmatch
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from slantwise import boilerplate_patterns as patterns

_TITLE_DIFFERS = 20  # characters, at most, between a title and a copy that ends like a sentence


class _Line(NamedTuple):
    start: int  # of what is not white space
    end: int
    text: str

    @property
    def n_words(self) -> int:
        return len(self.text.split())

    @property
    def ends_sentence(self) -> bool:
        return self.text.rstrip(patterns.CLOSING)[-1:] in patterns.STOPS


def boilerplate(text: str, title: str = "") -> list[tuple[int, int]]:
    r"""Find the parts of an article to leave unscored.

    Parameters
    ----------
    text
        The article as read.
    title
        Its title, which is scored by itself: copies of it in the text are not.
        Without one, the first copy of a headline stays.

    Returns
    -------
    list of (int, int)
        Sorted, disjoint, half-open ranges of code points in `text`.

    Examples
    --------
    >>> boilerplate("Photo: Reuters\n\nThe storm reached the harbour.")
    [(0, 14)]
    """
    lines = list(_lines(text))
    marked: list[tuple[int, int]] = []
    repeated = _repeated(lines, title)
    cues = _cues_in(text.lower())
    in_tail = False
    for number, line in enumerate(lines):
        if in_tail and not line.ends_sentence:
            end = line.end
        elif number in repeated:
            end = line.end
        else:
            end = line.start + _prompt_length(line, number, cues)
            in_tail = end == line.end and _is_tail(line) and number > len(lines) // 2
            if in_tail:
                marked.extend(_teaser_before(lines, number))
        if end > line.start:
            marked.append((line.start, end))
    return sorted(set(marked))


def _cues_in(lower: str) -> tuple[str, ...]:
    """Return which cues a text holds; those alone are sought whose triples of letters all occur."""
    met = np.zeros(1 << 15, dtype=np.bool_)
    met[_triples(lower)] = True
    met[_NO_TRIPLE] = True
    possible = np.logical_and.reduceat(met[_CUE_TRIPLES], _CUE_EDGES).tolist()
    return tuple(
        cue for cue, may_be in zip(patterns.CUES, possible, strict=True) if may_be and cue in lower
    )


def _triples(lower: str) -> NDArray[np.uint16]:
    """Return a number below 2^15 for every three characters in a row."""
    codes = np.frombuffer(lower.encode("latin-1", "replace"), dtype=np.uint8) & 31
    codes = codes.astype(np.uint16)
    return np.asarray((codes[:-2] << 10) | (codes[1:-1] << 5) | codes[2:])


_NO_TRIPLE = np.zeros(1, dtype=np.uint16)  # of a cue that is too short for one
_BY_CUE = [_triples(cue) if len(cue) > 2 else _NO_TRIPLE for cue in patterns.CUES]
_CUE_TRIPLES = np.concatenate(_BY_CUE)
_CUE_EDGES = np.cumsum([0] + [len(triples) for triples in _BY_CUE])[:-1]


def _lines(text: str) -> Iterator[_Line]:
    at = 0
    for line in text.replace("\r", "\n").split("\n"):
        words = line.strip()
        if words:
            start = at + len(line) - len(line.lstrip())
            yield _Line(start, start + len(words), words)
        at += len(line) + 1


def _repeated(lines: list[_Line], title: str) -> set[int]:
    """Return the lines that repeat the title, or a headline above them."""
    wanted = _normal(title)
    seen: set[str] = set()
    repeated = set()
    for number, line in enumerate(lines):
        if len(line.text) > patterns.LONGEST_HEADLINE:
            continue
        headline = _may_be_headline(line, number)
        if not headline and abs(len(line.text) - len(title)) > _TITLE_DIFFERS:
            continue
        normal = _normal(line.text)
        if wanted and (normal == wanted or _is_title_with_site(line.text, title)):
            repeated.add(number)
        elif headline and normal.count(" ") >= 3:
            if normal in seen:
                repeated.add(number)
            seen.add(normal)
    return repeated


def _may_be_headline(line: _Line, number: int) -> bool:
    """Whether a line has no full stop; one that asks or calls only near the top."""
    if not line.ends_sentence:
        return True
    return number < 6 and line.text[-1] in "?!"


def _normal(line: str) -> str:
    return " ".join(patterns.WORD.findall(line.casefold()))


def _is_title_with_site(line: str, title: str) -> bool:
    """Whether a line is the title and then the site: "Storm comes | Tidewater Post"."""
    rest = line.strip().removeprefix(title.strip())
    return rest != line.strip() and fullmatch(r"\s+[|\u2013—-](?:\s+\S+){1,4}", rest) is not None


def _prompt_length(line: _Line, number: int, cues: tuple[str, ...]) -> int:
    """Return how many characters from the beginning of a line are boilerplate."""
    text = line.text
    if _is_icon_run(text):
        return len(text)
    if len(text) > patterns.LONGEST or (len(text) > patterns.SHORT and not _has_cue(text, cues)):
        return 0
    label = patterns.CAPTION_LABEL.match(text)
    if label:
        caption = text[label.end() :].strip()
        return len(text) if not caption or patterns.CREDIT_ONLY.fullmatch(caption) else label.end()
    return len(text) if _is_furniture(line, number) else 0


def _has_cue(text: str, cues: tuple[str, ...]) -> bool:
    begun = text.lstrip("-\u2013—•*> ")[: patterns.LONGEST_OPENING].lower()
    if begun.startswith(patterns.OPENINGS.get(begun[:1], ())):
        return True
    if not cues:
        return False
    lower = text.lower()
    return any(cue in lower for cue in cues)


def _is_icon_run(text: str) -> bool:
    """Whether a line strings the names of icons together, often without spaces."""
    if text.count("icon") < 4:
        return False
    words = text.split()
    named = sum("icon" in word.lower() for word in words)
    return named >= 4 and 3 * named >= len(words)


def _is_furniture(line: _Line, number: int) -> bool:
    text, lower = line.text, line.text.lower()
    if not patterns.WORD.search(text):
        return False
    n_words = line.n_words
    if (
        _is_buttons(text)
        or _is_date(text)
        or _matches(text, patterns.MARKUP, patterns.COUNTS, patterns.PLAYER)
        or _holds(text, lower, patterns.PLAYER_WITHIN)
    ):
        return True
    if number < 3 and n_words <= 3 and not line.ends_sentence and patterns.SECTION.fullmatch(text):
        return True
    if _matches(text, patterns.COPYRIGHT, patterns.STORY_NOTE, patterns.TAIL) or _holds(
        text, lower, patterns.COPYRIGHT_WITHIN
    ):
        return not _is_report(text)
    if n_words <= 60 and (
        patterns.PROMPT.fullmatch(text) or _holds(text, lower, patterns.PROMPT_WITHIN)
    ):
        return not _is_report(text)
    if _matches(text, patterns.TAIL_NOTE) or _holds(text, lower, patterns.TAIL_NOTE_WITHIN):
        return True
    if _is_byline(line):
        return True
    if patterns.TEASER.fullmatch(text):
        # A headline has no full stop, a sentence after "Watch:" has.
        return n_words <= 30 and not (n_words > 5 and text.endswith("."))
    if n_words <= 14 and patterns.CREDIT.fullmatch(text):
        return not (n_words > 7 and line.ends_sentence)
    return number < 4 and patterns.WIRE_SLUG.fullmatch(text) is not None


def _matches(text: str, *these: Pattern[str]) -> bool:
    for pattern in these:  # a loop, since it runs for every short line
        if pattern.fullmatch(text):
            return True
    return False


def _holds(text: str, lower: str, rules: Mapping[str, Pattern[str]]) -> bool:
    """Whether the line fits a pattern, each tried only where the line has its phrase."""
    for phrase, pattern in rules.items():
        if phrase in lower and pattern.fullmatch(text):
            return True
    return False


def _is_report(text: str) -> bool:
    """Whether somebody is quoted or said to say something, as in no prompt."""
    return patterns.SAYING.search(text) is not None or patterns.QUOTE_MARK.search(text) is not None


def _is_buttons(text: str) -> bool:
    lower = text.lower()
    first = patterns.WORD.search(lower)
    if first is None or not (first[0] in patterns.BUTTONS or first[0].isdigit()):
        return False
    words = patterns.WORD.findall(lower)
    return (
        len(words) <= 14
        and all(word in patterns.BUTTONS or word.isdigit() for word in words)
        and any(word in patterns.BUTTONS_ALONE for word in words)
        and not patterns.QUOTE_MARK.search(text)
    )


def _is_date(text: str) -> bool:
    first = patterns.WORD.search(text)
    if first is None or not patterns.DATE_WORD.fullmatch(first[0]):
        return False
    words = patterns.WORD.findall(text)
    return (
        len(words) <= 16
        and all(patterns.DATE_WORD.fullmatch(word) for word in words)
        and patterns.DATE_CORE.search(text) is not None
    )


def _is_byline(line: _Line) -> bool:
    if patterns.NAMES.fullmatch(line.text):
        return not line.ends_sentence
    lower = line.text.lower()
    if " by " not in lower and "contribut" not in lower:
        return False
    credited = patterns.CREDITED.fullmatch(line.text)
    names = next(filter(None, credited.groups()), "") if credited else ""
    words = patterns.WORD.findall(names)
    return 0 < len(words) <= 40 and all(
        word[0].isupper() or word.isdigit() or word in patterns.BETWEEN_NAMES for word in words
    )


def _is_tail(line: _Line) -> bool:
    return patterns.TAIL.fullmatch(line.text) is not None


def _teaser_before(lines: list[_Line], tail: int) -> Iterator[tuple[int, int]]:
    """Yield the headline just above a list of other stories, after the last sentence."""
    if tail < 2:
        return
    line, above = lines[tail - 1], lines[tail - 2]
    if 4 <= line.n_words <= 20 and not line.ends_sentence and above.ends_sentence:
        yield line.start, line.end
