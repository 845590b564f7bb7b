"""Throughput: from Parquet in to Parquet parts out, the whole pipeline, model loading apart.

--articles articles of the Parquet corpus are scored by one process, then by two. Copies and
events, which need the whole corpus and are written beside the parts, are timed apart. Beside it,
over the same texts in the same run: one pass of a regular expression for tokens, and a
TF-IDF logistic regression (words 1-2, characters 3-5) that scores their sentences.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import pyarrow.parquet as pq

from benchmarks.common import Metrics, Run, main_of, parser_of
from slantwise.articles import read_articles
from slantwise.batch import score_to_folder
from slantwise.errors import InputError, UsageError
from slantwise.model import FramingModel
from slantwise.relations import Gathering
from slantwise.sentences import split_sentences

_TOKEN = re.compile(r"\w+|[^\w\s]")
_PAUSE = 0.05  # seconds between two looks at the memory
_CHUNK = 256  # articles in a part, as ``slantwise score`` writes them
_FITTED = 5_000  # sentences that the TF-IDF model is fitted to: only its speed counts


def figures(run: Run) -> Metrics:
    """Time the pipeline and what it is compared with."""
    n_articles = run.options.articles
    if n_articles < 1:
        raise UsageError(f"--articles is {n_articles}; give 1 or more")
    with tempfile.TemporaryDirectory() as scratch:
        corpus = Path(scratch) / "corpus.parquet"
        texts = first_articles(run.data, n_articles, corpus)
        seconds, peaks = {}, []
        for jobs in (1, 2):
            _warm_up(run.model, texts, Path(scratch), jobs)
            with PeakMemory() as peak:
                started = time.perf_counter()
                score_to_folder(
                    run.model,
                    corpus,
                    Path(scratch) / f"scored-{jobs}",
                    n_jobs=jobs,
                    relate=False,
                    chunk_articles=max(1, min(_CHUNK, len(texts) // 4)),
                )
                seconds[jobs] = time.perf_counter() - started
            peaks.append(peak.megabytes)
        relating = _timed_relating(corpus)
        by_regex = _timed_regex(texts)
        by_tfidf = _timed_tfidf(texts)
    n_words = sum(len(text.split()) for text in texts)
    return {
        "n_articles": len(texts),
        "n_words": n_words,
        "articles_per_s_1": round(len(texts) / seconds[1], 2),
        "articles_per_s_2": round(len(texts) / seconds[2], 2),
        "regex_ratio_1": round(by_regex / seconds[1], 4),
        "regex_ratio_2": round(by_regex / seconds[2], 4),
        "tfidf_ratio": round(by_tfidf / seconds[1], 4),
        "relating_ms_per_article": round(1000 * relating / len(texts), 2),
        "peak_pss_mb": round(max(peaks), 1),
        "cores": len(os.sched_getaffinity(0)),
    }


def _warm_up(model: FramingModel, texts: Sequence[str], scratch: Path, jobs: int) -> None:
    """Start the processes and let them import: done once, whatever the number of articles."""
    few = scratch / "few.jsonl"
    few.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts[:4]))
    output = scratch / f"warm-{jobs}"
    score_to_folder(model, few, output, n_jobs=jobs, chunk_articles=1)


def first_articles(data: Path, n_articles: int, corpus: Path) -> list[str]:
    """Write the first articles of a Parquet file to another; return their texts."""
    paths = sorted(data.glob("*.parquet")) if data.is_dir() else [data]
    if not paths:
        raise InputError(f"{data}: no Parquet file in it")
    batches = []
    missing = n_articles
    for batch in pq.ParquetFile(paths[0]).iter_batches(batch_size=1024):
        batches.append(batch.slice(0, missing))
        missing -= len(batches[-1])
        if not missing:
            break
    with pq.ParquetWriter(corpus, batches[0].schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
    return [text or "" for batch in batches for text in batch.column("text").to_pylist()]


def _timed_relating(corpus: Path) -> float:
    """Return how long it takes to find copies and events among the articles."""
    articles = list(read_articles(corpus))
    with tempfile.TemporaryDirectory() as scratch:
        gathering = Gathering(Path(scratch))
        started = time.perf_counter()
        for article in articles:
            gathering.add(article)
        gathering.relations()
        return time.perf_counter() - started


def _timed_regex(texts: Sequence[str]) -> float:
    started = time.perf_counter()
    for text in texts:
        _TOKEN.findall(text)
    return time.perf_counter() - started


def _timed_tfidf(texts: Sequence[str]) -> float:
    """Return how long a TF-IDF model takes to score all sentences, once fitted."""
    # Not before the pipeline was measured: the library is no part of its memory.
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    sentences = [text[start:end] for text in texts for start, end in split_sentences(text)]
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    model = make_pipeline(make_union(words, characters), LogisticRegression(max_iter=20))
    few = sentences[:_FITTED]
    model.fit(few, [number % 2 for number in range(len(few))])
    started = time.perf_counter()
    for at in range(0, len(sentences), _FITTED):
        model.predict_proba(sentences[at : at + _FITTED])
    return time.perf_counter() - started


class PeakMemory:
    """The most memory that this process and its children held together, by their share.

    Proportional set size: a page that several processes map counts once (proc(5),
    smaps_rollup).
    """

    def __init__(self) -> None:
        self.megabytes = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            here = sum(proportional_kilobytes(process) for process in family(os.getpid()))
            self.megabytes = max(self.megabytes, here / 1024)
            if self._stop.wait(_PAUSE):
                return


def family(process: int) -> list[int]:
    """Return a process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name stands in parentheses and may hold anything; state and parent follow.
            parent = int(stat.read_text(errors="replace").rpartition(")")[2].split()[1])
        except OSError:  # it has ended meanwhile
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found, waiting = [], [process]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def proportional_kilobytes(process: int) -> int:
    """Return a process's proportional set size, 0 when it has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``python -m benchmarks.throughput``."""
    parser = parser_of("throughput", __doc__ or "", test=False)
    parser.add_argument("--articles", type=int, default=1000, metavar="N", help="default: 1000")
    return main_of("throughput", parser, figures, argv)


if __name__ == "__main__":
    raise SystemExit(main())
