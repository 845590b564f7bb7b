"""Whom a source is: whom "he" stands for, and the fullest name the article gives "Moss"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from slantwise.clauses import BOOK
from slantwise.draft import WINDOW, Draft
from slantwise.sources import Range, first_subject, naming_phrase
from slantwise.traits import CAPITAL, FULL_STOP, GLUE, ONE_LETTER, UP_TO_TWO

_SENTENCES_BACK = 4
_SPEAKERS_BACK = 3
_PLURALS = {"he": False, "she": False, "it": False, "they": True}
_WHOSE = {"him": "he", "his": "he", "her": "she", "hers": "she", "their": "they", "them": "they"}
_LONGEST = 5  # words of a name


class Namer:
    """Finds out of one document whom its sources are."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._subjects: dict[Range, Range | None] = {}  # of the sentences looked back at so far

    def named(self, source: Range, earlier: Sequence[Range]) -> Range | None:
        """Return the fullest naming of a source in the article, None where nobody is named.

        Parameters
        ----------
        source : range of tokens
        earlier : sequence of ranges
            Sources before it, none a pronoun.
        """
        draft = self._draft
        word = draft.lower[source[0]]
        if source[1] - source[0] == 1 and pronoun_of(word):
            stands_for = self.antecedent(source, earlier)
            if stands_for is None:
                return None
            source = stands_for
        last = draft.words[source[1] - 1]
        if not last[:1].isupper():
            return None
        fullest = self._fullest(last)
        if fullest is None or fullest[1] - fullest[0] <= source[1] - source[0]:
            return source
        return fullest

    def antecedent(self, source: Range, earlier: Sequence[Range]) -> Range | None:
        """Return whom a pronoun stands for: the nearest speaker that fits, else subject."""
        draft = self._draft
        pronoun = pronoun_of(draft.lower[source[0]])
        index = int(draft.sentence[source[0]])
        back = max(0, index - _SENTENCES_BACK)
        near = [one for one in earlier if draft.first[back] <= one[0] and one[1] <= source[0]]
        fitting = [one for one in near[-_SPEAKERS_BACK:] if _stands_for(draft, pronoun, one)]
        if fitting:
            return max(fitting)
        for at in range(index, back - 1, -1):
            first = draft.first[at]
            end = min(draft.last[at], source[0], first + WINDOW)
            if (first, end) not in self._subjects:
                self._subjects[first, end] = first_subject(draft.words, draft.lower, first, end)
            subject = self._subjects[first, end]
            if subject is not None and not draft.quoted[subject[0]]:
                if _stands_for(draft, pronoun, subject):
                    return subject
        return None

    def _fullest(self, last: str) -> Range | None:
        """Return the longest name that ends with this word, the first of them."""
        draft = self._draft
        best: Range | None = None
        for run in self._runs.get(last, ()):
            naming = naming_phrase(draft.words, draft.lower, *run)
            if naming is None or not 2 <= naming[1] - naming[0] <= _LONGEST:
                continue
            if draft.words[naming[0]][:1].islower():
                continue
            if best is None or naming[1] - naming[0] > best[1] - best[0]:
                best = naming
        return best

    @cached_property
    def _runs(self) -> dict[str, list[Range]]:
        """The runs of two capitalised words and more, by the word that they end with."""
        traits = self._draft.traits
        capital = traits & CAPITAL > 0
        if len(capital) < 2:
            return {}
        joined = capital.copy()
        # "Ada B. Moss", "Jean-Paul": what joins two of them, a stop only behind an initial.
        stop = traits[1:-1] & FULL_STOP > 0
        initial = traits[:-2] & (ONE_LETTER | UP_TO_TWO) > 0
        glue = (traits[1:-1] & GLUE > 0) & (~stop | initial) & capital[:-2] & capital[2:]
        joined[1:-1] |= glue
        edges = np.flatnonzero(np.diff(joined, prepend=False, append=False)).tolist()
        runs: dict[str, list[Range]] = {}
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            if last - first > 1:
                runs.setdefault(self._draft.words[last - 1], []).append((first, last))
        return runs


def pronoun_of(word: str) -> str:
    """Return the pronoun, as a subject, that a lower-cased word is a form of; else "".

    >>> pronoun_of("his"), pronoun_of("moss")
    ('he', '')
    """
    return word if word in _PLURALS else _WHOSE.get(word, "")


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
