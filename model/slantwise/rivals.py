"""Who competes for a span: the mentions near it and nobody, with the figures that decide.

Everything that is told of a mention alone is worked out once for each mention; what
is told of a pair is then a gather and a few comparisons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.features import TypeRows
from slantwise.labeller import Extents
from slantwise.layout import Layout
from slantwise.mentions import Mentions, find_mentions
from slantwise.records import LABELS, VOICES
from slantwise.traits import (
    APOSTROPHE,
    ARTICLE,
    BY,
    COMMA,
    ENDS_ING,
    OF,
    PREPOSITION,
    VERB,
    Traits,
)

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

AIMS = ("after", "before", "inside", "none")
_AFTER, _BEFORE, _INSIDE, _NONE = range(len(AIMS))
_OPENING = 2  # tokens before a span that still opens its sentence
_REACH = 12  # mentions considered on either side of a span
_SIDES = ("inside", "before", "after", "sentence before", "further before", "sentence after")
_IN_IT, _BEFORE_IT, _AFTER_IT, _SENTENCE_BEFORE, _FURTHER_BEFORE = range(5)
FIGURES = (
    *_SIDES,
    *(f"distance {side}" for side in _SIDES[1:]),
    *("aim", "nearest before", "nearest after", "touches before", "touches after"),
    *("possessive before", "after of", "after by", "opens its sentence"),
    *("first of its sentence", "leads to a participle", "after the opening clause"),
    *("after a preposition", "after a preposition, before"),
    *("before a verb", "before a verb, before", "before a verb, imputed-motive"),
    *("named", "pronoun", "actor", "times mentioned", "speaks", "speaks quote"),
    *("pronoun near, sentence before", "pronoun near, leads before", "pronoun near, further"),
    *(f"{side} {label}" for side in ("inside", "before", "after") for label in LABELS),
    *("nobody", "aim of nobody", "nobody outlet", "nobody named near"),
    *(f"nobody {label}" for label in LABELS),
)
_AT = {name: number for number, name in enumerate(FIGURES)}


@dataclass(frozen=True, slots=True)
class TargetSpans:
    """Spans whose targets are asked for, in the order of the layout."""

    extents: Extents
    label: NDArray[np.int64]  # index into LABELS
    speaker: list[tuple[int, int] | None]  # tokens that name who says it


# Figures by name, each over all of something.
Told = dict[str, NDArray[np.float64] | Flags]


@dataclass(frozen=True, slots=True)
class Choices:
    """Who competes for each span: parallel arrays of shape (n_choices,).

    ``mention`` is an index into the mentions, -1 for nobody; the choices of a
    span lie together, nobody first.
    """

    span: Ints
    mention: Ints
    alone: Told  # of each mention whatever the span
    paired: Told  # of each span and mention
    nobody: Told  # of each span and nobody

    @property
    def edges(self) -> Ints:
        """Where the choices of each span begin."""
        return np.flatnonzero(self.mention < 0)

    @property
    def figures(self) -> NDArray[np.float64]:
        """What is known of each choice, shape (n_choices, len(FIGURES))."""
        figures = np.zeros((len(self.span), len(FIGURES)))
        somebody, nobody = self.mention >= 0, self.mention < 0
        for name, values in self.alone.items():
            figures[somebody, _AT[name]] = values[self.mention[somebody]]
        for rows, told in ((somebody, self.paired), (nobody, self.nobody)):
            for name, values in told.items():
                figures[rows, _AT[name]] = values
        return figures

    def odds(self, weights: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return ``figures @ weights``, shape (n_choices,), without building the figures.

        Most of them are 0, and those of a mention are added up once for all its spans.
        """
        somebody = self.mention >= 0
        odds = np.zeros(len(self.span))
        odds[somebody] = (
            _weighted(self.paired, weights) + _weighted(self.alone, weights)[self.mention[somebody]]
        )
        odds[~somebody] = _weighted(self.nobody, weights)
        return odds


def _weighted(told: Told, weights: NDArray[np.floating]) -> NDArray[np.float64]:
    total = np.zeros(len(next(iter(told.values()))))
    for name, values in told.items():
        weight = float(weights[_AT[name]])
        if values.dtype == np.bool_:
            total[values] += weight
        else:
            total += weight * values
    return total


def mentions_of(types: TypeRows, layout: Layout, extents: Extents) -> Mentions:
    """Find the mentions of the documents that have spans."""
    begins = _edges(layout)[:-1]
    opens = np.zeros(len(layout.words), dtype=bool)
    opens[layout.sentence_starts[layout.lengths > 0]] = True
    asked = np.zeros(len(layout.token_edges) - 1, dtype=bool)
    asked[_document_of(layout, extents.first)] = True
    here = np.repeat(asked, np.diff(layout.token_edges))
    actor = np.where(here, types.columns("actor")[:, 0][types.row], -np.inf)
    return find_mentions(np.where(here, types.traits, np.uint32(0)), opens, begins, actor)


def choices_of(
    types: TypeRows,
    layout: Layout,
    spans: TargetSpans,
    mentions: Mentions,
    aims: NDArray[np.float64],
) -> Choices:
    """Return who competes for each span, with the figures that decide.

    Parameters
    ----------
    aims : ndarray of shape (n_spans, len(AIMS))
        Chance that the target is named there, seen from the span.
    """
    extents = spans.extents
    document = _document_of(layout, extents.first)
    near = np.searchsorted(mentions.first, extents.first)
    low = np.maximum(np.searchsorted(mentions.first, layout.token_edges[document]), near - _REACH)
    high = np.minimum(
        np.searchsorted(mentions.first, layout.token_edges[document + 1]), near + _REACH
    )
    size = high - low + 1
    span = np.repeat(np.arange(len(extents)), size)
    place = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size)
    mention = np.where(place == 0, -1, np.repeat(low, size) + place - 1)
    rows = np.flatnonzero(mention >= 0)
    log_aims = np.log(np.maximum(aims, 1e-4))
    pairs = _Pairs.of(types, layout, spans, mentions, span[rows], mention[rows])
    alone = _told_of_mentions(types, layout, mentions)
    paired = _told_of_pairs(pairs, alone, spans, log_aims)
    named_near = np.bincount(
        pairs.span[(pairs.side <= _AFTER_IT) & mentions.named[pairs.mention]],
        minlength=len(extents),
    )
    nobody: Told = {
        "nobody": np.ones(len(extents), dtype=bool),
        "aim of nobody": log_aims[:, _NONE],
        "nobody outlet": extents.voice == VOICES.index("outlet"),
        "nobody named near": named_near > 0,
    } | {f"nobody {label}": spans.label == number for number, label in enumerate(LABELS)}
    alone = {name: values for name, values in alone.items() if name in _AT and name not in paired}
    return Choices(span, mention, alone, paired, nobody)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """A span and a mention each: parallel arrays of shape (n_pairs,)."""

    span: Ints
    mention: Ints
    first: Ints  # tokens of the mention, half-open
    last: Ints
    side: Ints  # index into _SIDES, seen from the span
    gap: Ints  # tokens between the two
    comma_first: Flags  # the first to be named after the first comma after the span
    participle: Flags  # of the span: ", liberating the suburbs"
    opens: Flags  # the span opens its sentence

    @classmethod
    def of(
        cls,
        types: TypeRows,
        layout: Layout,
        spans: TargetSpans,
        mentions: Mentions,
        span: Ints,
        mention: Ints,
    ) -> _Pairs:
        """Set spans and mentions beside each other."""
        traits, sentence = types.traits, layout.token_sentence
        start, end = spans.extents.first[span], spans.extents.last[span]
        first, last = mentions.first[mention], mentions.last[mention]
        apart = sentence[first] - sentence[start]
        inside = (first < end) & (last > start)
        before, after = ~inside & (first < start), ~inside & (first >= end)
        side = np.select(
            [inside, before & (apart == 0), after & (apart == 0), before & (apart == -1), before],
            range(5),
            5,
        )
        phrase = np.maximum(mentions.phrase[mention], end)
        gap = np.where(before, start - last, np.where(after, phrase - end, 0))
        commas = np.concatenate([[0], np.cumsum(traits & COMMA > 0)])
        previous = np.append(0, mentions.last[:-1])[mention]
        since = np.minimum(np.maximum(previous, end), first)
        comma_before = _beside(traits, layout, spans.extents.first, -1) & COMMA > 0
        participle = (traits[spans.extents.first] & ENDS_ING > 0) & comma_before
        return cls(
            span,
            mention,
            first,
            last,
            side,
            gap,
            (commas[first] > commas[since]) & (commas[since] == commas[end]),
            participle[span],
            start - layout.sentence_starts[sentence[start]] <= _OPENING,
        )


def _told_of_mentions(types: TypeRows, layout: Layout, mentions: Mentions) -> Told:
    """Return what is told of each mention whatever the span, by name."""
    traits, sentence = types.traits, layout.token_sentence
    before = _beside(traits, layout, mentions.first, -1)
    following = _beside(traits, layout, mentions.last, 0)
    starts = layout.sentence_starts[sentence[mentions.first]]
    return {
        "article": traits[mentions.first] & ARTICLE > 0,
        "possessive": following & APOSTROPHE > 0,
        "after of": before & OF > 0,
        "after by": before & BY > 0,
        "after a preposition": before & PREPOSITION > 0,
        "before a verb": following & VERB > 0,
        "opens its sentence": mentions.first - starts <= 1,
        "first of its sentence": np.append(True, np.diff(sentence[mentions.first]) != 0)[
            : len(mentions)
        ],
        "named": mentions.named,
        "pronoun": mentions.pronoun,
        "actor": types.columns("actor")[types.row[mentions.last - 1], 0].astype(np.float64),
        "times mentioned": np.log(_times(types, mentions, layout)),
    }


def _told_of_pairs(
    pairs: _Pairs,
    alone: Told,
    spans: TargetSpans,
    log_aims: NDArray[np.float64],
) -> Told:
    """Return the figures of each pair, by name."""
    article, possessive, of, pronoun, leads, verb, led = (
        alone[name][pairs.mention].astype(bool)
        for name in (
            *("article", "possessive", "after of", "pronoun"),
            *("first of its sentence", "before a verb", "after a preposition"),
        )
    )
    before, after = pairs.side == _BEFORE_IT, pairs.side == _AFTER_IT
    earlier = before | (pairs.side == _SENTENCE_BEFORE) | (pairs.side == _FURTHER_BEFORE)
    near_pronoun = np.bincount(pairs.span[before & pronoun], minlength=len(spans.extents))[
        pairs.span
    ].astype(bool)
    aim = np.select([pairs.side == _IN_IT, earlier], [_INSIDE, _BEFORE], _AFTER)
    label, voice = spans.label[pairs.span], spans.extents.voice[pairs.span]
    speaks = _speaks(spans.speaker, pairs)
    distance = np.log1p(pairs.gap)
    told: Told = {}
    for number, name in enumerate(_SIDES):
        told[name] = pairs.side == number
        if number:
            told[f"distance {name}"] = distance * told[name]
    return (
        told
        | _told_to_labels(pairs, label)
        | {
            "aim": log_aims[pairs.span, aim],
            "nearest before": _last_of_its_run(pairs.span, before),
            "nearest after": _first_of_its_run(pairs.span, after),
            "touches before": before & (pairs.gap == 0),
            "touches after": after & (pairs.gap <= 1 + article),
            "possessive before": earlier & (pairs.gap <= 4) & possessive,
            "after of": ~earlier & (pairs.gap <= 4) & of,
            "leads to a participle": leads & before & pairs.participle,
            "after the opening clause": pairs.opens & after & pairs.comma_first,
            "after a preposition, before": led & before,
            "before a verb, before": verb & before,
            "before a verb, imputed-motive": verb & (label == LABELS.index("imputed-motive")),
            "speaks": speaks,
            "speaks quote": speaks & (voice == VOICES.index("quote")),
            "pronoun near, sentence before": near_pronoun & (pairs.side == _SENTENCE_BEFORE),
            "pronoun near, leads before": near_pronoun & (pairs.side == _SENTENCE_BEFORE) & leads,
            "pronoun near, further": near_pronoun & (pairs.side == _FURTHER_BEFORE),
        }
    )


def _told_to_labels(pairs: _Pairs, label: Ints) -> Told:
    """Tell each label where its mentions stand."""
    sides = {"inside": [_IN_IT], "after": [_AFTER_IT, len(_SIDES) - 1]}
    sides["before"] = [_BEFORE_IT, _SENTENCE_BEFORE, _FURTHER_BEFORE]
    told: Told = {}
    for name, members in sides.items():
        here = np.isin(pairs.side, members)
        for number, one in enumerate(LABELS):
            told[f"{name} {one}"] = here & (label == number)
    return told


def _document_of(layout: Layout, tokens: Ints) -> Ints:
    return np.asarray(np.searchsorted(layout.token_edges, tokens, "right") - 1)


def _edges(layout: Layout) -> Flags:
    """Return where documents begin or end, shape (n_tokens + 1,)."""
    edges = np.zeros(len(layout.words) + 1, dtype=bool)
    edges[layout.token_edges] = True
    return edges


def _beside(traits: Traits, layout: Layout, at: Ints, step: int) -> Traits:
    """Return the traits beside these places, none beyond the ends of their documents."""
    places = np.minimum(at + step, len(traits) - 1)
    return np.where(_edges(layout)[at], np.uint32(0), traits[places])


def _last_of_its_run(span: Ints, here: Flags) -> Flags:
    following = np.append((span[1:] == span[:-1]) & here[1:], False)[: len(span)]
    return np.asarray(here & ~following)


def _first_of_its_run(span: Ints, here: Flags) -> Flags:
    previous = np.append(False, (span[1:] == span[:-1]) & here[:-1])[: len(span)]
    return np.asarray(here & ~previous)


def _times(types: TypeRows, mentions: Mentions, layout: Layout) -> NDArray[np.float64]:
    """Return how often the last word of each mention names somebody in its document."""
    word = types.row[mentions.last - 1].astype(np.int64)
    keys = _document_of(layout, mentions.first) * (1 + word.max(initial=0)) + word
    _, same, counts = np.unique(keys, return_inverse=True, return_counts=True)
    return np.asarray(counts[same], dtype=np.float64)


def _speaks(speaker: Sequence[tuple[int, int] | None], pairs: _Pairs) -> Flags:
    """Return whether the mention of each pair names who says the span."""
    ranges = np.array([one or (-1, -1) for one in speaker]).reshape(-1, 2)[pairs.span]
    first, last = pairs.first, pairs.last
    return np.asarray((first < ranges[:, 1]) & (last > ranges[:, 0]))
