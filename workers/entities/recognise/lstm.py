"""Two long short-term memories that read sentences from both ends, run with numpy.

Hochreiter and Schmidhuber (1997), with a forget gate (Gers et al., 2000); weights as PyTorch's
`nn.LSTM` names them, the gates in its order. All sentences of a batch take a step at a time. Where
the words' vectors come from is left to `embedding`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Direction:
    """The weights of one direction, 4 x size columns: input, forget, cell and output gate.

    Attributes:
        of_input: vector by gates.
        of_state: size by gates.
        bias: gates.
    """

    of_input: Floats
    of_state: Floats
    bias: Floats

    def halved(self) -> Direction:
        """Halve all but the cell's columns: sigmoid(z) is (tanh(z / 2) + 1) / 2."""
        size = len(self.of_state)
        factor = np.full(4 * size, 0.5, dtype=np.float32)
        factor[2 * size : 3 * size] = 1
        return Direction(self.of_input * factor, self.of_state * factor, self.bias * factor)


def read(
    direction: Direction, vectors: Floats, words: Places, places: Places, lengths: Places
) -> Floats:
    """Run one direction over a batch.

    Args:
        direction: its weights, `halved`.
        vectors: one row a different word.
        words: row of `vectors` of each word of the batch.
        places: sentence by step: index into `words`, in the order of reading; what lies behind the
            end of a sentence is not looked at.
        lengths: words of each sentence, the longest first, none empty.

    Returns:
        The state after each word: one row a word of the batch.
    """
    size = len(direction.of_state)
    inputs = vectors @ direction.of_input + direction.bias
    states = np.zeros((len(words), size), dtype=np.float32)
    # Nothing is allocated in the loop: half of its time would go there.
    state = np.zeros((len(lengths), size), dtype=np.float32)
    cell = np.zeros_like(state)
    gates = np.empty((len(lengths), 4 * size), dtype=np.float32)
    running = np.searchsorted(-lengths, -np.arange(lengths[0]), side="left")
    for step, count in enumerate(running.tolist()):
        state, cell, gates = state[:count], cell[:count], gates[:count]
        np.matmul(state, direction.of_state, out=gates)
        here = places[:count, step]
        gates += inputs.take(words[here], axis=0)
        np.tanh(gates, out=gates)
        enter, forget = gates[:, :size], gates[:, size : 2 * size]
        new, leave = gates[:, 2 * size : 3 * size], gates[:, 3 * size :]
        # Each gate is (tanh + 1) / 2.
        forget += 1
        cell *= forget
        enter += 1
        enter *= new
        cell += enter
        cell *= 0.5
        np.tanh(cell, out=state)
        leave += 1
        state *= leave
        state *= 0.5
        states[here] = state
    return states
