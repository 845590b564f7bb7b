"""Why a span was labelled as it is, in words a reader understands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from slantwise.features import TypeRows
from slantwise.labeller import ROLES, Extents, SpanHead, roles
from slantwise.layout import Layout
from slantwise.sequence import BEGIN, INSIDE, N_STATES, OUTSIDE
from slantwise.tagger import Tagger

_MOST = 4  # reasons given for a span
_LEAST = 0.25  # log odds below which a reason is not worth a reader's time
_ROLE_WORDS = {
    "first": "“{}” opens it",
    "last": "“{}” closes it",
    "inside": "the word “{}”",
    "before": "“{}” just before it",
    "further before": "“{}” a little before it",
    "after": "“{}” just after it",
}


@dataclass(frozen=True, slots=True)
class Reasons:
    """Finds the strongest contributions to the decisions about a span."""

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
        ranges = roles(self.layout, extents)[: len(_ROLE_WORDS)]
        found = []
        for number in range(len(extents)):
            first, last = int(extents.first[number]), int(extents.last[number])
            weighed = self._for_span(first, last)
            if labels[number] == "scare-quotes":
                weighed.append((np.inf, "in quotation marks that nobody is named for"))
            else:
                weighed += self._for_label(
                    [(int(role.first[number]), int(role.last[number])) for role in ranges],
                    labels[number],
                )
            found.append(_strongest(weighed))
        return found

    def _for_span(self, first: int, last: int) -> list[tuple[float, str]]:
        columns = self.types.columns("span").reshape(-1, len(self.tagger.offsets), N_STATES)
        here = self.tagger.offsets.index(0)
        weighed = []
        for token in range(first, last):
            state = BEGIN if token == first else INSIDE
            row = columns[self.types.row[token], here]
            weighed.append(
                (float(row[state] - row[OUTSIDE]), f"the word “{self.layout.words[token]}”")
            )
        for number, offset in enumerate(self.tagger.offsets):
            token = first + offset
            if offset < 0 and token >= 0 and self._same_sentence(token, first):
                row = columns[self.types.row[token], number]
                word = self.layout.words[token]
                weighed.append((float(row[BEGIN] - row[OUTSIDE]), f"“{word}” before it"))
        return [entry for entry in weighed if _is_word(entry[1])]

    def _for_label(self, ranges: list[tuple[int, int]], name: str) -> list[tuple[float, str]]:
        columns = self.types.columns(self.labeller.part).reshape(
            -1, len(ROLES), len(self.labeller.classes)
        )
        label = self.labeller.classes.index(name)
        weighed = []
        for number, (first, last) in enumerate(ranges):
            for token in range(first, last):
                row = columns[self.types.row[token], number]
                weight = float(row[label] - row.mean()) / max(last - first, 1) ** 0.5
                words = _ROLE_WORDS[ROLES[number]].format(self.layout.words[token])
                weighed.append((weight, f"{words}: {name}"))
        return [entry for entry in weighed if _is_word(entry[1])]

    def _same_sentence(self, token: int, other: int) -> bool:
        starts = self.layout.sentence_starts
        return bool(
            np.searchsorted(starts, token, side="right")
            == np.searchsorted(starts, other, side="right")
        )


def _is_word(reason: str) -> bool:
    """Whether the word a reason names is one: marks alone tell a reader nothing."""
    return reason[reason.index("“") + 1 :][:1].isalnum()


def _strongest(weighed: list[tuple[float, str]]) -> tuple[str, ...]:
    ordered = sorted(weighed, key=lambda entry: (-entry[0], entry[1]))
    said: list[str] = []
    for weight, reason in ordered:
        if weight < _LEAST or len(said) == _MOST:
            break
        if reason not in said:
            said.append(reason)
    return tuple(said)
