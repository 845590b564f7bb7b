"""Dates as their sources write them, to ISO 8601."""

from __future__ import annotations

import re
from datetime import date, datetime, time

_ISO = re.compile(r"(\d{4})[-/]?(\d\d)[-/]?(\d\d)(?:[T ]\s*(\d.*))?")
_DAY_FIRST = re.compile(
    r"(?:[A-Za-z]{3,9},?\s)?(\d{1,2})(?:st|nd|rd|th)?\s([A-Za-z]{3,9})\.?,?\s(\d{4})\b(.*)"
)
_MONTH_FIRST = re.compile(
    r"(?:[A-Za-z]{3,9},?\s)?([A-Za-z]{3,9})\.?\s(\d{1,2})(?:st|nd|rd|th)?,?\s(\d{4})\b(.*)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_UNIVERSAL = re.compile(r"\s*(?:Z|UTC|GMT)$")
_SPACED_ZONE = re.compile(r"\s+(?=[+-]\d\d:?\d\d$)")


def iso_date(written: object) -> str:
    """Return a date in ISO 8601, or as it is written where it can't be told.

    A moment at midnight without a zone is a date that passed through a table.
    "03/04/2021" stays as it is: which of the two is the month, nobody can tell.

    >>> iso_date("21 Feb, 2020 19:53"), iso_date("last Tuesday")
    ('2020-02-21T19:53:00', 'last Tuesday')
    """
    if isinstance(written, datetime):
        midnight = written.tzinfo is None and written.time() == time()
        return (written.date() if midnight else written).isoformat()
    if isinstance(written, date):
        return written.isoformat()
    text = " ".join(str(written).split())
    if found := _ISO.fullmatch(text):
        year, month, day, rest = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        day, name, year, rest = found.groups()
        month = _month(name)
    elif found := _MONTH_FIRST.fullmatch(text):
        name, day, year, rest = found.groups()
        month = _month(name)
    else:
        return text
    try:
        when = date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return text
    clock = _SPACED_ZONE.sub("", _UNIVERSAL.sub("+00:00", (rest or "").strip(" ,")))
    if not clock:
        return when
    try:
        return datetime.fromisoformat(f"{when}T{clock}").isoformat()
    except ValueError:  # "7:53 pm ET": the day is sure
        return when


def _month(name: str) -> str:
    short = name[:3].lower()
    return str(_MONTHS.index(short) + 1) if short in _MONTHS else "0"
