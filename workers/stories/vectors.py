"""Sparse vectors of terms, in eight bytes a term. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

NO_TERMS = np.array([], np.uint32)


@dataclass(frozen=True, slots=True)
class Vector:
    """A vector gives each of its terms a weight.

    Attributes:
        terms: ascending, uint32.
        weights: float32, in the same order.
        length: Euclidean length.
    """

    terms: npt.NDArray[np.uint32]
    weights: npt.NDArray[np.float32]
    length: float


def make_vector(weights: Mapping[int, float], most: int) -> Vector:
    """Return a vector of length 1 of the heaviest terms; of equal ones the lower.

    Args:
        weights: term → weight, 0 or more.
        most: terms to keep at most.
    """
    all_terms = np.fromiter(weights.keys(), np.uint32, len(weights))
    all_values = np.fromiter(weights.values(), np.float64, len(weights))
    heaviest = np.lexsort((all_terms, -all_values))[:most]
    heaviest = heaviest[all_values[heaviest] > 0]
    kept = heaviest[all_terms[heaviest].argsort()]
    terms, values = all_terms[kept], all_values[kept].astype(np.float32)
    length = float(np.sqrt(values @ values))
    return Vector(terms, values / np.float32(length), 1.0) if length else Vector(terms, values, 0.0)


def vector_of(terms: npt.NDArray[np.uint32], weights: npt.NDArray[np.float32]) -> Vector:
    """Return the vector of terms in ascending order and their weights."""
    return Vector(terms, weights, float(np.sqrt(weights @ weights)))


def cosines(one: Vector, others: Sequence[Vector]) -> list[float]:
    """Return the cosine of the angle between a vector and each of others.

    Returns:
        One number each, 0 to 1; 0 where one of the two is empty.
    """
    if not one.length or not others:
        return [0.0] * len(others)
    # Of all at once: a search for each of them takes three times as long.
    terms = np.concatenate([other.terms for other in others])
    places = one.terms.searchsorted(terms)
    shared = (one.terms.take(places, mode="clip") == terms).nonzero()[0]
    own = one.weights[places[shared]]
    weights = np.concatenate([other.weights for other in others])[shared]
    ends = shared.searchsorted(np.cumsum([len(other.terms) for other in others])).tolist()
    return [
        float(own[start:end] @ weights[start:end]) / (one.length * other.length)
        if other.length
        else 0.0
        for start, end, other in zip([0, *ends], ends, others, strict=False)
    ]


def add(one: Vector, other: Vector, most: int) -> Vector:
    """Return the sum of two vectors, of its heaviest terms only.

    Args:
        one: any vector.
        other: any vector.
        most: terms to keep at most.
    """
    terms, places = np.unique(np.concatenate((one.terms, other.terms)), return_inverse=True)
    weights = np.zeros(len(terms), np.float32)
    weights[places[: len(one.terms)]] = one.weights
    weights[places[len(one.terms) :]] += other.weights
    if len(terms) > most:
        kept = np.sort(np.argsort(-weights, kind="stable")[:most])
        terms, weights = terms[kept], weights[kept]
    return vector_of(terms, weights)


def heaviest_terms(vector: Vector, most: int) -> npt.NDArray[np.uint32]:
    """Return the heaviest terms of a vector, ascending; of equal ones the lower."""
    order = np.argsort(-vector.weights, kind="stable")[:most]
    return np.sort(vector.terms[order])
