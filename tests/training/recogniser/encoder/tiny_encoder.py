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
    # All layers are alike: that takes little time to make and to compress.
    one: Arrays = {}
    for name in ("q", "k", "v", "ao"):
        one[f"q4:{name}.w"] = matrix(SIZE, SIZE)
        one[f"f4:{name}.b"] = vector(SIZE)
    for name in ("aln", "oln"):
        one[f"f4:{name}.w"] = vector(SIZE, 1.0)
        one[f"f4:{name}.b"] = vector(SIZE)
    one["q4:fi.w"] = matrix(INNER, SIZE)
    one["f4:fi.b"] = vector(INNER)
    one["q4:fo.w"] = matrix(SIZE, INNER)
    one["f4:fo.b"] = vector(SIZE)
    for layer in range(layers):
        arrays |= {f"{name[:3]}l{layer}.{name[3:]}": values for name, values in one.items()}
    return arrays
