"""Quotation marks: which words they enclose."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slantwise.quotes import find_quoted

MARKS = "\"“”„«»‘’'‹›‚"


def quoted(text: str) -> list[str]:
    return [text[passage.start : passage.end] for passage in find_quoted(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('The "deal" is off.', ["deal"]),
        ("“Go,” he said. “Now.”", ["Go,", "Now."]),
        ("Mayor rules out ‘smallest change’ in the town’s plan", ["smallest change"]),
        ("Mayor rules out 'smallest change' in the town's plan", ["smallest change"]),
        ("«Oui», dit-elle. « Non », dit-il.", ["Oui", "Non"]),
        ("„Ja“, sagte sie.", ["Ja"]),
        ("``Yes,'' she said.", ["Yes,"]),
        ("''Yes,'' she said. ''No.'' Then: ''Go.''", ["Yes,", "No.", "Go."]),
        ('"We won in 2016," he said. "We lost in 2014" was all she said.',
         ["We won in 2016,", "We lost in 2014"]),
        ('" We will " came next', ["We will"]),
        ("(“quietly”)", ["quietly"]),
        ("no—“never”—and again", ["never"]),
    ],
)  # fmt: skip
def test_marks_of_every_style(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The soldiers’ homes and the town’s mills, don’t forget ’em.",
        "The soldiers' homes and the town's mills, don't forget 'em.",
        "In the '90s and the ’80s, rock 'n' roll",
        "He is 6' 2\" tall, she is 5'11\".",
        'a 12" pipe',
        "He stands 5’11” in socks",
        "",
        "no marks at all",
        "\" \" “” ''",
    ],
)
def test_no_quotation(text: str) -> None:
    assert quoted(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the plan for ‘the soldiers’ homes’, it said", ["the soldiers’ homes"]),
        ("the ‘moderate rebels’ in town", ["moderate rebels"]),
        ("“I don’t, the '90s aside,” she said", ["I don’t, the '90s aside,"]),
    ],
)
def test_apostrophes_do_not_close(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


def test_nested_passages_follow_their_outer_one() -> None:
    passages = find_quoted("“They call it ‘peace’ here,” and 'he said \"go\" to me,' she said.")
    assert [passage.nested for passage in passages] == [False, True, False, True]


def test_same_marks_nest() -> None:
    assert quoted("“He said “go” to me.” Then she left.") == ["He said “go” to me.", "go"]


def test_paragraphs_that_reopen_without_closing() -> None:
    passages = find_quoted("“One.\n\n“Two.\n\n“Three,” she said.")
    assert [passage.closed for passage in passages] == [False, False, True]


def test_a_passage_over_two_lines() -> None:
    assert quoted('"One\ntwo," she said.\nNo more.') == ["One\ntwo,"]


def test_an_unclosed_passage_ends_with_its_paragraph() -> None:
    assert quoted("He said: “We go.\nThe plan failed.\nShe left.") == ["We go."]


def test_an_unclosed_passage_ends_before_the_next() -> None:
    assert quoted("“We go. “They came,” she said.\nNo more.") == ["We go.", "They came,"]


def test_a_text_that_begins_inside_a_passage() -> None:
    passages = find_quoted("the end of it,” he said, “I hope.”")
    assert [(passage.start, passage.opened) for passage in passages] == [(0, False), (26, True)]


def test_an_ornament_is_no_passage() -> None:
    assert quoted('"""""" text """"""') == []


@given(st.text(alphabet=st.sampled_from(MARKS + " \nab.,5s"), max_size=200) | st.text())
def test_passages_are_ordered_and_inside(text: str) -> None:
    passages = find_quoted(text)
    starts = [(passage.start, -passage.end) for passage in passages]
    assert starts == sorted(starts)
    for passage in passages:
        assert 0 <= passage.start < passage.end <= len(text)
        assert text[passage.start : passage.end] == text[passage.start : passage.end].strip()


@given(st.text(alphabet=st.sampled_from(MARKS + " \nab.,5s"), max_size=200))
def test_outer_passages_do_not_overlap(text: str) -> None:
    end = -1
    for passage in find_quoted(text):
        if not passage.nested:
            assert passage.start >= end
            end = passage.end


@pytest.mark.parametrize("unit", ['"', "“", "”", "'", '" ', '"a', "“ ”", "“a” ", "'a' ", "“\n"])
def test_a_megabyte_of_marks_takes_linear_time(unit: str) -> None:
    small, large = unit * (50_000 // len(unit)), unit * (1_000_000 // len(unit))
    started = time.process_time()
    find_quoted(small)
    middle = time.process_time()
    find_quoted(large)
    # Twenty times the text; a quadratic reading would take four hundred times as long.
    assert time.process_time() - middle < 100 * (middle - started) + 1.0
