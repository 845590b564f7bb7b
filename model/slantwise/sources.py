"""Who speaks: the shortest naming phrase beside a reporting verb.

"Turkish Defense Minister Hulusi Akar told" is said by Hulusi Akar, "critics of
the deal, who say" by critics of the deal. Ranges are half-open token indices.
"""

from __future__ import annotations

from functools import lru_cache

from slantwise.cues import cue_book

Range = tuple[int, int]

_BOOK = cue_book()
_TITLES = _BOOK.words["titles"]
_BODIES = _BOOK.words["bodies"]
_CIVIL = _BOOK.words["civil_titles"]
_PARTICLES = _BOOK.words["particles"]
_AUXILIARIES = _BOOK.words["auxiliaries"]
_ADVERBS = _BOOK.words["adverbs"]
_PREPOSITIONS = _BOOK.words["prepositions"]
_CLAUSE_STARTS = _BOOK.words["clause_starts"]
_DETERMINERS = _BOOK.words["determiners"]
_PRONOUNS = _BOOK.words["pronouns"]
_TIMES = _BOOK.words["time_words"]
_APOSTROPHES = frozenset("'’")
_HARD_STOPS = frozenset(';:—–“”"«»()[]!?•')
_INSIDE_NAMES = frozenset(".-'’&")
_LONGEST = 26  # tokens of a subject with its appositions


@lru_cache(maxsize=1 << 15)
def is_adverb(word: str) -> bool:
    """Whether a lower-cased word may stand between a subject and its verb."""
    return word in _ADVERBS or (word.endswith("ly") and len(word) > 4 and word != "family")


def skip_auxiliaries(lower: list[str], at: int, first: int) -> int:
    """Return the index of the last token before the auxiliaries and adverbs that end at `at`."""
    while at >= first:
        word = lower[at]
        if word in _AUXILIARIES or is_adverb(word):
            at -= 1
        elif word in _APOSTROPHES and at + 1 < len(lower) and lower[at + 1] in _AUXILIARIES:
            at -= 1
        else:
            break
    return at


def subject_before(words: list[str], lower: list[str], verb: int, first: int) -> Range | None:
    """Return the naming phrase of the subject of a verb, looking back no further than `first`."""
    first = max(first, verb - _LONGEST * 2)
    at = skip_auxiliaries(lower, verb - 1, first)
    if at < first:
        return None
    word = lower[at]
    if word in ("who", "which", "that") and at > first:
        at -= 1
        if lower[at] == "," and at > first:
            at -= 1
        start = _after_introduction(words, lower, max(first, at - 14), at)
        return naming_phrase(words, lower, start, at + 1)
    if word in ("and", "but", "or", "then") and at > first:
        return None
    if word == ",":
        back = skip_auxiliaries(lower, at - 1, first)
        if back < at - 1 and back > first and lower[back] == ",":
            return phrase_ending(words, lower, back - 1, first)  # "Trump, meanwhile, portrays"
        return _before_apposition(words, lower, at, first)
    if word in "—–" and at > first:
        opening = next((k for k in range(at - 1, first, -1) if words[k] in "—–"), -1)
        if 0 < at - opening < 18 and opening > first:
            return phrase_ending(words, lower, opening - 1, first)
        return None
    if word == ")" and "(" in words[max(first, at - 8) : at]:
        while at > first and words[at] != "(":
            at -= 1
        return phrase_ending(words, lower, at - 1, first)
    return phrase_ending(words, lower, at, first)


def _before_apposition(words: list[str], lower: list[str], comma: int, first: int) -> Range | None:
    """Find the subject of "Smith, a lawyer, said": back over what only explains it."""
    start = comma - 1
    while start >= first and words[start] not in _HARD_STOPS:
        start -= 1
    start += 1
    if comma <= start:
        return None
    ends = [*(at for at in range(start, comma) if words[at] == ","), comma]
    begins = [start, *(end + 1 for end in ends[:-1])]
    segments = [(left, end) for left, end in zip(begins, ends, strict=True) if end > left]
    for place in range(len(segments) - 1, -1, -1):
        left, end = segments[place]
        opening = lower[left]
        if opening in _PREPOSITIONS or (
            opening in _CLAUSE_STARTS and opening not in ("and", "but")
        ):
            continue
        if opening in _TIMES or (is_adverb(opening) and words[left].islower()):
            continue
        if any(is_finite(words, lower, at) for at in range(left + 1, end)):
            return first_subject(words, lower, left, end)
        if place and (words[left].islower() or opening in ("the", "a", "an")):
            before = segments[place - 1]
            if words[before[1] - 1][:1].isupper() and before[1] - before[0] < 9:
                continue  # an apposition to a name
        if place and ((end - left == 1 and not words[left].isalpha()) or words[left] in ("R", "D")):
            continue  # an age, a party and state
        return phrase_ending(words, lower, end - 1, left)
    return None


def is_finite(words: list[str], lower: list[str], at: int) -> bool:
    """Whether a token is, in all likelihood, a verb in the present or past tense."""
    word = lower[at]
    if not words[at].islower():
        return False
    if word in _AUXILIARIES and word not in ("s", "t"):
        return True
    return word in _BOOK.pasts and lower[at - 1] not in _DETERMINERS


def phrase_ending(words: list[str], lower: list[str], last: int, first: int) -> Range | None:
    """Return the naming phrase whose last token is `last`."""
    if lower[last] in _PRONOUNS and lower[last] in ("he", "she", "they", "i", "we", "you", "it"):
        return last, last + 1
    start = last
    floor = max(first, last - _LONGEST)
    while start >= floor:
        word = lower[start]
        if word in _HARD_STOPS or word == ",":
            break
        if word == ".":  # an abbreviation inside: "Sen. Cruz"
            if start == floor or len(words[start - 1]) > 4:
                break
        elif word in ("and", "or") and start > floor:
            right = words[start + 1] if start < last else ""
            left = words[start - 1]
            if left[:1].islower() and right[:1].isupper():
                break
            if lower[start - 1] in _TIMES or left == ",":
                break
        elif (word in _CLAUSE_STARTS and word != "since") or word == "to":
            break
        elif start < last and word in _BOOK.pasts and word not in _BOOK.bases:
            if words[start].islower() and lower[start - 1] not in _DETERMINERS:
                break
        elif word in _AUXILIARIES and not (start and words[start - 1] in _APOSTROPHES):
            if not (word in ("s", "t") or words[start][:1].isupper()):
                break
        start -= 1
    start += 1
    start = _skip_leading(words, lower, start, last + 1)
    if start > last:
        return None
    if lower[start] in _PREPOSITIONS and start < last:
        # "In a statement Trump": the words of the introduction end where a name begins.
        start = _after_introduction(words, lower, start, last)
    return naming_phrase(words, lower, start, last + 1)


def _after_introduction(words: list[str], lower: list[str], start: int, last: int) -> int:
    at = last
    if words[last][:1].isupper():
        while at > start + 1 and _in_name(words, lower, at - 1):
            at -= 1
        if at > start + 1 and lower[at - 1] in _DETERMINERS:
            at -= 1
        return at
    while at > start and lower[at] not in _DETERMINERS and lower[at] not in _PREPOSITIONS:
        at -= 1
    return at + (lower[at] in _PREPOSITIONS and at < last)


def _in_name(words: list[str], lower: list[str], at: int) -> bool:
    word = words[at]
    return (
        (word[:1].isupper() and lower[at] not in _TIMES) or word in ".-" or lower[at] in _PARTICLES
    )


def naming_phrase(words: list[str], lower: list[str], start: int, end: int) -> Range | None:
    """Shorten a noun phrase: a person's name without titles; else the phrase as written."""
    while start < end and (words[start] in ",." or lower[start] in _CLAUSE_STARTS):
        start += 1
    while end > start and words[end - 1] in ",.":
        end -= 1
    start = _skip_leading(words, lower, start, end - 1)
    if start >= end:
        return None
    if lower[start] in _PRONOUNS and end - start <= 2 and lower[start] not in _DETERMINERS:
        return start, start + 1
    head = start + 1
    while head < end and not _is_cut(lower, head, start):
        head += 1
    if (head + 1 < end and lower[head + 1] in _TIMES) or lower[head - 1] in ("earlier", "late"):
        end = head  # "the army on Wednesday"
    body = start + 1
    while body < head and lower[body] not in _PREPOSITIONS:
        body += 1
    if body < head and words[head - 1][:1].isupper():  # "the Council for Water"
        begin = body - 1
        while begin > start and (words[begin - 1][:1].isupper() or lower[begin - 1] == "the"):
            begin -= 1
        return begin, head
    if not words[head - 1][:1].isupper() or (lower[head - 1] in _TITLES and head - start < 4):
        return start, end
    begin = head - 1
    while begin > start and _continues_name(words, lower, begin - 1):
        begin -= 1
    name = begin
    for at in range(begin, head - 1):
        if lower[at] in _TITLES:
            name = at + 1
    while name < head - 1 and words[name] in _INSIDE_NAMES:
        name += 1
    if (head < end and name == start) or (lower[name - 1] in ("the", "a", "an") and name > start):
        # "the Kremlin", "the Center for Politics": the phrase is the name.
        return (name - 1 if name > start else name), (end if head < end else head)
    return name, head


def _skip_leading(words: list[str], lower: list[str], start: int, end: int) -> int:
    """Pass over adverbs and times before a noun phrase: "later Monday", "Tuesday's"."""
    while start < end:
        if lower[start] in _TIMES or is_adverb(lower[start]):
            if words[start][:1].isupper() and start + 1 < end and words[start + 1][:1].isupper():
                return start + (lower[start] in _TIMES)  # "Daily Herald"
            start += 1
        elif words[start] in _APOSTROPHES and start + 1 < end and lower[start + 1] == "s":
            start += 2
        else:
            break
    return start


def _is_cut(lower: list[str], at: int, start: int) -> bool:
    """Whether a naming phrase may end before this preposition: not in "Council of Europe"."""
    if lower[at] not in _PREPOSITIONS:
        return False
    body = any(lower[k] in _BODIES for k in range(start, at)) and lower[at] in ("of", "for")
    return not body


def _continues_name(words: list[str], lower: list[str], at: int) -> bool:
    word = words[at]
    if word[:1].isupper():
        return lower[at] not in _DETERMINERS
    if word in _INSIDE_NAMES:
        return at > 0 and words[at - 1][:1].isupper()
    return lower[at] in _PARTICLES and words[at + 1][:1].isupper()


def subject_after(words: list[str], lower: list[str], verb: int, end: int) -> Range | None:
    """Return the naming phrase that follows an inverted verb: "…,” said Akar, the minister"."""
    at = start = verb + 1
    while at < end and at - start < _LONGEST:
        word = lower[at]
        if word in _HARD_STOPS or word == "," or word in ("who", "which", "when", "after", "as"):
            break
        if word == "." and (at + 1 >= end or len(words[at - 1]) > 4):
            break
        if word in ("in", "on", "during", "at") and at > start and words[at - 1][:1].isupper():
            break
        if word in _TIMES and at > start:
            break
        at += 1
    return naming_phrase(words, lower, start, at) if at > start else None


def first_subject(words: list[str], lower: list[str], first: int, end: int) -> Range | None:
    """Return the naming phrase at the head of a clause, for participles: "X left, saying …"."""
    at = first
    while at < end:
        if lower[at] in _PREPOSITIONS:
            while at < end and words[at] != ",":
                at += 1
        elif not (lower[at] in _CLAUSE_STARTS or is_adverb(lower[at]) or words[at] == ","):
            break
        at += 1
    start = at
    while at < end:
        word = lower[at]
        past = word.endswith("ed") and words[at][:1].islower() and at > start
        if past or word in _AUXILIARIES or word == "," or word in _HARD_STOPS:
            break
        if word in _BOOK.classes and at > start and words[at][:1].islower():
            break
        if at > start and is_adverb(word):
            break
        if at > start and word in _PREPOSITIONS and words[at - 1][:1].isupper() and word != "of":
            break
        at += 1
        if at - start == 1 and lower[start] in _PRONOUNS and lower[start] not in _DETERMINERS:
            break
    if at == start or at - start > 9:
        return None
    return naming_phrase(words, lower, start, at)
