"""Passages of different outlets that tell the same thing, side by side.

Two sentences meet if each is the other's best counterpart between their two articles
(mutual nearest neighbours), and if they are alike enough for what they are: an utterance
in two translations shares its matter and its speaker, an act its kind and who is named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from slantwise.passage_vectors import (
    LEAST_RARITY_SAID,
    Word,
    actors_of,
    acts_of,
    content_words,
    names_of,
    passage_matrix,
)
from slantwise.records import VOICES
from slantwise.text import read_document
from slantwise.voice import Voices, find_voices

# Least likeness, a cosine from 0 to 1. Chosen by eye on the five reports of seeds/idlib.json,
# so that what is lined up there is no independent check of them.
LEAST = {"utterance": 0.25, "act": 0.16, "fact": 0.3}
_LEAST_OF_NAMED = 0.06  # of an act, where both share two names or an actor's two words
COVERED = 0.12  # likeness from which an article tells something of a passage, too
MOST_ARTICLES = 60  # that are read side by side
_FEWEST_WORDS = 4  # content words of a passage that can be compared
_SAME_ACTOR, _SAME_ACT, _SAME_SPEAKER = 0.1, 0.05, 0.05  # added to choose between candidates
_QUOTE, _REPORTED = VOICES.index("quote"), VOICES.index("reported")


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of one article."""

    article: int  # its row
    start: int  # code points into the article's text
    end: int
    words: tuple[Word, ...]
    said: tuple[Word, ...]  # those that a source says, common ones too
    voice: str  # of most of its words
    speaker: str | None
    acts: frozenset[str]
    names: frozenset[str]
    actors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Line:
    """One telling in a group: a passage, and what of it no other telling has."""

    passage: Passage
    only_here: tuple[tuple[int, int], ...]  # content words, in code points of the text


@dataclass(frozen=True, slots=True)
class Group:
    """Passages of different outlets that tell the same thing."""

    kind: str  # "utterance", "act" or "fact"
    likeness: float  # mean over the pairs that were lined up
    lines: tuple[Line, ...]


def read_passages(texts: Sequence[str], titles: Sequence[str]) -> list[Passage]:
    """Cut articles into the sentences that can be compared; boilerplate is left out."""
    found = []
    for article, (text, title) in enumerate(zip(texts, titles, strict=True)):
        document = read_document(text, title)
        voices = find_voices(document)
        edges = np.searchsorted(document.token_sentence, np.arange(len(document.sentences) + 1))
        for number, (start, end) in enumerate(document.sentences.tolist()):
            first, last = int(edges[number]), int(edges[number + 1])
            words = content_words(text, start, end)
            if len(words) < _FEWEST_WORDS or not document.scored[first:last].any():
                continue
            found.append(_passage(article, (start, end), (first, last), words, voices))
    return found


def _passage(
    article: int,
    extent: tuple[int, int],
    tokens: tuple[int, int],
    words: Sequence[Word],
    voices: Voices,
) -> Passage:
    first, last = tokens
    counts = np.bincount(voices.token_voice[first:last], minlength=len(VOICES))
    sayer = _QUOTE if counts[_QUOTE] >= _FEWEST_WORDS else _REPORTED
    source = voices.speaker(first, last, sayer) if counts[sayer] else None
    by_source = np.flatnonzero(voices.token_voice[first:last] == sayer) + first
    starts = set(voices.tokens.start[by_source].tolist())
    said = content_words(voices.text, *extent, LEAST_RARITY_SAID)
    return Passage(
        article=article,
        start=extent[0],
        end=extent[1],
        words=tuple(words),
        said=tuple(word for word in said if word.start in starts),
        voice=VOICES[int(counts.argmax())],
        speaker=voices.text[slice(*source)] if source else None,
        acts=acts_of(words),
        names=names_of(words),
        actors=actors_of(words),
    )


def align(passages: Sequence[Passage], outlets: Sequence[str]) -> tuple[list[Group], Square]:
    """Line up passages of different outlets.

    Parameters
    ----------
    passages : sequence of Passage, by article
    outlets : sequence of str, one an article

    Returns
    -------
    groups : list of Group, those of utterances first, the most alike first
    likeness : ndarray of shape (n_passages, n_passages)
    """
    if not passages:
        return [], np.zeros((0, 0))
    likeness = _likeness([one.words for one in passages])
    said = _likeness([one.said for one in passages])
    # What is said is looked for before what is told: the frame around it may differ.
    utterances = _joined(_links(passages, outlets, said, _utterance), passages, outlets)
    taken = [at for members, _ in utterances for at in members]
    untaken = likeness.copy()
    untaken[taken], untaken[:, taken] = 0, 0
    told = _joined(_links(passages, outlets, untaken, _act_or_fact), passages, outlets)
    found = []
    for members, pairs in utterances + told:
        kinds = [kind for *_, kind in pairs]
        kind = max(sorted(set(kinds), key=KINDS.index), key=kinds.count)
        mean = float(np.mean([alike for _, _, alike, _ in pairs]))
        found.append(Group(kind, mean, _lines([passages[at] for at in members])))
    found.sort(key=lambda one: (KINDS.index(one.kind), -len(one.lines), -one.likeness))
    return found, likeness


KINDS = ("utterance", "act", "fact")
Link = tuple[int, int, float, str]
Square = NDArray[np.float64]


def _likeness(words: Sequence[Sequence[Word]]) -> Square:
    matrix = passage_matrix(words)
    return np.asarray((matrix @ matrix.T).todense())


def _links(
    passages: Sequence[Passage],
    outlets: Sequence[str],
    likeness: Square,
    kind_of: Callable[[Passage, Passage, float], str | None],
) -> list[Link]:
    """Link passages that are each other's best counterpart between their two articles."""
    rows: dict[int, list[int]] = {}
    for number, one in enumerate(passages):
        rows.setdefault(one.article, []).append(number)
    links = []
    for a, b in combinations(sorted(rows), 2):
        if outlets[a] == outlets[b]:
            continue
        alike = likeness[np.ix_(rows[a], rows[b])]
        block = alike + _bonus(passages, rows[a], rows[b], alike)
        best_b, best_a = block.argmax(axis=1), block.argmax(axis=0)
        for i in np.flatnonzero(best_a[best_b] == np.arange(len(best_b))).tolist():
            first, second = rows[a][i], rows[b][int(best_b[i])]
            value = float(alike[i, best_b[i]])
            kind = kind_of(passages[first], passages[second], value)
            if kind is not None:
                links.append((first, second, value, kind))
    return links


def _bonus(
    passages: Sequence[Passage], a: Sequence[int], b: Sequence[int], alike: Square
) -> Square:
    """Prefer, of passages about as alike, those of one speaker, of one act, of one actor."""
    bonus = np.zeros(alike.shape)
    for i, j in zip(*np.nonzero(alike > _LEAST_OF_NAMED), strict=True):
        one, other = passages[a[i]], passages[b[j]]
        act = bool(one.acts & other.acts and one.names & other.names)
        bonus[i, j] = (
            _SAME_SPEAKER * (_same_speaker(one, other) is True)
            + _SAME_ACT * act
            + _SAME_ACTOR * bool(act and one.actors & other.actors)
        )
    return bonus


def _utterance(one: Passage, other: Passage, alike: float) -> str | None:
    """Whether two passages give the same utterance: its matter, and no other speaker."""
    enough = min(len(one.said), len(other.said)) >= _FEWEST_WORDS
    same = _same_speaker(one, other) is not False
    return "utterance" if enough and same and alike >= LEAST["utterance"] else None


def _act_or_fact(one: Passage, other: Passage, alike: float) -> str | None:
    """Whether two passages tell the same act, by somebody who is named, or the same fact."""
    names = one.names & other.names
    if one.acts & other.acts and names:
        # Two names are an actor and a place, or somebody in full: then words may differ.
        named = len(names) >= 2 or one.actors & other.actors
        if alike >= (_LEAST_OF_NAMED if named else LEAST["act"]):
            return "act"
    return "fact" if alike >= LEAST["fact"] else None


def _same_speaker(one: Passage, other: Passage) -> bool | None:
    """Whether both have one speaker; None if that can't be told, as of "the minister"."""
    mine, theirs = _surname(one.speaker), _surname(other.speaker)
    return None if mine is None or theirs is None else mine == theirs


def _surname(speaker: str | None) -> str | None:
    """Return the last name of a speaker who is named.

    >>> _surname("Defence Minister Ada Moss"), _surname("the Kestrian leader"), _surname("He")
    ('moss', None, None)
    """
    words = (speaker or "").replace("’", "'").removesuffix("'s").split()
    if not words or not words[-1][:1].isupper() or words[-1].lower() in _PRONOUNS:
        return None
    return words[-1].strip(".,;:'").lower()


_PRONOUNS = {"he", "she", "they", "it", "who", "we", "i"}


def _joined(
    links: Sequence[Link], passages: Sequence[Passage], outlets: Sequence[str]
) -> list[tuple[list[int], list[Link]]]:
    """Join links into groups with one passage an outlet, the most alike first."""
    group_of: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    pairs: dict[int, list[Link]] = {}
    for number, link in enumerate(sorted(links, key=lambda one: (-one[2], one[:2]))):
        one, other = link[:2]
        mine, theirs = group_of.get(one), group_of.get(other)
        if mine is not None and mine == theirs:
            pairs[mine].append(link)
            continue
        joined = [at for at in (mine, theirs) if at is not None]
        together = [at for group in joined for at in members[group]]
        together += [at for at, group in ((one, mine), (other, theirs)) if group is None]
        names = [outlets[passages[at].article] for at in together]
        if len(set(names)) < len(names):
            continue
        kept = [link, *(pair for group in joined for pair in pairs[group])]
        for group in joined:
            del members[group], pairs[group]
        members[number], pairs[number] = sorted(together), kept
        group_of |= dict.fromkeys(together, number)
    return [(members[number], pairs[number]) for number in sorted(members)]


def _lines(passages: Sequence[Passage]) -> tuple[Line, ...]:
    holders: dict[str, int] = {}
    for one in passages:
        for name in {word.stem for word in one.words}:
            holders[name] = holders.get(name, 0) + 1
    return tuple(
        Line(
            one,
            tuple((word.start, word.end) for word in one.words if holders[word.stem] == 1),
        )
        for one in passages
    )


def coverage(
    passages: Sequence[Passage], likeness: NDArray[np.float64], outlets: Sequence[str]
) -> Mapping[str, NDArray[np.float64]]:
    """Return for each outlet how well its articles cover each passage, by its best sentence."""
    own = np.array([outlets[one.article] for one in passages])
    return {name: likeness[:, own == name].max(axis=1) for name in dict.fromkeys(own.tolist())}
