"""From what is heard of every token to voices: contents, their kinds and their sources.

Arrays do what concerns every token of a chunk of documents; Python looks only at what is
quoted or attributed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.attribution import Attributor, Heard, marks_of
from slantwise.draft import MARKS, OUTLET, QUOTE, REPORTED, SCARE, Draft
from slantwise.features import TypeRows
from slantwise.layout import Layout
from slantwise.naming import Namer, pronoun_of
from slantwise.pairing import Pairs, Ranges, Scene, pair, ranges_of, sources_in
from slantwise.records import Attribution, Quotation
from slantwise.sources import Range, naming_phrase
from slantwise.speech import kind_of, nested_kind
from slantwise.text import Document
from slantwise.traits import CAPITAL, HEDGE
from slantwise.turns import mark_turns
from slantwise.voice import Voices

_CONTENT = 0.4  # probability of somebody's words; less than half, as a token missed costs as much
_QUOTED = 0.5  # mean of a passage between marks
_CUE = -1.0  # log odds of a word of a cue
_BESIDE = 4  # tokens between a source and its cue
_SURE = 0.0  # log odds of a source inside somebody else's words
_NEAR = 60  # tokens between speech and its continuation
_PREPOSITIONS = frozenset("in of to by from for as according with".split())
_EXPLAINS = frozenset((",", "(", "—", "–", "who", "which", "whose"))
_ENDS = frozenset("s has have had is was were are also then later".split())
_LEADING = frozenset({"that", ",", ":", "—", "–"})  # before reported words, and no part of them


@dataclass(frozen=True)
class Stage:
    """Documents with what was heard, and what there is to attribute; tokens of the layout."""

    drafts: Sequence[Draft]
    heard: Heard
    scene: Scene
    contents: Ranges
    direct: NDArray[np.bool_]  # (n_contents,), whether between marks
    passage: NDArray[np.int64]  # (n_contents,), which of all outer passages, -1 none
    sources: Ranges

    def pairs(self) -> Pairs:
        """Return which sources may be meant for each content."""
        return pair(self.contents, self.direct, self.sources, self.scene)


def set_stage(
    documents: Sequence[Document], layout: Layout, types: TypeRows, attributor: Attributor
) -> Stage:
    """Hear documents, and find contents and sources in them."""
    traits = types.traits
    drafts = [
        Draft(document, traits[layout.tokens_of(number)])
        for number, document in enumerate(documents)
    ]
    silent = ~np.concatenate([document.scored for document in documents])
    heard = attributor.hear(types, layout, marks_of(drafts, layout), silent)
    first, last, marks_first, marks_last = _outer_passages(drafts, layout)
    running = np.append(0, np.cumsum(heard.content))
    attributed = (running[last] - running[first]) / np.maximum(last - first, 1) >= _QUOTED
    steps = np.zeros(len(traits) + 1, dtype=np.int64)
    np.add.at(steps, marks_first, 1)
    np.add.at(steps, marks_last, -1)
    between = np.cumsum(steps)[:-1] > 0
    sentence = layout.token_sentence
    begins = np.diff(sentence, prepend=-1) != 0
    indirect = ranges_of((heard.content >= _CONTENT) & ~between & ~silent, begins)
    quoted = np.flatnonzero(attributed)
    starts = np.concatenate([marks_first[quoted], indirect.first])
    order = np.argsort(starts, kind="stable")
    ends = np.concatenate([marks_last[quoted], indirect.last])
    contents = Ranges(starts[order], ends[order])
    passage = np.concatenate([quoted, np.full(len(indirect), -1)])[order]
    said = np.zeros(len(traits) + 1, dtype=np.int64)
    np.add.at(said, contents.first, 1)
    np.add.at(said, contents.last, -1)
    scene = Scene(
        np.cumsum(said)[:-1] > 0,
        heard.source,
        heard.cue,
        traits & CAPITAL > 0,
        sentence,
        np.repeat(np.arange(len(documents)), np.diff(layout.token_edges)),
    )
    return Stage(drafts, heard, scene, contents, passage >= 0, passage, sources_in(scene))


def _outer_passages(drafts: Sequence[Draft], layout: Layout) -> tuple[NDArray[np.int64], ...]:
    """Return where passages begin and end, without their marks and with them."""
    rows = []
    for draft, edge in zip(drafts, layout.token_edges.tolist(), strict=False):
        words, size = draft.words, len(draft.words)
        for passage, first, last in zip(draft.passages, draft.q_first, draft.q_last, strict=True):
            if passage.nested or last <= first:
                continue
            opening = first - (first > 0 and words[first - 1] in MARKS)
            closing = last + (last < size and words[last] in MARKS)
            rows.append((edge + first, edge + last, edge + opening, edge + closing))
    return tuple(np.array(rows, dtype=np.int64).reshape(-1, 4).T)


def attributed_voices(
    documents: Sequence[Document], layout: Layout, types: TypeRows, attributor: Attributor
) -> list[Voices]:
    """Find whose words the words of documents are, as an attributor hears them.

    Parameters
    ----------
    documents : sequence of Document
    layout, types : Layout, TypeRows
        The same documents laid end to end.
    attributor : Attributor
    """
    if not documents:
        return []
    stage = set_stage(documents, layout, types, attributor)
    chosen = _continued(stage, attributor.pairing.chosen(stage.pairs()))
    cues = _cues_of(stage)
    chains = _chains(stage, chosen, cues)
    document = stage.scene.document
    edges = np.searchsorted(document[stage.contents.first], np.arange(len(documents) + 1))
    parts = (
        stage.contents.first.tolist(),
        stage.contents.last.tolist(),
        stage.passage.tolist(),
        chosen.tolist(),
    )
    sources = list(zip(stage.sources.first.tolist(), stage.sources.last.tolist(), strict=True))
    voices = []
    passages = 0  # outer ones of the documents before
    for number, draft in enumerate(stage.drafts):
        edge = int(layout.token_edges[number])
        here = slice(int(edges[number]), int(edges[number + 1]))
        one = _Writer(draft, edge, sources, cues, chains)
        mark_turns(draft)
        spoken = one.write(range(here.start, here.stop), *(part[here] for part in parts))
        quotations, passages = _quotations(draft, spoken, passages)
        voices.append(
            Voices(
                draft.text,
                documents[number].tokens,
                draft.voice,
                draft.attribution,
                draft.attributions,
                quotations,
            )
        )
    return voices


class _Writer:
    """Writes the attributions of one document into its draft."""

    def __init__(
        self,
        draft: Draft,
        edge: int,
        sources: Sequence[Range],
        cues: Sequence[Range | None],
        chains: dict[int, list[int]],
    ) -> None:
        self._draft = draft
        self._edge = edge
        self._sources = sources
        self._cues = cues
        self._chains = chains
        self._namer = Namer(draft)
        self._earlier: list[Range] = []
        self._known: dict[int, tuple[Range, Range | None]] = {}

    def write(
        self,
        numbers: range,
        firsts: Sequence[int],
        lasts: Sequence[int],
        passages: Sequence[int],
        chosen: Sequence[int],
    ) -> dict[int, int]:
        """Add attributions and give their words a voice; return those of passages."""
        draft, edge = self._draft, self._edge
        spoken: dict[int, int] = {}
        hedged = draft.traits & HEDGE > 0
        for number, first, last, passage, source in zip(
            numbers, firsts, lasts, passages, chosen, strict=True
        ):
            content = first - edge, last - edge
            if draft.laid_out and draft.voice[content[0]] != OUTLET:
                continue
            index = len(draft.attributions)
            draft.attributions.append(self._attribution(number, content, passage >= 0, source))
            if passage >= 0:
                spoken[passage] = index
                continue
            begin = content[0]
            while begin < content[1] and draft.lower[begin] in _LEADING:
                begin += 1
            draft.voice[begin : content[1]] = REPORTED
            draft.attribution[begin : content[1]] = index
            draft.voice[begin : content[1]][hedged[begin : content[1]]] = OUTLET
        return spoken

    def _attribution(self, number: int, content: Range, direct: bool, source: int) -> Attribution:
        draft = self._draft
        if source < 0:
            return Attribution(draft.span(content), None, None, direct)
        phrase = self._own(self._sources[source])
        naming, named = self._naming(source, phrase)
        cue = self._cues[source]
        chain = [self._own(self._sources[inner]) for inner in self._chains.get(number, ())]
        return Attribution(
            draft.span(content),
            draft.span(naming),
            draft.span(self._own(cue)) if cue else None,
            direct,
            draft.span(phrase),
            draft.span(named) if named else None,
            tuple(map(draft.span, chain)),
        )

    def _own(self, tokens: Range) -> Range:
        return tokens[0] - self._edge, tokens[1] - self._edge

    def _naming(self, source: int, phrase: Range) -> tuple[Range, Range | None]:
        """Return the shortest naming of a source, and the fullest in the article."""
        if source not in self._known:
            draft = self._draft
            core = _core(draft, phrase)
            naming = naming_phrase(draft.words, draft.lower, *core) or core
            self._known[source] = naming, self._namer.named(naming, self._earlier)
            if naming[1] - naming[0] > 1 or not pronoun_of(draft.lower[naming[0]]):
                self._earlier.append(naming)
        return self._known[source]


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


def _continued(stage: Stage, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
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


def _quotations(draft: Draft, spoken: dict[int, int], passages: int) -> tuple[list[Quotation], int]:
    """Give quoted words their voices; return the quotations, and how many are outer by now."""
    quotations = []
    for passage, first, last in zip(draft.passages, draft.q_first, draft.q_last, strict=True):
        if last <= first:
            continue
        if passage.nested:
            kind = nested_kind(draft, first, last)
            if kind == "scare":
                draft.mark(first, last, SCARE, -1)
        else:
            index = spoken.get(passages, -1)
            passages += 1
            said = index >= 0
            kind = kind_of(draft, passage, first, last, attributed=said, beside=said)
            if kind in ("scare", "name"):
                draft.mark(first, last, SCARE if kind == "scare" else OUTLET, -1)
            elif not draft.laid_out or draft.voice[first] == OUTLET:
                draft.mark(first, last, QUOTE, index)
        quotations.append(Quotation(passage.start, passage.end, kind))
    return quotations, passages


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
