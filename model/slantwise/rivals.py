"""Who competes for a span: the mentions near it and nobody, with the figures that decide.

Everything that is told of a mention alone is worked out once for each mention; what
is told of a pair is then a gather and a few comparisons.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.cues import cue_book
from slantwise.features import TypeRows
from slantwise.labeller import Extents
from slantwise.layout import Layout
from slantwise.mentions import Mentions, find_mentions
from slantwise.records import LABELS, VOICES

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

AIMS = ("after", "before", "inside", "none")
_AFTER, _BEFORE, _INSIDE, _NONE = range(len(AIMS))
_BOOK = cue_book()
_PREPOSITIONS = _BOOK.words["prepositions"]
_AUXILIARIES = _BOOK.words["auxiliaries"]
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


@dataclass(frozen=True, slots=True)
class Choices:
    """Who competes for each span: parallel arrays of shape (n_choices,).

    ``mention`` is an index into the mentions, -1 for nobody; the choices of a
    span lie together, nobody first.
    """

    span: Ints
    mention: Ints
    figures: NDArray[np.float64]  # (n_choices, len(FIGURES))

    @property
    def edges(self) -> Ints:
        """Where the choices of each span begin."""
        return np.flatnonzero(self.mention < 0)


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
    """Return who competes for each span, with the figures that decide.

    Parameters
    ----------
    aims : ndarray of shape (n_spans, len(AIMS))
        Chance that the target is named there, seen from the span.
    """
    extents = spans.extents
    document = np.searchsorted(layout.token_edges, extents.first, "right") - 1
    near = np.searchsorted(mentions.first, extents.first)
    low = np.maximum(np.searchsorted(mentions.first, layout.token_edges[document]), near - _REACH)
    high = np.minimum(
        np.searchsorted(mentions.first, layout.token_edges[document + 1]), near + _REACH
    )
    size = high - low + 1
    span = np.repeat(np.arange(len(extents)), size)
    place = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size)
    mention = np.where(place == 0, -1, np.repeat(low, size) + place - 1)
    figures = np.zeros((len(span), len(FIGURES)))
    rows = np.flatnonzero(mention >= 0)
    log_aims = np.log(np.maximum(aims, 1e-4))
    pairs = _Pairs.of(layout, spans, mentions, span[rows], mention[rows])
    told = _told_of_pairs(pairs, _told_of_mentions(types, layout, mentions), spans, log_aims)
    for name, values in told.items():
        figures[rows, _AT[name]] = values
    _by_label(figures, rows, pairs, spans.label)
    nobody = np.flatnonzero(mention < 0)
    named_near = np.bincount(
        pairs.span[(pairs.side <= _AFTER_IT) & mentions.named[pairs.mention]],
        minlength=len(extents),
    )
    figures[nobody, _AT["nobody"]] = 1.0
    figures[nobody, _AT["aim of nobody"]] = log_aims[:, _NONE]
    figures[nobody, _AT["nobody outlet"]] = extents.voice == VOICES.index("outlet")
    figures[nobody, _AT["nobody named near"]] = named_near > 0
    figures[nobody, _AT[f"nobody {LABELS[0]}"] + spans.label] = 1.0
    return Choices(span, mention, figures)


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
        cls, layout: Layout, spans: TargetSpans, mentions: Mentions, span: Ints, mention: Ints
    ) -> _Pairs:
        """Set spans and mentions beside each other."""
        words, sentence = layout.words, layout.token_sentence
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
        commas = np.concatenate([[0], np.cumsum([word == "," for word in words])])
        previous = np.append(0, mentions.last[:-1])[mention]
        since = np.minimum(np.maximum(previous, end), first)
        commas_before = _neighbours(layout, spans.extents.first, -1)
        participle = _flags(
            words[at].endswith("ing") and word == ","
            for at, word in zip(spans.extents.first.tolist(), commas_before, strict=True)
        )
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


def _told_of_mentions(
    types: TypeRows, layout: Layout, mentions: Mentions
) -> dict[str, NDArray[np.float64] | Flags]:
    """Return what is told of each mention whatever the span, by name."""
    words, sentence = layout.words, layout.token_sentence
    before = [word.lower() for word in _neighbours(layout, mentions.first, -1)]
    following = _neighbours(layout, mentions.last, 0)
    starts = layout.sentence_starts[sentence[mentions.first]]
    return {
        "article": _flags(words[at].lower() in ("the", "a", "an") for at in mentions.first),
        "possessive": _flags(word in ("'", "’") for word in following),
        "after of": _flags(word == "of" for word in before),
        "after by": _flags(word == "by" for word in before),
        "after a preposition": _flags(word in _PREPOSITIONS for word in before),
        "before a verb": _flags(map(_is_verb, following)),
        "opens its sentence": mentions.first - starts <= 1,
        "first of its sentence": np.append(True, np.diff(sentence[mentions.first]) != 0)[
            : len(mentions)
        ],
        "named": mentions.named,
        "pronoun": mentions.pronoun,
        "actor": types.columns("actor")[types.row[mentions.last - 1], 0].astype(np.float64),
        "times mentioned": np.log(_times(words, mentions, layout)),
    }


def _told_of_pairs(
    pairs: _Pairs,
    alone: dict[str, NDArray[np.float64] | Flags],
    spans: TargetSpans,
    log_aims: NDArray[np.float64],
) -> dict[str, NDArray[np.float64] | Flags]:
    """Return the figures of each pair, by name."""
    told = {name: values[pairs.mention] for name, values in alone.items() if name in _AT}
    article, possessive = alone["article"][pairs.mention], alone["possessive"][pairs.mention]
    before, after = pairs.side == _BEFORE_IT, pairs.side == _AFTER_IT
    earlier = before | (pairs.side == _SENTENCE_BEFORE) | (pairs.side == _FURTHER_BEFORE)
    leads, verb = told["first of its sentence"], told["before a verb"]
    near_pronoun = np.bincount(
        pairs.span[before & (told["pronoun"] > 0)], minlength=len(spans.extents)
    )[pairs.span].astype(bool)
    aim = np.select([pairs.side == _IN_IT, earlier], [_INSIDE, _BEFORE], _AFTER)
    label, voice = spans.label[pairs.span], spans.extents.voice[pairs.span]
    speaks = _speaks(spans.speaker, pairs)
    for number, name in enumerate(_SIDES):
        told[name] = pairs.side == number
        if number:
            told[f"distance {name}"] = np.log1p(pairs.gap) * told[name]
    return told | {
        "aim": log_aims[pairs.span, aim],
        "nearest before": _last_of_its_run(pairs.span, before),
        "nearest after": _first_of_its_run(pairs.span, after),
        "touches before": before & (pairs.gap == 0),
        "touches after": after & (pairs.gap <= 1 + article),
        "possessive before": earlier & (pairs.gap <= 4) & (possessive > 0),
        "after of": ~earlier & (pairs.gap <= 4) & (told["after of"] > 0),
        "leads to a participle": (leads > 0) & before & pairs.participle,
        "after the opening clause": pairs.opens & after & pairs.comma_first,
        "after a preposition, before": (told["after a preposition"] > 0) & before,
        "before a verb, before": (verb > 0) & before,
        "before a verb, imputed-motive": (verb > 0) & (label == LABELS.index("imputed-motive")),
        "speaks": speaks,
        "speaks quote": speaks & (voice == VOICES.index("quote")),
        "pronoun near, sentence before": near_pronoun & (pairs.side == _SENTENCE_BEFORE),
        "pronoun near, leads before": near_pronoun & (pairs.side == _SENTENCE_BEFORE) & (leads > 0),
        "pronoun near, further": near_pronoun & (pairs.side == _FURTHER_BEFORE),
    }


def _by_label(figures: NDArray[np.float64], rows: Ints, pairs: _Pairs, label: Ints) -> None:
    """Tell each label where its mentions stand."""
    sides = {"inside": [_IN_IT], "after": [_AFTER_IT, len(_SIDES) - 1]}
    sides["before"] = [_BEFORE_IT, _SENTENCE_BEFORE, _FURTHER_BEFORE]
    for name, members in sides.items():
        here = np.isin(pairs.side, members)
        figures[rows[here], _AT[f"{name} {LABELS[0]}"] + label[pairs.span[here]]] = 1.0


def _neighbours(layout: Layout, at: Ints, step: int) -> list[str]:
    """Return the words beside these places, "" beyond the ends of their documents."""
    edges = set(layout.token_edges.tolist())
    return ["" if place in edges else layout.words[place + step] for place in at.tolist()]


def _is_verb(word: str) -> bool:
    """Whether a word after a name is, in all likelihood, its verb."""
    return word.islower() and (word in _BOOK.classes or word in _AUXILIARIES or word.endswith("ed"))


def _flags(values: Iterable[bool]) -> Flags:
    return np.array(list(values), dtype=bool)


def _last_of_its_run(span: Ints, here: Flags) -> Flags:
    following = np.append((span[1:] == span[:-1]) & here[1:], False)[: len(span)]
    return np.asarray(here & ~following)


def _first_of_its_run(span: Ints, here: Flags) -> Flags:
    previous = np.append(False, (span[1:] == span[:-1]) & here[:-1])[: len(span)]
    return np.asarray(here & ~previous)


def _times(words: Sequence[str], mentions: Mentions, layout: Layout) -> NDArray[np.float64]:
    """Return how often the last word of each mention names somebody in its document."""
    document = np.searchsorted(layout.token_edges, mentions.first, "right") - 1
    last = mentions.last.tolist()
    keys = [(at, words[end - 1]) for at, end in zip(document.tolist(), last, strict=True)]
    counts: dict[tuple[int, str], int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return np.array([counts[key] for key in keys], dtype=np.float64)


def _speaks(speaker: Sequence[tuple[int, int] | None], pairs: _Pairs) -> Flags:
    """Return whether the mention of each pair names who says the span."""
    ranges = np.array([one or (-1, -1) for one in speaker]).reshape(-1, 2)[pairs.span]
    first, last = pairs.first, pairs.last
    return np.asarray((first < ranges[:, 1]) & (last > ranges[:, 0]))
