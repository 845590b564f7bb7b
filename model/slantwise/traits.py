"""What is known of a word by itself, whatever stands around it: one bit a trait.

A word type is looked at once; the rules then ask arrays of traits where there is
anything for them to read, and whole texts are answered at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from slantwise.cues import cue_book

Traits = NDArray[np.uint32]

_BITS = [np.uint32(1 << bit) for bit in range(28)]
IS_WORD, ALPHANUMERIC, LETTER, CAPITAL, LOWER, UPPER = _BITS[:6]
ONE_LETTER, UP_TO_TWO, OVER_FOUR, ENDS_ING = _BITS[6:10]
COMMA, FULL_STOP, APOSTROPHE, OPENING_MARK, GLUE, LINK = _BITS[10:16]
CUE, HEDGE, AUTHOR, GRAMMAR, CLOSED, TITLE, ARTICLE = _BITS[16:23]
PREPOSITION, OF, BY, PERSONAL, VERB = _BITS[23:28]

_BOOK = cue_book()
_ARTICLES = frozenset(("the", "a", "an"))
_PERSONAL = frozenset("he she they we us them him".split())
_CLOSED = frozenset().union(
    *(
        _BOOK.words[name]
        for name in (
            *("determiners", "pronouns", "prepositions", "clause_starts"),
            *("auxiliaries", "adverbs", "time_words"),
        )
    )
)


def _by_word(*classes: tuple[np.uint32, Iterable[str]]) -> dict[str, int]:
    bits: dict[str, int] = {}
    for trait, words in classes:
        for word in words:
            bits[word] = bits.get(word, 0) | int(trait)
    return bits


_OF_LOWER = _by_word(  # whatever the case
    (CUE, _BOOK.classes),
    (CUE, _BOOK.phrases),
    (CUE, _BOOK.nouns),
    (CUE, _BOOK.words["stances"] | _BOOK.words["mentions"] | {"according", "view", "opinion"}),
    (HEDGE, _BOOK.words["hedges"]),
    (AUTHOR, "i my me we our you your let".split()),
    # Words of English grammar; in English news they make up a third of all words.
    (
        GRAMMAR,
        "the of and to in a that is was for on with as it by at from be have has had are were "
        "he she they his her their its this which not but who will would an or been said".split(),
    ),
    (CLOSED, _CLOSED),
    (
        TITLE,
        _BOOK.words["titles"] | set("mr mrs ms dr sen rep gov gen lt col sgt rev".split()),
    ),
    (ARTICLE, _ARTICLES),
    (PREPOSITION, _BOOK.words["prepositions"]),
    (OF, ["of"]),
    (BY, ["by"]),
)
_OF_WRITTEN = _by_word(
    (COMMA, ","),
    (FULL_STOP, "."),
    (APOSTROPHE, "'’"),
    (OPENING_MARK, "\"“'‘«„"),
    (GLUE, "-‑.&'’"),  # inside a name
    (LINK, "of for al bin el de la van von ul".split()),
)


def traits_of(words: Sequence[str]) -> Traits:
    """Return the traits of words, shape (n_words,).

    Parameters
    ----------
    words : sequence of str
        Non-empty tokens as written.

    Examples
    --------
    >>> (traits_of(["Said", ",", "rain"]) & CUE > 0).tolist()
    [True, False, False]
    """
    return np.fromiter(map(_traits, words), dtype=np.uint32, count=len(words))


def _traits(word: str) -> int:
    first, lower = word[0], word.lower()
    bits = _OF_LOWER.get(lower, 0) | _OF_WRITTEN.get(word, 0)
    if first.isalnum():
        bits |= _ALPHANUMERIC
        if first.isalpha():
            bits |= _LETTER
    elif first == "_":
        bits |= _IS_WORD
    if first.isupper():
        bits |= _CAPITAL
    if word.islower():
        bits |= _LOWER
        if word.endswith("ed") or word in _BOOK.classes or word in _BOOK.words["auxiliaries"]:
            bits |= _VERB
    elif word.isupper():
        bits |= _UPPER
    if lower in _PERSONAL and not bits & _UPPER:
        bits |= _PERSONAL_BIT
    if word.endswith("ing"):
        bits |= _ENDS_ING
    return bits | _of_length(len(word))


def _of_length(length: int) -> int:
    if length > 4:
        return _OVER_FOUR
    if length > 2:
        return 0
    return _ONE_LETTER if length == 1 else _UP_TO_TWO


# Plain numbers, which Python puts together faster than those of numpy.
_ALPHANUMERIC = int(IS_WORD | ALPHANUMERIC)
_IS_WORD, _LETTER, _CAPITAL, _LOWER, _UPPER = map(int, (IS_WORD, LETTER, CAPITAL, LOWER, UPPER))
_VERB, _PERSONAL_BIT, _ENDS_ING, _OVER_FOUR = map(int, (VERB, PERSONAL, ENDS_ING, OVER_FOUR))
_ONE_LETTER, _UP_TO_TWO = int(ONE_LETTER | UP_TO_TWO), int(UP_TO_TWO)
