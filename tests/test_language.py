"""Which language: invented news in a few languages, and what is too little to tell."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slantwise.language import language_of
from slantwise.text import tokenize
from slantwise.traits import traits_of

ENGLISH = (
    "The ferry sailed on Monday, and nobody on the island said that it was late. "
    "Rain fell on the docks for two hours."
)
DUTCH = (
    "De veerboot vertrok maandag en niemand op het eiland zei dat hij te laat was. "
    "Het regende twee uur lang op de kade."
)
GERMAN = (
    "Die Fähre legte am Montag ab, und niemand auf der Insel sagte, dass sie zu spät war. "
    "Zwei Stunden lang regnete es auf die Kais."
)
FRENCH = (
    "Le bac est parti lundi et personne sur l'île n'a dit qu'il était en retard. "
    "Il a plu deux heures durant sur les quais."
)
RUSSIAN = (
    "Паром отплыл в понедельник, и никто на острове не сказал, что он опоздал. "
    "Два часа над причалами шёл дождь."
)


def language(text: str) -> str:
    return language_of(traits_of(tokenize(text).words), text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [(ENGLISH, "en"), (DUTCH, "nl"), (GERMAN, "de"), (FRENCH, "fr"), (RUSSIAN, "ru")],
)
def test_news_in_its_language(text: str, expected: str) -> None:
    assert language(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "… — ! ?",
        "Regime!",
        "De veerboot vertrok maandag en niemand",  # six words
        "2031 11 12 13 14 15 16 17 18 19",  # numbers are no words
    ],
)
def test_too_few_words_pass_for_english(text: str) -> None:
    assert language(text) == "en"


def test_capitals_are_english_too() -> None:
    assert language(ENGLISH.upper()) == "en"


def test_english_that_quotes_another_language_is_english() -> None:
    assert language(f"{ENGLISH} {ENGLISH} “{DUTCH[:40]}”") == "en"


def test_a_text_is_judged_by_its_beginning() -> None:
    assert language(DUTCH * 60 + ENGLISH * 60) == "nl"
    assert language(ENGLISH * 60 + DUTCH * 60) == "en"


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_a_language(text: str) -> None:
    assert len(language(text)) in (2, 3)
