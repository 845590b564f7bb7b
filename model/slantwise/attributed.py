"""From what is heard of every token to voices.

Arrays do what concerns every token of a chunk of documents; Python looks only at what is
quoted or attributed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from slantwise.attribution import Attributor
from slantwise.draft import OUTLET, QUOTE, REPORTED, SCARE, Draft
from slantwise.features import TypeRows
from slantwise.layout import Layout
from slantwise.outcome import Attributions, Outcome, continued
from slantwise.records import Quotation
from slantwise.sources import Range
from slantwise.speech import kind_of, nested_kind, stands_apart
from slantwise.stage import Stage, set_stage
from slantwise.text import Document
from slantwise.traits import HEDGE
from slantwise.turns import mark_turns
from slantwise.voice import Voices

_NEAR = 60  # tokens between speech and its continuation
_LEADING = frozenset({"that", ",", ":", "—", "–"})  # before reported words, and no part of them


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
    outcome = Outcome(stage, continued(stage, attributor.pairing.chosen(stage.pairs())))
    begins = np.searchsorted(
        stage.scene.document[stage.contents.first], np.arange(len(documents) + 1)
    )
    voice, attribution = _reported(stage, begins, types.traits & HEDGE > 0, layout.words)
    of_passage = np.full(stage.n_passages, -1)
    quoted = np.flatnonzero(stage.direct)
    of_passage[stage.passage[quoted]] = quoted
    spoken = zip(of_passage.tolist(), outcome.apart[of_passage].tolist(), strict=True)
    voices = []
    for number, draft in enumerate(stage.drafts):
        here = layout.tokens_of(number)
        draft.voice = voice[here]
        mark_turns(draft)
        laid_out = len(draft.attributions)
        own = attribution[here]
        if laid_out:
            own = np.where(own >= 0, own + laid_out, -1)
            draft.attribution = np.where(draft.attribution >= 0, draft.attribution, own)
        else:
            draft.attribution = own
        contents = range(int(begins[number]), int(begins[number + 1]))
        quotations = _quotations(draft, spoken, laid_out - contents.start)
        found = Attributions(draft, here.start, contents, outcome)
        voices.append(
            Voices(
                draft.text,
                documents[number].tokens,
                draft.voice,
                draft.attribution,
                found,
                quotations,
            )
        )
    return voices


def _reported(
    stage: Stage, begins: NDArray[np.int64], hedged: NDArray[np.bool_], words: Sequence[str]
) -> tuple[NDArray[np.int8], NDArray[np.int32]]:
    """Return voice and attribution of the words that are reported without marks."""
    voice = np.zeros(len(words), dtype=np.int8)
    attribution = np.full(len(words), -1, dtype=np.int32)
    numbers = np.flatnonzero(~stage.direct)
    firsts, lasts = stage.contents.first[numbers].tolist(), stage.contents.last[numbers].tolist()
    document = stage.scene.document[stage.contents.first[numbers]]
    within = (numbers - begins[document]).tolist()
    for first, last, number in zip(firsts, lasts, within, strict=True):
        while first < last and words[first].lower() in _LEADING:
            first += 1
        voice[first:last] = REPORTED
        attribution[first:last] = number
    voice[hedged] = OUTLET
    return voice, attribution


def _quotations(draft: Draft, spoken: Iterator[tuple[int, int]], shift: int) -> list[Quotation]:
    """Give quoted words their voices; return the quotations.

    Parameters
    ----------
    draft : Draft
    spoken : iterator of (int, int)
        Of each outer passage the content that it is, -1 where nobody said it, and how many
        tokens it is away from its source.
    shift : int
        From contents to the document's attributions.
    """
    quotations = []
    unnamed: list[Range] = []  # speech that nobody is heard to say, before some that somebody is
    latest = latest_end = -1
    for passage, first, last in zip(draft.passages, draft.q_first, draft.q_last, strict=True):
        if last <= first:
            continue
        if passage.nested:
            kind = nested_kind(draft, first, last)
            if kind == "scare":
                draft.mark(first, last, SCARE, -1)
            quotations.append(Quotation(passage.start, passage.end, kind))
            continue
        content, apart = next(spoken)
        said = content >= 0 and not stands_apart(draft, first, last, apart)
        kind = kind_of(draft, passage, first, last, attributed=said, beside=said)
        quotations.append(Quotation(passage.start, passage.end, kind))
        if kind in ("scare", "name"):
            draft.mark(first, last, SCARE if kind == "scare" else OUTLET, -1)
        elif not draft.laid_out or draft.voice[first] == OUTLET:
            index = content + shift if said else -1
            if said:
                while unnamed and first - unnamed[-1][1] <= _NEAR:
                    first_of_other, end = unnamed.pop()
                    draft.mark(first_of_other, end, QUOTE, index)
                unnamed.clear()
                latest, latest_end = index, last
            elif kind == "speech" and latest >= 0 and first - latest_end <= _NEAR:
                index = latest
            elif kind == "speech":
                unnamed.append((first, last))
            draft.mark(first, last, QUOTE, index)
    return quotations
