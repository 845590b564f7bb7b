"""NewsMTSC (Hamborg and Donnay, EACL 2021): sentiment toward a marked target in a news sentence.

JSON lines ``train.jsonl`` and ``devtest_mt.jsonl``: ``sentence_normalized`` and ``targets`` with
``from``, ``to`` (code points, half-open) and ``polarity``: 2 negative, 4 neutral, 6 positive.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from slantwise.errors import InputError
from slantwise.text import Document, read_document

_POLARITY = {2: "negative", 4: "neutral", 6: "positive"}


@dataclass(frozen=True)
class MarkedTarget:
    """A sentence, where it names a target, and how it speaks of that."""

    document: Document
    start: int
    end: int
    polarity: str

    @property
    def place(self) -> tuple[Document, int, int]:
        """The naming as estimators take it."""
        return self.document, self.start, self.end


def read_newsmtsc(folder: Path, part: str) -> list[MarkedTarget]:
    """Read the targets of one part, those of a sentence together.

    Raises
    ------
    InputError
        If the file is missing or broken; it names the line.
    """
    path = folder / f"{part}.jsonl"
    found: list[MarkedTarget] = []
    number = 0  # of the line, for what is said of a broken one
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                number += 1
                row = json.loads(line)
                document = read_document(row["sentence_normalized"], unscored=())
                found += [
                    MarkedTarget(document, one["from"], one["to"], _POLARITY[int(one["polarity"])])
                    for one in row["targets"]
                ]
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; is {folder} the NewsMTSC corpus?") from None
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}, line {number}: not NewsMTSC's layout ({error!r})") from error
    if not found:
        raise InputError(f"{path}: no target in it")
    return found
