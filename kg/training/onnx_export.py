"""A trained :class:`~kg.training.layers.Student` as one ONNX file.

The graph is written by hand, time first, with the lengths given to the LSTM operators, so
that padding never reaches a state.  Embeddings are stored as 8-bit integers with a scale
a column, matrices as 16-bit floats; the runtime unfolds both to 32-bit floats when it loads
the file, which keeps results equal from batch to batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from kg.mentions import chains
from kg.mentions.network import FORMAT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from kg.mentions.lookup import Lookup
    from kg.training.layers import Student, TwoWay

__all__ = ["to_onnx"]


def to_onnx(model: Student, lookup: Lookup, notes: Mapping[str, str]) -> bytes:
    """The model, its vocabularies and notes on its making as the bytes of an ONNX file."""
    graph = _Graph()
    for number, name in enumerate(("chars", "pairs", "words", "places")):
        graph.constant(f"{name}.column", np.array(number, np.int64))
        graph.node("Gather", ["features", f"{name}.column"], f"{name}.rows", axis=2)
        graph.embedding(name, getattr(model, name).weight)
    _before(graph, model.pair_size)
    context = graph.two_way("context", "chars", model.context)
    graph.linear("narrow", context, model.narrow)
    graph.node("Tanh", ["narrow"], "gist")
    parts = ["gist", "pairs", "pairs.before", "words", "places"]
    graph.node("Concat", parts, "inputs", axis=2)
    graph.linear("scores", graph.two_way("upper", "inputs", model.upper), model.scores)
    built = helper.make_graph(
        graph.nodes,
        "tagger",
        [
            helper.make_tensor_value_info("features", TensorProto.INT32, ["steps", "sentences", 4]),
            helper.make_tensor_value_info("lengths", TensorProto.INT32, ["sentences"]),
        ],
        [
            helper.make_tensor_value_info(
                "scores", TensorProto.FLOAT, ["steps", "sentences", len(chains.LABELS)]
            )
        ],
        graph.constants,
    )
    file = helper.make_model(built, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(file, {"format": FORMAT, **lookup.metadata(), **notes})
    onnx.checker.check_model(file)
    return bytes(file.SerializeToString())


def _before(graph: _Graph, size: int) -> None:
    """The pair that ends at a character: the one that starts at the character before it."""
    graph.constant("one", np.array([1], np.int64))
    graph.constant("zero", np.array([0], np.int64))
    graph.constant("last", np.array([-1], np.int64))
    graph.node("Slice", ["pairs", "zero", "last", "zero"], "pairs.early")
    graph.node("Slice", ["pairs", "zero", "one", "zero"], "pairs.first")
    graph.node("Sub", ["pairs.first", "pairs.first"], "pairs.blank")
    graph.node("Concat", ["pairs.blank", "pairs.early"], "pairs.before", axis=0)


class _Graph:
    """Nodes and constants in the making."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: NDArray[Any]) -> None:
        self.constants.append(numpy_helper.from_array(np.asarray(value, order="C"), name))

    def node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> None:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))

    def embedding(self, name: str, weight: Any) -> None:
        """Rows of an embedding: gathered as integers, then unfolded."""
        table = weight.detach().numpy()
        scale = np.abs(table).max(0) / 127 + 1e-12
        self.constant(f"{name}.table", np.round(table / scale).astype(np.int8))
        self.constant(f"{name}.scale", scale.astype(np.float32))
        self.node("Gather", [f"{name}.table", f"{name}.rows"], f"{name}.small", axis=0)
        self.node("Cast", [f"{name}.small"], f"{name}.plain", to=TensorProto.FLOAT)
        self.node("Mul", [f"{name}.plain", f"{name}.scale"], name)

    def half(self, name: str, value: NDArray[Any]) -> None:
        """A constant stored as 16-bit floats."""
        self.constant(f"{name}.half", value.astype(np.float16))
        self.node("Cast", [f"{name}.half"], name, to=TensorProto.FLOAT)

    def linear(self, name: str, given: str, layer: Any) -> None:
        """A linear layer over the last axis."""
        self.half(f"{name}.weight", layer.weight.detach().numpy().T)
        self.constant(f"{name}.bias", layer.bias.detach().numpy())
        self.node("MatMul", [given, f"{name}.weight"], f"{name}.product")
        self.node("Add", [f"{name}.product", f"{name}.bias"], name)

    def two_way(self, name: str, given: str, layer: TwoWay) -> str:
        """A two-way LSTM; states of both directions side by side."""
        sides = (layer.onward, layer.backward)
        hidden = layer.onward.hidden_size
        for part in ("weight_ih_l0", "weight_hh_l0"):
            stacked = np.stack([_gates(getattr(side, part)) for side in sides])
            self.half(f"{name}.{part}", stacked)
        biases = [
            np.concatenate([_gates(side.bias_ih_l0), _gates(side.bias_hh_l0)]) for side in sides
        ]
        self.constant(f"{name}.bias", np.stack(biases))
        weights = [f"{name}.weight_ih_l0", f"{name}.weight_hh_l0", f"{name}.bias"]
        self.node(
            "LSTM",
            [given, *weights, "lengths"],
            f"{name}.states",
            hidden_size=hidden,
            direction="bidirectional",
        )
        self.node("Transpose", [f"{name}.states"], f"{name}.turned", perm=[0, 2, 1, 3])
        self.constant(f"{name}.shape", np.array([0, 0, 2 * hidden], np.int64))
        self.node("Reshape", [f"{name}.turned", f"{name}.shape"], f"{name}.joined")
        return f"{name}.joined"


def _gates(parameter: Any) -> NDArray[np.float32]:
    """Torch orders the gates input, forget, cell, output; ONNX input, output, forget, cell."""
    entry, forget, cell, out = np.split(parameter.detach().numpy(), 4)
    return np.concatenate([entry, out, forget, cell])
