"""Word clusters from unlabelled text: words that stand among the same words get the same class.

Numbers of what stands two words to the left and right (kept apart) are weighted by smoothed
positive pointwise mutual information, reduced by a singular value decomposition, and grouped by
spherical k-means at several granularities. Source: Levy, Goldberg and Dagan, "Improving
distributional similarity with lessons learned from word embeddings", TACL 3 (2015).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

OFFSETS = (-2, -1, 1, 2)
_ROWS = 4096

Matrix = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]


def vectors(
    texts: Iterable[Sequence[str]], *, words: int, contexts: int, size: int
) -> tuple[list[str], Matrix]:
    """Give each frequent word a vector of unit length.

    Args:
        texts: sentences of folded words.
        words: how many of the most frequent words to keep.
        contexts: how many of them count as neighbours, at each offset.
        size: length of a vector.

    Returns:
        The words, most frequent first, and their vectors, one row a word.
    """
    numbering: dict[str, int] = {}
    flat: list[int] = []
    for sentence in texts:
        flat.extend(numbering.setdefault(word, len(numbering)) for word in sentence)
        flat.extend([-1] * max(OFFSETS))
    stream = np.array(flat, dtype=np.int64)
    counts = np.bincount(stream[stream >= 0], minlength=len(numbering))
    order = np.argsort(-counts, kind="stable")[:words]
    contexts = min(contexts, len(order))
    rank = np.full(len(numbering) + 1, words, dtype=np.int64)
    rank[order] = np.arange(len(order))
    stream = rank[stream]  # index -1 is the spare last rank, as are rare words
    names = list(numbering)
    rows, columns, values = _cooccurrences(stream, len(order), contexts)
    weights = _ppmi(rows, columns, values, len(order), contexts * len(OFFSETS))
    return [names[i] for i in order], _reduce(rows, columns, weights, len(order), size)


def _cooccurrences(stream: Ids, words: int, contexts: int) -> tuple[Ids, Ids, Ids]:
    width = contexts * len(OFFSETS)
    keys = []
    for block, offset in enumerate(OFFSETS):
        here = stream[max(0, -offset) : len(stream) - max(0, offset)]
        there = stream[max(0, offset) : len(stream) - max(0, -offset)]
        kept = (here < words) & (there < contexts)
        keys.append(here[kept] * width + block * contexts + there[kept])
    pairs, values = np.unique(np.concatenate(keys), return_counts=True)
    return pairs // width, pairs % width, values


def _ppmi(rows: Ids, columns: Ids, values: Ids, words: int, width: int) -> Matrix:
    of_row = np.bincount(rows, weights=values, minlength=words)
    of_column = np.bincount(columns, weights=values, minlength=width) ** 0.75
    of_column /= of_column.sum()
    ratio = np.log(values / (of_row[rows] * of_column[columns]))
    return np.maximum(ratio, 0.0).astype(np.float32)


def _reduce(rows: Ids, columns: Ids, weights: Matrix, words: int, size: int) -> Matrix:
    width = int(columns.max()) + 1 if len(columns) else 1
    gram = np.zeros((width, width), dtype=np.float32)
    for dense in _dense(rows, columns, weights, words, width):
        gram += dense.T @ dense
    eigenvalues, eigenvectors = np.linalg.eigh(gram)
    top = np.argsort(-eigenvalues)[:size]
    # Dividing by the square root of the singular values keeps the first ones from ruling.
    axes = eigenvectors[:, top] / np.maximum(eigenvalues[top], 1e-6) ** 0.25
    reduced = np.concatenate([d @ axes for d in _dense(rows, columns, weights, words, width)])
    length = np.linalg.norm(reduced, axis=1, keepdims=True)
    return np.asarray(reduced / np.maximum(length, 1e-9), dtype=np.float32)


def _dense(rows: Ids, columns: Ids, weights: Matrix, words: int, width: int) -> Iterable[Matrix]:
    for first in range(0, words, _ROWS):
        last = min(first + _ROWS, words)
        begin, end = np.searchsorted(rows, [first, last])
        dense = np.zeros((last - first, width), dtype=np.float32)
        dense[rows[begin:end] - first, columns[begin:end]] = weights[begin:end]
        yield dense


def kmeans(points: Matrix, clusters: int, *, rounds: int, seed: int) -> Ids:
    """Group unit vectors by spherical k-means.

    Args:
        points: one unit vector a row, most important first.
        clusters: how many groups.
        rounds: how often to move the centres.
        seed: of the choice of first centres.

    Returns:
        The group of each row.
    """
    random = np.random.default_rng(seed)
    head = min(len(points), clusters * 10)
    centres = points[random.choice(head, size=min(clusters, head), replace=False)]
    groups = _nearest(points, centres)
    for _ in range(rounds):
        sums = np.zeros_like(centres)
        np.add.at(sums, groups, points)
        length = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(length > 0, sums / np.maximum(length, 1e-9), centres)
        moved = _nearest(points, centres)
        if np.array_equal(moved, groups):
            break
        groups = moved
    return groups


def _nearest(points: Matrix, centres: Matrix) -> Ids:
    parts = [
        np.argmax(points[i : i + _ROWS] @ centres.T, axis=1) for i in range(0, len(points), _ROWS)
    ]
    return np.concatenate(parts)
