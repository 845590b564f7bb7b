"""What each class of reporting verb covers, once its subject is known."""

from __future__ import annotations

from slantwise.clauses import (
    BOOK,
    CLAUSAL,
    WORDS,
    Said,
    Sentence,
    clause_end,
    clause_start,
    comma_before,
    is_clause,
    noun_content,
    pieces,
    skip_adverbials,
)
from slantwise.sources import Range, subject_after

_OBJECT_LINKS = {"accuse": frozenset({"of", "for", "as"}), "regard": frozenset({"as"})}
_OBJECT_PRONOUNS = frozenset("it him her them this that himself herself themselves".split())
_CIRCUMSTANCES = frozenset(
    "following after before when while as ahead amid during "
    "citing speaking adding according".split()
)


def cover_passive(sentence: Sentence, cue: Range, kind: str) -> Said | None:
    """Return what a passive covers: "was accused by critics of …", "is seen as …"."""
    lower, end = sentence.lower, sentence.end
    at = cue[1]
    if kind in CLAUSAL or kind in ("want", "utter", "speak", "deny"):
        return None
    source = None
    stop = min(end, at + 25)
    by = next((k for k in range(at, stop) if lower[k] == "by"), -1)
    if by >= 0 and not sentence.quoted[by]:
        source = subject_after(sentence.words, lower, by, _until_link(lower, by + 1, stop))
        if source is not None and lower[source[0]].endswith("ing"):
            source = None
    links = _OBJECT_LINKS.get(kind, frozenset())
    if kind == "accuse":
        after = source[1] if source is not None else at
        start = after + 1 if after < end and lower[after] in links else -1
        links = frozenset()
    else:
        start = next((k + 1 for k in range(at, stop) if lower[k] in links), -1)
    if kind in ("call", "tell") and start < 0:
        start = at
    if start < 0:
        return Said(cue, kind, source, (), "after")
    return Said(cue, kind, source, pieces(sentence, start, end), "after")


def _until_link(lower: list[str], at: int, stop: int) -> int:
    return next((k for k in range(at, stop) if lower[k] in ("as", "of", "for", "that")), stop)


def cover(
    sentence: Sentence, cue: Range, kind: str, source: Range | None, inverted: bool
) -> Said | None:
    """Return what an active verb covers; `inverted` where the subject follows it."""
    words, lower, first, end = sentence.words, sentence.lower, sentence.first, sentence.end
    at, after = cue
    following = lower[after] if after < end else "."
    if kind in ("utter", "speak"):
        return Said(cue, kind, source, (), "both")
    begin = after
    if inverted and source is not None:
        begin = max(after, source[1])
    clause = min(begin, at if source is None or inverted else min(source[0], at))
    if lower[at] in ("state", "states") and following != "that":
        return None
    if kind in CLAUSAL or kind == "tell":
        weak = lower[at] not in BOOK.plain
        rest = begin
        if kind == "tell" and not inverted:
            rest = _skip_object(sentence, begin)
        rest = skip_adverbials(sentence, rest)
        done = rest >= end or words[rest] in ".;" or not _has_word(words, rest, end)
        comma = rest < end and words[rest] in ",—–"
        if kind == "say" and following in ("of", "about") and not inverted:
            return Said(cue, kind, source, (), "both")
        if lower[at] in ("feel", "feels", "felt") and following not in ("that", "it"):
            return Said(cue, kind, source, (), "both")
        if clause > first and lower[clause - 1] == "as" and not done:
            opens = clause - 1 == first or lower[clause - 2] in ("and", "but")
            if comma and opens and words[rest] == ",":
                return Said(cue, kind, source, pieces(sentence, rest + 1, end), "both")
            if not is_clause(sentence, rest):
                return Said(cue, kind, source, (), "both")
        before = comma_before(sentence, clause)
        if before >= 0 and not done and lower[rest] in _CIRCUMSTANCES:
            done = True
        if before >= 0 and not done and before >= clause - 2 and sentence.quoted[before]:
            done = "that" not in lower[rest : rest + 12]
        if before >= 0 and done:
            comma = False
        if before >= 0 and (done or comma or inverted):
            content = list(pieces(sentence, clause_start(sentence, before), before))
            if comma and not done and not inverted and not _starts_aside(lower, rest + 1, end):
                content += pieces(sentence, rest + 1, end)
            return Said(cue, kind, source, tuple(content), "both")
        if done:
            quoted_before = sentence.quoted.find(1, first, clause) >= 0
            return Said(cue, kind, source, (), "before" if quoted_before else "none")
        start = rest
        if lower[start] == "that" or words[start] == ":":
            start += 1
        elif rest < end and words[rest] in ",":
            start = rest + 1
        else:
            start = begin if kind != "tell" else rest
        if (source is None or weak) and not is_clause(sentence, start):
            return Said(cue, kind, source, (), "both")
        if source is None:
            return Said(cue, kind, source, (), "both")
        if kind == "think" and lower[begin] in ("about", "of", "tank", "tanks", "to", "more"):
            return None
        if lower[at] in ("agree", "agreed", "agrees") and following in ("to", "on", "with"):
            return None
        place = "after" if is_clause(sentence, start) else "both"
        end = clause_end(sentence, clause, start)
        if lower[at] in BOOK.gerunds and at > first and words[at - 1][:1].isupper():
            # "A clip of Smith saying that it was over was shown"
            return Said(cue, kind, source, noun_content(sentence, start, 1), place)
        return Said(cue, kind, source, pieces(sentence, start, end), place)
    if kind in _OBJECT_LINKS:
        links = _OBJECT_LINKS[kind]
        stop = min(end, after + 25)
        if kind == "accuse" and not lower[at].startswith("accus"):
            links = links - {"of"}
        link = next((k for k in range(after, stop) if lower[k] in links), -1)
        if lower[at] in ("charge", "charged", "charges", "charging"):
            link = after if following == "that" else -1
        if link < 0:
            return Said(cue, kind, source, (), "both")
        return Said(cue, kind, source, pieces(sentence, link + 1, end), "after")
    if kind == "call":
        named = after + (following in _OBJECT_PRONOUNS)
        return Said(cue, kind, source, pieces(sentence, named, end), "after")
    if (
        source is None
        or not is_clause(sentence, after)
        or (
            kind == "want"
            and not (following == "that" or words[after][:1].isupper() or sentence.quoted[after])
        )
    ):
        return Said(cue, kind, source, (), "both")
    return Said(cue, kind, source, pieces(sentence, after, end), "after")


def _skip_object(sentence: Sentence, at: int) -> int:
    words, lower, end = sentence.words, sentence.lower, sentence.end
    that = next((k for k in range(at, min(end, at + 14)) if lower[k] == "that"), -1)
    if that >= 0:
        return that
    if at < end and lower[at] in WORDS["pronouns"] | {"him", "her", "them", "me", "us"}:
        return at + 1
    if at < end and (words[at][:1].isupper() or lower[at] in ("the", "a", "an")):
        step = at + (lower[at] in ("the", "a", "an"))
        while step < end and (
            (words[step][:1].isupper() and lower[step] not in WORDS["time_words"])
            or words[step] in "'’&"
            or lower[step] == "s"
        ):
            step += 1
        if step == at + 1 and lower[at] in ("the", "a", "an"):
            step += 1
        while step < end and lower[step] in (
            "newspaper",
            "reporters",
            "magazine",
            "agency",
            "news",
        ):
            step += 1
        return step
    if at < end and words[at].isalpha():
        return at + 1
    return at


def _starts_aside(lower: list[str], at: int, end: int) -> bool:
    """Whether what follows the comma after "X said," is a new clause of the outlet's."""
    return at < end and (
        lower[at] in ("as", "while", "although", "though", "after", "before", "when", "where")
        or lower[at] in ("which", "who", "a", "according", "but", "and", "citing", "noting")
        or lower[at] in ("ahead", "amid", "during", "in", "at", "on")
        or lower[at].endswith("ing")
    )


def _has_word(words: list[str], at: int, end: int) -> bool:
    return any(words[k][:1].isalnum() for k in range(at, min(end, at + 4)))
