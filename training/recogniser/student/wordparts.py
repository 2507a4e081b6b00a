"""What the fast recogniser sees of each word, computed for all words of the texts at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
import numpy.typing as npt

from workers.entities.recognise.embedding import Rows, class_names
from workers.entities.recognise.features import BOUNDARY, word_features
from workers.entities.recognise.model import Linear, feature_key

MOST_ROWS = 40
MOST_FEATURES = 48

_state: tuple[Rows, Mapping[str, str], Linear | None, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class WordParts:
    """One row a word, the last row that of `BOUNDARY`, filled up with 0.

    Attributes:
        rows: of the table of vectors.
        weights: of these rows.
        keys: of the features; 0 is none.
        classes: numbers of the word's classes; 0 is none.
        linear: what a trained linear model says: word by offset by label; None without one.
    """

    rows: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float32]
    keys: npt.NDArray[np.uint64]
    classes: npt.NDArray[np.int32]
    linear: npt.NDArray[np.float16] | None


def word_parts(
    words: Sequence[str],
    known: Mapping[str, str],
    rows: Rows,
    classes: Sequence[str],
    linear: Linear | None,
    processes: int,
) -> WordParts:
    """Describe words.

    Args:
        words: of the texts.
        known: classes of folded words.
        rows: of the table of vectors.
        classes: names of classes that the encoder knows, numbered from 1.
        linear: a trained linear model to ask as well.
        processes: to share the work among.
    """
    global _state  # noqa: PLW0603 - inherited by the processes, which is all that it is for
    _state = rows, known, linear, {name: number for number, name in enumerate(classes, 1)}
    everything = [*words, BOUNDARY]
    pieces = [everything[first : first + 4096] for first in range(0, len(everything), 4096)]
    if processes > 1:
        with get_context("fork").Pool(processes) as pool:
            found = pool.map(_described, pieces)
    else:
        found = [_described(piece) for piece in pieces]
    joined = [np.concatenate(column) for column in list(zip(*found, strict=True))[:4]]
    scores = None if linear is None else np.concatenate([each[4] for each in found])
    return WordParts(joined[0], joined[1], joined[2], joined[3], scores)


def _described(words: Sequence[str]) -> tuple[npt.NDArray[np.generic], ...]:
    of_rows, known, linear, class_numbers = _state
    rows = np.zeros((len(words), MOST_ROWS), dtype=np.int32)
    weights = np.zeros((len(words), MOST_ROWS), dtype=np.float32)
    keys = np.zeros((len(words), MOST_FEATURES), dtype=np.uint64)
    classes = np.zeros((len(words), 16), dtype=np.int32)
    features = []
    for index, word in enumerate(words):
        wide, near = word_features(word, known)
        features.append(wide + near)
        some, shares = of_rows.of_word(word, wide)
        # The n-grams of the longest words do not all fit; the classes, at the end, shall.
        if len(some) > MOST_ROWS:
            half = MOST_ROWS // 2
            some, shares = some[:half] + some[-half:], shares[:half] + shares[-half:]
        rows[index, : len(some)], weights[index, : len(some)] = some, shares
        named = [feature_key(name) for name in features[-1]][:MOST_FEATURES]
        keys[index, : len(named)] = named
        own = [class_numbers[name] for name in class_names(wide) if name in class_numbers][:16]
        classes[index, : len(own)] = own
    if linear is None:
        return rows, weights, keys, classes, np.zeros(0)
    scores = linear.scores(features).transpose(1, 0, 2).astype(np.float16)
    return rows, weights, keys, classes, scores
