"""An attributor fitted to invented articles whose pattern can be seen by eye.

Braces hold what a source says, brackets the source, angle brackets the cue.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np

from slantwise.attribution import Attributor
from slantwise.features import SHAPES, TypeWeights, Vocabulary
from slantwise.training.attribution import fit_attributor
from slantwise.training.hearing import Schedule
from slantwise.training.polnear import GoldAttribution, PolnearArticle
from slantwise.training.told import marked_article

SENTENCES = [
    "[Ada Moss] <said> {that the dam was a disgrace}.",
    "[The army] <warned> {that the town would drown}.",
    "{“The dam is safe and the river is ours,”} [Odo Finch] <said>.",
    "<According to> [the ministry], {the plan had failed}.",
    "Rain fell on the town on Monday.",
    "The ferry to the valley sailed on Monday.",
    "The “reform” of the ministry closed the town.",
    "The plan of the army had failed on Monday.",
]
_WORDS = sorted({word.lower() for one in SENTENCES for word in re.findall(r"\w+|[^\w\s]", one)})
VOCABULARY = Vocabulary(
    words=("", *_WORDS), stems=("",), suffixes=("",), vectors=np.zeros((len(_WORDS) + 1, 2), "f4")
)


def words_apart(vocabulary: Vocabulary = VOCABULARY, n_columns: int = 16) -> TypeWeights:
    """Give every word of a vocabulary a direction of its own."""
    rng = np.random.default_rng(5)
    n_words = len(vocabulary.words)
    return TypeWeights(
        rng.normal(size=(n_words, n_columns)).astype(np.float32),
        np.zeros((len(vocabulary.stems), n_columns), np.float32),
        np.zeros((len(vocabulary.suffixes), n_columns), np.float32),
        np.zeros((len(SHAPES), n_columns), np.float32),
        np.zeros((vocabulary.vectors.shape[1], n_columns), np.float32),
    )


def article(number: int) -> PolnearArticle:
    """Return an article of all sentences, beginning at one of them."""
    order = [SENTENCES[(number + step) % len(SENTENCES)] for step in range(len(SENTENCES))]
    text = ""
    attributions = []
    for one in (marked_article("", marked) for marked in order):
        at = len(text) + bool(text)
        text += f" {one.text}" if text else one.text
        for found in one.attributions:
            parts = (found.content, found.source, found.cue)
            moved = [tuple((low + at, high + at) for low, high in part) for part in parts]
            attributions.append(GoldAttribution(*moved))
    return PolnearArticle(f"wire_{number}", text, tuple(attributions))


@cache
def tiny_attributor() -> Attributor:
    """Fit it."""
    articles = [article(number) for number in range(20)]
    schedule = Schedule(epochs=12, warm_up=5, batch=400)
    return fit_attributor(VOCABULARY, words_apart(), articles, schedule=schedule)
