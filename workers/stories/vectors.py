"""Sparse vectors of terms, in eight bytes a term. Pure."""

from __future__ import annotations

from collections.abc import Mapping
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
    """Return a vector of length 1 of the heaviest terms.

    Args:
        weights: term → weight, 0 or more.
        most: terms to keep at most.
    """
    heaviest = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:most]
    kept = sorted(item for item in heaviest if item[1] > 0)
    terms = np.array([term for term, _ in kept], np.uint32)
    values = np.array([weight for _, weight in kept], np.float32)
    length = float(np.sqrt(values @ values))
    return Vector(terms, values / np.float32(length), 1.0) if length else Vector(terms, values, 0.0)


def vector_of(terms: npt.NDArray[np.uint32], weights: npt.NDArray[np.float32]) -> Vector:
    """Return the vector of terms in ascending order and their weights."""
    return Vector(terms, weights, float(np.sqrt(weights @ weights)))


def cosine(one: Vector, other: Vector) -> float:
    """Return the cosine of the angle between two vectors, 0 to 1; 0 where one is empty."""
    if not one.length or not other.length:
        return 0.0
    if len(one.terms) > len(other.terms):
        one, other = other, one
    places = np.searchsorted(other.terms, one.terms)
    places[places == len(other.terms)] = 0
    shared = other.terms[places] == one.terms
    product = float(one.weights[shared] @ other.weights[places[shared]])
    return product / (one.length * other.length)


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
