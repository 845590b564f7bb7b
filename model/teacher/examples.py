"""The labelled corpora as examples for an encoder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from tokenizers import Tokenizer

from slantwise.passages import Passage
from slantwise.text import read_document
from slantwise.training.recipe import _OUTLETS_OF_BABE
from teacher.targets import QUESTIONS, Example, answer, blanks

_UNIT = re.compile(r"^(T\d+)\t(Source|Cue|Content) ([\d; ]+)\t", re.MULTILINE)


def framing_examples(passages: Sequence[Passage], tokenizer: Tokenizer) -> list[Example]:
    """Return the windows of labelled passages: spans, labels, voices, valence."""
    examples = []
    for passage in passages:
        tokens = passage.document.tokens
        for example in blanks(passage.document, tokenizer):
            window = example.window
            answer(example, "span", slice(None), "outside")
            for span in passage.spans:
                first, last = tokens.covering(span["start"], span["end"])
                first, last = max(first, window.first), min(last, window.last)
                if first < last:
                    inside = slice(first - window.first, last - window.first)
                    answer(example, "span", inside, "inside")
                    answer(example, "span", slice(inside.start, inside.start + 1), "begin")
                    answer(example, "label", inside, span["label"])
                    answer(example, "voice", inside, span["voice"])
                    answer(example, "valence", inside, span["valence"] or "none")
            examples.append(example)
    return examples


def sentence_examples(path: Path, tokenizer: Tokenizer) -> list[Example]:
    """Return anno-lexical sentences with their bias, without the outlets BABE measures on."""
    table = pq.read_table(path, columns=["text", "label", "source_name"]).to_pylist()
    examples = []
    for row in table:
        if row["source_name"] not in _OUTLETS_OF_BABE:
            for example in blanks(read_document(row["text"], unscored=()), tokenizer):
                example.bias[:] = row["label"]
                examples.append(example)
    return examples


def attribution_examples(folder: Path, tokenizer: Tokenizer) -> list[Example]:
    """Return PolNeAR articles: attributions, and the voice of every token that follows.

    Parameters
    ----------
    folder : Path
        One split, holding ``text`` and ``attributions``.
    """
    examples = []
    for path in sorted((folder / "text").glob("**/*.txt")):
        annotated = sorted((folder / "attributions").glob(f"**/{path.stem}*.ann"))
        if annotated:  # of several annotators, the first
            units = _UNIT.findall(annotated[0].read_text(encoding="utf-8"))
            examples += _attributed(path.read_text(encoding="utf-8"), units, tokenizer)
    return examples


def _attributed(
    text: str, units: Iterable[tuple[str, str, str]], tokenizer: Tokenizer
) -> list[Example]:
    document = read_document(text, unscored=())
    tokens = document.tokens
    kinds = QUESTIONS["attribution"].answers
    marked = np.zeros((len(tokens), len(kinds)), dtype=bool)
    for _, kind, places in units:
        for place in places.split(";"):
            first, last = tokens.covering(*(int(number) for number in place.split()))
            marked[first:last, kinds.index(kind.lower())] = True
    examples = blanks(document, tokenizer)
    asked = list(QUESTIONS).index("attribution")
    for example in examples:
        within = slice(example.window.first, example.window.last)
        example.answers[:, QUESTIONS["attribution"].columns] = marked[within]
        example.weights[:, asked] = 1
        content = marked[within, kinds.index("content")]
        voice = np.where(content, np.where(example.quoted, "quote", "reported"), "outlet")
        for at, name in enumerate(voice.tolist()):
            answer(example, "voice", slice(at, at + 1), name)
    return examples
