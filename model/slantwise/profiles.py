"""A profile: the tables of framing per group, and how they are shown and written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from slantwise.errors import UsageError
from slantwise.in_words import one_line
from slantwise.intervals import Floats
from slantwise.records import LABELS
from slantwise.shrinkage import pairs_of

if TYPE_CHECKING:
    import pandas as pd

_TEXT_HEAD = (
    "articles", "words", "spans", "density", "95 % interval", "pooled", "95 % interval", "rank",
    "negative", "positive", "others’", "",
)  # fmt: skip
_MOST_COMPARED = 60  # groups; their pairs are 1,770
_WITH_INTERVAL = ("density", "pooled", "standardised", "corrected", "negative_density",
                  "positive_density", "others_share")  # fmt: skip
NO_DRAWS = np.zeros((0, 0))


@dataclass(frozen=True, eq=False, repr=False)
class Profile:
    """Framing per group of articles; shows its table in a notebook.

    Densities are own-voice spans per 1,000 own-voice words. 95 % intervals reach from
    ``_low`` to ``_high`` and are empty where they can't be told, as for a single article.

    Parameters
    ----------
    by : str
        What the articles are grouped by.
    table : DataFrame, one row a group
        ``group``, ``n_articles``, ``n_units`` (what was resampled: articles, or events
        where a group covers several), ``n_words``, ``n_outlet_words``,
        ``n_outlet_spans``; with their intervals ``density``, ``pooled`` (the density in
        the light of all groups), ``standardised`` (on equal events; ``n_shared_events``
        of them), ``corrected`` (for the model's errors), ``negative_density`` and
        ``positive_density`` (spans that affect a target so), ``others_share`` (share of
        spans in quotes and reported speech); ``rank`` with ``rank_low`` and
        ``rank_high``, of groups with enough articles; ``differs`` (``above`` or ``below``
        the average of these, or empty); ``news_density``, ``opinion_density``,
        ``opinion_share`` (of articles), ``bias`` (mean over articles), ``few_articles``,
        and the density of each label.
    labels : DataFrame, one row a group and label
        ``group``, ``label``, ``n_outlet_spans``; with their intervals ``density``,
        ``pooled``, ``corrected``; ``not_corrected`` says why a rate isn't.
    left_out : mapping of str to int
        How many articles don't count, by reason.
    min_articles : int
        Groups with fewer are marked, not ranked, and stand last.
    model_errors : str
        What the correction rests on, or why there is none.
    draws : ndarray of shape (n_draws, n_ranked)
        Draws of the pooled rates of the groups that are ranked, in their order.
    """

    by: str
    table: pd.DataFrame
    labels: pd.DataFrame
    left_out: Mapping[str, int]
    min_articles: int
    model_errors: str = ""
    draws: Floats = field(default_factory=lambda: NO_DRAWS)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the table needs to know."""
        notes = [
            "words, spans: in the outlet's own voice; density, negative and positive (towards "
            "a target): such spans per 1,000 such words",
            "pooled: the density in the light of all groups, the more so the fewer the articles; "
            "rank: by it, with its 95 % interval",
            "others’: share of all spans in quotes and reported speech",
        ]
        if self.table["few_articles"].any():
            notes.append(f"few articles: fewer than {self.min_articles}, so not ranked")
        if self.table["density_low"].isna().any():
            notes.append("–: can't be told; an interval needs two articles")
        if differing := self._differing():
            notes.append(f"differs from the average of the ranked groups: {differing}")
        elif self.table["rank"].notna().sum() > 1:
            notes.append("no group differs from the average of all by more than chance")
        if self.model_errors:
            notes.append(self.model_errors)
        notes += [
            f"{n:,} article{'' if n == 1 else 's'} left out: {reason}"
            for reason, n in self.left_out.items()
            if n
        ]
        return tuple(notes)

    def differences(self) -> pd.DataFrame:
        """Compare every two ranked groups, all pairs at once.

        Returns
        -------
        DataFrame, one row a pair: ``group``, ``other``, ``ratio`` of their pooled
        densities with its simultaneous 95 % interval ``ratio_low`` to ``ratio_high``, and
        whether they ``differ``; the surest difference first

        Raises
        ------
        UsageError
            If there are too many groups for their pairs to be read.
        """
        import pandas as pd

        names = self.table.loc[self.table["rank"].notna(), "group"].to_numpy()
        if len(names) > _MOST_COMPARED:
            raise UsageError(
                f"{len(names)} groups make {len(names) * (len(names) - 1) // 2:,} pairs; "
                f"compare {_MOST_COMPARED} groups or fewer"
            )
        columns = ["group", "other", "ratio", "ratio_low", "ratio_high", "differ"]
        if len(names) < 2:
            return pd.DataFrame(columns=columns)
        pairs = pairs_of(self.draws)
        found = pd.DataFrame(
            {
                "group": names[pairs.first],
                "other": names[pairs.second],
                "ratio": pairs.ratio,
                "ratio_low": pairs.low,
                "ratio_high": pairs.high,
                "differ": pairs.differ,
            }
        )
        sureness = np.abs(np.log(pairs.ratio)) / np.log(pairs.high / pairs.low)
        return found.iloc[np.argsort(-sureness, kind="stable")].reset_index(drop=True)

    def to_frame(self) -> pd.DataFrame:
        """Return the table, one row a group."""
        return self.table.copy()

    def to_csv(self) -> str:
        """Return the table as CSV; a name that a spreadsheet would run is made a text."""
        from slantwise.spreadsheets import as_csv

        return as_csv(self.table)

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
        content = {
            "by": self.by,
            "min_articles": self.min_articles,
            "left_out": dict(self.left_out),
            "model_errors": self.model_errors,
            "groups": groups,
        }
        return json.dumps(content, ensure_ascii=False, indent=2)

    def plot(self, quantity: str = "density", *, label: str | None = None) -> Any:
        """Plot each group's figure with its interval; needs matplotlib.

        Parameters
        ----------
        quantity : str
            One with an interval, such as ``density``, ``pooled`` or ``standardised``.
        label : str, optional
            Of one label alone: ``density``, ``pooled`` or ``corrected``.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from slantwise.plots import plot_profile

        return plot_profile(self, quantity, label=label)

    def plot_labels(self) -> Any:
        """Plot the density of each label in each group; needs matplotlib.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from slantwise.plots import plot_labels

        return plot_labels(self)

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
        cells = [
            "".join(f"<td>{escape(cell)}</td>" for cell in row)
            for row in map(_text_cells, records(self.table))
        ]
        head = "".join(f"<th>{escape(name)}</th>" for name in (self.by, *_TEXT_HEAD))
        body = "".join(f"<tr>{row}</tr>\n" for row in cells)
        notes = "<br>".join(map(escape, self.notes))
        return (
            f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"
            f"<p>{notes}</p>"
        )

    def _differing(self) -> str:
        rows = records(self.table[self.table["differs"] != ""])
        return "; ".join(f"{one_line(row['group'])} {row['differs']}" for row in rows)


def with_interval(names: tuple[str, ...] = _WITH_INTERVAL) -> tuple[str, ...]:
    """Name the quantities of a profile and the bounds of their intervals."""
    return tuple(name + end for name in names for end in ("", "_low", "_high"))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as plain values, missing ones as None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): cell for name, cell in row.items()} for row in plain.to_dict("records")]


def _text_cells(row: dict[str, Any]) -> tuple[str, ...]:
    def number(value: float | None, form: str = ".1f") -> str:
        return "–" if value is None else format(value, form)

    def interval(name: str, form: str = ".1f") -> str:
        low, high = row[f"{name}_low"], row[f"{name}_high"]
        return "–" if low is None else f"{low:{form}} to {high:{form}}"

    return (
        one_line(row["group"]),
        f"{row['n_articles']:,}",
        f"{row['n_outlet_words']:,}",
        f"{row['n_outlet_spans']:,}",
        number(row["density"]),
        interval("density"),
        number(row["pooled"]),
        interval("pooled"),
        "–" if row["rank"] is None else f"{row['rank']:.0f} ({interval('rank', '.0f')})",
        number(row["negative_density"]),
        number(row["positive_density"]),
        number(row["others_share"], ".0%"),
        "few articles" if row["few_articles"] else "",
    )
