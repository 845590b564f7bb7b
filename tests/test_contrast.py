"""Outlets side by side: passages, words, and what is left out."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from tiny_scores import tiny_scores

import slantwise
from slantwise.alignment import align, read_passages
from slantwise.errors import UsageError
from slantwise.side_by_side import Contrast, contrast
from slantwise.wording import adjusted, distinctive_words, log_odds_z

REPORTS = Path(__file__).parents[2] / "shared" / "seeds"
with_reports = pytest.mark.skipif(not REPORTS.is_dir(), reason="the real reports are not here")

WIRE = (
    "Ivo Harl, the interior minister of Dolmar, spoke in parliament on Tuesday. "
    "“We intend to rescue our border posts from the besiegers before the first snow falls,” "
    "Harl said. The Kestrian army captured the last villages below Mount Orn over the weekend. "
    "Forty buses brought teachers and bakers from Ordesk to a sports hall in Sorn."
)
STATE = (
    "The Dolmar regime keeps threatening. Minister Ivo Harl boasted that plans are being drawn up "
    "“to free our border posts from those who surround them before the first snow falls”. "
    "In two days the Kestrian army has liberated the last villages below Mount Orn. "
    "A choir of veterans sang for the heroes in the capital."
)


def lined_up(*texts: str) -> list[list[str]]:
    passages = read_passages(texts, [""] * len(texts))
    groups, _ = align(passages, [f"outlet {number}" for number in range(len(texts))])
    return [
        [texts[line.passage.article][line.passage.start : line.passage.end] for line in one.lines]
        for one in groups
    ]


def has(groups: list[list[str]], *words: str) -> bool:
    return any(all(any(word in text for text in group) for word in words) for group in groups)


def side_by_side() -> Contrast:
    loaded = STATE.replace("regime", "[regime](name-calling outlet Dolmar negative)", 1)
    loaded = loaded.replace("liberated", "[liberated](euphemism outlet Kestria positive)")
    return contrast(
        tiny_scores(
            {"article_id": "w", "outlet": "Harbour Wire", "text": WIRE},
            {"article_id": "k", "outlet": "Kestria One", "text": loaded},
        )
    )


def test_one_utterance_in_two_translations_is_lined_up() -> None:
    assert has(lined_up(WIRE, STATE), "rescue our border posts", "free our border posts")


def test_one_act_in_two_wordings_is_lined_up() -> None:
    assert has(lined_up(WIRE, STATE), "captured the last villages", "liberated the last villages")


def test_what_differs_is_not_lined_up() -> None:
    assert not has(lined_up(WIRE, STATE), "Forty buses", "A choir")
    assert lined_up(WIRE, "Rain fell on the orchards of a quiet valley all morning.") == []


def test_passages_of_one_outlet_are_not_lined_up() -> None:
    passages = read_passages([WIRE, STATE], ["", ""])
    assert align(passages, ["Harbour Wire", "Harbour Wire"])[0] == []


def test_loaded_words_are_marked_where_they_differ_with_their_voice() -> None:
    tellings = [one for group in side_by_side().groups for one in group.tellings]
    (liberated,) = [words for one in tellings for words in one.loaded if words.text == "liberated"]
    assert (liberated.label, liberated.voice, liberated.differs) == ("euphemism", "outlet", True)
    voices = {one.text[:20]: one.voice for one in tellings}
    assert voices["“We intend to rescue"] == "quote"


def test_offsets_point_at_the_words() -> None:
    texts = {"w": WIRE, "k": STATE}
    for group in side_by_side().groups:
        for one in group.tellings:
            assert texts[one.article_id][one.start : one.end] == one.text
            for words in one.loaded:
                assert texts[one.article_id][words.start : words.end] == words.text


def test_what_one_outlet_reports_alone() -> None:
    frame = side_by_side().to_frame("omissions")
    alone = frame[frame["what"] == "alone"]
    assert alone[alone["outlet"] == "Harbour Wire"]["text"].str.contains("Forty buses").any()
    assert alone[alone["outlet"] == "Kestria One"]["text"].str.contains("A choir").any()
    assert not alone["text"].str.contains("border posts").any()


def test_what_others_tell_and_one_leaves_out() -> None:
    third = "The price of bread in Sorn rose by a third in one week, bakers complained."
    found = contrast(
        tiny_scores(
            {"article_id": "w", "outlet": "Harbour Wire", "text": WIRE},
            {"article_id": "k", "outlet": "Kestria One", "text": STATE},
            {"article_id": "c", "outlet": "Daily Cockerel", "text": third},
        )
    ).to_frame("omissions")
    left_out = found[found["what"] == "left out"]
    assert set(left_out["outlet"]) == {"Daily Cockerel"}
    assert ["Harbour Wire", "Kestria One"] in left_out["told_by"].tolist()


def test_copies_are_not_laid_beside_their_source() -> None:
    records = [
        {"article_id": "w", "outlet": "Harbour Wire", "text": WIRE},
        {"article_id": "g", "outlet": "Sorn Gazette", "text": WIRE, "copied_from": "w"},
    ]
    with pytest.raises(UsageError, match="needs two outlets"):
        contrast(tiny_scores(*records))


def test_a_contrast_needs_the_texts() -> None:
    with pytest.raises(UsageError, match="without --no-text"):
        contrast(tiny_scores(text=False))


def test_an_unknown_event_is_told_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"no article on the event 'flood'.*dam"):
        contrast(tiny_scores(), "flood")


def test_one_event_is_contrasted() -> None:
    found = contrast(tiny_scores(), "dam")
    assert (found.event, found.n_articles) == ("dam", 4)


def test_everything_from_an_article_is_escaped() -> None:
    evil = "<script>alert(1)</script>"
    found = contrast(
        tiny_scores(
            {"article_id": "w", "outlet": evil, "text": WIRE.replace("Ordesk", evil)},
            {"article_id": "k", "outlet": "Kestria One", "text": STATE, "title": evil},
        )
    )
    for page in (found.to_html(), found._repr_html_()):
        assert "<script" not in page
        assert "&lt;script&gt;" in page


def test_the_text_of_a_contrast_steers_no_terminal() -> None:
    found = contrast(
        tiny_scores(
            {"article_id": "w", "outlet": "Wire\x1b[31m", "text": WIRE},
            {"article_id": "k", "outlet": "Kestria One", "text": STATE},
        )
    )
    assert "\x1b" not in str(found)


def test_json_holds_every_part() -> None:
    content = json.loads(side_by_side().to_json())
    assert list(content) == [
        "event", "outlets", "n_articles", "groups", "words", "naming", "omissions", "notes",
    ]  # fmt: skip
    assert {"target": "Dolmar", "outlet": "Kestria One", "words": "regime",
            "valence": "negative", "n": 1} in content["naming"]  # fmt: skip


def test_a_part_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="there are passages, words, naming, omissions"):
        side_by_side().to_frame("pictures")


# -- words -------------------------------------------------------------------------------


def test_words_that_set_an_outlet_apart() -> None:
    plain = Counter({"government": 40, "village": 60, "river": 60})
    loaded = Counter({"regime": 40, "village": 60, "river": 60})
    found = distinctive_words([plain, loaded], ["Harbour Wire", "Kestria One"])
    assert found[["outlet", "word", "n", "n_others"]].to_numpy().tolist() == [
        ["Harbour Wire", "government", 40, 0],
        ["Kestria One", "regime", 40, 0],
    ]
    assert (found["q"] <= 0.05).all()


def test_outlets_that_write_alike_are_rarely_told_apart() -> None:
    generator = np.random.default_rng(5)
    words = [f"word{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(300)]
    shares = generator.dirichlet(np.full(300, 0.5))
    false = 0
    for _ in range(100):
        counts = [
            Counter(dict(zip(words, generator.multinomial(2_000, shares).tolist(), strict=True)))
            for _ in range(3)
        ]
        false += not distinctive_words(counts, ["a", "b", "c"]).empty
    assert false <= 5


def test_log_odds_follow_the_paper_by_hand() -> None:
    z, delta = log_odds_z(np.array([9.0]), 100.0, np.array([4.0]), 100.0, np.array([1.0]))
    expected = np.log(10 / 590) - np.log(5 / 595)
    assert delta[0] == pytest.approx(expected)
    assert z[0] == pytest.approx(expected / np.sqrt(1 / 10 + 1 / 5))


def test_adjusted_values_keep_the_order_of_the_given() -> None:
    assert adjusted(np.array([0.5, 0.001])).tolist() == [0.5, 0.002]
    assert adjusted(np.array([])).tolist() == []


# -- the five real reports ---------------------------------------------------------------


@with_reports
def test_the_real_reports_stand_side_by_side() -> None:
    model = slantwise.load_model("fast")
    found = slantwise.contrast(model.score(slantwise.read_articles(REPORTS)))
    utterances = [
        [one.text for one in group.tellings] for group in found.groups if group.kind == "utterance"
    ]
    assert has(utterances, "liberate our observation posts", "save our observation posts")
    advance = [
        group for group in found.groups
        if any("liberating the last occupied suburbs" in one.text for one in group.tellings)
    ]  # fmt: skip
    assert advance
    others = [one for one in advance[0].tellings if one.outlet != "RT"]
    assert any("Aleppo" in one.text and "control" in one.text for one in others)
