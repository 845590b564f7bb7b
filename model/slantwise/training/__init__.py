"""Everything needed to learn a model and not to apply one: scikit-learn, scipy, nltk."""

from __future__ import annotations

from pathlib import Path


def train(labelled: str | Path, output: str | Path) -> str:
    """Fit a model on labelled passages of one's own and write it.

    Words and their vectors, sentence bias and genre are those of the embedded
    model; spans, labels, voices and targets are learned from the passages.

    Parameters
    ----------
    labelled : str or Path
        JSON lines, a passage each, with ``text``, ``outlet`` and ``spans``.
    output : str or Path
        Model file to write.

    Returns
    -------
    str, the SHA-256 of the file

    Raises
    ------
    InputError
        If a line is broken or there is too little to learn from.
    """
    from slantwise.model import load_model
    from slantwise.passages import read_passages
    from slantwise.training.card import own_card
    from slantwise.training.fit import Base, fit_model

    passages = read_passages(labelled)
    model = fit_model(
        Base.of(load_model("fast")), passages, name=Path(output).stem, card=own_card(len(passages))
    )
    return model.save(output)
