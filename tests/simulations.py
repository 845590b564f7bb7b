"""Outlets whose true rates are known, to see whether intervals and calls are honest.

``python tests/simulations.py`` runs them at full length; tests run a few of each.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from slantwise.outlets import Profile, profile
from slantwise.records import LABELS
from slantwise.scores import Scores


def simulated_scores(
    rates: list[float],
    n_articles: list[int],
    random: np.random.Generator,
    *,
    vary: float = 0.8,
    per_event: int = 0,
) -> Scores:
    """Draw articles of outlets: words log-normal, each article's own rate gamma.

    Parameters
    ----------
    rates : own-voice spans per 1,000 own-voice words, one an outlet
    n_articles : articles, one an outlet
    vary : standard deviation of the articles' rates over their mean
    per_event : an outlet's articles on one event, which share what varies; 0 for no events
    """
    articles: list[dict[str, Any]] = []
    spans: list[dict[str, Any]] = []
    for number, (rate, n) in enumerate(zip(rates, n_articles, strict=True)):
        words = random.lognormal(6.2, 0.5, n).round()
        own = random.gamma(1 / vary**2, vary**2, n)
        if per_event:
            own = own[np.arange(n) // per_event]
        counts = random.poisson(rate * own * words / 1000)
        for at in range(n):
            name = f"{number}-{at}"
            event = f"{number}-{at // per_event}" if per_event else ""
            articles.append({"article_id": name, "outlet": f"o{number:02d}", "event": event,
                             "n_words": words[at], "n_outlet_words": words[at], "bias": 0.2,
                             "genre": "news", "language": "en"})  # fmt: skip
            spans += [{"article_id": name, "label": "doubt", "voice": "outlet", "valence": None,
                       "score": 0.9}] * int(counts[at])  # fmt: skip
    columns = ["article_id", "label", "voice", "valence", "score"]
    return Scores(
        pd.DataFrame(spans, columns=columns), pd.DataFrame(articles), dict.fromkeys(LABELS, 0.5)
    )


def by_outlet(found: Profile) -> pd.DataFrame:
    """Return the table in the outlets' order."""
    return found.table.sort_values("group", ignore_index=True)


def covered(n_corpora: int, seed: int, per_event: int = 0) -> dict[str, float]:
    """Return how many of 100 intervals hold the true rate, and mean squared errors."""
    random = np.random.default_rng(seed)
    held: dict[str, list[bool]] = {"density": [], "pooled": []}
    errors: dict[str, list[float]] = {"density": [], "pooled": []}
    for corpus in range(n_corpora):
        rates = random.gamma(4.0, 1.5, 10)
        n_articles = random.integers(12, 80, 10) if not per_event else random.integers(40, 160, 10)
        scores = simulated_scores(rates.tolist(), n_articles.tolist(), random, per_event=per_event)
        table = by_outlet(profile(scores, n_boot=500, random_state=corpus))
        for name in held:
            low, high = table[f"{name}_low"].to_numpy(), table[f"{name}_high"].to_numpy()
            held[name] += ((low <= rates) & (rates <= high)).tolist()
            errors[name] += ((table[name].to_numpy() - rates) ** 2).tolist()
    return {
        **{f"{name}_covered": 100 * float(np.mean(values)) for name, values in held.items()},
        **{f"{name}_mse": float(np.mean(values)) for name, values in errors.items()},
    }


def called(n_corpora: int, seed: int) -> dict[str, float]:
    """Return in how many of 100 corpora of like outlets a difference is called."""
    random = np.random.default_rng(seed)
    average, pairs = 0, 0
    for corpus in range(n_corpora):
        scores = simulated_scores([5.0] * 8, random.integers(5, 60, 8).tolist(), random)
        found = profile(scores, n_boot=2, random_state=corpus)
        average += bool((found.table["differs"] != "").any())
        pairs += bool(found.differences()["differ"].any())
    return {"average": 100 * average / n_corpora, "pairs": 100 * pairs / n_corpora}


if __name__ == "__main__":
    print("articles", covered(100, 1))  # noqa: T201
    print("events", covered(100, 2, per_event=4))  # noqa: T201
    print("like outlets", called(300, 3))  # noqa: T201
