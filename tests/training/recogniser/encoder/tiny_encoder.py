"""An encoder of few layers with random weights and a few pieces, small enough for a test."""

import numpy as np
import numpy.typing as npt

from training.recogniser.encoder.arrays import Arrays
from training.recogniser.encoder.wheel import packed
from workers.entities.recognise.pieces import SPECIALS, START

PIECES = [*SPECIALS, *(START + letter for letter in "ابتثقن"), *"ابتثقن"]
SIZE, INNER = 384, 1536


def tiny_weights(seed: int = 1, layers: int = 2) -> Arrays:
    """Give weights by the names of the wheel."""
    random = np.random.default_rng(seed)

    def matrix(rows: int, columns: int) -> npt.NDArray[np.generic]:
        values = 0.05 * random.standard_normal((rows, columns))
        return packed(values.astype(np.float32))

    def vector(size: int, middle: float = 0.0) -> npt.NDArray[np.generic]:
        return (middle + 0.1 * random.standard_normal(size)).astype(np.float32)

    arrays: Arrays = {
        "q4:emb.word": matrix(len(PIECES), SIZE),
        "f4:emb.pos": vector(512 * SIZE),
        "f4:emb.type": vector(SIZE),
        "f4:emb.ln.w": vector(SIZE, 1.0),
        "f4:emb.ln.b": vector(SIZE),
    }
    for layer in range(layers):
        for name in ("q", "k", "v", "ao"):
            arrays[f"q4:l{layer}.{name}.w"] = matrix(SIZE, SIZE)
            arrays[f"f4:l{layer}.{name}.b"] = vector(SIZE)
        for name in ("aln", "oln"):
            arrays[f"f4:l{layer}.{name}.w"] = vector(SIZE, 1.0)
            arrays[f"f4:l{layer}.{name}.b"] = vector(SIZE)
        arrays[f"q4:l{layer}.fi.w"] = matrix(INNER, SIZE)
        arrays[f"f4:l{layer}.fi.b"] = vector(INNER)
        arrays[f"q4:l{layer}.fo.w"] = matrix(SIZE, INNER)
        arrays[f"f4:l{layer}.fo.b"] = vector(SIZE)
    return arrays
