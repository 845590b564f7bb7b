"""What flows through slantwise: small frozen values, documented by their lines.

Offsets are half-open code points into the field that was read, everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LABELS = (
    "imputed-motive",
    "euphemism",
    "name-calling",
    "loaded-language",
    "exaggeration",
    "doubt",
    "fear-appeal",
    "flag-waving",
    "scare-quotes",
    "other-technique",
)
VOICES = ("outlet", "quote", "reported", "scare")
OWN_VOICES = ("outlet", "scare")
VALENCES = ("negative", "positive")
FIELDS = ("title", "text")


@dataclass(frozen=True, slots=True)
class Article:
    """One article as read.

    >>> Article("Two soldiers were killed.", outlet="Harbour Wire").outlet
    'Harbour Wire'
    """

    text: str
    article_id: str = ""
    outlet: str = ""
    date: str = ""  # ISO 8601
    title: str = ""
    url: str = ""
    event: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)  # further columns, carried through


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not be read, and why."""

    source: str  # file or URL
    place: str  # "line 3", "row 17", "" for the whole source
    reason: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """A passage between quotation marks; offsets exclude the marks."""

    start: int
    end: int
    kind: str  # "speech", "fragment", "scare", "name"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says what: content, and where named its source and cue (offset pairs)."""

    content: tuple[int, int]
    source: tuple[int, int] | None  # the shortest naming phrase, as written
    cue: tuple[int, int] | None
    direct: bool  # inside quotation marks
    phrase: tuple[int, int] | None = None  # the source in full: "water minister Ada Moss"
    named: tuple[int, int] | None = None  # the fullest naming of the source in the article
    chain: tuple[tuple[int, int], ...] = ()  # sources whom that source quotes, outermost first


@dataclass(frozen=True, slots=True)
class Span:
    """One loaded span; the columns of the contract, in its order."""

    article_id: str
    outlet: str
    date: str
    field: str  # "title" or "text"
    start: int
    end: int
    text: str
    label: str
    score: float  # calibrated probability
    voice: str
    speaker: str | None
    speaker_name: str | None
    target: str | None
    actor: str | None
    valence: str | None
    sentence_start: int
    sentence_end: int
    evidence: tuple[str, ...] = ()

    @property
    def own_voice(self) -> bool:
        """Whether the outlet itself says it (``outlet`` and ``scare``)."""
        return self.voice in OWN_VOICES
