"""What an encoder learns of each token, as probabilities with weights.

Labels by hand are certainties, a teacher's are not; both are columns of the same array, and a
corpus that says nothing of a question gives it weight 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from slantwise.quotes import find_quoted
from slantwise.records import LABELS, VALENCES, VOICES
from slantwise.text import Document
from slantwise.windows import Window, cut_windows


@dataclass(frozen=True, slots=True)
class Question:
    """One head: the columns of its answers, and how they exclude each other."""

    name: str
    answers: tuple[str, ...]
    exclusive: bool  # one answer is right (softmax), or each is right or wrong by itself
    weight: float  # of its loss
    at: int = 0  # its first column

    @property
    def columns(self) -> slice:
        """Where its answers stand in an array of logits or targets."""
        return slice(self.at, self.at + len(self.answers))


def _placed(*questions: Question) -> dict[str, Question]:
    placed: dict[str, Question] = {}
    at = 0
    for one in questions:
        placed[one.name] = Question(one.name, one.answers, one.exclusive, one.weight, at)
        at += len(one.answers)
    return placed


QUESTIONS = _placed(
    Question("span", ("outside", "begin", "inside"), True, 1.0),
    Question("label", LABELS, True, 0.3),
    Question("voice", VOICES, True, 0.2),
    Question("valence", (*VALENCES, "none"), True, 0.1),
    Question("attribution", ("content", "source", "cue"), False, 0.3),
)
N_ANSWERS = sum(len(one.answers) for one in QUESTIONS.values())
BIAS = N_ANSWERS  # one column more: summed up over a sentence, how biased its wording is
N_COLUMNS = N_ANSWERS + 1
BIAS_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Example:
    """A window and what is known of it."""

    window: Window
    answers: NDArray[np.float16]  # (n_tokens, N_ANSWERS), probabilities
    weights: NDArray[np.float16]  # (n_tokens, len(QUESTIONS))
    bias: NDArray[np.float16]  # (n_sentences,), NaN where unknown
    quoted: NDArray[np.bool_]  # (n_tokens,), whether they stand between quotation marks


def blanks(document: Document, tokenizer: Tokenizer) -> list[Example]:
    """Return the windows of a document as examples that know nothing yet."""
    quoted = np.zeros(len(document.tokens), dtype=bool)
    for quotation in find_quoted(document.text):
        first, last = document.tokens.covering(quotation.start, quotation.end)
        quoted[first:last] = True
    return [
        blank(window, quoted[window.first : window.last])
        for window in cut_windows(document, tokenizer)
    ]


def blank(window: Window, quoted: NDArray[np.bool_] | None = None) -> Example:
    """Return an example that knows nothing yet."""
    n_tokens = len(window.heads)
    return Example(
        window,
        np.zeros((n_tokens, N_ANSWERS), dtype=np.float16),
        np.zeros((n_tokens, len(QUESTIONS)), dtype=np.float16),
        np.full(int(window.sentence.max(initial=-1)) + 1, np.nan, dtype=np.float16),
        np.zeros(n_tokens, dtype=bool) if quoted is None else quoted,
    )


def answer(example: Example, question: str, tokens: slice, value: str) -> None:
    """Write down a certain answer for a range of the window's tokens."""
    asked = QUESTIONS[question]
    example.answers[tokens, asked.columns] = 0
    example.answers[tokens, asked.at + asked.answers.index(value)] = 1
    example.weights[tokens, list(QUESTIONS).index(question)] = 1
