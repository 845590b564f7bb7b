"""What needs the whole corpus: which articles are copies, and which tell one event."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from slantwise.copies import find_copies
from slantwise.errors import ScoresError
from slantwise.events import event_ids, group_events
from slantwise.records import Article
from slantwise.sketches import sketch
from slantwise.spool import Spool

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
EVENTS, COPIES = "events.parquet", "copies.parquet"
_TITLE_CHARACTERS = 80  # of which an event's name is made


@dataclass(frozen=True)
class Relations:
    """Events and copies of a corpus.

    Parameters
    ----------
    events : table with ``article_id`` and ``event_id``, one row an article, in order
    copies : table with ``article_id``, ``copied_from`` and ``share`` (of the text, from 0
        to 1), one row a copy
    """

    events: pa.Table
    copies: pa.Table

    @property
    def counts(self) -> dict[str, int]:
        """How many events there are that two articles or more tell, and how many copies."""
        ids = self.events["event_id"].to_pylist()
        _, sizes = np.unique(np.array(ids, dtype=np.str_), return_counts=True)
        return {"events": int((sizes > 1).sum()), "copies": self.copies.num_rows}


class Gathering:
    """Sketches articles as they pass by, and relates them at the end.

    Parameters
    ----------
    folder : where a temporary file of a few KB an article goes, until :meth:`relations`
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._spool = Spool(folder)
        self._ids: list[str] = []
        self._outlets: list[str] = []
        self._events: list[str] = []
        self._titles: list[str] = []

    def watch(self, articles: Iterable[Article]) -> Iterator[Article]:
        """Yield articles unchanged, and keep a sketch of each."""
        for article in articles:
            self.add(article)
            yield article

    def add(self, article: Article) -> None:
        """Keep a sketch of an article."""
        self._spool.add(sketch(article))
        self._ids.append(article.article_id)
        self._outlets.append(article.outlet)
        self._events.append(article.event)
        self._titles.append(article.title[:_TITLE_CHARACTERS])

    def relations(self) -> Relations:
        """Find events and copies; an article's own event stands. Call it once, at the end."""
        import pyarrow as pa

        text = pa.string()
        try:
            copies = find_copies(self._spool, self._outlets)
            events = self._event_ids()
        finally:
            self._spool.close()
        return Relations(
            pa.table(
                {
                    "article_id": pa.array(map(_writable, self._ids), text),
                    "event_id": pa.array(map(_writable, events), text),
                }
            ),
            pa.table(
                {
                    "article_id": pa.array((_writable(self._ids[c.article]) for c in copies), text),
                    "copied_from": pa.array((_writable(self._ids[c.source]) for c in copies), text),
                    "share": pa.array([c.share for c in copies], pa.float64()),
                }
            ),
        )

    def _event_ids(self) -> list[str]:
        ids = list(self._events)
        open_ones = [at for at, event in enumerate(ids) if not event]
        sketches = [self._spool[at] for at in open_ones]
        named = event_ids(sketches, [self._titles[at] for at in open_ones], group_events(sketches))
        for at, name in zip(open_ones, named, strict=True):
            ids[at] = name
        return ids


def as_parquet(table: pa.Table) -> bytes:
    """Return a table as the content of a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    content: bytes = sink.getvalue().to_pybytes()
    return content


def related(articles: pd.DataFrame, relations: Relations) -> pd.DataFrame:
    """Fill in what events and copies say of articles.

    ``event`` is filled where an article names none and shares its event with another;
    ``copied_from`` where its text is another's.

    Raises
    ------
    ScoresError : the relations are of other articles
    """
    ids = articles["article_id"].tolist()
    if relations.events["article_id"].to_pylist() != ids:
        raise ScoresError(
            f"{EVENTS} is about other articles than the articles' table; "
            "score again with --resume, which writes it anew"
        )
    event_ids = relations.events["event_id"].to_pylist()
    sizes = Counter(event_ids)
    own = articles["event"].fillna("").tolist()
    source = dict(
        zip(
            relations.copies["article_id"].to_pylist(),
            relations.copies["copied_from"].to_pylist(),
            strict=True,
        )
    )
    events = [
        given or (found if sizes[found] > 1 else "")
        for given, found in zip(own, event_ids, strict=True)
    ]
    copied = np.array([source.get(article_id) for article_id in ids], dtype=object)
    return articles.assign(event=events, copied_from=copied)


def _writable(text: str) -> str:
    """Replace halves of surrogate pairs, which UTF-8 can't hold, as the other tables do."""
    return _LONE_SURROGATE.sub("\ufffd", text)
