"""Framing per outlet, or per any other group of articles, with intervals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from slantwise.errors import UsageError
from slantwise.in_words import one_line
from slantwise.intervals import densities, density_intervals
from slantwise.records import LABELS
from slantwise.tallies import (
    FIRST_LABEL,
    NEGATIVE,
    OTHERS,
    OWN,
    POSITIVE,
    group_names,
    left_out,
    on_event,
    resampled_units,
    span_counts,
    strings,
)

if TYPE_CHECKING:
    import pandas as pd

    from slantwise.scores import Scores

_TEXT_HEAD = (
    "articles", "words", "spans", "density", "95 % interval", "negative", "positive", "others’",
    "bias", "",
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Profile:
    """Framing per group of articles; shows its table in a notebook.

    Densities are own-voice spans per 1,000 own-voice words. Their 95 % intervals,
    ``_low`` to ``_high``, are empty where they can't be told, as for a single article.

    Parameters
    ----------
    by : str
        What the articles are grouped by.
    table : DataFrame, one row a group
        ``group``, ``n_articles``, ``n_units`` (what was resampled: articles, or events
        where a group covers several), ``n_words``, ``n_outlet_words``,
        ``n_outlet_spans``, ``density``, ``density_low``, ``density_high``,
        ``negative_density`` and ``positive_density`` (spans that affect a target so),
        ``others_share`` (share of spans in quotes and reported speech), ``bias`` (mean
        over articles), ``few_articles``, and the density of each label.
    labels : DataFrame, one row a group and label
        ``group``, ``label``, ``n_outlet_spans``, ``density``, ``density_low``,
        ``density_high``.
    left_out : mapping of str to int
        How many articles don't count, by reason.
    min_articles : int
        Groups with fewer are marked and stand last.
    """

    by: str
    table: pd.DataFrame
    labels: pd.DataFrame
    left_out: Mapping[str, int]
    min_articles: int

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the table needs to know."""
        notes = [
            "words, spans: in the outlet's own voice; density, negative and positive (towards "
            "a target): such spans per 1,000 such words",
            "others’: share of all spans in quotes and reported speech; bias: mean probability "
            "that a sentence is biased",
        ]
        if self.table["few_articles"].any():
            notes.append(f"few articles: fewer than {self.min_articles}")
        if self.table["density_low"].isna().any():
            notes.append("–: can't be told; an interval needs two articles that differ")
        notes += [
            f"{n:,} article{'' if n == 1 else 's'} left out: {reason}"
            for reason, n in self.left_out.items()
            if n
        ]
        return tuple(notes)

    def to_frame(self) -> pd.DataFrame:
        """Return the table, one row a group."""
        return self.table.copy()

    def to_csv(self) -> str:
        """Return the table as CSV."""
        return str(self.table.to_csv(index=False))

    def to_json(self) -> str:
        """Return everything, each label's interval included, as JSON."""
        labels: dict[str, dict[str, Any]] = {}
        for row in records(self.labels):
            labels.setdefault(row.pop("group"), {})[row.pop("label")] = row
        groups = [
            {name: cell for name, cell in row.items() if name not in LABELS}
            | {"labels": labels[row["group"]]}
            for row in records(self.table)
        ]
        content = {"by": self.by, "left_out": dict(self.left_out), "groups": groups}
        return json.dumps(content, ensure_ascii=False, indent=2)

    def __str__(self) -> str:
        """Return the table as plain text."""
        from rich.cells import cell_len

        rows = [(self.by, *_TEXT_HEAD), *map(_text_cells, records(self.table))]
        widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
        lines = []
        for name, *cells in rows:
            line = name + " " * (widths[0] - cell_len(name))
            for cell, width in zip(cells, widths[1:], strict=True):
                line += "  " + " " * (width - cell_len(cell)) + cell
            lines.append(line.rstrip())
        return "\n".join([*lines, "", *self.notes]) + "\n"

    def __repr__(self) -> str:
        """Return the table as plain text."""
        return str(self)

    def _repr_html_(self) -> str:
        names = self.table["group"].map(one_line)
        table = self.table.assign(group=names).rename(columns={"group": self.by})
        shown = table.to_html(index=False, escape=True, na_rep="–", float_format="{:.2f}".format)
        return f"{shown}\n<p>{'<br>'.join(map(escape, self.notes))}</p>"


def profile(
    scores: Scores,
    by: str = "outlet",
    *,
    event: str | None = None,
    min_score: float | None = None,
    min_articles: int = 3,
    n_boot: int = 1000,
    random_state: int = 0,
    include_other_languages: bool = False,
) -> Profile:
    """Measure framing per outlet, or per any other group of articles.

    A density is the ratio estimator (Cochran 1977, ch. 6) of own-voice spans to own-voice
    words, its interval the percentile bootstrap (Efron & Tibshirani 1993, ch. 13). Whole
    events are resampled where a group covers several, since articles on one event
    resemble each other; otherwise articles. Copied articles don't count: their words are
    not their outlet's own.

    Parameters
    ----------
    scores : Scores
    by : str
        A column of the articles, or "month".
    event : str, optional
        Only articles on this event.
    min_score : float, optional
        Least score of a span, in place of its label's operating threshold.
    min_articles : int
        Groups with fewer are marked and stand last.
    n_boot : int
        Bootstrap replicates.
    random_state : int
        Seed. The interval of a group doesn't depend on the other groups.
    include_other_languages : bool
        Whether articles in other languages than English count.

    Raises
    ------
    UsageError
        If there is no such column or event.
    """
    import pandas as pd

    if n_boot < 2:
        raise UsageError(f"n_boot is {n_boot}; a bootstrap needs 2 replicates or more")
    articles = scores.articles.reset_index(drop=True)
    groups = group_names(articles, by)
    counts = span_counts(scores, articles, min_score)
    chosen = on_event(articles, event) if event is not None else np.ones(len(articles), bool)
    missing = left_out(articles, include_other_languages=include_other_languages)
    events = strings(articles, "event")

    words = articles["n_outlet_words"].to_numpy(np.float64)
    bias = articles["bias"].astype("float64").to_numpy()
    rows, label_rows = [], []
    kept = groups[chosen & ~np.logical_or.reduce(list(missing.values()))]
    for group, members in kept.groupby(kept).indices.items():
        here = kept.index.to_numpy()[members]
        totals, units = counts[here].sum(axis=0), resampled_units(events.iloc[here])
        density = densities(totals, words[here].sum())
        low, high = density_intervals(
            counts[here], words[here], units, n_boot=n_boot, random_state=random_state
        )
        spans, known = totals[OWN] + totals[OTHERS], bias[here][~np.isnan(bias[here])]
        own = {
            "group": group,
            "n_articles": len(here),
            "n_units": int(units.max()) + 1,
            "n_words": int(articles["n_words"].iloc[here].sum()),
            "n_outlet_words": int(words[here].sum()),
            "n_outlet_spans": int(totals[OWN]),
            "density": density[OWN],
            "density_low": low[OWN],
            "density_high": high[OWN],
            "negative_density": density[NEGATIVE],
            "positive_density": density[POSITIVE],
            "others_share": totals[OTHERS] / spans if spans else np.nan,
            "bias": known.mean() if len(known) else np.nan,
            "few_articles": len(here) < min_articles,
        }
        rows.append(own | dict(zip(LABELS, density[FIRST_LABEL:], strict=True)))
        label_rows += [
            (group, label, int(totals[at]), density[at], low[at], high[at])
            for at, label in enumerate(LABELS, start=FIRST_LABEL)
        ]
    return Profile(
        by,
        _sorted(pd.DataFrame(rows, columns=[*_TABLE, *LABELS]), by),
        pd.DataFrame(label_rows, columns=list(_LABEL_TABLE)),
        {reason: int((chosen & which).sum()) for reason, which in missing.items()},
        min_articles,
    )


_TABLE = (
    "group", "n_articles", "n_units", "n_words", "n_outlet_words", "n_outlet_spans", "density",
    "density_low", "density_high", "negative_density", "positive_density", "others_share", "bias",
    "few_articles",
)  # fmt: skip
_LABEL_TABLE = ("group", "label", "n_outlet_spans", "density", "density_low", "density_high")


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as plain values, missing ones as None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): cell for name, cell in row.items()} for row in plain.to_dict("records")]


def _sorted(table: pd.DataFrame, by: str) -> pd.DataFrame:
    keys, ascending = ["few_articles", "density", "group"], [True, False, True]
    if by == "month":
        keys, ascending = ["few_articles", "group"], [True, True]
    return table.sort_values(keys, ascending=ascending, ignore_index=True)


def _text_cells(row: dict[str, Any]) -> tuple[str, ...]:
    def number(value: float | None, form: str = ".1f") -> str:
        return "–" if value is None else format(value, form)

    low, high = number(row["density_low"]), number(row["density_high"])
    return (
        one_line(row["group"]),
        f"{row['n_articles']:,}",
        f"{row['n_outlet_words']:,}",
        f"{row['n_outlet_spans']:,}",
        number(row["density"]),
        "–" if row["density_low"] is None else f"{low} to {high}",
        number(row["negative_density"]),
        number(row["positive_density"]),
        number(row["others_share"], ".0%"),
        number(row["bias"], ".2f"),
        "few articles" if row["few_articles"] else "",
    )
