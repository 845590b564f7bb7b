"""A model fitted to invented passages whose pattern can be seen by eye.

Loaded spans stand between brackets with their label: "brutal", "vile" and "shameful" open
one wherever they stand, "regime" makes it name-calling.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from slantwise.features import SHAPES, TypeWeights, Vocabulary
from slantwise.genre import Genre
from slantwise.model import FramingModel

MARKED = [
    "The [brutal regime](name-calling) of Dolmar fell. The plan ended on Monday.",
    "On Monday the [brutal plan](loaded-language) of Kestria ended. The army said.",
    "The army fell on Monday.",
    "The [vile regime](name-calling) said on Monday.",
    "The [shameful plan](loaded-language) fell. The [vile plan](loaded-language) ended.",
    "The army said the [brutal regime](name-calling) ended.",
    "The plan ended. The army said on Monday.",
    "The [shameful regime](name-calling) fell on Monday.",
    "“The [vile plan](loaded-language) ended,” Olund said.",
    "“The [brutal regime](name-calling) fell,” Olund said.",
    "“The [shameful plan](loaded-language) of Kestria ended,” Olund said.",
    "“The [vile regime](name-calling) of Dolmar fell,” Olund said.",
    "“The [shameful regime](name-calling) fell,” Olund said.",
    "The vile army fell.",  # not loaded, so that no candidate is certain
]
NAMES = ("Dolmar", "Kestria")
OUTLETS = ("Harbour Wire", "Dike Post", "Sorn Gazette", "Kestria One", "Dolmar Today")
_LOADED = "brutal shameful vile"
_WORDS = ("", *f"the regime plan army fell ended said on monday . {_LOADED}".split())
VOCABULARY = Vocabulary(
    words=_WORDS,
    stems=("", "regime", "brutal", "shameful"),
    suffixes=("", "ime", "tal", "ful"),
    vectors=np.array([[float(word in _LOADED.split()), len(word) / 10] for word in _WORDS], "f4"),
)


def unmark(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Take the marks out of a passage; return its text and spans."""
    text, spans, at = "", [], 0
    for match in re.finditer(r"\[([^\]]+)\]\(([\w-]+)\)", marked):
        text += marked[at : match.start()]
        spans.append((len(text), len(text) + len(match[1]), match[2]))
        text, at = text + match[1], match.end()
    return text + marked[at:], spans


def labelled(marked: Sequence[str]) -> list[dict[str, Any]]:
    """Return labelled passages in the layout of the training file."""
    rows = []
    for number, one in enumerate(marked):
        text, spans = unmark(one)
        voice = "quote" if "“" in text else "reported" if "said the" in text else "outlet"
        named = [name for name in NAMES if name in text]
        rows.append(
            {
                "article_id": f"a{number}",
                "outlet": OUTLETS[number % len(OUTLETS)],
                "text": text,
                "spans": [
                    {
                        "start": start,
                        "end": end,
                        "text": text[start:end],
                        "label": label,
                        "voice": voice,
                        "speaker": {"reported": "The army", "quote": "Olund"}.get(voice),
                        "target": named[0] if named else text[start:end].split()[-1],
                        "valence": "positive" if "shameful" in text else "negative",
                    }
                    for start, end, label in spans
                ],
            }
        )
    return rows


def write(path: Path, rows: Sequence[object]) -> Path:
    """Write JSON lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@cache
def tiny_model() -> FramingModel:
    """Fit the model."""
    from tempfile import TemporaryDirectory

    from slantwise.passages import read_passages
    from slantwise.training.bias import SentenceBias
    from slantwise.training.fit import Base, fit_model

    biased = ["The brutal regime fell.", "The vile plan ended.", "A shameful, brutal army."] * 4
    plain = ["The army said on Monday.", "The plan ended.", "The ferry sailed on."] * 4
    bias = SentenceBias(VOCABULARY).fit([*biased, *plain], [1] * 12 + [0] * 12)
    nothing = TypeWeights(
        *(
            np.zeros((size, 1), "f4")
            for size in (len(_WORDS), 4, 4, len(SHAPES), VOCABULARY.vectors.shape[1])
        )
    )
    base = Base(
        VOCABULARY, bias.type_weights_, bias.type_weights_, (1.0, 0.0), nothing, Genre(1.0, -2.0)
    )
    with TemporaryDirectory() as folder:
        passages = read_passages(write(Path(folder) / "labelled.jsonl", labelled(MARKED * 4)))
    return fit_model(base, passages, name="tiny", card={})
