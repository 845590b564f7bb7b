"""The articles of a report: which ones are shown, grouped by event, with their spans."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from slantwise.in_words import one_line
from slantwise.intervals import PER
from slantwise.outlets import records
from slantwise.records import OWN_VOICES, Span
from slantwise.tallies import event_names, group_names, strings

if TYPE_CHECKING:
    import pandas as pd

_FROM_ARTICLE = ("n_words", "n_outlet_words", "bias", "genre", "genre_score", "event")
_MOST_WORDS = 12  # of an outlet on an event
_MOST_BYTES = 9_000_000
_BYTES_A_SPAN, _BYTES_AN_ARTICLE = 420, 1800  # of HTML around the text, measured
_SPAN_FIELDS = tuple(field.name for field in fields(Span))
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def article_groups(
    articles: pd.DataFrame, spans: pd.DataFrame, outlets: Sequence[str], most: int
) -> list[dict[str, Any]]:
    """Gather the articles to show, by event.

    Parameters
    ----------
    articles : DataFrame
    spans : DataFrame
        Those that count.
    outlets : sequence of str
        The order of the articles on an event.
    most : int
        Articles to show, evenly many of each outlet, spread evenly over time.

    Returns
    -------
    list of dict with ``event`` (None for articles alone on theirs), ``name`` (the
    user's, or the first title), ``dates``, ``wording`` (loaded words of each outlet,
    where there are several), ``articles``; in order of time
    """
    names = group_names(articles, "outlet")
    chosen = _affordable(articles, spans, names, most)
    place = {outlet: at for at, outlet in enumerate(outlets)}
    rows = articles.loc[chosen].assign(
        outlet=names[chosen], event_key=event_names(articles)[chosen]
    )
    of_article = defaultdict(list)
    for span in records(spans[spans["article_id"].isin(rows["article_id"])]):
        of_article[span["article_id"]].append(_as_span(span))

    on_event: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in records(rows):
        found = sorted(of_article[row["article_id"]], key=_by_place)
        on_event[row["event_key"]].append(_article(row, found))
    alone = [on_event.pop(event)[0] for event in list(on_event) if len(on_event[event]) == 1]
    alone += on_event.pop("", [])
    groups = [_group(event, found) for event, found in on_event.items()]
    groups.sort(key=lambda group: (group["first"], group["event"]))
    if alone:
        groups.append(_group(None, alone))
    number = 0
    for group in groups:
        group["articles"].sort(
            key=lambda one: (place.get(one["outlet"], len(place)), one["outlet"], one["date"])
        )
        group["wording"] = wording(group["articles"]) if group["event"] is not None else []
        for article in group["articles"]:
            article["number"] = number
            number += 1
    return groups


def plain_date(value: str) -> str:
    """Write an ISO date for readers; anything else as it is.

    >>> plain_date("2031-03-13T08:00:00Z")
    '13 March 2031'
    """
    try:
        day = date.fromisoformat(value[:10])
    except ValueError:
        return one_line(value)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def date_range(values: Iterable[str]) -> str:
    """Write the first and the last of some ISO dates for readers.

    >>> date_range(["2031-03-14", "", "2031-03-13"])
    '13 to 14 March 2031'
    """
    known = sorted(value for value in values if value)
    if not known:
        return ""
    first, last = plain_date(known[0]), plain_date(known[-1])
    if first == last:
        return first
    start, end = first.split(), last.split()
    while len(start) > 1 and start[-1] == end[-1]:  # the same year and month are said once
        start.pop(), end.pop()
    return f"{' '.join(start)} to {last}"


def safe_url(url: str) -> str | None:
    """Return a URL that may be linked to, or None.

    >>> safe_url("https://example.org/a"), safe_url("javascript:alert(1)")
    ('https://example.org/a', None)
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else None


def strokes(article: Mapping[str, Any]) -> list[dict[str, str]]:
    """Draw where the spans of a text stand, on a strip that is 100 wide and 16 high.

    Those of one label and voice are one path; the outlet's own are taller.
    """
    paths: dict[tuple[str, str], str] = defaultdict(str)
    for span in article["spans"]:
        if span["field"] == "text":
            at = round(100 * span["start"] / (len(article["text"]) or 1), 1)
            tall = span["voice"] in OWN_VOICES
            paths[span["label"], span["voice"]] += f"M{at:g} {'1v14' if tall else '5v6'}"
    return [
        {"label": label, "voice": voice, "path": path} for (label, voice), path in paths.items()
    ]


def wording(articles: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Gather the loaded words of each outlet, its own and others', most frequent first.

    Returns
    -------
    list of dict with ``outlet``, ``own``, ``others`` (dict with ``text``, ``label``,
    ``n``), ``own_more``, ``others_more``; empty unless there are two outlets or more
    """
    counts: dict[str, dict[str, Counter[tuple[str, str]]]] = {}
    for article in articles:
        here = counts.setdefault(article["outlet"], {"own": Counter(), "others": Counter()})
        for span in article["spans"]:
            whose = "own" if span["voice"] in OWN_VOICES else "others"
            here[whose][one_line(span["text"]).casefold(), span["label"]] += 1
    if len(counts) < 2:
        return []
    rows = []
    for outlet, here in counts.items():
        row: dict[str, Any] = {"outlet": outlet}
        for whose, words in here.items():
            frequent = sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_WORDS]
            row[whose] = [{"text": text, "label": label, "n": n} for (text, label), n in frequent]
            row[f"{whose}_more"] = len(words) - len(frequent)
        rows.append(row)
    return rows


def _affordable(
    articles: pd.DataFrame, spans: pd.DataFrame, names: pd.Series[str], most: int
) -> list[int]:
    """Choose as many articles as a page holds that still opens at once."""
    per_article = spans.groupby("article_id").size()
    of_spans = articles["article_id"].map(per_article).fillna(0).to_numpy()
    of_text = strings(articles, "text").map(lambda text: len(text.encode("utf-8", "replace")))
    cost = of_text.to_numpy() + _BYTES_A_SPAN * of_spans + _BYTES_AN_ARTICLE
    chosen = _evenly(articles, names, most)
    while len(chosen) > 1 and (bytes_ := cost[chosen].sum()) > _MOST_BYTES:
        most = min(len(chosen) - 1, int(len(chosen) * _MOST_BYTES / bytes_))
        chosen = _evenly(articles, names, max(most, 1))
    return chosen


def _evenly(articles: pd.DataFrame, names: pd.Series[str], most: int) -> list[int]:
    """Choose rows: as many of each outlet where there are enough, spread over its dates."""
    dates, ids = strings(articles, "date"), strings(articles, "article_id")
    rows: dict[str, list[int]] = defaultdict(list)
    for _, _, outlet, row in sorted(zip(dates, ids, names, range(len(articles)), strict=True)):
        rows[outlet].append(row)
    chosen: list[int] = []
    waiting = sorted(rows.values(), key=len)
    for done, here in enumerate(waiting):
        share = (most - len(chosen)) // (len(waiting) - done)  # what small outlets leave, too
        take = min(share, len(here))
        chosen += [here[n * len(here) // take] for n in range(take)]
    return sorted(chosen)


def _group(event: str | None, articles: list[dict[str, Any]]) -> dict[str, Any]:
    dates = [article["date"] for article in articles]
    titles = [one["title"] for one in sorted(articles, key=lambda one: one["date"]) if one["title"]]
    given = articles[0]["event"]  # the user's own name; one that was found names nothing
    return {
        "event": event,
        "name": given or (titles[0] if titles else event),
        "first": min((day for day in dates if day), default=""),
        "dates": date_range(dates),
        "articles": articles,
    }


def _article(row: Mapping[str, Any], spans: list[dict[str, Any]]) -> dict[str, Any]:
    own = sum(span["voice"] in OWN_VOICES for span in spans)
    words = row["n_outlet_words"]
    return {
        "article_id": row["article_id"],
        "outlet": row["outlet"],
        "date": row.get("date") or "",
        "day": plain_date(row.get("date") or ""),
        "title": row.get("title") or "",
        "href": safe_url(row.get("url") or ""),
        **{name: row.get(name) for name in _FROM_ARTICLE},
        "own": own,
        "others": len(spans) - own,
        "density": PER * own / words if words else None,
        "language": row.get("language") or "en",
        "copied_from": row.get("copied_from"),
        "text": row.get("text"),
        "spans": spans,
    }


def _as_span(row: Mapping[str, Any]) -> dict[str, Any]:
    evidence = row["evidence"]
    reasons = [] if evidence is None else [str(reason) for reason in evidence]
    return {name: row[name] for name in _SPAN_FIELDS} | {"evidence": reasons}


def _by_place(span: Mapping[str, Any]) -> tuple[bool, int]:
    return span["field"] != "title", span["start"]
