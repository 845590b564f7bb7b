"""Outlets side by side on one event: passages, words, names, and what is left out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from slantwise.alignment import (
    COVERED,
    MOST_ARTICLES,
    Group,
    Passage,
    align,
    coverage,
    read_passages,
)
from slantwise.errors import UsageError
from slantwise.in_words import one_line
from slantwise.records import OWN_VOICES
from slantwise.tallies import group_names, left_out, on_event, strings
from slantwise.wording import distinctive_words, own_words

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from slantwise.scores import Scores

PARTS = ("passages", "words", "naming", "omissions")
_PASSAGES = (
    "group", "kind", "likeness", "outlet", "article_id", "start", "end", "text", "voice", "speaker",
    "loaded",
)  # fmt: skip
_OMISSIONS = ("outlet", "what", "article_id", "start", "end", "text", "told_by", "weight")
_NAMING = ("target", "outlet", "words", "valence", "n")
_MOST_ALONE = 5  # passages an outlet


@dataclass(frozen=True, slots=True)
class LoadedWords:
    """Loaded words in a passage, in code points of the article's text."""

    start: int
    end: int
    text: str
    label: str
    voice: str
    score: float
    differs: bool  # no other passage of the group has these loaded words


@dataclass(frozen=True, slots=True)
class Telling:
    """How one outlet tells what a group of passages tells."""

    outlet: str
    article_id: str
    start: int  # code points into the article's text
    end: int
    text: str
    voice: str  # of most of its words
    speaker: str | None
    loaded: tuple[LoadedWords, ...]
    only_here: tuple[tuple[int, int], ...]  # content words that the other tellings lack


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Passages of different outlets that tell the same thing."""

    kind: str  # "utterance", "act" or "fact"
    likeness: float
    tellings: tuple[Telling, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Contrast:
    """Outlets side by side; shows itself in a notebook.

    Parameters
    ----------
    event : str or None
        The event, None for all articles together.
    outlets : tuple of str
    n_articles : int
        That were read, copies left out.
    groups : tuple of SideBySide
        Passages of different outlets that tell the same thing: utterances, acts, facts.
    words : DataFrame
        Words that set an outlet apart, as :func:`slantwise.wording.distinctive_words`
        returns them.
    naming : DataFrame
        ``target``, ``outlet``, ``words``, ``valence``, ``n``: with which loaded words an
        outlet's own voice shows whom.
    omissions : DataFrame
        ``outlet``, ``what`` ("alone": it reports what no other does; "left out": others
        tell it side by side and this one doesn't), ``article_id``, ``start``, ``end``,
        ``text``, ``told_by`` (outlets), ``weight``.
    notes : tuple of str
        What a reader needs to know.
    """

    event: str | None
    outlets: tuple[str, ...]
    n_articles: int
    groups: tuple[SideBySide, ...]
    words: pd.DataFrame
    naming: pd.DataFrame
    omissions: pd.DataFrame
    notes: tuple[str, ...]

    def to_frame(self, part: str = "passages") -> pd.DataFrame:
        """Return one part as a frame: "passages", "words", "naming" or "omissions".

        Raises
        ------
        UsageError
            If there is no such part.
        """
        import pandas as pd

        if part not in PARTS:
            raise UsageError(f"no part {part!r} of a contrast; there are {', '.join(PARTS)}")
        if part != "passages":
            frame: pd.DataFrame = getattr(self, part)
            return frame.copy()
        rows = [
            (
                number, group.kind, group.likeness, one.outlet, one.article_id, one.start, one.end,
                one.text, one.voice, one.speaker,
                [f"{words.text} ({words.label}, {words.voice})" for words in one.loaded],
            )
            for number, group in enumerate(self.groups)
            for one in group.tellings
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=list(_PASSAGES))

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain values."""
        from dataclasses import asdict

        from slantwise.outlets import records

        return {
            "event": self.event,
            "outlets": list(self.outlets),
            "n_articles": self.n_articles,
            "groups": [asdict(group) for group in self.groups],
            "words": records(self.words),
            "naming": records(self.naming),
            "omissions": records(self.omissions),
            "notes": list(self.notes),
        }

    def to_json(self) -> str:
        """Return everything as JSON."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=2)

    def to_html(self) -> str:
        """Return a self-contained page of HTML, everything from articles escaped."""
        from slantwise.contrast_page import contrast_page

        return contrast_page(self)

    def __str__(self) -> str:
        """Return it as plain text."""
        from slantwise.contrast_page import contrast_text

        return contrast_text(self)

    def __repr__(self) -> str:
        """Say how much there is."""
        return (
            f"<Contrast: {len(self.outlets)} outlets, {self.n_articles:,} articles, "
            f"{len(self.groups):,} passages side by side>"
        )

    def _repr_html_(self) -> str:
        from slantwise.contrast_page import contrast_fragment

        return contrast_fragment(self)


def contrast(
    scores: Scores, event: str | None = None, *, min_score: float | None = None
) -> Contrast:
    """Lay outlets side by side on the same event.

    Parameters
    ----------
    scores : Scores
        With the articles' text.
    event : str, optional
        The event. Without one, all articles if there are 60 or fewer, else the event
        that most outlets report.
    min_score : float, optional
        Least score of a loaded span, in place of its label's operating threshold.

    Raises
    ------
    UsageError
        If there is no such event, the text is missing, or fewer than two outlets are left.
    """
    articles = scores.articles.reset_index(drop=True)
    chosen, event = _chosen(articles, event)
    rows = np.flatnonzero(chosen)
    missing = left_out(articles)
    apart = np.logical_or.reduce(list(missing.values()))
    read = rows[~apart[rows]]
    here = articles.iloc[read].reset_index(drop=True)
    outlets = group_names(here, "outlet").tolist() if len(here) else []
    if len(set(outlets)) < 2:
        what = f"the event {event!r}" if event else "this corpus"
        raise UsageError(
            f"a contrast needs two outlets; {what} has articles of {len(set(outlets))}: name "
            "outlets with --outlet or --column outlet=…, or another event"
        )
    texts = strings(here, "text").tolist()
    if not any(texts):
        raise UsageError(
            "the articles' text was left out of these scores (--no-text), and a contrast shows "
            "it: score again without --no-text"
        )
    titles = strings(here, "title").tolist()
    spans = scores.counted(min_score)
    passages = read_passages(texts, titles)
    groups, likeness = align(passages, outlets)
    words = distinctive_words(
        [own_words(text, title) for text, title in zip(texts, titles, strict=True)], outlets
    )
    ids = here["article_id"].tolist()
    loaded = _loaded_by_article(spans, ids)
    notes = [
        f"{int((chosen & which).sum()):,} left out: {reason}"
        for reason, which in missing.items()
        if (chosen & which).any()
    ]
    if len(rows) > MOST_ARTICLES:
        notes.append(f"{len(rows):,} articles on the event; {MOST_ARTICLES} are read side by side")
    return Contrast(
        event,
        tuple(sorted(set(outlets))),
        len(here),
        tuple(_side_by_side(group, here, outlets, texts, loaded) for group in groups),
        words,
        _naming(spans, ids, outlets),
        _omissions(passages, groups, likeness, outlets, ids, texts),
        tuple(notes),
    )


def _chosen(articles: pd.DataFrame, event: str | None) -> tuple[NDArray[np.bool_], str | None]:
    if event is None:
        if len(articles) <= MOST_ARTICLES:
            return np.ones(len(articles), bool), None
        events = strings(articles, "event")
        named = articles.assign(event=events, outlet=strings(articles, "outlet"))
        told = named[events != ""].groupby("event")["outlet"].nunique()
        if told.empty:
            raise UsageError("no two articles tell the same event; there is nothing to contrast")
        event = str(told.sort_index().idxmax())
    chosen = on_event(articles, event)
    return _spread(articles, chosen), event


def _spread(articles: pd.DataFrame, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Keep at most 60 articles, as many of each outlet as there are or fit."""
    rows = np.flatnonzero(chosen)
    if len(rows) <= MOST_ARTICLES:
        return chosen
    turn = (
        group_names(articles, "outlet")
        .iloc[rows]
        .groupby(group_names(articles, "outlet").iloc[rows])
    )
    kept = rows[np.lexsort((rows, turn.cumcount().to_numpy()))[:MOST_ARTICLES]]
    few = np.zeros(len(articles), bool)
    few[kept] = True
    return few


def _loaded_by_article(
    spans: pd.DataFrame, ids: Sequence[str]
) -> Mapping[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {article_id: [] for article_id in ids}
    texts = spans[(spans["field"] == "text") & spans["article_id"].isin(set(ids))]
    for row in texts.to_dict("records"):
        found[row["article_id"]].append({str(name): cell for name, cell in row.items()})
    return found


def _side_by_side(
    group: Group,
    articles: pd.DataFrame,
    outlets: Sequence[str],
    texts: Sequence[str],
    loaded: Mapping[str, list[dict[str, Any]]],
) -> SideBySide:
    ids = articles["article_id"].tolist()
    inside = [
        [
            row
            for row in loaded[ids[line.passage.article]]
            if row["start"] < line.passage.end and line.passage.start < row["end"]
        ]
        for line in group.lines
    ]
    words = [{str(row["text"]).lower() for row in rows} for rows in inside]
    tellings = []
    for number, (line, rows) in enumerate(zip(group.lines, inside, strict=True)):
        one = line.passage
        elsewhere = set().union(*(words[:number] + words[number + 1 :]))
        tellings.append(
            Telling(
                outlets[one.article], ids[one.article], one.start, one.end,
                texts[one.article][one.start : one.end], one.voice, one.speaker,
                tuple(
                    LoadedWords(
                        int(row["start"]), int(row["end"]), str(row["text"]), str(row["label"]),
                        str(row["voice"]), float(row["score"]),
                        str(row["text"]).lower() not in elsewhere,
                    )
                    for row in sorted(rows, key=lambda row: int(row["start"]))
                ),
                line.only_here,
            )
        )  # fmt: skip
    return SideBySide(group.kind, round(group.likeness, 4), tuple(tellings))


def _naming(spans: pd.DataFrame, ids: Sequence[str], outlets: Sequence[str]) -> pd.DataFrame:
    """Tell with which loaded words each outlet's own voice shows whom."""
    import pandas as pd

    outlet = dict(zip(ids, outlets, strict=True))
    own = spans[spans["voice"].isin(OWN_VOICES) & spans["article_id"].isin(outlet.keys())]
    targets = strings(own, "actor").where(strings(own, "actor") != "", strings(own, "target"))
    counts: dict[tuple[str, str, str, str], int] = {}
    for target, article_id, words, valence in zip(
        targets, own["article_id"], own["text"], strings(own, "valence"), strict=True
    ):
        if target:
            key = (one_line(target), outlet[article_id], one_line(words).lower(), valence)
            counts[key] = counts.get(key, 0) + 1
    rows = [(*key, n) for key, n in sorted(counts.items())]
    return pd.DataFrame(rows, columns=list(_NAMING))


def _omissions(
    passages: Sequence[Passage],
    groups: Sequence[Group],
    likeness: NDArray[np.float64],
    outlets: Sequence[str],
    ids: Sequence[str],
    texts: Sequence[str],
) -> pd.DataFrame:
    """Find what one outlet alone reports, and what it leaves out of what others do."""
    import pandas as pd

    covered = coverage(passages, likeness, outlets)
    number_of = {(one.article, one.start): number for number, one in enumerate(passages)}
    weight = np.array([_weight(one) for one in passages])
    rows: list[tuple[object, ...]] = []

    def add(outlet: str, what: str, number: int, told_by: Sequence[str]) -> None:
        one = passages[number]
        text = texts[one.article][one.start : one.end]
        place = (ids[one.article], one.start, one.end, text)
        rows.append((outlet, what, *place, list(told_by), round(float(weight[number]), 3)))

    for name in sorted(covered):
        others = np.array([covered[other] for other in sorted(covered) if other != name])
        mine = np.array([outlets[one.article] == name for one in passages])
        alone = np.flatnonzero(mine & (others.max(axis=0, initial=0) < COVERED))
        for number in _different(alone[np.lexsort((alone, -weight[alone]))].tolist(), likeness):
            add(name, "alone", number, [name])
        for group in groups:
            told = [number_of[line.passage.article, line.passage.start] for line in group.lines]
            by = sorted({outlets[passages[number].article] for number in told})
            if name not in by and covered[name][told].max() < COVERED:
                add(name, "left out", max(told, key=lambda number: weight[number]), by)
    return pd.DataFrame(rows, columns=list(_OMISSIONS))


def _weight(one: Passage) -> float:
    """Weigh a passage by how much it says: its rare words, each once."""
    return float(sum({word.stem: word.rarity for word in one.words}.values()) ** 0.5)


def _different(ranked: Sequence[int], likeness: NDArray[np.float64]) -> list[int]:
    """Take the first few that don't say the same as one taken before."""
    taken: list[int] = []
    for number in ranked:
        if len(taken) == _MOST_ALONE:
            break
        if all(likeness[number, other] < COVERED for other in taken):
            taken.append(number)
    return taken
