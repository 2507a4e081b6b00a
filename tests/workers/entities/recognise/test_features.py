"""A word is described alike however it is spelt, and what may be a clitic is parted, never lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from workers.entities.recognise.features import (
    BOUNDARY,
    MAX_WORD_CHARACTERS,
    bases,
    fold,
    phrase_attributes,
    phrase_features,
    word_features,
)

WORDS = st.text(alphabet="والبكسفقمةىأ ًـ1aB.", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("أحْمَد", "احمد"),
        ("القـــاهرة", "القاهره"),
        ("مصطفى", "مصطفي"),
        ("کرزی", "كرزي"),
        ("٢٠٢٦", "2026"),
        ("BBC", "bbc"),
        ("ـ", "ـ"),
    ],
)
def test_spellings_are_folded(word: str, folded: str) -> None:
    assert fold(word) == folded


@given(st.one_of(WORDS, st.text(min_size=1)))
@settings(deadline=None, max_examples=200)
def test_folding_twice_is_folding_once(word: str) -> None:
    assert fold(fold(word)) == fold(word)


def test_a_long_word_keeps_its_two_ends() -> None:
    assert fold("ا" * 100 + "ب" * 100) == "ا" * 24 + "ب" * 24
    assert len(fold("س" * 1_000_000)) == MAX_WORD_CHARACTERS


@pytest.mark.parametrize(
    ("word", "pairs"),
    [
        ("لماكرون", {("ل", "ماكرون")}),
        ("والقاهره", {("و", "القاهره"), ("وال", "قاهره")}),
        ("للعراق", {("ل", "العراق"), ("لل", "عراق")}),
        ("وبالعراق", {("و", "بالعراق"), ("وب", "العراق"), ("وبال", "عراق")}),
        ("قطر", set()),
        ("وفد", set()),
    ],
)
def test_clitics_are_parted(word: str, pairs: set[tuple[str, str]]) -> None:
    assert set(bases(word)) == pairs


@given(WORDS)
@settings(deadline=None, max_examples=200)
def test_what_is_left_ends_as_the_word_ends(word: str) -> None:
    for clitics, base in bases(word):
        assert clitics
        assert word.endswith(base[2:])


def test_a_word_has_the_lists_of_what_is_left_without_its_clitics() -> None:
    wide, near = word_features("وقطر", {"قطر": "gcountry k64=3"})
    assert {"w=وقطر", "b=قطر", "c=و", "gcountry/و", "-gcountry", "-k64=3"} <= set(wide)
    assert {"p1=و", "s2=طر", "l=4"} <= set(near)


def test_a_listed_word_has_its_own_class() -> None:
    wide, _ = word_features("قطر", {"قطر": "gcountry k64=3"})
    assert {"gcountry", "k64=3", "c="} <= set(wide)


def test_the_boundary_is_only_itself() -> None:
    assert word_features(BOUNDARY, {}) == ([BOUNDARY], [])


@pytest.mark.parametrize(
    ("word", "shape"),
    [("الدوحة", "Ar.al"), ("قطر", "Ar"), ("2026", "D4"), ("3.5", "D."), ("BBC", "La^")],
)
def test_a_word_has_a_shape(word: str, shape: str) -> None:
    assert shape in word_features(word, {})[0]


PHRASES = {"الامم المتحده": "gclub", "نيو يورك": "gcity", "نيو يورك تايمز": "gclub"}


def test_the_longest_listed_name_is_found() -> None:
    assert phrase_features(["نيو", "يورك", "تايمز"], 0, PHRASES) == (3, "gclub")
    assert phrase_features(["نيو", "يورك", "امس"], 0, PHRASES) == (2, "gcity")


def test_a_listed_name_is_found_behind_clitics() -> None:
    assert phrase_features(["وللامم", "المتحده"], 0, PHRASES) == (2, "gclub")


def test_no_name_is_found_where_none_begins() -> None:
    assert phrase_features(["الامم", "الاخري"], 0, PHRASES) is None
    assert phrase_features(["نيو"], 0, PHRASES) is None


def test_a_listed_name_marks_its_first_word_and_the_others() -> None:
    assert phrase_attributes("gcity gclub", "b") == ["m=gcity/b", "m=gclub/b"]
    assert phrase_attributes("gcity", "i") == ["m=gcity/i"]
