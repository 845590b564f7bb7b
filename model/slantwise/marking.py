"""Marks around loaded words in HTML, and the notes they refer to.

The voice decides how words are marked: the outlet's own are filled and underlined,
quoted words dotted, reported words dashed, scare quotes wavy. The label gives the colour
and stands beside as a word, since no ten colours are told apart by every eye. The style
is in templates/highlight.css. Everything from an article is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from slantwise.in_words import describe, visible
from slantwise.linewrap import unwrap
from slantwise.records import Span

if TYPE_CHECKING:
    from jinja2 import Environment

_LINES = re.compile(r"[^\n]*\S[^\n]*")

Numbered = Sequence[tuple[int, Span]]
Ranges = Sequence[tuple[int, int]]


def marked_paragraphs(
    text: str, spans: Numbered, prefix: str, *, unscored: Ranges = (), titles: bool = False
) -> str:
    """Return a text as escaped paragraphs with its spans marked.

    Parameters
    ----------
    text : str
    spans : sequence of (number, Span)
        The number makes the id of a mark. A span that begins inside another is left out.
    prefix : str
        Start of the ids, unique in the page.
    unscored : sequence of (start, end)
        Ranges to grey out.
    titles : bool
        Whether each mark carries its description as the browser's own tooltip.
    """
    shown = visible(text)
    marks = list(disjoint(spans))
    return "".join(
        f"<p>{_marked(shown, line.span(), marks, prefix, unscored, titles)}</p>\n"
        for line in _LINES.finditer(unwrap(shown))
    )


def marked_line(text: str, spans: Numbered, prefix: str, *, titles: bool = False) -> str:
    """Return a title as an escaped line with its spans marked."""
    return _marked(visible(text), (0, len(text)), list(disjoint(spans)), prefix, (), titles)


def notes_html(spans: Numbered, prefix: str, *, linked: bool = True) -> str:
    """Return an HTML list that says each span in words, to which its mark refers.

    Parameters
    ----------
    spans : sequence of (number, Span)
    prefix : str
        The same as that of the marks.
    linked : bool
        Whether the marks are on the page, to be linked to.
    """
    items = []
    for number, span in spans:
        said = describe(span)
        words = escape(visible(span.text))
        # Where there are marks they carry the data that filters read: pages stay small.
        words, data = (
            (f"<a href='#{prefix}-{number}'>{words}</a>", "") if linked else (words, _data(span))
        )
        rest = "".join(
            f" <{tag}>{escape(visible(part))}</{tag}>"
            for tag, part in (("span", said.who), ("span", said.about), ("small", said.why))
            if part
        )
        what = escape(said.what)
        items.append(
            f"<li id='{prefix}-n{number}'{data}><b>{words}</b> <strong>{what}</strong>{rest}</li>\n"
        )
    return f"<ol class='sw-notes'>\n{''.join(items)}</ol>\n"


@cache
def read_template(name: str) -> str:
    """Read a style sheet or a script that travels in the package."""
    return files("slantwise").joinpath("templates", name).read_text("utf-8")


def _marked(
    shown: str,
    within: tuple[int, int],
    marks: Numbered,
    prefix: str,
    unscored: Ranges,
    titles: bool,
) -> str:
    at, last = within
    parts = []
    for number, span in marks:
        start, end = max(span.start, at), min(span.end, last)
        if start >= end:
            continue
        parts.append(_plain(shown, at, start, unscored))
        # The rest of a span that a paragraph break cuts has no id of its own.
        this = f" id='{prefix}-{number}' tabindex='0'" if start == span.start else ""
        title = f' title="{escape(visible(str(describe(span))))}"' if titles else ""
        parts.append(
            f"<mark class='sw-mark'{this}{_data(span)} "
            f"aria-describedby='{prefix}-n{number}'{title}>{escape(shown[start:end])}</mark>"
        )
        at = end
    return "".join(parts) + _plain(shown, at, last, unscored)


def _plain(shown: str, at: int, last: int, unscored: Ranges) -> str:
    parts = []
    for start, end in unscored:
        start, end = max(start, at), min(end, last)
        if start < end:
            grey = f"<span class='sw-unscored'>{escape(shown[start:end])}</span>"
            parts.append(escape(shown[at:start]) + grey)
            at = end
    return "".join(parts) + escape(shown[at:last])


def _data(span: Span) -> str:
    # The score is cut, not rounded: at the least score of a filter the span still counts.
    score = int(span.score * 1000) / 1000
    label, voice = escape(span.label), escape(span.voice)
    return f" data-label='{label}' data-voice='{voice}' data-score='{score:.3f}'"


def disjoint(spans: Numbered) -> Iterator[tuple[int, Span]]:
    """Yield spans by place, without those that begin inside another."""
    edge = 0
    for number, span in sorted(spans, key=lambda pair: (pair[1].start, -pair[1].end)):
        if edge <= span.start < span.end:
            yield number, span
            edge = span.end


def templates() -> Environment:
    """Return the package's templates; whatever is put into them is escaped and made visible."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("slantwise"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value) if type(value) is str else value,
    )
