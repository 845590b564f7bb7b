"""Where the sentences of a news text begin and end.

Every line break ends a sentence, unless the text is hard-wrapped. Within a line
each stop (. ? ! …) is a candidate; `slantwise.punkt` says what its word suggests,
and rules of news text have the last word: quotation marks that close after the
stop, cues that follow them, titles and initials, list markers, capitals, and
missing spaces. Only the surroundings of candidates are looked at, each of them
over a bounded distance, so that time grows with the length of the text alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from slantwise.linewrap import unwrap
from slantwise.punkt import ANYWHERE_LOWER, load_punkt

_LINE_BREAKS = r"\n\r\v\f\x1c-\x1e\u2028\u2029"
_SPACES = r" \t\xa0\u2009\u200a\u202f"
# A stop with further stops ("?!", ". . .") and the marks and footnotes that close after it.
_CANDIDATE = re.compile(
    rf"""[.?!…{_LINE_BREAKS}]
    (?: (?<=[{_LINE_BREAKS}]) () \s*+
      | [.?!…]*+ (?:[{_SPACES}]\.(?!\w))*+
        (?: [)\]}}"'”’»] | [{_SPACES}][)\]}}"”’»](?=\s|\Z) | \[\d{{1,3}}\] )*+
        ([^\S{_LINE_BREAKS}]*+) ([{_LINE_BREAKS}]\s*+)?
    )""",
    re.VERBOSE,
)
_AT_BREAK, _AT_STOP = 1, 2  # the last group that matched; 3 is a stop before a line break

_STOPS = re.compile(rf"[.?!…]*+(?:[{_SPACES}]\.(?!\w))*+")
_NEXT = re.compile(rf"""[\"'“‘«(\[{{*•·—–\-{_SPACES}]*+(\w[\w.\-]*|\S)?""")
_LAST_WORD = re.compile(r"""[^\s()\[\]{}"'“”‘’«»;:*@?!,—–/]+$""")
_MARKER = re.compile(r"[^\w\s]*(?:\d{1,3}|[^\W\d_]|[ivx]{1,4})?[^\w\s]*", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+")
_CUE = re.compile(
    r"(?:[A-Z][\w.’'-]* ){1,4}"
    r"(?:said|says|asked|asks|added|adds|wrote|writes|tweeted|replied|shouted|yelled|exclaimed)\b"
)
_SPEAKER = re.compile(r"[A-Z]{2}[A-Z.’' ]*:")  # "REPORTER: …" in a transcript
_DOMAIN = re.compile(r"(?:Com|Org|Net|Gov|Edu|Co|Js)\b")

_GOES_ON = frozenset(",;:)]}”’…./%&?!")  # no sentence starts with one
_REACH = 60  # code points looked at before a stop for its word, or for the signs of an address
_LINE_REACH = 2000  # code points of the line in which quotation marks are paired

_TITLES = frozenset(
    """
    mr mrs ms mss messrs dr prof hon rev fr st ste gen col maj capt cmdr lt sgt cpl pvt adm brig
    sen sens rep reps gov govs pres amb atty supt det insp vs v mt ft
    """.split()
)
# Any other abbreviation without inner stops names something and is capitalised: "Mass.", "Wed."
_LOWER_CASE = frozenset("etc vs v approx dept corp inc ltd co bros ft llc plc".split())
_ADDRESSES = ("http", "www.", "pic.")  # a link after a sentence is not part of it
# Abbreviations before digits alone: "No. 10", "Prop. 4"
_NUMBER_SIGNS = frozenset("No no Nos nos Prop Props Art Vol Ch Fig Rte Apt pp".split())


def split_sentences(text: str, cuts: Sequence[int] = ()) -> NDArray[np.int32]:
    """Return where the sentences are, as code-point ranges of shape (n_sentences, 2).

    The ranges are sorted, disjoint, not empty and without white space at their
    ends; every visible character is in one.

    Parameters
    ----------
    text : str
    cuts : sequence of int
        Offsets at which a sentence must end, wherever they fall.

    Examples
    --------
    >>> text = "Gen. Dale left. “Why?” he asked."
    >>> [text[start:end] for start, end in split_sentences(text)]
    ['Gen. Dale left.', '“Why?” he asked.']
    """
    source = unwrap(text)
    size = len(source.rstrip())
    if not size:
        return np.empty((0, 2), dtype=np.int32)
    begin = len(source) - len(source.lstrip())
    bounds = [begin]
    for match in _CANDIDATE.finditer(source, begin, size):
        kind = match.lastindex
        if kind == _AT_STOP:
            stop = match.start()
            end, following = match.span(2)
            if following == size:
                break
            if (
                end - stop == 1
                and end < following
                and source[stop] == "."
                and source[following].isupper()
                and _settles(_run_before(source, begin, end))
            ):
                pass  # the common case: an ordinary word, a full stop, a space and a capital
            else:
                place = _boundary(source, begin, stop, end, following)
                if place is None:
                    continue
                end, following = place
        elif kind == _AT_BREAK:
            end, following = match.start(), match.end()
            if source[end - 1].isspace():
                end = begin + len(source[begin:end].rstrip())
        else:
            end, following = match.start(2), match.end()
        bounds += (end, following)
        begin = following
    bounds.append(size)
    return np.array(_cut(text, bounds, cuts) if cuts else bounds, dtype=np.int32).reshape(-1, 2)


def _boundary(text: str, begin: int, stop: int, end: int, following: int) -> tuple[int, int] | None:
    """Return where the sentence ends and the next one starts, None if it goes on.

    ``begin`` is where the sentence starts, ``stop`` its stop, ``end`` what closes after
    the stop, ``following`` the next visible character.
    """
    if end - begin < 10 and _MARKER.fullmatch(text, begin, end):
        return None
    stops = _STOPS.match(text, stop, end)
    marks_end = stops.end() if stops else end
    if following == end:
        return _unspaced(text, begin, stop, marks_end, end)
    word = _word_at(text, following)
    if not word or word in _GOES_ON:
        return None
    marks = text[stop:marks_end]
    asks = "?" in marks or "!" in marks
    closed = end > marks_end
    if closed and text[end - 1] == '"' and text[end - 2].isspace() and _opens(text, end - 1):
        following = end - 1
        end = marks_end
    if word.islower() and not word.startswith(_ADDRESSES):
        goes_on = asks or closed or marks != "." or _is_short(_run_before(text, begin, stop + 1))
        return None if goes_on else (end, following)
    if asks:
        goes_on = closed and _is_cue(text, following, word)
    elif _SPEAKER.match(text, following):
        goes_on = False
    elif marks == ".":
        run = _run_before(text, begin, stop + 1)
        dateline = text[following] in "—–-" and not _settles(run)  # "RENO, Nev. — At noon"
        goes_on = dateline or not _ends_sentence(run, word)
    else:
        # Four dots, or an ellipsis after a stop: the sentence before it has ended.
        dots = marks.count(".") + 3 * marks.count("…")
        ended = dots > 3 or text[max(begin, stop - 3) : stop].rstrip()[-1:] in (".", "?", "!")
        goes_on = not ended and not _begins_after_dots(word, text[stop - 1].isspace())
    return None if goes_on else (end, following)


def _unspaced(text: str, begin: int, stop: int, marks_end: int, end: int) -> tuple[int, int] | None:
    """Return the boundary at a stop without a space after it: "ended.The next", "ended.“The"."""
    if text[end] in "“‘([":
        start, first = end, end + 1
    elif marks_end < end and text[marks_end] in "\"'" and _opens(text, marks_end):
        start, first, end = marks_end, end, marks_end
    else:
        start = first = end
    word = text[first : first + 2]
    if not word[:1].isupper() or not (word[1:].islower() or word in ("I ", "A ", "I’", "I'")):
        return None
    run = _run_before(text, begin, stop + 1)
    if text[stop] == "…" or marks_end - stop > 2:
        return (end, start) if _begins(_word_at(text, first)) else None
    if not (text[stop - 2 : stop].isalpha() and text[stop - 1].islower() and _settles(run)):
        return None
    if any(sign in run[:-1] for sign in "./@_#=\\") or _DOMAIN.match(text, first):
        return None
    return end, start


def _word_at(text: str, start: int) -> str:
    """Return the first word from ``start`` on, behind marks that open; else the character there."""
    match = _NEXT.match(text, start)
    return match.group(1) or "" if match else ""


def _run_before(text: str, begin: int, end: int) -> str:
    """Return the last word before ``end`` with what is attached to it, cut to a bounded length."""
    first = max(begin, end - _REACH)
    return text[max(first, text.rfind(" ", first, end) + 1) : end]


@lru_cache(maxsize=1 << 15)
def _word_of(run: str) -> str:
    """Return the word before the stop, with the stop."""
    match = _LAST_WORD.search(run)
    return match.group() if match else run[-1:]


@lru_cache(maxsize=1 << 15)
def _settles(run: str) -> bool:
    """Return whether the word before the stop ends a sentence whatever follows."""
    word = _word_of(run)
    stem = word[:-1]
    if _INITIALS.fullmatch(word) or stem in _NUMBER_SIGNS:
        return False
    if stem.lower() in _TITLES and not stem.islower():
        return False
    if stem.islower() and "." not in stem and stem not in _LOWER_CASE and len(stem) > 1:
        return True
    return not load_punkt().depends(word)


def _ends_sentence(run: str, following: str) -> bool:
    """Return whether a sentence ends after a full stop, before a capital, number or mark."""
    if _settles(run):
        return True
    word = _word_of(run)
    stem = word[:-1].lower()
    if word[:-1] in _NUMBER_SIGNS:
        return not following[0].isdigit()
    if stem in _TITLES:
        return False
    if stem[-1:].isdigit():
        return True
    if _INITIALS.fullmatch(word) or (following.isupper() and len(following) > 1):
        return _begins(following)
    return load_punkt().breaks(word, following)


def _begins(word: str) -> bool:
    """Return whether the word begins a sentence more often than it is capitalised inside one."""
    punkt = load_punkt()
    kind = word.lower().removesuffix(".")
    if word[0].isupper() and kind in punkt.starters:
        return True
    return not (word.isupper() and len(word) > 1) and punkt.starts_sentence(word) is True


def _begins_after_dots(word: str, apart: bool) -> bool:
    """Return whether the word begins a sentence after an ellipsis, which stands apart or not."""
    punkt = load_punkt()
    common = punkt.case.get(word.lower(), 0) & ANYWHERE_LOWER
    return punkt.breaks("...", word) or bool(common and word[0].isupper() and not apart)


def _is_short(run: str) -> bool:
    """Return whether the word may be an unknown abbreviation, as lower case follows it."""
    return len(_word_of(run)) <= 4 or not _settles(run)


def _is_cue(text: str, start: int, word: str) -> bool:
    """Return whether a name and a verb of speech follow: “Why?” Ms. Dale asked."""
    named = word.lower() not in load_punkt().starters
    return named and _CUE.match(text, start) is not None


def _opens(text: str, at: int) -> bool:
    """Return whether the straight quotation mark at ``at`` opens, from those before it."""
    line = text[max(0, at - _LINE_REACH) : at]
    line = line[line.rfind("\n") + 1 :]
    if text[at] == '"':
        return line.count('"') % 2 == 0
    return not line.startswith("'") and " '" not in line


def _cut(text: str, bounds: list[int], cuts: Sequence[int]) -> list[int]:
    """Return the bounds with a further boundary at every cut inside a sentence."""
    ordered = sorted(set(cuts))
    parts: list[int] = []
    for begin, end in zip(bounds[::2], bounds[1::2], strict=True):
        for cut in ordered[bisect_right(ordered, begin) : bisect_left(ordered, end)]:
            if cut > begin:  # not in white space that the last one skipped
                parts += (begin, begin + len(text[begin:cut].rstrip()))
                begin = end - len(text[cut:end].lstrip())
        parts += (begin, end)
    return parts
