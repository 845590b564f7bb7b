"""What analysts bring along: who is who, and which words always or never count.

``actors.yaml``::

    actors:
      - name: Dolmar            # the one name
        aliases: [Dolmarian government, the regime]
        kind: state             # person, group, state or institution; may be left out
        side: Dolmar            # any word of yours; may be left out

An alias in lower case stands for any case ("the regime" and "The regime"), every other one
for itself. ``terms.yaml``::

    always:
      name-calling: [warmonger]
    never:
      loaded-language: [shock therapy]
      any: [offensive]          # whatever the label
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from slantwise.errors import InputError
from slantwise.records import LABELS

KINDS = ("person", "group", "state", "institution")
ANY = "any"
_ARTICLES = ("the ", "a ", "an ", "this ", "that ")
_FIELDS = ("name", "aliases", "kind", "side")


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody whose image wording can affect."""

    name: str
    aliases: tuple[str, ...] = ()
    kind: str | None = None
    side: str | None = None

    @property
    def namings(self) -> tuple[str, ...]:
        """Every phrase that stands for it."""
        return (self.name, *self.aliases)


@dataclass(frozen=True)
class ActorBook:
    """Actors, each under one name.

    >>> book = ActorBook((Actor("Dolmar", ("the regime",)),))
    >>> book.name_of("The regime"), book.name_of("Kestria")
    ('Dolmar', None)
    """

    actors: tuple[Actor, ...] = ()

    @cached_property
    def _names(self) -> dict[str, str]:
        return {_key(one): actor.name for actor in self.actors for one in actor.namings}

    def name_of(self, phrase: str) -> str | None:
        """Return the one name of whoever a phrase stands for, None if nobody here."""
        name = self._names.get(_key(phrase))
        return self._names.get(_key(phrase).lower()) if name is None else name

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What finds the namings in a text, the longest first; nothing without actors."""
        longest = sorted(self._names, key=lambda one: (-len(one), one))
        return re.compile("|".join(rf"(?<!\w){_anyhow(one)}(?!\w)" for one in longest) or r"(?!)")

    def found_in(self, text: str) -> list[tuple[int, int, str]]:
        """Return start, end and actor of every naming in a text, in order."""
        found = []
        for match in self.pattern.finditer(text):
            name = self.name_of(match[0])
            if name is not None:
                found.append((match.start(), match.end(), name))
        return found


def _key(phrase: str) -> str:
    """Return a phrase without its article and possessive; of names the case tells."""
    phrase = " ".join(phrase.replace("’", "'").split()).removesuffix("'s").removesuffix("'")
    for article in _ARTICLES:
        if phrase.lower().startswith(article):
            return phrase[len(article) :]
    return phrase


def _anyhow(key: str) -> str:
    words = r"\s+".join(re.escape(word).replace("'", "['’]") for word in key.split())
    return f"(?i:{words})" if key == key.lower() else words


@dataclass(frozen=True)
class TermBook:
    """Words that always count as framing, and words that never do, by label."""

    always: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    never: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.always.values()) or any(self.never.values())

    @cached_property
    def _never(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            (label, _term(one)) for label, terms in self.never.items() for one in terms
        )

    def forbids(self, text: str, label: str) -> bool:
        """Tell whether a span with these words and this label never counts.

        >>> TermBook(never={"any": ("offensive",)}).forbids("Offensive", "loaded-language")
        True
        """
        term = _term(text)
        return bool(self._never) and ((label, term) in self._never or (ANY, term) in self._never)

    def found_in(self, text: str) -> list[tuple[int, int, str]]:
        """Return start, end and label of the words that always count, disjoint, in order."""
        found: list[tuple[int, int, str]] = []
        for label, pattern in self._always.items():
            found += [(match.start(), match.end(), label) for match in pattern.finditer(text)]
        kept: list[tuple[int, int, str]] = []
        for one in sorted(found, key=lambda one: (one[0], -one[1], LABELS.index(one[2]))):
            if not kept or one[0] >= kept[-1][1]:
                kept.append(one)
        return kept

    @cached_property
    def _always(self) -> dict[str, re.Pattern[str]]:
        return {
            label: re.compile(
                "|".join(
                    rf"(?<!\w)(?i:{_anyhow(_term(one))})(?!\w)"
                    for one in sorted(terms, key=len, reverse=True)
                )
            )
            for label, terms in self.always.items()
            if terms
        }


def _term(text: str) -> str:
    return " ".join(text.replace("’", "'").lower().split())


@dataclass(frozen=True)
class Codebook:
    """What an analyst knows of the actors and terms of a corpus."""

    actors: ActorBook = field(default_factory=ActorBook)
    terms: TermBook = field(default_factory=TermBook)

    def __bool__(self) -> bool:
        return bool(self.actors.actors) or bool(self.terms)

    def as_settings(self) -> dict[str, Any]:
        """Return it in plain values, as a manifest keeps it."""
        if not self:
            return {}
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), ensure_ascii=False))
        return plain

    @classmethod
    def of_settings(cls, settings: Mapping[str, Any]) -> Codebook:
        """Take it from a manifest."""
        if not settings:
            return cls()
        actors = (
            Actor(one["name"], tuple(one["aliases"]), one["kind"], one["side"])
            for one in settings["actors"]["actors"]
        )
        terms = settings["terms"]
        return cls(
            ActorBook(tuple(actors)),
            TermBook(
                *(
                    {label: tuple(some) for label, some in terms[name].items()}
                    for name in ("always", "never")
                )
            ),
        )


def read_actors(path: str | Path) -> ActorBook:
    """Read ``actors.yaml``.

    Raises
    ------
    InputError
        If the file can't be read or says what can't be; it names the entry.
    """
    rows = _only(path, _loaded(path), ("actors",)).get("actors")
    if not isinstance(rows, list) or not rows:
        raise InputError(f"{path}: `actors` is {rows!r}; give a list of entries with a name each")
    actors = [_actor(f"{path}, actor {number}", row) for number, row in enumerate(rows, start=1)]
    owner: dict[str, str] = {}
    for actor in actors:
        for naming in actor.namings:
            other = owner.setdefault(_key(naming), actor.name)
            if other != actor.name:
                raise InputError(
                    f"{path}: {naming!r} stands for both {other!r} and {actor.name!r}; "
                    "leave it to one of them"
                )
    names = [actor.name for actor in actors]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(f"{path}: {twice!r} has two entries; join them")
    return ActorBook(tuple(actors))


def _actor(place: str, row: object) -> Actor:
    if not isinstance(row, Mapping):
        raise InputError(f"{place}: {row!r} is no entry; write `- name: …` with its aliases")
    row = _only(place, row, _FIELDS)
    name = row.get("name")
    if not isinstance(name, str) or not name.strip():
        raise InputError(f"{place}: its name is {name!r}; give it one in words")
    kind, side = row.get("kind"), row.get("side")
    if kind is not None and kind not in KINDS:
        raise InputError(f"{place} ({name}): unknown kind {kind!r}; kinds are {', '.join(KINDS)}")
    if side is not None and not isinstance(side, str):
        raise InputError(f"{place} ({name}): its side is {side!r}; give it in words")
    return Actor(name.strip(), _words(f"{place} ({name}), aliases", row.get("aliases")), kind, side)


def read_terms(path: str | Path) -> TermBook:
    """Read ``terms.yaml``.

    Raises
    ------
    InputError
        If the file can't be read or says what can't be; it names the place.
    """
    content = _only(path, _loaded(path), ("always", "never"))
    if not content:
        raise InputError(f"{path}: no terms in it; it has `always` and `never`, by label")
    books = {}
    for name, known in (("always", LABELS), ("never", (*LABELS, ANY))):
        by_label = content.get(name) or {}
        if not isinstance(by_label, Mapping):
            raise InputError(f"{path}: `{name}` is {by_label!r}; give a list of words by label")
        _only(f"{path}, {name}", by_label, known, "label")
        books[name] = {
            label: _words(f"{path}, {name}, {label}", terms) for label, terms in by_label.items()
        }
    for label, terms in books["always"].items():
        never = {_term(one) for key in (label, ANY) for one in books["never"].get(key, ())}
        if both := next((one for one in terms if _term(one) in never), None):
            raise InputError(f"{path}: {both!r} always and never counts as {label}; say one")
    return TermBook(books["always"], books["never"])


def _loaded(path: str | Path) -> Mapping[str, Any]:
    import yaml

    try:
        content = yaml.safe_load(Path(path).read_text("utf-8"))
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 ({error.reason})") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise InputError(f"{path}{where}: not YAML ({getattr(error, 'problem', error)})") from error
    if not isinstance(content, Mapping):
        raise InputError(f"{path}: holds {type(content).__name__}, not fields such as `actors:`")
    return content


def _only(
    place: str | Path, row: Mapping[Any, Any], known: Sequence[str], what: str = "field"
) -> Mapping[str, Any]:
    """Return a mapping if it holds nothing unknown."""
    for name in row:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}"
            raise InputError(f"{place}: unknown {what} {name!r}{hint}")
    return row


def _words(place: str, values: object) -> tuple[str, ...]:
    if values is None:
        return ()
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InputError(f"{place}: {values!r} is no list; write [one, another]")
    words = []
    for value in values:
        if not isinstance(value, str) or not value.strip():
            raise InputError(f"{place}: {value!r} is no phrase; put it in quotation marks")
        words.append(value.strip())
    return tuple(words)
