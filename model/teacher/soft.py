"""A teacher's probabilities on unlabelled articles, in files that other learners can read.

A part is one ``.npz``; ``LAYOUT`` says what is in it. Offsets and words are had by reading the
article again: ``read_document(text, title)``.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import nn

from slantwise.text import Document, read_document
from slantwise.windows import Window, cut_windows
from teacher.fit import read_out
from teacher.measure import softmax
from teacher.targets import BIAS, N_COLUMNS, QUESTIONS, Example, blank, blanks

logger = logging.getLogger(__name__)

LAYOUT = """\
row              (n_articles,) int64: row of the article in allsides_articles.parquet
article_id       (n_articles,) its name there
token_edges      (n_articles + 1,) int64: tokens of article i are rows edges[i] to edges[i + 1]
sentence_edges   (n_articles + 1,) int64: the same for sentences
sentence_tokens  (n_sentences,) int64: tokens in each sentence
columns          names of the columns of probability
probability      (n_tokens, n_columns) float16; NaN where it was not read
bias             (n_sentences,) float16: probability that its wording is biased; NaN as above
"""
COLUMNS = (
    *("begin", "inside"),
    *(
        f"{name}:{one}"
        for name, asked in QUESTIONS.items()
        if name != "span"
        for one in asked.answers
    ),
)
_FOREIGN = frozenset(
    "africa asia china cia defense europe foreign_policy great_britain isis israel mexico "
    "middle_east national_defense national_security north_korea nsa nuclear_weapons palestine "
    "russia south_korea state_department terrorism trade us_military world".split()
)
_OUTLET_SHARE = 0.06  # of the articles, at most
_CHARACTERS = (1_500, 9_000)  # of an article: shorter is no article, longer adds little variety


@dataclass(frozen=True)
class Unlabelled:
    """One unlabelled article."""

    row: int
    article_id: str
    document: Document


def choose_articles(path: Path, n_articles: int, seed: int = 0) -> Iterator[Unlabelled]:
    """Draw unlabelled articles: half about foreign affairs, no outlet with too many.

    Articles that a measured passage comes from are left out.
    """
    table = pq.read_table(path).to_pandas()
    size = table["text"].str.len()
    usable = ~table["measured"] & size.between(*_CHARACTERS)
    foreign = table["topic"].isin(_FOREIGN)
    rng = np.random.default_rng(seed)
    taken: Counter[str] = Counter()
    queues = [
        iter(rng.permutation(np.flatnonzero(usable & (foreign == which)))) for which in (1, 0)
    ]
    for number in range(n_articles):
        for row in queues[number % 2]:
            one = table.iloc[int(row)]
            if taken[one["outlet"]] < _OUTLET_SHARE * n_articles:
                taken[one["outlet"]] += 1
                document = read_document(one["text"], one["title"] or "")
                yield Unlabelled(int(row), one["article_id"], document)
                break


@dataclass(frozen=True)
class Member:
    """One network of a teacher, and how much it counts for each question it was taught."""

    network: nn.Module
    tokenizer: Tokenizer
    knows: Mapping[str, float]  # by name of QUESTIONS, and "bias"


def ensemble_logits(
    members: Sequence[Member], documents: Sequence[Document], per_document: int | None = None
) -> list[NDArray[np.float32]]:
    """Return the mean logits of the members that know each question, NaN where none does.

    The encoders here cut words alike, so that the windows of all members agree.

    Parameters
    ----------
    members : sequence of Member
    documents : sequence of Document
    per_document : int, optional
        Windows to read of each, drawn from it; all of them unless given.
    """
    total: list[NDArray[np.float32]] = []
    known = np.zeros(N_COLUMNS, dtype=np.float32)
    for member in members:
        knows = _columns_of(member.knows)
        examples = [
            blank(window)
            for document in documents
            for window in _drawn(document, member.tokenizer, per_document)
        ]
        own = [logits * knows for logits in read_out(member.network, examples)]
        total = [a + b for a, b in zip(total, own, strict=True)] if total else own
        known += knows
    with np.errstate(invalid="ignore"):
        return [logits / known for logits in total]


def _drawn(document: Document, tokenizer: Tokenizer, number: int | None) -> list[Window]:
    windows = cut_windows(document, tokenizer)
    if number is None or len(windows) <= number:
        return windows
    rng = np.random.default_rng(len(document.tokens))
    return [windows[at] for at in sorted(rng.permutation(len(windows))[:number].tolist())]


def _columns_of(knows: Mapping[str, float]) -> NDArray[np.float32]:
    columns = np.zeros(N_COLUMNS, dtype=np.float32)
    for name, asked in QUESTIONS.items():
        columns[asked.columns] = knows.get(name, 0)
    columns[BIAS] = knows.get("bias", 0)
    return columns


def probabilities(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the columns of ``COLUMNS`` for each token."""
    parts = []
    for name, asked in QUESTIONS.items():
        own = logits[:, asked.columns]
        chance = softmax(own) if asked.exclusive else 1 / (1 + np.exp(-own.astype(np.float64)))
        parts.append(chance[:, 1:] if name == "span" else chance)
    return np.hstack(parts)


def write_part(
    path: Path,
    articles: Sequence[Unlabelled],
    members: Sequence[Member],
    per_article: int | None = None,
) -> int:
    """Label articles, write them as one part, and return the number of sentences labelled."""
    documents = [article.document for article in articles]
    answers = iter(ensemble_logits(members, documents, per_article))
    probability, bias, sentence_tokens = [], [], []
    for document in documents:
        found = np.full((len(document.tokens), len(COLUMNS)), np.nan, dtype=np.float16)
        odds = np.full(len(document.tokens), np.nan)
        for window in _drawn(document, members[0].tokenizer, per_article):
            logits = next(answers)
            found[window.first : window.last] = probabilities(logits)
            odds[window.first : window.last] = logits[:, BIAS]
        n_sentences = len(document.sentences)
        lengths = np.bincount(document.token_sentence, minlength=n_sentences)
        total = np.bincount(document.token_sentence, weights=odds, minlength=n_sentences)
        probability.append(found)
        bias.append((1 / (1 + np.exp(-total / np.maximum(lengths, 1)))).astype(np.float16))
        sentence_tokens.append(lengths)
    np.savez_compressed(
        path,
        row=np.array([article.row for article in articles]),
        article_id=np.array([article.article_id for article in articles]),
        token_edges=np.cumsum([0, *map(len, probability)]),
        sentence_edges=np.cumsum([0, *map(len, bias)]),
        sentence_tokens=np.concatenate(sentence_tokens),
        columns=np.array(COLUMNS),
        probability=np.concatenate(probability),
        bias=np.concatenate(bias),
    )
    return sum(int(np.isfinite(one).sum()) for one in bias)


def soft_examples(folder: Path, articles: Path, tokenizer: Tokenizer) -> list[Example]:
    """Return what was written as examples: every question by its probabilities.

    Labels, voice and valence count by how likely the token is in a span at all. What was not
    read when labelled counts for nothing.
    """
    table = pq.read_table(articles, columns=["text", "title"]).to_pandas()
    examples = []
    for path in sorted(folder.glob("part-*.npz")):
        part = np.load(path)
        every = part["probability"].astype(np.float32)
        every_bias = part["bias"]
        for number, row in enumerate(part["row"].tolist()):
            document = read_document(table["text"][row], table["title"][row] or "")
            own = every[slice(*part["token_edges"][number : number + 2])]
            bias = every_bias[slice(*part["sentence_edges"][number : number + 2])]
            if len(own) != len(document.tokens) or len(bias) != len(document.sentences):
                logger.warning("%s, row %d: read otherwise than when labelled", path.name, row)
                continue
            for example in blanks(document, tokenizer):
                within = own[example.window.first : example.window.last]
                if not np.isnan(within[:, 0]).all():
                    examples.append(_soft_example(example, within, bias, document))
    return examples


def _soft_example(
    example: Example,
    within: NDArray[np.float32],
    bias: NDArray[np.float16],
    document: Document,
) -> Example:
    loaded = np.nan_to_num(within[:, 0] + within[:, 1])
    example.answers[:, 0] = 1 - loaded
    example.answers[:, 1:] = np.nan_to_num(within)
    everywhere = {"span", "attribution"}
    for at, (name, asked) in enumerate(QUESTIONS.items()):
        taught = ~np.isnan(within[:, max(asked.at - 1, 0)])
        example.weights[:, at] = taught * (1 if name in everywhere else loaded)
    sentences = document.token_sentence[example.window.first : example.window.last]
    example.bias[:] = bias[np.unique(sentences)]
    return example
