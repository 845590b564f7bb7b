"""What a span does: classifying ranges of tokens at run time.

The log odds of a class are a sum over the roles a word type can play for a
span (its first word, its last, a word inside, a neighbour) and a few figures
of the span itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from slantwise.features import TypeRows
from slantwise.layout import Layout
from slantwise.records import VOICES
from slantwise.traits import CAPITAL, OPENING_MARK, Traits, traits_of

ROLES = ("first", "last", "inside", "before", "further before", "after", "sentence")
FIGURES = (
    *("constant", "one word", "two words", "three or four words", "five words or more"),
    *(f"voice {voice}" for voice in VOICES),
    *("in quotation marks", "opens its sentence", "capitalised"),
)


@dataclass(frozen=True, slots=True)
class Extents:
    """Ranges of a layout's tokens, half-open, and the voice of each."""

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    voice: NDArray[np.int64]  # index into records.VOICES

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, slots=True)
class SpanHead:
    """Weights of a fitted :class:`slantwise.training.labeller.SpanClassifier`."""

    part: str  # name of its columns in the type table
    classes: tuple[str, ...]
    figures: NDArray[np.float32]  # (len(FIGURES), n_classes)
    answers: NDArray[np.float32] | None = None  # (n_answers, n_classes), of an encoder's answers

    def probabilities(
        self, types: TypeRows, layout: Layout, extents: Extents
    ) -> NDArray[np.float64]:
        """Return the probability of each class, shape (n_spans, n_classes)."""
        return self.seen(View.of(types, layout, extents))

    def seen(self, view: View) -> NDArray[np.float64]:
        """Return the same of spans that several heads look at."""
        columns = view.types.columns(self.part).reshape(-1, len(ROLES), len(self.classes))
        odds = view.figures @ self.figures.astype(np.float64)
        for number, members in enumerate(view.members):
            odds += members.mean_of(columns[:, number])
        if self.answers is not None and view.answers is not None:
            odds += view.answers @ self.answers
        odds -= odds.max(axis=1, keepdims=True, initial=-np.inf)
        raised = np.exp(odds)
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))


@dataclass(frozen=True, slots=True)
class Role:
    """Which tokens play a role for each span: one range of tokens a span.

    An empty range means that nothing stands there. Weights of a range are
    divided by the square root of its length.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]

    def members(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Return spans, tokens and weights of all memberships, parallel arrays."""
        size = np.maximum(self.last - self.first, 0)
        tokens = np.repeat(self.first, size) + _counting(size)
        spans = np.repeat(np.arange(len(size)), size)
        return spans, tokens, np.repeat(1 / np.sqrt(np.maximum(size, 1)), size)


@dataclass(frozen=True, slots=True)
class Members:
    """The word types that play a role for each span, ready to be summed by any head."""

    row: NDArray[np.integer]  # (n_members,), rows of the type table
    edges: NDArray[np.int64]  # where the members of each range that has any begin
    filled: NDArray[np.int64]  # the ranges that have any
    root: NDArray[np.float64]  # (n_ranges, 1), of the number of members
    range_of: NDArray[np.int64] | None  # (n_spans,), where spans share ranges

    @classmethod
    def of(cls, role: Role, row: NDArray[np.integer], shared: bool) -> Members:
        """Gather the members of a role; of ranges that spans share only once."""
        first, last, range_of = role.first, role.last, None
        if shared:
            _, places, range_of = np.unique(first, return_index=True, return_inverse=True)
            first, last = first[places], last[places]
        size = np.maximum(last - first, 0)
        filled = np.flatnonzero(size)
        tokens = np.repeat(first[filled], size[filled]) + _counting(size[filled])
        edges = np.cumsum(size[filled]) - size[filled]
        return cls(row[tokens], edges, filled, np.sqrt(np.maximum(size, 1))[:, None], range_of)

    def mean_of(self, columns: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the damped sum of type columns for each span, shape (n_spans, n_columns)."""
        total = np.zeros((len(self.root), columns.shape[1]))
        values = columns[self.row].astype(np.float64)
        if len(self.edges) < len(values):
            values = np.add.reduceat(values, self.edges, axis=0)
        total[self.filled] = values
        total /= self.root
        return total if self.range_of is None else total[self.range_of]


@dataclass(frozen=True)
class View:
    """Spans as heads look at them: whatever does not depend on the head."""

    types: TypeRows
    extents: Extents
    figures: NDArray[np.float64]  # (n_spans, len(FIGURES))
    members: tuple[Members, ...]  # by role

    @classmethod
    def of(cls, types: TypeRows, layout: Layout, extents: Extents) -> View:
        """Look at spans."""
        members = tuple(
            Members.of(role, types.row, shared=name == "sentence")
            for name, role in zip(ROLES, roles(layout, extents), strict=True)
        )
        return cls(types, extents, span_figures(layout, extents, types.traits), members)

    @cached_property
    def answers(self) -> NDArray[np.float64] | None:
        """The mean answers to each span, shape (n_spans, n_answers)."""
        return None if self.types.answers is None else means(self.types.answers, self.extents)


def means(values: NDArray[np.floating], extents: Extents) -> NDArray[np.float64]:
    """Return the mean row over each range of tokens, shape (n_spans, n_columns)."""
    size = extents.last - extents.first
    if not len(size):
        return np.zeros((0, values.shape[1]))
    tokens = np.repeat(extents.first, size) + _counting(size)
    total = np.add.reduceat(values[tokens].astype(np.float64), np.cumsum(size) - size, axis=0)
    return np.asarray(total / size[:, None])


def roles(layout: Layout, extents: Extents) -> list[Role]:
    """Return the ranges that play each of ``ROLES``."""
    sentence = layout.token_sentence
    starts = layout.sentence_starts
    opening = starts[sentence[extents.first]] if len(extents) else extents.first
    closing = opening + layout.lengths[sentence[extents.first]] if len(extents) else extents.last
    first, last = extents.first, extents.last
    return [
        Role(first, first + 1),
        Role(last - 1, last),
        Role(first, last),
        Role(np.maximum(first - 1, opening), first),
        Role(np.maximum(first - 4, opening), np.maximum(first - 1, opening)),
        Role(last, np.minimum(last + 1, closing)),
        Role(opening, closing),
    ]


def span_figures(
    layout: Layout, extents: Extents, traits: Traits | None = None
) -> NDArray[np.float64]:
    """Return ``FIGURES`` of each span, shape (n_spans, len(FIGURES)).

    Parameters
    ----------
    traits : ndarray of shape (n_tokens,), optional
        Those of the layout's words, where they are known already.
    """
    if traits is None:
        traits = traits_of(layout.words)
    first, length = extents.first, extents.last - extents.first
    voice = np.eye(len(VOICES))[extents.voice]
    opens = layout.sentence_starts[layout.token_sentence[first]] == first
    # Nothing stands before a document.
    quoted = (traits[first - 1] & OPENING_MARK > 0) & ~np.isin(first, layout.token_edges)
    return np.column_stack(
        [
            np.ones(len(extents)),
            length == 1,
            length == 2,
            (length == 3) | (length == 4),
            length >= 5,
            voice,
            quoted,
            opens,
            traits[first] & CAPITAL > 0,
        ]
    ).astype(np.float64)


def _counting(sizes: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return 0 … size - 1 for each size, one after another."""
    total = int(sizes.sum())
    edges = np.cumsum(sizes) - sizes
    return np.asarray(np.arange(total, dtype=np.int64) - np.repeat(edges, sizes))


def extents_of(layout: Layout, ranges: Sequence[tuple[int, int]], voices: Sequence[str]) -> Extents:
    """Gather token ranges and the names of their voices."""
    pairs = np.array(ranges, dtype=np.int64).reshape(-1, 2)
    indices = np.array([VOICES.index(voice) for voice in voices], dtype=np.int64)
    return Extents(pairs[:, 0], pairs[:, 1], indices)
