"""Events: articles grouped by story, from their text alone; nothing is fitted.

The articles of SEESAW and BASIL tell stories in three outlets each. They are grouped among
2,000 other articles, drawn with a fixed seed from the Parquet file, without any date: theirs
are the story's, and would give it away. Nor are outlets or addresses given. The figures are
about the articles whose story is known. B-cubed is that of Bagga and Baldwin (1998); pairwise
F1 compares the pairs of articles that share a group with those that share a story. Intervals
are over stories. ``body_`` figures are without the articles' titles, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.basil import text_of
from benchmarks.common import Metrics, Run, main_of, parser_of
from benchmarks.corpora.basil import read_basil
from benchmarks.corpora.seesaw import read_seesaw
from slantwise.errors import InputError
from slantwise.events import group_events
from slantwise.metrics import Floats, f1_of, with_intervals
from slantwise.records import Article
from slantwise.sketches import sketch

OTHERS = 2_000
_SEED = 20_200_226


def figures(run: Run) -> Metrics:
    """Group the articles and compare the groups with the stories."""
    known = list(stories(run.data))
    articles = [article for _, article in known] + others(run.data)
    story = np.unique([name for name, _ in known], return_inverse=True)[1]
    group = group_events([sketch(article) for article in articles])[: len(known)]
    body = group_events([sketch(replace(article, title="")) for article in articles])
    metrics = compared(story, group)
    without_titles = compared(story, body[: len(known)])
    metrics |= {f"body_{name}": value for name, value in without_titles.items()}
    metrics["n_articles"], metrics["n_stories"] = len(known), int(story.max()) + 1
    metrics["n_others"] = len(articles) - len(known)
    run.write(
        "events.jsonl",
        (
            {"article_id": article.article_id, "story": name, "group": int(number)}
            for (name, article), number in zip(known, group, strict=True)
        ),
    )
    return metrics


def compared(story: NDArray[np.int64], group: NDArray[np.int64]) -> Metrics:
    """Compare groups with stories.

    Parameters
    ----------
    story, group : ndarray of shape (n_articles,)
    """
    same_story, same_group = (x[:, None] == x[None, :] for x in (story, group))
    both = (same_story & same_group).sum(axis=1)
    # One row a story: B-cubed precision and recall summed, articles, and pairs.
    table = np.zeros((int(story.max()) + 1, 6))
    for column, values in enumerate((
        both / same_group.sum(axis=1),
        both / same_story.sum(axis=1),
        np.ones(len(story)),
        both - 1.0,
        same_group.sum(axis=1) - 1.0,
        same_story.sum(axis=1) - 1.0,
    )):  # fmt: skip
        np.add.at(table[:, column], story, values)

    def of_stories(weights: Floats) -> dict[str, Floats]:
        precision, recall, n, shared, grouped, told = (weights @ table).T
        return {
            "b3_f1": f1_of(precision * recall / n, precision, recall),
            "b3_precision": precision / n,
            "b3_recall": recall / n,
            "pairwise_f1": f1_of(shared, grouped, told),
        }

    metrics: Metrics = with_intervals(len(table), of_stories)
    return metrics


def stories(data: Path) -> Iterator[tuple[str, Article]]:
    """Yield the articles whose story is known, with its name."""
    for one in read_seesaw(data / "seesaw"):
        text = "\n\n".join(one.sentences)
        yield f"seesaw {one.story}", Article(text, article_id=one.article_id, title=one.title)
    for other in read_basil(data / "basil"):
        text, _ = text_of(other)
        article = Article(text, article_id=other.article_id, title=other.title)
        yield f"basil {other.event}", article


def others(data: Path) -> list[Article]:
    """Draw other articles of the Parquet file, with a fixed seed.

    Raises
    ------
    InputError
        If there is no such file.
    """
    files = sorted(data.glob("*.parquet"))
    if not files:
        raise InputError(f"{data}: no Parquet file of other articles in it")
    table = pq.read_table(files[0], columns=["article_id", "title", "text"])
    generator = np.random.default_rng(_SEED)
    rows = generator.choice(table.num_rows, min(OTHERS, table.num_rows), replace=False)
    return [
        Article(row["text"] or "", article_id=row["article_id"], title=row["title"] or "")
        for row in table.take(np.sort(rows)).to_pylist()
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``python -m benchmarks.events``."""
    parser = parser_of("events", __doc__ or "", test=False)
    return main_of("events", parser, figures, argv)


if __name__ == "__main__":
    raise SystemExit(main())
