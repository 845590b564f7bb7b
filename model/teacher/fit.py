"""Fitting a network, and reading it out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from teacher.encoders import load_pretrained
from teacher.network import (
    Batch,
    FramingNetwork,
    collate,
    loss,
    pool_dropout,
    token_logits,
)
from teacher.targets import BIAS, Example

logger = logging.getLogger(__name__)

_WARM_UP = 0.1  # share of the steps
_LOG_EVERY = 50  # steps


@dataclass(frozen=True)
class Schedule:
    """How long and how fast a network learns."""

    epochs: float
    rate: float  # highest learning rate, of the head and the top layer
    layer_decay: float = 1.0  # factor of the rate from one layer to the next below
    batch_pieces: int = 1280  # word pieces in a batch, padding included
    weight_decay: float = 0.01
    frozen_layers: int = 0  # lowest layers left as they are, and with them the embeddings
    seed: int = 0

    def seeded(self, seed: int) -> Schedule:
        """Return the same schedule with another seed."""
        return replace(self, seed=seed)


def new_network(name: str, cache: Path, packages: Path | None = None) -> FramingNetwork:
    """Return a pretrained encoder with a fresh head."""
    encoder = load_pretrained(name, cache, packages).encoder
    network = FramingNetwork(encoder, encoder.config.hidden_size)
    pool_dropout(network)
    return network


def fit(
    network: FramingNetwork, parts: Sequence[Sequence[Example]], schedule: Schedule
) -> FramingNetwork:
    """Train a network in place and return it.

    Parameters
    ----------
    parts : sequence of sequence of Example
        Corpora; a batch never mixes two, an epoch passes over all of them.
    schedule : Schedule
    """
    torch.manual_seed(schedule.seed)
    _freeze(network, schedule.frozen_layers)
    rng = np.random.default_rng(schedule.seed)
    plans = [
        [(part, rows) for part in parts for rows in batches(part, schedule.batch_pieces, rng)]
        for _ in range(int(np.ceil(schedule.epochs)))
    ]
    for plan in plans:
        rng.shuffle(plan)
    steps = [step for plan in plans for step in plan]
    steps = steps[: round(len(steps) * schedule.epochs / len(plans))]
    optimizer = torch.optim.AdamW(_groups(network, schedule), fused=True)
    warm = max(1, round(_WARM_UP * len(steps)))
    scheduler = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min((step + 1) / warm, (len(steps) - step) / (len(steps) - warm + 1)),
    )

    def read(batch: Batch) -> Tensor:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits: Tensor = network(batch.ids, batch.mask)
        return logits

    descend(network, read, steps, optimizer, scheduler)
    return network.eval()


def descend(
    network: nn.Module,
    read: Callable[[Batch], Tensor],
    steps: Sequence[tuple[Sequence[Example], list[int]]],
    optimizer: torch.optim.Optimizer,
    scheduler: torch.optim.lr_scheduler.LRScheduler,
) -> None:
    """Take a step of gradient descent for each batch, and log the loss now and then.

    Parameters
    ----------
    network : Module
        Trained in place.
    read : callable
        Gives the logits of a batch.
    steps : sequence of (corpus, rows)
        The batches.
    """
    network.train()
    started = time.monotonic()
    losses: list[float] = []
    for number, (part, rows) in enumerate(steps, start=1):
        batch = collate([part[row] for row in rows])
        value = loss(read(batch), batch)
        value.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        scheduler.step()
        losses.append(value.item())
        if number % _LOG_EVERY == 0 or number == len(steps):
            logger.info(
                "step %d of %d, loss %.4f, %.0f s",
                number,
                len(steps),
                np.mean(losses[-_LOG_EVERY:]),
                time.monotonic() - started,
            )


def _freeze(network: FramingNetwork, n_layers: int) -> None:
    frozen = [network.encoder.embeddings, *network.encoder.encoder.layer[:n_layers]]
    for module in frozen if n_layers else []:
        module.requires_grad_(False)


def batches(
    examples: Sequence[Example], pieces: int, rng: np.random.Generator
) -> Iterator[list[int]]:
    """Deal examples of about equal length into batches of so many word pieces."""
    lengths = np.array([len(example.window.ids) for example in examples])
    noisy = lengths * rng.uniform(0.9, 1.1, len(lengths))
    batch: list[int] = []
    widest = 0
    for row in np.argsort(noisy, kind="stable").tolist():
        widest = max(widest, int(lengths[row]))
        if batch and widest * (len(batch) + 1) > pieces:
            yield batch
            batch, widest = [], int(lengths[row])
        batch.append(row)
    if batch:
        yield batch


def _groups(network: FramingNetwork, schedule: Schedule) -> list[dict[str, object]]:
    layers = network.encoder.encoder.layer
    depth: dict[int, int] = {}
    for number, layer in enumerate(layers):
        depth.update({id(one): len(layers) - 1 - number for one in layer.parameters()})
    depth.update({id(one): len(layers) for one in network.encoder.embeddings.parameters()})
    return [
        {
            "params": [parameter],
            "lr": schedule.rate * schedule.layer_decay ** depth.get(id(parameter), 0),
            "weight_decay": schedule.weight_decay if parameter.ndim > 1 else 0.0,
        }
        for parameter in network.parameters()
        if parameter.requires_grad
    ]


def read_out(
    network: nn.Module, examples: Sequence[Example], batch_pieces: int = 4096
) -> list[NDArray[np.float32]]:
    """Return the logits of each example's tokens, shape (n_tokens, N_COLUMNS), in order."""
    found: dict[int, NDArray[np.float32]] = {}
    network.eval()
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for rows in batches(examples, batch_pieces, np.random.default_rng(0)):
            batch = collate([examples[row] for row in rows])
            tokens = token_logits(network(batch.ids, batch.mask), batch).numpy()
            edges = np.cumsum([len(examples[row].window.heads) for row in rows])
            found.update(zip(rows, np.split(tokens, edges[:-1]), strict=True))
    return [found[row] for row in range(len(examples))]


def sentence_odds(example: Example, logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the log odds that each sentence of an example is biased."""
    sentence = example.window.sentence
    return np.bincount(sentence, weights=logits[:, BIAS]) / np.bincount(sentence)
