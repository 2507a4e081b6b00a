"""The scores that a sentence gives to the labels of its words: the trained network, run with numpy.

A word's vector depends on the word alone and is kept by the caller; two LSTMs read the sentence.
Adding the scores of features and finding the best labels is left to `crf`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from workers.entities.recognise.embedding import Rows, Table
from workers.entities.recognise.lstm import Direction, Floats, Places, read


@dataclass(frozen=True, slots=True)
class Context:
    """The network.

    Attributes:
        rows: which rows of the table make up a word.
        table: the rows.
        left: reads from the first word to the last, `halved`.
        right: reads from the last word to the first, `halved`.
        hidden: from the word's vector, the states after it from the left and from the right, and
            the same two before it, in this order, to the hidden layer.
        hidden_bias: of the hidden layer.
        output: from the hidden layer to labels.
        output_bias: of the labels.
        transitions: score of going from a label (row) to a label (column).
    """

    rows: Rows
    table: Table
    left: Direction
    right: Direction
    hidden: Floats
    hidden_bias: Floats
    output: Floats
    output_bias: Floats
    transitions: Floats

    def vectors(self, words: Iterable[tuple[str, Iterable[str]]]) -> Floats:
        """Give the vectors of words, each with its features as `word_features` gives them first."""
        return self.table.vectors([self.rows.of_word(word, names) for word, names in words])

    def scores(self, vectors: Floats, words: Places, starts: Places, lengths: Places) -> Floats:
        """Score the labels of a batch.

        Args:
            vectors: one row a different word.
            words: row of `vectors` of each place; sentences are parted by at least one place.
            starts: first place of each sentence, the first at least 1, the last place in none.
            lengths: words of each sentence, the longest first, none empty.

        Returns:
            One row a place, one column a label; what lies between sentences means nothing.
        """
        steps = np.arange(int(lengths[0]))
        onward = starts[:, None] + steps
        # Behind the end of a sentence anything may stand, but it must be an index.
        backward = np.maximum(starts[:, None] + (lengths[:, None] - 1) - steps, 0)
        left = read(self.left, vectors, words, onward, lengths)
        right = read(self.right, vectors, words, backward, lengths)
        width, size = vectors.shape[1], left.shape[1]
        parts = np.split(self.hidden, [width + index * size for index in range(4)])
        hidden = (vectors @ parts[0] + self.hidden_bias)[words]
        hidden += left @ parts[1]
        hidden += right @ parts[2]
        hidden[1:] += left[:-1] @ parts[3]
        hidden[:-1] += right[1:] @ parts[4]
        np.tanh(hidden, out=hidden)
        hidden = hidden @ self.output + self.output_bias
        return np.asarray(hidden, dtype=np.float32)
