"""Coding sheets drawn, filled and judged, by hand and by published examples."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tiny_scores import tiny_scores

from slantwise.coding import agreement
from slantwise.errors import InputError, UsageError
from slantwise.reliability import alpha_interval, effective_number, krippendorff_alpha, wilson
from slantwise.sampling import CodingSheet, sample

Row = dict[str, str]


def read(path: Path) -> list[Row]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def fill(source: Path, target: Path, judge: Callable[[Row], dict[str, str]]) -> Path:
    rows = [row | judge(row) for row in read(source)]
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return target


# -- drawing -----------------------------------------------------------------------------


def test_every_label_has_as_many_where_there_are() -> None:
    drawn = sample(tiny_scores(), 1)
    assert sorted(drawn.key["label"]) == [
        "exaggeration", "flag-waving", "loaded-language", "name-calling", "scare-quotes",
    ]  # fmt: skip
    weights = drawn.key.set_index("label")["weight"]
    assert weights["loaded-language"] == 4.0  # fury, shameless, slammed, riot
    assert weights["name-calling"] == 4.0
    assert weights["flag-waving"] == 1.0


def test_a_span_stands_in_its_sentence() -> None:
    drawn = sample(tiny_scores(), 50)
    assert len(drawn.table) == 11
    row = drawn.table.set_index("span").loc["heroes"]
    assert row["sentence"] == "Our ⟦heroes⟧"  # the sentence of the tiny corpus ends there
    assert row["framing"] == row["coded_label"] == ""


def test_the_label_is_hidden_or_shown() -> None:
    assert "label" not in sample(tiny_scores(), 1).table
    shown = sample(tiny_scores(), 1, show_label=True)
    assert (shown.table["label"] == shown.key["label"]).all()
    assert list(shown.table["item"]) == ["0001", "0002", "0003", "0004", "0005"]


def test_the_seed_decides() -> None:
    first, again, other = (
        sample(tiny_scores(), 1, random_state=seed).table.to_csv() for seed in (1, 1, 2)
    )
    assert first == again != other


def test_own_voice_alone() -> None:
    assert set(sample(tiny_scores(), 50, own_voice_only=True).key["voice"]) == {"outlet", "scare"}


def test_without_text_or_spans_there_is_no_sheet() -> None:
    with pytest.raises(UsageError, match="score again without --no-text"):
        sample(tiny_scores(text=False), 1)
    with pytest.raises(UsageError, match="nothing to draw"):
        sample(tiny_scores(), 1, min_score=0.99)
    with pytest.raises(UsageError, match="draw 1 or more"):
        sample(tiny_scores(), 0)


def test_a_sheet_runs_nothing_in_a_spreadsheet(tmp_path: Path) -> None:
    record = {"article_id": "a", "outlet": "=cmd|' /C calc'!A0", "text": "A [=1+1](doubt outlet)."}
    drawn = sample(tiny_scores(record), 1, show_label=True)
    assert drawn.write(tmp_path / "sheet.csv") is None
    (row,) = read(tmp_path / "sheet.csv")
    assert row["span"] == "'=1+1"
    assert row["outlet"].startswith("'=cmd")


# -- from sheets to figures --------------------------------------------------------------


@pytest.fixture
def blind(tmp_path: Path) -> tuple[Path, Path, CodingSheet]:
    drawn = sample(tiny_scores(), 50)
    key = drawn.write(tmp_path / "sheet.csv")
    assert key == tmp_path / "sheet.key.csv"
    return tmp_path / "sheet.csv", key, drawn


def test_precision_by_hand(blind: tuple[Path, Path, CodingSheet], tmp_path: Path) -> None:
    sheet, key, drawn = blind
    said = drawn.key.set_index("item")

    def judge(row: Row) -> dict[str, str]:
        if row["span"] == "slammed":
            return {"framing": "No"}
        label = "doubt" if row["span"] == "Fury" else said.loc[row["item"], "label"]
        return {"framing": "yes", "coded_label": label, "coded_voice": "outlet"}

    found = agreement(fill(sheet, tmp_path / "alice.csv", judge), key=key)
    table = found.precision.set_index("value")
    assert found.coders == ("alice",)
    assert found.n_items == 11
    loaded = table.loc["loaded-language"]
    assert (loaded["n"], loaded["framing"], loaded["label"]) == (4, 0.75, 0.5)
    assert (loaded["framing_low"], loaded["framing_high"]) == pytest.approx(wilson(0.75, 4))
    assert table.loc["quote", "voice"] == 0.0
    assert table.loc["all", "framing"] == pytest.approx(10 / 11)
    assert found.alphas["alpha"].isna().all()  # one coder agrees with nobody


def test_drawn_spans_weigh_what_they_stand_for(tmp_path: Path) -> None:
    drawn = sample(tiny_scores(), 1, show_label=True)
    drawn.write(tmp_path / "sheet.csv")
    filled = fill(
        tmp_path / "sheet.csv", tmp_path / "alice.csv",
        lambda row: {"framing": "no" if row["label"] == "loaded-language" else "yes"},
    )  # fmt: skip
    table = agreement(filled).precision.set_index("value")
    assert table.loc["all", "framing"] == pytest.approx(7 / 11)  # 4 of 11 are loaded-language
    assert table.loc["all", "label"] == pytest.approx(7 / 11)  # an empty cell agrees


def test_coders_are_compared(blind: tuple[Path, Path, CodingSheet], tmp_path: Path) -> None:
    sheet, key, drawn = blind
    said = drawn.key.set_index("item")

    def agrees(row: Row) -> dict[str, str]:
        mine = said.loc[row["item"]]
        return {"framing": "1", "coded_label": mine["label"], "coded_voice": mine["voice"]}

    def doubts(row: Row) -> dict[str, str]:
        return {"framing": "0"} if row["span"] in ("Fury", "riot") else agrees(row)

    paths = [fill(sheet, tmp_path / f"{name}.csv", judge)
             for name, judge in (("a", agrees), ("b", doubts))]  # fmt: skip
    found = agreement(paths, key=key)
    by_question = found.alphas.set_index("question")
    units = [("True", "False" if span in ("Fury", "riot") else "True") for span in
             drawn.table["span"]]  # fmt: skip
    assert by_question.loc["framing", "alpha"] == pytest.approx(krippendorff_alpha(units))
    assert by_question.loc["voice", "alpha"] == 1.0
    assert by_question.loc["voice", "n"] == 9
    # Where two are divided, an item counts half.
    assert found.precision.set_index("value").loc["all", "framing"] == pytest.approx(10 / 11)
    assert "2 coders judged 11 spans" in str(found)
    assert json.loads(found.to_json())["alphas"][2]["alpha"] == 1.0
    assert found.to_csv().startswith("of,value,n,framing")
    assert "<table" in found._repr_html_()


def test_a_sheet_as_a_spreadsheet_saves_it(
    blind: tuple[Path, Path, CodingSheet], tmp_path: Path
) -> None:
    sheet, key, _ = blind
    filled = fill(sheet, tmp_path / "alice.csv", lambda row: {"framing": "ja"})
    rows = read(filled)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(row | {"item": row["item"].lstrip("0")} for row in rows)
    saved = tmp_path / "saved.csv"
    saved.write_bytes(out.getvalue().replace("⟦", "[").replace("⟧", "]").encode("cp1252"))
    assert agreement(saved, key=key).n_items == 11


def test_what_is_no_judgement(blind: tuple[Path, Path, CodingSheet], tmp_path: Path) -> None:
    sheet, key, _ = blind
    with pytest.raises(InputError, match=r"item 0001: framing is 'maybe'; write yes, no"):
        agreement(fill(sheet, tmp_path / "a.csv", lambda _: {"framing": "maybe"}), key=key)
    with pytest.raises(InputError, match="coded_label is 'lie'; there are imputed-motive"):
        agreement(
            fill(sheet, tmp_path / "b.csv", lambda _: {"framing": "yes", "coded_label": "lie"}),
            key=key,
        )
    with pytest.raises(InputError, match="no item is judged"):
        agreement(sheet, key=key)


def test_sheets_that_do_not_fit(blind: tuple[Path, Path, CodingSheet], tmp_path: Path) -> None:
    sheet, key, _ = blind
    filled = fill(sheet, tmp_path / "alice.csv", lambda _: {"framing": "yes"})
    with pytest.raises(InputError, match=r"alice\.key\.csv isn't beside it; name the key"):
        agreement(filled)
    with pytest.raises(UsageError, match="given twice"):
        agreement([filled, filled], key=key)
    with pytest.raises(UsageError, match="needs a filled sheet"):
        agreement([])
    with pytest.raises(InputError, match="can't be read"):
        agreement(tmp_path / "none.csv")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="no column 'item'"):
        agreement(tmp_path / "other.csv")
    short = key.read_text("utf-8-sig").splitlines()[:3]
    (tmp_path / "short.csv").write_text("\n".join(short) + "\n")
    with pytest.raises(InputError, match="isn't in the key"):
        agreement(filled, key=tmp_path / "short.csv")


# -- formulas ----------------------------------------------------------------------------

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), examples A, B and C.
_MISSING = {".": None}
PUBLISHED = [
    (["0100000010", "1110010000"], 0.095),
    (["aabbdcccedda", "babbbcccedd" + "d"], 0.692),
    (["123321412...", "1233224125.3", ".3332342251.", "12332441251."], 0.743),
]


@pytest.mark.parametrize(("coders", "alpha"), PUBLISHED)
def test_alpha_of_published_examples(coders: list[str], alpha: float) -> None:
    units = [[_MISSING.get(value, value) for value in unit] for unit in zip(*coders, strict=True)]
    assert krippendorff_alpha(units) == pytest.approx(alpha, abs=5e-4)
    low, high = alpha_interval(units)
    assert low < alpha < high


def test_alpha_that_cannot_be_told() -> None:
    assert math.isnan(krippendorff_alpha([]))
    assert math.isnan(krippendorff_alpha([("a", None), (None, "b")]))
    assert math.isnan(krippendorff_alpha([("a", "a"), ("a", "a")]))
    assert np.isnan(alpha_interval([("a", "b")])).all()


def test_wilson_of_a_published_example() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263, and 0 of 20.
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(0.0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert np.isnan(wilson(math.nan, 0)).all()


def test_equal_weights_lose_nothing() -> None:
    assert effective_number(np.full(7, 3.0)) == pytest.approx(7.0)
    assert effective_number(np.array([1.0, 3.0])) == pytest.approx(1.6)
