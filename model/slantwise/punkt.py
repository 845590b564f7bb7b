"""Does a sentence end here? The decision of Punkt, from learned parameters.

The method and the parameters' meaning are those of Kiss & Strunk (2006,
Computational Linguistics 32) as nltk implements them; section numbers below are
the paper's. ``slantwise.training.punkt`` learns the parameters. They are applied
here because importing nltk takes longer than labelling a hundred articles.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "punkt.json"

# Where a word was seen in which case: bits of the values in `Punkt.case`.
MIDDLE_UPPER = 1 << 2
ANYWHERE_UPPER = 1 << 1 | 1 << 2 | 1 << 3
BEGINNING_LOWER = 1 << 4
ANYWHERE_LOWER = 1 << 4 | 1 << 5 | 1 << 6

_NUMBER = "##number##"  # the type that all numbers share
_NUMERIC = re.compile(r"^-?[.,]?\d[\d,.-]*\.?$")
_INITIAL = re.compile(r"[^\W\d]\.$")
_INNER_MARKS = frozenset(";:,.!?")  # no sentence starts with one


@dataclass(frozen=True, slots=True)
class Punkt:
    """Learned parameters; all words are lower-case and without their full stop.

    >>> punkt = load_punkt()
    >>> punkt.breaks("Gen.", "Dale"), punkt.breaks("rain.", "Dale")
    (False, True)
    """

    abbreviations: frozenset[str]
    starters: frozenset[str]  # words that often start a sentence
    collocations: frozenset[tuple[str, str]]  # a number or initial and the word after it
    case: Mapping[str, int]

    def breaks(self, word: str, following: str) -> bool:
        """Return whether a sentence ends after ``word``, which has its stop, before ``following``.

        Both are words as nltk's tokeniser delivers them: "Mr.", "?", "...", "U.S.".
        """
        if not word.endswith("."):
            return word in ("?", "!")
        dots = len(word) > 1 and not word.strip(".")
        initial = _INITIAL.match(word) is not None
        kind = _without_stop(_type(word))
        if not following:
            return self._ends_by_itself(word)
        next_kind = _type(following)
        if self._ends_by_itself(following):
            next_kind = _without_stop(next_kind)
        if (kind, next_kind) in self.collocations:
            return False  # 4.1.2
        breaks = self._ends_by_itself(word)
        if (dots or self._is_abbreviation(word)) and not initial:  # 4.2
            if self._starts_sentence(following, next_kind):
                return True
            if following[0].isupper() and next_kind in self.starters:  # 4.1.3
                return True
        if initial or kind == _NUMBER:  # 4.3
            starts = self._starts_sentence(following, next_kind)
            if starts is False:
                return False
            never_lower = not self.case.get(next_kind, 0) & ANYWHERE_LOWER
            if starts is None and initial and following[0].isupper() and never_lower:
                return False
        return breaks

    def depends(self, word: str) -> bool:
        """Return whether `breaks` needs the following word: abbreviation, initial, number, dots."""
        return (
            not self._ends_by_itself(word)
            or _INITIAL.match(word) is not None
            or _without_stop(_type(word)) == _NUMBER
        )

    def starts_sentence(self, word: str) -> bool | None:
        """Return whether the case of ``word`` shows a beginning; None when it doesn't tell."""
        return self._starts_sentence(word, _type(word))

    def _is_abbreviation(self, word: str) -> bool:
        if not word.endswith(".") or word.endswith(".."):
            return False
        stem = word[:-1].lower()
        return stem in self.abbreviations or stem.split("-")[-1] in self.abbreviations

    def _ends_by_itself(self, word: str) -> bool:
        """Return the decision of the first pass, from the word alone."""
        if word in (".", "?", "!"):
            return True
        return word.endswith(".") and not word.endswith("..") and not self._is_abbreviation(word)

    def _starts_sentence(self, word: str, kind: str) -> bool | None:  # 4.1.1
        if word in _INNER_MARKS:
            return False
        seen = self.case.get(kind, 0)
        first = word[0]
        if first.isupper() and seen & ANYWHERE_LOWER and not seen & MIDDLE_UPPER:
            return True
        if first.islower() and (seen & ANYWHERE_UPPER or not seen & BEGINNING_LOWER):
            return False
        return None


@cache
def load_punkt() -> Punkt:
    """Read the embedded parameters, once in a process."""
    data = json.loads(_FILE.read_text(encoding="utf-8"))
    return Punkt(
        frozenset(data["abbreviations"]),
        frozenset(data["starters"]),
        frozenset((first, second) for first, second in data["collocations"]),
        {word: int(seen) for seen, words in data["case"].items() for word in words.split()},
    )


def _type(word: str) -> str:
    return _NUMERIC.sub(_NUMBER, word.lower())


def _without_stop(kind: str) -> str:
    return kind[:-1] if len(kind) > 1 and kind.endswith(".") else kind
