"""Learning whom a surname usually stands for in news."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from slantwise.traits import CLOSED, TITLE, traits_of

_SURNAME = r"(?:O’)?[A-Z][\w-]+[a-zà-ÿ]"
_WORD = re.compile(rf"\b{_SURNAME}\b")
# Ahead only, so that "President Ada" doesn't swallow half of "Ada Moss".
_FULL = re.compile(rf"\b(?=([A-Z][a-zà-ÿ]+) ((?:(?:al|el|bin|de|van|von)[- ])?)({_SURNAME})\b)")
_TITLED = re.compile(
    r"\b(?:Mrs?|Ms|Dr|Sens?|Reps?|Gov|Gen|President|Senator|Secretary|Chancellor|Minister|Justice|"
    rf"Governor|Congressman|Director)\.? (?:[A-Z][\w.]+ )?({_SURNAME})\b"
)
_SHARE = 0.75
_ARTICLES = 20
_PERSONAL = 0.2
_WITH_TITLE = 0.05
_NO_NAME = CLOSED | TITLE


def learn_names(
    texts: Iterable[str], share: float = _SHARE, least_articles: int = _ARTICLES
) -> dict[str, str]:
    """Learn whose surname stands for one person in almost all articles that name it in full.

    A surname is a word that also follows titles, and that a full name explains in a good
    part of the articles that have it: so "York" is none, nor is "Washington".

    Parameters
    ----------
    texts : iterable of str
        Articles.
    share : float
        Least share of the articles that have this name, among all that have one with this
        surname.
    least_articles : int
        Least number of articles that have this name.

    Returns
    -------
    dict of surname to full name, in alphabetical order
    """
    articles: Counter[str] = Counter()
    titled: Counter[str] = Counter()
    full: Counter[tuple[str, str, str]] = Counter()
    for text in texts:
        articles.update(set(_WORD.findall(text)))
        titled.update(set(_TITLED.findall(text)))
        full.update(set(_FULL.findall(text)))
    names: dict[str, Counter[str]] = {}
    words = sorted({word for given, _, surname in full for word in (given, surname)})
    grammar = {
        word for word, traits in zip(words, traits_of(words), strict=True) if traits & _NO_NAME
    }
    for (given, particle, surname), n in full.items():
        if given not in grammar and surname not in grammar:
            names.setdefault(surname, Counter())[f"{given} {particle}{surname}"] += n
    usual = {}
    for surname, counts in sorted(names.items()):
        name, n = max(counts.items(), key=lambda one: (one[1], one[0]))
        is_person = titled[surname] >= _WITH_TITLE * articles[surname]
        is_meant = n >= _PERSONAL * articles[surname] and n >= share * counts.total()
        if n >= least_articles and is_person and is_meant:
            usual[surname] = name
    return usual
