"""Who is meant: the namings of one article gathered under one name each.

A surname stands for the fuller name that the article gives it; an abbreviation for itself,
and what the article spells out beside it for the abbreviation; a title alone for the one
person who bears it there. What an article leaves open is looked up among the names that are
usual in news, and stays open where two would fit: then there is no actor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from slantwise.codebook import ActorBook

TITLES = frozenset(
    "president premier chancellor king queen pope senator governor mayor minister secretary "
    "general ambassador spokesman spokeswoman chairman speaker judge justice director".split()
)
_SHORT_TITLES = frozenset(
    "mr mrs ms dr sen rep gov gen lt col sgt rev prof sir lady lord prime vice foreign".split()
)
_DROPPED = frozenset("the a an this that these those its their his her our my your".split())
_PRONOUNS = frozenset(
    "i me we us you he him she her it they them who whom which one everyone somebody".split()
)
_JOINTS = frozenset("of for and the al bin el de la van von ul der den du".split())
# One actor under several names whatever the article: abbreviations and what they stand for.
_SAME = {
    "us": "United States",
    "usa": "United States",
    "america": "United States",
    "united states of america": "United States",
    "uk": "United Kingdom",
    "britain": "United Kingdom",
    "great britain": "United Kingdom",
    "eu": "European Union",
    "un": "United Nations",
    "uae": "United Arab Emirates",
    "gop": "Republicans",
    "republican party": "Republicans",
    "democratic party": "Democrats",
}
_POSSESSIVE = re.compile(r"['’]s?$")
_DOTTED = re.compile(r"^(?:[A-Za-z]\.\s?){2,}$")
_ARTICLE = re.compile(r"^(?:al|el|as|ad|an|ar|ash)[-‑](?=\w)", re.IGNORECASE)
_DASHES = frozenset("-–—")
_INITIAL = re.compile(r"^[A-Z]\.?$")


@dataclass(frozen=True)
class Namer:
    """Gives the actors of one article their names.

    Parameters
    ----------
    fuller : mapping of str to mapping of str to int
        How often the article has each name of two words or more, by its last word.
    bearers : mapping of str to set of str
        Who bears a title in the article, by the title in lower case.
    short : mapping of str to str
        The abbreviation of a name that the article also abbreviates.
    known : mapping of str to str
        The name that a surname usually stands for in news.
    book : ActorBook
        What an analyst says of it; that comes first.
    """

    fuller: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    bearers: Mapping[str, set[str]] = field(default_factory=dict)
    short: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)
    book: ActorBook = field(default_factory=ActorBook)

    @classmethod
    def of(
        cls,
        names: Iterable[tuple[str, str]],
        known: Mapping[str, str] | None = None,
        book: ActorBook | None = None,
    ) -> Namer:
        """Gather the names of an article.

        Parameters
        ----------
        names : iterable of (titles before the name, name)
        """
        fuller: dict[str, dict[str, int]] = {}
        bearers: dict[str, set[str]] = {}
        short, whole = set(), []
        for title, written in names:
            words = _words(written)
            if not words:
                continue
            if len(words) == 1:
                if words[0].isupper() and len(words[0]) > 1:
                    short.add(words[0])
                if not title:
                    continue
            name = " ".join(words)
            surname = _surname(words)
            if title and (word := title.lower().split()[-1]) in TITLES:
                bearers.setdefault(word, set()).add(surname)
            if len(words) > 1 and surname[0].isupper():
                counts = fuller.setdefault(surname, {})
                counts[name] = counts.get(name, 0) + 1
                whole.append(name)
        spelt = {name: _initials(name) for name in whole}
        return cls(
            fuller,
            bearers,
            {name: one for name, one in spelt.items() if one in short},
            known or {},
            book or ActorBook(),
        )

    def actor(self, naming: str) -> str | None:
        """Return the one name of whoever a phrase names, None where that is open.

        >>> namer = Namer.of([("President", "Ada Moss"), ("", "Moss"), ("", "Odo Finch")])
        >>> namer.actor("Moss"), namer.actor("the president"), namer.actor("the group")
        ('Ada Moss', 'Ada Moss', None)
        """
        listed = self.book.name_of(naming) if self.book.actors else None
        if listed is not None:
            return listed
        words = _words(naming)
        if not words or (len(words) == 1 and _is_pronoun(words[0])):
            return None
        if " ".join(words).islower():
            return self._unnamed(words)
        if len(words) == 1 and words[0].lower() in TITLES:
            return self._unnamed([words[0].lower()])
        if len(words) == 1:
            name = self._person(words[0])
        elif _surname(words) in self.fuller:
            name = self.short.get(" ".join(words)) or _fullest(" ".join(words), self.fuller)
        else:
            name = " ".join(words)
        if name is None:
            return None
        return self.book.name_of(name) or _SAME.get(name.lower(), name)

    def _person(self, word: str) -> str | None:
        """Name who is named by one word alone."""
        if word.lower() in _SAME:
            return word
        surname = _surname([word])
        fuller = self.fuller.get(surname, {})
        if not fuller:
            return self.known.get(surname, word)
        people = _people(fuller)
        return people[0] if len(people) == 1 else None

    def _unnamed(self, words: Sequence[str]) -> str | None:
        """Name who is named by a common noun: a title's one bearer, or a group by its plural."""
        head = words[-1]
        if head in TITLES:
            bearers = self.bearers.get(head, set())
            return self._person(next(iter(bearers))) if len(bearers) == 1 else None
        plural = head.endswith("s") and not head.endswith(("ss", "us", "is"))
        return " ".join(words).lower() if plural else None


def _is_pronoun(word: str) -> bool:
    abbreviation = word.isupper() and len(word) > 1  # "US" is no "us"
    return word.lower() in _PRONOUNS and not abbreviation


def _surname(words: Sequence[str]) -> str:
    """Return the last word of a name, without an Arabic article: "Assad" of "al-Assad"."""
    return _ARTICLE.sub("", words[-1])


def _people(names: Mapping[str, int]) -> list[str]:
    """Return the different people among names that end alike, each by the commonest name.

    A name that holds all words of another is the same person's; of equals the longest.
    """
    people: list[list[str]] = []
    for name in sorted(names, key=lambda one: (-len(one.split()), one)):
        words = set(name.split())
        same = [one for one in people if words <= set(one[0].split())]
        if same:
            same[0].append(name)
        else:
            people.append([name])
    return [max(one, key=lambda name: names[name]) for one in people]


def _fullest(name: str, fuller: Mapping[str, Mapping[str, int]]) -> str:
    """Return the commonest name of whoever bears this one."""
    names = fuller[_surname(name.split())]
    words = set(name.split())
    alike = {
        one: n for one, n in names.items() if words <= set(one.split()) or set(one.split()) <= words
    }
    people = _people(alike)
    return people[0] if len(people) == 1 else name


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if word[0].isupper())


@lru_cache(maxsize=1 << 16)
def _words(naming: str) -> tuple[str, ...]:
    """Return the words of a naming without article, titles, possessive and initials."""
    words = [
        word.replace(".", "") if _DOTTED.match(word + ".") or _DOTTED.match(word) else word
        for word in _POSSESSIVE.sub("", " ".join(naming.split())).split()
    ]
    dashes = [at for at, word in enumerate(words) if word in _DASHES]
    words = words[dashes[-1] + 1 :] if dashes else words  # a headline before the name
    while words and words[0].lower() in _DROPPED:
        words = words[1:]
    bare = [word.rstrip(".").lower() for word in words]
    # Titles go only where a name follows: "the president" keeps its word.
    at = 0
    while at < len(words) - 1 and (bare[at] in _SHORT_TITLES or bare[at] in TITLES):
        at += 1
    if at and words[at][0].isupper():
        words = words[at:]
    inner = [word for word in words[1:-1] if not _INITIAL.match(word)]
    words = [words[0], *inner, words[-1]] if len(words) > 1 else words
    if words and words[0].lower() in _JOINTS and len(words) > 1 and words[0].islower():
        words = words[1:] if words[0] in ("of", "for", "and") else words
    return tuple(word.capitalize() if word.isupper() and len(word) > 5 else word for word in words)
