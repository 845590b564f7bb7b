"""Values from JSON, CSV and Parquet as what an article carries: words and plain scalars."""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from decimal import Decimal

from slantwise.reading.streams import decode

Scalar = str | int | float | bool | None

_INT64 = 1 << 63  # what an integer column can hold


def kind(value: object) -> str:
    """Name a value's kind as its file would: "a list", "a number"."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float | Decimal):
        return "a number"
    if isinstance(value, dict):
        return "an object"
    return "binary" if isinstance(value, bytes) else f"a {type(value).__name__}"


def words(name: str, value: object) -> str:
    """Return a value as words; empty where there is none.

    Raises
    ------
    ValueError
        If it is a list or an object; OSError if it is bytes that aren't UTF-8.
    """
    if isinstance(value, list | dict):
        raise ValueError(f"{name} is {kind(value)}, not text")
    plain = scalar(value)
    if isinstance(plain, float) and plain.is_integer():  # an integer column with gaps
        plain = int(plain)
    return "" if plain is None else str(plain)


def scalar(value: object) -> Scalar:
    """Return a value as one that JSON, CSV and Parquet can all hold; lists as JSON."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return value if -_INT64 <= value < _INT64 else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return decode(value)
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def require_writable(name: str, value: object) -> None:
    """Raise ValueError if a name or value holds half a character, which no file can hold."""
    for what in (name, value):
        if isinstance(what, str) and not what.isascii():
            try:
                what.encode("utf-8")
            except UnicodeEncodeError as error:
                shown = name.encode("utf-8", "backslashreplace").decode()
                half = f"\\u{ord(what[error.start]):04x}"
                raise ValueError(
                    f"{shown} holds a lone surrogate ({half} at {error.start})"
                ) from error
