"""Why a span was labelled as it is, in words a reader understands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.features import TypeRows
from slantwise.labeller import ROLES, Extents, Role, SpanHead, roles
from slantwise.layout import Layout
from slantwise.sequence import BEGIN, INSIDE, N_STATES, OUTSIDE
from slantwise.tagger import Tagger
from slantwise.traits import ALPHANUMERIC

_MOST = 4  # reasons given for a span
_LEAST = 0.25  # log odds below which a reason is not worth a reader's time
_SCARE = "in quotation marks that nobody is named for"
TOGETHER = "its words and those around them, read together"
# How a word in each part is told; the roles of the labeller add the label.
_BY_ROLE = {
    "first": "“{}” opens it: {}",
    "last": "“{}” closes it: {}",
    "inside": "the word “{}”: {}",
    "before": "“{}” just before it: {}",
    "further before": "“{}” a little before it: {}",
    "after": "“{}” just after it: {}",
}
_TOLD = ("the word “{}”", "“{}” before it", *_BY_ROLE.values())
_INSIDE_IT, _BEFORE_IT, _FIRST_ROLE = range(3)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """Contributions to decisions: parallel arrays."""

    span: NDArray[np.int64]
    weight: NDArray[np.float64]  # log odds
    told: NDArray[np.int64]  # index into _TOLD
    token: NDArray[np.int64]

    def only(self, kept: NDArray[np.bool_]) -> _Weighed:
        return _Weighed(self.span[kept], self.weight[kept], self.told[kept], self.token[kept])


@dataclass(frozen=True, slots=True)
class Reasons:
    """Finds the strongest contributions to the decisions about spans."""

    tagger: Tagger
    labeller: SpanHead
    types: TypeRows
    layout: Layout

    def of(self, extents: Extents, labels: Sequence[str]) -> list[tuple[str, ...]]:
        """Return for each span what drove the decision, strongest first.

        Parameters
        ----------
        extents : Extents
        labels : sequence of str
            The label chosen for each span.
        """
        if not len(extents):
            return []
        reasons: list[list[str]] = [[_SCARE] if label == "scare-quotes" else [] for label in labels]
        words = self.layout.words
        for span, told, token in self._strongest_first(extents, labels):
            if len(reasons[span]) < _MOST:
                reasons[span].append(_TOLD[told].format(words[token], labels[span]))
        # A reader of context adds up what no single word says.
        unsaid = [TOGETHER] if self.types.answers is not None else []
        return [tuple(found or unsaid) for found in reasons]

    def _strongest_first(self, extents: Extents, labels: Sequence[str]) -> list[tuple[int, ...]]:
        parts = [
            part.only(part.weight >= _LEAST)
            for part in (
                self._inside(extents),
                *self._before(extents),
                *self._label(extents, labels),
            )
        ]
        every = _Weighed(
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in ("span", "weight", "told", "token")
            )
        )
        # Marks alone tell a reader nothing.
        told = every.only(self.types.traits[every.token] & ALPHANUMERIC > 0)
        order = np.lexsort((told.token, told.told, -told.weight, told.span))
        span, told_as, token = told.span[order], told.told[order], told.token[order]
        # The same word told in the same way is one reason, and few of them are given.
        types = np.int64(1 + self.types.row.max(initial=0))
        once = (span * len(_TOLD) + told_as) * types + self.types.row[token]
        kept = np.sort(np.unique(once, return_index=True)[1])
        kept = kept[np.arange(len(kept)) - np.searchsorted(span[kept], span[kept]) < _MOST]
        columns = (span[kept], told_as[kept], token[kept])
        return list(zip(*(column.tolist() for column in columns), strict=True))

    def _inside(self, extents: Extents) -> _Weighed:
        span, token, _ = Role(extents.first, extents.last).members()
        state = np.where(token == extents.first[span], BEGIN, INSIDE)
        columns = self._columns(self.tagger.offsets.index(0))[self.types.row[token]]
        weight = columns[np.arange(len(token)), state] - columns[:, OUTSIDE]
        return _Weighed(
            span, weight.astype(np.float64), np.full(len(span), _INSIDE_IT, np.int64), token
        )

    def _before(self, extents: Extents) -> list[_Weighed]:
        opening = self.layout.sentence_starts[self.layout.token_sentence[extents.first]]
        found = []
        for number, offset in enumerate(self.tagger.offsets):
            if offset >= 0:
                continue
            span = np.flatnonzero(extents.first + offset >= opening)
            token = extents.first[span] + offset
            columns = self._columns(number)[self.types.row[token]]
            weight = (columns[:, BEGIN] - columns[:, OUTSIDE]).astype(np.float64)
            told = np.full(len(span), _BEFORE_IT, np.int64)
            found.append(_Weighed(span, weight, told, token))
        return found

    def _label(self, extents: Extents, labels: Sequence[str]) -> list[_Weighed]:
        classes = self.labeller.classes
        columns = self.types.columns(self.labeller.part).reshape(-1, len(ROLES), len(classes))
        # Scare quotes are told by their marks: the labeller has no say in them.
        label = np.array([classes.index(name) if name in classes else -1 for name in labels])
        found = []
        for number, role in enumerate(roles(self.layout, extents)[: len(_BY_ROLE)]):
            span, token, share = role.members()
            here = label[span] >= 0
            span, token, share = span[here], token[here], share[here]
            row = columns[self.types.row[token], number]
            chosen = row[np.arange(len(token)), label[span]]
            weight = (chosen - row.mean(axis=1)) * share
            told = np.full(len(span), _FIRST_ROLE + number, np.int64)
            found.append(_Weighed(span, weight.astype(np.float64), told, token))
        return found

    def _columns(self, offset: int) -> NDArray[np.float32]:
        columns = self.types.columns("span").reshape(-1, len(self.tagger.offsets), N_STATES)
        return columns[:, offset]
