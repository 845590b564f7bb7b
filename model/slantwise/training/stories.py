"""Learning what tells the articles on one story, without labels.

``python -m slantwise.training.stories --data CORPORA --output model/slantwise/data/stories.npz``
counts in how many articles words and pairs of words occur, and fits the pair model: of
articles that look alike and come from days drawn at random, those of the same day mostly
tell the same story, those of other days another. The dates are the only teacher, and
what is learned doesn't see them.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from slantwise.events import with_crowding
from slantwise.likeness import Likeness, crowding, neighbours
from slantwise.records import Article
from slantwise.sketches import Rarities, Sketch, sketch

logger = logging.getLogger(__name__)

_LEAST = {"word": 12, "pair": 60}  # articles that a word or a pair must occur in to be listed
_DAYS = 330  # drawn for the pair model
_STRENGTH = 1.0  # inverse of the ridge penalty


def read_articles(path: Path) -> Iterator[Article]:
    """Yield the articles that no measured passage comes from."""
    columns = ["article_id", "outlet", "date", "title", "text", "measured"]
    for batch in pq.ParquetFile(path).iter_batches(columns=columns, batch_size=512):
        for row in batch.to_pylist():
            if not row["measured"] and row["text"]:
                yield Article(
                    row["text"],
                    article_id=row["article_id"],
                    outlet=row["outlet"] or "",
                    date=row["date"] or "",
                    title=row["title"] or "",
                )


def count_rarity(sketches: Sequence[Sketch]) -> dict[str, NDArray[Any]]:
    """Count in how many articles words and pairs occur; return the table's arrays."""
    table: dict[str, NDArray[Any]] = {}
    for name, fields in (
        ("word", [np.union1d(one.words, one.title) for one in sketches]),
        ("pair", [one.pairs for one in sketches]),
    ):
        hashes, counts = _counted(fields, _LEAST[name])
        levels = np.round(10 * np.log(len(sketches) / counts))
        table[f"{name}_hashes"], table[f"{name}_levels"] = hashes, levels.astype(np.uint8)
        table[f"{name}_unknown"] = np.array(np.log(len(sketches) / _LEAST[name]), np.float32)
    return table


def _counted(
    fields: Sequence[NDArray[np.uint32]], least: int
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Count hashes piece by piece of the range of hashes, so that memory stays bounded."""
    kept: list[tuple[NDArray[np.uint32], NDArray[np.int64]]] = []
    edges = np.linspace(0, 2**32, 17)
    for low, high in pairwise(edges):
        pieces = [one[slice(*np.searchsorted(one, (low, high)))] for one in fields]
        hashes, counts = np.unique(np.concatenate(pieces), return_counts=True)
        kept.append((hashes[counts >= least], counts[counts >= least]))
    return np.concatenate([h for h, _ in kept]), np.concatenate([c for _, c in kept])


def fit_pairs(
    sketches: Sequence[Sketch], rarity: Rarities, random_state: int = 0
) -> dict[str, NDArray[Any]]:
    """Fit the pair model to the articles of days drawn at random."""
    from sklearn.linear_model import LogisticRegression

    days = np.unique([one.day for one in sketches if one.day >= 0])
    generator = np.random.default_rng(random_state)
    drawn = set(generator.choice(days, min(_DAYS, len(days)), replace=False).tolist())
    chosen = [one for one in sketches if one.day in drawn]
    day = np.array([one.day for one in chosen])
    undated = [replace(one, day=-1) for one in chosen]
    near = neighbours(undated, window=None, rarity=rarity)
    basic = Likeness(undated, rarity).of(near.first, near.second)
    crowd = crowding(near, basic, len(chosen))
    features = with_crowding(basic, crowd, near.first, near.second)
    same = day[near.first] == day[near.second]
    scale = features.std(axis=0)
    model = LogisticRegression(C=_STRENGTH, max_iter=1000).fit(features / scale, same)
    logger.info(
        "%d articles, %d pairs, %.3f of one day; weights of the scaled features %s; crowding %s",
        len(chosen), len(same), same.mean(), model.coef_[0].round(2),
        np.median(crowd, axis=0).round(3),
    )  # fmt: skip
    return {
        "story_weights": (model.coef_[0] / scale).astype(np.float32),
        "story_intercept": np.array(model.intercept_[0], np.float32),
    }


def save(table: Mapping[str, NDArray[Any]], path: Path) -> None:
    """Write the arrays in a file without pickles."""
    np.savez_compressed(path, **table)  # type: ignore[arg-type]


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``python -m slantwise.training.stories``."""
    parser = argparse.ArgumentParser(
        prog="python -m slantwise.training.stories", description=__doc__
    )
    parser.add_argument("--data", type=Path, required=True, metavar="CORPORA")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE")
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    sketched = [sketch(one) for one in read_articles(args.data / "allsides_articles.parquet")]
    logger.info("%d articles", len(sketched))
    table = count_rarity(sketched)
    save(table | fit_pairs(sketched, Rarities.of_table(table)), args.output)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
