"""Who speaks: the outlet, a source in quotation marks, a source reported, or scare quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slantwise.antecedents import Namer, pronoun_of
from slantwise.clauses import Said, Sentence
from slantwise.draft import OUTLET, REPORTED, SCARE, WINDOW, Draft
from slantwise.records import VOICES, Attribution, Quotation
from slantwise.said import read_cue
from slantwise.sources import Range
from slantwise.speech import mark_quotations
from slantwise.traits import AUTHOR, CUE, HEDGE, Traits, traits_of
from slantwise.turns import mark_turns

if TYPE_CHECKING:
    from slantwise.text import Document, Tokens

_MOST_CUES = 24  # in a sentence
_PARAPHRASES = frozenset({"claim", "think", "call", "want", "deny"})  # of an opinion writer
_AUTHOR_RATE = 150  # an opinion piece has one of these in as many words, or fewer


@dataclass(frozen=True)
class Voices:
    """Whose words a document's tokens are.

    >>> from slantwise.text import read_document
    >>> voices = find_voices(read_document("The army vowed to “crush the rebels”."))
    >>> voices.at(19, 35)
    ('quote', 'The army')
    """

    text: str
    tokens: Tokens
    token_voice: NDArray[np.int8]  # index into records.VOICES
    token_attribution: NDArray[np.int32]  # index into attributions, -1 none
    attributions: Sequence[Attribution]
    quotations: list[Quotation]

    def at(self, start: int, end: int) -> tuple[str, str | None]:
        """Return voice and speaker of a span: those of most of its tokens."""
        voice, source = self.said(start, end)
        return VOICES[voice], self.text[source[0] : source[1]] if source else None

    def said(self, start: int, end: int) -> tuple[int, Range | None]:
        """Return the voice of a span, an index, and where its speaker is named, in code points."""
        first, last = self.tokens.covering(start, end)
        if last <= first:
            return OUTLET, None
        counts = np.bincount(self.token_voice[first:last], minlength=len(VOICES))
        if counts[SCARE] < last - first:
            counts[OUTLET] += counts[SCARE]
            counts[SCARE] = 0
        voice = int(counts.argmax())
        if voice in (OUTLET, SCARE):
            return voice, None
        return voice, self.speaker(first, last, voice)

    def name_of(self, source: Range) -> str | None:
        """Return the fullest naming in the text of whoever is named at a source."""
        named = self._named.get(source)
        return self.text[named[0] : named[1]] if named else None

    def speakers(self, counted: NDArray[np.bool_]) -> dict[str, int]:
        """Return how many of the counted words are whose: by name where the text has one.

        Parameters
        ----------
        counted : ndarray of shape (n_tokens,)
            Which tokens are words that count.
        """
        if not self.attributions:
            return {}
        given = self.token_attribution[counted]
        n_words = np.bincount(given[given >= 0], minlength=len(self.attributions))
        found: dict[str, int] = {}
        known: dict[str, str] = {}  # "The army" and "the army" are one
        for one, size in zip(self.attributions, n_words.tolist(), strict=True):
            naming = one.named or one.source
            if not size or naming is None:
                continue
            name = self.text[naming[0] : naming[1]]
            if one.named is None and pronoun_of(name.lower()):
                continue
            name = known.setdefault(name.casefold(), name)
            found[name] = found.get(name, 0) + size
        return found

    @cached_property
    def _named(self) -> dict[Range, Range]:
        return {one.source: one.named for one in self.attributions if one.source and one.named}

    def speaker(self, first: int, last: int, voice: int) -> Range | None:
        """Return where it is named whose words in this voice most of these tokens are."""
        given = self.token_attribution[first:last]
        given = given[(given >= 0) & (self.token_voice[first:last] == voice)]
        if not given.size:
            return None
        most = given[0] if (given == given[0]).all() else np.bincount(given).argmax()
        return self.attributions[int(most)].source


def find_voices(document: Document, traits: Traits | None = None) -> Voices:
    """Find whose words the words of a document are.

    Parameters
    ----------
    document : Document
    traits : ndarray of shape (n_tokens,), optional
        Those of its words, where they are known already.
    """
    draft = Draft(document, traits_of(document.tokens.words) if traits is None else traits)
    mark_turns(draft)
    said = _find_said(draft)
    _name_sources(draft, said)
    _mark_reported(draft, said)
    quotations = mark_quotations(draft, said)
    return Voices(
        document.text,
        document.tokens,
        draft.voice,
        draft.attribution,
        draft.attributions,
        quotations,
    )


def _find_said(draft: Draft) -> dict[int, list[Said]]:
    """Return the cues at work, by sentence."""
    found: dict[int, list[Said]] = {}
    lower, quoted = draft.lower, draft.quoted
    cues = np.flatnonzero((draft.traits & CUE > 0) & ~draft.in_quotes)
    for at, index in zip(cues.tolist(), draft.sentence[cues].tolist(), strict=True):
        before = found.get(index)
        if before and len(before) >= _MOST_CUES:
            continue
        first = max(draft.first[index], at - WINDOW)
        sentence = Sentence(draft.words, lower, quoted, first, min(draft.last[index], at + WINDOW))
        said = read_cue(sentence, at, before[-1] if before else None)
        if said is not None:
            found.setdefault(index, []).append(said)
    return found


def _name_sources(draft: Draft, said: dict[int, list[Said]]) -> None:
    """Find whom the sources are: whom "he said" stands for, who "Moss" is in full."""
    namer = Namer(draft)
    earlier: list[Range] = []
    for index in sorted(said):
        for cue in said[index]:
            if cue.source is None:
                continue
            named = namer.named(cue.source, earlier)
            if named is not None:
                draft.named[cue.source] = named
            if cue.source[1] - cue.source[0] > 1 or not pronoun_of(draft.lower[cue.source[0]]):
                earlier.append(cue.source)


def _is_opinion(draft: Draft) -> bool:
    """Whether the author speaks as "I", "we" or "you" throughout."""
    own = np.count_nonzero((draft.traits & AUTHOR > 0) & ~draft.in_quotes)
    return bool(own * _AUTHOR_RATE > len(draft.words))


def _mark_reported(draft: Draft, said: dict[int, list[Said]]) -> None:
    opinion = _is_opinion(draft)
    hedged = draft.traits & HEDGE > 0
    hedges = hedged.any()
    for cues in said.values():
        for cue in cues:
            if opinion and cue.kind in _PARAPHRASES:
                continue
            for content in cue.content:
                if draft.laid_out and draft.voice[content[0]] != OUTLET:
                    continue
                index = draft.add(content, cue, direct=False)
                draft.voice[content[0] : content[1]] = REPORTED
                draft.attribution[content[0] : content[1]] = index
                if hedges:
                    draft.voice[slice(*content)][hedged[slice(*content)]] = OUTLET
        for cue in cues:  # the words that name the source are the outlet's
            if cue.source is not None:
                covering = len(cues) > 1 and any(
                    content[0] <= cue.source[0] and cue.source[1] <= content[1]
                    for other in cues
                    if other is not cue
                    for content in other.content
                )
                if not covering:
                    draft.voice[cue.source[0] : cue.source[1]] = OUTLET
                    draft.attribution[cue.source[0] : cue.source[1]] = -1
