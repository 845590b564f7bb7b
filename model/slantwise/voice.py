"""Who speaks: the outlet, a source in quotation marks, a source reported, or scare quotes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slantwise.clauses import BOOK, Said, Sentence
from slantwise.draft import OUTLET, REPORTED, SCARE, WINDOW, Draft
from slantwise.records import VOICES, Attribution, Quotation
from slantwise.said import read_cue
from slantwise.sources import Range, first_subject
from slantwise.speech import mark_quotations
from slantwise.traits import AUTHOR, CUE, HEDGE, Traits, traits_of
from slantwise.turns import mark_turns

if TYPE_CHECKING:
    from slantwise.text import Document, Tokens

_MOST_CUES = 24  # in a sentence
_SENTENCES_BACK = 4
_PLURALS = {"he": False, "she": False, "it": False, "they": True}
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
    attributions: list[Attribution]
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
    _name_pronouns(draft, said)
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


def _name_pronouns(draft: Draft, said: dict[int, list[Said]]) -> None:
    """Find whom "he said" and "they said" stand for: the nearest fitting subject or speaker."""
    speakers: list[Range] = []
    subjects: dict[Range, Range | None] = {}  # of the sentences looked back at so far
    for index in sorted(said):
        for cue in said[index]:
            if cue.source is None:
                continue
            word = draft.lower[cue.source[0]]
            if cue.source[1] - cue.source[0] > 1 or word not in _PLURALS:
                speakers.append(cue.source)
                continue
            candidates = [speaker for speaker in speakers[-3:] if speaker[1] <= cue.source[0]]
            for back in range(max(0, index - _SENTENCES_BACK), index + 1):
                first = draft.first[back]
                end = min(draft.last[back], cue.source[0], first + WINDOW)
                if (first, end) not in subjects:
                    subjects[first, end] = first_subject(draft.words, draft.lower, first, end)
                subject = subjects[first, end]
                if subject is not None and not draft.quoted[subject[0]]:
                    candidates.append(subject)
            fitting = [it for it in candidates if _stands_for(draft, word, it)]
            if fitting:
                draft.named[cue.source] = max(fitting)


def _stands_for(draft: Draft, pronoun: str, naming: Range) -> bool:
    words, lower = draft.words, draft.lower
    last = lower[naming[1] - 1]
    if last in _PLURALS or (last in BOOK.words["pronouns"] and naming[1] - naming[0] == 1):
        return _PLURALS[pronoun] and last in ("some", "many", "others", "critics", "most")
    plural = last.endswith("s") and words[naming[0]] != "Mr" and lower[naming[0]] != "the"
    if _PLURALS[pronoun]:
        return last.endswith("s") or "and" in lower[naming[0] : naming[1]]
    if pronoun == "it":
        return lower[naming[0]] == "the" or naming[1] - naming[0] == 1
    if last in BOOK.words["titles"]:
        return True
    name = words[naming[1] - 1][:1].isupper() and words[naming[0]][:1].isupper()
    return name and lower[naming[0]] != "the" and (not plural or naming[1] - naming[0] > 1)


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
