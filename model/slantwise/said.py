"""What a cue covers: who says it, and the words it reports, in tokens.

Words inside quotation marks never hold a cue; the marks themselves are read by ``speech``.
"""

from __future__ import annotations

from slantwise.clauses import (
    AUTHOR,
    BE,
    BOOK,
    FINITE,
    WORDS,
    Said,
    Sentence,
    clause_start,
    noun_content,
    pieces,
)
from slantwise.sources import Range, is_adverb, naming_phrase, subject_before
from slantwise.verbs import read_verb

_STANCES = WORDS["stances"]


def read_cue(sentence: Sentence, at: int, previous: Said | None = None) -> Said | None:
    """Return what the cue word at token `at` covers, None where it is no cue.

    `previous` is the cue before it in the sentence: "…,” he said, adding that …" has its source.
    """
    lower = sentence.lower
    word = lower[at]
    if word in _STANCES:
        return _stance(sentence, at)
    if word == "view" or word == "opinion":
        view = _in_view(sentence, at)
        if view is not None:
            return view
    if word == "according":
        return _according(sentence, at)
    if word in BOOK.nouns:
        said = _noun(sentence, at)
        if said is not None:
            return said
    cue, kinds = _verb(sentence, at)
    if not kinds:
        return None
    said = read_verb(sentence, cue, kinds, previous)
    return said if said is not None else _mention(sentence, at)


def _stance(sentence: Sentence, at: int) -> Said | None:
    """Read "The minister was adamant that …"."""
    lower, first, end = sentence.lower, sentence.first, sentence.end
    if at + 2 >= end or lower[at + 1] != "that":
        return None
    if at == first or (lower[at - 1] not in BE and not is_adverb(lower[at - 1])):
        return None
    source = subject_before(sentence.words, lower, at, first)
    if source is None or lower[source[0]] in AUTHOR or lower[source[0]] in WORDS["not_speakers"]:
        return None
    return Said((at, at + 1), "think", source, pieces(sentence, at + 2, end), "after")


def _in_view(sentence: Sentence, at: int) -> Said | None:
    """Read "in the minister's view": the whole sentence is the minister's."""
    words, lower, first, end = sentence.words, sentence.lower, sentence.first, sentence.end
    begin = next((k for k in range(at - 1, max(first, at - 8) - 1, -1) if lower[k] == "in"), -1)
    source = _possessor(sentence, at) if begin >= 0 else None
    if source is None or lower[source[0]] in ("my", "our", "your"):
        return None
    if at + 1 < end and words[at + 1] == ",":
        return Said((at, at + 1), "say", source, pieces(sentence, at + 2, end), "both")
    if begin > first and words[begin - 1] == ",":
        return Said((at, at + 1), "say", source, pieces(sentence, first, begin - 1), "both")
    return None


def _mention(sentence: Sentence, at: int) -> Said | None:
    """Read nouns whose quoted words are somebody's: "Rivera's promise to “…”"."""
    if sentence.lower[at] not in WORDS["mentions"]:
        return None
    source = _possessor(sentence, at)
    if source is None or sentence.lower[source[0]] in ("my", "our", "your"):
        return None
    return Said((at, at + 1), "mention", source, (), "both")


def _verb(sentence: Sentence, at: int) -> tuple[Range, tuple[str, ...]]:
    lower = sentence.lower
    for rest, kind in BOOK.phrases.get(lower[at], ()):
        if tuple(lower[at + 1 : at + 1 + len(rest)]) == rest:
            return (at, at + 1 + len(rest)), (kind,)
    return (at, at + 1), BOOK.classes.get(lower[at], ())


def _according(sentence: Sentence, at: int) -> Said | None:
    words, lower, first, end = sentence.words, sentence.lower, sentence.first, sentence.end
    if at + 2 >= end or lower[at + 1] != "to":
        return None
    stop = at + 2
    while stop < end and words[stop] not in ',;:—–“”"()' and lower[stop] not in ("who", "which"):
        if words[stop] == "." and (stop + 1 >= end or len(words[stop - 1]) > 4):
            break
        stop += 1
    source = naming_phrase(words, lower, at + 2, stop)
    if at - first <= 1:
        comma = next((k for k in range(stop, end) if words[k] == ","), -1)
        if comma < 0:
            return Said((at, at + 2), "say", source, (), "after")
        return Said((at, at + 2), "say", source, pieces(sentence, comma + 1, end), "after")
    before = at - 1 if words[at - 1] == "," else at
    return Said(
        (at, at + 2),
        "say",
        source,
        pieces(sentence, clause_start(sentence, before), before),
        "both",
    )


def _noun(sentence: Sentence, at: int) -> Said | None:
    """Read "Trump's claim that …", "accusations by Iran of …"."""
    words, lower, first, end = sentence.words, sentence.lower, sentence.first, sentence.end
    kind = BOOK.nouns[lower[at]]
    after = at + 1
    source = None
    if after < end and lower[after] in ("by", "from", "among"):
        stop = next(
            (k for k in range(after, min(end, after + 14)) if lower[k] in ("that", "of", ",")), -1
        )
        if stop < 0:
            return None
        source = naming_phrase(words, lower, after + 1, stop)
        after = stop
        if after + 1 < end and words[after] == ",":
            after += 1
    while after < end and lower[after] in WORDS["time_words"]:
        after += 1
    links = ("that", "of", "about") if kind == "assertion" else ("that",)
    if after >= end or lower[after] not in links or sentence.quoted[after]:
        return None
    if source is None:
        source = _possessor(sentence, at)
    if source is not None and lower[source[0]] in ("my", "our", "your", "i", "we"):
        return None
    if source is None:
        return None
    finite = 1 if lower[after] == "that" else 0
    subject = at - first < 12 and lower[at - 1] not in FINITE
    content = (
        noun_content(sentence, after + 1, finite)
        if subject or not finite
        else pieces(sentence, after + 1, end)
    )
    return Said((at, at + 1), "claim", source, content, "after")


def _possessor(sentence: Sentence, at: int) -> Range | None:
    words, lower, first = sentence.words, sentence.lower, sentence.first
    for back in range(at - 1, max(first, at - 5) - 1, -1):
        if lower[back] in ("his", "her", "their", "its", "my", "our"):
            return back, back + 1
        if lower[back] == "s" and back - 2 >= first and words[back - 1] in "'’":
            return subject_before(words, lower, back - 1, first)
        if words[back] in "'’" and back - 1 >= first and lower[back - 1].endswith("s"):
            return subject_before(words, lower, back, first)
        if not words[back].isalpha():
            return None
    return None
