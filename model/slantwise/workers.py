"""Handing chunks of articles to workers, and taking the parts back in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from slantwise.parts import Chunk, Part, PartWriter
from slantwise.records import Article
from slantwise.sharing import shared, shared_model

if TYPE_CHECKING:
    from slantwise.model import FramingModel

BACKENDS = ("loky", "threading", "dask")
_CHUNK_CHARACTERS = 4_000_000  # bounds the memory of a worker


def work(
    writer: PartWriter, model: FramingModel, chunks: Iterable[Chunk], n_jobs: int, backend: str
) -> Iterator[Part]:
    """Score chunks into parts, with any number of workers, in the order of the chunks."""
    if n_jobs == 1 and backend != "dask":
        for chunk in chunks:
            yield writer.write(chunk, model)
        return

    import joblib

    with ExitStack() as stack:
        if backend == "threading":
            write = partial(writer.write, model=model)
        else:
            path = stack.enter_context(shared(model, writer.folder))
            write = partial(_write_with_shared, writer, path)
        if backend == "dask":
            stack.enter_context(_dask_client())
        # Not as arguments of Parallel, which knows Dask only once this has registered it.
        stack.enter_context(joblib.parallel_config(backend=backend, n_jobs=n_jobs))
        parallel = joblib.Parallel(return_as="generator", batch_size=1)
        yield from parallel(joblib.delayed(write)(chunk) for chunk in chunks)


def _write_with_shared(writer: PartWriter, path: str, chunk: Chunk) -> Part:
    return writer.write(chunk, shared_model(path))


@contextmanager
def _dask_client() -> Iterator[None]:
    """Use the Dask client that is open, or open one for the scheduler that Dask is set to."""
    from distributed import Client, get_client

    try:
        get_client()
    except ValueError:
        with Client():
            yield
    else:
        yield


class Chunks:
    """Cuts a stream of articles into chunks of a bounded number and size.

    Joblib reads it from a thread of its own, where an exception would be lost and the
    run would hang: it is kept, the stream ends, and :meth:`check` raises it.
    """

    def __init__(self, articles: Iterable[Article], most_articles: int) -> None:
        self._articles = articles
        self._most = most_articles
        self._error: BaseException | None = None

    def __iter__(self) -> Iterator[Chunk]:
        """Yield the chunks, numbered from 0."""
        index, batch, characters = 0, list[Article](), 0
        try:
            for article in self._articles:
                batch.append(article)
                characters += len(article.text)
                if len(batch) >= self._most or characters >= _CHUNK_CHARACTERS:
                    yield Chunk(index, batch)
                    index, batch, characters = index + 1, [], 0
            if batch:
                yield Chunk(index, batch)
        except Exception as error:
            self._error = error

    def check(self) -> None:
        """Raise what stopped the reading, if anything did."""
        if self._error is not None:
            raise self._error
