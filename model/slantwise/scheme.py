"""The label scheme: what each label means, as data.

A span of loaded framing is the shortest run of words that takes a side where plain
words for the same facts exist. The test: could a careful news agency, writing for
readers on both sides of a dispute, print these words in its own voice without an
objection? Then there is no span. All examples are invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LabelDefinition:
    """One label: what it is, an example with the span in brackets, and its limit."""

    label: str
    what: str
    example: str
    not_this: str


@dataclass(frozen=True, slots=True)
class VoiceDefinition:
    """One voice: who uses the wording."""

    voice: str
    when: str


_DEFINITIONS = (
    LabelDefinition(
        "imputed-motive",
        "Says or takes for granted that somebody is insincere or has a hidden, low motive.",
        "The mayor opened the bridge early, [posing as a friend of commuters].",
        "A motive that is on record or that a source gives for its own act: "
        "to save fuel, the ferry company said.",
    ),
    LabelDefinition(
        "euphemism",
        "A flattering or softening word for an act that the other side calls something else.",
        "The army [cleansed] the harbour district; the factory [released] 300 workers.",
        "The same word meant literally: the lake was cleansed of oil.",
    ),
    LabelDefinition(
        "name-calling",
        "A name for a person, group or state that its bearers would reject, or that reduces "
        "them to something feared, hated or admired.",
        "The island's [regime] met the [diehards] of the dockers' union.",
        "Formal titles, party names, and what people call themselves.",
    ),
    LabelDefinition(
        "loaded-language",
        "Emotive words for acts, events or things, where no other label fits.",
        "The senator [savaged] the budget after a [shameful] night of talks.",
        "Technical terms, and strong facts plainly told.",
    ),
    LabelDefinition(
        "exaggeration",
        "Makes size, certainty or importance larger or smaller than the facts given.",
        "[Nobody in the world] still buys the plan; [a mere] 900 homes were flooded.",
        "A superlative that can be checked: the longest tunnel in the country.",
    ),
    LabelDefinition(
        "doubt",
        "Questions somebody's truthfulness, competence or standing without naming a motive.",
        "The minister's [so-called] audit found no fault.",
        "The usual caution about what is unproven: the alleged thief, before a trial.",
    ),
    LabelDefinition(
        "fear-appeal",
        "Raises threat or panic beyond what the reported facts bear out.",
        "Without the wall, the valley [will drown in crime].",
        "A risk that a source estimates and gives grounds for.",
    ),
    LabelDefinition(
        "flag-waving",
        "Appeals to pride in a nation, a group or a cause.",
        "[No people on earth is prouder] than ours, the column ended.",
        "The report that a flag was raised or an anthem sung.",
    ),
    LabelDefinition(
        "scare-quotes",
        "Quotation marks that hold a word at arm's length and report nobody's speech.",
        "The “[reform]” of the port authority begins in May.",
        "A quoted fragment that the sentence gives to a speaker, however short.",
    ),
    LabelDefinition(
        "other-technique",
        "Another persuasion technique that no other label fits: slogan, bandwagon, false "
        "choice, whataboutism, authority, a cause made too simple.",
        "[Either the dam is built or the nation dies.]",
        "An argument with its grounds, even a sharp one.",
    ),
)
SCHEME: Mapping[str, LabelDefinition] = {one.label: one for one in _DEFINITIONS}

VOICE_SCHEME = (
    VoiceDefinition("outlet", "The outlet or its author says it, in narration or headline."),
    VoiceDefinition("quote", "A source says it, inside quotation marks."),
    VoiceDefinition("reported", "A source says it, in indirect speech."),
    VoiceDefinition("scare", "The outlet sets it in scare quotes; counts as its own voice."),
)
