"""Writes the fast recogniser that was taught in the format that is shipped and run with numpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from workers.entities.recognise.context import Context
from workers.entities.recognise.embedding import Rows, Table
from workers.entities.recognise.lstm import Direction
from workers.entities.recognise.model import LABELS, Linear, Model

Values = Mapping[str, npt.NDArray[np.float32]]

O_SHIFT = 0.3
"""Added to the score of O: the student, which learns from soft labels, names a little too much."""

BIGRAM_SHARE = 0.2
"""What the pairs of labels count; the student, which learns each label by itself, knows none."""


def linear_of(weights: npt.NDArray[np.float32], keys: npt.NDArray[np.uint64]) -> Linear:
    """Bring weights of features into the format of the model, without those that are zero.

    Args:
        weights: feature by offset and label.
        keys: of the features, the smallest first.
    """
    kept = weights.any(axis=1)
    rows, cells = np.nonzero(weights[kept])
    counts = np.bincount(rows, minlength=int(kept.sum()))
    return Linear(
        features=keys[kept],
        bounds=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        cells=cells.astype(np.uint8),
        weights=weights[kept][rows, cells].astype(np.float16),
        transitions=np.zeros((len(LABELS), len(LABELS)), dtype=np.float32),
    )


def context_of(values: Values, rows: Rows, table: Table, guideline: str) -> Context:
    """Bring the network into the format of the model.

    Args:
        values: weights by the names of `Student`.
        rows: which rows of the table make up a word.
        table: the rows.
        guideline: whose output layer to keep.
    """

    def direction(name: str) -> Direction:
        bias = values[f"{name}.bias_ih_l0"] + values[f"{name}.bias_hh_l0"]
        of_input, of_state = values[f"{name}.weight_ih_l0"], values[f"{name}.weight_hh_l0"]
        return Direction(of_input.T.copy(), of_state.T.copy(), bias).halved()

    return Context(
        rows=rows,
        table=table,
        left=direction("forwards"),
        right=direction("backwards"),
        hidden=values["hidden.weight"].T.copy(),
        hidden_bias=values["hidden.bias"],
        output=values[f"outputs.{guideline}.weight"].T.copy(),
        output_bias=values[f"outputs.{guideline}.bias"],
        transitions=np.zeros((len(LABELS), len(LABELS)), dtype=np.float32),
    )


def model_of(
    values: Values,
    keys: npt.NDArray[np.uint64],
    rows: Rows,
    known: Mapping[str, str],
    phrases: Mapping[str, str],
    guideline: str = "anercorp",
) -> Model:
    """Bring all of it into the format of the model.

    Args:
        values: weights by the names of `Student`; the first feature is none.
        keys: of the features, with that of none.
        rows: which rows of the table make up a word.
        known: classes of folded words.
        phrases: classes of folded names of several words.
        guideline: whose output layer to keep.
    """
    table = Table.of(values["table"])
    context = context_of(values, rows, table, guideline)
    return Model(linear_of(values["linear"][1:], keys[1:]), context, known, phrases)


def calibrated(
    model: Model, labels: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]
) -> Model:
    """Make names a little less likely and pairs of labels as frequent as they are.

    Args:
        model: of the student.
        labels: of the words of a corpus, numbers of `LABELS`.
        lengths: words of each sentence of it.

    Returns:
        The model; its transitions are a share of log p(label | label before) - log p(label).
    """
    size = len(LABELS)
    pairs = np.full((size, size), 0.5)
    inside = np.ones(len(labels), dtype=np.bool_)
    inside[np.cumsum(lengths)[:-1]] = False
    np.add.at(pairs, (labels[:-1][inside[1:]], labels[1:][inside[1:]]), 1)
    each = np.bincount(labels, minlength=size) + 0.5
    gains = np.log(pairs / pairs.sum(1, keepdims=True)) - np.log(each / each.sum())
    bias = model.context.output_bias.copy()
    bias[0] += O_SHIFT
    context = replace(
        model.context,
        output_bias=bias,
        transitions=(BIGRAM_SHARE * gains).astype(np.float32),
    )
    return replace(model, context=context)
