"""Spans as W3C Web Annotations (JSON-LD).

The Web Annotation Data Model (W3C Recommendation, 2017): each span is an annotation
whose target is a place in its article, by position and by quotation, and whose bodies
classify it. Positions are code points into the field as read, so that the source is the
extracted text, with the web page it comes from beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from slantwise import __version__

_AROUND = 32  # code points of prefix and suffix
_CONTEXT = [
    "http://www.w3.org/ns/anno.jsonld",
    {"slantwise": "urn:slantwise:term:"},
]
_TERMS = ("voice", "score", "speaker", "target", "actor", "valence", "evidence")


def annotation_collection(
    spans: Sequence[Mapping[str, Any]],
    articles: Mapping[str, Mapping[str, Any]],
    model: Mapping[str, Any],
) -> dict[str, Any]:
    """Return spans as a collection of one page.

    Parameters
    ----------
    spans : sequence of mappings, rows of the spans table as plain values
    articles : mapping of an article's id to its row
    model : mapping with ``name`` and ``hash``
    """
    generator = {
        "id": f"urn:slantwise:model:{model.get('hash') or 'unknown'}",
        "type": "Software",
        "name": f"slantwise {__version__}, model {model.get('name') or 'unknown'}",
    }
    items = [
        _annotation(span, articles.get(str(span["article_id"]), {}), generator) for span in spans
    ]
    return {
        "@context": _CONTEXT,
        "id": "urn:slantwise:annotations",
        "type": "AnnotationCollection",
        "label": "Loaded framing in news",
        "total": len(items),
        "first": {
            "id": "urn:slantwise:annotations:1",
            "type": "AnnotationPage",
            "startIndex": 0,
            "items": items,
        },
    }


def _annotation(
    span: Mapping[str, Any], article: Mapping[str, Any], generator: Mapping[str, str]
) -> dict[str, Any]:
    source = f"urn:slantwise:article:{quote(str(span['article_id']), safe='')}:{span['field']}"
    place: dict[str, Any] = {"id": source, "type": "Text", "format": "text/plain"}
    if article.get("url"):
        place["slantwise:url"] = article["url"]
    for name in ("outlet", "date", "title"):
        if article.get(name):
            place[f"slantwise:{name}"] = article[name]
    start, end = int(span["start"]), int(span["end"])
    return {
        "id": f"{source}:{start}-{end}:{span['label']}",
        "type": "Annotation",
        "motivation": "classifying",
        "generator": generator,
        "body": [
            {
                "type": "SpecificResource",
                "source": f"urn:slantwise:label:{span['label']}",
                "purpose": "classifying",
            },
            {
                "type": "TextualBody",
                "value": _in_words(span),
                "format": "text/plain",
                "language": "en",
                "purpose": "describing",
            },
        ],
        "target": {
            "source": place,
            "selector": [
                {"type": "TextPositionSelector", "start": start, "end": end},
                _quotation(span, article.get(span["field"])),
            ],
        },
        **{f"slantwise:{name}": span[name] for name in _TERMS if span.get(name) not in (None, [])},
    }


def _quotation(span: Mapping[str, Any], text: str | None) -> dict[str, str]:
    selector = {"type": "TextQuoteSelector", "exact": str(span["text"])}
    if text:
        start, end = int(span["start"]), int(span["end"])
        selector |= {
            "prefix": text[max(0, start - _AROUND) : start],
            "suffix": text[end : end + _AROUND],
        }
    return selector


def _in_words(span: Mapping[str, Any]) -> str:
    said = f"{span['label']}, voice: {span['voice']}"
    if span.get("target"):
        said += f", about {span['target']}"
    return said + (f", {span['valence']}" if span.get("valence") else "")
