"""Copies: whose text an article is."""

from __future__ import annotations

import pytest

from slantwise.copies import find_copies
from slantwise.records import Article
from slantwise.sketches import sketch

WORDS = (
    "The harbour master of Sorn closed the northern pier on Monday after two cranes had been "
    "damaged by a storm that nobody in the town had expected so late in the year. Three fishing "
    "boats sank at their moorings and the ferry to Ordesk stayed in port with ninety passengers. "
    "Engineers from the company that built the cranes will arrive on Wednesday to look at the "
    "foundations, which an earlier report had called too weak for the load they carry."
)
OTHER = (
    "A choir of two hundred children sang in the old brewery while their teachers counted the "
    "money that had been raised for a new roof. The mayor promised to pay the rest, and a baker "
    "gave bread to everybody who had stayed until the last song was over and the lamps were out."
)


def copies(*articles: Article) -> list[tuple[int, int]]:
    found = find_copies([sketch(one) for one in articles], [one.outlet for one in articles])
    return [(one.article, one.source) for one in found]


def article(outlet: str, text: str, day: int = 3) -> Article:
    return Article(text, outlet=outlet, date=f"2031-05-{day:02}")


def test_a_later_article_is_copied_from_the_earlier() -> None:
    assert copies(article("Gazette", WORDS, 5), article("Cockerel", WORDS, 4)) == [(0, 1)]


def test_on_one_day_the_agency_is_the_source() -> None:
    for order in (1, -1):
        articles = [article("Gazette", WORDS), article("Harbour Wire", WORDS)][::order]
        ((copy, source),) = copies(*articles)
        assert articles[source].outlet == "Harbour Wire"
        assert articles[copy].outlet == "Gazette"


def test_wire_copy_with_a_paragraph_of_ones_own_is_a_copy() -> None:
    own = " Our reporter counted twelve gulls on the pier, and one of them was asleep."
    ((found),) = find_copies(
        [sketch(article("Harbour Wire", WORDS)), sketch(article("Gazette", WORDS + own))],
        ["Harbour Wire", "Gazette"],
    )
    assert (found.article, found.source) == (1, 0)
    assert 0.7 < found.share < 1.0


def test_a_quoted_passage_makes_no_copy() -> None:
    assert copies(article("Harbour Wire", WORDS), article("Gazette", OTHER + WORDS[:130])) == []


def test_an_outlet_that_prints_its_words_again_copies_nobody() -> None:
    assert copies(article("Gazette", WORDS, 3), article("Gazette", WORDS, 4)) == []


def test_the_source_of_a_copy_of_a_copy_is_the_first() -> None:
    chain = [
        article("Harbour Wire", WORDS, 3),
        article("Gazette", WORDS, 4),
        article("Cockerel", WORDS, 5),
    ]
    assert copies(*chain) == [(1, 0), (2, 0)]


def test_a_few_words_are_too_little_to_tell() -> None:
    assert copies(article("Gazette", "Rain fell.", 3), article("Cockerel", "Rain fell.", 4)) == []


def test_articles_without_an_outlet_are_compared_too() -> None:
    assert copies(article("", WORDS, 3), article("", WORDS, 4)) == [(1, 0)]


@pytest.mark.parametrize("articles", [[], [article("Gazette", "")]])
def test_nothing_is_a_copy_of_nothing(articles: list[Article]) -> None:
    assert copies(*articles) == []


def test_many_prints_of_one_text_all_name_the_first() -> None:
    many = [article(f"Outlet {n}", WORDS, 3 + n % 20) for n in range(60)]
    many[0] = article("Outlet 0", WORDS, 1)
    assert copies(*many) == [(n, 0) for n in range(1, 60)]
