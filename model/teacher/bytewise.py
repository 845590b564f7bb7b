"""Writing a fitted convolution as an ONNX graph that counts in whole numbers.

Weights are int8 with a step for each output, and what passes from layer to layer is uint8
with steps that are fixed beforehand on sample windows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from onnx import TensorProto
from torch import Tensor, nn

from slantwise.convolution import ZERO, Convolution
from teacher.convolution import N_LAYERS, N_VECTOR, REACH, WIDTH, ContextNetwork
from teacher.graph import MICROSOFT, Graph, Value
from teacher.network import collate
from teacher.quantise import whole_weight
from teacher.targets import N_COLUMNS, Example

_COVERED = 0.9999  # of the values seen; the few beyond are cut off
_TOP = 255


def convolution_of(network: ContextNetwork, examples: Sequence[Example]) -> Convolution:
    """Return what `slantwise` applies.

    Parameters
    ----------
    network : ContextNetwork
    examples : sequence of Example
        A few hundred windows, from which the steps are taken.
    """
    widest = widths(network, examples)
    # One step for what a layer hears of the words around and of the sentence: they are added.
    heard = max(widest["heard.0"], widest["whole"]) / (ZERO - 1)
    steps = {"words": widest["vectors"] / (ZERO - 1), "heard.0": heard}
    for number in range(N_LAYERS):
        if number:
            steps[f"heard.{number}"] = widest[f"heard.{number}"] / _TOP
        steps[f"hidden.{number}"] = widest[f"hidden.{number}"] / _TOP
    # The largest that a sentence as a whole may be; its bytes have their own step.
    steps["sentences"] = widest["sentences"] / (ZERO - 1)
    graph = _ConvolutionGraph(steps)
    return Convolution(
        graph.of(network), _array(network.quoted), float(np.float32(steps["words"])), REACH
    )


def widths(network: ContextNetwork, examples: Sequence[Example]) -> dict[str, float]:
    """Return how wide, in absolute value, nearly all of what passes each layer is."""
    seen: dict[str, list[NDArray[np.float32]]] = {}
    network.eval()
    with torch.inference_mode():
        for example in examples:
            batch = collate([example])
            passed = network.passed(batch)
            passed["sentences"] = network.sums(passed["vectors"][:, REACH:-REACH], batch)
            for name, values in passed.items():
                if name.startswith("heard") and name != "heard.0":
                    values = values.relu()
                seen.setdefault(name, []).append(values.abs().numpy().ravel())
    return {
        name: max(float(np.quantile(np.concatenate(values), _COVERED)), 1e-6)
        for name, values in seen.items()
    }


class _ConvolutionGraph(Graph):
    """The graph of a convolution, layer by layer."""

    def __init__(self, steps: Mapping[str, float]) -> None:
        super().__init__()
        self.steps = steps
        self.constant("middle", np.uint8(ZERO))  # stands for 0 where values have a sign
        self.constant("least", np.uint8(0))  # stands for 0 where they have none
        self.constant("first", np.array([0], dtype=np.int64))  # the axis of the batch of one
        for name, step in steps.items():
            self.constant(f"{name}.step", np.float32(step))

    def of(self, network: ContextNetwork) -> bytes:
        """Return the graph as bytes."""
        layers = list(network.layers)
        words = self.node("Unsqueeze", ["words", "first"])
        around = self.layer(0, layers[0], words, "words", "middle", "middle")
        sentence = self.node("Gather", [self.sentences(network.sentence), "sentence"])
        whole = self.node("Unsqueeze", [sentence, "first"])
        # What is below 0 is cut off, as 0 is the least of the bytes that come out.
        hidden = self.sum("hidden.0", around, "heard.0", "middle", whole, "heard.0", "middle")
        for number, layer in enumerate(layers[1:], start=1):
            before = f"hidden.{number - 1}"
            heard = self.layer(number, layer, hidden, before, "least", "least")
            hidden = self.sum(
                f"hidden.{number}", hidden, before, "least", heard, f"heard.{number}", "least"
            )
        self.answers(network.head, self.node("Squeeze", [hidden, "first"]), len(layers) - 1)
        model = self.model(
            "convolution",
            [
                Value("words", TensorProto.UINT8, ("n_tokens", N_VECTOR)),
                Value("sentences", TensorProto.FLOAT, ("n_sentences", N_VECTOR)),
                Value("sentence", TensorProto.INT64, ("n_tokens",)),
            ],
            [Value("logits", TensorProto.FLOAT, ("n_tokens", N_COLUMNS))],
        )
        return bytes(model.SerializeToString())

    def layer(
        self, number: int, layer: nn.Conv1d, values: str, step: str, zero: str, zero_out: str
    ) -> str:
        """One convolution; values below 0 are cut off where 0 is the least byte."""
        weight = _array(layer.weight)  # (n_out, n_in, width)
        whole, own = whole_weight(weight.reshape(len(weight), -1))
        bias = np.rint(_array(layer.bias) / (self.steps[step] * own)).astype(np.int32)
        name = f"layer.{number}"
        return self.node(
            "QLinearConv",
            [
                values,
                f"{step}.step",
                zero,
                self.constant(f"{name}.weight", whole.reshape(weight.shape)),
                self.constant(f"{name}.step", own),
                self.constant(f"{name}.zero", np.zeros(len(weight), dtype=np.int8)),
                f"heard.{number}.step",
                zero_out,
                self.constant(f"{name}.bias", bias),
            ],
            domain=MICROSOFT,
            channels_last=1,
            kernel_shape=[WIDTH],
            pads=[WIDTH // 2, WIDTH // 2],
        )

    def sentences(self, layer: nn.Linear) -> str:
        """Return what each sentence adds, in the bytes of what the first layer hears."""
        inputs = self.node("QuantizeLinear", ["sentences", "sentences.step", "middle"])
        said = self.product("sentence", inputs, "sentences", "middle", _array(layer.weight))
        return self.node("QuantizeLinear", [said, "heard.0.step", "middle"])

    def sum(
        self, name: str, one: str, step: str, zero: str, other: str, other_step: str, its_zero: str
    ) -> str:
        """Add two layers of bytes."""
        inputs = [one, f"{step}.step", zero, other, f"{other_step}.step", its_zero]
        inputs += [f"{name}.step", "least"]
        return self.node("QLinearAdd", inputs, domain=MICROSOFT)

    def answers(self, head: nn.Linear, hidden: str, last: int) -> None:
        """Answer with logits, in floating point."""
        weight = _array(head.weight)
        n_hidden = weight.shape[1] - N_VECTOR
        heard = self.product(
            "head.hidden", hidden, f"hidden.{last}", "least", weight[:, :n_hidden], head.bias
        )
        own = self.product("head.words", "words", "words", "middle", weight[:, n_hidden:])
        self.node("Add", [heard, own], "logits")

    def product(
        self,
        name: str,
        values: str,
        step: str,
        zero: str,
        weight: NDArray[np.float32],
        bias: Tensor | None = None,
    ) -> str:
        """Multiply bytes by a matrix of shape (n_outputs, n_inputs), into floating point."""
        whole, own = whole_weight(weight)
        inputs = [values, self.constant(f"{name}.weight", whole.T), f"{step}.step"]
        inputs += [self.constant(f"{name}.own", own), zero, ""]
        if bias is not None:
            inputs.append(self.constant(f"{name}.bias", _array(bias)))
        return self.node("MatMulIntegerToFloat", inputs, domain=MICROSOFT)


def _array(values: Tensor) -> NDArray[np.float32]:
    return np.asarray(values.detach().numpy(), dtype=np.float32)
