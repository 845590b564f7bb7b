"""Words that announce somebody's words: reporting verbs and nouns, and how they are built.

The lists are in ``data/cues.json``. A verb's class says what it takes:

    say, claim, think   a clause: "said (that) …", "…, she said"
    tell                an object, then a clause: "told reporters that …"
    accuse              an object, then "of", "for", "as": "accused Y of …"
    regard              an object, then "as": "described Y as …"
    call                an object and its name: "called Y a …"
    deny                a noun phrase or clause: "denied …"
    want                an infinitive or clause: "vowed to …"
    utter               only words in quotation marks: "“…,” he quipped"
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "cues.json"


@dataclass(frozen=True, slots=True)
class CueBook:
    """The lists, ready for look-up by lower-cased word."""

    classes: dict[str, tuple[str, ...]]  # verb form -> its classes, the preferred one first
    bases: frozenset[str]  # forms that a plural or an infinitive has: "say"
    thirds: frozenset[str]  # "says"
    pasts: frozenset[str]  # "said"
    gerunds: frozenset[str]  # "saying"
    plain: frozenset[str]  # forms that are hardly ever anything but reporting verbs
    phrases: dict[str, tuple[tuple[tuple[str, ...], str], ...]]  # form -> (words after, class)
    nouns: dict[str, str]  # noun -> "assertion" or "thought"
    words: dict[str, frozenset[str]]  # the closed classes, by name


@cache
def cue_book() -> CueBook:
    """Read the lists, once in a process."""
    data = json.loads(_FILE.read_text(encoding="utf-8"))
    classes: dict[str, tuple[str, ...]] = {}
    forms: dict[str, set[str]] = {"base": set(), "third": set(), "past": set(), "gerund": set()}
    for kind, verbs in data["verbs"].items():
        for verb in verbs:
            for place, form in enumerate(verb.split()):
                if kind not in classes.get(form, ()):
                    classes[form] = (*classes.get(form, ()), kind)
                if form.endswith("ing"):
                    forms["gerund"].add(form)
                else:
                    forms[("base", "third")[place] if place < 2 else "past"].add(form)
    phrases: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {}
    for kind, entries in data["phrases"].items():
        for entry in entries:
            verb, *rest = entry.split(" + ")
            for form in verb.split():
                phrases[form] = (*phrases.get(form, ()), (tuple(rest), kind))
    nouns = {noun: kind for kind, listed in data["nouns"].items() for noun in listed.split()}
    words = {
        name: frozenset(listed.split()) for name, listed in data.items() if isinstance(listed, str)
    }
    return CueBook(
        classes,
        frozenset(forms["base"]),
        frozenset(forms["third"]),
        frozenset(forms["past"]),
        frozenset(forms["gerund"]),
        words["plain"],
        phrases,
        nouns,
        words,
    )
