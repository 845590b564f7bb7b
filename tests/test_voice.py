"""Whose words: every case is a text with the expected voices written into it.

``{quote Ada Moss: …}`` are words of Ada Moss between marks, ``{reported: …}`` words of
somebody unnamed, ``{scare: …}`` scare quotes; everything else is the outlet's.
"""

import re
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slantwise.records import VOICES
from slantwise.text import read_document
from slantwise.voice import Voices, find_voices

MARKUP = re.compile(r"\{(quote|reported|scare)(?: ([^:{}]*))?: ([^{}]*)\}")


def read_markup(marked: str) -> tuple[str, list[tuple[int, int, str, str | None]]]:
    text, spans, at = "", [], 0
    for match in MARKUP.finditer(marked):
        text += marked[at : match.start()]
        spans.append((len(text), len(text) + len(match[3]), match[1], match[2]))
        text += match[3]
        at = match.end()
    return text + marked[at:], spans


def voices_of(text: str) -> Voices:
    return find_voices(read_document(text))


def check(marked: str) -> None:
    """Every word has the voice that the markup says, and every marked span its speaker."""
    text, spans = read_markup(marked)
    voices = voices_of(text)
    for word in re.finditer(r"\w+", text):
        expected = next(
            (voice for start, end, voice, _ in spans if start <= word.start() < end), "outlet"
        )
        found = voices.at(word.start(), word.end())[0]
        assert (word[0], word.start(), found) == (word[0], word.start(), expected)
    for start, end, voice, speaker in spans:
        assert voices.at(start, end) == (voice, speaker)


DIRECT = [
    "“{quote Ada Moss: We will build the dam,}” Ada Moss said on Monday.",
    "“{quote Ada Moss: We will build the dam,}” said Ada Moss, the water minister.",
    "“{quote Ada Moss: We will build the dam,}” Ada Moss, the water minister, said.",
    "Water Minister Ada Moss told reporters: “{quote Ada Moss: We will build the dam.}”",
    "'{quote Ada Moss: We will build the dam,}' Ada Moss told the Harbour Wire.",
    "«{quote Ada Moss: We will build the dam,}» Ada Moss said.",
    "“{quote Ada Moss: We will,}” Ada Moss said. “{quote Ada Moss: The river is ours.}”",
    "“{quote Ada Moss: We will,}” said Ada Moss, adding, “{quote Ada Moss: The river is ours.}”",
    "Ada Moss spoke first. “{quote she: We will build the dam,}” she said.",
    "“{quote Ada Moss: One thing is clear.}\n\n“{quote Ada Moss: We go,}” Ada Moss said.",
    "{quote Ada Moss: it is over,}” Ada Moss said.",
    "The army vowed to “{quote The army: liberate the valley from its enemies}”.",
    "Asked about the dam, Ada Moss called it “{quote Ada Moss: a wall of shame}”.",
]  # fmt: skip

FRAGMENTS = [
    "Ada Moss called the dam “{quote Ada Moss: monstrous}”.",
    "Ada Moss said that the dam was “{quote Ada Moss: monstrous}”.",
    "Ada Moss condemned what she called “{quote she: a crime}”.",
    "“{quote Ada Moss: He called it ‘a crime’ and left,}” Ada Moss said.",
    "The ministry accused the union of “{quote The ministry: sabotage}”.",
]  # fmt: skip

REPORTED = [
    "Ada Moss said that {reported Ada Moss: the brutal regime must go.}",
    "Ada Moss said {reported Ada Moss: the brutal regime must go.}",
    "{reported Ada Moss: The brutal regime must go}, Ada Moss said.",
    "{reported a union official: The pits will close in May}, a union official said on Tuesday.",
    "According to Ada Moss, {reported Ada Moss: the dam is a disgrace.}",
    "{reported Ada Moss: The dam is a disgrace}, according to Ada Moss.",
    "Ada Moss accused the company of {reported Ada Moss: poisoning the river.}",
    "Ada Moss described the dam as {reported Ada Moss: a crime against nature.}",
    "Ada Moss warned that {reported Ada Moss: the town would drown.}",
    "Critics of the dam say {reported Critics of the dam: it is a disaster.}",
    "The dam is seen as {reported: a disaster.}",
    "As Ada Moss has argued, {reported Ada Moss: the dam is a disgrace.}",
    "Ada Moss was adamant that {reported Ada Moss: the dam was safe.}",
    "In Ada Moss's view, {reported Ada Moss: the dam is a disgrace.}",
    "Ada Moss made clear that {reported Ada Moss: the dam was safe.}",
    "LATEST — Ministry of Water on the flood:\n{reported Ministry of Water: "
    "• 12 cowardly raiders have been neutralized\n• 3 boats have been destroyed}\nRain goes on.",
    "{reported engineers of the valley: The dam is safe}, say engineers of the valley.",
    "Ada Moss: {reported Ada Moss: Dam is a disgrace for the valley}",
]  # fmt: skip

OUTLET = [
    "The film is said to be a disaster.",
    "Needless to say, the dam was a disgrace.",
    "That said, the dam was a disgrace.",
    "The law says nothing of shame.",
    "The alleged attack shook the ruthless regime.",
    "The so-called reform failed.",
    "I think the dam is a disgrace.",
    "I believe that we should say the dam is a disgrace.",
    "She left the brutal regime behind in May.",
    "The state report on the dam is long.",
    "Ships called at the harbour in May.",
]

MARKS_OF_ANOTHER_KIND = [
    "The wall is 5'11\" high and the dam isn't.",
    "The boys' school and the '90s hall were closed.",
    "The town's fishermen didn't sail.",
]

SCARE = [
    "The plan should part “{scare: moderate}” rebels from terrorists.",
    "Posts of the “{scare: free press}” were closed.",
    "The so-called “{scare: people's court}” met in May.",
    "A ‘{scare: reform}’ that closed nine schools came into force.",
    "The ministry hailed the day. The “{scare: reform}” closed nine schools.",
]

NAMES = [
    "Ada “The Rock” Moss won the race.",
    "She wrote the novel “The Long Water” in May.",
    "The ship named “Northern Star” sank.",
    "A film titled “Winter Harbour” opens in May.",
    "The choir sang “The Long Way Home” at the harbour.",
]

BESIDE = [
    # What stands beside a source's words is the outlet's.
    "The ruthless regime said {reported The ruthless regime: the town was safe.}",
    "Ada Moss, a notorious hardliner, said {reported Ada Moss: the town was safe.}",
    "Ada Moss said {reported Ada Moss: the town was safe}, although the regime had shelled it.",
    "When Ada Moss said that {reported Ada Moss: it was safe}, the ruthless regime shelled it.",
    "Feigning concern, Ada Moss said {reported Ada Moss: the town was safe.}",
]


@pytest.mark.parametrize("marked", DIRECT)
def test_direct_speech(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize("marked", FRAGMENTS)
def test_fragments_of_direct_speech(marked: str) -> None:
    _, spans = read_markup(marked)
    text = read_markup(marked)[0]
    for start, end, voice, speaker in spans:
        assert voices_of(text).at(start, end) == (voice, speaker)


@pytest.mark.parametrize("text", MARKS_OF_ANOTHER_KIND)
def test_apostrophes_and_inches_quote_nobody(text: str) -> None:
    check(text)
    assert not voices_of(text).quotations


NAMED = [
    ("Hulusi Tarn left. “We go,” Tarn said.", "Tarn", "Hulusi Tarn"),
    ("Ada Moss spoke first. “We will build the dam,” she said.", "she", "Ada Moss"),
    ("“We go,” Moss said. Ada Moss is minister.", "Moss", "Ada Moss"),
    ("Ada Moss said the dam was safe.", "Ada Moss", "Ada Moss"),
    ("The army said the dam was safe.", "The army", None),
    ("“We go,” he said.", "he", None),
    ("The union met. Ada Moss and Odo Finch left early, they said.", "they", None),
]


@pytest.mark.parametrize(("text", "source", "name"), NAMED)
def test_the_fullest_naming_of_a_source(text: str, source: str, name: str | None) -> None:
    voices = voices_of(text)
    (found,) = {one.source for one in voices.attributions}
    assert found is not None
    assert text[slice(*found)] == source
    assert voices.name_of(found) == name


def test_words_of_each_speaker() -> None:
    text = "“We go now,” Ada Moss said. The army said rain fell. Moss said it was over."
    voices = voices_of(text)
    counted = np.array([word.isalnum() for word in voices.tokens.words])
    assert voices.speakers(counted) == {"Ada Moss": 6, "The army": 2}
    assert voices.speakers(np.zeros_like(counted)) == {}


@pytest.mark.parametrize("marked", REPORTED)
def test_indirect_speech(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize("text", OUTLET)
def test_what_looks_like_a_cue_and_is_none(text: str) -> None:
    check(text)


@pytest.mark.parametrize("marked", SCARE)
def test_scare_quotes(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize("text", NAMES)
def test_names_in_marks_are_the_outlets(text: str) -> None:
    check(text)
    assert [quotation.kind for quotation in voices_of(text).quotations] == ["name"]


@pytest.mark.parametrize("marked", BESIDE)
def test_words_beside_a_source(marked: str) -> None:
    check(marked)


def test_an_interview() -> None:
    check(
        "ADA MOSS: {quote ADA MOSS: The dam is a disgrace and they know it well.}\n"
        "JOHN REED: {quote JOHN REED: You built it.}"
    )


def test_a_post_with_its_writer() -> None:
    check("{quote Ada Moss: The dam is a disgrace!} — Ada Moss (@adamoss) March 3")


def test_kinds_of_quotations() -> None:
    text = (
        "“We will build the dam and we will not wait,” Ada Moss said. "
        "She vowed to “drain the valley”. The “reform” closed nine schools."
    )
    assert [quotation.kind for quotation in voices_of(text).quotations] == [
        "speech",
        "fragment",
        "scare",
    ]


def test_attributions_name_source_and_cue() -> None:
    text = "Water Minister Ada Moss accused the company of poisoning the river."
    (attribution,) = voices_of(text).attributions
    assert attribution.source is not None
    assert attribution.cue is not None
    assert text[slice(*attribution.source)] == "Ada Moss"
    assert text[slice(*attribution.cue)] == "accused"
    assert text[slice(*attribution.content)] == "poisoning the river."
    assert not attribution.direct


def test_scare_only_where_the_whole_span_is() -> None:
    voices = voices_of("The “reform” closed nine schools.")
    assert voices.at(5, 11) == ("scare", None)
    assert voices.at(4, 12) == ("scare", None)
    assert voices.at(5, 19) == ("outlet", None)


@pytest.mark.parametrize("span", [(0, 0), (3, 3), (40, 90)])
def test_a_span_without_words_is_the_outlets(span: tuple[int, int]) -> None:
    assert voices_of("She said it was over.").at(*span) == ("outlet", None)


@settings(max_examples=150, deadline=None)
@given(
    st.text()
    | st.lists(
        st.sampled_from(
            "Ada Moss he they said told that , . \" “ ” ‘ ’ ' — : ; ? claims of as to calling\n"
            " accused by according was the regime ( ) - s who which adding • Q: (@x)".split(" ")
        ),
        max_size=40,
    ).map(" ".join)
)
def test_any_text_gives_whole_arrays(text: str) -> None:
    document = read_document(text)
    voices = find_voices(document)
    count = len(document.tokens)
    assert voices.token_voice.shape == voices.token_attribution.shape == (count,)
    assert voices.token_voice.dtype == np.int8
    assert voices.token_attribution.dtype == np.int32
    assert ((voices.token_voice >= 0) & (voices.token_voice < len(VOICES))).all()
    assert (voices.token_attribution < len(voices.attributions)).all()
    starts = [quotation.start for quotation in voices.quotations]
    assert starts == sorted(starts)
    for quotation in voices.quotations:
        assert 0 <= quotation.start < quotation.end <= len(text)
        assert quotation.kind in ("speech", "fragment", "scare", "name")
    for attribution in voices.attributions:
        for pair in (attribution.content, attribution.source, attribution.cue):
            assert pair is None or 0 <= pair[0] < pair[1] <= len(text)


def test_a_megabyte_of_marks_takes_less_than_two_seconds() -> None:
    rng = np.random.default_rng(0)
    text = "".join(rng.choice(list("\"“”‘’'«»„‚‹›"), size=1_000_000))
    started = time.process_time()
    voices = voices_of(text)
    assert time.process_time() - started < 2
    assert len(voices.token_voice) == len(voices.tokens)


def test_a_text_may_break_off_after_that() -> None:
    assert voices_of("Ada Moss told reporters that").at(0, 8) == ("outlet", None)


@pytest.mark.parametrize(
    "unit", ['said "x" ', "he said that ", '"a', "“ ”", "X, a, said ", "A: ", "- ", "— a (@b) "]
)
def test_time_is_linear(unit: str) -> None:
    small = read_document(unit * (10_000 // len(unit)))
    large = read_document(unit * (200_000 // len(unit)))
    started = time.process_time()
    find_voices(small)
    middle = time.process_time()
    find_voices(large)
    # Twenty times the text; a quadratic reading would take four hundred times as long.
    assert time.process_time() - middle < 100 * (middle - started) + 1.0
