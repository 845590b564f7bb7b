"""The model card: what a model learned from, what it can and can't do."""

from __future__ import annotations

from collections.abc import Mapping

MISSING = "*not stated*"
SECTIONS = (
    "What it does",
    "Learned from",
    "How labels came about",
    "Measured",
    "Not for",
)


_WRITTEN = (
    " {:,} sentences and short passages about invented events were written for this product, "
    "and labelled as they were written, by a language model."
)
_ANNOTATED = (
    " {:,} further passages of the unlabelled articles, chosen because they may hold rare devices "
    "or look as if they did, were annotated by a language model after the same page."
)
_IN_CONTEXT = (
    " How words are read in their context (a small convolution) was learned from the labelled "
    "passages of four fifths of the outlets, from what was annotated and written besides, from the "
    "training articles of PolNeAR (no licence stated), and from part of the unlabelled articles "
    "as larger networks label them: MPNet (110 M parameters; all-mpnet-base-v2, Apache-2.0) and "
    "MiniLM (22 M; all-MiniLM-L6-v2, Apache-2.0), both fine-tuned on the same passages, MiniLM "
    "also on Anno-lexical and PolNeAR."
)


def base_card(n_annotated: int = 0, n_written: int = 0) -> dict[str, str]:
    """Return the sections of the card of a model of word types that are known beforehand.

    Parameters
    ----------
    n_annotated : int
        Passages annotated for training beside those of the corpora.
    n_written : int
        Passages written for training.
    """
    return {
        "What it does": (
            "Labels loaded framing in English news, span by span: device, voice, target, valence "
            "and a calibrated probability. It describes wording; it never says who is right."
        ),
        "Learned from": (
            "1,625 labelled passages made for this product (spans, labels, targets); 29,125 "
            "sentences of Anno-lexical (MIT, without the outlets of BABE; sentence bias, and as "
            "an input of the span tagger); 35,303 unlabelled articles of Article-Bias-Prediction "
            "(Apache-2.0; word vectors, sentence boundaries, and genre from addresses and titles). "
            "Word classes for attribution were written by us."
        )
        + (_ANNOTATED.format(n_annotated) if n_annotated else "")
        + (_WRITTEN.format(n_written) if n_written else ""),
        "How labels came about": (
            "The labelled passages and the sentences of Anno-lexical were annotated by language "
            "models, not by people. Two independent language-model passes over 44 passages agree "
            "with a span F1 of .89."
        ),
        "Not for": (
            "Judging truth, intent or quality of single articles or journalists; moderation or "
            "ranking without a human reader; languages other than English; texts that are not news."
        ),
    }


def fast_card(n_annotated: int, n_written: int) -> dict[str, str]:
    """Return the same for the embedded model, which reads words in their context."""
    known = base_card(n_annotated, n_written)
    return {**known, "Learned from": known["Learned from"] + _IN_CONTEXT}


def own_card(n_passages: int) -> dict[str, str]:
    """Return the sections of the card of a model that a user trains."""
    known = base_card()
    return {
        "What it does": known["What it does"],
        "Learned from": (
            f"{n_passages:,} labelled passages of the user's own; words, vectors, how they are "
            "read in their context, sentence bias and genre as in the embedded model."
        ),
        "Not for": known["Not for"],
    }


def accurate_card(fast: Mapping[str, str]) -> dict[str, str]:
    """Return the sections of the accurate model's card that are known beforehand.

    Parameters
    ----------
    fast : mapping of str to str
        Card of the model that it is built on.
    """
    return {
        "What it does": fast["What it does"],
        "Learned from": (
            "Built on `fast`, pooled with a small encoder (MiniLM, 22 M parameters, int8; "
            "all-MiniLM-L6-v2, Apache-2.0) that was fine-tuned on four fifths of the labelled "
            "passages, half of Anno-lexical (MIT; without the outlets of BABE), a third of the "
            "training articles of PolNeAR (no licence stated), the further passages annotated and "
            "written for this product, and about 40,000 unlabelled sentences as a larger encoder "
            "(MPNet, 110 M; all-mpnet-base-v2, Apache-2.0) labels them. Weights of the pool, "
            "calibration and thresholds come from the passages of outlets that neither encoder "
            "learned from. For `fast`: " + fast["Learned from"]
        ),
        "How labels came about": fast["How labels came about"],
        "Not for": fast["Not for"],
    }


def card_markdown(card: Mapping[str, str], title: str) -> str:
    """Render a card; a section that nobody filled says so."""
    parts = [f"# {title}\n"]
    for section in (*SECTIONS, *(name for name in card if name not in SECTIONS)):
        parts.append(f"## {section}\n\n{card.get(section, MISSING)}\n")
    return "\n".join(parts)
