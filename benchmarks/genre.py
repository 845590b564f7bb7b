"""Genre: news or opinion, told by the body alone, in outlets that were not trained on.

What is opinion is read off the address and the title of an article, so only outlets that
mark their opinion there are measured. A classifier over the word types of an embedded model
is fitted in each fold on other outlets; with --test on --data alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.common import Metrics, Run, main_of, parser_of
from slantwise.errors import InputError
from slantwise.metrics import Floats, f1_of, mean_of, with_intervals
from slantwise.text import tokenize
from slantwise.training.bias import SentenceBias
from slantwise.training.folds import outlet_folds
from slantwise.training.recipe import says_opinion

_FOLDS = 5
_FEWEST = 10  # articles of either genre in an outlet that marks its opinion
_MOST = 300  # articles of a genre that one outlet may add
_WORDS = 600  # the opening of an article shows its genre
_STRENGTH = 0.003


@dataclass(frozen=True)
class Bodies:
    """The openings of articles, with outlet and genre."""

    texts: list[str]
    outlets: list[str]
    is_opinion: NDArray[np.bool_]

    def at(self, rows: NDArray[np.int64]) -> Bodies:
        """Return some of them."""
        return Bodies(
            [self.texts[row] for row in rows],
            [self.outlets[row] for row in rows],
            self.is_opinion[rows],
        )


def figures(run: Run) -> Metrics:
    """Measure in folds of outlets, or on --test."""
    bodies = read_bodies(run.data)
    if run.test is None:
        fold = outlet_folds(bodies.outlets, _FOLDS)
        called = np.zeros(len(fold), dtype=bool)
        for number in range(_FOLDS):
            seen, unseen = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
            if len(unseen):
                called[unseen] = predicted(run, bodies.at(seen), bodies.at(unseen))
        measured = bodies
    else:
        measured = read_bodies(run.test)
        called = predicted(run, bodies, measured)
    run.write(
        "genre.jsonl",
        (
            {"outlet": outlet, "opinion": bool(truth), "predicted": bool(found)}
            for outlet, truth, found in zip(
                measured.outlets, measured.is_opinion, called, strict=True
            )
        ),
    )
    truth = measured.is_opinion

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
    metrics["n_outlets"] = len(set(measured.outlets))
    return metrics


def predicted(run: Run, seen: Bodies, unseen: Bodies) -> NDArray[np.bool_]:
    """Fit to some articles and call others opinion or not."""
    classifier = SentenceBias(run.model.vocabulary, C=_STRENGTH)
    classifier.fit(seen.texts, seen.is_opinion.astype(np.int64))
    return np.asarray(classifier.decision_function(unseen.texts) > 0)


def read_bodies(path: Path) -> Bodies:
    """Read the articles of outlets that mark their opinion, no outlet with too many.

    Raises
    ------
    InputError
        If no outlet marks enough of its articles.
    """
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if not files:
        raise InputError(f"{path}: no Parquet file in it")
    rows = pq.read_table(files[0], columns=["text", "title", "url", "outlet"]).to_pylist()
    by_outlet: dict[str, dict[bool, list[str]]] = {}
    for row in rows:
        if row["text"] and row["url"]:
            genre = says_opinion(row["url"], row["title"] or "")
            here = by_outlet.setdefault(row["outlet"], {False: [], True: []})[genre]
            if len(here) < _MOST:
                here.append(row["text"])
    chosen = [
        (opening(text), outlet, genre)
        for outlet, genres in by_outlet.items()
        if min(map(len, genres.values())) >= _FEWEST
        for genre, texts in genres.items()
        for text in texts
    ]
    if not chosen:
        raise InputError(f"{files[0]}: no outlet marks {_FEWEST} opinion pieces in its addresses")
    texts, outlets, genres = zip(*chosen, strict=True)
    return Bodies(list(texts), list(outlets), np.array(genres, dtype=bool))


def opening(text: str) -> str:
    """Return the first words of a text."""
    tokens = tokenize(text)
    return text[: int(tokens.end[:_WORDS][-1])] if len(tokens) else ""


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``python -m benchmarks.genre``."""
    return main_of("genre", parser_of("genre", __doc__ or ""), figures, argv)


if __name__ == "__main__":
    raise SystemExit(main())
