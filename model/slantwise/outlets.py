"""Framing per outlet, or per any other group of articles, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slantwise.accuracy import Accuracy, known_accuracy
from slantwise.errors import UsageError
from slantwise.group_figures import (
    about_errors,
    compared_groups,
    corrected_rates,
    label_figures,
    own_figures,
)
from slantwise.profiles import Profile, records, with_interval
from slantwise.records import LABELS
from slantwise.tallies import Sample, group_names, left_out, of_genre, on_event, span_counts

if TYPE_CHECKING:
    import pandas as pd

    from slantwise.scores import Scores

__all__ = ["Profile", "profile", "records"]


def profile(
    scores: Scores,
    by: str = "outlet",
    *,
    event: str | None = None,
    genre: str | None = None,
    min_score: float | None = None,
    min_articles: int = 3,
    n_boot: int = 1000,
    random_state: int = 0,
    include_copies: bool = False,
    include_other_languages: bool = False,
    accuracy: Accuracy | None = None,
) -> Profile:
    """Measure framing per outlet, or per any other group of articles.

    Densities and their intervals are those of :mod:`slantwise.intervals`; whole events
    are resampled where a group covers several. Partial pooling and ranks are in
    :mod:`slantwise.shrinkage`, rates on equal events in :mod:`slantwise.standardising`,
    the correction for the model's errors in :mod:`slantwise.accuracy`.

    Parameters
    ----------
    scores : Scores
    by : str
        A column of the articles, or "month".
    event : str, optional
        Only articles on this event.
    genre : str, optional
        Only articles that are "news", or "opinion".
    min_score : float, optional
        Least score of a span, in place of its label's operating threshold. The model's
        errors were counted at these thresholds, so that rates aren't corrected then.
    min_articles : int
        Groups with fewer are marked, not ranked, and stand last.
    n_boot : int
        Bootstrap replicates.
    random_state : int
        Seed. The interval of a group's density doesn't depend on the other groups.
    include_copies : bool
        Whether copied articles, such as wire copy, count as their outlet's own.
    include_other_languages : bool
        Whether articles in other languages than English count.
    accuracy : Accuracy, optional
        Error counts of the model; by default those that are known of an embedded model.

    Raises
    ------
    UsageError
        If there is no such column, event or genre.
    """
    if n_boot < 2:
        raise UsageError(f"n_boot is {n_boot}; a bootstrap needs 2 replicates or more")
    articles = scores.articles.reset_index(drop=True)
    groups = group_names(articles, by)
    counts = span_counts(scores, articles, min_score)
    chosen = on_event(articles, event) if event is not None else np.ones(len(articles), bool)
    if genre is not None:
        chosen = chosen & of_genre(articles, genre)
    missing = left_out(
        articles, include_copies=include_copies, include_other_languages=include_other_languages
    )
    keep = chosen & ~np.logical_or.reduce(list(missing.values()))
    if accuracy is None and min_score is None:
        accuracy = known_accuracy(str((scores.manifest.get("model") or {}).get("hash", "")))

    sample = Sample.of(articles[keep], counts[keep], groups[keep])
    table = own_figures(sample, n_boot, random_state)
    table["few_articles"] = table["n_articles"] < min_articles
    compared = compared_groups(sample, table, random_state)
    labels = label_figures(sample, accuracy, n_boot, random_state)
    table = table.join(compared.table).join(corrected_rates(sample, accuracy, random_state))
    for label in LABELS:
        table[label] = labels.loc[labels["label"] == label, "density"].to_numpy()
    order = _order(table, by)
    return Profile(
        by,
        table.loc[order, [*_TABLE, *LABELS]].reset_index(drop=True),
        labels,
        {reason: int((chosen & which).sum()) for reason, which in missing.items()},
        min_articles,
        about_errors(accuracy, min_score),
        compared.draws[:, [at for at in order if not table.loc[at, "few_articles"]]],
    )


_TABLE = (
    "group", "n_articles", "n_units", "n_words", "n_outlet_words", "n_outlet_spans",
    *with_interval(("density", "pooled")), "rank", "rank_low", "rank_high", "differs",
    *with_interval(("standardised",)), "n_shared_events",
    *with_interval(("corrected", "negative_density", "positive_density", "others_share")),
    "news_density", "opinion_density", "opinion_share", "bias", "few_articles",
)  # fmt: skip


def _order(table: pd.DataFrame, by: str) -> list[int]:
    keys, ascending = ["few_articles", "density", "group"], [True, False, True]
    if by == "month":
        keys, ascending = ["few_articles", "group"], [True, True]
    return [int(at) for at in table.sort_values(keys, ascending=ascending).index]
