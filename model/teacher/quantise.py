"""Eight-bit arithmetic with fixed scales: choosing the scales."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from teacher.layers import SITES, layer_parts
from teacher.network import FramingNetwork, collate
from teacher.targets import Example

# After the attention a few channels are some twenty times as wide as the rest: there each is
# divided by a share of its width, and the weights are multiplied by it (Xiao et al.,
# "SmoothQuant", ICML 2023). Elsewhere that was measured to do harm.
_RELIEVED = frozenset({"widening"})
_SHARES = (1.0, 0.9999, 0.999, 0.99)  # of the values seen in calibration that a scale may cover
# Seven bits: the products of two neighbouring weights add up in 16 bits on processors without
# VNNI, where eight bits would overflow and the result depend on the machine.
_WEIGHT_LIMIT = 64


@dataclass(frozen=True, slots=True)
class Scale:
    """How an activation becomes uint8: ``round(value / relief / step) + zero``."""

    step: float
    zero: int
    relief: NDArray[np.float32]  # (n_channels,), 1 where a channel needs none

    def whole(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return values as they are after quantisation."""
        rounded = np.clip(np.rint(values / self.relief / self.step) + self.zero, 0, 255)
        return np.asarray((rounded - self.zero) * self.step * self.relief, dtype=np.float32)


def calibrate(network: FramingNetwork, examples: Sequence[Example]) -> dict[str, Scale]:
    """Choose a scale for the input of each matrix product.

    The scale with the least squared error on what the examples send through.
    """
    seen: dict[str, list[NDArray[np.float32]]] = {}
    rng = np.random.default_rng(0)

    def keep(name: str, values: Tensor) -> None:
        rows = values.flatten(0, -2)
        chosen = torch.from_numpy(rng.integers(len(rows), size=min(64, len(rows))))
        seen.setdefault(name, []).append(rows[chosen].float().numpy())

    network.eval()
    with ExitStack() as stack, torch.inference_mode():
        for name, modules in sites(network):
            hook = modules[0].register_forward_pre_hook(
                lambda _, inputs, name=name: keep(name, inputs[0])
            )
            stack.callback(hook.remove)
        for example in examples:
            batch = collate([example])
            network(batch.ids, batch.mask)
    return {
        name: _best_scale(np.concatenate(seen[name]), _relief(name, seen[name], modules))
        for name, modules in sites(network)
    }


def sites(network: FramingNetwork) -> Iterator[tuple[str, tuple[nn.Module, ...]]]:
    """Yield the name of each place that is quantised, and the linear layers that read there."""
    for number, parts in enumerate(layer_parts(network.encoder)):
        for site in SITES:
            yield f"{number}.{site}", parts.products(site)


def _relief(
    name: str, seen: Sequence[NDArray[np.float32]], modules: Sequence[nn.Module]
) -> NDArray[np.float32]:
    values = np.concatenate(seen)
    if name.partition(".")[2] not in _RELIEVED:
        return np.ones(values.shape[1], dtype=np.float32)
    weights = np.concatenate([module.weight.detach().float().numpy() for module in modules])
    wide, heavy = (np.maximum(np.abs(one).max(axis=0), 1e-5) for one in (values, weights))
    return np.asarray(np.sqrt(wide / heavy), dtype=np.float32)


def _best_scale(values: NDArray[np.float32], relief: NDArray[np.float32]) -> Scale:
    relieved = values / relief
    best, least = Scale(1.0, 0, relief), np.inf
    for share in _SHARES:
        low, high = np.quantile(relieved, [(1 - share) / 2, (1 + share) / 2])
        step = float(max(high, 0) - min(low, 0)) / 255 or 1.0
        scale = Scale(step, int(np.clip(round(-min(low, 0) / step), 0, 255)), relief)
        error = float(np.square((values - scale.whole(values)) / relief).mean())
        if error < least:
            best, least = scale, error
    return best


def whole_weight(weight: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return a matrix (n_outputs, n_inputs) in whole numbers, and the step of each output."""
    steps = np.maximum(np.abs(weight).max(axis=1) / _WEIGHT_LIMIT, 1e-9).astype(np.float32)
    return np.rint(weight / steps[:, None]).astype(np.int8), steps
