"""A model shared by processes: written down once, loaded once a process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slantwise.model import FramingModel

SHARED_MODEL = ".model-"  # prefix of the folder through which processes share the model


@contextmanager
def shared(model: FramingModel, folder: Path | None = None) -> Iterator[str]:
    """Write a model where other processes find it while the context lasts; yield the path.

    Parameters
    ----------
    model : FramingModel
    folder : Path, optional
        One that all processes see; without it the system's temporary folder.
    """
    import joblib

    with TemporaryDirectory(
        prefix=SHARED_MODEL, dir=folder, ignore_cleanup_errors=True
    ) as directory:
        path = str(Path(directory).absolute() / "model.joblib")
        joblib.dump(model, path)
        yield path


@lru_cache(maxsize=1)
def shared_model(path: str) -> FramingModel:
    """Load the model once a process; its arrays are mapped, so all processes share them."""
    import joblib

    model: FramingModel = joblib.load(path, mmap_mode="r")
    return model
