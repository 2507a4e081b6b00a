"""Sparse vectors of terms."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st

from workers.stories.vectors import cosines, make_vector

Weights = dict[int, float]
WEIGHTS = st.dictionaries(st.integers(0, 30), st.floats(0.01, 10), max_size=20)


@given(WEIGHTS, st.lists(WEIGHTS, max_size=5))
def test_cosines_of_many_are_those_of_each(one: Weights, others: list[Weights]) -> None:
    vectors = [make_vector(weights, 20) for weights in others]

    found = cosines(make_vector(one, 20), vectors)

    assert found == pytest.approx([_cosine(one, other) for other in others], abs=1e-5)


@given(WEIGHTS, st.integers(1, 5))
def test_the_heaviest_terms_are_kept_and_of_equal_ones_the_lower(
    weights: Weights, most: int
) -> None:
    heaviest = sorted(weights, key=lambda term: (-weights[term], term))[:most]

    assert make_vector(weights, most).terms.tolist() == sorted(heaviest)


def _cosine(one: Weights, other: Weights) -> float:
    product = sum(weight * other.get(term, 0.0) for term, weight in one.items())
    lengths = (math.hypot(*each.values()) for each in (one, other))
    return product / (math.prod(lengths) or 1.0)
