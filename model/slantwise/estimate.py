"""How long a corpus will take, told before it is scored.

Counting every article would take as long as reading them all; the number of rows of a
Parquet file is known, that of other files follows from their size.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from slantwise.articles import read_articles
from slantwise.model import FramingModel
from slantwise.reading.files import InputFile, list_files
from slantwise.records import Article

_SAMPLE = 8  # articles that are timed
_UNPACKED = 3.0  # text in a compressed file, for one byte of it


def seconds_to_score(
    models: Sequence[FramingModel],
    sources: Sequence[str],
    *,
    columns: Mapping[str, str] | None = None,
    n_jobs: int = 1,
) -> list[float] | None:
    """Return about how long each model would take for the articles of some sources.

    Parameters
    ----------
    models : sequence of FramingModel
    sources : sequence of str
        As :func:`slantwise.read_articles` takes them.
    columns : mapping, optional
        Field to column of the input.
    n_jobs : int
        Workers that share the work; below 1 counts as 1.

    Returns
    -------
    list of float, in seconds, or None where the sources can't be read twice or sized
    """
    if "-" in sources:
        return None
    sample = list(islice(read_articles(*sources, columns=columns), _SAMPLE))
    number = expected_articles(sources, sample)
    if not sample or number is None:
        return None
    return [number * _seconds_an_article(model, sample) / max(n_jobs, 1) for model in models]


def expected_articles(sources: Sequence[str], sample: Sequence[Article]) -> float | None:
    """Return about how many articles some sources hold, None where a file has no size.

    Parameters
    ----------
    sources : sequence of str
    sample : sequence of Article
        Some of them, for how large an article is.
    """
    size = sum(len(one.text.encode("utf-8", "replace")) for one in sample) / max(len(sample), 1)
    total = 0.0
    for source in sources:
        for file in list_files(source):
            if isinstance(file, InputFile):
                expected = _articles_of(file, max(size, 1.0))
                if expected is None:
                    return None
                total += expected
    return total


def _articles_of(file: InputFile, size: float) -> float | None:
    path = Path(file.path)
    if not path.is_file():
        return None
    if file.format == "parquet":
        from pyarrow.parquet import ParquetFile

        return float(ParquetFile(path).metadata.num_rows)
    if file.format in ("text", "html"):
        return 1.0
    packed = path.suffix.lower() in (".gz", ".zst")
    return path.stat().st_size * (_UNPACKED if packed else 1.0) / size


def _seconds_an_article(model: FramingModel, sample: Sequence[Article]) -> float:
    model.label(sample[0])  # whatever is loaded at first use
    started = time.perf_counter()
    for _ in model.label_many(sample):
        pass
    return (time.perf_counter() - started) / len(sample)
