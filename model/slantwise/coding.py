"""Filled coding sheets: how precise the model is by people's judgement, and their agreement."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from slantwise.errors import InputError, UsageError
from slantwise.intervals import Floats
from slantwise.records import LABELS, VOICES
from slantwise.reliability import alpha_interval, effective_number, krippendorff_alpha, wilson
from slantwise.spreadsheets import as_csv, as_written

if TYPE_CHECKING:
    import pandas as pd

NO_FRAMING = "no framing"
_YES = {"yes", "y", "1", "true", "x", "j", "ja", "oui", "sí", "si"}
_NO = {"no", "n", "0", "false", "nein", "nee", "non"}
_ENCODINGS = ("utf-8-sig", "cp1252")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one coder says of one item; None where they say nothing."""

    framing: bool | None
    label: str | None
    voice: str | None

    @property
    def kind(self) -> str | None:
        """The label, or that there is no framing."""
        return NO_FRAMING if self.framing is False else self.label


@dataclass(frozen=True, eq=False, repr=False)
class Agreement:
    """What filled sheets say; shows its tables in a notebook.

    Parameters
    ----------
    coders : tuple of str
    n_items : int
        Items that at least one coder judged.
    precision : DataFrame
        One row for each label, each voice and all spans: ``of`` (label, voice or all),
        ``value``, ``n`` (items judged), then with their 95 % intervals (Wilson 1927; in
        rows of several labels weighted to the results the sheet was drawn from)
        ``framing`` (share that is framing), ``label`` (share that is framing of the label
        the model gives), ``voice`` (share of what is framing whose voice is right).
    alphas : DataFrame
        One row a question: ``question``, ``n`` (items with two judgements or more),
        ``alpha``, ``alpha_low``, ``alpha_high``.
    """

    coders: tuple[str, ...]
    n_items: int
    precision: pd.DataFrame
    alphas: pd.DataFrame

    def to_json(self) -> str:
        """Return everything as JSON."""
        content = {
            "coders": list(self.coders),
            "n_items": self.n_items,
            "precision": _plain(self.precision),
            "alphas": _plain(self.alphas),
        }
        return json.dumps(content, ensure_ascii=False, indent=2)

    def to_csv(self) -> str:
        """Return the table of precision as CSV."""
        return as_csv(self.precision)

    def __str__(self) -> str:
        """Return the tables as plain text, with a sentence for a methods section."""
        lines = [f"{'':<18}{'items':>6}  {'framing':<18}{'and label':<18}{'voice':<18}"]
        for row in _plain(self.precision):
            cells = [_share(row, name) for name in ("framing", "label", "voice")]
            lines.append(f"{row['value']:<18}{row['n']:>6}  " + "".join(f"{c:<18}" for c in cells))
        lines += ["", f"{'':<18}{'items':>6}  Krippendorff’s alpha (nominal)"]
        for row in _plain(self.alphas):
            lines.append(f"{row['question']:<18}{row['n']:>6}  {_number(row)}")
        lines += ["", self.in_words]
        return "\n".join(line.rstrip() for line in lines) + "\n"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        tables = [
            frame.to_html(index=False, escape=True, na_rep="–", float_format="{:.2f}".format)
            for frame in (self.precision, self.alphas)
        ]
        return "\n".join(tables)

    @property
    def in_words(self) -> str:
        """What a methods section would say."""
        whole = _plain(self.precision)[-1]
        coders = "1 coder" if len(self.coders) == 1 else f"{len(self.coders)} coders"
        said = (
            f"{coders} judged {self.n_items:,} spans drawn at random within labels; weighted to "
            f"all results, {_share(whole, 'framing')} are framing and {_share(whole, 'label')} "
            "have the right label (95 % intervals)"
        )
        label = [row for row in _plain(self.alphas) if row["question"] == "label"]
        if label and label[0]["alpha"] is not None:
            said += f"; Krippendorff’s alpha for labels is {_number(label[0])}"
        return said + "."


def agreement(
    sheets: str | Path | Sequence[str | Path],
    *,
    key: str | Path | None = None,
    n_boot: int = 1000,
    random_state: int = 0,
) -> Agreement:
    """Turn filled coding sheets, one of each coder, into precision and agreement.

    An item that several coders judge counts as what most of them say, and half if they
    are divided.

    Parameters
    ----------
    sheets : str, Path or sequence of these
        CSV as :func:`slantwise.sample` makes them, filled.
    key : str or Path, optional
        What the model says, if the sheets don't; by default the file that
        :meth:`CodingSheet.write` put beside the first.
    n_boot, random_state : int
        Replicates and seed of alpha's intervals.

    Raises
    ------
    InputError
        If a sheet can't be read, holds a judgement that is none, or isn't of that key.
    UsageError
        If no sheet, or the same one twice, is given.
    """
    paths = [Path(sheets)] if isinstance(sheets, str | Path) else [Path(one) for one in sheets]
    if not paths:
        raise UsageError("agreement needs a filled sheet")
    if len({path.resolve() for path in paths}) < len(paths):
        raise UsageError("the same sheet is given twice; give each coder's own")
    rows = [_rows(path) for path in paths]
    said = _key(paths[0], rows[0], key)
    judged = [
        {row["item"]: _judgement(row, said, path) for row in here}
        for path, here in zip(paths, rows, strict=True)
    ]
    items = [item for item in said if any(_says(one.get(item)) for one in judged)]
    if not items:
        raise InputError(f"{paths[0]}: no item is judged; fill the column framing with yes or no")
    units = {item: [one.get(item, Judgement(None, None, None)) for one in judged] for item in items}
    return Agreement(
        tuple(path.stem for path in paths),
        len(items),
        _precision(units, said),
        _alphas(units, n_boot, random_state),
    )


def _precision(
    units: Mapping[str, Sequence[Judgement]], said: Mapping[str, Mapping[str, str]]
) -> pd.DataFrame:
    import pandas as pd

    items = list(units)
    weights = np.array([float(said[item].get("weight") or 1) for item in items])
    framing, label, voice = np.array([_verdicts(units[item], said[item]) for item in items]).T
    rows = []
    strata = [("label", value) for value in LABELS] + [("voice", value) for value in VOICES]
    for of, value in [*strata, ("all", "all")]:
        here = np.array([of == "all" or said[item][of] == value for item in items])
        if not here.any():
            continue
        row: dict[str, Any] = {"of": of, "value": value, "n": int(here.sum())}
        for name, verdicts in (("framing", framing), ("label", label), ("voice", voice)):
            share, bounds = _weighted(verdicts[here], weights[here])
            row |= {name: share, f"{name}_low": bounds[0], f"{name}_high": bounds[1]}
        rows.append(row)
    return pd.DataFrame(rows)


def _weighted(verdicts: Floats, weights: Floats) -> tuple[float, tuple[float, float]]:
    known = ~np.isnan(verdicts)
    if not known.any():
        return math.nan, (math.nan, math.nan)
    share = float(np.average(verdicts[known], weights=weights[known]))
    return share, wilson(share, effective_number(weights[known]))


def _verdicts(
    judgements: Sequence[Judgement], said: Mapping[str, str]
) -> tuple[float, float, float]:
    """Return whether an item is framing, has its label, and its voice, by most coders."""
    sure = [one for one in judgements if one.framing is not None]
    loaded = [one for one in sure if one.framing]
    framing = _majority([bool(one.framing) for one in sure])
    label = _majority(
        [bool(one.framing) and one.label == said["label"] for one in sure
         if not one.framing or one.label is not None]
    )  # fmt: skip
    voice = _majority([one.voice == said["voice"] for one in loaded if one.voice is not None])
    return framing, label, voice


def _majority(votes: Sequence[bool]) -> float:
    if not votes:
        return math.nan
    share = sum(votes) / len(votes)
    return 0.5 if share == 0.5 else float(share > 0.5)


def _alphas(
    units: Mapping[str, Sequence[Judgement]], n_boot: int, random_state: int
) -> pd.DataFrame:
    import pandas as pd

    answers: dict[str, list[list[str | None]]] = {
        "framing": [
            [None if one.framing is None else str(one.framing) for one in unit]
            for unit in units.values()
        ],
        "label": [[one.kind for one in unit] for unit in units.values()],
        "voice": [[one.voice if one.framing else None for one in unit] for unit in units.values()],
    }
    rows = []
    for question, values in answers.items():
        low, high = alpha_interval(values, n_boot=n_boot, random_state=random_state)
        twice = sum(sum(value is not None for value in unit) > 1 for unit in values)
        rows.append(
            {"question": question, "n": twice, "alpha": krippendorff_alpha(values),
             "alpha_low": low, "alpha_high": high}
        )  # fmt: skip
    return pd.DataFrame(rows)


def _judgement(
    row: Mapping[str, str], said: Mapping[str, Mapping[str, str]], path: Path
) -> Judgement:
    item = row["item"]
    if item not in said:
        raise InputError(
            f"{path}: the item {item!r} isn't in the key; is it the key of this sheet?"
        )
    answer = row.get("framing", "").strip().casefold()
    if answer not in _YES | _NO | {""}:
        raise InputError(
            f"{path}, item {item}: framing is {row['framing']!r}; write yes, no, or nothing"
        )
    label = _one_of(row, "coded_label", LABELS, path)
    voice = _one_of(row, "coded_voice", VOICES, path)
    shown = "label" in row  # an empty cell beside a shown label says that it is right
    if answer in _NO:
        return Judgement(False, None, None)
    if not answer and label is None:
        return Judgement(None, None, None)
    return Judgement(
        True,
        label or (said[item]["label"] if shown else None),
        voice or (said[item]["voice"] if shown else None),
    )


def _one_of(row: Mapping[str, str], column: str, allowed: Sequence[str], path: Path) -> str | None:
    value = row.get(column, "").strip().casefold()
    if value and value not in allowed:
        raise InputError(
            f"{path}, item {row['item']}: {column} is {row[column]!r}; "
            f"there are {', '.join(allowed)}"
        )
    return value or None


def _says(judgement: Judgement | None) -> bool:
    return judgement is not None and judgement.framing is not None


def _key(
    sheet: Path, rows: Sequence[Mapping[str, str]], key: str | Path | None
) -> dict[str, Mapping[str, str]]:
    if key is None and "label" not in rows[0]:
        key = sheet.with_name(f"{sheet.stem}.key{sheet.suffix}")
        if not key.is_file():
            raise InputError(
                f"{sheet}: holds no labels and {key.name} isn't beside it; "
                "name the key that was written with the sheet: --key sheet.key.csv"
            )
    said = {row["item"]: row for row in (rows if key is None else _rows(Path(key)))}
    for item, row in said.items():
        if row.get("label") not in LABELS or row.get("voice") not in VOICES:
            raise InputError(f"{key or sheet}, item {item}: label or voice of the model is missing")
    return said


def _rows(path: Path) -> list[dict[str, str]]:
    """Read a sheet as a spreadsheet may have saved it: other separators, other encodings."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror})") from error
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise InputError(f"{path}: not UTF-8; save it as CSV in UTF-8")
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    rows = [
        {name.strip(): as_written(cell or "") for name, cell in row.items() if name}
        for row in csv.DictReader(io.StringIO(text), delimiter=separator, restval="")
    ]
    rows = [row for row in rows if any(row.values())]
    if not rows or "item" not in rows[0]:
        raise InputError(f"{path}: no column 'item'; a sheet of `slantwise sample` has one")
    return [row | {"item": row["item"].strip().zfill(4)} for row in rows]


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _share(row: Mapping[str, Any], name: str) -> str:
    if row[name] is None:
        return "–"
    return f"{row[name]:.0%} ({row[f'{name}_low']:.0%} to {row[f'{name}_high']:.0%})"


def _number(row: Mapping[str, Any]) -> str:
    if row["alpha"] is None:
        return "–"
    low, high = row["alpha_low"], row["alpha_high"]
    return f"{row['alpha']:.3f}" + ("" if low is None else f" ({low:.3f} to {high:.3f})")
