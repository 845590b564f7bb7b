"""The figures of a profile: of each group alone, and of groups beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slantwise.accuracy import ALL, MIN_GOLD, Accuracy
from slantwise.intervals import (
    PER,
    TAILS,
    Floats,
    densities,
    density_intervals,
    dispersions,
    excess,
    share_interval,
    unit_totals,
)
from slantwise.profiles import with_interval
from slantwise.records import LABELS
from slantwise.shrinkage import differs_from_average, pool_rates, pooled_dispersion, rank_groups
from slantwise.standardising import standardise
from slantwise.tallies import (
    FIRST_LABEL,
    GENRES,
    NEGATIVE,
    OTHERS,
    OWN,
    POSITIVE,
    Sample,
    of_genre,
)

if TYPE_CHECKING:
    import pandas as pd

_N_DRAWS, _LEAST_DRAWS, _CELLS = 4000, 500, 4_000_000
_JEFFREYS = 0.5
_OWN_COLUMNS = (
    "group", "n_articles", "n_units", "n_words", "n_outlet_words", "n_outlet_spans",
    *with_interval(("density", "negative_density", "positive_density", "others_share")),
    "news_density", "opinion_density", "opinion_share", "bias",
)  # fmt: skip
_LABEL_COLUMNS = (
    "group", "label", "n_outlet_spans", *with_interval(("density", "pooled", "corrected")),
    "not_corrected",
)  # fmt: skip


def own_figures(sample: Sample, n_boot: int, random_state: int) -> pd.DataFrame:
    """Return what can be told of each group by itself, one row a group."""
    import pandas as pd

    genres = {genre: of_genre(sample.articles, genre) for genre in GENRES}
    all_words = sample.articles["n_words"].to_numpy()
    bias = sample.articles["bias"].astype("float64").to_numpy()
    rows = []
    for name, here in zip(sample.names, sample.members, strict=True):
        counts, words, units = sample.counts[here], sample.words[here], sample.units(here)
        totals, known = counts.sum(axis=0), bias[here][~np.isnan(bias[here])]
        density = densities(totals, words.sum())
        kinds = [OWN, NEGATIVE, POSITIVE]
        low, high = density_intervals(
            counts[:, kinds], words, units, n_boot=n_boot, random_state=random_state
        )
        both = counts[:, OWN] + counts[:, OTHERS]
        share = totals[OTHERS] / both.sum() if both.sum() else np.nan
        row = [name, len(here), int(units.max()) + 1, int(all_words[here].sum()),
               int(words.sum()), int(totals[OWN])]  # fmt: skip
        row += [
            value for at, kind in enumerate(kinds) for value in (density[kind], low[at], high[at])
        ]
        row += [share, *share_interval(
            counts[:, OTHERS], both, units, n_boot=n_boot, random_state=random_state
        )]  # fmt: skip
        for which in genres.values():
            of_it = here[which[here]]
            spans, its_words = sample.counts[of_it, OWN].sum(), sample.words[of_it].sum()
            row.append(PER * spans / its_words if its_words else np.nan)
        row += [genres["opinion"][here].mean(), known.mean() if len(known) else np.nan]
        rows.append(row)
    return pd.DataFrame(rows, columns=list(_OWN_COLUMNS))


@dataclass(frozen=True, eq=False)
class Compared:
    """What can be told of groups beside each other only.

    Parameters
    ----------
    table : DataFrame, one row a group
    draws : ndarray of shape (n_draws, n_groups), of their pooled rates
    """

    table: pd.DataFrame
    draws: Floats


def compared_groups(sample: Sample, table: pd.DataFrame, random_state: int) -> Compared:
    """Pool the groups' rates, rank those with enough articles, and standardise."""
    import pandas as pd

    pooled = _pooled(sample, OWN, random_state)
    found = pd.DataFrame(dict(zip(with_interval(("pooled",)), pooled.bounds.T, strict=True)))
    ranked = np.flatnonzero(
        ~table["few_articles"].to_numpy(bool) & np.isfinite(pooled.bounds[:, 0])
    )
    places = np.full((len(sample.names), 3), np.nan)
    differs = np.full(len(sample.names), "", dtype=object)
    if len(ranked) > 1:
        ranks = rank_groups(pooled.draws[:, ranked])
        places[ranked] = np.column_stack([ranks.place, ranks.low, ranks.high])
        called = differs_from_average(pooled.draws[:, ranked])
        differs[ranked] = np.array(["below", "", "above"], dtype=object)[called.astype(int) + 1]
    for at, name in enumerate(("rank", "rank_low", "rank_high")):
        found[name] = places[:, at]
    found["differs"] = differs
    events = sample.events.to_numpy()
    codes = np.unique(events, return_inverse=True)[1].astype(np.int64)
    even = standardise(
        sample.group,
        np.where(events == "", -1, codes),
        sample.counts[:, OWN],
        sample.words,
        random_state=random_state,
    )
    for name, values in zip(
        (*with_interval(("standardised",)), "n_shared_events"),
        (even.rate, even.low, even.high, even.n_events),
        strict=True,
    ):
        found[name] = values
    return Compared(found, pooled.draws)


def label_figures(
    sample: Sample, accuracy: Accuracy | None, n_boot: int, random_state: int
) -> pd.DataFrame:
    """Return the figures of each label, one row a group and label."""
    import pandas as pd

    columns = [FIRST_LABEL + at for at in range(len(LABELS))]
    pooled = [_pooled(sample, column, random_state).bounds for column in columns]
    corrected = [_corrected(sample, column, label, accuracy, random_state)
                 for column, label in zip(columns, LABELS, strict=True)]  # fmt: skip
    rows = []
    for group, (name, here) in enumerate(zip(sample.names, sample.members, strict=True)):
        counts, words = sample.counts[here][:, columns], sample.words[here]
        density = densities(counts.sum(axis=0), words.sum())
        low, high = density_intervals(
            counts, words, sample.units(here), n_boot=n_boot, random_state=random_state
        )
        for at, label in enumerate(LABELS):
            why = accuracy.why_not(label) if accuracy else "the model's errors aren't known"
            rows.append(
                (name, label, int(counts[:, at].sum()), density[at], low[at], high[at],
                 *pooled[at][group], *corrected[at][group], why)
            )  # fmt: skip
    return pd.DataFrame(rows, columns=list(_LABEL_COLUMNS))


def corrected_rates(sample: Sample, accuracy: Accuracy | None, random_state: int) -> pd.DataFrame:
    """Return each group's density corrected for the model's errors, whatever the label."""
    import pandas as pd

    values = _corrected(sample, OWN, ALL, accuracy, random_state)
    return pd.DataFrame(values, columns=list(with_interval(("corrected",))))


def about_errors(accuracy: Accuracy | None, min_score: float | None) -> str:
    """Say what corrected rates rest on, or why there are none."""
    if accuracy is None and min_score is not None:
        return "not corrected for the model's errors: they were counted at its own thresholds"
    if accuracy is None:
        return "not corrected for the model's errors: none were counted for this model"
    can = [label for label in LABELS if not accuracy.why_not(label)]
    return (
        f"corrected: for the errors that the model made on {accuracy.measured_on}; labels with "
        f"{MIN_GOLD} or more marked spans there: {', '.join(can) or 'none'}"
    )


@dataclass(frozen=True, eq=False)
class _Pooled:
    bounds: Floats  # of shape (n_groups, 3): mean, low, high
    draws: Floats


def _pooled(sample: Sample, column: int, random_state: int) -> _Pooled:
    n_groups = len(sample.names)
    totals, words, variances = np.zeros(n_groups), np.zeros(n_groups), np.zeros(n_groups)
    for group, here in enumerate(sample.members):
        by_unit, unit_words = unit_totals(
            sample.counts[here][:, [column]], sample.words[here], sample.units(here)
        )
        totals[group], words[group] = by_unit.sum(), unit_words.sum()
        variances[group] = excess(by_unit, unit_words)[0]
    if n_groups < 2 or not words.sum():
        return _Pooled(np.full((n_groups, 3), np.nan), np.zeros((_N_DRAWS, n_groups)))
    n_draws = min(_N_DRAWS, max(_LEAST_DRAWS, _CELLS // n_groups))
    rates = pool_rates(
        totals, words, pooled_dispersion(variances, totals), n_draws=n_draws,
        random_state=random_state,
    )  # fmt: skip
    bounds = np.column_stack([rates.mean, rates.low, rates.high])
    bounds[words == 0] = np.nan
    return _Pooled(bounds, rates.draws)


def _corrected(
    sample: Sample, column: int, label: str, accuracy: Accuracy | None, random_state: int
) -> NDArray[np.float64]:
    """Return rates of shape (n_groups, 3) times precision over recall, with intervals.

    Of the rate and of the model's errors, draws are multiplied, so that the interval tells
    of both. A rate is gamma distributed, its count divided by its dispersion, with
    Jeffreys' prior.
    """
    values = np.full((len(sample.names), 3), np.nan)
    if accuracy is None or accuracy.why_not(label):
        return values
    random = np.random.default_rng([random_state, column])
    factor = accuracy.counts[label].draws(_N_DRAWS, random)
    for group, here in enumerate(sample.members):
        by_unit, unit_words = unit_totals(
            sample.counts[here][:, [column]], sample.words[here], sample.units(here)
        )
        total, words = by_unit.sum(), unit_words.sum()
        if not words:
            continue
        dispersion = dispersions(by_unit, unit_words)[0]
        rate = random.standard_gamma(total / dispersion + _JEFFREYS, _N_DRAWS)
        draws = PER * dispersion / words * rate * factor
        values[group, 0] = PER * total / words * float(np.median(factor))
        if len(by_unit) > 1:
            values[group, 1:] = np.quantile(draws, TAILS)
    return values
