"""A corpus whose figures can be checked by eye.

Spans are written into the text: ``[words](label voice target valence)``, with a score
after ``@``. Every label counts from 0.5.

===============  ========  =========  =========  ===================================
outlet           articles  own words  own spans  own spans per 1,000 own words
===============  ========  =========  =========  ===================================
Daily Cockerel   3         100 + 100 + 50         2 + 1 + 1 of 250: 16.0
Harbour Wire     3         100 + 200 + 100        0 + 1 + 0 of 400: 2.5
Kestria One      2         50 + 50                0: 0.0
Sorn Gazette     1         40                     2: 50.0
Dolmar Today     2         one copied, one not in English: none counts
===============  ========  =========  =========  ===================================
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from slantwise.records import LABELS
from slantwise.scores import Scores

_SPAN = re.compile(
    r"\[([^]]+)\]\(([\w-]+) (\w+)(?: (\w+) (negative|positive))?(?: by (\w+))?(?:@([\d.]+))?\)"
)

ARTICLES: list[dict[str, Any]] = [
    {
        "article_id": "c1",
        "outlet": "Daily Cockerel",
        "date": "2031-03-13",
        "event": "dam",
        "title": "[Fury](loaded-language outlet) over dam",
        "text": "The [shameless](loaded-language outlet Parliament negative) vote is over.\n\n"
        "“A [disaster](exaggeration quote Parliament negative by Finch),” Odo Finch said.",
        "n_outlet_words": 100,
    },
    {
        "article_id": "c2",
        "outlet": "Daily Cockerel",
        "date": "2031-04-02",
        "event": "ridge",
        "text": "Our [heroes](flag-waving outlet Kestria positive) hold the ridge.",
        "n_outlet_words": 100,
    },
    {
        "article_id": "c3",
        "outlet": "Daily Cockerel",
        "date": "2031-04-03",
        "text": "The “[reform](scare-quotes scare)” begins. It is a [gamble](doubt outlet@0.4).",
        "n_outlet_words": 50,
    },
    {
        "article_id": "w1",
        "outlet": "Harbour Wire",
        "date": "2031-03-13",
        "event": "dam",
        "text": "Parliament passed the dam law on Wednesday.",
        "n_outlet_words": 100,
    },
    {
        "article_id": "w2",
        "outlet": "Harbour Wire",
        "date": "2031-04-02",
        "event": "ridge",
        "text": "Dolmar [slammed](loaded-language outlet Kestria negative) Kestria.",
        "n_outlet_words": 200,
    },
    {
        "article_id": "w3",
        "outlet": "Harbour Wire",
        "date": "2031-04-05",
        "text": "Rain fell.",
        "n_outlet_words": 100,
    },
    {
        "article_id": "k1",
        "outlet": "Kestria One",
        "date": "2031-03-14",
        "event": "dam",
        "text": "A [riot](loaded-language reported Villagers negative by ministry) was over.",
        "n_outlet_words": 50,
    },
    {
        "article_id": "k2",
        "outlet": "Kestria One",
        "date": "2031-04-02",
        "event": "ridge",
        "text": "The posts were taken.",
        "n_outlet_words": 50,
    },
    {
        "article_id": "s1",
        "outlet": "Sorn Gazette",
        "date": "2031-03-15",
        "event": "dam",
        "text": "[Goons](name-calling outlet Police negative) and [crooks](name-calling outlet).",
        "n_outlet_words": 40,
    },
    {
        "article_id": "d1",
        "outlet": "Dolmar Today",
        "date": "2031-03-13",
        "copied_from": "w1",
        "text": "[Goons](name-calling outlet Police negative) passed the dam law.",
        "n_outlet_words": 10,
    },
    {
        "article_id": "d2",
        "outlet": "Dolmar Today",
        "date": "2031-03-13",
        "language": "nl",
        "text": "Het [regime](name-calling outlet) van Ordesk.",
        "n_outlet_words": 10,
    },
]


def tiny_scores(*records: dict[str, Any], text: bool = True) -> Scores:
    """Turn records with spans written into them into scores; the corpus above by default."""
    spans: list[dict[str, Any]] = []
    rows = [_article(record, spans) for record in records or ARTICLES]
    articles = pd.DataFrame(rows)
    columns = list(_span("", "", "", "", 0, 0, "", "", "", {}))
    return Scores(
        pd.DataFrame(spans, columns=columns).astype({"score": "float32"}),
        articles if text else articles.drop(columns="text"),
        dict.fromkeys(LABELS, 0.5),
        {"model": {"name": "fast", "hash": "c0ffee" * 6}},
    )


def _article(record: dict[str, Any], spans: list[dict[str, Any]]) -> dict[str, Any]:
    row: dict[str, Any] = {"outlet": "", "date": "", "title": "", "url": "", "event": None}
    row |= {"genre": "news", "genre_score": 0.9, "language": "en", "copied_from": None}
    row |= {"n_words": record.get("n_outlet_words", 10) + 10, "n_outlet_words": 10, "bias": 0.25}
    row |= record
    for field in ("title", "text"):
        plain, at = "", 0
        for match in _SPAN.finditer(row[field]):
            plain += row[field][at : match.start()]
            words, label, voice, target, valence, speaker, score = match.groups()
            more = {"speaker": speaker, "target": target, "valence": valence}
            start, end = len(plain), len(plain) + len(words)
            span = _span(row["article_id"], row["outlet"], row["date"], field, start, end, words,
                         label, voice, more | {"score": float(score or 0.9)})  # fmt: skip
            spans.append(span)
            plain, at = plain + words, match.end()
        row[field] = plain + row[field][at:]
    return row


def _span(
    article_id: str, outlet: str, date: str, field: str, start: int, end: int, text: str,
    label: str, voice: str, more: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    return {
        "article_id": article_id,
        "outlet": outlet,
        "date": date,
        "field": field,
        "start": start,
        "end": end,
        "text": text,
        "label": label,
        "score": more.get("score", 0.9),
        "voice": voice,
        "speaker": more.get("speaker"),
        "speaker_name": None,
        "target": more.get("target"),
        "actor": None,
        "valence": more.get("valence"),
        "sentence_start": 0,
        "sentence_end": end,
        "evidence": [f"the word “{text}”"],
    }
