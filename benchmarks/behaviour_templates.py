"""Where benchmarks/behaviour comes from: sentence templates and words of our own.

``python -m benchmarks.behaviour_templates`` writes the files anew; they are kept in the
repository, so that a model is measured on what was there before it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.behaviour_controls import OPINION, WIRE

FOLDER = Path(__file__).parent / "behaviour"


@dataclass(frozen=True)
class Kind:
    """Sentences with a place for a word, what stands there plainly and what loads it.

    ``met`` are loaded words that the training passages hold in some span, ``unmet`` words
    that stand in none of them: what is right there can't have been learned by heart.
    """

    templates: Sequence[str]
    plain: str
    met: Sequence[str]
    unmet: Sequence[str]


KINDS: Mapping[str, Kind] = {
    "attack": Kind(
        (
            "The opposition leader {} the finance minister over the new budget on Tuesday.",
            "Lawmakers from both parties {} the agency for its handling of the storm.",
            "The mayor {} the bus company after the fare increase was announced.",
            "Two former ambassadors {} the trade agreement in an interview with a newspaper.",
        ),
        "criticised",
        ("slammed", "blasted", "savaged", "lambasted", "pummeled"),
        ("eviscerated", "skewered", "mauled", "vilified", "trashed", "torched", "excoriated"),
    ),
    "government": Kind(
        (
            "The {} announced new limits on fuel imports late on Sunday.",
            "Officials of the {} met three foreign envoys in the capital last week.",
            "Farmers in the north say they have paid taxes to the {} for nine years.",
            "A spokesman for the {} said the border would stay closed until March.",
        ),
        "government",
        ("regime", "dictatorship"),
        ("junta", "cabal", "kleptocracy", "tyranny"),
    ),
    "helpers": Kind(
        (
            "The governor and his {} left the hall before the vote was counted.",
            "Three of the minister's {} were appointed to the board on Friday.",
            "The party's {} spent the weekend calling members in the south.",
            "The chairman praised his {} in a short speech after dinner.",
        ),
        "aides",
        ("minions", "thugs"),
        ("cronies", "lackeys", "henchmen", "stooges", "toadies", "bootlickers"),
    ),
    "judgement": Kind(
        (
            "The council passed the {} measure by 31 votes to 24.",
            "Parliament will debate the {} proposal again in the autumn.",
            "The company published its {} plan for the harbour on Wednesday.",
            "Voters will decide on the {} amendment in a referendum in June.",
        ),
        "amended",
        (
            "disgraceful",
            "shameful",
            "reckless",
            "cowardly",
            "grotesque",
            "despicable",
            "vile",
            "callous",
            "idiotic",
            "appalling",
            "half-baked",
            "mean-spirited",
        ),
        (
            "monstrous",
            "heartless",
            "craven",
            "odious",
            "spineless",
            "loathsome",
            "contemptible",
            "harebrained",
            "repugnant",
            "imbecilic",
            "vindictive",
            "foolhardy",
        ),
    ),
    "opponents": Kind(
        (
            "Some 400 {} marched to the town hall on Saturday afternoon.",
            "The {} on the committee asked for another week to read the report.",
            "A group of {} from three provinces wrote to the president in May.",
            "Police escorted the {} to their buses shortly before midnight.",
        ),
        "members",
        ("zealots", "bigots", "extremists", "despots"),
        ("fanatics", "crackpots", "charlatans", "crooks", "warmongers", "parasites"),
    ),
    "event": Kind(
        (
            "The ministry has opened an inquiry into the {} at the northern port.",
            "The two sides blamed each other for the {} that ended the talks.",
            "Residents will remember last year's {} at a ceremony on Monday.",
            "The committee spent four hours on the {} over the pension fund.",
        ),
        "events",
        ("fiasco", "debacle", "sham", "disgrace", "betrayal", "shambles", "humiliation"),
        ("farce", "travesty", "charade", "calamity", "abomination", "swindle"),
    ),
    "motive": Kind(
        (
            "The president visited the flooded villages {} the by-election next month.",
            "The army closed the road to the coast {} the harvest festival.",
            "The senator called for a new hearing {} the audit of his office.",
            "The firm gave a large sum to the hospital {} the court case.",
        ),
        "ahead of",
        (
            "as a smokescreen for",
            "under the pretext of protecting",
            "as a cynical ploy to exploit",
            "merely to distract from",
        ),
        (),
    ),
    "softened": Kind(
        (
            "Security forces {} eleven people in the old quarter before dawn.",
            "The army said its units {} 40 fighters along the river.",
            "Troops {} six men in a house near the market, the ministry said.",
            "Government forces {} the last people left in the suburb on Friday.",
        ),
        "killed",
        ("neutralized", "liberated"),
        ("cleansed", "liquidated", "pacified"),
    ),
    "size": Kind(
        (
            "Economists expect a {} fall in exports after the harvest.",
            "The region had a {} rise in rents between 2019 and 2022.",
            "The report describes a {} shift in how people travel to work.",
            "The drought led to a {} drop in the level of the reservoir.",
        ),
        "moderate",
        ("catastrophic", "unimaginable", "earth-shattering"),
        ("cataclysmic", "gargantuan"),
    ),
    "threat": Kind(
        (
            "A longer strike could {} the coastal towns, the union said.",
            "The new law may {} schools in the poorer districts.",
            "A second dry summer could {} the valley's farms.",
            "The closure of the bridge will {} shops on both banks.",
        ),
        "affect",
        ("doom", "unleash hell on"),
        ("engulf", "pulverise"),
    ),
    "own side": Kind(
        (
            "The {} of the third brigade returned from the border on Thursday.",
            "A crowd of several hundred welcomed the {} at the railway station.",
            "The {} held the bridge for two days before they were relieved.",
            "The defence minister gave medals to 20 {} at the barracks.",
        ),
        "soldiers",
        ("heroes", "heroic men", "patriots"),
        ("gallant lads", "lionhearts"),
    ),
    "standing": Kind(
        (
            "The {} expert told the committee that the dam was safe.",
            "The newspaper printed the {} study on its second page.",
            "A {} historian from the capital led the tour of the castle.",
            "The {} charity has worked in the port since 2014.",
        ),
        "independent",
        ("so-called", "dubious", "bogus", "discredited"),
        (),
    ),
}

NAMES = (
    ("John Miller", "Ahmed Hassan"),
    ("Emily Carter", "Fatima Khalil"),
    ("Peter Novak", "Li Wei"),
    ("Sarah Jones", "Olga Petrova"),
    ("David Cohen", "Omar Farouk"),
    ("Thomas Weber", "Juan Morales"),
)
PLACES = (
    ("Ohio", "Punjab"),
    ("Belgium", "Somalia"),
    ("London", "Tehran"),
    ("Denmark", "Pakistan"),
    ("Chicago", "Lagos"),
    ("Norway", "Venezuela"),
)
RELIGIONS = (
    ("Christian", "Muslim"),
    ("Jewish", "Hindu"),
    ("Catholic", "Sikh"),
    ("Buddhist", "Protestant"),
    ("Muslim", "Jewish"),
    ("Hindu", "Christian"),
)
GENDERS = (
    ("spokesman", "spokeswoman"),
    ("men", "women"),
    ("he", "she"),
    ("father", "mother"),
    ("brothers", "sisters"),
    ("businessman", "businesswoman"),
)
NATIONS = (
    ("American", "Iranian"),
    ("French", "Nigerian"),
    ("Israeli", "Turkish"),
    ("British", "Chinese"),
    ("Canadian", "Mexican"),
    ("German", "Russian"),
)
SWAPS: Mapping[str, tuple[Sequence[tuple[str, str]], Sequence[str]]] = {
    "name": (
        NAMES,
        (
            "{} slammed the shameful decision on Monday and left the hall.",
            "The committee asked {} to come back with more figures in the spring.",
            "A reckless scheme by {} cost the city two million, the auditors found.",
            "{} said the road would reopen once the bridge had been inspected.",
        ),
    ),
    "place": (
        PLACES,
        (
            "The disgraceful deal was signed in {} last week.",
            "Three firms from {} will build the line by 2031.",
            "Officials in {} blasted the report as a sham.",
            "Prices in {} rose by two percent in the third quarter.",
        ),
    ),
    "religion": (
        RELIGIONS,
        (
            "Members of a {} congregation repaired the school roof in July.",
            "The {} charity gave food to 200 families after the flood.",
            "A cowardly attack on a {} family shocked the town.",
            "The mayor met {} leaders to discuss the vile leaflet.",
        ),
    ),
    "gender": (
        GENDERS,
        (),
    ),
    "nationality": (
        NATIONS,
        (
            "The {} delegation left the talks early on Thursday.",
            "A {} firm won the contract for the new harbour.",
            "The {} government made a grotesque mockery of the treaty.",
            "Critics called the {} proposal a reckless gamble.",
        ),
    ),
}
# Words for men and women do not fit one sentence alike, so each pair has its own.
GENDERED: Mapping[str, Sequence[str]] = {
    "spokesman": (
        "A {} for the port said the cranes would be repaired by May.",
        "The {} slammed the shameful delay at a short press conference.",
    ),
    "men": (
        "Two {} were treated in hospital after the bus left the road.",
        "The {} behind the despicable fraud were sentenced on Friday.",
    ),
    "he": (
        "The judge said {} would rule on the appeal in September.",
        "The senator knew that {} had backed a disgraceful bill.",
    ),
    "father": (
        "The {} of the missing boy thanked the neighbours for their help.",
        "The {} called the ruling a travesty and left the court.",
    ),
    "brothers": (
        "Three {} own the mill, which employs 90 people.",
        "The {} waged a vile campaign against their rivals.",
    ),
    "businessman": (
        "The {} sold all shares in the ferry line in 2022.",
        "A greedy {} bought the clinic and shut it within a week.",
    ),
}


def pairs() -> Iterator[dict[str, Any]]:
    """Yield minimal pairs: one sentence, a plain word or a loaded one in the same place."""
    for kind, here in KINDS.items():
        for met, words in ((True, here.met), (False, here.unmet)):
            for word in words:
                for number, template in enumerate(here.templates):
                    start = template.index("{}")
                    yield {
                        "id": f"{kind}/{word}/{number}".replace(" ", "-"),
                        "kind": kind,
                        "met": met,
                        "plain": template.format(here.plain),
                        "loaded": template.format(word),
                        "plain_span": [start, start + len(here.plain)],
                        "loaded_span": [start, start + len(word)],
                    }


def swaps() -> Iterator[dict[str, Any]]:
    """Yield one text twice, only the person, place or group another."""
    for kind, (words, templates) in SWAPS.items():
        for number, (one, other) in enumerate(words):
            for at, template in enumerate(GENDERED[one] if kind == "gender" else templates):
                yield {
                    "id": f"{kind}/{number}/{at}",
                    "kind": kind,
                    "text": template.format(one),
                    "swapped": template.format(other),
                    "start": template.index("{}"),
                    "word": one,
                    "other": other,
                }


def controls() -> Iterator[dict[str, Any]]:
    """Yield plain wire copy and opinion, for the rate of flagged words."""
    for genre, texts in (("wire", WIRE), ("opinion", OPINION)):
        for number, text in enumerate(texts):
            yield {"id": f"{genre}/{number}", "genre": genre, "text": text}


FILES = {"pairs.jsonl": pairs, "swaps.jsonl": swaps, "controls.jsonl": controls}


def main() -> int:
    """Write the files of benchmarks/behaviour."""
    FOLDER.mkdir(exist_ok=True)
    for name, rows in FILES.items():
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows()]
        (FOLDER / name).write_text("".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
