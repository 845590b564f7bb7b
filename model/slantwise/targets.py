"""Whose image a span affects, and how.

Every mention near a span, and nobody at all, compete for it: a conditional
logit over a few figures of span and mention (McFadden, "Conditional logit
analysis of qualitative choice behavior", 1974). Where a span's words point,
back to a doer or on to whoever is hit, is told by a classifier of its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.cues import cue_book
from slantwise.features import TypeRows
from slantwise.labeller import Extents, SpanHead
from slantwise.layout import Layout
from slantwise.mentions import Mentions, find_mentions
from slantwise.records import LABELS, VOICES

AIMS = ("after", "before", "inside", "none")
_AFTER, _BEFORE, _INSIDE, _NONE = range(len(AIMS))
_BOOK = cue_book()
_PREPOSITIONS = _BOOK.words["prepositions"]
_OPENING = 2  # tokens before a span that still opens its sentence
_REACH = 12  # mentions considered on either side of a span
_SIDES = ("inside", "before", "after", "sentence before", "further before", "sentence after")
FIGURES = (
    *_SIDES,
    *(f"distance {side}" for side in _SIDES[1:]),
    *("aim", "nearest before", "nearest after", "touches before", "touches after"),
    *("possessive before", "after of", "after by", "opens its sentence"),
    *("first of its sentence", "leads to a participle", "after the opening clause"),
    *("after a preposition", "before a verb", "before a verb, before", "before a verb, euphemism"),
    *("after a preposition, before", "before a verb, imputed-motive"),
    *("named", "pronoun", "actor", "times mentioned", "speaks"),
    *("pronoun near, sentence before", "pronoun near, leads before", "pronoun near, further"),
    *("one name only", "follows a pronoun"),
    *(f"inside {label}" for label in LABELS),
    *(f"before {label}" for label in LABELS),
    *(f"after {label}" for label in LABELS),
    *("speaks quote", "speaks reported"),
    *("nobody", "aim of nobody", *(f"nobody {label}" for label in LABELS)),
    *("nobody outlet", "nobody named near"),
)
_AT = {name: number for number, name in enumerate(FIGURES)}


@dataclass(frozen=True, slots=True)
class Choices:
    """Who competes for each span: parallel arrays of shape (n_choices,).

    ``mention`` is an index into the mentions, -1 for nobody; the choices of a
    span lie together, nobody first.
    """

    span: NDArray[np.int64]
    mention: NDArray[np.int64]
    figures: NDArray[np.float64]  # (n_choices, len(FIGURES))

    @property
    def edges(self) -> NDArray[np.int64]:
        """Where the choices of each span begin."""
        return np.flatnonzero(self.mention < 0)


@dataclass(frozen=True, slots=True)
class TargetFinder:
    """Weights of a fitted :class:`slantwise.training.targets.TargetRanker`."""

    weights: NDArray[np.float32]  # (len(FIGURES),)
    aim: SpanHead
    valence: SpanHead
    valence_of_label: NDArray[np.float32]  # (len(LABELS), n_valences), log odds against the whole

    def find(
        self, types: TypeRows, layout: Layout, spans: TargetSpans
    ) -> tuple[list[tuple[int, int] | None], list[str | None]]:
        """Return the tokens that name the target of each span, if any, and the valence."""
        if not len(spans.extents):
            return [], []
        mentions = mentions_of(types, layout, spans.extents)
        aims = in_order(self.aim.probabilities(types, layout, spans.extents), self.aim.classes)
        choices = choices_of(types, layout, spans, mentions, aims)
        edges = choices.edges
        odds = choices.figures @ self.weights.astype(np.float64)
        ends = np.append(edges[1:], len(odds))
        targets: list[tuple[int, int] | None] = []
        for low, high in zip(edges, ends, strict=True):
            chosen = int(choices.mention[low + int(odds[low:high].argmax())])
            found = (
                None if chosen < 0 else (int(mentions.first[chosen]), int(mentions.last[chosen]))
            )
            targets.append(found)
        chances = self.valence.probabilities(types, layout, spans.extents)
        polarity = (np.log(chances) + self.valence_of_label[spans.label]).argmax(axis=1)
        valence = [
            None if target is None else self.valence.classes[at]
            for target, at in zip(targets, polarity, strict=True)
        ]
        return targets, valence


@dataclass(frozen=True, slots=True)
class TargetSpans:
    """Spans whose targets are asked for, in the order of the layout."""

    extents: Extents
    label: NDArray[np.int64]  # index into LABELS
    speaker: list[tuple[int, int] | None]  # tokens that name who says it


def in_order(chances: NDArray[np.float64], classes: Sequence[str]) -> NDArray[np.float64]:
    """Return chances in the order of ``AIMS``; what was never learned has none."""
    ordered = np.zeros((len(chances), len(AIMS)))
    ordered[:, [AIMS.index(name) for name in classes]] = chances
    return ordered


def mentions_of(types: TypeRows, layout: Layout, extents: Extents) -> Mentions:
    """Find the mentions of the documents that have spans."""
    actor = types.columns("actor")[:, 0]
    opens = np.zeros(len(layout.words), dtype=bool)
    opens[layout.sentence_starts[layout.lengths > 0]] = True
    parts = []
    for document in np.unique(np.searchsorted(layout.token_edges, extents.first, "right") - 1):
        rows = layout.tokens_of(int(document))
        found = find_mentions(layout.words[rows], opens[rows], actor[types.row[rows]])
        parts.append((found, rows.start))
    return Mentions(
        np.concatenate([part.first + start for part, start in parts]),
        np.concatenate([part.last + start for part, start in parts]),
        np.concatenate([part.phrase + start for part, start in parts]),
        np.concatenate([part.named for part, _ in parts]),
        np.concatenate([part.pronoun for part, _ in parts]),
    )


def choices_of(
    types: TypeRows,
    layout: Layout,
    spans: TargetSpans,
    mentions: Mentions,
    aims: NDArray[np.float64],
) -> Choices:
    """Return who competes for each span, with the figures that decide."""
    extents = spans.extents
    document = np.searchsorted(layout.token_edges, extents.first, "right") - 1
    low = np.searchsorted(mentions.first, layout.token_edges[document])
    high = np.searchsorted(mentions.first, layout.token_edges[document + 1])
    near = np.searchsorted(mentions.first, extents.first)
    low, high = np.maximum(low, near - _REACH), np.minimum(high, near + _REACH)
    size = high - low + 1
    span = np.repeat(np.arange(len(extents)), size)
    place = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size)
    mention = np.where(place == 0, -1, np.repeat(low, size) + place - 1)
    figures = _figures(types, layout, spans, mentions, aims, span, mention)
    return Choices(span, mention, figures)


def _figures(
    types: TypeRows,
    layout: Layout,
    spans: TargetSpans,
    mentions: Mentions,
    aims: NDArray[np.float64],
    span: NDArray[np.int64],
    mention: NDArray[np.int64],
) -> NDArray[np.float64]:
    figures = np.zeros((len(span), len(FIGURES)))
    log_aims = np.log(np.maximum(aims, 1e-4))
    nobody = np.flatnonzero(mention < 0)
    for name, value in (
        ("nobody", 1.0),
        ("aim of nobody", log_aims[:, _NONE]),
        ("nobody outlet", spans.extents.voice == VOICES.index("outlet")),
    ):
        figures[nobody, _AT[name]] = value
    figures[nobody, _AT[f"nobody {LABELS[0]}"] + spans.label] = 1.0

    rows = np.flatnonzero(mention >= 0)
    s, m = span[rows], mention[rows]
    first, last = mentions.first[m], mentions.last[m]
    start, end = spans.extents.first[s], spans.extents.last[s]
    sentence = layout.token_sentence
    apart = sentence[first] - sentence[start]
    inside = (first < end) & (last > start)
    before, after = ~inside & (first < start), ~inside & (first >= end)
    side = np.select(
        [inside, before & (apart == 0), after & (apart == 0), before & (apart == -1), before],
        range(5),
        5,
    )
    figures[rows, side] = 1.0
    phrase = np.maximum(mentions.phrase[m], end)
    gap = np.where(before, start - last, np.where(after, phrase - end, 0))
    outside = side > 0
    figures[rows[outside], len(_SIDES) - 1 + side[outside]] = np.log1p(gap[outside])
    aim = np.select([inside, before], [_INSIDE, _BEFORE], _AFTER)
    words = layout.words
    previous = [words[at - 1].lower() if at else "" for at in first]
    with_article = _flags(words[at].lower() in ("the", "a", "an") for at in first)
    possessive = _flags(at < len(words) and words[at] in ("'", "’") for at in last)
    is_near = (side == 1) & mentions.pronoun[m]
    near_pronoun = (np.bincount(s[is_near], minlength=len(spans.extents)) > 0)[s]
    # ", liberating the suburbs": what the subject of the sentence does besides.
    participle = _flags(
        at > 0 and words[at].endswith("ing") and words[at - 1] == "," for at in start
    )
    opens = start - layout.sentence_starts[sentence[start]] <= _OPENING
    commas = np.concatenate([[0], np.cumsum([word == "," for word in words])])
    ends_before = np.append(0, mentions.last[:-1])[m]
    since = np.minimum(np.maximum(ends_before, end), first)
    # The first to be named after the first comma, as in "Feigning grief, the envoy left".
    opening_clause = opens & (side == 2) & (commas[first] > commas[since])
    opening_clause &= commas[since] == commas[end]
    after_preposition = _flags(at > 0 and words[at - 1].lower() in _PREPOSITIONS for at in first)
    before_verb = _flags(at < len(words) and _is_verb(words[at]) for at in last)
    nearest_after = (side == 2) & _is_first_of_run(s, side == 2)
    leads = np.append(True, np.diff(sentence[mentions.first]) != 0)[m]
    columns = {
        "aim": log_aims[s, aim],
        "nearest before": (side == 1) & _is_last_of_run(s, side == 1),
        "nearest after": nearest_after,
        "touches before": (side == 1) & (gap == 0),
        "touches after": (side == 2) & (gap <= 1 + with_article),
        "possessive before": before & (gap <= 4) & possessive,
        "after of": after & (gap <= 4) & _flags(word == "of" for word in previous),
        "after by": _flags(word == "by" for word in previous),
        "opens its sentence": first - layout.sentence_starts[sentence[first]] <= 1,
        "first of its sentence": leads,
        "leads to a participle": leads & (side == 1) & participle,
        "after a preposition": after_preposition,
        "after a preposition, before": after_preposition & (side == 1),
        "before a verb": before_verb,
        "before a verb, before": before_verb & (side == 1),
        "before a verb, euphemism": before_verb & (spans.label[s] == LABELS.index("euphemism")),
        "before a verb, imputed-motive": before_verb
        & (spans.label[s] == LABELS.index("imputed-motive")),
        "after the opening clause": opening_clause,
        "pronoun near, sentence before": near_pronoun & (side == 3),
        "pronoun near, leads before": near_pronoun & (side == 3) & leads,
        "pronoun near, further": near_pronoun & (side == 4),
        "one name only": mentions.named[m] & (last - first == 1),
        "follows a pronoun": mentions.pronoun[np.maximum(m - 1, 0)] & (m > 0) & (side == 1),
        "named": mentions.named[m],
        "pronoun": mentions.pronoun[m],
        "actor": types.columns("actor")[types.row[last - 1], 0],
        "times mentioned": np.log(_times(words, mentions, layout)[m]),
        "speaks": _speaks(spans.speaker, s, first, last),
    }
    for name, values in columns.items():
        figures[rows, _AT[name]] = values
    label = spans.label[s]
    for name, here in (("inside", inside), ("before", before), ("after", after)):
        chosen = rows[here]
        figures[chosen, _AT[f"{name} {LABELS[0]}"] + label[here]] = 1.0
    speaks = figures[rows, _AT["speaks"]]
    for voice in ("quote", "reported"):
        here = spans.extents.voice[s] == VOICES.index(voice)
        figures[rows, _AT[f"speaks {voice}"]] = speaks * here
    close = np.bincount(s[(side <= 2) & mentions.named[m]], minlength=len(spans.extents))
    figures[nobody, _AT["nobody named near"]] = close > 0
    return figures


def _is_verb(word: str) -> bool:
    """Whether a word after a name is, in all likelihood, its verb."""
    return word.islower() and (
        word in _BOOK.classes or word in _BOOK.words["auxiliaries"] or word.endswith("ed")
    )


def _flags(values: Iterable[bool]) -> NDArray[np.bool_]:
    return np.array(list(values), dtype=bool)


def _is_last_of_run(span: NDArray[np.int64], here: NDArray[np.bool_]) -> NDArray[np.bool_]:
    following = np.append((span[1:] == span[:-1]) & here[1:], False)
    return np.asarray(here & ~following)


def _is_first_of_run(span: NDArray[np.int64], here: NDArray[np.bool_]) -> NDArray[np.bool_]:
    previous = np.append(False, (span[1:] == span[:-1]) & here[:-1])
    return np.asarray(here & ~previous)


def _times(words: Sequence[str], mentions: Mentions, layout: Layout) -> NDArray[np.float64]:
    """Return how often the last word of each mention names somebody in its document."""
    document = np.searchsorted(layout.token_edges, mentions.first, "right") - 1
    keys = [(at, words[last - 1]) for at, last in zip(document, mentions.last, strict=True)]
    counts: dict[tuple[int, str], int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return np.array([counts[key] for key in keys], dtype=np.float64)


def _speaks(
    speaker: Sequence[tuple[int, int] | None],
    span: NDArray[np.int64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
) -> NDArray[np.bool_]:
    ranges = np.array([(-1, -1) if one is None else one for one in speaker]).reshape(-1, 2)[span]
    return np.asarray((first < ranges[:, 1]) & (last > ranges[:, 0]))
