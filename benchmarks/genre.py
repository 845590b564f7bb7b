"""Genre: news or opinion, told by the body alone, in outlets that were not trained on.

What an article is, is read off its address and title, and only where these say so clearly on
either side: a section such as /opinion/ or /columnists/ marks opinion, one such as /world/ or
/politics/ news; "Opinion:" in a title marks opinion where the address says nothing. What says
neither (most addresses), or both, is left out, and so are blogs, magazines, films and articles
with a passage in a framing test set. An outlet is what publishes under one site, whatever names
a corpus gives it. Measured are outlets that mark five or more articles of either genre, with as
many of the one as of the other, 300 at most: so the outlet gives nothing away, and guessing
would get half of them right.

The genre part of the model is fitted as for the embedded file, in each of five folds of
outlets on the other outlets; with --test, on the outlets of --data that --test lacks.
Calibration and with it the threshold come from the outlets fitted on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import Metrics, Run, main_of, parser_of
from slantwise.errors import InputError
from slantwise.metrics import Floats, f1_of, mean_of, with_intervals
from slantwise.training.folds import outlet_folds
from slantwise.training.genre import fit_genre
from slantwise.training.marked import MarkedTexts, read_marked

_FOLDS = 5


def figures(run: Run) -> Metrics:
    """Measure in folds of outlets, or on --test."""
    marked = read_marked(corpus_of(run.data))
    if run.test is None:
        measured, odds = marked, out_of_fold(run, marked)
    else:
        measured = read_marked(corpus_of(run.test))
        unseen = set(measured.sites)
        rows = np.flatnonzero([site not in unseen for site in marked.sites])
        odds = log_odds(run, marked.at(rows), measured)
    called, truth = odds > 0, measured.is_opinion
    run.write(
        "genre.jsonl",
        (
            {"outlet": outlet, "opinion": bool(is_opinion), "log_odds": round(float(odd), 4)}
            for outlet, is_opinion, odd in zip(measured.sites, truth, odds, strict=True)
        ),
    )

    def of_rows(weights: Floats) -> dict[str, Floats]:
        f1s = {
            name: f1_of(
                weights @ ((truth == value) & (called == value)),
                weights @ (called == value),
                weights @ (truth == value),
            )
            for name, value in (("opinion_f1", True), ("news_f1", False))
        }
        return {"macro_f1": mean_of(list(f1s.values())), **f1s}

    metrics: Metrics = with_intervals(len(truth), of_rows)
    metrics["n_articles"], metrics["n_opinion"] = len(truth), int(truth.sum())
    metrics["n_outlets"] = len(set(measured.sites))
    return metrics


def out_of_fold(run: Run, marked: MarkedTexts) -> NDArray[np.float64]:
    """Return the log odds of each article, fitted on the outlets of the other folds."""
    fold = outlet_folds(marked.sites, _FOLDS)
    odds = np.zeros(len(fold))
    for number in np.unique(fold):
        unseen = np.flatnonzero(fold == number)
        odds[unseen] = log_odds(run, marked.at(np.flatnonzero(fold != number)), marked.at(unseen))
    return odds


def log_odds(run: Run, seen: MarkedTexts, unseen: MarkedTexts) -> NDArray[np.float64]:
    """Fit to some articles and return the log odds that others are opinion.

    Raises
    ------
    InputError
        If nothing is left to fit to.
    """
    if not seen.sites:
        raise InputError(
            "genre is measured on outlets that were not trained on: two outlets or more must "
            f"mark both genres; here {', '.join(sorted(set(unseen.sites)))} alone does"
        )
    vocabulary = run.model.vocabulary
    return fit_genre(vocabulary, seen).log_odds(vocabulary, unseen.texts)


def corpus_of(path: Path) -> Path:
    """Return the Parquet file that a path names or that lies in the folder it names.

    Raises
    ------
    InputError
        If there is none.
    """
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if not files:
        raise InputError(f"{path}: no Parquet file in it")
    return files[0]


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``python -m benchmarks.genre``."""
    return main_of("genre", parser_of("genre", __doc__ or ""), figures, argv)


if __name__ == "__main__":
    raise SystemExit(main())
