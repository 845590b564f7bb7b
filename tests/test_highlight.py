"""Articles with their spans marked, as HTML and for a terminal."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from slantwise.highlight import TERMINAL_COLOURS, article_html, article_terminal
from slantwise.in_words import describe, visible
from slantwise.marking import marked_paragraphs, read_template
from slantwise.records import LABELS, VOICES, Article, Span


@dataclass(frozen=True)
class Labelled:
    article: Article
    spans: list[Span] = field(default_factory=list)


def span_of(text: str, words: str, field: str = "text", **changes: object) -> Span:
    start = text.index(words)
    span = Span(
        "a1", "Harbour Wire", "2031-03-13", field, start, start + len(words), words,
        "name-calling", 0.871, "outlet", None, None, None, None, None, 0, len(text), (),
    )  # fmt: skip
    return replace(span, **changes)  # type: ignore[arg-type]


TEXT = "The regime fell.\n\nIt was “a relief”, Olund said."
ARTICLE = Article(TEXT, "a1", "Harbour Wire", "2031-03-13", "Regime falls")
LABELLED = Labelled(
    ARTICLE,
    [
        span_of("Regime falls", "Regime", "title"),
        span_of(TEXT, "regime", target="Ostrava", valence="negative", evidence=("it says so",)),
        span_of(TEXT, "a relief", label="loaded-language", voice="quote", speaker="Olund"),
    ],
)


class Page(HTMLParser):
    """Collects the tags, marks and paragraphs of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.marks: list[tuple[str, dict[str, str | None]]] = []
        self.paragraphs: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._open.append(tag)
        if tag == "mark":
            self.marks.append(("", dict(attrs)))
        if tag == "p":
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "mark" in self._open:
            words, attributes = self.marks[-1]
            self.marks[-1] = (words + data, attributes)
        if "p" in self._open:
            self.paragraphs[-1] += data


# -- in words ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "who"),
    [
        ({}, "in the outlet’s own voice"),
        ({"voice": "quote", "speaker": "Olund"}, "quoted from Olund"),
        (
            {"voice": "quote", "speaker": "he", "speaker_name": "Sefa Olund"},
            "quoted from Sefa Olund (“he”)",
        ),
        ({"voice": "reported"}, "attributed to somebody not named, in indirect speech"),
        ({"voice": "scare"}, "in scare quotes, which count as the outlet’s own voice"),
    ],
)
def test_who_says_it(changes: dict[str, str], who: str) -> None:
    assert describe(span_of(TEXT, "regime", **changes)).who == who


def test_a_span_in_words() -> None:
    assert str(describe(LABELLED.spans[1])) == (
        "name-calling, certainty 87% · in the outlet’s own voice · about Ostrava, negative · "
        "it says so"
    )


# -- HTML --------------------------------------------------------------------------------


def test_marks_hold_the_words_with_label_and_voice() -> None:
    marks = Page(article_html(LABELLED)).marks
    assert [(words, a["data-label"], a["data-voice"]) for words, a in marks] == [
        ("Regime", "name-calling", "outlet"),
        ("regime", "name-calling", "outlet"),
        ("a relief", "loaded-language", "quote"),
    ]
    assert "quoted from Olund" in str(marks[2][1]["title"])


def test_marks_are_reached_by_keyboard_and_described() -> None:
    html = article_html(LABELLED)
    for _, attributes in Page(html).marks:
        assert attributes["tabindex"] == "0"
        assert f"<li id='{attributes['aria-describedby']}'" in html


def test_paragraphs_are_kept() -> None:
    html = marked_paragraphs(TEXT, list(enumerate(LABELLED.spans[1:])), "s")
    assert Page(html).paragraphs == ["The regime fell.", "It was “a relief”, Olund said."]


def test_a_span_over_a_paragraph_break_is_marked_on_both_sides() -> None:
    span = span_of(TEXT, "fell.\n\nIt")
    marks = Page(marked_paragraphs(TEXT, [(7, span)], "s")).marks
    assert [words for words, _ in marks] == ["fell.", "It"]
    assert marks[0][1]["id"] == "s-7"
    assert "id" not in marks[1][1]


def test_unscored_ranges_are_grey() -> None:
    html = marked_paragraphs("Share this. The regime fell.", [], "s", unscored=[(0, 11)])
    assert html == "<p><span class='sw-unscored'>Share this.</span> The regime fell.</p>\n"


def test_overlapping_and_impossible_spans_do_no_harm() -> None:
    spans = [
        span_of(TEXT, "regime fell"),
        span_of(TEXT, "fell"),
        replace(span_of(TEXT, "said."), end=10_000),
        replace(span_of(TEXT, "said."), start=9_000, end=9_010),
    ]
    page = Page(marked_paragraphs(TEXT, list(enumerate(spans)), "s"))
    assert [words for words, _ in page.marks] == ["regime fell", "said."]
    assert "".join(page.paragraphs) == TEXT.replace("\n", "")


def test_no_spans() -> None:
    assert "No loaded framing found." in article_html(Labelled(ARTICLE))


EVIL = """<script>alert(1)</script></style></p></article>'"&amp;{{ 7*7 }}<!--"""


def test_everything_is_escaped() -> None:
    spans = [
        span_of(EVIL, EVIL, speaker=EVIL, voice="quote", target=EVIL, evidence=(EVIL,)),
        span_of(EVIL, "script", "title", label=EVIL, voice=EVIL),
    ]
    html = article_html(Labelled(Article(EVIL, EVIL, EVIL, EVIL, EVIL, EVIL), spans))
    page = Page(html)
    assert "script" not in page.tags
    assert page.tags.count("style") == page.tags.count("article") == 1
    assert page.paragraphs[1] == EVIL
    assert page.marks[1][0] == EVIL


def test_every_label_and_voice_has_its_style() -> None:
    css = read_template("highlight.css")
    for label in LABELS:
        assert re.search(rf"\[data-label={label}\] {{ --sw: \d+ \d+ \d+; --sw-tag: \"\w+\" }}", css)
    assert set(TERMINAL_COLOURS) == set(LABELS)
    assert all(f"[data-voice={voice}]" in css for voice in VOICES)


@given(st.text(), st.data())
def test_marked_text_is_the_text(text: str, data: st.DataObject) -> None:
    edges = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=6)))
    spans = [
        replace(span_of("x", "x"), start=start, end=end)
        for start, end in zip(edges[::2], edges[1::2], strict=False)
    ]
    page = Page(marked_paragraphs(text, list(enumerate(spans)), "s"))
    shown = [line for line in visible(text).split("\n") if line.strip()]
    assert page.paragraphs == [line for line in shown if line]


# -- Terminal ----------------------------------------------------------------------------


def test_without_colour_brackets_mark_and_notes_say() -> None:
    assert article_terminal(LABELLED) == (
        "Harbour Wire · 2031-03-13\n"
        "[Regime](1) falls\n"
        "\n"
        "The [regime](2) fell.\n"
        "\n"
        "It was “[a relief](3)”, Olund said.\n"
        "\n"
        "1  Regime · name-calling, certainty 87% · in the outlet’s own voice\n"
        "2  regime · name-calling, certainty 87% · in the outlet’s own voice · "
        "about Ostrava, negative · it says so\n"
        "3  a relief · loaded-language, certainty 87% · quoted from Olund\n"
    )


def test_long_lines_are_kept_without_colour() -> None:
    text = "word " * 500
    assert text.strip() in article_terminal(Labelled(Article(text)))


def test_colour_marks_with_styles_and_gives_a_legend() -> None:
    shown = article_terminal(LABELLED, colour=True, width=60)
    plain = Text.from_ansi(shown).plain
    assert "\x1b[" in shown
    assert "The regime[2] fell." in plain
    assert "■ name-calling  ■ loaded-language" in plain
    assert max(map(len, plain.splitlines())) <= 60


def test_nothing_from_an_article_steers_the_terminal() -> None:
    evil = "a\x1b]0;owned\x07b\x9b31mc\x08d\re\x7ff\u202eg [bold]h[/bold] :smile:"
    spans = [span_of(evil, evil, speaker=evil, voice="quote", evidence=(evil,))]
    labelled = Labelled(Article(evil, evil, evil, evil, evil), spans)
    shown = article_terminal(labelled)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)
    assert "␛]0;owned␇b\ufffd31mc␈d␍e␡f\ufffdg [bold]h[/bold] :smile:" in shown
    styled = article_terminal(labelled, colour=True, width=400)
    assert "\x1b]" not in styled
    assert set(re.findall("\x1b(.)", styled)) == {"["}


@given(st.text(st.characters(codec=None)))
def test_visible_keeps_offsets(text: str) -> None:
    shown = visible(text)
    assert len(shown) == len(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", shown)
