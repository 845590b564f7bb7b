"""Who says the contents that were found, put into words only where somebody asks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

from slantwise.antecedents import Namer, pronoun_of
from slantwise.draft import Draft
from slantwise.pairing import ranges_of
from slantwise.records import Attribution
from slantwise.sources import Range, naming_phrase
from slantwise.stage import Stage

_CUE = -1.0  # log odds of a word of a cue
_BESIDE = 4  # tokens between a source and its cue
_SURE = 0.0  # log odds of a source inside somebody else's words
_EARLIER = 3  # sources that a pronoun may stand for
_NEAR = 60  # tokens between speech and its continuation
_PREPOSITIONS = frozenset("in of to by from for as according with".split())
_EXPLAINS = frozenset((",", "(", "—", "–", "who", "which", "whose"))
_ENDS = frozenset("s has have had is was were are also then later".split())


class Outcome:
    """Which source each content has, and what else is known of sources, worked out if asked."""

    def __init__(self, stage: Stage, chosen: NDArray[np.int64]) -> None:
        self.stage = stage
        self._chosen = chosen

    @cached_property
    def chosen(self) -> list[int]:
        """The source of each content, -1 none."""
        return [int(source) for source in self._chosen]

    @cached_property
    def apart(self) -> NDArray[np.int64]:
        """How many tokens each content is away from its source; a last 0 for no content."""
        contents, sources = self.stage.contents, self.stage.sources
        apart = np.zeros(len(contents) + 1, dtype=np.int64)
        said = np.flatnonzero(self._chosen >= 0)
        source = self._chosen[said]
        apart[said] = np.maximum(
            contents.first[said] - sources.last[source], sources.first[source] - contents.last[said]
        )
        return apart

    @cached_property
    def sources(self) -> list[Range]:
        """Where sources are named."""
        sources = self.stage.sources
        return list(zip(sources.first.tolist(), sources.last.tolist(), strict=True))

    @cached_property
    def cues(self) -> list[Range | None]:
        """The cue beside each source."""
        return _cues_of(self.stage)

    @cached_property
    def chains(self) -> dict[int, list[int]]:
        """The sources inside contents."""
        return _chains(self.stage, self._chosen, self.cues)


class Attributions(Sequence[Attribution]):
    """The attributions of one document, each put into words when it is asked for.

    Those that the layout gives come first, then the contents, in order.
    """

    def __init__(self, draft: Draft, edge: int, contents: range, outcome: Outcome) -> None:
        self._draft = draft
        self._edge = edge
        self._contents = contents
        self._outcome = outcome
        self._laid_out = draft.attributions
        self._built: dict[int, Attribution] = {}
        self._known: dict[int, Range] = {}
        self._named: dict[int, Range | None] = {}

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._laid_out) + len(self._contents)

    @overload
    def __getitem__(self, at: int) -> Attribution: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Attribution]: ...
    def __getitem__(self, at: int | slice) -> Attribution | Sequence[Attribution]:
        """Return one of them, or some."""
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        number = range(len(self))[at]
        if number < len(self._laid_out):
            return self._laid_out[number]
        if number not in self._built:
            self._built[number] = self._attribution(self._contents[number - len(self._laid_out)])
        return self._built[number]

    def __eq__(self, other: object) -> bool:
        """Whether the other holds the same attributions."""
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def _attribution(self, number: int) -> Attribution:
        draft, outcome = self._draft, self._outcome
        contents = outcome.stage.contents
        content = self._own((int(contents.first[number]), int(contents.last[number])))
        direct = bool(outcome.stage.direct[number])
        source = outcome.chosen[number]
        if source < 0:
            return Attribution(draft.span(content), None, None, direct)
        phrase = self._own(outcome.sources[source])
        naming = self._naming(source)
        if source not in self._named:
            self._named[source] = self._namer.named(naming, self._earlier(source))
        named = self._named[source]
        cue = outcome.cues[source]
        chain = [self._own(outcome.sources[inner]) for inner in outcome.chains.get(number, ())]
        return Attribution(
            draft.span(content),
            draft.span(naming),
            draft.span(self._own(cue)) if cue else None,
            direct,
            draft.span(phrase),
            draft.span(named) if named else None,
            tuple(map(draft.span, chain)),
        )

    @cached_property
    def _namer(self) -> Namer:
        return Namer(self._draft)

    @cached_property
    def _speaking(self) -> list[int]:
        chosen = self._outcome.chosen
        return sorted({chosen[number] for number in self._contents} - {-1})

    def _own(self, tokens: Range) -> Range:
        return tokens[0] - self._edge, tokens[1] - self._edge

    def _naming(self, source: int) -> Range:
        """Return the shortest naming of a source."""
        if source not in self._known:
            draft = self._draft
            core = _core(draft, self._own(self._outcome.sources[source]))
            self._known[source] = naming_phrase(draft.words, draft.lower, *core) or core
        return self._known[source]

    def _earlier(self, source: int) -> list[Range]:
        """Return the last few sources before one that are no pronouns, if it is one itself."""
        lower = self._draft.lower
        if not pronoun_of(lower[self._naming(source)[0]]):
            return []
        found: list[Range] = []
        for other in reversed(self._speaking[: bisect_left(self._speaking, source)]):
            naming = self._naming(other)
            if naming[1] - naming[0] > 1 or not pronoun_of(lower[naming[0]]):
                found.append(naming)
                if len(found) == _EARLIER:
                    break
        return found[::-1]


def _core(draft: Draft, phrase: Range) -> Range:
    """Return a source without what only explains it, and what was heard of it by mistake."""
    lower = draft.lower
    first, last = phrase
    while first < last - 1 and (lower[first] in _PREPOSITIONS or not lower[first][0].isalnum()):
        first += 1
    end = next((at for at in range(first + 1, last) if lower[at] in _EXPLAINS), last)
    while end > first + 1 and (lower[end - 1] in _ENDS or not lower[end - 1][0].isalnum()):
        end -= 1
    return first, end


def continued(stage: Stage, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give speech without a source that of the speech right before it, else right after it."""
    chosen = chosen.copy()
    first, last = stage.contents.first, stage.contents.last
    document = stage.scene.document
    spoken = np.flatnonzero(stage.direct)
    place = {number: at for at, number in enumerate(spoken.tolist())}
    for number in np.flatnonzero(stage.direct & (chosen < 0)).tolist():
        at = place[number]
        for beside in (at - 1, at + 1):
            if not 0 <= beside < len(spoken):
                continue
            other = int(spoken[beside])
            left, right = min(number, other), max(number, other)
            apart = first[right] - last[left]
            near = apart <= _NEAR and document[first[left]] == document[first[right]]
            if near and chosen[other] >= 0:
                chosen[number] = chosen[other]
                break
    return chosen


def _cues_of(stage: Stage) -> list[Range | None]:
    """Return the nearest cue beside each source."""
    begins = np.diff(stage.scene.sentence, prepend=-1) != 0
    cues = ranges_of(stage.scene.cue > _CUE, begins)
    if not len(cues) or not len(stage.sources):
        return [None] * len(stage.sources)
    after = np.searchsorted(cues.first, stage.sources.last)
    before = np.searchsorted(cues.last, stage.sources.first, side="right") - 1
    last = len(cues) - 1
    to_next = np.where(
        after <= last, cues.first[np.minimum(after, last)] - stage.sources.last, _BESIDE + 1
    )
    to_last = np.where(
        before >= 0, stage.sources.first - cues.last[np.maximum(before, 0)], _BESIDE + 1
    )
    nearest = np.where(to_next <= to_last, after, before)
    near = np.minimum(to_next, to_last) <= _BESIDE
    nearest = np.clip(nearest, 0, last)
    document = stage.scene.document
    near &= document[cues.first[nearest]] == document[stage.sources.first]
    return [
        (int(cues.first[at]), int(cues.last[at])) if beside else None
        for at, beside in zip(nearest.tolist(), near.tolist(), strict=True)
    ]


def _chains(
    stage: Stage, chosen: NDArray[np.int64], cues: Sequence[Range | None]
) -> dict[int, list[int]]:
    """Return the sources inside each content whom its own source quotes."""
    chains: dict[int, list[int]] = {}
    if not len(stage.contents):
        return chains
    first, last = stage.sources.first, stage.sources.last
    content = np.searchsorted(stage.contents.first, first, side="right") - 1
    held = (content >= 0) & (last <= stage.contents.last[np.maximum(content, 0)])
    surest = (
        np.maximum.reduceat(np.append(stage.scene.source, -np.inf), first)
        if len(first)
        else np.zeros(0)
    )
    for source in np.flatnonzero(held & (surest > _SURE)).tolist():
        if cues[source] is not None and chosen[content[source]] != source:
            chains.setdefault(int(content[source]), []).append(source)
    return chains
