"""Plots of a profile, as matplotlib figures that belong to whoever asked for them.

Figures are made without pyplot, so that nothing is shown, kept or configured globally.
Colours are of Okabe & Ito (2008), which colour-blind readers tell apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from slantwise.errors import UsageError
from slantwise.in_words import one_line
from slantwise.records import LABELS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from slantwise.profiles import Profile

_BLUE, _GREY = "#0072B2", "#777777"
_PER = "per 1,000 words"
_AXIS = {
    "density": f"own-voice framed spans {_PER}",
    "pooled": f"own-voice framed spans {_PER}, partially pooled",
    "standardised": f"own-voice framed spans {_PER}, on equal events",
    "corrected": f"own-voice framed spans {_PER}, corrected for the model’s errors",
    "negative_density": f"own-voice spans against a target {_PER}",
    "positive_density": f"own-voice spans in favour of a target {_PER}",
    "others_share": "share of spans in quotes and reported speech",
}
_OF_LABELS = ("density", "pooled", "corrected")


def plot_profile(
    profile: Profile, quantity: str = "density", *, label: str | None = None
) -> Figure:
    """Plot each group's figure with its 95 % interval.

    Groups stand below each other, the table's first on top; months stand side by side.
    Groups with few articles are hollow.

    Parameters
    ----------
    profile : Profile
    quantity : str
        A column of the table that has an interval.
    label : str, optional
        Of one label alone.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    UsageError
        If there is no such quantity or label, or matplotlib isn't installed.
    """
    shown = _shown(profile, quantity, label)
    names = [one_line(name) for name in shown["group"]]
    upright = profile.by == "month"
    size = (max(4.0, 0.5 * len(names) + 1), 3.5) if upright else (6.5, 0.32 * len(names) + 1.2)
    figure, axes = _figure(size)
    place = np.arange(len(names), dtype=float)
    for few, colour in ((False, _BLUE), (True, _GREY)):
        here = (shown["few_articles"] == few).to_numpy()
        value = shown[quantity].to_numpy(float)[here]
        low, high = (shown[f"{quantity}_{end}"].to_numpy(float)[here] for end in ("low", "high"))
        low, high = np.where(np.isnan(low), value, low), np.where(np.isnan(high), value, high)
        lines, points = (axes.vlines, (place[here], value)) if upright else (
            axes.hlines, (value, place[here])
        )  # fmt: skip
        lines(place[here], low, high, colors=colour, linewidth=3, alpha=0.45)
        axes.plot(*points, "o", color=colour, markerfacecolor="white" if few else colour)
    said = _AXIS.get(quantity, quantity) + (f": {label}" if label else "")
    if upright:
        axes.set_xticks(place, names, rotation=90 if len(names) > 8 else 0)
        axes.set_ylabel(said)
        axes.set_ylim(bottom=0)
    else:
        axes.set_yticks(place, names)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.set_xlabel(said)
        axes.set_xlim(left=0)
    axes.grid(axis="y" if upright else "x", alpha=0.3)
    return figure


def plot_labels(profile: Profile) -> Figure:
    """Plot the density of each label in each group, as a map of shades with its figures.

    Parameters
    ----------
    profile : Profile

    Returns
    -------
    matplotlib.figure.Figure
    """
    names = [one_line(name) for name in profile.table["group"]]
    values = profile.table[list(LABELS)].to_numpy(float)
    figure, axes = _figure((8.0, 0.34 * len(names) + 1.9))
    top = float(np.nanmax(values, initial=0.0)) or 1.0
    axes.imshow(np.nan_to_num(values), cmap="Blues", aspect="auto", vmin=0.0, vmax=top)
    for row, column in zip(*np.nonzero(np.nan_to_num(values) > 0), strict=True):
        value = values[row, column]
        ink = "white" if value > 0.55 * top else "black"
        axes.text(column, row, f"{value:.1f}", ha="center", va="center", color=ink, fontsize=8)
    axes.set_xticks(range(len(LABELS)), list(LABELS), rotation=40, ha="right")
    axes.set_yticks(range(len(names)), names)
    axes.set_title(_AXIS["density"], fontsize=10)
    axes.tick_params(length=0)
    return figure


def _shown(profile: Profile, quantity: str, label: str | None) -> pd.DataFrame:
    if label is None:
        shown = profile.table
        names = map(str, shown)
        known = [name for name in names if f"{name}_low" in shown and name != "rank"]
    else:
        if label not in LABELS:
            raise UsageError(f"no label {label!r}; there are {', '.join(LABELS)}")
        shown, known = profile.labels[profile.labels["label"] == label], list(_OF_LABELS)
        shown = profile.table[["group", "few_articles"]].merge(shown, on="group", how="left")
    if quantity not in known:
        raise UsageError(f"nothing to plot called {quantity!r}; there are {', '.join(known)}")
    return shown


def _figure(size: tuple[float, float]) -> tuple[Figure, Axes]:
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise UsageError("plots need matplotlib: pip install 'slantwise[plots]'") from None
    figure = Figure(figsize=size, layout="constrained")
    axes: Any = figure.subplots()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes
