"""Genre: what marks an article, what is learned from it, and what a model file keeps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tiny_model import VOCABULARY, tiny_model

from slantwise.errors import InputError
from slantwise.genre import Genre, roots_of_shares, voice_counts
from slantwise.model import load_model
from slantwise.packing import pack
from slantwise.records import VOICES
from slantwise.storage import write_model_file

pytest.importorskip("sklearn")

from slantwise.training import marked as marking
from slantwise.training.genre import fit_genre
from slantwise.training.marked import (
    MarkedTexts,
    ReadText,
    marked_opinion,
    read_marked,
    site_of,
)

OUTLET, QUOTE, REPORTED, SCARE = range(len(VOICES))

# -- the weights ---------------------------------------------------------------------------


def test_own_words_count_by_their_mean_and_others_by_their_share() -> None:
    genre = Genre(slope=2.0, intercept=-1.0, quoted=-4.0, reported=8.0)
    weights = np.array([3.0, 1.0, 100.0, 100.0])
    voice = np.array([OUTLET, SCARE, QUOTE, REPORTED])
    assert genre.log_odds(weights, voice) == 2.0 * 2 - 1 - 4 * 0.5 + 8 * 0.5


def test_a_text_without_words_has_the_intercept() -> None:
    nothing = np.zeros(0)
    assert Genre(2.0, -1.0, -4.0, 8.0).log_odds(nothing, nothing.astype(np.int8)) == -1


def test_nobody_quoted() -> None:
    assert roots_of_shares(voice_counts(np.array([OUTLET, SCARE]))).tolist() == [0, 0]


def test_settings_give_the_same_weights() -> None:
    genre = Genre(2.0, -1.0, -4.0, 8.0, ("outlet",), 0.5)
    assert Genre.of_settings(genre.as_settings()) == genre


def test_format_1_counts_every_voice_over_the_root_of_the_length(tmp_path: Path) -> None:
    content = pack(tiny_model())
    older = {**content.settings, "format": 1, "opinion": [2.0, -1.0]}
    path = tmp_path / "older.slantwise"
    write_model_file(path, replace(content, settings=older))
    genre = load_model(path).opinion
    weights, voice = np.array([1.0, 2.0, 3.0, 4.0]), np.array([OUTLET, QUOTE, REPORTED, SCARE])
    assert genre.log_odds(weights, voice) == 2.0 * 10 / 2 - 1


def test_a_model_speaks_of_the_text_alone() -> None:
    weights = tiny_model().weights["opinion"]
    of_brutal = weights.word.copy()
    of_brutal[VOCABULARY.words.index("brutal")] = 1.0
    model = replace(
        tiny_model(),
        weights={**tiny_model().weights, "opinion": replace(weights, word=of_brutal)},
        opinion=Genre(slope=40.0, intercept=-2.0),
    )
    assert model.label("The brutal plan fell.").genre == "opinion"
    assert model.label("“The brutal plan fell,” Olund said.").genre == "news"
    assert model.label("The plan fell.").genre == "news"


# -- what marks an article -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "title", "is_opinion"),
    [
        ("harbour.example/opinion/2031/dam", "The dam", True),
        ("harbour.example/2031/05/opinions/dam/index.html", "The dam", True),
        ("harbour.example/Columnists/olund/dam", "The dam", True),
        ("harbour.example/world/opinion/dam", "The dam", True),
        ("harbour.example/world/2031/dam", "The dam", False),
        ("harbour.example/us/politics/dam", "Columns of smoke over dam", False),
        ("harbour.example/world/dam", "OPINION: The dam", None),
        ("harbour.example/world/dam", "Analysis: the dam", None),
        ("harbour.example/2031/dam", "Opinion: The dam", True),
        ("harbour.example/2031/dam", "EDITORIAL: The dam", True),
        ("harbour.example/2031/dam", "Analysis: the dam", None),
        ("harbour.example/2031/dam", "The dam", None),
        ("harbour.example/2031/opinion", "The dam", None),
        ("harbour.example/opinion-on-dam/", "The dam", None),
        ("harbour.example/blogs/politics/dam", "The dam", None),
        ("politics.blogs.harbour.example/world/dam", "The dam", None),
        ("harbour.example/news/magazine/dam", "The dam", None),
        ("www.theatlantic.com/politics/archive/dam", "The dam", None),
    ],
)
def test_address_and_title_mark_an_article(
    address: str, title: str, is_opinion: bool | None
) -> None:
    assert marked_opinion("https://" + address, title) is is_opinion


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.harbour.example/a", "harbour.example"),
        ("http://Politics.Blogs.Harbour.example:80/a", "harbour.example"),
        ("https://news.harbour.co.uk/a", "harbour.co.uk"),
        ("no address", ""),
    ],
)
def test_the_site_of_an_address(url: str, site: str) -> None:
    assert site_of(url) == site


def articles(path: Path, rows: list[tuple[str, int, bool]], **columns: object) -> Path:
    """Write so many articles of a site and genre: (site, number, is_opinion)."""
    table = [
        {
            "url": f"https://{site}.example/{'opinion' if is_opinion else 'world'}/{number}",
            "title": "A dam",
            "text": f"The {'brutal' if is_opinion else 'old'} plan fell.",
            **columns,
        }
        for site, size, is_opinion in rows
        for number in range(size)
    ]
    pq.write_table(pa.Table.from_pylist(table), path)
    return path


def test_as_many_opinion_pieces_as_news_of_sites_that_mark_both(tmp_path: Path) -> None:
    rows = [("a", 9, True), ("a", 6, False), ("b", 4, True), ("b", 9, False), ("c", 9, True)]
    found = read_marked(articles(tmp_path / "articles.parquet", rows))
    assert set(found.sites) == {"a.example"}
    assert found.is_opinion.tolist().count(True) == found.is_opinion.tolist().count(False) == 6
    for one, is_opinion in zip(found.texts, found.is_opinion, strict=True):
        assert ("brutal" in one.words) == is_opinion


def test_no_site_adds_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marking, "_MOST", 5)
    rows = [("a", 9, True), ("a", 9, False)]
    assert len(read_marked(articles(tmp_path / "articles.parquet", rows)).texts) == 10


def test_measured_articles_are_left_out(tmp_path: Path) -> None:
    path = articles(tmp_path / "a.parquet", [("a", 9, True), ("a", 9, False)], measured=True)
    with pytest.raises(InputError, match="no site marks 5 articles as opinion"):
        read_marked(path)


def test_repeated_titles_and_boilerplate_are_not_read() -> None:
    read = ReadText.of("OPINION: A dam\n\nThe plan fell.\n\nSign up for our newsletter.", "A dam")
    assert "fell" in read.words
    assert "newsletter" not in read.words


# -- what is learned -----------------------------------------------------------------------


def marked(texts: list[tuple[str, bool]], n_sites: int = 3) -> MarkedTexts:
    rows = [(text, site, opinion) for site in range(n_sites) for text, opinion in texts * 6]
    return MarkedTexts(
        [ReadText.of(text) for text, _, _ in rows],
        [f"{site}.example" for _, site, _ in rows],
        np.array([opinion for _, _, opinion in rows]),
    )


def odds_of(data: MarkedTexts, texts: list[str]) -> list[float]:
    fitted = fit_genre(VOCABULARY, data)
    return fitted.log_odds(VOCABULARY, [ReadText.of(text) for text in texts]).tolist()


def test_words_of_the_outlet_are_learned() -> None:
    data = marked([("The brutal regime fell.", True), ("The army fell.", False)])
    opinion, news = odds_of(data, ["The brutal plan fell.", "The plan fell. The army fell."])
    assert opinion > 0 > news


def test_quoting_is_learned() -> None:
    data = marked([("The plan ended.", True), ("“The plan ended,” Olund said.", False)])
    opinion, news = odds_of(data, ["The army fell.", "“The army fell,” Olund vowed."])
    assert opinion > news


def test_names_and_what_a_page_calls_itself_are_not_learned() -> None:
    words = ("", "the", "plan", "fell", "brutal", "i", "editorial")
    vocabulary = replace(VOCABULARY, words=words, vectors=np.zeros((7, 2), np.float32))
    data = marked([("I fell, Brutal editorial plan.", True), ("The plan fell.", False)])
    weights = fit_genre(vocabulary, data).words.word[:, 0]
    learned = {word for word, weight in zip(words, weights, strict=True) if weight}
    assert {"i"} <= learned <= {"i", "the", "plan", "fell"}


def test_one_site_alone_is_learned_from() -> None:
    data = marked([("The brutal regime fell.", True), ("The army fell.", False)], n_sites=1)
    opinion, news = odds_of(data, ["The brutal regime fell.", "The army fell."])
    assert opinion > news


def test_fitting_again_gives_the_same() -> None:
    data = marked([("The brutal regime fell.", True), ("The army fell.", False)])
    assert odds_of(data, ["The brutal army."]) == odds_of(data, ["The brutal army."])
