"""Writing a fine-tuned MiniLM as an ONNX graph in int8 with fixed scales.

The graph is laid out by hand from ONNX Runtime's fused operators, so that it needs no
optimising when it is loaded. Weights are int8 with a scale for each output channel, word
embeddings int8 with a scale for each word. What goes into a matrix product is quantised by a
scale fixed beforehand on unlabelled text, never by one taken from the batch; what comes out,
attention, normalisation and the head stay float32.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper
from tokenizers import Tokenizer
from torch import Tensor, nn

from teacher.graph import MICROSOFT, Graph, Value
from teacher.layers import LayerParts, layer_parts
from teacher.network import FramingNetwork
from teacher.quantise import Scale, whole_weight

_POSITIONS = 256  # longest input of the exported graph, in word pieces


def write_graph(network: FramingNetwork, scales: Mapping[str, Scale] | None, path: Path) -> None:
    """Write a network.

    Inputs ``ids`` and ``mask`` (int32, n_windows × n_pieces, 1 on pieces and 0 on padding);
    outputs ``states`` (n_windows × n_pieces × 384) and ``logits`` (… × N_COLUMNS).

    Parameters
    ----------
    scales : mapping of str to Scale, optional
        From :func:`teacher.quantise.calibrate`; without them the graph stays float32.
    """
    graph = _EncoderGraph(scales=scales)
    encoder = network.encoder
    graph.constant("zero", np.zeros(1, dtype=np.int64))
    graph.node("Shape", ["ids"], "length", start=1, end=2)
    hidden = graph.embeddings(encoder)
    distances = graph.distances(encoder)
    heads = encoder.config.num_attention_heads
    for number, parts in enumerate(layer_parts(encoder)):
        hidden = graph.layer(hidden, parts, number, heads, distances)
    graph.node("Identity", [hidden], "states")
    weight = graph.constant("head.weight", _array(network.head.weight).T)
    product = graph.node("MatMul", [hidden, weight])
    bias = graph.constant("head.bias", _array(network.head.bias))
    graph.node("Add", [product, bias], "logits")
    shape = ("n_windows", "n_pieces")
    width = encoder.config.hidden_size
    model = graph.model(
        "encoder",
        [Value(name, TensorProto.INT32, shape) for name in ("ids", "mask")],
        [
            Value("states", TensorProto.FLOAT, (*shape, width)),
            Value("logits", TensorProto.FLOAT, (*shape, len(network.head.bias))),
        ],
    )
    onnx.save(model, str(path))


def write_vocabulary(tokenizer: Tokenizer, path: Path) -> None:
    """Write the word pieces, one a line, in the order of their numbers."""
    vocabulary = tokenizer.get_vocab()
    path.write_text(
        "".join(f"{piece}\n" for piece in sorted(vocabulary, key=vocabulary.__getitem__)),
        encoding="utf-8",
    )


@dataclass
class _EncoderGraph(Graph):
    """The graph of an encoder, layer by layer."""

    scales: Mapping[str, Scale] | None = None

    def embeddings(self, encoder: nn.Module) -> str:
        """Look up words and positions; every text is the first of its pair."""
        tables = encoder.embeddings
        words = _array(tables.word_embeddings.weight)
        # Some count positions from behind the one that pads.
        begin = tables.position_embeddings.padding_idx
        begin = 0 if begin is None else begin + 1
        places = _array(tables.position_embeddings.weight)[begin : begin + _POSITIONS]
        if hasattr(tables, "token_type_embeddings"):
            places = places + _array(tables.token_type_embeddings.weight)[0]
        if self.scales is None:
            found = self.node("Gather", [self.constant("words", words), "ids"])
        else:
            step = np.maximum(np.abs(words).max(axis=1, keepdims=True) / 127, 1e-9)
            table = self.constant("words", np.rint(words / step).astype(np.int8))
            steps = self.constant("words.step", step.astype(np.float32))
            whole = self.node("Cast", [self.node("Gather", [table, "ids"])], to=TensorProto.FLOAT)
            found = self.node("Mul", [whole, self.node("Gather", [steps, "ids"])])
        place = self.node("Slice", [self.constant("places", places), "zero", "length"])
        return self.normalised("embeddings", found, place, tables.LayerNorm)

    def distances(self, encoder: nn.Module) -> str:
        """Return what the distance of two pieces adds to their attention; "" where nothing."""
        if not hasattr(encoder.encoder, "relative_attention_bias"):
            return ""
        bias = encoder.encoder.compute_position_bias(torch.empty(1, _POSITIONS))
        table = self.constant("distances", _array(bias))
        rows = self.node("Slice", [table, "zero", "length", self.axis(2)])
        return self.node("Slice", [rows, "zero", "length", self.axis(3)])

    def axis(self, number: int) -> str:
        """Return the number of an axis as a constant."""
        return self.constant(f"axis.{number}", np.array([number], dtype=np.int64))

    def layer(self, hidden: str, parts: LayerParts, number: int, heads: int, distances: str) -> str:
        """One transformer layer."""
        mixed = self.product(
            f"{number}.mixing",
            hidden,
            np.concatenate([_array(part.weight) for part in parts.mixing]),
            np.concatenate([_array(part.bias) for part in parts.mixing]),
        )
        names = [f"{number}.{part}" for part in ("query", "key", "value")]
        self.nodes.append(helper.make_node("Split", [mixed], names, f"{number}.split", axis=-1))
        inputs = [*names, "", "mask", distances] if distances else [*names, "", "mask"]
        attended = self.node("MultiHeadAttention", inputs, domain=MICROSOFT, num_heads=heads)
        joined = self.linear(f"{number}.joining", attended, parts.joining)
        hidden = self.normalised(f"{number}.joined", joined, hidden, parts.joined)
        wide = self.linear(f"{number}.widening", hidden, parts.widening)
        wide = self.node("Gelu", [wide], domain=MICROSOFT)
        narrow = self.linear(f"{number}.narrowing", wide, parts.narrowing)
        return self.normalised(f"{number}.narrowed", narrow, hidden, parts.narrowed)

    def linear(self, name: str, inputs: str, layer: nn.Module) -> str:
        """One linear layer."""
        return self.product(name, inputs, _array(layer.weight), _array(layer.bias))

    def product(
        self, name: str, inputs: str, weight: NDArray[np.float32], bias: NDArray[np.float32]
    ) -> str:
        """Multiply by a matrix of shape (n_outputs, n_inputs) and add a bias."""
        bias_name = self.constant(f"{name}.bias", bias)
        if self.scales is None:
            product = self.node(
                "MatMul", [inputs, self.constant(f"{name}.weight", np.ascontiguousarray(weight.T))]
            )
            return self.node("Add", [product, bias_name])
        scale = self.scales[name]
        whole, steps = whole_weight(weight * scale.relief)
        if (scale.relief != 1).any():
            inputs = self.node("Mul", [inputs, self.constant(f"{name}.relief", 1 / scale.relief)])
        step = self.constant(f"{name}.in.step", np.float32(scale.step).reshape(()))
        zero = self.constant(f"{name}.in.zero", np.uint8(scale.zero).reshape(()))
        return self.node(
            "MatMulIntegerToFloat",
            [
                self.node("QuantizeLinear", [inputs, step, zero]),
                self.constant(f"{name}.weight", whole.T),
                step,
                self.constant(f"{name}.step", steps),
                zero,
                "",
                bias_name,
            ],
            domain=MICROSOFT,
        )

    def normalised(self, name: str, values: str, skip: str, norm: nn.Module) -> str:
        """Add two values and normalise the sum."""
        return self.node(
            "SkipLayerNormalization",
            [
                values,
                skip,
                self.constant(f"{name}.gamma", _array(norm.weight)),
                self.constant(f"{name}.beta", _array(norm.bias)),
            ],
            domain=MICROSOFT,
            epsilon=norm.eps,
        )


def _array(values: Tensor) -> NDArray[np.float32]:
    return np.asarray(values.detach().float().numpy())
