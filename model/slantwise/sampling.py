"""A coding sheet: spans drawn from one's own results, for people to judge.

Within each label spans are drawn at random without replacement, so that rare labels have
as many as frequent ones; a weight beside each says how many spans of the results it
stands for. The sheet is shuffled, so that coders can't guess a label from its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from slantwise.errors import UsageError
from slantwise.in_words import one_line
from slantwise.records import FIELDS, LABELS, OWN_VOICES
from slantwise.spreadsheets import as_csv

if TYPE_CHECKING:
    import pandas as pd

    from slantwise.scores import Scores

OPEN, CLOSE = "⟦", "⟧"
FOR_CODERS = ("framing", "coded_label", "coded_voice", "remarks")
SHOWN = ("item", "outlet", "date", "sentence", "span")
KEY = ("item", "label", "voice", "score", "weight", "article_id", "field", "start", "end")


@dataclass(frozen=True, eq=False)
class CodingSheet:
    """Drawn spans, to be judged by people.

    Parameters
    ----------
    table : DataFrame, one row an item
        ``item``, ``outlet``, ``date``, ``sentence`` (the span between ⟦ and ⟧), ``span``;
        if the label is shown ``label`` and ``voice``; empty columns for coders:
        ``framing`` (yes or no), ``coded_label`` and ``coded_voice`` (empty where the
        shown ones are right), ``remarks``; if the label is shown the rest of the key.
    key : DataFrame, one row an item
        ``item``, ``label``, ``voice``, ``score``, ``weight``, ``article_id``, ``field``,
        ``start``, ``end``: what the model says, for :func:`slantwise.agreement`.
    hidden : bool
        Whether coders don't see label and voice.
    """

    table: pd.DataFrame
    key: pd.DataFrame
    hidden: bool

    def write(self, path: str | Path) -> Path | None:
        """Write the sheet as CSV for a spreadsheet, and beside it the key if it is hidden.

        Parameters
        ----------
        path : str or Path

        Returns
        -------
        Path of the key, or None if the sheet holds it
        """
        sheet = Path(path)
        sheet.write_text(as_csv(self.table), "utf-8-sig")
        if not self.hidden:
            return None
        key = sheet.with_name(f"{sheet.stem}.key{sheet.suffix or '.csv'}")
        key.write_text(as_csv(self.key), "utf-8-sig")
        return key


def sample(
    scores: Scores,
    per_label: int,
    *,
    show_label: bool = False,
    min_score: float | None = None,
    own_voice_only: bool = False,
    random_state: int = 0,
) -> CodingSheet:
    """Draw a coding sheet, stratified by label.

    Parameters
    ----------
    scores : Scores
        With the articles' text.
    per_label : int
        Spans of each label; all of them where there are fewer.
    show_label : bool
        Whether coders see the model's label and voice. Judging blind is slower and
        more telling.
    min_score : float, optional
        Least score of a span, in place of its label's operating threshold.
    own_voice_only : bool
        Only spans in the outlet's own voice.
    random_state : int
        Seed.

    Raises
    ------
    UsageError
        If there is nothing to draw from, or no text around the spans.
    """
    if per_label < 1:
        raise UsageError(f"{per_label} spans a label make no sheet; draw 1 or more")
    spans = scores.counted(min_score)
    if own_voice_only:
        spans = spans[spans["voice"].isin(OWN_VOICES)]
    if "text" not in scores.articles or scores.articles["text"].isna().all():
        raise UsageError("the scores hold no text to show spans in; score again without --no-text")
    if not len(spans):
        raise UsageError("no span counts, so there is nothing to draw; try a lower --min-score")
    drawn = _drawn(spans, per_label, np.random.default_rng(random_state))
    drawn["item"] = [f"{number:04d}" for number in range(1, len(drawn) + 1)]
    drawn["sentence"] = _in_sentences(scores, drawn)
    drawn["span"] = drawn["text"].map(one_line)
    empty = dict.fromkeys(FOR_CODERS, "")
    if not show_label:
        return CodingSheet(drawn[list(SHOWN)].assign(**empty), drawn[list(KEY)], True)
    table = drawn[[*SHOWN, "label", "voice"]].assign(**empty)
    rest = [name for name in KEY if name not in table]
    return CodingSheet(table.join(drawn[rest]), drawn[list(KEY)], False)


def _drawn(spans: pd.DataFrame, per_label: int, random: np.random.Generator) -> pd.DataFrame:
    rows: list[int] = []
    weights: list[float] = []
    for label in LABELS:
        there = np.flatnonzero((spans["label"] == label).to_numpy())
        if not len(there):
            continue
        taken = random.permutation(there)[:per_label]
        rows += taken.tolist()
        weights += [len(there) / len(taken)] * len(taken)
    order = random.permutation(len(rows))
    drawn = spans.iloc[[rows[at] for at in order]].reset_index(drop=True)
    return drawn.assign(
        weight=[weights[at] for at in order], score=drawn["score"].astype(float).round(3)
    )


def _in_sentences(scores: Scores, drawn: pd.DataFrame) -> list[str]:
    chosen = scores.articles[scores.articles["article_id"].isin(drawn["article_id"])]
    texts = {
        (field, article_id): str(text)
        for field in FIELDS
        for article_id, text in zip(chosen["article_id"], chosen[field], strict=True)
    }
    sentences = []
    for row in drawn.to_dict("records"):
        text = texts[row["field"], row["article_id"]]
        start, end = row["start"], row["end"]
        before = text[min(row["sentence_start"], start) : start]
        after = text[end : max(row["sentence_end"], end)]
        sentences.append(one_line(f"{before}{OPEN}{text[start:end]}{CLOSE}{after}"))
    return sentences
