"""Writes the encoder as an ONNX graph with 8-bit products, and the file that is shipped.

Weights have a scale a column; what they are multiplied by gets one when it is read
(`DynamicQuantizeMatMul` of ONNX Runtime), as in training. Vectors of pieces and classes stay
outside: numpy picks them. Needs `onnx` (the `train` extra).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from onnx import NodeProto, TensorProto, helper, numpy_helper

from training.recogniser.encoder.encoder import EPSILON, HEADS, POOL_AFTER, SIZE
from workers.entities.recognise.embedding import Table
from workers.entities.recognise.encoder import INPUTS, EncoderFile

CONTRIB = "com.microsoft"

Values = Mapping[str, npt.NDArray[np.float32]]


class _Graph:
    """Nodes and constants, in the making."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def constant(self, name: str, array: npt.NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, kind: str, inputs: Sequence[str], output: str, **options: object) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], **options))
        return output

    def product(self, x: str, name: str) -> str:
        """Multiply by a matrix in 8 bits and add a bias."""
        weight = self.values[f"{name}.weight"].T
        scale = np.maximum(np.abs(weight).max(axis=0), 1e-8).astype(np.float32) / 127
        inputs = [
            x,
            self.constant(f"{name}.w", np.rint(weight / scale).astype(np.int8)),
            self.constant(f"{name}.s", scale),
            self.constant(f"{name}.z", np.zeros(len(scale), dtype=np.int8)),
            self.constant(f"{name}.b", self.values[f"{name}.bias"].astype(np.float32)),
        ]
        return self.node("DynamicQuantizeMatMul", inputs, name, domain=CONTRIB)

    def norm(self, x: str, added: str, name: str) -> str:
        weights = [
            self.constant(f"{name}.{part}", self.values[f"{name}.{part}"])
            for part in ("weight", "bias")
        ]
        kind = "SkipLayerNormalization"
        return self.node(kind, [x, added, *weights], name, domain=CONTRIB, epsilon=EPSILON)

    def layer(self, x: str, mask: str, index: int) -> str:
        name = f"layers.{index}"
        attend = self.product(x, f"{name}.attend")
        parts = [f"{name}.{part}" for part in "qkv"]
        self.nodes.append(helper.make_node("Split", [attend], parts, axis=2, num_outputs=3))
        inputs = [*parts, "", mask]
        seen = self.node(
            "MultiHeadAttention", inputs, f"{name}.seen", domain=CONTRIB, num_heads=HEADS
        )
        x = self.norm(x, self.product(seen, f"{name}.joined"), f"{name}.first")
        wide = self.product(x, f"{name}.widen")
        wide = self.node("Gelu", [wide], f"{name}.gelu", domain=CONTRIB)
        return self.norm(x, self.product(wide, f"{name}.narrow"), f"{name}.second")

    def averaged(self, x: str) -> str:
        """Average the pieces of words: sums up to the last piece, less those before the first."""
        flat = self.node("Reshape", [x, self.constant("flat", np.array([-1, SIZE]))], "flat_pieces")
        sums = self.node("CumSum", [flat, self.constant("axis", np.array(0))], "sums")
        for source, place, output in (
            (sums, "last", "to_last"),
            (sums, "first", "to_first"),
            (flat, "first", "at_first"),
        ):
            self.node("Gather", [source, place], output, axis=0)
        self.node("Sub", ["to_last", "to_first"], "between")
        self.node("Add", ["between", "at_first"], "sum")
        self.node("Mul", ["sum", "share"], "mean")
        return self.node("Add", ["mean", "classes"], "words")


def graph(values: Values, heads: Sequence[str], pool_after: int = POOL_AFTER) -> bytes:
    """Write the graph.

    Args:
        values: weights by the names of `Encoder`.
        heads: names of the output layers to keep, in their order.
        pool_after: layers that read pieces.

    Returns:
        The serialised model; its output has the labels of all heads side by side.
    """
    made = _Graph(values)
    norm = [made.constant(f"norm.{part}", values[f"norm.{part}"]) for part in ("weight", "bias")]
    x = made.node("LayerNormalization", ["pieces", *norm], "normed", axis=-1, epsilon=EPSILON)
    layers = len({name.split(".")[1] for name in values if name.startswith("layers.")})
    for index in range(layers):
        if index == pool_after:
            x = made.averaged(x)
        x = made.layer(x, "piece_mask" if index < pool_after else "word_mask", index)
    weight = np.concatenate([values[f"heads.{head}.weight"] for head in heads]).T
    bias = np.concatenate([values[f"heads.{head}.bias"] for head in heads])
    made.node("MatMul", [x, made.constant("heads.w", weight)], "products")
    made.node("Add", ["products", made.constant("heads.b", bias)], "scores")
    kinds = {"float": TensorProto.FLOAT, "int32": TensorProto.INT32, "int64": TensorProto.INT64}
    inputs = [
        helper.make_tensor_value_info(name, kinds[kind], list(shape))
        for name, kind, shape in INPUTS
    ]
    output = helper.make_tensor_value_info("scores", TensorProto.FLOAT, None)
    body = helper.make_graph(made.nodes, "encoder", inputs, [output], made.constants)
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(CONTRIB, 1)]
    model = helper.make_model(body, opset_imports=opsets, ir_version=9)
    return bytes(model.SerializeToString())


def encoder_file(
    values: Values,
    pieces: Sequence[str],
    piece_scores: npt.NDArray[np.float32],
    classes: Sequence[str],
    heads: Sequence[str],
    pool_after: int = POOL_AFTER,
) -> EncoderFile:
    """Put together what is shipped.

    Args:
        values: weights by the names of `Encoder`.
        pieces: texts of the pieces.
        piece_scores: log-probability of each.
        classes: names of the classes of words, in the order of their rows.
        heads: names of the output layers to keep.
        pool_after: layers that read pieces.
    """
    return EncoderFile(
        pieces=list(pieces),
        piece_scores=piece_scores,
        piece_table=Table.of(values["pieces"]),
        positions=values["positions"],
        classes=list(classes),
        class_table=Table.of(values["classes.weight"]),
        heads=list(heads),
        graph=graph(values, heads, pool_after),
    )
