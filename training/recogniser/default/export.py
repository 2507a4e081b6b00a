"""Turns what was trained, scores of features and a network, into the model that is run with numpy.

Needs PyTorch. Training is left to `linear`, `pretrain` and `tune`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from training.recogniser.default.network import Tagger
from training.recogniser.lexicon import Lexicon
from workers.entities.recognise.context import Context
from workers.entities.recognise.embedding import Rows, Table
from workers.entities.recognise.lstm import Direction
from workers.entities.recognise.model import Linear, Model


def exported(tagger: Tagger, rows: Rows) -> Context:
    """Turn the network into numpy arrays."""
    values: dict[str, npt.NDArray[np.float32]] = {
        name: tensor.detach().numpy() for name, tensor in tagger.state_dict().items()
    }

    def direction(name: str) -> Direction:
        start = f"encoder.{name}"
        bias = values[f"{start}.bias_ih_l0"] + values[f"{start}.bias_hh_l0"]
        of_input, of_state = values[f"{start}.weight_ih_l0"], values[f"{start}.weight_hh_l0"]
        return Direction(of_input.T.copy(), of_state.T.copy(), bias).halved()

    return Context(
        rows=rows,
        table=Table.of(values["encoder.table.weight"]),
        left=direction("forwards"),
        right=direction("backwards"),
        hidden=values["hidden.weight"].T.copy(),
        hidden_bias=values["hidden.bias"],
        output=values["output.weight"].T.copy(),
        output_bias=values["output.bias"],
        transitions=values["transitions"],
    )


def mixed(linear: Linear, context: Context, lexicon: Lexicon, share: float) -> Model:
    """Join both parts.

    Args:
        linear: scores of features.
        context: the network.
        lexicon: that both were trained with.
        share: what the features' scores count, 0 to 1; the network's count the rest.
    """
    rest = np.float32(1 - share)
    return Model(
        replace(
            linear,
            weights=linear.weights * np.float32(share),
            transitions=linear.transitions * np.float32(share),
        ),
        replace(
            context,
            output=context.output * rest,
            output_bias=context.output_bias * rest,
            transitions=context.transitions * rest,
        ),
        lexicon.words,
        lexicon.phrases,
    )
