"""Words that the layout gives to a source: posts, interviews, statement lists, headlines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from slantwise.draft import QUOTE, REPORTED, Draft
from slantwise.records import Attribution
from slantwise.sources import Range

# "… — Ada Moss (@adamoss) March 3": a post, its writer after it.
_POST = re.compile(r"(?:[—–-]|&mdash;)\s{0,3}([^\s—–][^\n—–]{1,50}?)\s{0,3}\(@\w{1,20}\)")
_LONGEST_POST = 2_000
# "ADA MOSS: …", "Q: …": a turn of an interview.
_TURN = re.compile(
    r"^(?:(Q|A)|((?:[A-Z][A-Z.'’-]+ ){0,3}[A-Z][A-Z.'’-]+)(?: ?\([^)\n]{1,40}\)|, [^:\n]{1,60})?)"
    r":[ \t]+",
    re.M,
)
_SURE_TURN = 60  # characters of a turn that needs no second one beside it
_NO_TURN = frozenset(
    "update updated watch more breaking exclusive video videos photos photo opinion analysis note "
    "latest related read listen correction warning live report fact poll editor review".split()
)
_NAME = r"[A-Z][\w’'-]*(?: (?:[A-Z][\w’'-]*|of|the|for)){0,4}"
# Headlines: "Minister: Talks have failed", "Talks have failed: minister", without a full stop.
_HEADLINE = re.compile(rf"^({_NAME}): ((?=[A-Z‘'“\"])[^\n.:;]{{12,120}}[^\n.:;?…])$", re.M)
_TAIL = re.compile(
    r"^([A-Z‘'“][^\n.:;?]{18,120}): ((?:[A-Z][\w’'-]*)(?: [A-Z][\w’'-]*){0,2})[ \t]*$", re.M
)
# "Ministry of Water on the flood:", followed by bullets.
_LIST = re.compile(r"^([^\n]{3,300}):[ \t]*\n(?=[ \t]*(?:[•*·▪●–—-]|\d{1,2}[.)])[ \t])", re.M)
_BULLET = re.compile(r"[ \t]*(?:[•*·▪●–—-]|\d{1,2}[.)])[ \t][^\n]*(?:\n|$)")
_LIST_SOURCE = re.compile(
    r"^(?:[A-Z ]{3,20}\s*[—–:-]+\s*)?"
    r"((?:the )?(?:[A-Z][\w’'.-]*)(?:(?: of| for| and| the)* [A-Z][\w’'.-]*)*)"
    r"(?= (?:on|said|says|announced|reported|statement|about)\b|$)",
)


def mark_turns(draft: Draft) -> None:
    """Mark the words that the layout of a text gives to a source."""
    text = draft.text
    if "(@" in text:
        for match in _POST.finditer(text):
            line = text.rfind("\n", max(0, match.start() - _LONGEST_POST), match.start()) + 1
            line = max(line, match.start() - _LONGEST_POST)
            _mark(draft, (line, match.start()), match.span(1), QUOTE)
    starts = _lines_with_colon(text)
    _mark_interview(draft, starts)
    for match in _matches(_HEADLINE, text, starts):
        if not _NO_TURN.intersection(match[1].lower().split()):
            first, last = draft.tokens(match.span(1))
            if 1 not in draft.quoted[first:last]:
                _mark(draft, match.span(2), match.span(1), REPORTED)
    for match in _matches(_TAIL, text, starts):
        _mark(draft, match.span(1), match.span(2), REPORTED)
    for match in _matches(_LIST, text, starts):
        source = _LIST_SOURCE.match(match[1])
        if source is None:
            continue
        end = match.end()
        while (bullet := _BULLET.match(text, end)) and bullet.end() > end:
            end = bullet.end()
        named = match.start(1) + source.start(1), match.start(1) + source.end(1)
        _mark(draft, (match.end(), end), named, REPORTED)


def _lines_with_colon(text: str) -> list[int]:
    """Return where the lines begin that hold a colon: no other can be a turn."""
    starts: list[int] = []
    colon = text.find(":")
    while colon >= 0:
        starts.append(text.rfind("\n", 0, colon) + 1)
        end = text.find("\n", colon)
        colon = text.find(":", end) if end >= 0 else -1
    return starts


def _matches(pattern: re.Pattern[str], text: str, starts: Sequence[int]) -> Iterator[re.Match[str]]:
    return filter(None, (pattern.match(text, start) for start in starts))


def _mark_interview(draft: Draft, starts: Sequence[int]) -> None:
    text = draft.text
    turns = [
        match
        for match in _matches(_TURN, text, starts)
        if not _NO_TURN.intersection((match[2] or "").lower().split())
    ]
    for match in turns:
        end = text.find("\n", match.end())
        end = len(text) if end < 0 else end
        long = match[2] and " " in match[2] and end - match.end() > _SURE_TURN
        if len(turns) > 1 or long:
            _mark(draft, (match.end(), end), match.span(match.lastindex or 2), QUOTE)


def _mark(draft: Draft, content: Range, source: Range, voice: int) -> None:
    first, last = draft.tokens(content)
    if last <= first:
        return
    draft.attributions.append(
        Attribution(draft.span((first, last)), source, None, direct=voice == QUOTE)
    )
    draft.voice[first:last] = voice
    draft.attribution[first:last] = len(draft.attributions) - 1
    draft.laid_out = True
    draft.quoted[first:last] = b"\1" * (last - first)  # no cue is looked for inside
