"""Running an exported graph with ONNX Runtime."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from teacher.fit import batches
from teacher.targets import Example


class GraphReader:
    """An exported graph that reads examples as `teacher.fit.read_out` reads them.

    Parameters
    ----------
    path : Path
    n_threads : int
    """

    def __init__(self, path: Path, n_threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = n_threads
        # The graph is laid out as it should run.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )

    def read_out(
        self, examples: Sequence[Example], batch_pieces: int = 2048, output: str = "logits"
    ) -> list[NDArray[np.float32]]:
        """Return the logits (or states) of each example's tokens, in order."""
        found: dict[int, NDArray[np.float32]] = {}
        for rows in batches(examples, batch_pieces, np.random.default_rng(0)):
            windows = [examples[row].window for row in rows]
            width = max(len(window.ids) for window in windows)
            ids = np.zeros((len(rows), width), dtype=np.int32)
            mask = np.zeros((len(rows), width), dtype=np.int32)
            for at, window in enumerate(windows):
                ids[at, : len(window.ids)] = window.ids
                mask[at, : len(window.ids)] = 1
            values = self._session.run([output], {"ids": ids, "mask": mask})[0]
            found.update(
                (row, values[at, window.heads])
                for at, (row, window) in enumerate(zip(rows, windows, strict=True))
            )
        return [found[row] for row in range(len(examples))]
