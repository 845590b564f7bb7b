"""Whom a source is: whom "he" stands for, and the fullest name the article gives "Moss"."""

from __future__ import annotations

from collections.abc import Sequence

from slantwise.clauses import BOOK
from slantwise.draft import WINDOW, Draft
from slantwise.sources import Range, first_subject, naming_phrase
from slantwise.traits import CAPITAL

_SENTENCES_BACK = 4
_SPEAKERS_BACK = 3
_PLURALS = {"he": False, "she": False, "it": False, "they": True}
_WHOSE = {"him": "he", "his": "he", "her": "she", "hers": "she", "their": "they", "them": "they"}
_LONGEST = 5  # words of a name
_INITIALS = frozenset(".-’'")


class Namer:
    """Finds out of one document whom its sources are."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._subjects: dict[Range, Range | None] = {}  # of the sentences looked back at so far
        self._names: dict[str, Range] | None = None

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
        fullest = self._fullest().get(last)
        if fullest is None or fullest[1] - fullest[0] <= source[1] - source[0]:
            return source
        return fullest

    def antecedent(self, source: Range, earlier: Sequence[Range]) -> Range | None:
        """Return whom a pronoun stands for: the nearest fitting speaker or subject before it."""
        draft = self._draft
        pronoun = pronoun_of(draft.lower[source[0]])
        candidates = [one for one in earlier[-_SPEAKERS_BACK:] if one[1] <= source[0]]
        index = int(draft.sentence[source[0]])
        for back in range(max(0, index - _SENTENCES_BACK), index + 1):
            first = draft.first[back]
            end = min(draft.last[back], source[0], first + WINDOW)
            if (first, end) not in self._subjects:
                self._subjects[first, end] = first_subject(draft.words, draft.lower, first, end)
            subject = self._subjects[first, end]
            if subject is not None and not draft.quoted[subject[0]]:
                candidates.append(subject)
        fitting = [one for one in candidates if _stands_for(draft, pronoun, one)]
        return max(fitting, default=None)

    def _fullest(self) -> dict[str, Range]:
        """Return for each last word of a name the longest name that ends with it, the first."""
        if self._names is None:
            self._names = {}
            draft = self._draft
            for first, last in _capitalised(draft):
                naming = naming_phrase(draft.words, draft.lower, first, last)
                if naming is None or not 2 <= naming[1] - naming[0] <= _LONGEST:
                    continue
                if draft.words[naming[0]][:1].islower():
                    continue
                word = draft.words[naming[1] - 1]
                best = self._names.get(word)
                if best is None or naming[1] - naming[0] > best[1] - best[0]:
                    self._names[word] = naming
        return self._names


def pronoun_of(word: str) -> str:
    """Return the pronoun, as a subject, that a lower-cased word is a form of; else "".

    >>> pronoun_of("his"), pronoun_of("moss")
    ('he', '')
    """
    return word if word in _PLURALS else _WHOSE.get(word, "")


def _capitalised(draft: Draft) -> list[Range]:
    """Return the runs of capitalised words of two or more, with what joins them."""
    words = draft.words
    runs: list[Range] = []
    first = last = -1
    capital = (draft.traits & CAPITAL > 0).tolist()
    for at in [at for at, flag in enumerate(capital) if flag]:
        joined = at == last or (
            at == last + 1
            and words[last] in _INITIALS
            and (words[last] != "." or len(words[last - 1]) <= 2)
        )
        if not joined:
            if last - first > 1:
                runs.append((first, last))
            first = at
        last = at + 1
    if last - first > 1:
        runs.append((first, last))
    return runs


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
