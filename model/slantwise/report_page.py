"""One self-contained page: outlets compared, and articles with their loaded words marked.

What the page says is gathered first, as plain data, and rendered after with everything
escaped. The page loads nothing, and its content security policy lets nothing run but its
own script, so that no article can.
"""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slantwise.errors import UsageError
from slantwise.marking import (
    marked_line,
    marked_paragraphs,
    notes_html,
    read_template,
    templates,
)
from slantwise.records import Span
from slantwise.report_articles import strokes
from slantwise.report_data import MOST_ARTICLES, report_data

if TYPE_CHECKING:
    from slantwise.scores import Scores

__all__ = ["render", "report", "report_data"]


def report(
    scores: Scores,
    path: str | Path,
    *,
    title: str | None = None,
    max_articles: int = MOST_ARTICLES,
    min_score: float | None = None,
) -> Path:
    """Write one self-contained page about scores.

    The same scores give the same page.

    Parameters
    ----------
    scores : Scores
    path : str or Path
        The page to write; it is complete or not there.
    title : str, optional
    max_articles : int
        Articles shown with their text, evenly many of each outlet; fewer where they
        would make a page of more than some 10 MB.
    min_score : float, optional
        Least score of a span, in place of its label's operating threshold.

    Returns
    -------
    Path of the page

    Raises
    ------
    UsageError
        If the page can't stand at that path.
    """
    page = Path(path)
    if page.is_dir():
        raise UsageError(f"{page} is a folder; name a file such as report.html")
    if not page.absolute().parent.is_dir():
        raise UsageError(f"{page}: the folder {page.absolute().parent} doesn't exist")
    data = report_data(scores, title=title, max_articles=max_articles, min_score=min_score)
    content = render(data).encode("utf-8", "replace")
    part = page.with_name(f".{page.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(page)
    finally:
        part.unlink(missing_ok=True)
    return page


def render(data: dict[str, Any]) -> str:
    """Render the data of a report as a page of HTML."""
    from markupsafe import Markup

    environment = templates()
    environment.filters |= {"number": _number, "percent": _percent, "count": _count}
    environment.globals |= {
        "title_html": _title_html,
        "text_html": _text_html,
        "notes": _notes,
        "strokes": strokes,
    }
    script = read_template("report.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return environment.get_template("report.html.j2").render(
        data,
        script=Markup(script),
        script_hash=f"sha256-{digest}",
        style=Markup(read_template("highlight.css") + read_template("report.css")),
    )


def _title_html(article: dict[str, Any]) -> str:
    return _markup(marked_line(article["title"], _spans(article, "title"), _prefix(article)))


def _text_html(article: dict[str, Any]) -> str:
    return _markup(marked_paragraphs(article["text"], _spans(article, "text"), _prefix(article)))


def _notes(article: dict[str, Any]) -> str:
    spans = [*_spans(article, "title"), *_spans(article, "text")]
    return _markup(notes_html(spans, _prefix(article), linked=article["text"] is not None))


def _spans(article: dict[str, Any], field: str) -> list[tuple[int, Span]]:
    return [
        (number, Span(**span | {"evidence": tuple(span["evidence"])}))
        for number, span in enumerate(article["spans"])
        if span["field"] == field
    ]


def _prefix(article: dict[str, Any]) -> str:
    return f"s{article['number']}"


def _markup(escaped: str) -> str:
    from markupsafe import Markup

    return Markup(escaped)


def _number(value: float | None, digits: int = 1) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
