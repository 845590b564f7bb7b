"""Learning abbreviations, sentence starters and word case for the sentence splitter.

The method is Punkt (Kiss & Strunk 2006, Computational Linguistics 32), as nltk
implements it. The parameters are written as plain data; `slantwise.sentences`
applies them without nltk:

    python -m slantwise.training.punkt --data articles.parquet --output punkt.json
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
from nltk.tokenize.punkt import PunktParameters, PunktTrainer

MIN_COUNT = 5  # rarer abbreviations and collocations are mostly accidents
MIN_CASE_COUNT = 12  # of a word whose case is kept
MIN_LOWER_SHARE = 0.05  # of a sentence starter's occurrences: fewer have names and user names
MIN_FLAG_SHARE = 0.02  # of a word's occurrences: rarer cases come from headlines and typing errors

# Abbreviations of English news, whether or not the sample has enough of them.
KNOWN_ABBREVIATIONS = frozenset(
    """
    a.m p.m e.g i.e etc vs v approx dept inc corp co ltd llc bros plc
    mr mrs ms messrs dr prof hon rev fr sr jr st ste mt ft esq ph.d m.d b.a m.a d.d.s
    gen col maj capt cmdr lt sgt cpl pvt adm brig sen sens rep reps gov govs pres amb atty supt
    det insp sec asst assn bldg
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri
    ave blvd rd hwy ala ariz ark calif colo conn del fla ga ill ind kan kans ky la mass md mich
    minn miss mo mont n.c n.d n.h n.j n.m n.y neb nev okla ore pa r.i s.c s.d tenn tex va vt wash
    w.va wis wyo d.c u.s u.n u.k e.u u.s.a u.a.e u.s.s.r l.a
    """.split()
)

# Opening marks are set apart from the word after them, as the splitter does.
_APART = str.maketrans({"“": '"', "”": '"', "‘": '"', "’": "'", "—": " -- ", "–": " -- "})
_MIDDLE_LOWER = 1 << 5  # Punkt's flag of a word that was lower-case inside a sentence


class _Abbreviations(set[str]):
    """A set that keeps the known ones: a few "U.S" would otherwise outweigh every "U.S."."""

    def remove(self, word: str) -> None:
        if word not in KNOWN_ABBREVIATIONS:
            super().remove(word)


class _CountedParameters(PunktParameters):
    """Parameters that count how often each word was seen in each case."""

    def __init__(self) -> None:
        super().__init__()
        self.abbrev_types = _Abbreviations(KNOWN_ABBREVIATIONS)
        self.seen: defaultdict[str, Counter[int]] = defaultdict(Counter)

    def add_ortho_context(self, typ: str, flag: int) -> None:
        super().add_ortho_context(typ, flag)
        self.seen[typ][flag] += 1


class _CountingTrainer(PunktTrainer):
    """A trainer whose counts can be read."""

    def __init__(self) -> None:
        super().__init__()
        self._params = self.parameters = _CountedParameters()

    def count(self, word: str) -> int:
        """Return how often the word was seen, with a full stop or without."""
        return int(self._type_fdist[word] + self._type_fdist[word + "."])

    def is_frequent_abbreviation(self, word: str) -> bool:
        """Return whether the abbreviation is worth keeping; an initial is decided in context."""
        frequent = len(word) > 1 and word[0].isalpha() and self._type_fdist[word + "."] >= MIN_COUNT
        return frequent or word in KNOWN_ABBREVIATIONS

    def count_pair(self, pair: tuple[str, str]) -> int:
        """Return how often the second word followed the first and its full stop."""
        return int(self._collocation_fdist[pair])


def learn(texts: Iterator[str]) -> dict[str, Any]:
    """Learn the parameters from large pieces of text.

    Returns
    -------
    dict
        ``abbreviations``, ``starters`` (lower-case words), ``collocations``
        (pairs) and ``case`` (words by the sum of their orthographic flags).
    """
    trainer = _CountingTrainer()
    for text in texts:
        trainer.train(text.translate(_APART), finalize=False)
    trainer.finalize_training()
    learned = trainer.parameters
    case: defaultdict[int, list[str]] = defaultdict(list)
    for word, counts in sorted(learned.seen.items()):
        flags = _steady_flags(counts)
        # A word that is never in lower case is decided like an unknown one; those in
        # lower case at a beginning alone are user names.
        if flags & _MIDDLE_LOWER and trainer.count(word) >= MIN_CASE_COUNT:
            case[flags].append(word)
    return {
        "abbreviations": sorted(filter(trainer.is_frequent_abbreviation, learned.abbrev_types)),
        "starters": sorted(
            word
            for word in learned.sent_starters
            if word == "i"
            or (word.isalpha() and _lower_share(learned.seen[word]) > MIN_LOWER_SHARE)
        ),
        # Numbers are left out: the names of photographers after a date.
        "collocations": sorted(
            [first, second]
            for first, second in learned.collocations
            if first.isalpha() and trainer.count_pair((first, second)) >= MIN_COUNT
        ),
        "case": {str(flags): " ".join(words) for flags, words in sorted(case.items())},
    }


def _lower_share(counts: Counter[int]) -> float:
    return counts[_MIDDLE_LOWER] / max(counts.total(), 1)


def _steady_flags(counts: Counter[int]) -> int:
    floor = MIN_FLAG_SHARE * counts.total()
    return sum(flag for flag, count in counts.items() if count >= floor)


def read_sample(path: Path, n_articles: int, seed: int, chunk: int = 250) -> Iterator[str]:
    """Yield ``n_articles`` random articles, ``chunk`` at a time, none held back for measuring."""
    table = pq.read_table(path)
    if "measured" in table.column_names:
        table = table.filter(pc.invert(table["measured"]))
    rows = np.random.default_rng(seed).permutation(len(table))[:n_articles]
    texts = table["text"].take(rows)
    for first in range(0, len(texts), chunk):
        yield "\n\n".join(text for text in texts[first : first + chunk].to_pylist() if text)


def main(arguments: list[str] | None = None) -> None:
    """Learn from a Parquet file of articles and write the parameters."""
    parser = argparse.ArgumentParser(prog="python -m slantwise.training.punkt")
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        help="Parquet file with a column text, or the folder with allsides_articles.parquet",
    )
    parser.add_argument("--output", type=Path, required=True, help="JSON file to write")
    parser.add_argument("--articles", type=int, default=5000, help="how many to learn from")
    parser.add_argument("--seed", type=int, default=0, help="of the random choice")
    given = parser.parse_args(arguments)
    source = given.data / "allsides_articles.parquet" if given.data.is_dir() else given.data
    learned = learn(read_sample(source, given.articles, given.seed))
    given.output.write_text(
        json.dumps(learned, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
