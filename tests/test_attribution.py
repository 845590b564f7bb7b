"""Hearing whose words are whose: what is learned, applied and kept."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_attribution import SENTENCES, VOCABULARY, article, tiny_attributor, words_apart
from tiny_model import tiny_model

from slantwise import FramingModel, load_model
from slantwise.attributed import attributed_voices
from slantwise.attribution import FIGURES, Attributor, figures_of, marks_of
from slantwise.convolution import PART
from slantwise.draft import Draft
from slantwise.errors import InputError
from slantwise.features import TypeTable
from slantwise.layout import lay_out
from slantwise.pairing import ranges_of
from slantwise.passages import Passage
from slantwise.records import VOICES
from slantwise.text import Document, read_document
from slantwise.training.attribution import fit_attributor, reading_of
from slantwise.training.hearing import Pass, Schedule, first_weights
from slantwise.training.told import (
    marked_article,
    read_written_attributions,
    told_by_article,
    told_by_passage,
)
from slantwise.voice import Voices

REPORT = "Ada Moss said that the dam was a disgrace. Rain fell on the army."
PASSAGE = Passage(
    read_document(REPORT, unscored=()),
    "Harbour Wire",
    [
        {"start": REPORT.index(words), "end": REPORT.index(words) + len(words), "voice": voice}
        for words, voice in (
            ("a disgrace", "reported"), ("the army", "outlet"), ("Rain", "quote"),
        )
    ],
)  # fmt: skip
TABLE = TypeTable(VOCABULARY, {PART: words_apart()})


def documents(*texts: str) -> list[Document]:
    return [read_document(text, unscored=()) for text in texts]


def heard(*texts: str) -> list[Voices]:
    read = documents(*texts)
    layout = lay_out(read)
    return attributed_voices(read, layout, TABLE.look_up(layout.words), tiny_attributor())


def voice_of(voices: Voices, words: str) -> tuple[str, str | None]:
    start = voices.text.index(words)
    return voices.at(start, start + len(words))


def hearing_model() -> FramingModel:
    """Return a tiny model with the attributor, and the word vectors that it learned from."""
    model = tiny_model()
    words, known = words_apart(model.vocabulary), words_apart()
    for number, word in enumerate(model.vocabulary.words):
        if word in VOCABULARY.words:
            words.word[number] = known.word[VOCABULARY.words.index(word)]
    return replace(model, attributor=tiny_attributor(), weights={**model.weights, PART: words})


# -- what is heard -------------------------------------------------------------------------


def test_indirect_speech_and_its_source() -> None:
    (voices,) = heard("Rain fell on the town. Ada Moss said that the plan had failed.")
    assert voice_of(voices, "the plan had failed") == ("reported", "Ada Moss")
    assert voice_of(voices, "Rain fell on the town") == ("outlet", None)
    assert voice_of(voices, "Ada Moss said that") == ("outlet", None)


def test_direct_speech_and_its_source() -> None:
    (voices,) = heard("“The dam is a disgrace and the town would drown,” Odo Finch said.")
    assert voice_of(voices, "The dam is a disgrace") == ("quote", "Odo Finch")
    assert [one.kind for one in voices.quotations] == ["speech"]


def test_marks_around_words_that_nobody_said() -> None:
    (voices,) = heard("The “reform” of the ministry closed the town.")
    assert voice_of(voices, "reform") == ("scare", None)


def test_attributions_have_their_parts() -> None:
    (voices,) = heard("Ada Moss said that the dam was a disgrace.")
    (found,) = voices.attributions
    parts = (found.content, found.phrase, found.source, found.cue)
    assert [voices.text[slice(*part)] for part in parts if part] == [
        "that the dam was a disgrace", "Ada Moss", "Ada Moss", "said",
    ]  # fmt: skip
    assert not found.direct


def test_an_article_is_heard_alike_in_any_company() -> None:
    texts = [SENTENCES[4], "", article(3).text, article(6).text, "“", SENTENCES[6]]
    together = heard(*texts)
    for text, one in zip(texts, together, strict=True):
        (alone,) = heard(text)
        assert alone.token_voice.tolist() == one.token_voice.tolist()
        assert alone.attributions == one.attributions
        assert alone.quotations == one.quotations


def test_boilerplate_is_not_heard_and_says_nothing() -> None:
    text = "Ada Moss said that the plan had failed."
    read = read_document(text, unscored=[(0, len(text))])
    layout = lay_out([read])
    (voices,) = attributed_voices([read], layout, TABLE.look_up(layout.words), tiny_attributor())
    assert not voices.attributions
    assert not voices.token_voice.any()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            'Ada Moss he said that the “ ” ‘ ’ " . , : — \n Q: Rain according to <'.split(" ")
        ),
        max_size=30,
    ).map(" ".join)
)
def test_any_text_gives_whole_arrays(text: str) -> None:
    (voices,) = heard(text)
    count = len(voices.tokens)
    assert voices.token_voice.shape == voices.token_attribution.shape == (count,)
    assert ((voices.token_voice >= 0) & (voices.token_voice < len(VOICES))).all()
    assert (voices.token_attribution < len(voices.attributions)).all()
    for one in voices.attributions:
        for pair in (one.content, one.source, one.cue, one.phrase, one.named, *one.chain):
            assert pair is None or 0 <= pair[0] < pair[1] <= len(text)


# -- figures -------------------------------------------------------------------------------


def test_figures_of_quotations_end_with_their_document() -> None:
    read = documents("He left. “Rain", "fell” on")
    layout = lay_out(read)
    traits = TABLE.look_up(layout.words).traits
    drafts = [Draft(one, traits[layout.tokens_of(at)]) for at, one in enumerate(read)]
    figures = figures_of(drafts, traits, layout)
    words = layout.words

    def told(name: str) -> list[str]:
        return [words[at] for at in np.flatnonzero(figures[:, FIGURES.index(name)])]

    assert told("between marks") == ["Rain", "fell"]
    assert told("opens a quotation") == ["Rain", "fell"]
    assert told("closes a quotation") == ["Rain", "fell"]
    assert told("after one") == ["”"]
    assert told("before one") == ["“"]
    assert told("in a short quotation") == ["Rain", "fell"]
    assert told("opens its sentence") == ["He", "“", "fell"]


def test_ranges_are_cut_where_something_begins() -> None:
    found = ranges_of(np.array([1, 1, 0, 1, 1], bool), np.array([1, 0, 0, 1, 1], bool))
    assert list(zip(found.first.tolist(), found.last.tolist(), strict=True)) == [
        (0, 2), (3, 4), (4, 5),
    ]  # fmt: skip


# -- learning ------------------------------------------------------------------------------


def test_the_gradient_is_that_of_the_loss() -> None:
    reading = reading_of([told_by_article(article(0)), told_by_passage(PASSAGE)], TABLE)
    pieces = [(int(low), int(high)) for low, high in pairwise(reading.edges)]
    weights = first_weights(16, np.random.default_rng(1))

    def loss_of(some: dict[str, np.ndarray]) -> float:
        return Pass(reading, pieces, some, np.random.default_rng(2), 0.3).gradient()[0]

    _, gradient = Pass(reading, pieces, weights, np.random.default_rng(2), 0.3).gradient()
    for name, own in gradient.items():
        direction = own / max(float(np.linalg.norm(own)), 1e-12)
        step = 1e-2
        ahead, behind = (
            loss_of({**weights, name: (weights[name] + sign * step * direction).astype("f4")})
            for sign in (1, -1)
        )
        expected = float((own * direction).sum())
        assert (ahead - behind) / (2 * step) == pytest.approx(expected, rel=0.05, abs=2e-3), name


def test_what_is_learned_is_what_is_applied() -> None:
    told = [told_by_article(article(number)) for number in range(9)]
    reading, ours = reading_of(told, TABLE), tiny_attributor()
    pieces = [(int(low), int(high)) for low, high in pairwise(reading.edges)]
    learned = Pass(reading, pieces, ours.arrays(), np.random.default_rng(0), 0.0).told
    layout = lay_out([one.document for one in told])
    types = TABLE.look_up(layout.words)
    drafts = [
        Draft(one.document, types.traits[layout.tokens_of(number)])
        for number, one in enumerate(told)
    ]
    silent = np.zeros(len(layout.words), dtype=bool)
    applied = ours.hear(types, layout, marks_of(drafts, layout), silent)
    np.testing.assert_allclose(applied.source, learned[:, 3], atol=1e-4)
    np.testing.assert_allclose(applied.cue, learned[:, 4], atol=1e-4)


def test_fitting_again_gives_the_same_weights() -> None:
    articles = [article(number) for number in range(20)]
    schedule = Schedule(epochs=12, warm_up=5, batch=400)
    again = fit_attributor(VOCABULARY, words_apart(), articles, schedule=schedule)
    ours = tiny_attributor().arrays()
    assert again.arrays().keys() == ours.keys()
    for name, array in again.arrays().items():
        np.testing.assert_array_equal(array, ours[name])


def test_an_article_leaves_no_doubt() -> None:
    told = told_by_article(marked_article("a", "[Ada] <said> {it was over}. Rain fell."))
    assert told.known
    assert told.allowed.argmax(axis=1).tolist() == [0, 0, 1, 2, 2, 0, 0, 0, 0]
    assert (told.allowed.sum(axis=1) == 1).all()
    assert told.marked.argmax(axis=0).tolist() == [0, 1]


def test_a_passage_tells_the_voices_of_its_spans_where_rules_agree() -> None:
    told = told_by_passage(PASSAGE)
    words = told.document.tokens.words
    assert not told.known
    doubtful = {
        word: flags
        for word, flags in zip(words, told.allowed.tolist(), strict=True)
        if not all(flags)
    }
    assert doubtful == {
        "a": [False, True, True],
        "disgrace": [False, True, True],
        "the": [True, False, False],
        "army": [True, False, False],
    }


def test_written_sentences_are_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "sentences.txt"
    lines = ("# ours", "[@who] <said> {@what}.", "Rain fell.", "@who = he | the army", "@what = no")
    path.write_text("\n".join(lines))
    read = read_written_attributions(path)
    assert {one.text for one in read} == {"He said no.", "The army said no.", "Rain fell."}
    for one in read:
        assert len(one.attributions) == ("said" in one.text)
    assert read == read_written_attributions(path)


def test_a_slot_without_fillers(tmp_path: Path) -> None:
    path = tmp_path / "sentences.txt"
    path.write_text("Rain fell.\n[@who] <said> {no}.\n")
    with pytest.raises(InputError, match=r"sentences\.txt, line 2: nothing fills the slot @who"):
        read_written_attributions(path)


def test_the_sentences_of_ours_can_be_read() -> None:
    path = Path(__file__).parents[1] / "model" / "written" / "attribution" / "sentences.txt"
    read = read_written_attributions(path)
    assert len(read) > 500
    assert not any(set("@{}[]<>") & set(one.text) for one in read)


def test_too_few_articles() -> None:
    with pytest.raises(InputError, match="3 articles with attributions; 5 are the fewest"):
        fit_attributor(VOCABULARY, words_apart(), [article(number) for number in range(3)])


# -- keeping -------------------------------------------------------------------------------


def test_arrays_give_the_attributor_back() -> None:
    ours = tiny_attributor()
    again = Attributor.of_arrays(ours.arrays())
    for name, array in again.arrays().items():
        np.testing.assert_array_equal(array, ours.arrays()[name])


def test_a_model_file_keeps_it(tmp_path: Path) -> None:
    model = hearing_model()
    path = tmp_path / "hearing.slantwise"
    model.save(path)
    loaded = load_model(path)
    text = "The army said that the plan had failed on Monday."
    before, after = (
        one.spread([read_document(text)]).voices[0].token_voice for one in (model, loaded)
    )
    assert after.tolist() == before.tolist()
    for name, array in loaded.attributor.arrays().items():
        np.testing.assert_array_equal(array, model.attributor.arrays()[name])


def test_a_model_file_without_it_finds_voices_by_rule(tmp_path: Path) -> None:
    path = tmp_path / "plain.slantwise"
    tiny_model().save(path)
    model = load_model(path)
    assert model.attributor is None
    (voices,) = model.spread([read_document("The army said the plan had failed.")]).voices
    assert voices.at(14, 18) == ("reported", "The army")
