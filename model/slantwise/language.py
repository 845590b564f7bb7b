"""Which language a text is in: cheap for English, careful for the rest."""

from __future__ import annotations

import numpy as np

from slantwise.traits import GRAMMAR, LETTER, Traits

_ENGLISH = 0.2  # share of grammar words from which a text passes for English
_FEW = 8  # words below which nothing can be said
_SAMPLE = 400


def language_of(traits: Traits, text: str) -> str:
    """Return the ISO 639-1 code of a text's language; too few words pass for English.

    Parameters
    ----------
    traits : ndarray of shape (n_tokens,)
        Those of its words.
    text : str
    """
    some = traits[: 2 * _SAMPLE]
    sample = some[some & LETTER > 0][:_SAMPLE]
    if len(sample) < _FEW:
        return "en"
    if np.count_nonzero(sample & GRAMMAR) >= _ENGLISH * len(sample):
        return "en"
    return _identified(text)


def _identified(text: str) -> str:
    # py3langid reads its own packed model; it is imported for the doubtful few alone.
    from py3langid.langid import classify

    return str(classify(text[:4000])[0])
