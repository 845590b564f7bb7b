"""Plots: figures that show what the tables say."""

from __future__ import annotations

import sys

import pytest
from tiny_scores import tiny_scores

from slantwise.errors import UsageError
from slantwise.outlets import Profile, profile
from slantwise.records import LABELS

figure = pytest.importorskip("matplotlib.figure", reason="needs slantwise[plots]")


@pytest.fixture(scope="module")
def found() -> Profile:
    return profile(tiny_scores())


def test_groups_stand_in_the_table_s_order(found: Profile) -> None:
    drawn = found.plot()
    assert isinstance(drawn, figure.Figure)
    (axes,) = drawn.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == found.table["group"].tolist()
    filled, hollow = axes.lines
    assert filled.get_xdata().tolist() == pytest.approx([16.0, 2.5])
    assert hollow.get_xdata().tolist() == pytest.approx([50.0, 0.0])
    (low, high), *_ = [segment[:, 0] for segment in axes.collections[0].get_segments()]
    assert (low, high) == pytest.approx(
        found.table.loc[0, ["density_low", "density_high"]].tolist()
    )


def test_one_label_alone(found: Profile) -> None:
    (axes,) = found.plot("pooled", label="loaded-language").axes
    assert axes.get_xlabel().endswith("partially pooled: loaded-language")
    labels = found.labels[found.labels["label"] == "loaded-language"].set_index("group")["pooled"]
    assert axes.lines[0].get_xdata()[0] == pytest.approx(labels["Daily Cockerel"])


def test_months_go_from_left_to_right() -> None:
    (axes,) = profile(tiny_scores(), "month").plot().axes
    assert [label.get_text() for label in axes.get_xticklabels()] == ["2031-03", "2031-04"]


def test_the_map_of_labels_has_the_figures(found: Profile) -> None:
    (axes,) = found.plot_labels().axes
    assert [label.get_text() for label in axes.get_xticklabels()] == list(LABELS)
    assert sorted(text.get_text() for text in axes.texts) == ["2.5", "4.0", "4.0", "50.0", "8.0"]


def test_it_can_be_saved_and_pyplot_is_left_alone(found: Profile, tmp_path) -> None:
    found.plot("standardised").savefig(tmp_path / "plot.svg")
    assert (tmp_path / "plot.svg").stat().st_size > 2000
    assert "matplotlib.pyplot" not in sys.modules


def test_what_can_not_be_plotted(found: Profile) -> None:
    with pytest.raises(UsageError, match="called 'bias'; there are density, pooled"):
        found.plot("bias")
    with pytest.raises(UsageError, match="there are density, pooled, corrected"):
        found.plot("standardised", label="doubt")
    with pytest.raises(UsageError, match="no label 'lie'"):
        found.plot(label="lie")


def test_without_matplotlib(found: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(UsageError, match=r"pip install 'slantwise\[plots\]'"):
        found.plot()
