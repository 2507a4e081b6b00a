"""The LSTM computes what its definition says, and a sentence is read alike in any company."""

from __future__ import annotations

import numpy as np

from workers.entities.recognise.lstm import Direction, Floats, read

WIDTH, SIZE = 3, 4


def weights(seed: int = 1) -> Direction:
    random = np.random.default_rng(seed)
    shapes = ((WIDTH, 4 * SIZE), (SIZE, 4 * SIZE), (4 * SIZE,))
    return Direction(*(random.normal(size=shape).astype(np.float32) for shape in shapes))


def sigmoid(values: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-values)), dtype=np.float32)


def by_definition(direction: Direction, vectors: Floats) -> Floats:
    state, cell, states = np.zeros(SIZE), np.zeros(SIZE), []
    for vector in vectors:
        gates = vector @ direction.of_input + state @ direction.of_state + direction.bias
        enter, forget, new, leave = np.split(gates, 4)
        cell = sigmoid(forget) * cell + sigmoid(enter) * np.tanh(new)
        state = sigmoid(leave) * np.tanh(cell)
        states.append(state)
    return np.array(states)


def test_states_are_those_of_the_definition_in_any_company() -> None:
    vectors = np.random.default_rng(2).normal(size=(5, WIDTH)).astype(np.float32)
    words = np.array([0, 1, 2, 3, 4, 1, 0, 3, 3])
    starts, lengths = np.array([0, 5, 8]), np.array([5, 3, 1])
    places = np.minimum(starts[:, None] + np.arange(5), 8)
    found = read(weights().halved(), vectors, words, places, lengths)
    for start, length in zip(starts, lengths, strict=True):
        piece = slice(start, start + length)
        np.testing.assert_allclose(
            found[piece], by_definition(weights(), vectors[words[piece]]), atol=1e-5
        )


def test_places_of_no_sentence_stay_zero() -> None:
    vectors = np.ones((1, WIDTH), dtype=np.float32)
    found = read(weights(), vectors, np.array([0, 0, 0]), np.array([[1]]), np.array([1]))
    assert not found[[0, 2]].any()
    assert found[1].any()
