"""Quotations: what kind each is, and whose words it quotes.

A quotation is ``speech``, a ``fragment`` of somebody's words, ``scare`` quotes (a short
expression that nobody is said to have used) or the ``name`` of a work, ship or person.
"""

from __future__ import annotations

import re
from dataclasses import replace

from slantwise.clauses import BOOK, Said
from slantwise.draft import OUTLET, QUOTE, SCARE, WINDOW, Draft
from slantwise.quotes import QuotedPassage
from slantwise.records import Quotation

_SHORT = 4  # words of a quotation that may be scare quotes
_SCARE = 3  # words of scare quotes that nobody is said to have used
_BESIDE_SOURCE = 5  # tokens between a source and a word of its own
_LONG = 7  # words of a quotation that is speech whether or not somebody is named
_NEVER = 1_000
_STRONG = frozenset({"say", "claim", "think", "tell", "call", "regard", "accuse"})
_JOINT = re.compile(r",?[\"”’'»],? *(?:and|or|but)? *(?:a |an |the )?[\"“‘'«]")
_BEFORE_FRAGMENT = BOOK.words["auxiliaries"] | frozenset({"to", "a", "an"})
_OPEN_SUBJECT = frozenset("he she they it the a an one".split())
_SMALL = frozenset("a an the of in on at for and or to with from by as vs s t".split())
_NESTED_CUES = frozenset("say says said saying call calls called calling tell told tells".split())


def mark_quotations(draft: Draft, said: dict[int, list[Said]]) -> list[Quotation]:
    """Mark the quoted words of a document; return its quotations, by start."""
    quotations: list[Quotation] = []
    unnamed: list[int] = []
    previous: Said | None = None
    previous_end = -1
    for at, passage in enumerate(draft.passages):
        first, last = draft.q_first[at], draft.q_last[at]
        if last <= first:
            continue
        if passage.nested:
            kind = nested_kind(draft, first, last)
            if kind == "scare":
                draft.mark(first, last, SCARE, -1)
            quotations.append(Quotation(passage.start, passage.end, kind))
            continue
        cue, rank = _cue_of(draft, said, first, last)
        if quotations and _joined(draft, quotations[-1], passage):
            cue, rank = (previous, 0) if quotations[-1].end == previous_end else (None, 0)
        elif cue is not None and not _binds(draft, cue, rank, first, last):
            cue = None
        beside = cue is not None and (0 <= first - cue.cue[1] <= 3 or 0 <= cue.cue[0] - last <= 14)
        kind = kind_of(draft, passage, first, last, attributed=cue is not None, beside=beside)
        if kind == "speech" and cue is None and previous is not None:
            if _near(draft, previous_end, passage.start):
                cue = previous
        if kind == "scare":
            draft.mark(first, last, SCARE, -1)
        elif kind == "name":
            draft.mark(first, last, OUTLET, -1)
        else:
            draft.mark(first, last, QUOTE, draft.add((first, last), cue, direct=True))
        if cue is not None and kind in ("speech", "fragment"):
            previous, previous_end = cue, passage.end
        if kind == "speech" and cue is None:
            unnamed.append(len(draft.attributions) - 1)
        elif cue is not None and unnamed and kind != "name":
            _name_earlier(draft, unnamed)
        quotations.append(Quotation(passage.start, passage.end, kind))
    return quotations


def _name_earlier(draft: Draft, unnamed: list[int]) -> None:
    """Give speech that nobody was named for the speaker of the speech right after it."""
    latest = draft.attributions[-1]
    for index in reversed(unnamed):
        earlier = draft.attributions[index]
        if _near(draft, earlier.content[1], latest.content[0]):
            draft.attributions[index] = replace(
                earlier,
                source=latest.source,
                phrase=latest.phrase,
                named=latest.named,
            )
            latest = earlier
    unnamed.clear()


def _near(draft: Draft, end: int, start: int) -> bool:
    """Whether continued speech may belong to the speaker of the quotation before it."""
    return start - end < 400 and draft.text.count("\n", end, start) <= 3


def _joined(draft: Draft, before: Quotation, passage: QuotedPassage) -> bool:
    """Whether two quotations are coordinated: “…” and “…”."""
    gap = passage.start - before.end
    return 0 < gap < 12 and bool(_JOINT.fullmatch(draft.text, before.end, passage.start))


def _cue_of(
    draft: Draft, said: dict[int, list[Said]], first: int, last: int
) -> tuple[Said | None, int]:
    """Return the cue that attributes a quotation best, and how badly it fits."""
    low, high = int(draft.sentence[first]), int(draft.sentence[last - 1])
    if high + 1 < len(draft.first):
        following = draft.first[high + 1]
        if following < len(draft.words) and following - last < 3:
            if draft.words[following][:1].islower() or draft.words[last - 1] in "?!":
                high += 1
    best: Said | None = None
    best_rank = _NEVER
    for cue in [*said.get(low, ()), *(said.get(high, ()) if high > low else ())]:
        rank = _rank(draft, cue, first, last)
        if rank < best_rank:
            best, best_rank = cue, rank
    return best, best_rank


def _binds(draft: Draft, cue: Said, rank: int, first: int, last: int) -> bool:
    """Whether a cue makes somebody's words of a short quotation too."""
    length = draft.n_words(first, last)
    if length > _SHORT:
        return True
    if cue.kind == "deny":
        return False
    gap = first - cue.cue[1]
    if gap < 0 and any(a <= first < b for a, b in cue.content):
        return True
    if cue.kind == "mention":
        return 0 <= gap <= 5 or -2 - (last - first) <= gap + (last - first) <= 0
    if cue.kind in _STRONG:
        if cue.kind in ("call", "regard") and cue.source is None:
            return False
        if rank <= 5:
            return True
        if not (gap >= 0 and any(a <= first < b for a, b in cue.content)):
            return False
        if not _is_modifier(draft, last):
            return True
        if length == 1 and gap > 5 and draft.lower[first - 2] not in _BEFORE_FRAGMENT:
            return False  # an adjective before its noun: the “moderate” rebels
        return gap <= 15
    if cue.kind == "want" and 0 <= gap <= 12 and draft.lower[first - 2] == "to":
        return True
    between = draft.words[cue.cue[1] : first - 1]
    if cue.kind == "utter" and gap > 0:
        return gap <= 1 or (gap <= 3 and bool({",", ":"}.intersection(between)))
    near = 0 <= gap <= 8 and cue.source is not None
    return rank <= 5 or (near and not {",", ";", "—"}.intersection(between))


def stands_apart(draft: Draft, first: int, last: int, apart: int) -> bool:
    """Whether a quoted word is the writer's distance rather than the words of a source.

    An adjective before its noun, far from the source whose words stand around it: Moscow
    said Ankara had yet to part the “moderate” rebels from the others.

    Parameters
    ----------
    first, last : int
        Tokens of the quotation.
    apart : int
        Tokens between it and its source.
    """
    return (
        draft.n_words(first, last) == 1
        and apart > _BESIDE_SOURCE
        and _is_modifier(draft, last)
        and draft.lower[first - 2] not in _BEFORE_FRAGMENT
    )


def _is_modifier(draft: Draft, last: int) -> bool:
    """Whether quoted words stand before their noun: the “moderate” rebels."""
    if last + 1 >= len(draft.words):
        return False
    word = draft.lower[last + 1]
    closed = ("prepositions", "clause_starts", "auxiliaries")
    return word.isalpha() and not any(word in BOOK.words[name] for name in closed)


def _rank(draft: Draft, cue: Said, first: int, last: int) -> int:
    """How badly a cue fits a quotation: 0 best, 1,000 not at all."""
    words = draft.words
    if cue.cue[0] >= last:
        begin = min(cue.cue[0], cue.source[0] if cue.source else cue.cue[0])
        gap = begin - last
        if gap > WINDOW:
            return _NEVER
        if 1 in draft.quoted[last:begin]:
            return _NEVER
        ends = words[last - 1] in ",?!—–-" or words[last] in ",—"
        if gap <= 1 and begin < len(words):
            ends |= words[begin][:1].isupper() or draft.lower[begin] in _OPEN_SUBJECT
            ends |= begin == cue.cue[0]
        if words[last + 1 : last + 2] and words[last + 1] in ",—":
            ends = True
        if words[last + 1 : last + 2] == ["that"] and gap <= 4:
            return gap
        following = draft.lower[cue.cue[1]] if cue.cue[1] < len(words) else ""
        if cue.kind == "utter" and (following.endswith("ing") or following == "to"):
            return _NEVER
        if gap > 1 and draft.lower[last + 1] in ("and", "but"):
            gap += 30
        if cue.place == "after":
            return _NEVER
        if ends and gap <= 12:
            return gap
        return 60 + gap if cue.place in ("both", "before") else _NEVER
    gap = first - cue.cue[1]
    if gap < 0 or gap > WINDOW:
        return _NEVER
    between = 1 in draft.quoted[cue.cue[1] : first]
    if gap <= 3:
        return 2 + gap
    if any(a <= first < b for a, b in cue.content):
        return 20 + gap + 20 * between
    return (100 if cue.kind == "utter" else 50) + gap + 20 * between


def kind_of(
    draft: Draft, passage: QuotedPassage, first: int, last: int, *, attributed: bool, beside: bool
) -> str:
    """Return the kind of a quotation.

    Parameters
    ----------
    draft : Draft
    passage : QuotedPassage
    first, last : int
        Its tokens.
    attributed : bool
        Whether somebody is said to have used these words.
    beside : bool
        Whether that is said right beside them.
    """
    words, lower = draft.words, draft.lower
    length = draft.n_words(first, last)
    sentence_like = (
        length >= 3
        and words[first][:1].isupper()
        and words[last - 1] in ".?!,"
        and (words[last - 1] in "?!" or not words[last - 2][:1].isupper() or length > 5)
    )
    before = lower[first - 2] if first >= 2 else ""
    called = before in BOOK.words["naming"] or (
        before in (",", ":", ".") and first >= 3 and lower[first - 3] in BOOK.words["naming"]
    )
    so_called = before == "called" and first >= 4 and lower[first - 4] == "so"
    if so_called and length <= 6:
        return "scare"
    titled = words[first][0].isupper() and all(
        words[at][0].isupper() or lower[at] in _SMALL
        for at in range(first, last)
        if words[at][0].isalnum()
    )
    nickname = (
        titled
        and length <= 3
        and first >= 2
        and last + 1 < len(words)
        and words[first - 2][:1].isupper()
        and words[last + 1][:1].isupper()
    )
    if nickname:
        return "name"
    if titled and (called or not beside) and (length >= 2 or called) and length <= 12:
        return "name"
    if not attributed and length > 1 and _in_headline(draft, passage):
        return "fragment"  # a desk quotes in headlines: Ministers to ‘step up’ talks
    if not attributed and words[last + 1 : last + 2] == [":"] and length > 1:
        return "fragment"  # a headline: ‘Kill the bill’: protesters stop the vote
    if attributed:
        return "speech" if sentence_like or length >= _LONG else "fragment"
    if sentence_like or length >= _LONG:
        return "speech"
    if called and titled:
        return "name"
    if before == "to" or length > _SCARE:
        return "fragment"
    return "scare"


def _in_headline(draft: Draft, passage: QuotedPassage) -> bool:
    """Whether a passage between single marks stands in a line without a full stop."""
    text = draft.text
    if passage.start == 0 or text[passage.start - 1] not in "‘'":
        return False
    begin = text.rfind("\n", max(0, passage.start - 160), passage.start)
    end = text.find("\n", passage.end, passage.end + 160)
    if (begin < 0 and passage.start > 160) or (end < 0 and passage.end + 160 < len(text)):
        return False
    line = text[begin + 1 : end if end >= 0 else len(text)].rstrip()
    return len(line) < 160 and line[-1:] not in '.!?…”":'


def nested_kind(draft: Draft, first: int, last: int) -> str:
    """Return the kind of a quotation inside another."""
    length = draft.n_words(first, last)
    before = draft.lower[max(0, first - 5) : first - 1]
    if length > _SHORT or (any(word in _NESTED_CUES for word in before) and "so" not in before):
        return "fragment"
    return "scare"
