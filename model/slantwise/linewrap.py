"""Hard-wrapped text: lines broken at a fixed width in the middle of a sentence."""

from __future__ import annotations

import re

MAX_WIDTH = 100  # a wrapped line is not longer; news paragraphs mostly are
MIN_WIDTH = 45
_MARKED = re.compile(r"\s*(?:[•·*–—-]\s|\(?\d{1,3}[.)]\s)")


def unwrap(text: str) -> str:
    """Return the text with a space for each line break that only keeps the lines short.

    A break is forced when the next word would not have fitted in the width that
    the lines share. A text counts as wrapped when most of its breaks inside
    paragraphs are forced and several go on in lower case without a stop. Offsets
    stay as they are.
    """
    lines = text.split("\n")
    lengths = [len(line) for line in lines]
    filled = sum(1 for length in lengths if length > 1)
    if 2 * sum(1 for length in lengths if MIN_WIDTH <= length <= MAX_WIDTH) < filled or filled < 3:
        return text
    inside = [
        (row, words[0])
        for row, line in enumerate(lines[:-1])
        if line.strip() and (words := lines[row + 1].split(None, 1))
    ]
    widths = sorted(lengths[row] for row, _ in inside if lengths[row] <= MAX_WIDTH)
    if not widths or widths[-1] < MIN_WIDTH:
        return text
    width = widths[int(0.95 * (len(widths) - 1))]
    forced = [
        row
        for row, first in inside
        if 0.6 * width <= lengths[row] <= MAX_WIDTH
        and len(lines[row].rstrip()) + 1 + len(first) > width
        and not _MARKED.match(lines[row + 1])
    ]
    going_on = sum(
        lines[row].rstrip()[-1] not in '.?!:…”"' and lines[row + 1].lstrip()[0].islower()
        for row in forced
    )
    if going_on < 2 or 4 * len(forced) < 3 * len(inside):
        return text
    soft = set(forced)
    return "".join(line + (" " if row in soft else "\n") for row, line in enumerate(lines))[:-1]
