"""For any text whatever: offsets agree with the text, from tokens to labelled spans.

SLANTWISE_HYPOTHESIS is the number of texts tried for each property, for a deeper search.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from slantwise.boilerplate import boilerplate
from slantwise.layout import lay_out
from slantwise.model import LEAST_SCORE, FramingModel, LabelledArticle, load_model
from slantwise.quotes import find_quoted
from slantwise.records import LABELS, VALENCES, VOICES, Article
from slantwise.sentences import split_sentences
from slantwise.text import Document, read_document, tokenize
from slantwise.voice import find_voices

EXAMPLES = int(os.environ.get("SLANTWISE_HYPOTHESIS", "40"))
SEEDS = Path(__file__).parents[1] / "seeds"

# Words that make the rules work: cues, titles, boilerplate, loaded words, abbreviations.
WORDS = (
    "the The regime Regime slammed brutal shameful Ada Moss Mr. Gen. U.S. 3.5 No. said told "
    "reporters according to critics called accused of that he she they it so-called claimed "
    "without evidence under the pretext of Feigning concern BREAKING Share this Also on "
    "Photo: Reuters Read more: Advertisement far-left don't rock'n'roll İstanbul ß naïve "
    "🇳🇱 👩\u200d👩\u200d👧 e\u0301 \u202e \ufeff \u200b 北京 النظام"
).split()
MARKS = "“ ” \" ' ‘ ’ « » … ... . .” ? ! , ; : — - • ( ) [ ] \ud83d \udc00 \x00".split(" ")
BREAKS = ["\n", "\n\n", "\r\n", "\t", "\u2028", "\u00a0", "\x0c", "\x85"]
PIECES = [*WORDS, *MARKS, *BREAKS]

# Half a surrogate pair is a character like any other here; only files can't hold it.
ANY = st.characters(exclude_categories=())
NEWSLIKE = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from(["", " ", " ", " "])), max_size=40
).map(lambda parts: "".join(word + space for word, space in parts))
TEXTS = st.text(ANY, max_size=80) | NEWSLIKE | st.builds(str.__add__, NEWSLIKE, st.text(ANY))

PAGES = [path.read_bytes().decode("utf-8") for path in sorted(SEEDS.glob("*.txt"))]


def for_any_text(test: Callable[..., None]) -> Callable[..., None]:
    """Try a test on texts of every kind."""
    quick = settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    for text in ("", " \n", "“", "a\ud800b regime", "\x00", "\u202eThe regime slammed Moss."):
        test = example(text=text)(test)
    return quick(given(text=TEXTS)(test))


@pytest.fixture(scope="module")
def model() -> FramingModel:
    return load_model("fast")


# -- tokens, sentences, documents --------------------------------------------------------


@for_any_text
def test_tokens_are_in_order_and_cover_all_that_is_visible(text: str) -> None:
    tokens = tokenize(text)
    starts, ends = tokens.start.tolist(), tokens.end.tolist()
    assert [text[start:end] for start, end in zip(starts, ends, strict=True)] == tokens.words
    assert all(start < end for start, end in zip(starts, ends, strict=True))
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    covered = {at for start, end in zip(starts, ends, strict=True) for at in range(start, end)}
    assert {at for at, character in enumerate(text) if not character.isspace()} <= covered
    assert not any(text[at].isspace() for at in covered)


@for_any_text
def test_sentences_are_in_order_and_cover_all_that_is_visible(text: str) -> None:
    sentences = split_sentences(text).tolist()
    assert all(end <= start for (_, end), (start, _) in pairwise(sentences))
    for start, end in sentences:
        assert text[start:end] == text[start:end].strip() != ""
    outside = "".join(
        text[end:start]
        for (_, end), (start, _) in pairwise([[0, 0], *sentences, [len(text), len(text)]])
    )
    assert outside.strip() == ""


@for_any_text
def test_a_sentence_splits_no_further(text: str) -> None:
    for start, end in split_sentences(text).tolist():
        words = text[start:end]
        # What a sentence is followed by may hold it together, so it may fall apart alone;
        # but its own sentences then cover it, and nothing is lost.
        again = split_sentences(words)
        assert again[0, 0] == 0
        assert again[-1, 1] == len(words)


def check_document(document: Document, text: str) -> None:
    tokens, sentences = document.tokens, document.sentences
    assert document.text == text
    assert len(tokens) == len(document.token_sentence) == len(document.scored)
    assert (sentences[document.token_sentence, 0] <= tokens.start).all()
    assert (tokens.end <= sentences[document.token_sentence, 1]).all()
    assert np.unique(document.token_sentence).tolist() == list(range(len(sentences)))


@for_any_text
def test_a_document_agrees_with_its_text(text: str) -> None:
    check_document(read_document(text), text)
    check_document(read_document(text, title=text[: len(text) // 2]), text)


@for_any_text
def test_boilerplate_is_inside_the_text_and_in_order(text: str) -> None:
    found = boilerplate(text, "The regime")
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(end <= start for (_, end), (start, _) in pairwise(found))


@for_any_text
def test_to_read_again_gives_the_same(text: str) -> None:
    one, again = read_document(text), read_document(text)
    assert one.tokens.words == again.tokens.words
    assert one.sentences.tolist() == again.sentences.tolist()
    assert one.scored.tolist() == again.scored.tolist()
    assert boilerplate(text) == boilerplate(text)


# -- voices ------------------------------------------------------------------------------


@for_any_text
def test_voices_agree_with_their_document(text: str) -> None:
    document = read_document(text)
    voices = find_voices(document)
    assert len(voices.token_voice) == len(voices.token_attribution) == len(document.tokens)
    assert voices.tokens is document.tokens
    assert ((voices.token_voice >= 0) & (voices.token_voice < len(VOICES))).all()
    assert (voices.token_attribution < len(voices.attributions)).all()
    for quotation in voices.quotations:
        assert 0 <= quotation.start < quotation.end <= len(text)
        assert quotation.kind in ("speech", "fragment", "scare", "name")
    for attribution in voices.attributions:
        for part in (attribution.content, attribution.source, attribution.cue):
            assert part is None or 0 <= part[0] < part[1] <= len(text)


@for_any_text
def test_every_token_has_one_voice_and_a_speaker_that_is_written(text: str) -> None:
    document = read_document(text)
    voices = find_voices(document)
    for start, end in zip(document.tokens.start, document.tokens.end, strict=True):
        voice, speaker = voices.at(int(start), int(end))
        assert voice in VOICES
        assert speaker is None or (speaker in text and voice in ("quote", "reported"))


@for_any_text
def test_quoted_passages_are_inside(text: str) -> None:
    for passage in find_quoted(text):
        assert 0 <= passage.start < passage.end <= len(text)


# -- the model ---------------------------------------------------------------------------


def check_labelled(labelled: LabelledArticle) -> None:
    article = labelled.article
    for field in ("title", "text"):
        written = getattr(article, field)
        spans = [span for span in labelled.spans if span.field == field]
        assert all(before.end <= after.start for before, after in pairwise(spans))
        for span in spans:
            assert 0 <= span.start < span.end <= len(written)
            assert written[span.start : span.end] == span.text == span.text.strip()
            assert 0 <= span.sentence_start <= span.start < span.sentence_end <= len(written)
            assert span.label in LABELS
            assert span.voice in VOICES
            assert LEAST_SCORE <= span.score <= 1
            assert span.valence is None or span.valence in VALENCES
            for named in (span.speaker, span.target):
                assert named is None or (named and named in written)
    assert labelled.n_words == (
        labelled.n_outlet_words + labelled.n_quote_words + labelled.n_reported_words
    )
    assert 0 <= labelled.bias <= 1


@for_any_text
def test_spans_agree_with_any_text(model: FramingModel, text: str) -> None:
    check_labelled(model.label(text))


@for_any_text
def test_spans_agree_with_any_title(model: FramingModel, text: str) -> None:
    check_labelled(model.label(Article(PAGES[0][:600], title=text)))
    check_labelled(model.label(Article(text, title=text)))


@for_any_text
def test_any_text_can_be_shown_and_tabulated(model: FramingModel, text: str) -> None:
    labelled = model.label(Article(text, title="The brutal regime"))
    assert len(labelled.to_frame()) == len(labelled.spans)
    assert isinstance(labelled._repr_html_(), str)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_any_texts_are_labelled_each_as_if_alone(texts: list[str]) -> None:
    model = load_model("fast")
    for text, labelled in zip(texts, model.label_many(map(Article, texts)), strict=True):
        assert labelled == model.label(text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page[:20])
def test_spans_agree_with_pages_cut_anywhere(model: FramingModel, page: str) -> None:
    for at in range(0, len(page), 211):
        check_labelled(model.label(page[at : at + 700]))


@pytest.mark.parametrize(
    "text",
    [
        "regime " * 6_000,
        "“" * 5_000 + "regime",
        "a" * 300_000,
        "The regime slammed it. " * 4_000,
        "\n" * 100_000 + "Regime",
        "Ada said that " * 5_000,
    ],
    ids=["one word", "marks", "one long word", "sentences", "empty lines", "cues"],
)
def test_long_texts_are_labelled(model: FramingModel, text: str) -> None:
    check_labelled(model.label(text))


def test_layout_of_any_documents_covers_them() -> None:
    documents = [read_document(page) for page in PAGES]
    layout: Any = lay_out(documents)
    assert len(layout.words) == sum(len(document.tokens) for document in documents)
    assert int(layout.lengths.sum()) == len(layout.words)
    assert (layout.lengths > 0).all()
