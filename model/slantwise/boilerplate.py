"""What stands in an article and is not of it: prompts, teasers, credits, dates.

Every rule looks at how a line is built, never at one site's very words, and takes
whole lines (or the label at the beginning of a caption). A line that reads as a
sentence of the report stays: losing a sentence is worse than scoring a prompt.
Lines are looked at once, with patterns that can't backtrack far, so the time grows
with the length of the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from re import Pattern, fullmatch
from typing import NamedTuple

from slantwise import boilerplate_patterns as patterns
from slantwise.boilerplate_signs import Signs, has_cue, is_buttons, is_date, may_fit, signs_of

_FEW_ICONS = 4  # fewer in a line are no run of them
_TITLE_DIFFERS = 20  # characters, at most, between a title and a copy that ends like a sentence


class _Line(NamedTuple):
    start: int  # of what is not white space
    end: int
    text: str

    @property
    def n_words(self) -> int:
        return len(self.text.split())

    @property
    def ends_sentence(self) -> bool:
        return self.text.rstrip(patterns.CLOSING)[-1:] in patterns.STOPS


def boilerplate(text: str, title: str = "") -> list[tuple[int, int]]:
    r"""Find the parts of an article to leave unscored.

    Parameters
    ----------
    text
        The article as read.
    title
        Its title, which is scored by itself: copies of it in the text are not.
        Without one, the first copy of a headline stays.

    Returns
    -------
    list of (int, int)
        Sorted, disjoint, half-open ranges of code points in `text`.

    Examples
    --------
    >>> boilerplate("Photo: Reuters\n\nThe storm reached the harbour.")
    [(0, 14)]
    """
    lines = list(_lines(text))
    marked: list[tuple[int, int]] = []
    repeated = _repeated(lines, title)
    signs = signs_of(text, [line[:2] for line in lines])
    icons = text.count("icon") >= _FEW_ICONS
    in_tail = False
    for number, line in enumerate(lines):
        if in_tail and not line.ends_sentence:
            end = line.end
        elif number in repeated:
            end = line.end
        else:
            if icons and _is_icon_run(line.text):
                end = line.end
            else:
                end = line.start + _prompt_length(line, number, signs)
            in_tail = end == line.end and _is_tail(line) and number > len(lines) // 2
            if in_tail:
                marked.extend(_teaser_before(lines, number))
        if end > line.start:
            marked.append((line.start, end))
    return sorted(set(marked))


def _lines(text: str) -> Iterator[_Line]:
    at = 0
    for line in text.replace("\r", "\n").split("\n"):
        words = line.strip()
        if words:
            start = at + len(line) - len(line.lstrip())
            yield _Line(start, start + len(words), words)
        at += len(line) + 1


def _repeated(lines: list[_Line], title: str) -> set[int]:
    """Return the lines that repeat the title, or a headline above them."""
    wanted = _normal(title)
    seen: set[str] = set()
    repeated = set()
    for number, line in enumerate(lines):
        if len(line.text) > patterns.LONGEST_HEADLINE:
            continue
        headline = _may_be_headline(line, number)
        if not headline and abs(len(line.text) - len(title)) > _TITLE_DIFFERS:
            continue
        normal = _normal(line.text)
        if wanted and (normal == wanted or _is_title_with_site(line.text, title)):
            repeated.add(number)
        elif headline and normal.count(" ") >= 3:
            if normal in seen:
                repeated.add(number)
            seen.add(normal)
    return repeated


def _may_be_headline(line: _Line, number: int) -> bool:
    """Whether a line has no full stop; one that asks or calls only near the top."""
    if not line.ends_sentence:
        return True
    return number < 6 and line.text[-1] in "?!"


def _normal(line: str) -> str:
    return " ".join(patterns.WORD.findall(line.casefold()))


def _is_title_with_site(line: str, title: str) -> bool:
    """Whether a line is the title and then the site: "Storm comes | Tidewater Post"."""
    rest = line.strip().removeprefix(title.strip())
    return rest != line.strip() and fullmatch(r"\s+[|\u2013—-](?:\s+\S+){1,4}", rest) is not None


def _prompt_length(line: _Line, number: int, signs: Signs) -> int:
    """Return how many characters from the beginning of a line are boilerplate."""
    text = line.text
    if len(text) > patterns.LONGEST or not may_fit(text, number, signs):
        return 0
    if len(text) > patterns.SHORT and not has_cue(text, number, signs):
        return 0
    label = patterns.CAPTION_LABEL.match(text)
    if label:
        caption = text[label.end() :].strip()
        return len(text) if not caption or patterns.CREDIT_ONLY.fullmatch(caption) else label.end()
    return len(text) if _is_furniture(line, number) else 0


def _is_icon_run(text: str) -> bool:
    """Whether a line strings the names of icons together, often without spaces."""
    if text.count("icon") < _FEW_ICONS:
        return False
    words = text.split()
    named = sum("icon" in word.lower() for word in words)
    return named >= _FEW_ICONS and 3 * named >= len(words)


def _is_furniture(line: _Line, number: int) -> bool:
    text, lower = line.text, line.text.lower()
    if not patterns.WORD.search(text):
        return False
    n_words = line.n_words
    if (
        is_buttons(text)
        or is_date(text)
        or _matches(text, patterns.MARKUP, patterns.COUNTS, patterns.PLAYER)
        or _holds(text, lower, patterns.PLAYER_WITHIN)
    ):
        return True
    at_top = number < patterns.TOP and n_words <= patterns.FEW
    if at_top and not line.ends_sentence and patterns.SECTION.fullmatch(text):
        return True
    if _matches(text, patterns.COPYRIGHT, patterns.STORY_NOTE, patterns.TAIL) or _holds(
        text, lower, patterns.COPYRIGHT_WITHIN
    ):
        return not _is_report(text)
    if n_words <= 60 and (
        patterns.PROMPT.fullmatch(text) or _holds(text, lower, patterns.PROMPT_WITHIN)
    ):
        return not _is_report(text)
    if _matches(text, patterns.TAIL_NOTE) or _holds(text, lower, patterns.TAIL_NOTE_WITHIN):
        return True
    if _is_byline(line):
        return True
    if patterns.TEASER.fullmatch(text):
        # A headline has no full stop, a sentence after "Watch:" has.
        return n_words <= 30 and not (n_words > 5 and text.endswith("."))
    if n_words <= 14 and patterns.CREDIT.fullmatch(text):
        return not (n_words > 7 and line.ends_sentence)
    return number < 4 and patterns.WIRE_SLUG.fullmatch(text) is not None


def _matches(text: str, *these: Pattern[str]) -> bool:
    for pattern in these:  # a loop, since it runs for every short line
        if pattern.fullmatch(text):
            return True
    return False


def _holds(text: str, lower: str, rules: Mapping[str, Pattern[str]]) -> bool:
    """Whether the line fits a pattern, each tried only where the line has its phrase."""
    for phrase, pattern in rules.items():
        if phrase in lower and pattern.fullmatch(text):
            return True
    return False


def _is_report(text: str) -> bool:
    """Whether somebody is quoted or said to say something, as in no prompt."""
    return patterns.SAYING.search(text) is not None or patterns.QUOTE_MARK.search(text) is not None


def _is_byline(line: _Line) -> bool:
    if patterns.NAMES.fullmatch(line.text):
        return not line.ends_sentence
    lower = line.text.lower()
    if " by " not in lower and "contribut" not in lower:
        return False
    credited = patterns.CREDITED.fullmatch(line.text)
    names = next(filter(None, credited.groups()), "") if credited else ""
    words = patterns.WORD.findall(names)
    return 0 < len(words) <= 40 and all(
        word[0].isupper() or word.isdigit() or word in patterns.BETWEEN_NAMES for word in words
    )


def _is_tail(line: _Line) -> bool:
    return patterns.TAIL.fullmatch(line.text) is not None


def _teaser_before(lines: list[_Line], tail: int) -> Iterator[tuple[int, int]]:
    """Yield the headline just above a list of other stories, after the last sentence."""
    if tail < 2:
        return
    line, above = lines[tail - 1], lines[tail - 2]
    if 4 <= line.n_words <= 20 and not line.ends_sentence and above.ends_sentence:
        yield line.start, line.end
