"""A span said in words, and text from an article made harmless to show."""

from __future__ import annotations

from dataclasses import dataclass

from slantwise.records import Span

# One for one, so that offsets stay. C0 have pictures of their own, C1 have none; the last
# two ranges turn the direction of the text around them.
_VISIBLE = (
    {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"}
    | {0x7F: 0x2421}
    | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
    | dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
    | {0x85: 0x0A, 0x2028: 0x0A, 0x2029: 0x0A}
    | dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD)
)


@dataclass(frozen=True, slots=True)
class Description:
    """A span in words; an empty string where there is nothing to say."""

    what: str  # "name-calling, certainty 87%"
    who: str  # "in the outlet’s own voice"
    about: str  # "about Ostrava, negative"
    why: str  # "the word “regime”; said of a government"

    def __str__(self) -> str:
        """Join what there is to say."""
        return " · ".join(part for part in (self.what, self.who, self.about, self.why) if part)


def describe(span: Span) -> Description:
    """Say in words what a span is.

    >>> span = Span("", "", "", "text", 4, 10, "regime", "name-calling", 0.871, "outlet",
    ...             None, None, "Ostrava", None, "negative", 0, 20, ("the word “regime”",))
    >>> describe(span).what, describe(span).about
    ('name-calling, certainty 87%', 'about Ostrava, negative')
    """
    speaker = _named(span.speaker, span.speaker_name)
    who = {
        "outlet": "in the outlet’s own voice",
        "scare": "in scare quotes, which count as the outlet’s own voice",
        "quote": f"quoted from {speaker or 'somebody not named'}",
        "reported": f"attributed to {speaker or 'somebody not named'}, in indirect speech",
    }.get(span.voice, span.voice)
    target = _named(span.target, span.actor)
    valence = f", {span.valence}" if span.valence else ""
    return Description(
        what=f"{span.label}, certainty {100 * span.score:.0f}%",
        who=who,
        about=f"about {target}{valence}" if target else "",
        why="; ".join(span.evidence),
    )


def visible(text: str) -> str:
    r"""Make control characters visible and harmless, one for one.

    >>> visible("a\x1b[31mb\r\n")
    'a␛[31mb \n'
    """
    return text.replace("\r\n", " \n").translate(_VISIBLE)


def one_line(text: str) -> str:
    """Make a text visible on one line, for a title or a name."""
    return " ".join(visible(text).split())


def _named(nearest: str | None, name: str | None) -> str:
    if nearest and name and nearest.casefold() != name.casefold():
        return f"{name} (“{nearest}”)"
    return name or nearest or ""
