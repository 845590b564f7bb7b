"""Words that set an outlet apart from the others on the same matter.

Log odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008,
"Fightin' Words", section 3.3.3): the prior is all outlets' words together, so that a word
stands out by what is known of it and not by being rare. False discoveries among all words
of all outlets are held down after Benjamini and Hochberg (1995).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import erfc
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from slantwise.records import OWN_VOICES, VOICES
from slantwise.sketches import rarities, word_hashes
from slantwise.text import read_document
from slantwise.voice import find_voices

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "outlet", "word", "n", "n_others", "per_1000", "per_1000_others", "n_articles", "log_odds",
    "z", "p", "q",
)  # fmt: skip
FALSE_DISCOVERIES = 0.05
_PRIOR_WORDS = 500.0  # how many words' worth the prior counts
_LEAST = 3  # times a word must occur, in all outlets together
_COMMON = 0.4  # words with a lower rarity are common everywhere: "after", "more"
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_OWN = [VOICES.index(voice) for voice in OWN_VOICES]

Floats = NDArray[np.float64]


def own_words(text: str, title: str = "") -> Counter[str]:
    """Count the words of an article that are in the outlet's own voice.

    >>> sorted(own_words("The regime fell. “We won,” Odo Finch said."))
    ['fell', 'finch', 'odo', 'regime', 'said', 'the']
    """
    document = read_document(text, title)
    voices = find_voices(document)
    own = np.isin(voices.token_voice, _OWN) & document.scored
    words: Counter[str] = Counter()
    for at in np.flatnonzero(own).tolist():
        word = document.tokens.words[at]
        if _WORD.fullmatch(word) and len(word) > 1:
            words[word.lower()] += 1
    return words


def distinctive_words(
    counts: Sequence[Counter[str]],
    outlets: Sequence[str],
    *,
    false_discoveries: float = FALSE_DISCOVERIES,
) -> pd.DataFrame:
    """Find words that one outlet uses more than the others.

    Parameters
    ----------
    counts : sequence of Counter, the own-voice words of each article
    outlets : sequence of str, the outlet of each
    false_discoveries : share of the words returned that may be false, at most

    Returns
    -------
    DataFrame, one row a word and outlet, each outlet's strongest first: ``n`` and
    ``n_others`` times, ``per_1000`` and ``per_1000_others`` own-voice words,
    ``n_articles`` of the outlet that have it, ``log_odds`` (natural) beside the others,
    ``z``, two-sided ``p``, and ``q`` (adjusted for false discoveries)
    """
    import pandas as pd

    rows = list(_compared(counts, outlets))
    table = pd.DataFrame(rows, columns=list(COLUMNS[:-1]))
    table["q"] = adjusted(table["p"].to_numpy(float))
    table = table[(table["q"] <= false_discoveries) & (table["z"] > 0)]
    return table.sort_values(
        ["outlet", "z", "word"], ascending=[True, False, True], ignore_index=True
    )


def _compared(
    counts: Sequence[Counter[str]], outlets: Sequence[str]
) -> Iterator[tuple[object, ...]]:
    names = sorted(set(outlets))
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    words = sorted(word for word, n in total.items() if n >= _LEAST)
    if len(names) < 2 or not words:
        return
    everything = float(total.total())
    prior = np.array([total[word] for word in words]) / everything * _PRIOR_WORDS
    rare = rarities().words.of(word_hashes(words)) >= _COMMON
    overall = np.array([total[word] for word in words], float)
    for name in names:
        here = [one for one, outlet in zip(counts, outlets, strict=True) if outlet == name]
        own = np.array([sum(one[word] for one in here) for word in words], float)
        size = float(sum(one.total() for one in here))
        z, delta = log_odds_z(own, size, overall - own, everything - size, prior)
        for at in np.flatnonzero(rare).tolist():
            yield (
                name, words[at], int(own[at]), int(overall[at] - own[at]),
                1000 * own[at] / size if size else 0.0,
                1000 * (overall[at] - own[at]) / (everything - size) if everything > size else 0.0,
                sum(words[at] in one for one in here), delta[at], z[at],
                erfc(abs(z[at]) / 2**0.5),
            )  # fmt: skip


def log_odds_z(
    own: Floats, own_size: float, other: Floats, other_size: float, prior: Floats
) -> tuple[Floats, Floats]:
    """Return z-scores and log odds of words between two samples.

    Equations 16 and 20 to 22 of Monroe, Colaresi and Quinn (2008).

    Parameters
    ----------
    own, other : ndarray of shape (n_words,), counts
    own_size, other_size : all words of each sample
    prior : ndarray of shape (n_words,), pseudo-counts
    """
    strength = _PRIOR_WORDS
    a, b = own + prior, other + prior
    delta = np.log(a / (own_size + strength - a)) - np.log(b / (other_size + strength - b))
    return delta / np.sqrt(1 / a + 1 / b), delta


def adjusted(p: Floats) -> Floats:
    """Adjust p-values for false discoveries (Benjamini and Hochberg 1995).

    >>> adjusted(np.array([0.01, 0.04, 0.03, 0.5])).round(3).tolist()
    [0.04, 0.053, 0.053, 0.5]
    """
    n = len(p)
    order = np.argsort(p, kind="stable")
    scaled = p[order] * n / np.arange(1, n + 1)
    result = np.empty(n)
    result[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return result
