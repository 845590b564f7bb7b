"""Laying out an ONNX graph by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

MICROSOFT = "com.microsoft"  # the domain of ONNX Runtime's fused operators


@dataclass(frozen=True)
class Value:
    """An input or output: its name, the type of its numbers and its shape."""

    name: str
    kind: TensorProto.DataType
    shape: Sequence[str | int]

    def info(self) -> onnx.ValueInfoProto:
        """Return it as ONNX describes it."""
        return helper.make_tensor_value_info(self.name, self.kind, self.shape)


@dataclass
class Graph:
    """Nodes and constants of a graph that is being written."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def constant(self, name: str, values: NDArray[np.generic]) -> str:
        """Add a constant and return its name."""
        # Unlike ascontiguousarray, this leaves a scalar a scalar.
        self.constants.append(numpy_helper.from_array(np.array(values, order="C"), name))
        return name

    def node(
        self, kind: str, inputs: Sequence[str], name: str = "", domain: str = "", **settings: object
    ) -> str:
        """Add a node with one output and return its name."""
        name = name or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name, domain=domain, **settings))
        return name

    def model(
        self, name: str, inputs: Sequence[Value], outputs: Sequence[Value]
    ) -> onnx.ModelProto:
        """Return the whole as a model that runs as it is."""
        infos = [[one.info() for one in values] for values in (inputs, outputs)]
        return helper.make_model(
            helper.make_graph(self.nodes, name, *infos, self.constants),
            opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)],
            ir_version=8,
        )
