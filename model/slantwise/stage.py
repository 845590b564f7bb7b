"""Documents set up for attribution: what was heard, the contents and the sources in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.attribution import Attributor, Heard, marks_of
from slantwise.draft import MARKS, Draft
from slantwise.features import TypeRows
from slantwise.layout import Layout
from slantwise.pairing import Pairs, Ranges, Scene, pair, ranges_of, running_sum, sources_in
from slantwise.text import Document
from slantwise.traits import CAPITAL

_CONTENT = 0.4  # probability of somebody's words; less than half, as a token missed costs as much
_QUOTED = 0.5  # mean of a passage between marks


@dataclass(frozen=True)
class Stage:
    """Documents with what was heard, and what there is to attribute; tokens of the layout."""

    drafts: Sequence[Draft]
    heard: Heard
    scene: Scene
    contents: Ranges
    direct: NDArray[np.bool_]  # (n_contents,), whether between marks
    passage: NDArray[np.int64]  # (n_contents,), which of all outer passages, -1 none
    n_passages: int
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
    running = running_sum(heard.content)
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
    return Stage(
        drafts, heard, scene, contents, passage >= 0, passage, len(first), sources_in(scene)
    )


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
