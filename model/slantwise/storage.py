"""Model files: arrays and JSON in one zip archive; loading never runs code.

Layout of format 3::

    model.json           format, name, settings of the learned parts, model card
    vocabulary.json      words, stems, suffixes
    arrays/NAME.npy      one array each, in numpy's format without pickles
    files/NAME           further files as they are: the graph of a reader

Format 1 had two numbers where the setting ``opinion`` now has names: slope and intercept.
Format 2 kept a convolution as arrays; it was in no release and such a file is refused.

Vectors are kept as 8-bit integers with one scale, weights as 16-bit floats.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slantwise.errors import ModelError

FORMAT = 3
_READ = range(1, FORMAT + 1)  # an older one lacks what packing.py then does without
_MOST_BYTES = 256 * 2**20  # of all members unpacked: a model of ours has some 30 MiB
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a fixed time stamp: equal models are equal files


@dataclass(frozen=True)
class ModelFile:
    """What a model file holds."""

    settings: Mapping[str, Any]
    words: Mapping[str, list[str]]
    arrays: Mapping[str, NDArray[Any]]
    files: Mapping[str, bytes] = field(default_factory=dict)
    sha256: str = ""


def write_model_file(path: Path, content: ModelFile) -> str:
    """Write a model file and return its SHA-256 in hexadecimal."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:

        def add(name: str, data: bytes) -> None:
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)

        settings = {"format": FORMAT, **content.settings}
        add("model.json", json.dumps(settings, ensure_ascii=False, indent=1).encode())
        add("vocabulary.json", json.dumps(content.words, ensure_ascii=False).encode())
        for name, array in sorted(content.arrays.items()):
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)
            add(f"arrays/{name}.npy", member.getvalue())
        for name, held in sorted(content.files.items()):
            add(f"files/{name}", held)
    data = buffer.getvalue()
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_bytes(data)
    temporary.replace(path)
    return hashlib.sha256(data).hexdigest()


def read_model_file(path: Path) -> ModelFile:
    """Read a model file.

    Raises
    ------
    ModelError
        If the file is missing, damaged, too large or of another format.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: can't be read as a model ({error.strerror})") from error
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read_archive(path, archive, hashlib.sha256(data).hexdigest())
    except ModelError:
        raise
    except Exception as error:  # there is no end to what broken zip, JSON and arrays raise
        raise ModelError(
            f"{path}: damaged or no slantwise model ({error}); fetch or train it again"
        ) from error


def _read_archive(path: Path, archive: zipfile.ZipFile, sha256: str) -> ModelFile:
    size = sum(entry.file_size for entry in archive.infolist())
    if size > _MOST_BYTES:
        raise ModelError(f"{path}: {size:,} bytes unpacked; a model has {_MOST_BYTES:,} at most")
    settings = json.loads(archive.read("model.json"))
    if not isinstance(settings, dict):
        raise ValueError("its settings are no JSON object")
    number = settings.get("format")
    if type(number) is not int or number not in _READ:
        raise ModelError(
            f"{path}: model format {number!r}; this version reads {FORMAT} and older: "
            "train the model again or install the version of slantwise that wrote it"
        )
    arrays = {
        entry.filename.removeprefix("arrays/").removesuffix(".npy"): _array(archive, entry)
        for entry in archive.infolist()
        if entry.filename.startswith("arrays/")
    }
    files = {
        entry.filename.removeprefix("files/"): archive.read(entry)
        for entry in archive.infolist()
        if entry.filename.startswith("files/")
    }
    words = json.loads(archive.read("vocabulary.json"))
    return ModelFile(settings, words, arrays, files, sha256)


def _array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> NDArray[Any]:
    with archive.open(entry) as member:
        return np.asarray(np.lib.format.read_array(io.BytesIO(member.read()), allow_pickle=False))


def quantise(vectors: NDArray[np.floating]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return 8-bit integers and the scale that gives the vectors back."""
    # A scale of 16 bits: its multiples are exact, so that to quantise again changes nothing.
    mantissa, exponent = math.frexp(float(np.abs(vectors).max(initial=0.0)) / 127)
    scale = math.ldexp(math.ceil(mantissa * 2**16), exponent - 16) or 1.0
    return np.round(vectors / scale).astype(np.int8), np.array([scale], dtype=np.float32)
