"""Who is framed by whom: each outlet's own words about each actor, counted.

An actor is named in a text by whatever stands for it: its name, the aliases of an analyst's
codebook, or, without one, the phrases that the labelled spans of the corpus name it by.
Sentences that name it, or that hold a span about it, concern it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slantwise.codebook import Actor, ActorBook, Codebook, read_actors
from slantwise.errors import ScoresError, UsageError
from slantwise.intervals import densities, density_intervals
from slantwise.records import OWN_VOICES, VOICES
from slantwise.tallies import group_names, left_out, resampled_units, strings
from slantwise.text import Document, read_document
from slantwise.traits import IS_WORD, traits_of
from slantwise.voice import find_voices

if TYPE_CHECKING:
    import pandas as pd

    from slantwise.scores import Scores

_OWN = [VOICES.index(voice) for voice in OWN_VOICES]
_MOST_ACTORS = 30  # without a codebook: those that most spans are about
_COLUMNS = (
    "group", "actor", "n_articles", "n_words", "n_negative", "n_positive",
    "negative", "negative_low", "negative_high", "positive", "positive_low", "positive_high",
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class ActorMatrix:
    """Outlets against actors; shows its table in a notebook.

    Parameters
    ----------
    by : str
        What the articles are grouped by.
    table : DataFrame, one row a group and actor that it writes about
        ``group``, ``actor``, ``n_articles`` (that concern the actor), ``n_words`` (in the
        group's own voice, in sentences that concern it), ``n_negative`` and ``n_positive``
        (own-voice spans that show it so), and both per 1,000 of these words with the bounds
        of their 95 % intervals: ``negative``, ``negative_low`` …; missing where they can't
        be told, as for a single article.
    """

    by: str
    table: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Return the table, one row a group and actor."""
        return self.table.copy()

    def wide(self, column: str = "negative") -> pd.DataFrame:
        """Return one column as a matrix: groups down, actors across, most framed first.

        Parameters
        ----------
        column : str
            Any column of the table.
        """
        if column not in self.table:
            raise UsageError(
                f"no column {column!r} in the matrix; there are {', '.join(self.table.columns)}"
            )
        framed = (self.table["n_negative"] + self.table["n_positive"]).groupby(self.table["actor"])
        order = framed.sum().sort_values(ascending=False, kind="stable").index
        return self.table.pivot(index="group", columns="actor", values=column)[list(order)]

    def to_csv(self) -> str:
        """Return the table as CSV."""
        return str(self.table.to_csv(index=False))

    def to_json(self) -> str:
        """Return the table as JSON: a list of rows."""
        return str(self.table.to_json(orient="records", force_ascii=False, indent=2))

    def __str__(self) -> str:
        """Return the table as plain text."""
        return repr(self)

    def __repr__(self) -> str:
        """Return the table as plain text."""
        return str(self.table.to_string(index=False, float_format="{:.1f}".format, na_rep="–"))

    def _repr_html_(self) -> str:
        table = self.table.rename(columns={"group": self.by})
        shown = table.to_html(index=False, escape=True, na_rep="–", float_format="{:.1f}".format)
        note = (
            "negative, positive: spans in the outlet’s own voice that show the actor so, per "
            "1,000 own-voice words of sentences that concern it"
        )
        return f"{shown}\n<p>{escape(note)}</p>"


def actor_matrix(
    scores: Scores,
    by: str = "outlet",
    *,
    actors: str | Path | ActorBook | None = None,
    min_score: float | None = None,
    n_boot: int = 1000,
    random_state: int = 0,
) -> ActorMatrix:
    """Measure how each outlet frames each actor in its own voice.

    A ratio estimator with a percentile bootstrap over articles, or over events where a
    group covers several; see :func:`slantwise.profile`. Copied articles and such in other
    languages than English don't count.

    Parameters
    ----------
    scores : Scores
        With the articles' text.
    by : str
        A column of the articles, or "month".
    actors : str, Path or ActorBook, optional
        A codebook; without it the one that the scores were made with, else the thirty
        actors that most spans are about.
    min_score : float, optional
        Least score of a span, in place of its label's operating threshold.
    n_boot : int
        Bootstrap replicates.
    random_state : int
        Seed.

    Raises
    ------
    UsageError
        If there is no such column.
    ScoresError
        If the scores hold no text.
    """
    import pandas as pd

    book, articles = _book(scores, actors), _counted_articles(scores)
    groups = group_names(articles, by)
    cells = _cells(scores, articles, book, min_score)
    events = strings(articles, "event")
    rows = []
    for (group, actor), here in cells.groupby([groups.iloc[cells["row"]].to_numpy(), "actor"]):
        at = here["row"].to_numpy()
        counts = here[["negative", "positive"]].to_numpy(np.float64)
        words = here["words"].to_numpy(np.float64)
        total = words.sum()
        density = densities(counts.sum(axis=0), total)
        low, high = density_intervals(
            counts,
            words,
            resampled_units(events.iloc[at]),
            n_boot=n_boot,
            random_state=random_state,
        )
        n_negative, n_positive = counts.sum(axis=0).astype(int).tolist()
        about = (group, actor, len(here), int(total), n_negative, n_positive)
        rows.append((*about, *np.column_stack([density, low, high]).ravel().tolist()))
    return ActorMatrix(by, pd.DataFrame(rows, columns=list(_COLUMNS)))


def naming_table(
    scores: Scores, by: str = "outlet", *, actors: str | Path | ActorBook | None = None
) -> pd.DataFrame:
    """Count how each outlet names each actor in its own voice.

    Parameters
    ----------
    scores, by, actors
        As for :func:`actor_matrix`.

    Returns
    -------
    DataFrame with ``group``, ``actor``, ``naming`` (as the first article has it, without an
    article before it), ``n`` (how often) and ``share`` (of all namings of this actor by this
    group), the most frequent first
    """
    import pandas as pd

    book, articles = _book(scores, actors), _counted_articles(scores)
    groups = group_names(articles, by)
    counts: dict[tuple[str, str, str], int] = {}
    written: dict[str, str] = {}
    heard = _voices_of_spans(scores)
    ids = articles["article_id"].tolist()
    for row, read in _read(articles):
        spans = heard.get((ids[row], read.field), [])
        for start, end, actor in book.found_in(read.document.text):
            # What a span was judged to be knows more than the rules alone.
            over = [own for low, high, own in spans if low < end and high > start]
            if over[0] if over else read.own(start, end):
                words = " ".join(read.document.text[start:end].split())
                naming = written.setdefault(words.lower(), words)
                key = (str(groups.iloc[row]), actor, naming)
                counts[key] = counts.get(key, 0) + 1
    table = pd.DataFrame(
        [(*key, n) for key, n in counts.items()], columns=["group", "actor", "naming", "n"]
    )
    table["share"] = table["n"] / table.groupby(["group", "actor"])["n"].transform("sum")
    order = ["group", "actor", "n", "naming"]
    return table.sort_values(order, ascending=[True, True, False, True], ignore_index=True)


def with_actors(scores: Scores, actors: str | Path | ActorBook) -> Scores:
    """Return scores whose spans have the names that a codebook gives their actors.

    Parameters
    ----------
    scores : Scores
    actors : str, Path or ActorBook
        What it doesn't know keeps its name.
    """
    book = actors if isinstance(actors, ActorBook) else read_actors(actors)
    spans = scores.spans.copy()
    spans["actor"] = [
        (book.name_of(target) if isinstance(target, str) else None)
        or (book.name_of(actor) if isinstance(actor, str) else None)
        or (actor if isinstance(actor, str) else None)
        for target, actor in zip(spans["target"], spans["actor"], strict=True)
    ]
    old = Codebook.of_settings(scores.manifest.get("codebook") or {})
    codebook = replace(old, actors=book).as_settings()
    return replace(scores, spans=spans, manifest={**scores.manifest, "codebook": codebook})


def _voices_of_spans(scores: Scores) -> dict[tuple[str, str], list[tuple[int, int, bool]]]:
    """Return start, end and whether it is the outlet's own of every span, by article and field."""
    found: dict[tuple[str, str], list[tuple[int, int, bool]]] = {}
    spans = scores.spans
    columns = (spans[name] for name in ("article_id", "field", "start", "end", "voice"))
    for article, field, start, end, voice in zip(*columns, strict=True):
        found.setdefault((article, field), []).append((start, end, voice in OWN_VOICES))
    return found


def _book(scores: Scores, actors: str | Path | ActorBook | None) -> ActorBook:
    if isinstance(actors, ActorBook):
        return actors
    if actors is not None:
        return read_actors(actors)
    kept = Codebook.of_settings(scores.manifest.get("codebook") or {}).actors
    return kept if kept.actors else book_of(scores)


def book_of(scores: Scores, most: int = _MOST_ACTORS) -> ActorBook:
    """Gather the actors of scores with the phrases that name them there.

    Parameters
    ----------
    scores : Scores
    most : int
        How many: those that most spans are about. A phrase that stands for several actors
        is left to the one that it stands for most often.
    """
    spans = scores.counted()
    spans = spans[spans["actor"].notna() & spans["target"].notna()]
    chosen = (
        spans["actor"]
        .value_counts()
        .sort_index()
        .sort_values(ascending=False, kind="stable")
        .index[:most]
    )
    owner: dict[str, str] = {name: name for name in chosen}
    pairs = spans[spans["actor"].isin(chosen)].groupby(["target", "actor"]).size()
    for target, actor in pairs.sort_values(ascending=False, kind="stable").index:
        if len(target) > 1 and any(letter.isupper() for letter in target):
            owner.setdefault(target, actor)
    return ActorBook(
        tuple(
            Actor(name, tuple(one for one, whose in owner.items() if whose == name and one != name))
            for name in chosen
        )
    )


def _counted_articles(scores: Scores) -> pd.DataFrame:
    articles = scores.articles.reset_index(drop=True)
    if "text" not in articles or articles["text"].isna().any():
        raise ScoresError(
            "who is named is read from the articles' text, and these scores lack it; score again "
            "without --no-text, or read them with text=True"
        )
    out = np.logical_or.reduce(list(left_out(articles).values()))
    kept: pd.DataFrame = articles[~out].reset_index(drop=True)
    return kept


@dataclass(frozen=True)
class _ReadArticle:
    """A field of an article, with which of its words are the outlet's own."""

    field: str
    document: Document
    own_word: NDArray[np.bool_]  # (n_tokens,)

    @classmethod
    def of(cls, field: str, document: Document) -> _ReadArticle:
        traits = traits_of(document.tokens.words)
        voices = find_voices(document, traits)
        own = np.isin(voices.token_voice, _OWN) & document.scored & (traits & IS_WORD > 0)
        return cls(field, document, own)

    def own(self, start: int, end: int) -> bool:
        """Tell whether most of these words are the outlet's own."""
        first, last = self.document.tokens.covering(start, end)
        return 2 * int(self.own_word[first:last].sum()) > last - first - 1 and bool(
            self.own_word[first:last].any()
        )

    def sentence(self, start: int, end: int) -> int:
        """Return the sentence that these code points begin in, -1 outside of all."""
        first, last = self.document.tokens.covering(start, end)
        return int(self.document.token_sentence[first]) if last > first else -1

    def words_of(self, sentences: Iterable[int]) -> int:
        """Count the outlet's own words in some sentences."""
        here = np.isin(self.document.token_sentence, list(sentences))
        return int((self.own_word & here).sum())


def _read(articles: pd.DataFrame) -> Iterator[tuple[int, _ReadArticle]]:
    titles = strings(articles, "title")
    for row, (title, text) in enumerate(zip(titles, articles["text"], strict=True)):
        if title.strip():
            yield row, _ReadArticle.of("title", read_document(title, unscored=()))
        yield row, _ReadArticle.of("text", read_document(text, title))


def _cells(
    scores: Scores, articles: pd.DataFrame, book: ActorBook, min_score: float | None
) -> pd.DataFrame:
    """Return words and spans of each article and actor that it concerns."""
    import pandas as pd

    spans = scores.counted(min_score)
    own = spans[spans["voice"].isin(OWN_VOICES) & spans["target"].notna()]
    framed: dict[tuple[str, str], list[tuple[int, int, str, str]]] = {}
    columns = ("article_id", "field", "start", "end", "target", "actor", "valence")
    for article, field, start, end, target, actor, valence in zip(
        *(own[name] for name in columns), strict=True
    ):
        name = book.name_of(target) or (book.name_of(actor) if isinstance(actor, str) else None)
        if name is not None:
            framed.setdefault((article, field), []).append((start, end, name, valence))
    totals: dict[tuple[int, str], NDArray[np.int64]] = {}
    ids = articles["article_id"].tolist()
    for row, read in _read(articles):
        concerned: dict[str, set[int]] = {}
        for start, end, name in book.found_in(read.document.text):
            concerned.setdefault(name, set()).add(read.sentence(start, end))
        for start, end, name, valence in framed.get((ids[row], read.field), ()):
            concerned.setdefault(name, set()).add(read.sentence(start, end))
            cell = totals.setdefault((row, name), np.zeros(3, dtype=np.int64))
            cell[1 + (valence == "positive")] += 1
        for name, sentences in concerned.items():
            cell = totals.setdefault((row, name), np.zeros(3, dtype=np.int64))
            cell[0] += read.words_of(sentences)
    rows: list[tuple[Any, ...]] = [(*key, *cell.tolist()) for key, cell in totals.items()]
    return pd.DataFrame(rows, columns=["row", "actor", "words", "negative", "positive"])
