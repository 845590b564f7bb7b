"""A contrast as a page of HTML and as plain text; whatever is from articles is escaped."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any

from slantwise.in_words import one_line, visible
from slantwise.marking import read_template, templates
from slantwise.outlets import records

if TYPE_CHECKING:
    from slantwise.side_by_side import Contrast, Telling

_MOST = {"groups": 40, "words": 60, "naming": 60}  # shown on a page


def contrast_page(contrast: Contrast) -> str:
    """Return a self-contained page."""
    title = escape(one_line(contrast.event or "Outlets side by side"))
    return (
        "<!doctype html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
        "<meta http-equiv='Content-Security-Policy' "
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
        f"<meta name='color-scheme' content='light dark'>\n<title>{title}</title>\n</head>\n"
        f"<body>\n<main>\n{contrast_fragment(contrast)}\n</main>\n</body>\n</html>\n"
    )


def contrast_fragment(contrast: Contrast) -> str:
    """Return a fragment of HTML with its own style."""
    environment = templates()
    environment.globals |= {"marked": _marked, "voice_in_words": voice_in_words}
    content = environment.get_template("contrast.html.j2").render(
        event=contrast.event,
        outlets=contrast.outlets,
        n_articles=contrast.n_articles,
        notes=contrast.notes,
        groups=contrast.groups[: _MOST["groups"]],
        words=records(contrast.words.head(_MOST["words"])),
        naming=records(contrast.naming.head(_MOST["naming"])),
        omissions=records(contrast.omissions),
    )
    style = read_template("highlight.css") + read_template("contrast.css")
    return f"<style>{style}</style>\n<div class='sw'>{content}</div>"


def voice_in_words(one: Telling) -> str:
    """Say whose words a telling is.

    >>> from slantwise.side_by_side import Telling
    >>> voice_in_words(Telling("RT", "a", 0, 4, "Rain", "quote", "the minister", (), ()))
    'quoted from the minister'
    """
    speaker = one_line(one.speaker or "") or "somebody not named"
    if one.voice == "quote":
        return f"quoted from {speaker}"
    if one.voice == "reported":
        return f"attributed to {speaker}"
    said = f", with words of {speaker}" if one.speaker else ""
    return f"in the outlet’s own voice{said}"


def _marked(one: Telling) -> Any:
    """Mark loaded words and underline what no other telling has; everything is escaped."""
    from markupsafe import Markup

    shown = visible(one.text)
    marks: list[tuple[int, int, str, str]] = []
    for words in one.loaded:
        classes = "sw-mark" if words.differs else "sw-mark same"
        opening = (
            f"<mark class='{classes}' data-label='{escape(words.label)}' "
            f"data-voice='{escape(words.voice)}'>"
        )
        marks.append((words.start - one.start, words.end - one.start, opening, "</mark>"))
    taken = [(start, end) for start, end, *_ in marks]
    for start, end in one.only_here:
        low, high = start - one.start, end - one.start
        if all(high <= a or b <= low for a, b in taken):
            marks.append((low, high, "<u>", "</u>"))
    parts, at = [], 0
    for start, end, opening, closing in sorted(marks):
        start, end = max(start, at), min(end, len(shown))
        if start < end:
            parts += [escape(shown[at:start]), opening, escape(shown[start:end]), closing]
            at = end
    return Markup("".join([*parts, escape(shown[at:])]))


def contrast_text(contrast: Contrast) -> str:
    """Return a contrast as plain text; nothing from an article can steer a terminal."""
    return "\n".join(_lines(contrast)) + "\n"


def _lines(contrast: Contrast) -> Iterator[str]:
    names = ", ".join(map(one_line, contrast.outlets))
    event = one_line(contrast.event or "All articles")
    yield f"{event}: {contrast.n_articles:,} articles of {names}"
    yield from contrast.notes
    for number, group in enumerate(contrast.groups[: _MOST["groups"]], start=1):
        yield ""
        yield f"{number}. the same {group.kind} (likeness {group.likeness:.2f})"
        for one in group.tellings:
            yield f"   {one_line(one.outlet)}, {voice_in_words(one)}:"
            yield f"      {_bracketed(one)}"
    if not contrast.groups:
        yield "No two outlets tell the same thing in sentences that are enough alike."
    yield from ("", "Words that set an outlet apart (own voice, 5 % false discoveries)")
    for row in records(contrast.words.head(_MOST["words"])):
        yield (
            f"   {one_line(row['outlet'])}: {row['word']}  {row['n']} times, others "
            f"{row['n_others']}, z {row['z']:.1f}"
        )
    if contrast.words.empty:
        yield "   none beyond chance"
    for what, head in (("alone", "Reported by one outlet alone"), ("left out", "Left out")):
        rows = [row for row in records(contrast.omissions) if row["what"] == what]
        if rows:
            yield from ("", head)
        for row in rows:
            yield f"   {one_line(row['outlet'])}: {one_line(row['text'])}"


def _bracketed(one: Telling) -> str:
    """Put loaded words in brackets, with a star where they differ."""
    parts, at = [], one.start
    for words in one.loaded:
        if words.start < at:
            continue
        star = "*" if words.differs else ""
        parts.append(one.text[at - one.start : words.start - one.start])
        parts.append(f"[{one.text[words.start - one.start : words.end - one.start]}]{star}")
        at = words.end
    return one_line("".join([*parts, one.text[max(at - one.start, 0) :]]))
