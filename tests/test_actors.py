"""Who is meant: the names of an article, and what each phrase stands for in it."""

from __future__ import annotations

import pytest

from slantwise.actors import Namer
from slantwise.codebook import Actor, ActorBook

NAMES = [
    ("President", "Maren Tolvik"),
    ("Mr.", "Tolvik"),
    ("Defence Minister", "Aldo Brenk"),
    ("", "Jurek al-Hadran"),
    ("", "Lena Hobb"),
    ("", "Odo Hobb"),
    ("", "Joint Observer Mission"),
    ("", "JOM"),
    ("", "Odo J. Finch"),
]
KNOWN = {"Varrendaal": "Ilse Varrendaal", "Finch": "Somebody Else"}


@pytest.mark.parametrize(
    ("phrase", "actor"),
    [
        ("Tolvik", "Maren Tolvik"),
        ("President Tolvik", "Maren Tolvik"),
        ("Mr. Tolvik's", "Maren Tolvik"),
        ("the president", "Maren Tolvik"),
        ("The President", "Maren Tolvik"),
        ("Finch", "Odo Finch"),  # the article's own comes before what is usual
        ("al-Hadran", "Jurek al-Hadran"),
        ("Hadran", "Jurek al-Hadran"),
        ("Varrendaal", "Ilse Varrendaal"),
        ("Hobb", None),  # Lena or Odo?
        ("the minister", "Aldo Brenk"),
        ("the senator", None),
        ("Joint Observer Mission", "JOM"),
        ("JOM", "JOM"),
        ("U.S.", "United States"),
        ("America", "United States"),
        ("the protesters", "protesters"),
        ("the group", None),
        ("they", None),
        ("Dolmar", "Dolmar"),
        ("the Kestrian army", "Kestrian army"),
    ],
)
def test_what_a_phrase_stands_for(phrase: str, actor: str | None) -> None:
    assert Namer.of(NAMES, KNOWN).actor(phrase) == actor


def test_a_codebook_comes_first() -> None:
    book = ActorBook((Actor("Kestrian government", ("Maren Tolvik", "the group")),))
    namer = Namer.of(NAMES, KNOWN, book)
    assert namer.actor("Tolvik") == "Kestrian government"
    assert namer.actor("the group") == "Kestrian government"


def test_the_commonest_of_a_persons_names_is_the_actors() -> None:
    names = [("", "Odo Finch"), ("", "Odo Finch"), ("", "Add Odo Finch"), ("", "Elder - Odo Finch")]
    namer = Namer.of(names)
    assert {namer.actor(one) for one in ("Finch", "Odo Finch", "Add Odo Finch")} == {"Odo Finch"}


def test_a_title_with_two_bearers_is_open() -> None:
    namer = Namer.of([("President", "Maren Tolvik"), ("President", "Jurek Hadran")])
    assert namer.actor("the president") is None


@pytest.mark.parametrize("phrase", ["", "the", "’s", "—", "  "])
def test_what_names_nobody(phrase: str) -> None:
    assert Namer.of([]).actor(phrase) in (None, phrase.strip())
