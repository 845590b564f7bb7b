"""Model files: what is written comes back, and what is broken is refused in words."""

from __future__ import annotations

import importlib
import io
import json
import pickle
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from slantwise.errors import ModelError
from slantwise.storage import FORMAT, ModelFile, quantise, read_model_file, write_model_file

CONTENT = ModelFile(
    settings={"name": "tiny", "offsets": [-1, 0, 1], "card": {"Not for": "“anything”"}},
    words={"words": ["", "regime", "naïve"], "stems": [""], "suffixes": ["", "ime"]},
    arrays={
        "weights": np.array([[1.5, -2.0], [0.25, 0.0]], dtype=np.float16),
        "vectors": np.array([[0, 127, -127]], dtype=np.int8),
        "none": np.zeros((0, 3), dtype=np.float32),
    },
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.slantwise"
    write_model_file(path, CONTENT)
    return path


def rewrite(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Take a model file apart, change its members and put it together again."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def npy(array: np.ndarray, allow_pickle: bool = False) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, allow_pickle=allow_pickle)
    return stream.getvalue()


# -- what is written ---------------------------------------------------------------------


def test_what_is_written_comes_back(path: Path) -> None:
    found = read_model_file(path)
    assert found.settings == {"format": FORMAT, **CONTENT.settings}
    assert found.words == CONTENT.words
    assert sorted(found.arrays) == sorted(CONTENT.arrays)
    for name, array in CONTENT.arrays.items():
        assert found.arrays[name].dtype == array.dtype
        assert found.arrays[name].shape == array.shape
        assert found.arrays[name].tolist() == array.tolist()


def test_the_hash_is_that_of_the_file(tmp_path: Path) -> None:
    from hashlib import sha256

    path = tmp_path / "tiny.slantwise"
    written = write_model_file(path, CONTENT)
    assert written == sha256(path.read_bytes()).hexdigest()
    assert read_model_file(path).sha256 == written


def test_equal_models_are_equal_bytes(tmp_path: Path) -> None:
    backwards = replace(CONTENT, arrays=dict(reversed(CONTENT.arrays.items())))
    one = write_model_file(tmp_path / "one", CONTENT)
    other = write_model_file(tmp_path / "other", backwards)
    assert one == other
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_models_that_differ_are_told_apart(tmp_path: Path) -> None:
    changed = {**CONTENT.arrays, "weights": CONTENT.arrays["weights"] * 2}
    one = write_model_file(tmp_path / "one", CONTENT)
    assert write_model_file(tmp_path / "other", replace(CONTENT, arrays=changed)) != one


def test_a_model_is_replaced_and_nothing_is_left_beside_it(path: Path) -> None:
    write_model_file(path, replace(CONTENT, settings={"name": "another"}))
    assert read_model_file(path).settings["name"] == "another"
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_arrays_in_any_order_of_memory(tmp_path: Path) -> None:
    slanted = np.arange(12, dtype=np.float32).reshape(3, 4).T[::2]
    write_model_file(tmp_path / "model", replace(CONTENT, arrays={"slanted": slanted}))
    assert read_model_file(tmp_path / "model").arrays["slanted"].tolist() == slanted.tolist()


def test_objects_are_not_written(tmp_path: Path) -> None:
    objects = replace(CONTENT, arrays={"bad": np.array([{"a": 1}], dtype=object)})
    with pytest.raises(ValueError, match="Object arrays cannot be saved"):
        write_model_file(tmp_path / "model", objects)
    assert list(tmp_path.iterdir()) == []


def test_vectors_in_eight_bits() -> None:
    vectors = np.array([[0.0, 2.54], [-1.26, 0.02]], dtype=np.float32)
    small, scale = quantise(vectors)
    assert small.tolist() == [[0, 127], [-63, 1]]
    assert scale == pytest.approx([0.02], rel=1e-4)
    assert small * scale == pytest.approx(vectors, abs=0.01 + 1e-6)


def test_vectors_that_lie_on_the_grid_stay_there_to_the_last_bit() -> None:
    random = np.random.default_rng(0)
    for scale in random.uniform(1e-6, 1e3, 50):
        vectors = random.normal(scale=scale, size=(9, 5)).astype(np.float32)
        small, step = quantise(vectors)
        again, same = quantise(small * step)
        assert again.tolist() == small.tolist()
        assert same.tolist() == step.tolist()


def test_vectors_that_are_nothing() -> None:
    small, scale = quantise(np.zeros((0, 4), dtype=np.float32))
    assert small.shape == (0, 4)
    assert scale.tolist() == [1.0]


def test_vectors_that_are_all_nought() -> None:
    small, scale = quantise(np.zeros((2, 2), dtype=np.float32))
    assert (small * scale).tolist() == [[0.0, 0.0], [0.0, 0.0]]


# -- what is broken ----------------------------------------------------------------------


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nowhere: can't be read as a model \(No such file"):
        read_model_file(tmp_path / "nowhere")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"can't be read as a model \(Is a directory"):
        read_model_file(tmp_path)


@pytest.mark.parametrize("data", [b"", b"no model", b"\x80\x04]\x94.", b"PK\x03\x04"])
def test_a_file_of_something_else(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "model"
    path.write_bytes(data)
    with pytest.raises(ModelError, match=r"model: damaged or no slantwise model"):
        read_model_file(path)


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    path = tmp_path / "model"
    path.write_bytes(pickle.dumps(_Bomb(str(tmp_path / "exploded"))))
    with pytest.raises(ModelError, match="damaged or no slantwise model"):
        read_model_file(path)
    assert not (tmp_path / "exploded").exists()


class _Bomb:
    """Makes a file when it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, str]]:
        return open, (self.path, "w")


def test_a_pickled_array_is_refused(path: Path) -> None:
    bomb = np.array([_Bomb(str(path.with_name("exploded")))], dtype=object)
    rewrite(path, lambda members: members.update({"arrays/bad.npy": npy(bomb, True)}))
    with pytest.raises(ModelError, match=r"damaged or no slantwise model \(Object arrays cannot"):
        read_model_file(path)
    assert not path.with_name("exploded").exists()


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9, 0.99])
def test_a_truncated_file(path: Path, kept: float) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: int(kept * len(data))])
    with pytest.raises(ModelError, match="damaged or no slantwise model"):
        read_model_file(path)


def test_a_flipped_byte_changes_nothing_that_is_read(path: Path) -> None:
    whole, expected = path.read_bytes(), read_model_file(path)
    known = [array.tolist() for array in expected.arrays.values()]
    refused = 0
    for at in range(len(whole)):
        data = bytearray(whole)
        data[at] ^= 0x55
        path.write_bytes(bytes(data))
        try:
            found = read_model_file(path)
        except ModelError:
            refused += 1
        else:  # a time stamp, or the name of an array, which the model will miss
            assert found.settings == expected.settings
            assert found.words == expected.words
            assert all(array.tolist() in known for array in found.arrays.values())
    assert refused > len(whole) // 2


@pytest.mark.parametrize("member", ["model.json", "vocabulary.json"])
def test_a_missing_member(path: Path, member: str) -> None:
    rewrite(path, lambda members: members.pop(member) and None)
    with pytest.raises(ModelError, match=rf"damaged or no slantwise model .*{member}"):
        read_model_file(path)


@pytest.mark.parametrize("data", [b"{", b"\xff", b"[]", b'"tiny"', b"[" * 100_000])
def test_settings_that_are_no_settings(path: Path, data: bytes) -> None:
    rewrite(path, lambda members: members.update({"model.json": data}))
    with pytest.raises(ModelError, match="damaged or no slantwise model"):
        read_model_file(path)


@pytest.mark.parametrize("number", [0, FORMAT + 1, None, "1"])
def test_another_format(path: Path, number: object) -> None:
    settings = json.dumps({"format": number}).encode()
    rewrite(path, lambda members: members.update({"model.json": settings}))
    with pytest.raises(ModelError, match=rf"model format {number!r}; this version reads {FORMAT}"):
        read_model_file(path)


def test_older_formats_are_read(path: Path) -> None:
    settings = json.dumps({"format": 1, "name": "older"}).encode()
    rewrite(path, lambda members: members.update({"model.json": settings}))
    assert read_model_file(path).settings["name"] == "older"


def test_more_than_a_model_can_have(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zeros = npy(np.zeros(3_000_000, dtype=np.int8))  # some kilobytes when packed
    rewrite(path, lambda members: members.update({"arrays/zeros.npy": zeros}))
    assert path.stat().st_size < 20_000
    monkeypatch.setattr(importlib.import_module("slantwise.storage"), "_MOST_BYTES", 2**20)
    with pytest.raises(ModelError, match=r"3,00\d,\d{3} bytes unpacked; a model has 1,048,576"):
        read_model_file(path)


def test_an_array_that_claims_more_than_it_holds(path: Path) -> None:
    claims = npy(np.zeros(4)).replace(b"(4,)", b"(99999999999999,)")
    rewrite(path, lambda members: members.update({"arrays/claims.npy": claims}))
    with pytest.raises(ModelError, match="damaged or no slantwise model"):
        read_model_file(path)
