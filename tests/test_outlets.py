"""Framing per group of articles, with values checked by hand on a tiny corpus."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

import numpy as np
import pytest
from tiny_scores import ARTICLES, tiny_scores

from slantwise.errors import UsageError
from slantwise.intervals import density_intervals
from slantwise.outlets import Profile, profile
from slantwise.records import LABELS


@pytest.fixture(scope="module")
def found() -> Profile:
    return profile(tiny_scores())


def row(found: Profile, group: str) -> dict[str, Any]:
    (one,) = found.table[found.table["group"] == group].to_dict("records")
    return {str(name): cell for name, cell in one.items()}


# -- figures -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outlet", "articles", "words", "spans", "density"),
    [
        ("Daily Cockerel", 3, 250, 4, 16.0),
        ("Harbour Wire", 3, 400, 1, 2.5),
        ("Kestria One", 2, 100, 0, 0.0),
        ("Sorn Gazette", 1, 40, 2, 50.0),
    ],
)
def test_density_is_own_spans_over_own_words(
    found: Profile, outlet: str, articles: int, words: int, spans: int, density: float
) -> None:
    one = row(found, outlet)
    assert (one["n_articles"], one["n_outlet_words"], one["n_outlet_spans"]) == (
        articles, words, spans,
    )  # fmt: skip
    assert one["density"] == pytest.approx(density)
    assert one["n_words"] == words + 10 * articles


def test_valence_and_others_share(found: Profile) -> None:
    cockerel = row(found, "Daily Cockerel")
    assert cockerel["negative_density"] == pytest.approx(4.0)  # shameless; disaster is a quote
    assert cockerel["positive_density"] == pytest.approx(4.0)  # heroes
    assert cockerel["others_share"] == pytest.approx(1 / 5)
    assert row(found, "Kestria One")["others_share"] == 1.0


def test_labels_add_up_to_the_density(found: Profile) -> None:
    cockerel = row(found, "Daily Cockerel")
    assert cockerel["loaded-language"] == pytest.approx(8.0)
    assert cockerel["scare-quotes"] == cockerel["flag-waving"] == pytest.approx(4.0)
    assert sum(cockerel[label] for label in LABELS) == pytest.approx(cockerel["density"])


def test_bias_is_the_mean_of_what_is_known() -> None:
    scores = tiny_scores()
    scores.articles.loc[0, "bias"] = 0.75
    scores.articles.loc[1, "bias"] = math.nan
    assert row(profile(scores), "Daily Cockerel")["bias"] == pytest.approx(0.5)


def test_groups_with_few_articles_are_marked_and_last(found: Profile) -> None:
    assert found.table["group"].tolist() == [
        "Daily Cockerel", "Harbour Wire", "Sorn Gazette", "Kestria One",
    ]  # fmt: skip
    assert found.table["few_articles"].tolist() == [False, False, True, True]


def test_copies_and_other_languages_are_left_out(found: Profile) -> None:
    assert "Dolmar Today" not in set(found.table["group"])
    assert found.left_out == {"copied": 1, "not in English": 1}


def test_other_languages_are_counted_when_asked_for() -> None:
    found = profile(tiny_scores(), include_other_languages=True)
    assert row(found, "Dolmar Today")["n_outlet_spans"] == 1
    assert found.left_out == {"copied": 1, "not in English": 0}


def test_min_score_replaces_the_thresholds() -> None:
    assert row(profile(tiny_scores(), min_score=0.4), "Daily Cockerel")["n_outlet_spans"] == 5
    assert row(profile(tiny_scores(), min_score=0.95), "Daily Cockerel")["n_outlet_spans"] == 0


# -- groups ------------------------------------------------------------------------------


def test_by_month_goes_in_order_of_time() -> None:
    found = profile(tiny_scores(), "month")
    assert found.table["group"].tolist() == ["2031-03", "2031-04"]
    assert row(found, "2031-03")["n_outlet_spans"] == 4


def test_by_another_column() -> None:
    records = [{**article, "leaning": article["outlet"][0]} for article in ARTICLES]
    assert set(profile(tiny_scores(*records), "leaning").table["group"]) == {"D", "H", "K", "S"}


def test_missing_values_are_a_group() -> None:
    assert row(profile(tiny_scores(), "event"), "(no event)")["n_articles"] == 2


def test_one_event() -> None:
    found = profile(tiny_scores(), event="ridge")
    assert found.table["n_articles"].tolist() == [1, 1, 1]
    assert found.left_out == {"copied": 0, "not in English": 0}


def test_unknown_column() -> None:
    with pytest.raises(UsageError, match=r"no column 'country'.*there are: month, .*outlet"):
        profile(tiny_scores(), "country")


def test_unknown_event() -> None:
    with pytest.raises(UsageError, match=r"no article on the event 'acid'.*dam \(4\)"):
        profile(tiny_scores(), event="acid")


def test_no_events_at_all() -> None:
    with pytest.raises(UsageError, match="name no events"):
        profile(tiny_scores({"article_id": "a", "text": "Rain fell."}), event="dam")


def test_articles_that_share_an_id() -> None:
    twice = {"article_id": "a", "text": "Rain fell."}
    with pytest.raises(UsageError, match="several articles have the article_id 'a'"):
        profile(tiny_scores(twice, twice))


def test_no_articles() -> None:
    scores = tiny_scores()
    empty = type(scores)(scores.spans[:0], scores.articles[:0], scores.thresholds)
    assert len(profile(empty).table) == 0
    assert "outlet" in str(profile(empty))


def test_the_scores_stay_as_they_are() -> None:
    scores = tiny_scores()
    before = scores.articles.copy()
    profile(scores)
    assert scores.articles.equals(before)


# -- intervals ---------------------------------------------------------------------------


def test_a_single_article_has_no_interval(found: Profile) -> None:
    gazette = row(found, "Sorn Gazette")
    assert math.isnan(gazette["density_low"])
    assert math.isnan(gazette["density_high"])
    assert "can't be told" in str(found)


def test_no_span_at_all_has_the_rule_of_three(found: Profile) -> None:
    one = row(found, "Kestria One")
    assert (one["density_low"], one["density_high"]) == (0.0, pytest.approx(30.0))  # 3 of 100


def test_interval_holds_the_density(found: Profile) -> None:
    for outlet in ("Daily Cockerel", "Harbour Wire"):
        one = row(found, outlet)
        assert one["density_low"] < one["density"] < one["density_high"]


def test_an_interval_does_not_depend_on_the_other_groups(found: Profile) -> None:
    alone = tiny_scores(*(one for one in ARTICLES if one["outlet"] == "Daily Cockerel"))
    one, beside = row(profile(alone), "Daily Cockerel"), row(found, "Daily Cockerel")
    for name in ("density", "negative_density", "positive_density", "others_share"):
        for end in ("", "_low", "_high"):
            assert one[name + end] == beside[name + end]


def test_the_seed_decides() -> None:
    first, again, other = (
        density_intervals(
            np.arange(40.0)[:, None], np.full(40, 100.0), np.arange(40), random_state=seed
        ).tolist()
        for seed in (1, 1, 2)
    )
    assert first == again != other


def test_bootstrap_interval_of_a_mean_is_near_the_normal_one() -> None:
    spans = np.random.default_rng(5).poisson(3.0, 400).astype(float)
    low, high = density_intervals(spans[:, None], np.full(400, 1000.0), np.arange(400))[:, 0]
    half = 1.96 * spans.std() / 20
    assert low == pytest.approx(spans.mean() - half, abs=0.05)
    assert high == pytest.approx(spans.mean() + half, abs=0.05)


def test_units_that_do_not_differ_have_the_interval_of_a_poisson_count() -> None:
    low, high = density_intervals(np.full((5, 1), 2.0), np.full(5, 100.0), np.arange(5))[:, 0]
    assert (low, high) == (pytest.approx(9.59, abs=0.01), pytest.approx(36.78, abs=0.01))  # of 10


def test_articles_without_words_are_no_error() -> None:
    counts = np.array([[0.0], [0.0], [2.0]])
    low, high = density_intervals(counts, np.array([0.0, 0.0, 100.0]), np.arange(3))[:, 0]
    assert 0 < low < 20 < high
    assert np.isnan(density_intervals(counts, np.zeros(3), np.arange(3))).all()


def test_articles_on_one_event_are_resampled_together() -> None:
    # Two events of ten like articles each: as articles they would look like much evidence.
    records = [
        {
            "article_id": f"{event}{n}",
            "outlet": "Post",
            "event": event,
            "text": "[Goons](name-calling outlet)" if event == "a" else "Rain.",
            "n_outlet_words": 100,
        }
        for event in ("a", "b")
        for n in range(10)
    ]
    one = row(profile(tiny_scores(*records)), "Post")
    assert one["n_units"] == 2
    assert one["density_low"] < 0.2
    assert one["density_high"] > 20
    free = row(profile(tiny_scores(*({**r, "event": None} for r in records))), "Post")
    assert free["n_units"] == 20
    assert 1 < free["density_low"] < free["density_high"] < 10


def test_n_boot_too_small() -> None:
    with pytest.raises(UsageError, match="n_boot is 1"):
        profile(tiny_scores(), n_boot=1)


# -- forms -------------------------------------------------------------------------------


def test_text_table(found: Profile) -> None:
    first, *rows = str(found).splitlines()
    assert first.split()[:4] == ["outlet", "articles", "words", "spans"]
    assert rows[0].startswith("Daily Cockerel         3    250      4     16.0")
    assert rows[2].endswith("few articles")
    assert "1 article left out: copied" in str(found)


def test_csv_has_the_table(found: Profile) -> None:
    rows = list(csv.DictReader(io.StringIO(found.to_csv())))
    assert rows[0]["group"] == "Daily Cockerel"
    assert rows[0]["density"] == "16.0"
    assert rows[2]["density_low"] == ""


def test_json_has_labels_with_intervals(found: Profile) -> None:
    content = json.loads(found.to_json())
    assert content["by"] == "outlet"
    assert content["groups"][2]["density_low"] is None
    assert set(content["groups"][0]["labels"]) == set(LABELS)
    assert content["groups"][0]["labels"]["scare-quotes"]["n_outlet_spans"] == 1


def test_nothing_from_a_name_steers_terminal_or_page() -> None:
    scores = tiny_scores({"article_id": "a", "outlet": "<b>\x1b[31m", "text": "Rain."})
    found = profile(scores)
    assert "\x1b" not in str(found)
    assert "<b>" not in found._repr_html_()
    assert "&lt;b&gt;␛" in found._repr_html_()
