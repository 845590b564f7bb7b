"""The decision of Punkt: nltk's, from the same parameters."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slantwise.punkt import load_punkt

nltk_punkt = pytest.importorskip("nltk.tokenize.punkt")

CORPUS = Path(__file__).parents[2] / "shared" / "corpora" / "allsides_articles.parquet"

TEXTS = [
    "Mr. Vale met Gen. Dale at 5 p.m. on Monday. The talks in the U.S. failed. He left.",
    "In the U.S. The next day, in the U.N. It rained. He and J. K. Orr left at 9 a.m. They ate.",
    "What?! Nobody came... The end. Well ... maybe. A. B. Vale was No. 5. In 2016. He said 7. a",
    "D-Calif. Rep. Pell (R-Ky.) said: “Stop!” He did. v. X vs. Y, etc. The rest, i.e. all.",
    "THE U.S. NAVY LEFT. MR. VALE STAYED. Ph.D. students vs. Prof. Orr. Jan. 5. jan. Feb. The",
    "one. two. three. Four.Five... six .. seven . eight ? nine ! -5. 3.5. 1,000. .5. (a.) [b.]",
]
WORDS = (
    "the The he He in In U.S. u.s. U.N. Mr. Gen. J. K. w. Bush Army army officials Officials "
    "Monday p.m. a.m. etc. D-Calif. 2016. 5. -3. 3.5 No. ... .. . ? ! , ; : said attorney It it. "
    "v. X. ##number## A.B. Ph.D. İ. ß. _. Dr Jan. iPhone. don't. “Why Police"
).split()


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    """nltk's tokeniser, filled with the embedded parameters."""
    punkt = load_punkt()
    parameters = nltk_punkt.PunktParameters()
    parameters.abbrev_types = set(punkt.abbreviations)
    parameters.sent_starters = set(punkt.starters)
    parameters.collocations = set(punkt.collocations)
    parameters.ortho_context = defaultdict(int, punkt.case)
    return nltk_punkt.PunktSentenceTokenizer(parameters)


def grouped(words: list[str]) -> list[list[str]]:
    """Group words into sentences by our decision."""
    punkt = load_punkt()
    groups: list[list[str]] = [[]]
    for word, following in pairwise([*words, ""]):
        groups[-1].append(word)
        if following and punkt.breaks(word, following):
            groups.append([])
    return groups


def words_of(text: str) -> list[str]:
    words: list[str] = nltk_punkt.PunktLanguageVars().word_tokenize(text)
    return words


@pytest.mark.parametrize("text", TEXTS)
def test_written_texts_are_decided_like_nltk(tokenizer: Any, text: str) -> None:
    words = words_of(text)
    assert grouped(words) == list(tokenizer.sentences_from_tokens(words))


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12))
def test_any_order_of_hard_words_is_decided_like_nltk(tokenizer: Any, words: list[str]) -> None:
    assert grouped(words) == list(tokenizer.sentences_from_tokens(words))


@given(st.text(max_size=120))
def test_any_text_is_decided_like_nltk(tokenizer: Any, text: str) -> None:
    words = words_of(text)
    expected = list(tokenizer.sentences_from_tokens(words))
    assert (grouped(words) if words else []) == expected


def test_articles_are_decided_like_nltk(tokenizer: Any) -> None:
    if not CORPUS.exists():
        pytest.skip("needs the corpora, which are not part of the repository")
    for text in real_articles(40):
        words = words_of(text)
        assert grouped(words) == list(tokenizer.sentences_from_tokens(words))


def real_articles(n_articles: int) -> Iterator[str]:
    import pyarrow.parquet as pq

    batch = next(pq.ParquetFile(CORPUS).iter_batches(n_articles, columns=["text"]))
    yield from batch.column("text").to_pylist()


@given(st.sampled_from(WORDS), st.sampled_from(WORDS), st.sampled_from(WORDS))
def test_what_does_not_depend_on_the_next_word_does_not(word: str, one: str, other: str) -> None:
    punkt = load_punkt()
    if word.endswith(".") and not punkt.depends(word):
        assert punkt.breaks(word, one)
        assert punkt.breaks(word, other)


def test_the_parameters_are_plain_small_data() -> None:
    from slantwise import punkt

    file = Path(punkt.__file__).parent / "data" / "punkt.json"
    assert file.stat().st_size < 400_000
    data = json.loads(file.read_text(encoding="utf-8"))
    assert sorted(data) == ["abbreviations", "case", "collocations", "starters"]
    assert {"mr", "gen", "u.s", "a.m", "jan", "vs"} <= set(data["abbreviations"])


HARBOUR = """\
The zbk. Vale left the harbour. Rain fell on zbk. Orr and his boat. They went home.
Nobody saw zbk. Dale again. The harbour is far from the sea. They sold the boat at sea.
"""


def test_training_learns_abbreviations_and_starters(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from slantwise.training.punkt import main

    articles = {
        "text": [HARBOUR] * 30 + ["The qvx. Vale left."] * 30,
        "measured": [False] * 30 + [True] * 30,
    }
    pq.write_table(pa.table(articles), tmp_path / "articles.parquet")
    output = tmp_path / "punkt.json"
    main(["--data", str(tmp_path / "articles.parquet"), "--output", str(output)])
    learned = json.loads(output.read_text(encoding="utf-8"))
    assert {"zbk", "mr"} <= set(learned["abbreviations"])
    assert "qvx" not in learned["abbreviations"]  # an article held back for measuring
    assert any("harbour" in words.split() for words in learned["case"].values())
