"""Which language a text is in: cheap for English, careful for the rest."""

from __future__ import annotations

from collections.abc import Sequence

# Words of English grammar; in English news they make up a third of all words.
_GRAMMAR = frozenset(
    "the of and to in a that is was for on with as it by at from be have has had are were "
    "he she they his her their its this which not but who will would an or been said".split()
)
_ENGLISH = 0.2  # share of grammar words from which a text passes for English
_FEW = 8  # words below which nothing can be said
_SAMPLE = 400


def language_of(words: Sequence[str], text: str) -> str:
    """Return the ISO 639-1 code of a text's language; too few words pass for English.

    Parameters
    ----------
    words : sequence of str
        Its tokens.
    text : str
    """
    sample = [word.lower() for word in words[: 2 * _SAMPLE] if word[:1].isalpha()][:_SAMPLE]
    if len(sample) < _FEW:
        return "en"
    if sum(word in _GRAMMAR for word in sample) >= _ENGLISH * len(sample):
        return "en"
    return _identified(text)


def _identified(text: str) -> str:
    # py3langid reads its own packed model; it is imported for the doubtful few alone.
    from py3langid.langid import classify

    return str(classify(text[:4000])[0])
