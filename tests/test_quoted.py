"""Who gets quoted how much, outlet by outlet."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from tiny_scores import tiny_scores

from slantwise import Scores, speakers
from slantwise.errors import ScoresError, UsageError

# article, outlet, words of each speaker, words quoted, reported, copied from, language
ROWS = [
    ("a1", "Harbour Wire", {"Ada Moss": 30, "the army": 10}, 30, 20, None, "en"),
    ("a2", "Harbour Wire", {"Ada Moss": 10}, 10, 0, None, "en"),
    ("a3", "Dike Post", {"Odo Finch": 5}, 5, 0, None, "en"),
    ("a4", "Dike Post", {"Odo Finch": 50}, 50, 0, "a1", "en"),
    ("a5", "Dike Post", {"Odo Finch": 50}, 50, 0, None, "de"),
    ("a6", "Sorn Gazette", {}, 0, 0, None, "en"),
]


def scores() -> Scores:
    articles = pd.DataFrame(
        {
            "article_id": name,
            "outlet": outlet,
            "date": "2031-03-13",
            "speakers": list(said),
            "speaker_words": list(said.values()),
            "n_quote_words": quoted,
            "n_reported_words": reported,
            "copied_from": copied,
            "language": language,
        }
        for name, outlet, said, quoted, reported, copied, language in ROWS
    )
    return replace(tiny_scores(), articles=articles)


def test_words_of_each_speaker_by_outlet() -> None:
    table = speakers(scores())
    assert list(table) == ["group", "speaker", "n_articles", "n_words", "share"]
    assert table.to_numpy().tolist() == [
        ["Dike Post", "Odo Finch", 1, 5, 1.0],
        ["Harbour Wire", "Ada Moss", 2, 40, 40 / 60],
        ["Harbour Wire", "the army", 1, 10, 10 / 60],
    ]


def test_speakers_of_few_articles_can_be_left_out() -> None:
    assert speakers(scores(), min_articles=2)["speaker"].tolist() == ["Ada Moss"]


def test_any_column_groups() -> None:
    assert set(speakers(scores(), by="month")["group"]) == {"2031-03"}
    with pytest.raises(UsageError, match="no column 'colour'"):
        speakers(scores(), by="colour")


def test_scores_that_do_not_tell_who_speaks() -> None:
    with pytest.raises(ScoresError, match="lack the column 'speakers'"):
        speakers(tiny_scores())
