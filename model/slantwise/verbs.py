"""What a reporting verb covers: "said (that) …", "…, she said", "accused Y of …"."""

from __future__ import annotations

from slantwise.clauses import (
    AUTHOR,
    BE,
    BOOK,
    DASHES,
    FINITE,
    QUOTES,
    WORDS,
    Said,
    Sentence,
)
from slantwise.frames import cover, cover_passive
from slantwise.sources import (
    Range,
    first_subject,
    is_adverb,
    skip_auxiliaries,
    subject_after,
    subject_before,
)

_INVERTED = frozenset({"say", "claim", "think", "utter", "speak"})
_GOING_ON = frozenset("on continued continues used appeared seemed went goes".split())
_NO_PARTICIPLE = frozenset("but and or of for is was be than like".split())
_MODALS = frozenset("should must may might can could".split())


def _is_noun(sentence: Sentence, at: int) -> bool:
    """Whether a form that may be a noun or an adjective is one here: "the alleged", "a claim"."""
    words, lower, first = sentence.words, sentence.lower, sentence.first
    if at == first:
        return lower[at] not in BOOK.gerunds
    word, before = lower[at], lower[at - 1]
    if before == "-":
        return True  # "so-called", "self-proclaimed"
    if word in BOOK.pasts and word not in BOOK.bases:
        return before in ("the", "a", "an", "this", "his", "her", "their", "its", "of", "any")
    if word in BOOK.gerunds:
        if word in BOOK.nouns or word == "saying":  # "a dark warning", "Iran's warning"
            if before.isalpha() and not is_adverb(before):
                own = before in WORDS["auxiliaries"] and words[at - 2] not in "'’"
                return not own and before not in WORDS["clause_starts"] and before != "by"
        return before in WORDS["determiners"] and before not in ("some", "many", "all", "both")
    if word in BOOK.plain and word not in BOOK.pasts:
        if before in WORDS["prepositions"] or (before == "s" and words[at - 2] in "'’"):
            return True
        if word in BOOK.nouns and lower[at + 1 : at + 2] == [","] and words[at - 1].islower():
            return True
    if word in BOOK.plain:
        return before in ("a", "an", "no", "the", "this", "his", "her", "their", "its", "of")
    if before in ("to", "who", "that", "which", "not", "t", "ll", "would", "will", "could", "can"):
        return before == "to" and word in BOOK.thirds
    if before == "s" and at - 2 >= first and words[at - 2] in "'’":
        return True
    if before in WORDS["determiners"] and before not in ("some", "many", "others", "all", "both"):
        return True
    if before in WORDS["prepositions"] or before == ".":
        return True
    if lower[at + 1 : at + 2] and lower[at + 1] in ("of", "by", "from", "against"):
        return word not in ("warn", "warns", "complain", "complains", "see", "sees")
    if words[at - 1][:1].isupper() or before in WORDS["pronouns"] or is_adverb(before):
        return False
    if word in BOOK.thirds:
        return not _has_determiner(sentence, at)
    return not before.endswith("s")  # "critics claim" against "a false claim"


def _has_determiner(sentence: Sentence, at: int) -> bool:
    for back in range(at - 1, max(sentence.first, at - 5) - 1, -1):
        if sentence.lower[back] in WORDS["determiners"]:
            return True
        if not sentence.words[back].isalpha():
            return False
    return False


def read_verb(
    sentence: Sentence, cue: Range, kinds: tuple[str, ...], previous: Said | None
) -> Said | None:
    """Return what a verb of these classes covers, None where it is used in another sense."""
    words, lower, first, end = sentence.words, sentence.lower, sentence.first, sentence.end
    at, after = cue
    if _is_noun(sentence, at) or (words[at][:1].isupper() and at > first):
        return None
    word = lower[at]
    before = lower[at - 1] if at > first else ""
    following = lower[after] if after < end else ""
    if before == "to" and at - 2 >= first and lower[at - 2] in ("needless", "is", "not", "have"):
        return None
    if (before in ("let", "that") and following == ",") or before in ("let", "lets"):
        return None
    kind = kinds[0]
    if "call" in kinds:
        kind = _call_or_other(sentence, after, kinds)
        if not kind:
            return None
    subject_end = skip_auxiliaries(lower, at - 1, first)
    passive = word in BOOK.pasts and any(
        lower[k] in BE or (lower[k] == "s" and words[k - 1] in "'’" and kind in ("regard", "call"))
        for k in range(subject_end + 1, at)
    )
    reduced = (
        word in BOOK.pasts
        and kind in ("regard", "call", "accuse")
        and subject_end == at - 1
        and following in ("as", "of", "by")
    )
    gerund = word in BOOK.gerunds
    if passive or reduced:
        return cover_passive(sentence, cue, kind)
    inverted = False
    if following in ("little", "nothing", "no", "not", "or", "and") and kind == "say":
        return None
    if (
        not gerund
        and kind not in ("utter", "speak", "call")
        and _is_hypothetical(sentence, at, subject_end)
    ):
        return Said(cue, kind, subject_before(words, lower, at, first), (), "both")
    if word == "say" and before in (",", "(") and following == ",":
        return None
    if gerund:
        source = _gerund_source(sentence, at, previous)
    else:
        inverted = kind in _INVERTED and _is_inverted(sentence, at, after)
        if inverted:
            source = subject_after(words, lower, after - 1, end)
        else:
            source = subject_before(words, lower, at, _clause_first(sentence, at))
            if source is None and at > first and words[at - 1] in QUOTES:
                source = first_subject(words, lower, first, at)
    if source is not None and source[1] - source[0] == 1 and lower[source[0]] in AUTHOR:
        return None
    if source is not None and source[1] - source[0] <= 2:
        if lower[source[1] - 1] in WORDS["not_speakers"]:
            return None
    joined = lower[subject_end] if subject_end >= first else ""
    if source is None and not gerund and joined not in ("to", "and", "but", "or", "then", ","):
        return None
    if source is None and not gerund:
        source = first_subject(words, lower, first, at)
        if source is not None and lower[source[0]] in AUTHOR:
            return None
    if gerund and source is None and kind == "call":
        return Said(cue, kind, None, (), "both")
    return cover(sentence, cue, kind, source, inverted)


def _is_hypothetical(sentence: Sentence, at: int, subject_end: int) -> bool:
    """Whether nobody has said it: "to claim", "should say"."""
    lower, first = sentence.lower, sentence.first
    if at > first and lower[at - 1] == "to":
        return at - 2 < first or lower[at - 2] not in _GOING_ON
    return any(lower[k] in _MODALS for k in range(max(first, subject_end + 1), at))


def _clause_first(sentence: Sentence, at: int) -> int:
    """Where the clause of a verb may begin: after the last closing mark before it."""
    return max(sentence.quoted.rfind(1, sentence.first, at) + 1, sentence.first)


def _call_or_other(sentence: Sentence, after: int, kinds: tuple[str, ...]) -> str:
    following = sentence.lower[after] if after < sentence.end else ""
    verb = sentence.lower[after - 1]
    if verb.startswith("call"):
        if following in ("for", "on", "upon"):
            return "want"
        if following in ("off", "up", "in", "out", "to", "back", "into", "from", "at", "by", ","):
            return "utter" if following == "out" else ""
        return "call"
    if verb.startswith("term") and following in (",", ".", "of", "limits", "to"):
        return ""
    if len(kinds) > 1 and following in ("that", ",", ".", "it", ":"):
        return next(kind for kind in kinds if kind != "call")
    return kinds[0] if len(kinds) > 1 else "call"


def _gerund_source(sentence: Sentence, at: int, previous: Said | None) -> Range | None:
    words, lower, first = sentence.words, sentence.lower, sentence.first
    end = skip_auxiliaries(lower, at - 1, first)
    if end < first or (end == first and lower[first] in WORDS["clause_starts"]):
        # "Calling him a liar is cheap" has no speaker, "Calling him a liar, she left" has.
        for k in range(at, sentence.end):
            if words[k] == ",":
                return first_subject(words, lower, k + 1, sentence.end)
            if lower[k] in FINITE:
                return None
        return None
    if end < at - 1 and end >= first and lower[end] != ",":
        return subject_before(words, lower, at, _clause_first(sentence, at))
    if end >= first and words[end][:1].isupper() and lower[end] not in WORDS["time_words"]:
        return subject_before(words, lower, at, _clause_first(sentence, at))
    if previous is not None and previous.source is not None and words[end] in ',”"—–':
        return previous.source
    if lower[end] in _NO_PARTICIPLE and previous is None:
        return None
    return first_subject(words, lower, first, at)


def _is_inverted(sentence: Sentence, at: int, after: int) -> bool:
    """Whether the subject follows: the verb stands after a comma or a closing mark."""
    words, lower, first, end = sentence.words, sentence.lower, sentence.first, sentence.end
    if at == first:
        return after < end and (words[after][:1].isupper() or lower[after] in ("the", "a", "one"))
    before = words[at - 1]
    if sentence.quoted[at - 1] or before in "”\"’'»" or before in DASHES:
        pass
    elif before != ",":
        return False
    if after >= end:
        return False
    following = words[after]
    if following in ",.:" or lower[after] in ("that", "in", "on", "at", "to", "it"):
        return False
    if lower[after] in WORDS["time_words"] or lower[at] in ("told", "tells", "tell"):
        return False
    if before == ",":
        # "Smith, a lawyer, said the deal …": an apposition comes before the verb.
        commas = sum(words[k] == "," for k in range(first, at - 1))
        quote_before = any(sentence.quoted[k] for k in range(max(first, at - 3), at))
        if commas and not quote_before and not _ends_soon(sentence, after):
            return False
        if not quote_before and lower[after] in WORDS["pronouns"]:
            return False
    return not _is_number(lower[after]) and following.isalpha()


def _is_number(word: str) -> bool:
    return word in ("two", "three", "four", "five", "six", "this", "that", "last", "late", "early")


def _ends_soon(sentence: Sentence, at: int) -> bool:
    """Whether a subject alone fills the rest of the sentence."""
    rest = range(at, min(sentence.end, at + 14))
    verbs = WORDS["auxiliaries"]
    return sentence.end - at < 14 and not any(
        sentence.lower[k] in verbs and sentence.lower[k] != "s" for k in rest
    )
