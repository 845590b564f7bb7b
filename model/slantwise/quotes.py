"""Which words stand between quotation marks.

Every style met in news is read: straight and curly, double and single,
guillemets and low marks, nested marks, passages over several paragraphs, and
passages of which one mark is missing. Apostrophes, decades, feet and inches
are no quotation marks. Whatever the input, the result is ordered and inside
the text, and the time linear in its length.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_MARKS = "\"“”„‟«»＂‘’‚‛'‹›"
_ANY = re.compile(rf"[{_MARKS}]|``")
# A line break, a row of marks, a pair, a mark; an apostrophe inside a word is passed over.
# One set of characters comes first, for which an expression is sought much faster.
_MARK = re.compile(
    rf"""[\n`{_MARKS}](?!(?<=[^\W_]['’])[^\W_])
    (?: (?<=\n)\s*+ | (?<=`)` | (?<=[{_MARKS}])[{_MARKS}]{{4,}} | (?<=')' | (?<=[{_MARKS}]) )""",
    re.VERBOSE,
)
_HIGH_DOUBLE = '"＂‟'
_DOUBLE = frozenset('"“”„‟«»＂') | {"``", "''", "‘‘", "’’"}
_FEET_INCHES = re.compile(r"\d\s?['’′]\s?\d{1,2}(?:½|¼|¾)?\s?\Z")
_FEET_REACH = 8  # code points that it looks back
_ELISION = re.compile(
    r"['’‘](?:\d\ds?\b|(?:em|til|tis|twas|cause|bout|round|nuff|im|er|ve|re|ll)\b(?!['’])|n\b)",
    re.I,
)
_OPENING_BEFORE = frozenset("([{—–-/“‘\"'„«‹¿¡")
_CLOSING_AFTER = frozenset(")]}—–-/.,;:!?…”’\"'»›")
_MAX_LINES_CROSSED = 4  # a quotation that nobody closes must not swallow the article
_MAX_CHARS_CROSSED = 2_000


class QuotedPassage(NamedTuple):
    """Words between marks; offsets exclude the marks and surrounding blanks."""

    start: int
    end: int
    nested: bool = False  # inside another quoted passage
    closed: bool = True  # false where the closing mark is missing or stands paragraphs later
    opened: bool = True  # false where the opening mark is missing


def find_quoted(text: str) -> list[QuotedPassage]:
    """Return the quoted passages of a text, by start, an outer one before its inner ones.

    >>> [text[p.start : p.end] for text in ['The "deal" is off.'] for p in find_quoted(text)]
    ['deal']
    """
    if not _ANY.search(text):
        return []
    doubles, singles = _marks(text)
    passages = _pair_doubles(text, doubles) if doubles else []
    if singles:
        passages = _merge(passages, _pair_singles(text, singles))
    return passages


# A mark: its offset, its width, its role ("open", "close", "either", "line"), its character.
_Mark = tuple[int, int, str, str]


def _marks(text: str) -> tuple[list[_Mark], list[_Mark]]:
    doubles: list[_Mark] = []
    singles: list[_Mark] = []
    found_double = found_single = False
    size = len(text)
    for match in _MARK.finditer(text):
        start, end = match.span()
        mark = text[start]
        if mark == "\n":
            line = (start, end - start, "line", "\n")
            doubles.append(line)
            singles.append(line)
            continue
        if end - start > 2:  # a row of marks is an ornament
            continue
        before = text[start - 1] if start else "\n"
        after = text[end] if end < size else "\n"
        if end - start == 2:
            mark += mark
        if mark in _DOUBLE:
            if not _ends_inches(text, start, before):
                doubles.append((start, end - start, _double_role(mark, before, after), mark))
                found_double = True
        else:
            role = _single_role(text, start, mark, before, after)
            if role:
                singles.append((start, 1, role, mark))
                found_single = True
    return (doubles if found_double else []), (singles if found_single else [])


def _ends_inches(text: str, mark: int, before: str) -> bool:
    """Whether a mark stands for inches behind feet: 5'11"."""
    if before.isspace():
        before = text[mark - 2 : mark - 1]
    if not (before.isdigit() or before in "½¼¾"):
        return False
    return _FEET_INCHES.search(text, max(0, mark - _FEET_REACH), mark) is not None


@lru_cache(maxsize=4096)
def _double_role(mark: str, before: str, after: str) -> str:
    blank_before, blank_after = before.isspace(), after.isspace()
    starts = (blank_before or before in _OPENING_BEFORE) and not blank_after
    ends = not blank_before and (blank_after or after in _CLOSING_AFTER)
    if mark in ("„", "``", "‘‘"):
        return "open"
    if mark == "“":
        # German closes with this mark: a word before it and none after it.
        return "close" if ends and not starts and before not in _OPENING_BEFORE else "open"
    if mark in ("”", "''", "’’"):
        # Some desks open and close with the same two: ''We go,'' she said.
        return "open" if starts and blank_before and mark != "’’" else "close"
    if mark == "«":
        return "close" if ends and not starts else "open"
    if mark == "»":
        return "open" if starts and blank_before and after.isalnum() else "close"
    if before == "\n":
        return "open"
    if after == "\n":
        return "close"
    if starts and not ends:
        return "open"
    if ends and not starts:
        return "inch" if before.isdigit() else "close"
    return "either"


def _single_role(text: str, start: int, mark: str, before: str, after: str) -> str:
    if mark in "‚‹":
        return "open"
    if mark == "›":
        return "close"
    if before.isalnum() and after.isalnum():
        return ""
    if mark in "‘‛'" and not before.isalnum() and not after.isspace():
        if before.isspace() or before in _OPENING_BEFORE:
            if after.isalnum() or after in '“"[($£€':
                return "" if _ELISION.match(text, start) else "open"
    if mark in "’'" and not before.isspace() and not after.isalnum():
        return "close"
    return ""


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _pair_doubles(text: str, marks: list[_Mark]) -> list[QuotedPassage]:
    found: list[QuotedPassage] = []
    stack: list[int] = []  # where the content of each open passage starts
    seen_in_line = False
    line_start, lines_crossed = 0, 0
    first_inner = 0  # the first opening mark inside the outermost open passage

    def emit(start: int, end: int, nested: bool, closed: bool = True, opened: bool = True) -> None:
        start, end = _trimmed(text, start, end)
        if start < end:
            found.append(QuotedPassage(start, end, nested, closed, opened))

    for index, (at, width, role, _) in enumerate(marks):
        if role == "line":
            if stack and not _closes_later(marks, index, stack[0]):
                outer = stack[0]
                reopened = index + 1 < len(marks) and marks[index + 1][2] in ("open", "either")
                reopened = reopened and marks[index + 1][0] == at + width
                if first_inner and not reopened:
                    # The first mark was never closed: what follows it reopened is a passage apart.
                    _unnest(found, first_inner)
                    emit(outer, first_inner, False, closed=False)
                    if len(stack) > 1:
                        emit(stack[-1], at, False, closed=False)
                else:
                    emit(outer, at, False, closed=False)
                stack.clear()
            elif stack:
                lines_crossed += 1
            if not stack:
                lines_crossed = 0
            seen_in_line = bool(stack)
            line_start = at + width
            continue
        if role == "either":
            role = "close" if stack else "open"
        elif role == "inch":
            if not stack:
                continue
            role = "close"
        if role == "open":
            if len(stack) == 1:
                first_inner = at
            elif not stack:
                first_inner = 0
            if len(stack) < 2:
                stack.append(at + width)
        elif stack:
            emit(stack.pop(), at, bool(stack))
        elif not seen_in_line:
            emit(line_start, at, False, opened=False)
        seen_in_line = True
    if stack:
        if first_inner:
            _unnest(found, first_inner)
            emit(stack[0], first_inner, False, closed=False)
            if len(stack) > 1:
                emit(stack[-1], len(text), False, closed=False)
        else:
            emit(stack[0], len(text), False, closed=False)
    found.sort(key=lambda passage: (passage.start, -passage.end))
    return found


def _unnest(found: list[QuotedPassage], since: int) -> None:
    """Passages taken for nested, at the end of what was found, stand on their own after all."""
    for at in range(len(found) - 1, -1, -1):
        if found[at].start < since:
            return
        found[at] = QuotedPassage(found[at].start, found[at].end, False, found[at].closed)


def _closes_later(marks: list[_Mark], line: int, opened_at: int) -> bool:
    """Whether the next mark after this line break, not far away, is a closing one."""
    lines = 0
    for at, _, role, _ in marks[line : line + _MAX_LINES_CROSSED + 1]:
        if role == "line":
            lines += 1
            continue
        return role == "close" and at - opened_at < _MAX_CHARS_CROSSED
    return False


def _pair_singles(text: str, marks: list[_Mark]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    opened = -1
    possessive = -1  # a mark that may close, or be the apostrophe of a plural
    size = len(text)
    for at, width, role, mark in marks:
        if role == "close":
            if opened < 0:
                continue
            before, after = text[at - 1], text[at + 2 : at + 3]
            plural = before in "sS" and text[at + 1 : at + 2] == " " and after.isalpha()
            if not plural or mark == "›":
                found.append((opened, at))
                opened, possessive = -1, -1
            elif possessive < 0:
                possessive = at
            continue
        if opened >= 0 and possessive >= 0:
            found.append((opened, possessive))
        opened, possessive = (-1, -1) if role == "line" else (at + width, -1)
    if opened >= 0 and possessive >= 0:
        found.append((opened, min(possessive, size)))
    trimmed = [_trimmed(text, start, end) for start, end in found]
    return [(start, end) for start, end in trimmed if start < end]


def _merge(doubles: list[QuotedPassage], singles: list[tuple[int, int]]) -> list[QuotedPassage]:
    """Put both kinds in one order; a single passage that crosses a double one is dropped."""
    merged: list[QuotedPassage] = []
    at = 0
    outer: QuotedPassage | None = None
    for start, end in singles:
        while at < len(doubles) and doubles[at].start <= start:
            if not doubles[at].nested:
                outer = doubles[at]
            merged.append(doubles[at])
            at += 1
        if outer is not None and start < outer.end:
            if end <= outer.end:
                merged.append(QuotedPassage(start, end, nested=True))
            continue
        inner = at
        crossed = False
        while inner < len(doubles) and doubles[inner].start < end:
            crossed |= doubles[inner].end > end or not doubles[inner].closed
            inner += 1
        if crossed:
            continue
        merged.append(QuotedPassage(start, end))
        for passage in doubles[at:inner]:
            merged.append(QuotedPassage(passage.start, passage.end, nested=True))
        at = inner
    merged.extend(doubles[at:])
    merged.sort(key=lambda passage: (passage.start, -passage.end))
    return merged
