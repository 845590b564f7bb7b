"""The sample corpus and its labels hold together."""

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from slantwise.records import LABELS, VALENCES, VOICES

SEEDS = Path(__file__).parents[1] / "seeds"
SHARED = Path(__file__).parents[2] / "shared"
REPORTS = SHARED / "seeds"

RECORDS: list[dict[str, Any]] = [
    json.loads(line) for line in (SEEDS / "labels.jsonl").read_text(encoding="utf-8").splitlines()
]
IDLIB: dict[str, Any] = json.loads((SEEDS / "idlib.json").read_text(encoding="utf-8"))

with (SEEDS / "articles.csv").open(encoding="utf-8", newline="") as stream:
    ROWS = list(csv.DictReader(stream))

each_record = pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["article_id"])
each_report = pytest.mark.parametrize("entry", IDLIB["articles"], ids=lambda entry: entry["outlet"])
with_reports = pytest.mark.skipif(not REPORTS.is_dir(), reason="the real reports are not here")


def content(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def word_runs(text: str, n: int = 10) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + n]) for i in range(len(words) - n + 1)}


def spans_with(entry: dict[str, Any], quote: str) -> list[dict[str, Any]]:
    return [span for span in entry["spans"] if span["quote"].startswith(quote)]


def report_of(outlet: str) -> dict[str, Any]:
    entries: dict[str, dict[str, Any]] = {entry["outlet"]: entry for entry in IDLIB["articles"]}
    return entries[outlet]


def assert_valid(spans: list[dict[str, Any]]) -> None:
    for span in spans:
        assert span["start"] < span["end"]
        assert span["label"] in LABELS
        assert span["voice"] in VOICES
        assert (span["voice"] == "scare") == (span["label"] == "scare-quotes")
        assert (span["speaker"] is not None) == (span["voice"] in ("quote", "reported"))
        assert span["valence"] in VALENCES if span["target"] else span["valence"] is None
    assert all(left["end"] <= right["start"] for left, right in pairwise(spans))


def test_three_events_are_told_by_the_same_five_outlets() -> None:
    told = Counter((row["event"], row["outlet"]) for row in ROWS)
    events, outlets = {event for event, _ in told}, {outlet for _, outlet in told}
    assert (len(events), len(outlets)) == (3, 5)
    assert told == Counter((event, outlet) for event in events for outlet in outlets)


def test_articles_csv_lists_every_text_once() -> None:
    assert list(ROWS[0]) == ["file", "outlet", "date", "title", "event", "leaning"]
    assert sorted(row["file"] for row in ROWS) == sorted(path.name for path in SEEDS.glob("*.txt"))
    assert all(all(row.values()) for row in ROWS)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", row["date"]) for row in ROWS)


def test_an_outlet_has_one_leaning() -> None:
    assert len({(row["outlet"], row["leaning"]) for row in ROWS}) == 5


def test_labels_follow_articles_csv() -> None:
    assert [
        (record["article_id"] + ".txt", record["outlet"], record["date"], record["title"])
        for record in RECORDS
    ] == [(row["file"], row["outlet"], row["date"], row["title"]) for row in ROWS]


@each_record
def test_record_has_the_layout_of_labelled_data(record: dict[str, Any]) -> None:
    assert list(record) == [
        "passage_id", "article_id", "outlet", "title", "date", "topic", "text", "spans",
    ]  # fmt: skip
    for span in record["spans"]:
        assert list(span) == [
            "start", "end", "text", "label", "voice", "speaker", "target", "valence",
        ]  # fmt: skip


@each_record
def test_labelled_text_is_the_file(record: dict[str, Any]) -> None:
    assert record["text"] == content(SEEDS / f"{record['article_id']}.txt")
    assert "\r" not in record["text"]


@each_record
def test_offsets_point_at_the_words(record: dict[str, Any]) -> None:
    for span in record["spans"]:
        assert record["text"][span["start"] : span["end"]] == span["text"]
        assert span["text"] == span["text"].strip()


@each_record
def test_spans_are_valid_sorted_and_disjoint(record: dict[str, Any]) -> None:
    assert_valid(record["spans"])


@each_record
def test_speaker_and_target_are_named_in_the_text(record: dict[str, Any]) -> None:
    for span in record["spans"]:
        for name in (span["speaker"], span["target"]):
            assert name is None or name in record["text"]


@each_record
def test_scare_quotes_stand_between_quotation_marks(record: dict[str, Any]) -> None:
    for span in record["spans"]:
        if span["voice"] == "scare":
            before, after = record["text"][span["start"] - 1], record["text"][span["end"]]
            assert before + after in ("“”", '""')


@each_record
def test_article_is_300_to_700_words_long(record: dict[str, Any]) -> None:
    assert 300 <= len(record["text"].split()) <= 700


def test_every_label_and_voice_occurs() -> None:
    spans = [span for record in RECORDS for span in record["spans"]]
    assert {span["label"] for span in spans} == set(LABELS)
    assert {span["voice"] for span in spans} == set(VOICES)


@each_record
def test_the_wire_is_plain_and_the_others_are_not(record: dict[str, Any]) -> None:
    low, high = (0, 3) if record["outlet"] == "Harbour Wire" else (8, 25)
    assert low <= len(record["spans"]) <= high


@pytest.mark.parametrize(
    ("article_id", "words"),
    [
        ("ridge_harbourwire", "liberated 11 hostages"),
        ("ridge_kestriaone", "liberated eleven hostages"),
        ("ridge_kestriaone", "the largest city"),
        ("ridge_kestriaone", "“the Lynx”"),
        ("ridge_dolmartoday", "neutralised four unexploded shells"),
        ("dam_dailycockerel", '"the Iron Beaver"'),
        ("acid_harbourwire", "neutralised the acid"),
        ("acid_harbourwire", "in order to save costs"),
        ("acid_kestriaone", "neutralised the spilt acid"),
    ],
)
def test_literal_wording_is_unmarked(article_id: str, words: str) -> None:
    (record,) = (record for record in RECORDS if record["article_id"] == article_id)
    start = record["text"].index(words)
    end = start + len(words)
    assert not [span for span in record["spans"] if span["start"] < end and start < span["end"]]


def test_idlib_has_five_reports_and_a_note() -> None:
    assert list(IDLIB) == ["note", "articles"]
    assert len({entry["file"] for entry in IDLIB["articles"]}) == 5


@each_report
def test_idlib_entry_is_valid(entry: dict[str, Any]) -> None:
    assert list(entry) == ["file", "outlet", "sha256", "spans"]
    assert re.fullmatch(r"[0-9a-f]{64}", entry["sha256"])
    assert_valid(entry["spans"])


@each_report
def test_idlib_quotes_six_words_at_most(entry: dict[str, Any]) -> None:
    assert all(1 <= len(span["quote"].split()) <= 6 for span in entry["spans"])


def test_idlib_finds_the_feigned_concern() -> None:
    (span,) = spans_with(report_of("Zero Hedge"), "Feigning humanitarian concern")
    assert (span["label"], span["voice"]) == ("imputed-motive", "outlet")
    assert (span["target"], span["valence"]) == ("Hulusi Akar", "negative")


def test_idlib_tells_who_speaks_of_liberating() -> None:
    ours, theirs = spans_with(report_of("RT"), "liberating")
    assert (ours["label"], ours["voice"], ours["target"], ours["valence"]) == (
        "euphemism", "outlet", "the Syrian army", "positive",
    )  # fmt: skip
    assert (theirs["voice"], theirs["speaker"]) == ("reported", "Damascus")
    (vowed,) = spans_with(report_of("Expatica"), "liberate the territories")
    assert (vowed["label"], vowed["voice"]) == ("euphemism", "quote")


def test_idlib_takes_moderate_for_scare_quotes() -> None:
    (span,) = spans_with(report_of("RT"), "moderate")
    assert span["label"] == "scare-quotes"


@with_reports
@each_report
def test_idlib_offsets_point_at_the_quotes(entry: dict[str, Any]) -> None:
    path = REPORTS / entry["file"]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
    text = content(path)
    for span in entry["spans"]:
        words = text[span["start"] : span["end"]].split()
        assert words[:6] == span["quote"].split()
        assert all(name is None or name in text for name in (span["speaker"], span["target"]))


@with_reports
@each_report
def test_idlib_marks_every_regime(entry: dict[str, Any]) -> None:
    found = [match.start() for match in re.finditer("regime", content(REPORTS / entry["file"]))]
    assert [
        span["start"] for span in entry["spans"]
        if span["quote"] == "regime" and span["label"] == "name-calling"
    ] == found  # fmt: skip


@pytest.fixture(scope="module")
def idlib_scores() -> Any:
    from slantwise import load_model, read_articles

    model = load_model("fast", actors=SEEDS / "idlib_actors.yaml")
    return model.score(read_articles(REPORTS))


def called_regime(scores: Any, outlet: str) -> int:
    """Return how often an outlet's own voice says "regime" of the Syrian government."""
    from slantwise import naming_table

    table = naming_table(scores)
    ours = table[(table["group"] == outlet) & table["naming"].str.contains("regime")]
    return int(ours["n"].sum())


@with_reports
def test_who_says_regime_in_its_own_voice(idlib_scores: Any) -> None:
    assert called_regime(idlib_scores, "RT") == 0
    assert called_regime(idlib_scores, "unnamed (UN story)") >= 4
    assert called_regime(idlib_scores, "Expatica") >= 1


@with_reports
@pytest.mark.xfail(reason="the ministry's bulletin is taken for Zero Hedge's own words")
def test_zero_hedge_does_not_say_regime_itself(idlib_scores: Any) -> None:
    assert called_regime(idlib_scores, "Zero Hedge") == 0


@with_reports
def test_the_matrix_shows_who_frames_whom(idlib_scores: Any) -> None:
    from slantwise import actor_matrix

    matrix = actor_matrix(idlib_scores, n_boot=50)
    assert max(matrix.wide("negative").loc["Zero Hedge", ["Hulusi Akar", "Turkey"]]) > 0
    # "liberating" is written with less certainty than is shown unasked.
    matrix = actor_matrix(idlib_scores, n_boot=50, min_score=0.25)
    assert matrix.wide("positive").loc["RT", "Syrian army"] > 0


def published_texts() -> Iterator[str]:
    for path in sorted(REPORTS.glob("*.txt")):
        yield content(path)
    for path in sorted((SHARED / "corpora").glob("framing_*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]


@with_reports
def test_no_ten_words_are_taken_from_published_texts() -> None:
    ours = {
        run: path.name
        for path in SEEDS.iterdir()
        if path.is_file()
        for run in word_runs(content(path))
    }
    for text in published_texts():
        assert not {ours[run] for run in word_runs(text) & ours.keys()}
