"""slantwise labels loaded framing in news text: which device, in whose voice, about whom.

>>> import slantwise
>>> labelled = slantwise.load_model().label("Critics slammed the plan.", outlet="Harbour Wire")
>>> [(span.text, span.label) for span in labelled.counted]
[('slammed', 'loaded-language')]

Names are imported when they are first used, so that ``import slantwise`` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from slantwise.articles import read_articles
    from slantwise.errors import (
        InputError,
        ModelError,
        NothingToRead,
        ScoresError,
        SlantwiseError,
        UsageError,
    )
    from slantwise.model import FramingModel, LabelledArticle, load_model
    from slantwise.outlets import Profile, profile
    from slantwise.quoted import speakers
    from slantwise.records import LABELS, VOICES, Article, Rejected, Span
    from slantwise.report_page import report
    from slantwise.scores import Scores, read_scores

__version__ = "0.1.0"

__all__ = [
    "LABELS",
    "VOICES",
    "Article",
    "FramingModel",
    "InputError",
    "LabelledArticle",
    "ModelError",
    "NothingToRead",
    "Profile",
    "Rejected",
    "Scores",
    "ScoresError",
    "SlantwiseError",
    "Span",
    "UsageError",
    "load_model",
    "profile",
    "read_articles",
    "read_scores",
    "report",
    "speakers",
]

_MODULE = {
    "articles": ["read_articles"],
    "errors": [
        "InputError",
        "ModelError",
        "NothingToRead",
        "ScoresError",
        "SlantwiseError",
        "UsageError",
    ],
    "model": ["FramingModel", "LabelledArticle", "load_model"],
    "outlets": ["Profile", "profile"],
    "quoted": ["speakers"],
    "records": ["LABELS", "VOICES", "Article", "Rejected", "Span"],
    "report_page": ["report"],
    "scores": ["Scores", "read_scores"],
}
_HOME = {name: module for module, names in _MODULE.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'slantwise' has no attribute {name!r}")
    value = getattr(import_module(f"slantwise.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
