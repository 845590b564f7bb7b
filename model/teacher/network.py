"""The network: an encoder, and one linear layer that answers every question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from teacher.targets import BIAS, BIAS_WEIGHT, N_COLUMNS, QUESTIONS, Example


class FramingNetwork(nn.Module):
    """An encoder with the logits of every question for every word piece.

    Parameters
    ----------
    encoder : Module
        Called with ``input_ids`` and ``attention_mask``, both (n_windows, n_pieces).
    width : int
        Of the encoder's states.
    """

    def __init__(self, encoder: nn.Module, width: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = PooledDropout(0.1)
        self.head = nn.Linear(width, N_COLUMNS)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def states(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the encoder's states, shape (n_windows, n_pieces, width)."""
        states: Tensor = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return states

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return logits of shape (n_windows, n_pieces, N_COLUMNS)."""
        logits: Tensor = self.head(self.dropout(self.states(ids, mask)))
        return logits


class PooledDropout(nn.Module):
    """Dropout with masks from a pool, since a CPU draws random bits slower than it multiplies.

    Parameters
    ----------
    rate : float
    size : int
        Of the pool; every call reads it from another place.
    """

    def __init__(self, rate: float, size: int = 1 << 22) -> None:
        super().__init__()
        self.p = rate  # the name that nn.Dropout gives it, which encoders read
        self.size = size
        self._pool: Tensor | None = None

    def forward(self, values: Tensor) -> Tensor:
        """Return values with a share of them at 0."""
        if not self.training or self.p == 0:
            return values
        if self._pool is None or len(self._pool) < 2 * values.numel():
            size = max(self.size, 4 * values.numel())
            self._pool = (torch.rand(size) >= self.p).to(torch.bfloat16) / (1 - self.p)
        start = int(torch.randint(len(self._pool) - values.numel(), ()))
        mask = self._pool[start : start + values.numel()].view(values.shape)
        return values * mask.to(values.dtype)


def pool_dropout(module: nn.Module) -> None:
    """Replace every dropout below a module by one that is fast on a CPU."""
    for name, child in module.named_children():
        if isinstance(child, nn.Dropout):
            setattr(module, name, PooledDropout(child.p))
        else:
            pool_dropout(child)


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows side by side, and their tokens end to end."""

    ids: Tensor  # (n_windows, n_pieces)
    mask: Tensor
    heads: Tensor  # (n_tokens,): each token's first word piece in the flattened ids
    sentence: Tensor  # (n_tokens,)
    answers: Tensor  # (n_tokens, N_ANSWERS)
    weights: Tensor  # (n_tokens, len(QUESTIONS))
    bias: Tensor  # (n_sentences,)


def collate(examples: Sequence[Example]) -> Batch:
    """Lay examples out as one batch."""
    windows = [example.window for example in examples]
    width = max(len(window.ids) for window in windows)
    ids = np.full((len(windows), width), 0, dtype=np.int64)
    mask = np.zeros((len(windows), width), dtype=np.int64)
    heads: list[NDArray[np.int64]] = []
    sentence: list[NDArray[np.int64]] = []
    n_sentences = 0
    for row, (window, example) in enumerate(zip(windows, examples, strict=True)):
        ids[row, : len(window.ids)] = window.ids
        mask[row, : len(window.ids)] = 1
        heads.append(window.heads + row * width)
        sentence.append(window.sentence + n_sentences)
        n_sentences += len(example.bias)
    return Batch(
        torch.from_numpy(ids),
        torch.from_numpy(mask),
        torch.from_numpy(np.concatenate(heads)),
        torch.from_numpy(np.concatenate(sentence)),
        torch.from_numpy(np.concatenate([one.answers for one in examples]).astype(np.float32)),
        torch.from_numpy(np.concatenate([one.weights for one in examples]).astype(np.float32)),
        torch.from_numpy(np.concatenate([one.bias for one in examples]).astype(np.float32)),
    )


def token_logits(logits: Tensor, batch: Batch) -> Tensor:
    """Return the logits of each token, shape (n_tokens, N_COLUMNS)."""
    return logits.float().flatten(0, 1)[batch.heads]


def sentence_logits(logits: Tensor, batch: Batch) -> Tensor:
    """Return the log odds that each sentence is biased: its tokens' mean."""
    n_sentences = len(batch.bias)
    total = torch.zeros(n_sentences).index_add(0, batch.sentence, logits[:, BIAS])
    return total / torch.bincount(batch.sentence, minlength=n_sentences).clamp(min=1)


def loss(logits: Tensor, batch: Batch) -> Tensor:
    """Return the weighted cross-entropy of every question that the batch answers."""
    logits = token_logits(logits, batch)
    total = logits.new_zeros(())
    for number, asked in enumerate(QUESTIONS.values()):
        weight = batch.weights[:, number]
        if float(weight.sum()) > 0:
            own, wanted = logits[:, asked.columns], batch.answers[:, asked.columns]
            if asked.exclusive:
                each = -(wanted * functional.log_softmax(own, dim=1)).sum(dim=1)
            else:
                each = functional.binary_cross_entropy_with_logits(
                    own, wanted, reduction="none"
                ).sum(dim=1)
            total = total + asked.weight * (weight * each).sum() / weight.sum()
    known = ~batch.bias.isnan()
    if bool(known.any()):
        total = total + BIAS_WEIGHT * functional.binary_cross_entropy_with_logits(
            sentence_logits(logits, batch)[known], batch.bias[known]
        )
    return total
