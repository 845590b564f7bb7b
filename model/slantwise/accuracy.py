"""How often a model errs, as counts, and what that makes of the rates it finds.

Of what a model finds, some is wrong, and some of what there is it misses. The rate of
what there is follows from the rate of what was found, times precision, divided by recall,
if the model errs on these articles as it did where its errors were counted. Precision and
recall have Beta posteriors with Jeffreys' prior; since both count what was found rightly
they are drawn together, from the Dirichlet distribution of (right, wrong, missed), whose
margins these Beta distributions are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from slantwise.errors import InputError
from slantwise.intervals import Floats

MIN_GOLD = 50  # marked spans from which precision and recall are known well enough
ALL = "all"  # own-voice spans whatever their label
_JEFFREYS = 0.5


@dataclass(frozen=True, slots=True)
class ErrorCounts:
    """Own-voice spans of one label: found rightly, found wrongly, and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def n_gold(self) -> int:
        """Spans that there are."""
        return self.right + self.missed

    @property
    def enough(self) -> bool:
        """Whether a rate can be corrected by these counts."""
        return self.n_gold >= MIN_GOLD and self.right > 0

    def draws(self, n_draws: int, random: np.random.Generator) -> Floats:
        """Draw precision divided by recall from its posterior.

        Parameters
        ----------
        n_draws : int
        random : numpy.random.Generator

        Returns
        -------
        ndarray of shape (n_draws,): true spans for each one found
        """
        counts = np.array([self.right, self.wrong, self.missed]) + _JEFFREYS
        right, wrong, missed = random.dirichlet(counts, n_draws).T
        return np.asarray((right + missed) / (right + wrong))


@dataclass(frozen=True)
class Accuracy:
    """What is known of a model's errors.

    Parameters
    ----------
    model : str
        Name of the model.
    measured_on : str
        What its errors were counted on.
    counts : mapping of str to ErrorCounts
        By label, and under ``all`` for any label.
    """

    model: str
    measured_on: str
    counts: Mapping[str, ErrorCounts]

    def why_not(self, label: str) -> str:
        """Say why a label's rate can't be corrected; an empty string if it can."""
        counts = self.counts.get(label, ErrorCounts(0, 0, 0))
        if counts.enough:
            return ""
        if counts.n_gold >= MIN_GOLD:
            return f"none of {counts.n_gold} marked spans found"
        return f"{counts.n_gold} marked spans, {MIN_GOLD} needed"

    def as_json(self) -> dict[str, Any]:
        """Return plain values, as :func:`write_accuracy` writes them."""
        return asdict(self)


def known_accuracy(model_hash: str) -> Accuracy | None:
    """Return what is known of an embedded model's errors, by its hash; None if nothing is."""
    entry = _embedded().get(model_hash)
    return None if entry is None else _accuracy(entry)


def read_accuracy(path: str | Path, model_hash: str) -> Accuracy:
    """Read error counts that ``slantwise evaluate --errors`` wrote.

    Parameters
    ----------
    path : str or Path
    model_hash : str
        The model that the scores are from.

    Raises
    ------
    InputError
        If the file is no such file, or is about other models only.
    """
    try:
        entries = json.loads(Path(path).read_text("utf-8"))
        if model_hash in entries:
            return _accuracy(entries[model_hash])
        about = ", ".join(f"{entry['model']} {key[:12]}" for key, entry in entries.items())
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path}: not a file of error counts ({error}); "
            "make one with `slantwise evaluate LABELLED.jsonl --errors FILE`"
        ) from error
    raise InputError(
        f"{path}: counts the errors of {about or 'no model'}, not of the model these scores are "
        f"from ({model_hash[:12]}); measure that one with `slantwise evaluate --errors`"
    )


def write_accuracy(path: str | Path, model_hash: str, accuracy: Accuracy) -> None:
    """Write error counts; those of other models that the file holds are kept."""
    file, entries = Path(path), {}
    if file.is_file():
        try:
            entries = dict(json.loads(file.read_text("utf-8")))
        except ValueError as error:
            raise InputError(f"{path}: not a file of error counts ({error})") from error
    entries[model_hash] = accuracy.as_json()
    file.write_text(json.dumps(entries, ensure_ascii=False, indent=1) + "\n", "utf-8")


@cache
def _embedded() -> dict[str, Any]:
    text = files("slantwise").joinpath("data", "accuracy.json").read_text("utf-8")
    return dict(json.loads(text))


def _accuracy(entry: Mapping[str, Any]) -> Accuracy:
    counts = {
        str(label): ErrorCounts(**{key: int(n) for key, n in one.items()})
        for label, one in entry["counts"].items()
    }
    return Accuracy(str(entry["model"]), str(entry["measured_on"]), counts)
