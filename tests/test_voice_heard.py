"""The embedded model's voices, case by case: spans as they would be labelled.

``{quote Ada Moss: …}``, ``{reported: …}`` and ``{scare: …}`` as in ``test_voice``;
``{outlet: …}`` are the outlet's own words. What stands in no braces is left open: whether
"that" belongs to what was said is a matter of taste.
"""

from __future__ import annotations

import re
import time

import numpy as np
import pytest

from slantwise import FramingModel, load_model
from slantwise.text import read_document

MARKUP = re.compile(r"\{(quote|reported|scare|outlet)(?: ([^:{}]*))?: ([^{}]*)\}")
CASES = [
    # direct speech, interrupted by its cue, nested, over paragraphs
    "“{quote Ada Moss: We will build the dam,}” {outlet: Ada Moss said on Monday}.",
    "“{quote Ada Moss: We will build the dam,}” said Ada Moss, the water minister.",
    "“{quote Ada Moss: We will,}” said Ada Moss. “{quote Ada Moss: The river is ours.}”",
    "Water Minister Ada Moss told reporters: “{quote Ada Moss: We will build the dam.}”",
    "«{quote Ada Moss: We will build the dam,}» Ada Moss said.",
    "“{quote Ada Moss: He called it ‘a crime’ and left the room,}” Ada Moss said.",
    "“{quote Ada Moss: One thing is clear to me.}\n\n“{quote Ada Moss: We go,}” Ada Moss said.",
    # fragments
    "The army vowed to “{quote The army: liberate the valley from its enemies}”.",
    "Ada Moss called the dam “{quote Ada Moss: a wall of shame}”.",
    "Ada Moss condemned what she called “{quote she: a crime}”.",
    # indirect speech
    "Ada Moss said that {reported Ada Moss: the brutal regime must go}. {outlet: Rain fell}.",
    "{reported Ada Moss: The brutal regime must go}, Ada Moss said.",
    "Ada Moss accused the company of {reported Ada Moss: poisoning the river}.",
    "Ada Moss described the dam as {reported Ada Moss: a crime against nature}.",
    "Ada Moss warned that {reported Ada Moss: the town would drown}.",
    "{reported Ada Moss: The dam is a disgrace to the valley}, according to Ada Moss.",
    "Critics of the dam say {reported Critics of the dam: it is a disaster}.",
    "LATEST — Ministry of Water on the flood:\n{reported Ministry of Water: "
    "• 12 cowardly raiders have been neutralized\n• 3 boats have been destroyed}\nRain goes on.",
    "ADA MOSS: {quote ADA MOSS: The dam is a disgrace and they know it well.}\n"
    "JOHN REED: {quote JOHN REED: You built it.}",
    # the outlet's own words
    "The law says nothing of this. {outlet: The dam is a disgrace}.",
    "{outlet: The brutal regime shelled the town. Ships called at the harbour in May}.",
    "{outlet: The alleged attack shook the ruthless regime}.",
    "I think {outlet: the dam is a disgrace}.",
    "{outlet: The ruthless regime} said {reported The ruthless regime: the town was safe}.",
    "{outlet: Feigning concern}, Ada Moss said {reported Ada Moss: the town was safe}.",
    # marks that quote nobody
    "The plan should part “{scare: moderate}” rebels from {outlet: terrorists}.",
    "Posts of the “{scare: free press}” were closed.",
    "The ministry hailed the day. The “{scare: reform}” {outlet: closed nine schools}.",
    "Ada “{outlet: The Rock}” Moss won the race.",
    "{outlet: A film titled} “{outlet: Winter Harbour}” {outlet: opens in May}.",
    "{outlet: The wall is 5'11\" high and the dam isn't}.",
]
_LEAST = 0.85  # of the cases; a network is no rule, and each new one errs elsewhere


@pytest.fixture(scope="module")
def model() -> FramingModel:
    fast = load_model("fast")
    if fast.attributor is None:
        pytest.skip("the embedded model finds voices by rule; test_voice has its cases")
    return fast


def is_right(model: FramingModel, marked: str) -> bool:
    text, at = "", 0
    expected = []
    for match in MARKUP.finditer(marked):
        text += marked[at : match.start()]
        expected.append((len(text), len(text) + len(match[3]), match[1], match[2]))
        text += match[3]
        at = match.end()
    text += marked[at:]
    (voices,) = model.spread([read_document(text, unscored=())]).voices
    return all(voices.at(start, end) == (voice, who) for start, end, voice, who in expected)


def test_cases(model: FramingModel) -> None:
    wrong = [case for case in CASES if not is_right(model, case)]
    assert len(wrong) <= (1 - _LEAST) * len(CASES), "\n".join(wrong)


def test_a_megabyte_of_marks_takes_less_than_two_seconds(model: FramingModel) -> None:
    rng = np.random.default_rng(0)
    text = "".join(rng.choice(list("\"“”‘’'«»„‚‹›"), size=1_000_000))
    document = read_document(text, unscored=())
    started = time.process_time()
    model.spread([document])
    # Voices take two seconds, and the reading that a spread needs as much again.
    assert time.process_time() - started < 8
