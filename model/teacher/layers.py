"""The parts of a transformer layer, whatever its library calls them."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

# Where matrix products read their input; query, key and value share theirs.
SITES = ("mixing", "joining", "widening", "narrowing")


@dataclass(frozen=True, slots=True)
class LayerParts:
    """One layer after attention as in Vaswani et al. 2017: the sum is normalised after each."""

    mixing: tuple[nn.Module, nn.Module, nn.Module]  # query, key, value
    joining: nn.Module  # the heads' output
    joined: nn.Module  # normalisation
    widening: nn.Module
    narrowing: nn.Module
    narrowed: nn.Module  # normalisation

    def products(self, site: str) -> tuple[nn.Module, ...]:
        """Return the linear layers that read at one of ``SITES``."""
        found = getattr(self, site)
        return found if isinstance(found, tuple) else (found,)


def layer_parts(encoder: nn.Module) -> list[LayerParts]:
    """Return the parts of each layer of a BERT or an MPNet."""
    return [_parts(layer) for layer in encoder.encoder.layer]


def _parts(layer: nn.Module) -> LayerParts:
    attention = layer.attention
    if hasattr(attention, "attn"):  # MPNet
        own = attention.attn
        mixing, joining, joined = (own.q, own.k, own.v), own.o, attention.LayerNorm
    else:
        own = attention.self
        mixing = (own.query, own.key, own.value)
        joining, joined = attention.output.dense, attention.output.LayerNorm
    return LayerParts(
        mixing,
        joining,
        joined,
        layer.intermediate.dense,
        layer.output.dense,
        layer.output.LayerNorm,
    )
