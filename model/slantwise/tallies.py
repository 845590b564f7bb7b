"""What is counted per article: its spans, whether it is its outlet's own, its group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slantwise.errors import UsageError
from slantwise.records import LABELS, OWN_VOICES

if TYPE_CHECKING:
    import pandas as pd

    from slantwise.scores import Scores

GENRES = ("news", "opinion")
OWN, NEGATIVE, POSITIVE, OTHERS, FIRST_LABEL = range(5)  # columns of the counts


@dataclass(frozen=True, eq=False)
class Sample:
    """The articles that count, what is counted in each, and which group they are in.

    Parameters
    ----------
    articles : DataFrame, one row an article
    counts : ndarray of shape (n_articles, 4 + n_labels)
        As :func:`span_counts` returns them.
    words : ndarray of shape (n_articles,)
        In the outlet's own voice.
    events : Series of the articles' events, empty where there is none
    names : list of str, the groups
    members : list of ndarray, the rows of each group
    """

    articles: pd.DataFrame
    counts: NDArray[np.float64]
    words: NDArray[np.float64]
    events: pd.Series[str]
    names: list[str]
    members: list[NDArray[np.int64]]

    @classmethod
    def of(
        cls, articles: pd.DataFrame, counts: NDArray[np.float64], groups: pd.Series[str]
    ) -> Sample:
        """Gather articles, with their counts and their groups."""
        groups = groups.reset_index(drop=True)
        rows = groups.groupby(groups).indices
        return cls(
            articles.reset_index(drop=True),
            counts,
            articles["n_outlet_words"].to_numpy(np.float64),
            event_names(articles).reset_index(drop=True),
            [str(name) for name in rows],
            [np.asarray(here, dtype=np.int64) for here in rows.values()],
        )

    @property
    def group(self) -> NDArray[np.int64]:
        """The number of each article's group."""
        numbers = np.zeros(len(self.words), dtype=np.int64)
        for number, here in enumerate(self.members):
            numbers[here] = number
        return numbers

    def units(self, here: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give each of these articles the number of its unit; see :func:`resampled_units`."""
        return resampled_units(self.events.iloc[here])


def span_counts(
    scores: Scores, articles: pd.DataFrame, min_score: float | None = None
) -> NDArray[np.float64]:
    """Count the spans of each article.

    Returns
    -------
    ndarray of shape (n_articles, 4 + n_labels): spans in the outlet's own voice, those
    that show a target negatively, positively, spans in others' voices, and own-voice
    spans of each label
    """
    import pandas as pd

    ids = articles["article_id"]
    if ids.duplicated().any():
        twice = ids[ids.duplicated()].iloc[0]
        raise UsageError(f"several articles have the article_id {twice!r}; give each its own")
    spans = scores.counted(min_score)
    row = pd.Index(ids).get_indexer(pd.Index(spans["article_id"]))
    label = pd.Index(LABELS).get_indexer(pd.Index(spans["label"]))
    own = spans["voice"].isin(OWN_VOICES).to_numpy()
    valence = spans["valence"].astype(object).to_numpy()
    known = row >= 0
    counts = np.zeros((len(articles), FIRST_LABEL + len(LABELS)))
    for column, which in (
        (OWN, own),
        (NEGATIVE, own & (valence == "negative")),
        (POSITIVE, own & (valence == "positive")),
        (OTHERS, ~own),
    ):
        np.add.at(counts[:, column], row[which & known], 1)
    labelled = own & known & (label >= 0)
    np.add.at(counts, (row[labelled], FIRST_LABEL + label[labelled]), 1)
    return counts


def left_out(
    articles: pd.DataFrame, *, include_copies: bool = False, include_other_languages: bool = False
) -> dict[str, NDArray[np.bool_]]:
    """Tell which articles don't count as their outlet's own, by reason."""
    copied = (strings(articles, "copied_from") != "").to_numpy()
    if include_copies:
        copied = np.zeros(len(articles), dtype=bool)
    foreign = ~strings(articles, "language").isin(["", "en"]).to_numpy() & ~copied
    if include_other_languages:
        foreign[:] = False
    return {"copied": copied, "not in English": foreign}


def group_names(articles: pd.DataFrame, by: str) -> pd.Series[str]:
    """Name the group of each article."""
    if by in articles:
        groups = strings(articles, by)
    elif by == "month":
        months = strings(articles, "date").str.slice(0, 7)
        groups = months.where(months.str.fullmatch(r"\d{4}-\d{2}"), "")
    else:
        there = ", ".join(["month", *(str(name) for name in articles if name != "text")])
        raise UsageError(f"no column {by!r} to group the articles by; there are: {there}")
    return groups.where(groups != "", f"(no {by})")


def event_names(articles: pd.DataFrame) -> pd.Series[str]:
    """Name the event of each article: the user's own, or else the one that was found."""
    given = strings(articles, "event")
    return given.where(given != "", strings(articles, "event_id"))


def of_genre(articles: pd.DataFrame, genre: str) -> NDArray[np.bool_]:
    """Tell which articles are news, or opinion."""
    if genre not in GENRES:
        raise UsageError(f"no genre {genre!r}; there are {', '.join(GENRES)}")
    return np.asarray((strings(articles, "genre") == genre).to_numpy())


def on_event(articles: pd.DataFrame, event: str) -> NDArray[np.bool_]:
    """Tell which articles are on an event."""
    events = event_names(articles)
    chosen = (events == event).to_numpy()
    if chosen.any():
        return np.asarray(chosen)
    there = events[events != ""].value_counts()
    if there.empty:
        raise UsageError(f"no event {event!r}: the articles name no events")
    some = ", ".join(f"{name} ({n:,})" for name, n in there.head(10).items())
    more = f" and {len(there) - 10:,} more" if len(there) > 10 else ""
    raise UsageError(f"no article on the event {event!r}; there are: {some}{more}")


def resampled_units(events: pd.Series[str]) -> NDArray[np.int64]:
    """Give each article the number of what a bootstrap draws: its event, or itself.

    Articles are drawn one by one if they name fewer than two events.
    """
    named = events.to_numpy() != ""
    codes, names = events.factorize()
    if events[named].nunique() < 2:
        return np.arange(len(events))
    codes = np.where(named, codes, len(names) + np.arange(len(events)))
    return np.asarray(np.unique(codes, return_inverse=True)[1], dtype=np.int64)


def strings(articles: pd.DataFrame, column: str) -> pd.Series[str]:
    """Return a column as strings, empty where a value or the column is missing."""
    import pandas as pd

    if column not in articles:
        return pd.Series("", index=articles.index, dtype=object)
    values = articles[column].astype(object)
    return values.where(values.notna(), "").astype(str)
