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
    from slantwise.accuracy import Accuracy
    from slantwise.articles import read_articles
    from slantwise.codebook import Actor, ActorBook, TermBook, read_actors, read_terms
    from slantwise.coding import Agreement, agreement
    from slantwise.errors import (
        InputError,
        ModelError,
        NothingToRead,
        ScoresError,
        SlantwiseError,
        UsageError,
    )
    from slantwise.exporting import export
    from slantwise.model import FramingModel, LabelledArticle, load_model
    from slantwise.naming import ActorMatrix, actor_matrix, naming_table
    from slantwise.outlets import profile
    from slantwise.profiles import Profile
    from slantwise.quoted import speakers
    from slantwise.records import LABELS, VOICES, Article, Rejected, Span
    from slantwise.report_page import report
    from slantwise.sampling import CodingSheet, sample
    from slantwise.scores import Scores, read_scores
    from slantwise.side_by_side import Contrast, contrast

__version__ = "0.1.0"

__all__ = [
    "LABELS",
    "VOICES",
    "Accuracy",
    "Actor",
    "ActorBook",
    "ActorMatrix",
    "Agreement",
    "Article",
    "CodingSheet",
    "Contrast",
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
    "TermBook",
    "UsageError",
    "actor_matrix",
    "agreement",
    "contrast",
    "export",
    "load_model",
    "naming_table",
    "profile",
    "read_actors",
    "read_articles",
    "read_scores",
    "read_terms",
    "report",
    "sample",
    "speakers",
]

_MODULE = {
    "accuracy": ["Accuracy"],
    "articles": ["read_articles"],
    "coding": ["Agreement", "agreement"],
    "codebook": ["Actor", "ActorBook", "TermBook", "read_actors", "read_terms"],
    "errors": [
        "InputError",
        "ModelError",
        "NothingToRead",
        "ScoresError",
        "SlantwiseError",
        "UsageError",
    ],
    "exporting": ["export"],
    "model": ["FramingModel", "LabelledArticle", "load_model"],
    "outlets": ["profile"],
    "profiles": ["Profile"],
    "naming": ["ActorMatrix", "actor_matrix", "naming_table"],
    "quoted": ["speakers"],
    "records": ["LABELS", "VOICES", "Article", "Rejected", "Span"],
    "report_page": ["report"],
    "sampling": ["CodingSheet", "sample"],
    "scores": ["Scores", "read_scores"],
    "side_by_side": ["Contrast", "contrast"],
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
