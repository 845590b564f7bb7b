"""Sentences written for training: how their mark-up is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from slantwise.errors import InputError
from slantwise.training.written import parse_line, read_written

FOLDER = Path(__file__).parent.parent / "model" / "written"


def test_spans_lie_where_their_words_stand() -> None:
    row = parse_line(
        "The {mob|name-calling|quote|fans|negative|the mayor} sang; "
        "{cowed|loaded-language|outlet||} it left."
    )
    assert row["text"] == "The mob sang; cowed it left."
    first, second = row["spans"]  # type: ignore[misc]
    assert first == {
        "start": 4, "end": 7, "text": "mob", "label": "name-calling", "voice": "quote",
        "target": "fans", "valence": "negative", "speaker": "the mayor",
    }  # fmt: skip
    assert (second["start"], second["target"], second["valence"], second["speaker"]) == (
        14, None, None, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("A {mob|name-calling} came.", "1 fields after its words, not 4 or 5"),
        ("A {mob|name-calling|outlet|| came.", "a brace without its partner"),
        ("A {mob|insult|outlet||} came.", "unknown label 'insult'"),
        ("A {mob|name-calling|outlet||good} came.", "unknown valence 'good'"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, wrong: str) -> None:
    (tmp_path / "one.txt").write_text(f"It rained.\n\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match="one.txt, line 3: .*" + wrong):
        read_written(tmp_path)


def test_what_is_written_can_be_read() -> None:
    passages = read_written(FOLDER)
    assert len(passages) > 2000
    spans = [span for passage in passages for span in passage.spans]
    for passage in passages:
        for span in passage.spans:
            named = [name for name in (span["target"], span["speaker"]) if name]
            assert all(name in passage.document.text for name in named), passage.document.text
    assert len({span["text"].lower() for span in spans}) > 0.9 * len(spans)
