"""Outlets against actors, and what they call them, on articles that can be counted by eye."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from slantwise.codebook import Actor, ActorBook
from slantwise.errors import InputError, ScoresError, UsageError
from slantwise.naming import actor_matrix, book_of, naming_table, with_actors
from slantwise.records import LABELS
from slantwise.scores import Scores
from slantwise.tables import ARTICLE_COLUMNS, SPAN_COLUMNS

TEXTS = {
    # Own words that concern Dolmar: six of the first sentence, and “Dolmar spoke” and
    # “Ada Moss said”, which reports what the regime does.
    "a": ("Harbour Wire", "The vile regime took a hill. Rain fell."),
    "b": ("Harbour Wire", "Dolmar spoke. “The regime lies,” Ada Moss said."),
    "c": ("Kestria One", "Ada Moss, brave as ever, left. The Dolmari army waited."),
}
BOOK = ActorBook((Actor("Dolmar", ("the regime", "Dolmari army")), Actor("Ada Moss", ("Moss",))))
SPANS = [  # article, words, voice, target, actor, valence
    ("a", "vile", "outlet", "regime", "regime", "negative"),
    ("b", "lies", "quote", "regime", "regime", "negative"),
    ("c", "brave as ever", "outlet", "Ada Moss", "Ada Moss", "positive"),
]


def made(text: bool = True) -> Scores:
    spans = []
    for article, words, voice, target, actor, valence in SPANS:
        start = TEXTS[article][1].index(words)
        row = dict.fromkeys(SPAN_COLUMNS)
        row |= {"article_id": article, "outlet": TEXTS[article][0], "field": "text"}
        row |= {"start": start, "end": start + len(words), "text": words, "voice": voice}
        row |= {"label": "loaded-language", "score": 0.9, "target": target, "actor": actor}
        spans.append({**row, "valence": valence, "evidence": []})
    articles = [
        dict.fromkeys(ARTICLE_COLUMNS)
        | {"article_id": name, "outlet": outlet, "text": words, "language": "en", "title": ""}
        for name, (outlet, words) in TEXTS.items()
    ]
    frame = pd.DataFrame(articles)
    return Scores(
        pd.DataFrame(spans),
        frame if text else frame.drop(columns="text"),
        dict.fromkeys(LABELS, 0.5),
    )


def row_of(table: pd.DataFrame, group: str, actor: str) -> pd.Series:
    (row,) = [one for _, one in table.iterrows() if (one["group"], one["actor"]) == (group, actor)]
    return row


def test_spans_and_words_that_concern_an_actor() -> None:
    row = row_of(actor_matrix(made(), actors=BOOK).table, "Harbour Wire", "Dolmar")
    assert (row["n_articles"], row["n_words"]) == (2, 11)
    assert (row["n_negative"], row["n_positive"]) == (1, 0)  # what Ada Moss says is hers
    assert row["negative"] == pytest.approx(1000 / 11)
    assert row["positive"] == 0


def test_praise_counts_apart() -> None:
    row = row_of(actor_matrix(made(), actors=BOOK).table, "Kestria One", "Ada Moss")
    assert (row["n_negative"], row["n_positive"]) == (0, 1)


def test_intervals_where_articles_differ_alone() -> None:
    table = actor_matrix(made(), actors=BOOK).table
    two, one = row_of(table, "Harbour Wire", "Dolmar"), row_of(table, "Kestria One", "Dolmar")
    assert two["negative_low"] <= two["negative"] <= two["negative_high"]
    assert np.isnan(one["negative_low"])


def test_copied_articles_do_not_count() -> None:
    scores = made()
    scores.articles.loc[0, "copied_from"] = "elsewhere"
    row = row_of(actor_matrix(scores, actors=BOOK).table, "Harbour Wire", "Dolmar")
    assert (row["n_articles"], row["n_negative"]) == (1, 0)


def test_a_matrix_is_wide_with_those_first_who_are_framed() -> None:
    wide = actor_matrix(made(), actors=BOOK).wide("n_negative")
    assert list(wide.index) == ["Harbour Wire", "Kestria One"]
    assert set(wide.columns) == {"Dolmar", "Ada Moss"}
    assert wide.loc["Harbour Wire", "Dolmar"] == 1


def test_a_column_that_there_is_not() -> None:
    with pytest.raises(UsageError, match="no column 'hate' in the matrix; there are group"):
        actor_matrix(made(), actors=BOOK).wide("hate")


def test_a_matrix_shows_itself_escaped() -> None:
    book = ActorBook((Actor("<b>Dolmar", ("regime",)),))
    shown = actor_matrix(made(), actors=book)._repr_html_()
    assert "&lt;b&gt;Dolmar" in shown
    assert "<b>" not in shown


def test_namings_in_the_outlets_own_voice() -> None:
    table = naming_table(made(), actors=BOOK)
    rows = table[["group", "actor", "naming", "n"]].to_records(index=False).tolist()
    assert rows == [
        ("Harbour Wire", "Ada Moss", "Ada Moss", 1),
        ("Harbour Wire", "Dolmar", "Dolmar", 1),
        ("Harbour Wire", "Dolmar", "regime", 1),
        ("Kestria One", "Ada Moss", "Ada Moss", 1),
        ("Kestria One", "Dolmar", "Dolmari army", 1),
    ]  # but not what Ada Moss calls it


def test_shares_of_namings_add_up() -> None:
    table = naming_table(made(), actors=BOOK)
    assert table.groupby(["group", "actor"])["share"].sum().tolist() == pytest.approx([1] * 4)
    assert row_of(table[table["naming"] == "regime"], "Harbour Wire", "Dolmar")["share"] == 0.5


def test_without_a_codebook_the_actors_are_those_of_the_spans() -> None:
    assert [actor.name for actor in book_of(made()).actors] == ["regime", "Ada Moss"]
    assert "Ada Moss" in actor_matrix(made()).table["actor"].tolist()


def test_a_codebook_names_the_actors_of_scores_anew() -> None:
    scores = with_actors(made(), BOOK)
    assert scores.spans["actor"].tolist() == ["Dolmar", "Dolmar", "Ada Moss"]
    assert actor_matrix(scores).table["actor"].unique().tolist() == ["Ada Moss", "Dolmar"]


def test_without_text_there_is_nothing_to_read_namings_from() -> None:
    with pytest.raises(ScoresError, match="score again without --no-text"):
        naming_table(made(text=False), actors=BOOK)


def test_a_codebook_that_is_not_there() -> None:
    with pytest.raises(InputError, match="can't be read"):
        actor_matrix(made(), actors="none.yaml")


def test_nothing_that_concerns_anybody() -> None:
    scores = replace(made(), spans=made().spans.iloc[:0])
    assert actor_matrix(scores, actors=ActorBook((Actor("Nobody"),))).table.empty
    assert naming_table(scores, actors=ActorBook((Actor("Nobody"),))).empty
