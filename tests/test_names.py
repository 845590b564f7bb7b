"""Whom a surname usually stands for: learned from invented articles."""

from __future__ import annotations

from slantwise.training.names import learn_names

MOSS = "President Ada Moss spoke. Later Moss left. “No,” Mr. Finch said."
HOBBS = ["Sen. Lena Hobb spoke. Hobb left.", "Sen. Odo Hobb spoke. Hobb left."]


def test_a_surname_with_one_bearer() -> None:
    assert learn_names([MOSS] * 3, least_articles=3) == {"Moss": "Ada Moss"}


def test_too_few_articles_teach_nothing() -> None:
    assert learn_names([MOSS] * 2, least_articles=3) == {}


def test_a_surname_of_two_people_stays_open() -> None:
    assert learn_names(HOBBS * 5, least_articles=3) == {}


def test_a_place_that_nobody_bears_a_title_with() -> None:
    text = "In New Casseline rain fell. Casseline was wet."
    assert learn_names([text] * 5, least_articles=3) == {}


def test_a_name_that_seldom_explains_its_word() -> None:
    texts = ["Sen. Otto Dolmar spoke."] * 5 + ["Dolmar lost. Dolmar won."] * 95
    assert learn_names(texts, least_articles=3) == {}


def test_a_particle_belongs_to_the_name() -> None:
    text = "President Jurek al-Hadran spoke. Mr. Hadran left."
    assert learn_names([text] * 5, least_articles=3) == {"Hadran": "Jurek al-Hadran"}
