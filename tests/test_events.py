"""Events: articles grouped by the happening they tell."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from slantwise.events import event_ids, group_events
from slantwise.records import Article
from slantwise.relations import Gathering
from slantwise.sketches import Sketch, day_of, sketch
from slantwise.spool import Spool

SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.fixture(scope="module")
def samples() -> list[Article]:
    """The sample corpus, without the events that it names."""
    with (SEEDS / "articles.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [
        Article(
            (SEEDS / row["file"]).read_text(encoding="utf-8"),
            article_id=row["file"],
            outlet=row["outlet"],
            date=row["date"],
            title=row["title"],
        )
        for row in rows
    ]


def groups_of(articles: list[Article]) -> set[frozenset[str]]:
    found = defaultdict(set)
    for one, group in zip(articles, group_events([sketch(a) for a in articles]), strict=True):
        found[int(group)].add(one.article_id)
    return {frozenset(ids) for ids in found.values()}


def test_the_sample_corpus_falls_into_its_three_events(samples: list[Article]) -> None:
    stories = defaultdict(set)
    for one in samples:
        stories[one.article_id.split("_")[0]].add(one.article_id)
    assert groups_of(samples) == {frozenset(ids) for ids in stories.values()}


def test_the_order_of_the_articles_changes_nothing(samples: list[Article]) -> None:
    assert groups_of(samples[::-1]) == groups_of(samples)


def test_an_event_keeps_its_name_in_any_order_and_when_it_grows(samples: list[Article]) -> None:
    def named(articles: list[Article]) -> dict[str, str]:
        gathering = Gathering()
        for one in articles:
            gathering.add(one)
        return dict(gathering.relations().events.to_pandas().itertuples(index=False))

    whole = named(samples)
    assert named(samples[::-1]) == whole
    founders = {event: None for event in whole.values()}
    assert len(founders) == 3
    last = max(samples, key=lambda one: (one.date, sketch(one).key))
    smaller = named([one for one in samples if one is not last])
    assert smaller == {name: event for name, event in whole.items() if name != last.article_id}


def test_articles_far_apart_in_time_are_never_one_event() -> None:
    text = (SEEDS / "dam_harbourwire.txt").read_text(encoding="utf-8")
    same = [Article(text, article_id="a", date="2031-03-13"),
            Article(text, article_id="b", date="2031-03-13"),
            Article(text, article_id="c", date="2031-09-13")]  # fmt: skip
    assert groups_of(same) == {frozenset("ab"), frozenset("c")}


def test_articles_without_dates_are_grouped_by_their_words(samples: list[Article]) -> None:
    undated = [Article(one.text, article_id=one.article_id, title=one.title) for one in samples]
    stories = {one.article_id: one.article_id.split("_")[0] for one in samples}
    for group in groups_of(undated):
        assert len({stories[article_id] for article_id in group}) == 1


def test_an_events_own_name_wins() -> None:
    gathering = Gathering()
    text = (SEEDS / "dam_harbourwire.txt").read_text(encoding="utf-8")
    for name, event in (("a", "my-event"), ("b", ""), ("c", "")):
        gathering.add(Article(text, article_id=name, event=event, title="Dam law passed"))
    ids = gathering.relations().events["event_id"].to_pylist()
    assert ids[0] == "my-event"
    assert ids[1] == ids[2] != "my-event"
    assert ids[1].startswith("passed-")


@pytest.mark.parametrize("texts", [[], [""], ["", "", "!!"], ["Rain fell."]])
def test_articles_without_words_are_events_of_their_own(texts: list[str]) -> None:
    sketches = [sketch(Article(text)) for text in texts]
    groups = group_events(sketches)
    assert len(set(groups.tolist())) == len(texts)
    assert len(event_ids(sketches, ["title"] * len(texts), groups)) == len(texts)


def test_a_spool_gives_back_what_it_was_given(samples: list[Article]) -> None:
    spool = Spool()
    given = [sketch(one) for one in [*samples[:3], Article("")]]
    for one in given:
        spool.add(one)
    assert len(spool) == 4
    for one, other in zip(given, spool, strict=True):
        for name in Sketch.__slots__:
            assert np.array_equal(getattr(one, name), getattr(other, name)), name
    spool.close()


def test_a_month_is_told_from_a_verb() -> None:
    march, verb = (
        sketch(Article(text)) for text in ("They met on March 13.", "They march on to Sorn.")
    )
    assert len(march.days) == 2
    assert len(verb.days) == 0


@pytest.mark.parametrize("date", ["", "spring", "2031-02-31", "12/03/2031"])
def test_a_date_that_is_none_is_no_day(date: str) -> None:
    assert day_of(date) == -1
