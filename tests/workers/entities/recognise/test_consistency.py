"""A word is drawn to what it is elsewhere in its document, and never by another document."""

from __future__ import annotations

import numpy as np
import pytest

from workers.entities.recognise.consistency import agreement, key
from workers.entities.recognise.model import LABELS

PERSON = LABELS.index("B-PERS")


def probabilities(*labels: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    rows = np.full((len(labels), len(LABELS)), 0.01, dtype=np.float32)
    rows[range(len(labels)), labels] = 0.92
    return rows


@pytest.mark.parametrize(
    ("word", "same"),
    [("لماكرون", "ماكرون"), ("وماكرون", "ماكرون"), ("أحمد", "احمد"), ("القاهرة", "القاهرة")],
)
def test_a_word_is_the_same_with_a_particle_before_it(word: str, same: str) -> None:
    assert key(word) == key(same)


def test_short_words_are_not_compared() -> None:
    assert key("في") == ""
    added = agreement(probabilities(PERSON, 0), np.array([0, 0]), np.array([0, 0]))
    assert not added.any()


def test_a_word_is_drawn_to_what_it_is_elsewhere() -> None:
    added = agreement(probabilities(PERSON, 0), np.array([1, 1]), np.array([0, 0]))
    assert added[1, PERSON] > 0 > added[1, 0]
    assert added[0, PERSON] < added[1, PERSON]


def test_another_document_says_nothing() -> None:
    added = agreement(probabilities(PERSON, 0), np.array([1, 1]), np.array([0, 1]))
    assert not added.any()


def test_more_places_say_more() -> None:
    few = agreement(probabilities(0, PERSON), np.array([1, 1]), np.zeros(2, dtype=np.int64))
    many = agreement(
        probabilities(0, PERSON, PERSON, PERSON),
        np.ones(4, dtype=np.int64),
        np.zeros(4, dtype=np.int64),
    )
    assert many[0, PERSON] > few[0, PERSON] > 0
