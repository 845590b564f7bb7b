"""An article with its loaded words marked: as HTML, and as text for a terminal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Protocol

from slantwise.in_words import describe, one_line, visible
from slantwise.linewrap import unwrap
from slantwise.marking import (
    Numbered,
    Ranges,
    disjoint,
    marked_line,
    marked_paragraphs,
    notes_html,
    read_template,
)
from slantwise.records import LABELS, OWN_VOICES, Article, Span

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

# The hues of templates/highlight.css (after Okabe & Ito 2008 and Tol 2021), in a lightness
# that can be read on black and on white.
TERMINAL_COLOURS = {
    "imputed-motive": "#d7672f",
    "euphemism": "#00a078",
    "name-calling": "#3a8fd9",
    "loaded-language": "#c98a00",
    "exaggeration": "#c972a5",
    "doubt": "#3fa3d8",
    "fear-appeal": "#d0557f",
    "flag-waving": "#96962f",
    "scare-quotes": "#8f7fdc",
    "other-technique": "#8a8a8a",
}
_UNLIMITED = 1_000_000


class Labelled(Protocol):
    """What can be shown: an article and its spans."""

    @property
    def article(self) -> Article:
        """The article as read."""

    @property
    def spans(self) -> Sequence[Span]:
        """The spans to mark, in its title and text."""


# -- HTML --------------------------------------------------------------------------------


def article_html(labelled: Labelled, *, unscored: Ranges = ()) -> str:
    """Return an article as a fragment of HTML with its own style, everything escaped.

    Parameters
    ----------
    labelled : LabelledArticle
        All its spans are marked.
    unscored : sequence of (start, end)
        Ranges of the text to grey out, such as boilerplate.
    """
    article, spans = labelled.article, list(enumerate(labelled.spans))
    content = "\0".join((article.article_id, article.title, article.text))
    prefix = "sw" + hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:8]
    parts = [f"<style>{read_template('highlight.css')}</style>\n<article class='sw'>\n"]
    if about := _about(article):
        parts.append(f"<p class='sw-about'>{escape(about)}</p>\n")
    if article.title:
        title = marked_line(article.title, _within(spans, "title"), prefix, titles=True)
        parts.append(f"<h2>{title}</h2>\n")
    text = _within(spans, "text")
    parts.append(marked_paragraphs(article.text, text, prefix, unscored=unscored, titles=True))
    if spans:
        parts.append(f"<details><summary>{_highlights(len(spans))} in words</summary>\n")
        parts.append(notes_html(spans, prefix) + "</details>\n")
    else:
        parts.append("<p class='sw-about'>No loaded framing found.</p>\n")
    return "".join(parts) + "</article>"


# -- Terminal ----------------------------------------------------------------------------


def article_terminal(labelled: Labelled, *, colour: bool = False, width: int | None = None) -> str:
    """Return an article as text, its spans marked and numbered, and listed below.

    Parameters
    ----------
    labelled : LabelledArticle
        All its spans are marked.
    colour : bool
        Whether to mark with the styles of a terminal; without, brackets mark the spans.
    width : int, optional
        Characters a line. By default that of the terminal, 100 at most, with colour, and
        the lines of the text without.

    Returns
    -------
    str in which nothing from the article can steer a terminal
    """
    from io import StringIO
    from shutil import get_terminal_size

    from rich.console import Console

    if width is None:
        width = min(get_terminal_size().columns, 100) if colour else _UNLIMITED
    out = StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour,
        color_system="256" if colour else None,
        no_color=not colour,
        legacy_windows=False,
        _environ={},  # what the caller says counts
    )
    for block in _blocks(labelled, colour):
        console.print(block, highlight=False, soft_wrap=width == _UNLIMITED)
    return out.getvalue()


def _blocks(labelled: Labelled, colour: bool) -> Iterator[RenderableType]:
    from rich.table import Table
    from rich.text import Text

    article, spans = labelled.article, list(enumerate(labelled.spans, start=1))
    if about := _about(article):
        yield Text(about, "dim")
    if article.title:
        title = visible(article.title).replace("\n", " ")
        yield _numbered(title, _within(spans, "title"), colour, "bold")
    if about or article.title:
        yield Text()
    yield _numbered(unwrap(visible(article.text)), _within(spans, "text"), colour)
    yield Text()
    if not spans:
        yield Text("No loaded framing found.", "dim")
    notes = [_note(span, colour) for _, span in spans]
    if colour:
        grid = Table.grid("number", "note", padding=(0, 2, 0, 0))  # hangs its second lines in
        for number, note in enumerate(notes, start=1):
            grid.add_row(Text(str(number), justify="right"), note)
        yield grid
    else:
        yield from (Text(f"{number}  ").append(note) for number, note in enumerate(notes, start=1))
    if spans and colour:
        yield Text()
        yield _legend({span.label for _, span in spans})


def _numbered(shown: str, spans: Numbered, colour: bool, style: str = "") -> Text:
    from rich.text import Text

    text, at = Text(style=style), 0
    for number, span in disjoint(spans):
        end = min(span.end, len(shown))
        text.append(shown[at : span.start])
        if colour:
            text.append(shown[span.start : end], _style(span))
            text.append(f"[{number}]", "dim")
        else:
            text.append(f"[{shown[span.start : end]}]({number})")
        at = end
    return text.append(shown[at:].rstrip())


def _note(span: Span, colour: bool) -> Text:
    from rich.text import Text

    words = Text(one_line(span.text), _style(span) if colour else "")
    return Text.assemble(words, (f" · {one_line(str(describe(span)))}", "dim"))


def _legend(labels: set[str]) -> Text:
    from rich.text import Text

    text = Text("bold: the outlet’s own voice · italic: somebody else’s words\n", "dim")
    for label in (label for label in LABELS if label in labels):
        text.append("■ ", TERMINAL_COLOURS[label])
        text.append(f"{label}  ", "dim")
    return text


def _style(span: Span) -> str:
    voice = "bold" if span.voice in OWN_VOICES else "italic"
    return f"underline {voice} {TERMINAL_COLOURS.get(span.label, '')}".strip()


# -- Both --------------------------------------------------------------------------------


def _about(article: Article) -> str:
    return " · ".join(one_line(part) for part in (article.outlet, article.date) if part)


def _within(spans: Numbered, field: str) -> Numbered:
    return [(number, span) for number, span in spans if span.field == field]


def _highlights(count: int) -> str:
    return "1 highlight" if count == 1 else f"{count:,} highlights"
