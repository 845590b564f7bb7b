"""Which articles are another outlet's text: wire copy and near-duplicates.

A newspaper that prints a wire report prints the agency's words. Texts are compared by
their shingles (Broder 1997): every run of six words is looked up, and the earliest
article that has it is taken for its source, so that the work grows with the number of
shingles and never with the number of pairs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slantwise.sketches import Sketch

LEAST_SHARE = 0.5  # of an article's text that is another's
_LEAST_SHINGLES = 4  # kept of a text, some twenty words: a shorter one may be a coincidence
_AGENCY = re.compile(
    r"\b(?:AFP|Agence France-Presse|AP|Associated Press|Reuters|UPI|DPA|EFE|ANSA|PTI|Xinhua|TASS|"
    r"Bloomberg|\w*wire|wire|newswire|news agency|news service|press association)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Copy:
    """An article whose text is mostly that of another."""

    article: int
    source: int
    share: float  # of its text that the other has too


def find_copies(sketches: Sequence[Sketch], outlets: Sequence[str]) -> list[Copy]:
    """Find articles that mostly repeat an earlier one of another outlet.

    Of articles of one day, an agency's counts as the earlier. An outlet that prints its
    own words again copies nobody.

    Parameters
    ----------
    sketches : sequence of Sketch
    outlets : sequence of str, "" where not known

    Returns
    -------
    list of Copy, by article; a source is itself no copy
    """
    order = _by_time(sketches, outlets)
    lengths = np.array([len(sketches[at].shingles) for at in order], np.int64)
    if not lengths.sum():
        return []
    hashes = np.concatenate([sketches[at].shingles for at in order])
    holder = np.repeat(np.arange(len(order)), lengths)  # a place in the order of time
    names = np.unique(np.array(outlets, dtype=np.str_)[order], return_inverse=True)
    unnamed = names[0][names[1]] == ""
    # Each nameless outlet is one of its own.
    outlet = np.where(unnamed, len(names[0]) + np.arange(len(order)), names[1])
    copier, source = _sources(hashes, holder, outlet)
    pairs, shared = np.unique(copier * len(order) + source, return_counts=True)
    copier, source = np.divmod(pairs, len(order))
    share = shared / lengths[copier]
    found: dict[int, Copy] = {}
    for at in np.lexsort((source, -share, copier)).tolist():
        one, other = int(copier[at]), int(source[at])
        if share[at] < LEAST_SHARE or lengths[one] < _LEAST_SHINGLES or one in found:
            continue
        while other in found:  # the source of its source
            other = found[other].source
        if outlet[other] != outlet[one]:
            found[one] = Copy(one, other, float(share[at]))
    copies = [Copy(order[one.article], order[one.source], one.share) for one in found.values()]
    return sorted(copies, key=lambda one: one.article)


def _by_time(sketches: Sequence[Sketch], outlets: Sequence[str]) -> list[int]:
    """Order articles by day, agencies first, undated ones last."""
    agency = {name: _AGENCY.search(name) is not None for name in set(outlets)}

    def place(at: int) -> tuple[bool, int, bool, int, str]:
        one = sketches[at]
        return one.day < 0, one.day, not agency[outlets[at]], -len(one.shingles), one.key

    return sorted(range(len(sketches)), key=place)


def _sources(
    hashes: NDArray[np.uint64], holder: NDArray[np.int64], outlet: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return who holds a shingle and who of another outlet held it first, one row a shingle."""
    sorting = np.lexsort((holder, hashes))
    hashes, holder = hashes[sorting], holder[sorting]
    begins = np.flatnonzero(np.r_[True, hashes[1:] != hashes[:-1]])
    sizes = np.diff(np.r_[begins, len(hashes)])
    first = holder[begins]
    mine = outlet[holder]
    # The first holder of another outlet than the first's serves that outlet's own copies.
    foreign = mine != np.repeat(outlet[first], sizes)
    place = np.where(foreign, np.arange(len(hashes)), len(hashes))
    second_at = np.minimum.reduceat(place, begins)
    second = np.where(second_at < len(hashes), holder[np.minimum(second_at, len(hashes) - 1)], -1)
    source = np.where(foreign, np.repeat(first, sizes), np.repeat(second, sizes))
    known = (source >= 0) & (source < holder)
    return holder[known], source[known]
