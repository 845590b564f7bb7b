"""The codebook: what a file may say, and what is said of one that can't be."""

from __future__ import annotations

from pathlib import Path

import pytest

from slantwise.codebook import (
    Actor,
    ActorBook,
    Codebook,
    TermBook,
    read_actors,
    read_terms,
)
from slantwise.errors import InputError

SEEDS = Path(__file__).parents[1] / "seeds"
BOOK = ActorBook(
    (
        Actor("Dolmari government", ("Ordesk", "Hadran regime", "the regime"), "state", "Dolmar"),
        Actor("Kestria", ("US",)),
    )
)


def file_of(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "book.yaml"
    path.write_text(content, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("Ordesk", "Dolmari government"),
        ("The Regime", "Dolmari government"),
        ("the Hadran regime’s", "Dolmari government"),
        ("Kestria", "Kestria"),
        ("us", None),  # an alias with a capital stands for itself alone
        ("ordesk", None),
        ("Casseline", None),
    ],
)
def test_a_phrase_has_the_name_of_its_actor(phrase: str, name: str | None) -> None:
    assert BOOK.name_of(phrase) == name


def test_namings_are_found_the_longest_first() -> None:
    text = "The Hadran regime spoke. The regime, not Ordeskian, gave us Ordesk."
    found = [text[start:end] for start, end, _ in BOOK.found_in(text)]
    assert found == ["Hadran regime", "regime", "Ordesk"]


def test_a_book_without_actors_finds_nobody() -> None:
    assert ActorBook().found_in("Ordesk") == []


def test_actors_are_read(tmp_path: Path) -> None:
    path = file_of(
        tmp_path, "actors:\n  - {name: Ada Moss, aliases: [Moss], kind: person, side: Kestria}\n"
    )
    assert read_actors(path).actors == (Actor("Ada Moss", ("Moss",), "person", "Kestria"),)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("actors: []", "give a list of entries"),
        ("- name: Ada", "holds list, not fields"),
        ("actor:\n - name: Ada", "unknown field 'actor'; did you mean actors"),
        ("actors:\n - Ada", "actor 1: 'Ada' is no entry"),
        ("actors:\n - aliases: [Ada]", "actor 1: its name is None"),
        ("actors:\n - {name: Ada, alias: [A]}", "unknown field 'alias'; did you mean aliases"),
        ("actors:\n - {name: Ada, aliases: Moss}", "'Moss' is no list"),
        ("actors:\n - {name: Ada, aliases: [1]}", "1 is no phrase; put it in quotation marks"),
        ("actors:\n - {name: Ada, kind: robot}", "unknown kind 'robot'; kinds are person"),
        ("actors:\n - {name: Ada, side: [x]}", "give it in words"),
        ("actors:\n - name: Ada\n - name: Ada", "'Ada' has two entries"),
        (
            "actors:\n - {name: Ada, aliases: [the boss]}\n - {name: Odo, aliases: [boss]}",
            "'boss' stands for both 'Ada' and 'Odo'",
        ),
        ("actors: [", "line 1: not YAML"),
    ],
)
def test_what_actors_cannot_be(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(InputError, match=said.replace("[", r"\[")):
        read_actors(file_of(tmp_path, content))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be read"):
        read_actors(tmp_path / "none.yaml")


def test_yaml_runs_no_code(tmp_path: Path) -> None:
    path = file_of(tmp_path, "actors: !!python/object/apply:os.getcwd []\n")
    with pytest.raises(InputError, match="not YAML"):
        read_actors(path)


def test_terms_are_read(tmp_path: Path) -> None:
    path = file_of(tmp_path, "always: {doubt: [so-called]}\nnever: {any: [Shock therapy]}\n")
    terms = read_terms(path)
    assert terms.forbids("shock  therapy", "doubt")
    assert not terms.forbids("shock", "doubt")
    assert terms.found_in("The So-called plan.") == [(4, 13, "doubt")]


def test_a_term_is_forbidden_for_its_label_alone() -> None:
    terms = TermBook(never={"euphemism": ("liberated",)})
    assert terms.forbids("Liberated", "euphemism")
    assert not terms.forbids("liberated", "loaded-language")


def test_the_longest_of_terms_that_overlap() -> None:
    terms = TermBook({"doubt": ("plan",), "name-calling": ("plan of thieves",)})
    assert terms.found_in("A plan of thieves.") == [(2, 17, "name-calling")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{}", "no terms in it"),
        ("allways: {doubt: [x]}", "did you mean always"),
        ("always: [x]", "give a list of words by label"),
        ("always: {doubtt: [x]}", "unknown label 'doubtt'; did you mean doubt"),
        ("always: {any: [x]}", "unknown label 'any'"),
        ("never: {doubt: x}", "'x' is no list"),
        ("always: {doubt: [x]}\nnever: {any: [X]}", "'x' always and never counts as doubt"),
    ],
)
def test_what_terms_cannot_be(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(InputError, match=said.replace("[", r"\[")):
        read_terms(file_of(tmp_path, content))


def test_a_codebook_comes_back_from_a_manifest() -> None:
    book = Codebook(BOOK, TermBook({"doubt": ("x",)}, {"any": ("y",)}))
    assert Codebook.of_settings(book.as_settings()) == book
    assert Codebook.of_settings(Codebook().as_settings()) == Codebook()


@pytest.mark.parametrize("name", ["actors.yaml", "idlib_actors.yaml"])
def test_the_example_codebooks_are_sound(name: str) -> None:
    assert len(read_actors(SEEDS / name).actors) > 5


def test_the_example_terms_are_sound() -> None:
    assert read_terms(SEEDS / "terms.yaml")
