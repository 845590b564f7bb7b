"""Learning a pool: a tiny model, and a convolution whose graph is laid out by hand.

Its logits are 4 for "outside", and 8 for "begin" where a word's one column is 1: that of
"brutal", "vile" and "shameful".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

from tiny_model import MARKED, OUTLETS, VOCABULARY, labelled, tiny_model, unmark

from slantwise.convolution import PART, Convolution
from slantwise.errors import InputError
from slantwise.features import SHAPES, TypeWeights
from slantwise.model import FramingModel, load_model
from slantwise.passages import Passage, labelled_passage
from slantwise.training import accurate, pooling, recipe
from slantwise.training.fit import Base, Context
from slantwise.training.pooling import first_fold_apart

SENTENCES = ["The brutal regime fell.", "The vile plan ended.", "The army said.", "It ended."] * 3
IS_BIASED = np.array([1, 1, 0, 0] * 3)
# Each passage once more without its marks, so that no candidate is certain.
UNEVEN = [*MARKED * 3, *(unmark(one)[0] for one in MARKED)]


def passages(marked: Sequence[str]) -> list[Passage]:
    return [labelled_passage(row, "here") for row in labelled(marked)]


def word_vectors() -> TypeWeights:
    sizes = (len(VOCABULARY.words), len(VOCABULARY.stems), len(VOCABULARY.suffixes), len(SHAPES))
    blocks = [np.zeros((size, 1), "f4") for size in (*sizes, VOCABULARY.vectors.shape[1])]
    blocks[0][[VOCABULARY.words.index(word) for word in ("brutal", "vile", "shameful")]] = 1
    return TypeWeights(*blocks)


def convolution() -> Convolution:
    graph = Path(__file__).with_name("tiny_convolution.onnx").read_bytes()
    return Convolution(graph, np.zeros(1, "f4"), 1 / 127, 0)


def learn(**changes: Any) -> FramingModel:
    given = {"passages": passages(UNEVEN)} | changes
    return recipe.learn_fast(
        Base.of(tiny_model()),
        given["passages"],
        word_vectors(),
        convolution(),
        SENTENCES,
        IS_BIASED,
        n_written=3,
    )


@pytest.fixture(scope="module", autouse=True)
def few_weights() -> Iterator[None]:
    """Try weights that so few words of so few passages can bear."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pooling, "_SHARES", (0.4, 0.5))
        yield


@pytest.fixture(scope="module")
def fast() -> FramingModel:
    return learn()


def test_one_fold_of_outlets_is_set_apart() -> None:
    seen, unseen = first_fold_apart(passages(MARKED))
    assert {one.outlet for one in seen} | {one.outlet for one in unseen} == set(OUTLETS)
    assert len({one.outlet for one in unseen}) == 1
    assert not {one.outlet for one in seen} & {one.outlet for one in unseen}


def test_the_model_hears_the_convolution(fast: FramingModel) -> None:
    assert [type(one) for one in fast.readers] == [Convolution]
    assert fast.pooling is not None and fast.pooling.span[1] > 0
    assert Context.of(fast) is not None
    spans = fast.label("On Monday the vile regime ended.").spans
    assert max(spans, key=lambda span: span.score).text == "vile regime"


def test_its_card_says_what_it_learned_from(fast: FramingModel) -> None:
    learned_from = fast.card["Learned from"]
    assert fast.name == "fast"
    assert "3 sentences and short passages about invented events" in learned_from
    assert "MPNet (110 M parameters; all-mpnet-base-v2, Apache-2.0)" in learned_from
    assert "PolNeAR (no licence stated)" in learned_from
    assert "calibration error" in fast.card["Measured"]


def test_its_file_gives_it_back(fast: FramingModel, tmp_path: Path) -> None:
    fast.save(tmp_path / "fast.slantwise")
    again = load_model(tmp_path / "fast.slantwise")
    text = "The brutal regime fell. The army said the shameful plan ended on Monday."
    ours, theirs = fast.label(text).spans, again.label(text).spans
    assert [span.text for span in theirs] == [span.text for span in ours]
    assert [span.score for span in theirs] == pytest.approx([span.score for span in ours], abs=0.01)


def test_pools_are_fitted_on_outlets_that_no_draft_has_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fitted: list[list[Passage]] = []
    held_out: list[list[Passage]] = []
    fit_draft, fit_pooled = recipe.fit_draft, recipe.fit_pooled

    def drafted(base: Base, some: Sequence[Passage], name: str) -> FramingModel:
        fitted.append(list(some))
        return fit_draft(base, some, name)

    def joined(draft: Any, whole: Any, reader: Any, unseen: Any, *rest: Any, **more: Any) -> Any:
        held_out.append(unseen)
        return fit_pooled(draft, whole, reader, unseen, *rest, **more)

    monkeypatch.setattr(recipe, "fit_draft", drafted)
    monkeypatch.setattr(recipe, "fit_pooled", joined)
    own = passages(UNEVEN)
    learn(passages=own)
    seen, unseen = first_fold_apart(own)
    assert fitted == [seen, own]
    assert held_out == [unseen]


# -- what teacher.context writes -------------------------------------------------------------


def write_context(path: Path, words: TypeWeights) -> Path:
    known = convolution()
    np.savez(
        path,
        graph=np.frombuffer(known.graph, dtype=np.uint8),
        quoted=known.quoted,
        step=known.step,
        reach=known.reach,
        **{
            block: getattr(words, block).astype(np.float16)
            for block in ("word", "stem", "suffix", "shape")
        },
    )
    return path


def test_what_the_teacher_wrote_is_read(tmp_path: Path) -> None:
    given = word_vectors()
    words, read = recipe.read_context(write_context(tmp_path / "context.npz", given), VOCABULARY)
    assert all(
        np.array_equal(getattr(words, block), getattr(given, block)) for block in given.BLOCKS
    )
    assert {block: getattr(words, block).dtype for block in given.BLOCKS} == dict.fromkeys(
        given.BLOCKS, np.dtype("f4")
    )
    given_graph = convolution()
    assert (read.graph, read.as_settings()) == (given_graph.graph, given_graph.as_settings())
    assert np.array_equal(read.quoted, given_graph.quoted)


def test_vectors_of_other_words_are_refused(tmp_path: Path) -> None:
    given = word_vectors()
    fewer = TypeWeights(given.word[1:], given.stem, given.suffix, given.shape, given.vector)
    path = write_context(tmp_path / "context.npz", fewer)
    with pytest.raises(InputError, match=r"context\.npz: vectors of \[13, 4, 4\] words"):
        recipe.read_context(path, VOCABULARY)


# -- on top of it ----------------------------------------------------------------------------


def test_a_second_reader_joins_the_first(
    fast: FramingModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accurate, "read_passages", lambda *_, **__: passages(UNEVEN))
    monkeypatch.setattr(accurate, "bias_sentences", lambda _: (SENTENCES, IS_BIASED))
    model = accurate.learn_accurate(Path(), convolution(), fast)  # type: ignore[arg-type]
    assert (model.name, len(model.readers), len(model.bias_pool)) == ("accurate", 2, 3)
    assert fast.card["Learned from"] in model.card["Learned from"]
    assert PART in model.weights
    assert Base.of(replace(model, base=fast)).context == Context.of(fast)
    assert model.label("The vile regime fell.").counted
