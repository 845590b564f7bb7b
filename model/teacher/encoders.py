"""Pretrained encoders, unpacked from the Python packages that carry them."""

from __future__ import annotations

import io
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer
from torch import nn
from transformers import AutoConfig, AutoModel


@dataclass(frozen=True)
class Source:
    """Where a package keeps an encoder: files which, joined, are one zip archive."""

    parts: str  # glob below the folder of installed packages
    attention: str  # implementation in transformers


SOURCES = {
    "minilm": Source("**/all_minilm_l6_v2/model.zip", "sdpa"),
    "mpnet": Source("**/all-mpnet-base-v2.zip.[0-9]*", "eager"),
}


@dataclass(frozen=True)
class Pretrained:
    """An encoder and the tokeniser it was trained with."""

    name: str
    encoder: nn.Module
    tokenizer: Tokenizer


def load_pretrained(name: str, cache: Path, packages: Path | None = None) -> Pretrained:
    """Load an encoder by name.

    Parameters
    ----------
    name : {"minilm", "mpnet"}
    cache : Path
        Folder to unpack into.
    packages : Path, optional
        Folder of the unpacked packages; where this Python installs them unless given.

    Raises
    ------
    FileNotFoundError
        If no package with that encoder is there.
    """
    folder = unpack(name, cache, packages)
    config = AutoConfig.from_pretrained(folder)
    # Dropout of attention weights costs a tenth of a step on a CPU and changed no figure.
    config.attention_probs_dropout_prob = 0.0
    encoder = AutoModel.from_pretrained(
        folder, config=config, attn_implementation=SOURCES[name].attention
    )
    encoder.pooler = None
    return Pretrained(name, encoder, load_tokenizer(folder))


def load_tokenizer(folder: Path) -> Tokenizer:
    """Load a tokeniser that neither cuts nor pads."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def unpack(name: str, cache: Path, packages: Path | None = None) -> Path:
    """Unpack an encoder and return its folder."""
    target = cache / name
    if not target.exists():
        root = packages or Path(sysconfig.get_paths()["purelib"])
        parts = sorted(root.glob(SOURCES[name].parts), key=lambda part: part.name)
        if not parts:
            raise FileNotFoundError(
                f"{root}: no {SOURCES[name].parts} in it; install the package of {name!r} first"
            )
        with zipfile.ZipFile(io.BytesIO(b"".join(part.read_bytes() for part in parts))) as archive:
            for member in archive.infolist():
                if not member.is_dir():
                    path = target / Path(member.filename).name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    # The pooling layer's config has the encoder's name; the first one counts.
                    if not path.exists() and "1_Pooling" not in member.filename:
                        path.write_bytes(archive.read(member))
    return target
