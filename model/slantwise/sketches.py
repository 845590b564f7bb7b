"""An article as small arrays of hashes: what tells its copies and the story it is on.

Words become numbers that are the same in every run. How much a word or a pair of words
tells depends on how rare it is in news at large, not on the corpus at hand, so that five
articles are compared as a hundred thousand are. The boilerplate around an article is left
out: it would liken all articles of one site.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from slantwise.boilerplate import boilerplate
from slantwise.records import Article

Hashes = NDArray[np.uint32]
Floats = NDArray[np.float32]

TABLE = "stories.npz"
SHINGLE_WORDS = 6
_KEPT_SHINGLES = 4  # one in so many
_TITLE_WORDS = 12  # that stand for the title of an article without one
_MOST_TYPES = 200_000  # words remembered with their hashes

_TOKEN = re.compile(r"[^\W_]+(?:['’.,][^\W_]+)*")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of one article; hashes are sorted, each once."""

    key: str  # of its content: the same in every run
    day: int  # counted from the year 1, -1 if not known
    words: Hashes
    counts: NDArray[np.uint8]  # how often each word occurs
    pairs: Hashes  # of neighbouring words
    days: Hashes  # weekdays, months and days of a month that the text names
    day_counts: NDArray[np.uint8]
    title: Hashes
    shingles: NDArray[np.uint64]  # a sample of its runs of six words


def sketch(article: Article) -> Sketch:
    """Sketch one article.

    The sample of shingles keeps those whose hash is 0 modulo 4 (Manber 1994), so that
    shares of two samples estimate shares of the texts.

    >>> one = sketch(Article("Rain fell on Monday.", date="2031-04-05"))
    >>> len(one.words), len(one.pairs), len(one.days), one.day
    (3, 3, 1, 741537)
    """
    text = _without(article.text, boilerplate(article.text, article.title))
    numbers = _numbers()
    tokens = _TOKEN.findall(text)
    ids = np.fromiter(map(numbers.__getitem__, tokens), np.uint32, len(tokens))
    is_day = np.isin(ids, _calendar()) if len(ids) else np.zeros(0, bool)
    words, counts = np.unique(ids[~is_day], return_counts=True)
    days, day_counts = np.unique(
        np.concatenate([ids[is_day], _dates_of_month(tokens, ids, is_day)]), return_counts=True
    )
    titled = [numbers[token] for token in _TOKEN.findall(article.title)]
    title = np.array(titled, np.uint32) if titled else ids[:_TITLE_WORDS]
    return Sketch(
        key=content_key(article),
        day=day_of(article.date),
        words=words,
        counts=np.minimum(counts, 255).astype(np.uint8),
        pairs=np.unique(_mixed(ids[:-1], ids[1:])) if len(ids) > 1 else ids[:0],
        days=days,
        day_counts=np.minimum(day_counts, 255).astype(np.uint8),
        title=np.unique(title),
        shingles=_shingles(ids),
    )


def content_key(article: Article) -> str:
    """Return a key of an article's content, whatever it is numbered as."""
    fields = (article.outlet, article.date, article.title, article.url, article.text)
    content = "\0".join(fields).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=12).hexdigest()


def day_of(date: str) -> int:
    """Return the day of an ISO date, counted from 1 January of the year 1, or -1.

    >>> day_of("0001-01-03T08:00:00Z"), day_of("spring")
    (3, -1)
    """
    try:
        return dt.date.fromisoformat(date[:10]).toordinal() if len(date) >= 10 else -1
    except ValueError:
        return -1


@dataclass(frozen=True, slots=True)
class Rarity:
    """How rare words and pairs of words are: natural logarithms of inverse frequencies.

    What the table lacks is as rare as its rarest entry.
    """

    hashes: Hashes  # (n,), sorted
    levels: NDArray[np.uint8]  # (n,), the logarithm in tenths
    unknown: float

    def of(self, hashes: Hashes) -> Floats:
        """Return the weight of each hash, shape (n_hashes,)."""
        if not len(self.hashes):
            return np.full(len(hashes), self.unknown, np.float32)
        at = np.minimum(self.hashes.searchsorted(hashes), len(self.hashes) - 1)
        known = self.hashes[at] == hashes
        return np.where(known, self.levels[at] / 10, self.unknown).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Rarities:
    """How rare words and pairs of words are."""

    words: Rarity
    pairs: Rarity

    @classmethod
    def of_table(cls, table: Mapping[str, NDArray[Any]]) -> Rarities:
        """Read them from the arrays of a table."""
        return cls(
            *(
                Rarity(
                    table[f"{name}_hashes"],
                    table[f"{name}_levels"],
                    float(table[f"{name}_unknown"]),
                )
                for name in ("word", "pair")
            )
        )


@cache
def rarities() -> Rarities:
    """Return the rarities that travel with the package."""
    return Rarities.of_table(stored_table())


@cache
def stored_table() -> dict[str, NDArray[Any]]:
    """Return the arrays that ``slantwise.training.stories`` has learned."""
    content = files("slantwise").joinpath("data", TABLE).read_bytes()
    with np.load(BytesIO(content), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


class _Numbers(dict[str, int]):
    """Words and their hashes, analysed once each."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _MOST_TYPES:
            self.clear()
        plain = word if word in _CALENDAR_WORDS else word.lower()
        if plain.endswith(("'s", "’s")):
            plain = plain[:-2]
        number = crc32(_CALENDAR_WORDS.get(plain, plain).encode("utf-8", "surrogatepass"))
        self[word] = number
        return number


# What a weekday or a month is hashed as: a march is not March.
_CALENDAR_WORDS = (
    {day: f"#{day}" for day in _DAYS}
    | {month: f"#{month[:3]}" for month in _MONTHS}
    | {month[:3]: f"#{month[:3]}" for month in _MONTHS if month != "May"}
    | {"Sept": "#Sep"}
)


@cache
def _numbers() -> _Numbers:
    return _Numbers()


@cache
def _calendar() -> Hashes:
    return np.array(sorted({crc32(name.encode()) for name in _CALENDAR_WORDS.values()}), np.uint32)


def _dates_of_month(tokens: list[str], ids: Hashes, is_day: NDArray[np.bool_]) -> Hashes:
    """Return hashes of days of a month, as "March 13" and "13 March"."""
    found = []
    for at in np.flatnonzero(is_day).tolist():
        for beside in (at + 1, at - 1):
            if 0 <= beside < len(tokens) and re.fullmatch(r"[0-3]?\d", tokens[beside]):
                found.append(crc32(f"{ids[at]} {int(tokens[beside])}".encode()))
                break
    return np.array(found, np.uint32)


def _mixed(first: Hashes, second: Hashes) -> Hashes:
    return first * np.uint32(0x9E3779B1) ^ (second + np.uint32(0x7F4A7C15))


def _shingles(ids: Hashes) -> NDArray[np.uint64]:
    n = len(ids) - SHINGLE_WORDS + 1
    if n < 1:
        return np.zeros(0, np.uint64)
    hashes = np.zeros(n, np.uint64)
    for at in range(SHINGLE_WORDS):
        hashes = hashes * np.uint64(0x100000001B3) + ids[at : at + n]
    hashes ^= hashes >> np.uint64(29)  # so that what is kept hangs on every word
    hashes *= np.uint64(0xBF58476D1CE4E5B9)
    hashes ^= hashes >> np.uint64(32)
    hashes = np.unique(hashes)
    kept: NDArray[np.uint64] = hashes[hashes % np.uint64(_KEPT_SHINGLES) == 0]
    return kept


def _without(text: str, ranges: Iterable[tuple[int, int]]) -> str:
    parts, at = [], 0
    for start, end in ranges:
        parts.append(text[at:start])
        at = max(at, end)
    return "\n".join([*parts, text[at:]]) if parts else text


def word_hashes(words: Iterable[str]) -> Hashes:
    """Return the hash of each word, whatever its case."""
    numbers = _numbers()
    return np.array([numbers[word] for word in words], np.uint32)
