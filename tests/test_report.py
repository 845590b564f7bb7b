"""The report: its data, and the page that is made of it."""

from __future__ import annotations

import base64
import hashlib
import importlib
import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from tiny_scores import ARTICLES, tiny_scores

from slantwise.errors import UsageError
from slantwise.records import LABELS
from slantwise.report_articles import date_range, plain_date, safe_url
from slantwise.report_page import render, report, report_data

VOID = {"meta", "link", "br", "input", "img", "circle", "line"}


class Page(HTMLParser):
    """Parses a page strictly: every tag that is opened is closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.articles: dict[str, str] = {}  # text by number
        self.marks: list[tuple[str, str]] = []  # article, words
        self.notes: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        one = (tag, dict(attrs))
        self.tags.append(one)
        if tag not in VOID:
            self.open.append(one)
        if tag == "mark" and self.article:
            self.marks.append((self.article, ""))
        if tag == "li" and self.in_notes:
            self.notes.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        names = [tag for tag, _ in self.open]
        if "script" in names or "style" in names:
            return
        self.text += data
        if "mark" in names and self.article:
            self.marks[-1] = (self.article, self.marks[-1][1] + data)
        if self.in_notes and self.notes and "li" in names:
            self.notes[-1] += data
        if any(attributes.get("class") == "text" for _, attributes in self.open):
            self.articles[self.article] = self.articles.get(self.article, "") + data

    @property
    def in_notes(self) -> bool:
        return any(attributes.get("class") == "sw-notes" for _, attributes in self.open)

    @property
    def article(self) -> str:
        ids = [attributes["id"] for tag, attributes in self.open if tag == "article"]
        return ids[0] or "" if ids else ""

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    return report_data(tiny_scores())


@pytest.fixture(scope="module")
def page(data: dict[str, Any]) -> Page:
    return Page(render(data))


def shown(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [article for event in data["events"] for article in event["articles"]]


# -- data --------------------------------------------------------------------------------


def test_data_is_plain(data: dict[str, Any]) -> None:
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_figures(data: dict[str, Any]) -> None:
    figures = data["figures"]
    assert (figures["articles"], figures["outlets"], figures["events"]) == (11, 5, 2)
    assert figures["own_spans"] == 9
    assert figures["spans"] == 11
    assert figures["density"] == pytest.approx(1000 * 7 / 790)  # without copies and Dutch
    assert figures["dates"] == "13 March to 5 April 2031"
    assert data["model"]["name"] == "fast"
    assert data["title"] == "How 5 outlets word the news"


def test_loaded_words_of_an_event_outlet_by_outlet(data: dict[str, Any]) -> None:
    dam = data["events"][0]
    assert [row["outlet"] for row in dam["wording"]] == [one["outlet"] for one in dam["articles"]]
    cockerel = dam["wording"][0]
    assert [one["text"] for one in cockerel["own"]] == ["fury", "shameless"]
    assert [one["text"] for one in cockerel["others"]] == ["disaster"]
    assert cockerel["own_more"] == cockerel["others_more"] == 0


def test_words_of_one_outlet_alone_stand_beside_nothing() -> None:
    data = report_data(tiny_scores(*(one for one in ARTICLES if one["outlet"] == "Harbour Wire")))
    assert [event["wording"] for event in data["events"]] == [[]]


def test_an_event_that_was_found_is_named_by_its_first_title() -> None:
    records = [{**one, "event": None, "event_id": one.get("event")} for one in ARTICLES]
    data = report_data(tiny_scores(*records))
    assert [event["name"] for event in data["events"]][:1] == ["Fury over dam"]
    assert data["figures"]["events"] == 2


def test_a_page_stays_within_some_ten_megabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = report_data(tiny_scores())["shown"]["articles"]
    module = importlib.import_module("slantwise.report_articles")
    monkeypatch.setattr(module, "_MOST_BYTES", 12_000)
    fewer = report_data(tiny_scores())["shown"]
    assert 0 < fewer["articles"] < whole == fewer["of"]


def test_outlets_are_those_of_the_profile(data: dict[str, Any]) -> None:
    assert [(row["group"], round(row["density"], 1)) for row in data["outlets"]] == [
        ("Daily Cockerel", 16.0), ("Harbour Wire", 2.5), ("Sorn Gazette", 50.0),
        ("Kestria One", 0.0),
    ]  # fmt: skip
    cell = data["outlets"][0]["labels"][LABELS.index("loaded-language")]
    assert cell["density"] == pytest.approx(8.0)
    assert data["axis"]["max"] >= 50


def test_targets_are_of_the_own_voice(data: dict[str, Any]) -> None:
    cards = {card["outlet"]: card for card in data["targets"]}
    assert set(cards) == {"Daily Cockerel", "Harbour Wire", "Sorn Gazette"}
    cockerel = cards["Daily Cockerel"]
    assert [one["target"] for one in cockerel["negative"]] == ["Parliament"]
    assert cockerel["negative"][0]["n"] == 1
    assert [one["target"] for one in cockerel["positive"]] == ["Kestria"]


def test_articles_stand_by_event_then_outlet(data: dict[str, Any]) -> None:
    order = [(event["event"], [a["article_id"] for a in event["articles"]])
             for event in data["events"]]  # fmt: skip
    assert order == [
        ("dam", ["c1", "w1", "s1", "k1"]),
        ("ridge", ["c2", "w2", "k2"]),
        (None, ["c3", "w3", "d1", "d2"]),
    ]
    assert [article["number"] for article in shown(data)] == list(range(11))


def test_articles_are_chosen_evenly_across_outlets_and_time() -> None:
    records = [
        {"article_id": f"{outlet}{n:03}", "outlet": outlet, "date": f"2031-01-{n + 1:02}",
         "text": "Rain."}
        for outlet, count in (("Big", 30), ("Mid", 10), ("Small", 2)) for n in range(count)
    ]  # fmt: skip
    data = report_data(tiny_scores(*records), max_articles=12)
    chosen = [article["article_id"] for article in shown(data)]
    assert chosen == [
        "Big000", "Big006", "Big012", "Big018", "Big024", "Mid000", "Mid002", "Mid004", "Mid006",
        "Mid008", "Small000", "Small001",
    ]  # fmt: skip
    assert data["shown"] == {"articles": 12, "of": 42}
    assert "12 of 42 articles are shown" in Page(render(data)).text


def test_min_score_decides_what_is_shown() -> None:
    data = report_data(tiny_scores(), min_score=0.4)
    assert data["figures"]["spans"] == 12
    assert "gamble" in [words for _, words in Page(render(data)).marks]


@pytest.mark.parametrize(
    ("dates", "written"),
    [
        ([], ""),
        (["2031-03-13"], "13 March 2031"),
        (["2031-03-14", "", "2031-03-13T10:00"], "13 to 14 March 2031"),
        (["2031-03-14", "2031-05-01"], "14 March to 1 May 2031"),
        (["2030-12-31", "2031-01-01"], "31 December 2030 to 1 January 2031"),
    ],
)
def test_dates_for_readers(dates: list[str], written: str) -> None:
    assert date_range(dates) == written


def test_a_date_that_is_none_is_left_as_it_is() -> None:
    assert plain_date("last week") == "last week"


@pytest.mark.parametrize(
    "url",
    ["", "javascript:alert(1)", " JavaScript:alert(1)", "java\nscript:alert(1)",
     "data:text/html,<script>", "//example.org", "https:", "http://[", "ftp://example.org",
     "file:///etc/passwd"],
)  # fmt: skip
def test_only_web_addresses_are_linked(url: str) -> None:
    assert safe_url(url) is None


# -- page --------------------------------------------------------------------------------


def test_all_spans_are_marked_with_their_words(page: Page, data: dict[str, Any]) -> None:
    expected = [
        (f"a{article['number']}", span["text"]) for article in shown(data)
        for span in article["spans"]
    ]  # fmt: skip
    assert page.marks == expected
    assert len(expected) == 11
    assert len(page.notes) == 11


def test_texts_are_whole(page: Page, data: dict[str, Any]) -> None:
    for article in shown(data):
        words = page.articles[f"a{article['number']}"].split()
        assert words == article["text"].split()


def test_marks_refer_to_their_notes(page: Page) -> None:
    ids = {attributes.get("id") for _, attributes in page.tags}
    marks = [mark for mark in page.all("mark") if "aria-describedby" in mark]
    assert len(marks) == 11
    assert all(mark["aria-describedby"] in ids and mark["tabindex"] == "0" for mark in marks)
    assert "exaggeration, certainty 90%" in page.notes[2]
    assert "quoted from Finch" in page.notes[2]
    assert "about Parliament, negative" in page.notes[2]


def test_ids_are_unique_and_links_lead_somewhere(page: Page) -> None:
    ids = [str(attributes["id"]) for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    inner = [str(a["href"]) for a in page.all("a") if str(a["href"]).startswith("#")]
    assert inner
    assert {href[1:] for href in inner} <= set(ids)


def test_the_policy_lets_only_the_own_script_run(page: Page) -> None:
    (policy,) = [
        str(meta["content"]) for meta in page.all("meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    ]  # fmt: skip
    assert "default-src 'none'" in policy
    (script,) = re.findall(r"<script>(.*?)</script>", page.html, re.S)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert "unsafe-inline" not in policy.replace("style-src 'unsafe-inline'", "")


def test_nothing_is_loaded_from_elsewhere(page: Page) -> None:
    for tag, attributes in page.tags:
        assert tag not in ("link", "img", "iframe", "object", "base")
        assert "src" not in attributes
        assert not any(name.startswith("on") for name in attributes)
    assert "url(" not in page.html
    assert "@import" not in page.html


def test_copies_and_other_languages_are_said(page: Page) -> None:
    assert "Copied from w1" in page.text
    assert "language: nl, not counted" in page.text
    assert "1 article is copied and isn’t counted below." in page.text


def test_limits_are_said(page: Page) -> None:
    for words in (
        "It doesn’t say who is right",
        "statistical model",
        "labelled in part by language models",
        "model card",
        "name-calling 50%",
    ):
        assert words in page.text


def test_outlet_without_interval_says_so(page: Page) -> None:
    row = page.text[page.text.index("Sorn Gazette") :]
    assert row.split()[2:6] == ["few", "articles", "50.0", "–"]


def test_without_text_highlights_are_listed() -> None:
    data = report_data(tiny_scores(text=False))
    page = Page(render(data))
    assert "--no-text" in page.text
    assert page.articles == {}
    assert len(page.notes) == 11
    assert [words for _, words in page.marks] == ["Fury"]  # the titles are there


EVIL = "<script>alert(1)</script></style></title>'\"&lt;{{ 7*7 }}{% x %}<!--\x1b\u202e"


def evil_scores() -> Any:
    record = {
        "article_id": EVIL, "outlet": EVIL, "date": EVIL, "title": EVIL,
        "url": "javascript:alert(1)", "event": EVIL, "text": EVIL, "language": EVIL,
        "copied_from": EVIL,
        "genre": EVIL,
    }  # fmt: skip
    scores = tiny_scores(
        record,
        {**record, "article_id": "b", "copied_from": None, "language": "en",
         "text": "Rain [fell](doubt outlet X negative)."},
    )  # fmt: skip
    for column in ("speaker", "speaker_name", "target", "actor", "text"):
        scores.spans[column] = EVIL
    scores.spans["evidence"] = [[EVIL]]
    scores.manifest["model"].update(name=EVIL, hash=EVIL)
    return scores


def test_everything_is_escaped() -> None:
    html = render(report_data(evil_scores(), title=EVIL))
    page = Page(html)
    names = [tag for tag, _ in page.tags]
    assert names.count("script") == names.count("style") == names.count("title") == 1
    assert "<script>alert" not in html
    assert "49" not in page.articles["a0"]
    inert = EVIL.replace("\x1b", "␛").replace("\u202e", "\ufffd")
    assert inert in page.text
    assert {article.strip() for article in page.articles.values()} == {inert, "Rain fell."}
    assert "\x1b" not in html
    assert not [a for a in page.all("a") if not str(a["href"]).startswith("#")]


def test_web_addresses_are_linked_without_trust() -> None:
    url = 'https://example.org/"><script>'
    page = Page(render(report_data(tiny_scores({**ARTICLES[0], "url": url}))))
    (link,) = [a for a in page.all("a") if not str(a["href"]).startswith("#")]
    assert link["href"] == url
    assert "noopener" in str(link["rel"])


def test_no_articles_is_a_page() -> None:
    scores = tiny_scores()
    empty = type(scores)(scores.spans[:0], scores.articles[:0], scores.thresholds)
    assert "No article counts" in Page(render(report_data(empty))).text


def test_missing_metadata_is_a_page() -> None:
    scores = tiny_scores({"article_id": "", "text": "The [regime](name-calling outlet) fell."})
    assert "(no outlet)" in Page(render(report_data(scores))).text


# -- file --------------------------------------------------------------------------------


def test_the_page_is_written_whole_and_the_same_each_time(tmp_path: Path) -> None:
    path = report(tiny_scores(), tmp_path / "report.html")
    first = path.read_bytes()
    assert first.startswith(b"<!doctype html>")
    assert first.rstrip().endswith(b"</html>")
    report(tiny_scores(), str(path))
    assert path.read_bytes() == first
    assert os.listdir(tmp_path) == ["report.html"]


def test_a_failure_leaves_the_old_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = report(tiny_scores(), tmp_path / "report.html", title="Old")

    def full(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        report(tiny_scores(), path)
    assert "<title>Old</title>" in path.read_text("utf-8")
    assert os.listdir(tmp_path) == ["report.html"]


def test_a_folder_is_no_page(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is a folder; name a file such as report\.html"):
        report(tiny_scores(), tmp_path)
    with pytest.raises(UsageError, match=r"doesn't exist"):
        report(tiny_scores(), tmp_path / "no" / "report.html")


def test_half_a_surrogate_pair_is_written(tmp_path: Path) -> None:
    path = report(tiny_scores(), tmp_path / "report.html", title="Rain \ud83d fell")
    assert "<title>Rain \ufffd fell</title>" in path.read_text("utf-8")
