"""What a report says, as one plain dictionary that could be written as JSON."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from slantwise.in_words import one_line
from slantwise.intervals import PER
from slantwise.outlets import profile, records
from slantwise.records import LABELS, OWN_VOICES, VALENCES
from slantwise.report_articles import article_groups, date_range
from slantwise.scheme import SCHEME
from slantwise.tallies import event_names, group_names, left_out, strings

if TYPE_CHECKING:
    import pandas as pd

    from slantwise.scores import Scores

MOST_OUTLETS = 40  # rows that a reader can still compare
MOST_TARGETS = 5
MOST_ARTICLES = 1000  # with their text


def report_data(
    scores: Scores,
    *,
    title: str | None = None,
    max_articles: int = MOST_ARTICLES,
    min_score: float | None = None,
) -> dict[str, Any]:
    """Gather what a report says.

    Parameters
    ----------
    scores : Scores
    title : str, optional
    max_articles : int
        Articles shown with their text, evenly many of each outlet.
    min_score : float, optional
        Least score of a span, in place of its label's operating threshold.

    Returns
    -------
    dict of plain values: ``title``, ``model``, ``thresholds``, ``figures``, ``labels``,
    ``axis``, ``outlets``, ``targets``, ``events``, ``shown``
    """
    articles = scores.articles.reset_index(drop=True)
    found = profile(scores, min_score=min_score)
    by_size = found.table.sort_values("n_articles", ascending=False, kind="stable")
    biggest = set(by_size["group"].head(MOST_OUTLETS))
    outlets = [row for row in records(found.table) if row["group"] in biggest]
    intervals = {(row["group"], row["label"]): row for row in records(found.labels)}
    top = max((row["density"] for row in intervals.values() if row["density"]), default=0.0)
    for row in outlets:
        row["labels"] = [
            {
                "label": label,
                **{key: intervals[row["group"], label][key] for key in _INTERVAL},
                "share": (intervals[row["group"], label]["density"] or 0.0) / (top or 1.0),
            }
            for label in LABELS
        ]
    spans = scores.counted(min_score)
    events = article_groups(articles, spans, found.table["group"].tolist(), max_articles)
    manifest_model = scores.manifest.get("model") or {}
    data: dict[str, Any] = {
        "model": {key: str(manifest_model.get(key) or "") for key in ("name", "hash")},
        "min_score": min_score,
        "thresholds": {
            label: float(scores.thresholds[label] if min_score is None else min_score)
            for label in LABELS
            if min_score is not None or label in scores.thresholds
        },
        "figures": _figures(articles, spans, found.table, found.left_out),
        "labels": [{"label": label, "what": SCHEME[label].what} for label in LABELS],
        "axis": _axis(outlets),
        "outlets": outlets,
        "differing": [row for row in outlets if row["differs"]],
        "model_errors": found.model_errors,
        "outlets_left_out": len(found.table) - len(outlets),
        "outlet_names": sorted({one["outlet"] for event in events for one in event["articles"]}),
        "targets": _targets(articles, spans, [row["group"] for row in outlets]),
        "events": events,
        "shown": {"articles": sum(len(e["articles"]) for e in events), "of": len(articles)},
        "has_text": "text" in articles and bool(articles["text"].notna().any()),
    }
    data["title"] = title or _title(data["figures"])
    return data


_INTERVAL = ("n_outlet_spans", "density", "density_low", "density_high")


def _figures(
    articles: pd.DataFrame, spans: pd.DataFrame, table: pd.DataFrame, missing: Mapping[str, int]
) -> dict[str, Any]:
    words, own = int(table["n_outlet_words"].sum()), int(table["n_outlet_spans"].sum())
    events = event_names(articles)
    return {
        "articles": len(articles),
        "outlets": int(group_names(articles, "outlet").nunique()),
        "events": int(events[events != ""].nunique()),
        "spans": len(spans),
        "own_spans": int(spans["voice"].isin(OWN_VOICES).sum()),
        "words": int(articles["n_words"].sum()),
        "outlet_words": words,
        "density": PER * own / words if words else None,
        "dates": date_range(strings(articles, "date")),
        "left_out": dict(missing),
        "min_articles": 3,
        "few": bool(table["few_articles"].any()),
    }


def _title(figures: Mapping[str, Any]) -> str:
    outlets = figures["outlets"]
    return (
        "How one outlet words the news"
        if outlets == 1
        else f"How {outlets:,} outlets word the news"
    )


def _axis(outlets: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Choose round ticks that reach beyond the densities and intervals of the outlets."""
    sure = [row for row in outlets if not row["few_articles"]] or outlets
    reach = max((row["density_high"] or row["density"] or 0.0 for row in sure), default=0.0)
    reach = max([reach, 1.0, *(row["density"] or 0.0 for row in outlets)])
    power = 10 ** math.floor(math.log10(reach))
    step = next(s * power for s in (0.2, 0.5, 1.0, 2.0) if 6 * s * power >= reach)
    ticks = [round(step * n, 6) for n in range(math.ceil(reach / step) + 1)]
    return {"max": ticks[-1], "ticks": ticks}


def _targets(
    articles: pd.DataFrame, spans: pd.DataFrame, outlets: Sequence[str]
) -> list[dict[str, Any]]:
    """Count whom each outlet's own words show in a bad and in a good light."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    groups = dict(zip(articles["article_id"], group_names(articles, "outlet"), strict=True))
    apart = {
        article_id
        for which in left_out(articles).values()
        for article_id in articles["article_id"][which]
    }
    own = spans[spans["voice"].isin(OWN_VOICES) & ~spans["article_id"].isin(apart)]
    names = strings(own, "actor").where(strings(own, "actor") != "", strings(own, "target"))
    for article_id, name, valence in zip(
        own["article_id"], names, strings(own, "valence"), strict=True
    ):
        if name and valence in VALENCES and article_id in groups:
            counts[groups[article_id], valence][one_line(name)] += 1
    most = max((max(counter.values()) for counter in counts.values()), default=1)
    return [
        {"outlet": outlet}
        | {
            valence: [
                {"target": name, "n": n, "share": n / most}
                for name, n in sorted(
                    counts[outlet, valence].items(), key=lambda pair: (-pair[1], pair[0])
                )[:MOST_TARGETS]
            ]
            for valence in VALENCES
        }
        for outlet in outlets
        if counts[outlet, "negative"] or counts[outlet, "positive"]
    ]
