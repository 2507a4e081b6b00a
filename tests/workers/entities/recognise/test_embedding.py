"""A word is made up of its own row, its parts and its classes; rounding hardly moves a vector."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings, strategies as st

from workers.entities.recognise.embedding import (
    NGRAM_ROWS,
    Rows,
    Table,
    class_names,
    without_digits,
)
from workers.entities.recognise.features import BOUNDARY

ROWS = Rows.of(["قطر", "القاهره", "0000"], ["gcountry", "c=و"])


def rows_of(word: str, *features: str) -> dict[int, float]:
    return dict(zip(*ROWS.of_word(word, features), strict=True))


def test_a_known_word_has_its_row_and_its_classes() -> None:
    rows = rows_of("قطر", "gcountry", "w=قطر")
    assert rows[ROWS.words["قطر"]] == 1.0
    assert rows[ROWS.classes["gcountry"]] == 0.5


def test_an_unknown_word_has_the_row_of_what_is_left_without_clitics() -> None:
    assert rows_of("وقطر")[ROWS.words["قطر"]] == 1.0


def test_numbers_of_the_same_length_share_a_row() -> None:
    assert ROWS.words["0000"] in rows_of("١٩٩٩")
    assert without_digits("س2") == "س2"


def test_the_boundary_has_no_rows() -> None:
    assert ROWS.of_word(BOUNDARY, [BOUNDARY]) == ([], [])


@given(st.text(min_size=1, max_size=20))
@settings(deadline=None, max_examples=200)
def test_any_word_has_rows_within_the_table_and_n_grams_that_weigh_one(word: str) -> None:
    rows, weights = ROWS.of_word(word, [])
    assert all(0 <= row < ROWS.count for row in rows)
    ngrams = [w for row, w in zip(rows, weights, strict=True) if row >= len(ROWS.words)]
    assert abs(sum(ngrams) - 1) < 1e-6
    assert ROWS.count == 3 + NGRAM_ROWS + 2


def test_only_what_words_share_is_a_class() -> None:
    features = ["w=قطر", "b=قطر", "k64=3", "-k64=3", "gcountry", "-gcountry/و", "c=و", "Ar"]
    assert class_names(features) == ["gcountry", "-gcountry/و", "c=و", "Ar"]


def test_a_rounded_vector_is_close() -> None:
    rows = np.random.default_rng(1).normal(size=(4, 8)).astype(np.float32)
    table = Table.of(rows)
    wanted = rows[1] + 0.5 * rows[3]
    bags: list[tuple[list[int], list[float]]] = [
        ([], []),
        ([1, 3], [1.0, 0.5]),
        ([], []),
        ([2], [1]),
    ]
    found = table.vectors(bags)
    np.testing.assert_allclose(found[1], wanted, atol=0.03)
    np.testing.assert_allclose(found[3], rows[2], atol=0.03)
    assert not found[[0, 2]].any()
    assert not table.vectors([([], [])]).any()
