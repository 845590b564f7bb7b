"""Where sentences end: rows of text with | at every expected boundary."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slantwise.sentences import split_sentences

PLAIN = [
    "Rain fell.| The ferry sailed.| Nobody complained.",
    "Did it rain?| It did!| The ferry sailed.",
    "A headline without a stop",
    "A headline without a stop|\nThe mayor resigned.| Nobody knows why.",
    "First paragraph|\n\nSecond paragraph|\r\n\r\nThird paragraph",
    "  Space around.|   More of it.  ",
    "What?!| He left.",
    "They left in 2016.| The bridge closed.",
    "It cost 3.5 million.| It earned 1,200.75.",
    "He was 62.| She was 58.",
    "One, two; three: four.| Five",
    "It was over.| it had been a long day",  # careless typing: the word can't be an abbreviation
]

ABBREVIATIONS = [
    "Mr. Vale left.| Mrs. Vale and Dr. Orr stayed.",
    "Gen. Dale and Lt. Col. Marsh met Sen. Ode.| Gov. Pell was ill.",
    "The U.S. Senate met.| The U.N. Security Council did not.",
    "He has lived in the U.S. for years.",
    "He has lived in the U.S. since May.| She hasn't.",
    "He moved to the U.S. The next year he left.".replace("S. The", "S.| The"),
    "They met at 5 p.m. on Monday and at 9 a.m. Tuesday.",
    "They met at 5 p.m.| The talks failed.",
    "The train for No. 5 Dock Road left.| It was late.",
    "She finished No. 10 of 40.| He said no.| Then he left.",
    "Prop. 4 failed, as Art. 12 says.| It was Art.| Nobody bought it.",
    "Harbour v. Dike was decided on Jan. 5 and Feb. 7.",
    "Docks vs. Rails: a contest",
    "The firm, Vale Inc., bought Orr Corp. for a song.",
    "Nets, ropes, etc. were sold.",
    "Sen. Ode (R-Ky.) said so.| Rep. Pell (D-N.Y.), too.",
    "Use a tool, e.g. a hammer, i.e. something heavy.",
    "She holds a Ph.D. in law.| He has a degree, too.",
    "He came from Springfield, Mass., in March.",
    "They went to mass.| Then they ate.",
    "RENO, Nev. — At noon the doors opened.",
    "St. Ives lies near Mt. Orr.",
]

INITIALS = [
    "George W. Bush met Hosni M. Orr.| They talked.",
    "J. K. Rowling wrote it.| J.K. Rowling did.",
    "John F. Kennedy and A.B. Marsh agreed.",
    "It was plan B.| They had no other.",
    "The G.O.P. senators left.| So did we.",
    "It ended after World War II.| Europe was in ruins.",
]

QUOTES = [
    "“It rained.” | The ferry sailed.",
    '"It rained." | The ferry sailed.',
    "‘It rained.’ | The ferry sailed.",
    "'It rained.' | The ferry sailed.",
    "“Why?” he asked.",
    '"Stop!" she cried.| He stopped.',
    "“Why?” Ms. Vale asked.| “Why not?” | The room was silent.",
    "“Why?” | The room was silent.",
    "“It rained,” he said.| “It poured.”",
    "“It rained.| It poured,” he said.",
    "(It rained.)| The ferry sailed.",
    "He left (it was raining).| She stayed.",
    "“She said ‘no.’” | Then it rained.",
    "«It rained.»| The ferry sailed.",
    "It was the “best.” | Nobody agreed.",
    "He called it a “disaster.” the paper said",
    "It rained.| “It poured,” he said.",
    "It rained. ”| The ferry sailed.",
    'He said: "It rained. "| The ferry sailed.',
    "It rained.[3]| The ferry sailed.",
    "“Really?” – he asked.",
    "She asked “who?” and left.",
    "It closed (why?) on Monday.",
]

ELLIPSES = [
    "I think … it may rain.",
    "I think ... it may rain.",
    "I think . . . it may rain.",
    "It rained …| The ferry sailed.",
    "It rained...| The ferry sailed.",
    "It rained. ...| The ferry sailed.",
    "It rained. . . .| The ferry sailed.",
    "“Well…” he said.",
    "It rained…| People left… Vale stayed.",
    "They stayed … People left.",
]

LISTS = [
    "1. Nets are sold.| Ropes, too.|\n2. Boats are not.",
    "1) Nets|\n2) Boats|\n(3) Ropes.",
    "• Nets are sold.|\n• Boats are not.",
    "- nets|\n- boats|\n– ropes|\n* buoys",
    "A. Nets are sold.|\nB. Boats are not.",
    "Q. Did it rain?|\nA. It did.",
    "VALE: We sail.|\nORR: We don't.",
]

CAPITALS = [
    "THE MAYOR LEFT.| THE COUNCIL STAYED.",
    "THE U.S. NAVY LEFT.| MR. VALE STAYED.",
    "MAYOR: COUNCIL IS 'A DISGRACE'",
]

ADDRESSES = [
    "See www.dikepost.example/news?id=3.5 for more.| It is free.",
    "Write to a.vale@dikepost.example.| She answers.",
    "Read DikePost.Com and Harbour.Org daily.",
    "It is on dikepost.example.| The rest is not.",
    "The bridge fell.| https://dikepost.example/x1",
    "Version 2.0.1 of Node.js is out.",
]

MISSING_SPACES = [
    "The strike ended.|The next day it rained.",
    "The strike ended.”|The next day it rained.",
    'He said "the strike ended."|The next day it rained.',
    'The strike ended.|"We won," she said.',
    "The strike ended.|“We won,” she said.",
    "Did the strike end?|The union says so.",
    "The strike ended.|(It had begun in May.)",
    "Dr.Vale and e.g.Orr stayed.",
]

OTHER_MARKS = [
    "Yahoo! said so.",
    "The strike ended .| The next day it rained.",
    "It rained.| 12 people came.",
    "It rained.| — A. Vale",
    "It rained.| #weather @dikepost",
    "It rained.|\u2028The ferry sailed.|\u2029Late.",
    "It rained.\u00a0| The\u00a0ferry sailed.",
]

ROWS = [
    *PLAIN,
    *ABBREVIATIONS,
    *INITIALS,
    *QUOTES,
    *ELLIPSES,
    *LISTS,
    *CAPITALS,
    *ADDRESSES,
    *MISSING_SPACES,
    *OTHER_MARKS,
]


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text).tolist()]


@pytest.mark.parametrize("row", ROWS)
def test_sentences_end_where_the_row_says(row: str) -> None:
    assert sentences(row.replace("|", "")) == [part.strip() for part in row.split("|")]


WRAPPED = """\
The harbour council voted on Tuesday to close the eastern dock, which
has stood empty since the ferry company went out of business in the
spring, and to sell the cranes. Mayor Vale said the sale would pay for
the new school.

"It was time," she told reporters after the meeting, which lasted for
more than five hours and ended in a shouting match between members of
the council."""


def test_hard_wrapped_lines_are_joined() -> None:
    assert [" ".join(each.split()) for each in sentences(WRAPPED)] == [
        "The harbour council voted on Tuesday to close the eastern dock, which has stood empty "
        "since the ferry company went out of business in the spring, and to sell the cranes.",
        "Mayor Vale said the sale would pay for the new school.",
        '"It was time," she told reporters after the meeting, which lasted for more than five '
        "hours and ended in a shouting match between members of the council.",
    ]


def test_a_headline_above_wrapped_lines_stays_alone() -> None:
    assert sentences("COUNCIL CLOSES DOCK\n" + WRAPPED)[0] == "COUNCIL CLOSES DOCK"


@pytest.mark.parametrize(
    "text",
    [
        "Council closes the eastern dock\nMayor wants a school\nFerry company is bankrupt",
        "nets\nboats\nropes and everything else that the harbour company had in its sheds\nbuoys",
        "The harbour council voted on Tuesday to close its eastern dock after all\n"
        "Mayor Vale said on Wednesday the sale would pay for a school in the town\n"
        "Ferries to the islands will run from the western dock beginning in April",
    ],
    ids=["headlines", "a list in lower case", "lines of one length that start anew"],
)
def test_lines_that_are_no_wrapped_text_stay_apart(text: str) -> None:
    assert sentences(text) == text.split("\n")


def test_cuts_end_sentences_wherever_they_fall() -> None:
    text = "By A. Vale Rain fell on the docks. Nobody came."
    spans = split_sentences(text, cuts=[10, 0, len(text), 3, 10, 35])
    assert [text[a:b] for a, b in spans.tolist()] == [
        "By",
        "A. Vale",
        "Rain fell on the docks.",
        "Nobody came.",
    ]


MARKS = st.text(alphabet=".?!…\"'“”‘’)([] \n\t\r\u2028aAbzZ19,—-•", max_size=80)


@given(st.one_of(st.text(max_size=200), MARKS), st.lists(st.integers(-3, 90), max_size=4))
def test_every_visible_character_is_in_one_trimmed_sentence(text: str, cuts: list[int]) -> None:
    spans = split_sentences(text, cuts)
    assert spans.dtype == np.int32
    assert spans.shape[1:] == (2,)
    outside = list(text)
    for start, end in spans.tolist():
        assert 0 <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        outside[start:end] = " " * (end - start)
    assert not "".join(outside).strip()
    assert all(first[1] <= second[0] for first, second in pairwise(spans.tolist()))


@given(MARKS, MARKS)
def test_a_paragraph_break_ends_a_sentence(before: str, after: str) -> None:
    text = before + "\n\n" + after
    border = len(before)
    assert all(end <= border or start >= border for start, end in split_sentences(text).tolist())


@pytest.mark.parametrize(
    "piece",
    """.|"|”|A|a| |\n|…|A.|A. |a. |."A|.'A|. |? |? "|a.\t|Mr. |No. 5 |.)|.[1]|(|?\u2009”|a\n|"""
    """e.g.|1.|. — |a?A""".split("|"),
)
def test_time_is_linear_in_odd_text(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    began = time.process_time()
    split_sentences(text)
    assert time.process_time() - began < 2
