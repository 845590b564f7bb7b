"""Where reported words begin and end inside a sentence, around a cue.

Works in tokens, on one sentence at a time and only near its cues.
"""

from __future__ import annotations

from typing import NamedTuple

from slantwise.cues import cue_book
from slantwise.sources import Range, is_adverb, is_finite

BOOK = cue_book()
WORDS = BOOK.words  # the closed classes
QUOTES = frozenset('“”"‘«»„')
DASHES = frozenset("—–")
_ANY_DASH = DASHES | {"-"}
BE = frozenset("is are was were be been being 's".split())
CLAUSAL = frozenset({"say", "claim", "think"})
AUTHOR = frozenset({"i", "we", "you", "me", "us"})
_SUBORDINATE = frozenset("when after if because once while although though before".split())
_RESUMING = frozenset({"according", "which", "although", "though", "whereas", "while", "even"})
_BREAKS = frozenset((",", ";", "while", "whereas", "although"))  # where reported words may end
_SUBJECTS = frozenset("he she they it we there".split())
_LINKING = frozenset("and or but that which who if , not to".split())
FINITE = frozenset(
    "is are was were has have had do does did "
    "will would can could may might must shall should".split()
)


class Said(NamedTuple):
    """One cue at work; ranges are half-open token indices."""

    cue: Range
    kind: str  # class of the cue
    source: Range | None
    content: tuple[Range, ...]  # what is reported without quotation marks, may be empty
    place: str  # where the words stand: "after" or "before" the cue, "both", "none"


class Sentence(NamedTuple):
    """A sentence to read: tokens ``first`` to ``end``; ``quoted`` flags tokens between marks."""

    words: list[str]
    lower: list[str]
    quoted: bytearray
    first: int
    end: int


def is_clause(sentence: Sentence, at: int) -> bool:
    """Whether a clause of its own begins: "that …", "he is …", "Turkey would …"."""
    words, lower, end = sentence.words, sentence.lower, sentence.end
    if at >= end:
        return False
    if lower[at] == "that" or lower[at - 1] == "that":
        return True
    if lower[at] in _SUBJECTS:
        return True
    if lower[at] in WORDS["prepositions"] or lower[at] in ("to", "and", "or"):
        return False
    for k in range(at, min(end, at + 12)):
        if sentence.quoted[k] or words[k] in ",;:—–":
            return False
        if lower[k] in FINITE or (k > at and lower[k] in ("s", "re", "ll", "d", "t")):
            if lower[k] != "s" or lower[k - 2] in ("he", "she", "it", "that", "there", "who"):
                return True
        if k > at and words[at][:1].isupper() and lower[k].endswith("ed") and k - at < 6:
            return True
        if lower[k] in ("who", "which", "to", "of") and k - at > 6:
            return False
    return False


def _speaks_again(sentence: Sentence, at: int, end: int) -> bool:
    """Whether "but" opens a clause of the outlet's: no "but that …", "but would …", "but many"."""
    words, lower = sentence.words, sentence.lower
    if lower[at] in FINITE or lower[at] in ("that", "also", "not", "only", "rather"):
        return False
    return any(is_finite(words, lower, k) for k in range(at, min(end, at + 7)))


def _is_participle(lower: list[str], at: int) -> bool:
    """Whether no clause begins but a participle: "while potentially harming"."""
    return any(word.endswith("ing") for word in lower[at : at + 2])


def _aside_end(sentence: Sentence, comma: int, end: int) -> int:
    """Return the end of an explanation that the outlet adds to a name, `comma` if there is none.

    "…, who has ruled since May, …", "…, a hotbed of unrest, …".
    """
    words, lower = sentence.words, sentence.lower
    following = lower[comma + 1]
    relative = following in ("who", "whose", "which", "where")
    if (not relative and following not in ("a", "an", "the")) or not words[comma - 1][:1].isupper():
        return comma
    if comma - 1 == sentence.first:
        return comma
    stop = comma + 2
    while stop < end and words[stop] not in ",;—–" and not sentence.quoted[stop]:
        if not relative and is_finite(words, lower, stop):
            return comma
        stop += 1
    return stop if stop - comma < 25 else comma


def pieces(sentence: Sentence, start: int, end: int) -> tuple[Range, ...]:
    """Return the reported words from `start`, without what the outlet says in between."""
    words, lower = sentence.words, sentence.lower
    pieces: list[Range] = []
    begin = at = start
    while at < end:
        if lower[at] not in _BREAKS or sentence.quoted[at] or at == start:
            at += 1
            continue
        word = words[at]
        if word == ";":
            end = at
            break
        if word not in ",;" and at > begin + 2:
            if at + 2 < end and not _is_participle(lower, at + 1):
                end = at
                break
        if word == "," and at + 2 < end:
            following = lower[at + 1]
            if (following in _RESUMING and not _is_participle(lower, at + 2)) or (
                following == "but" and _speaks_again(sentence, at + 2, end)
            ):
                end = at
                break
            aside = _aside_end(sentence, at, end)
            if aside > at:
                pieces.append((begin, at))
                begin = at = aside
                continue
        at += 1
    pieces.append((begin, end))
    return tuple((first, last) for first, last in pieces if last > first)


def noun_content(sentence: Sentence, start: int, finite: int) -> tuple[Range, ...]:
    """Return the words after "claim that", up to the verb of the sentence around it."""
    end = sentence.end
    seen = 0
    for at in range(start, end):
        if sentence.quoted[at]:
            continue
        if sentence.words[at] in ",;:—–" and finite == 0:
            end = at
        elif sentence.lower[at] in FINITE and sentence.lower[at - 1] not in _LINKING:
            if sentence.lower[at - 1] not in FINITE and not is_adverb(sentence.lower[at - 1]):
                seen += 1
            if seen > finite:
                end = at
        if end < sentence.end:
            break
    return pieces(sentence, start, end)


def clause_end(sentence: Sentence, subject: int, start: int) -> int:
    """Return where the clause around a cue ends: "When she said that …, the talks failed"."""
    words, lower, first, end = sentence.words, sentence.lower, sentence.first, sentence.end
    if (
        start < end and lower[start] in FINITE
    ):  # "groups that even their friends admit are a menace, …"
        for at in range(start, end):
            if words[at] == "," and not sentence.quoted[at]:
                return at
    if _count_dashes(words, first, subject) % 2:
        for at in range(start, end):
            if words[at] in DASHES or words[at : at + 2] == ["-", "-"]:
                return at
    floor = max(first, subject - 7)
    back = subject - 1
    while back >= floor and not (lower[back] in _SUBORDINATE or words[back] in ",;"):
        back -= 1
    if back >= floor and lower[back] in _SUBORDINATE and back - first < 3:
        for at in range(start, end):
            if words[at] == "," and not sentence.quoted[at]:
                return at
    return end


def _count_dashes(words: list[str], first: int, end: int) -> int:
    if _ANY_DASH.isdisjoint(words[first:end]):
        return 0
    return sum(words[k] in DASHES or words[k : k + 2] == ["-", "-"] for k in range(first, end))


def clause_start(sentence: Sentence, before: int) -> int:
    """Return where the clause that ends at `before` starts."""
    if ";" not in sentence.words[sentence.first : before]:
        return sentence.first
    back = before - 1
    while sentence.words[back] != ";":
        back -= 1
    return back + 1


def comma_before(sentence: Sentence, subject: int) -> int:
    """Return the comma or dash right before a trailing "…, she said", -1 where there is none."""
    back = subject - 1
    words = sentence.words
    while back >= sentence.first and (
        words[back].isalpha() and back >= subject - 12 and words[back] not in DASHES
    ):
        if sentence.quoted[back]:
            return -1
        # titles and nouns before the naming phrase: ", Turkish Defense Minister Akar said"
        back -= 1
    if back <= sentence.first:
        return -1
    if sentence.quoted[back] or words[back] in QUOTES:
        return back if sentence.quoted[back] or back > sentence.first else -1
    if words[back] != "," and words[back] not in DASHES:
        return -1
    if sentence.lower[back + 1] in WORDS["clause_starts"] and sentence.lower[back + 1] != "as":
        return -1
    start = clause_start(sentence, back)
    opening = sentence.lower[start]
    if back - start < 3 and not any(sentence.quoted[start:back]):
        return -1
    if opening in WORDS["prepositions"] or opening in (
        "when",
        "while",
        "after",
        "as",
        "if",
        "although",
        "though",
        "because",
        "since",
        "asked",
    ):
        # An introduction, unless a clause of its own follows another comma.
        commas = [k for k in range(start, back) if words[k] == ","]
        if not commas or back - commas[0] < 4:
            return -1
    return back


def skip_adverbials(sentence: Sentence, at: int) -> int:
    """Pass over when and where it was said: "on Monday", "in a statement", "Tuesday night"."""
    words, lower, end = sentence.words, sentence.lower, sentence.end
    while at < end:
        word = lower[at]
        if word in DASHES and at + 4 < end:  # "has suggested — repeatedly — that"
            close = next((k for k in range(at + 1, min(end, at + 8)) if words[k] in DASHES), -1)
            if close < 0:
                return at
            at = close + 1
        elif word in WORDS["time_words"] or is_adverb(word):
            at += 1
            if at < end and words[at] == "." and words[at - 1][:1].isupper() and at + 1 < end:
                at += 1
        elif word in (
            "in",
            "on",
            "during",
            "at",
            "to",
            "via",
            "after",
            "before",
            "through",
            "from",
        ):
            step = at + 1
            limit = min(end, at + 9)
            while step < limit and words[step] not in ',:—–“"' and lower[step] != "that":
                if lower[step] in WORDS["pronouns"] and lower[step] not in WORDS["determiners"]:
                    break
                if lower[step] in WORDS["auxiliaries"] and lower[step] != "s":
                    return at
                step += 1
            if step >= limit and step < end:
                return at
            at = step
        elif word.isdigit() and lower[at - 1] in WORDS["time_words"]:
            at += 1
        else:
            return at
    return at
