"""The key by which names are matched: what is one to a reader has one key."""

from __future__ import annotations

import importlib

import pytest
from camel_tools.utils.dediac import dediac_ar
from camel_tools.utils.normalize import (
    normalize_alef_ar,
    normalize_alef_maksura_ar,
    normalize_teh_marbuta_ar,
)
from hypothesis import given, settings, strategies as st

from nabaa.search_key import search_key

# What folding, composing and taking away may set free to be folded again.
TROUBLE = (
    "اأإآٱىئيةهوؤ \u0640\u064b\u0651\u0653\u0654\u0655\u0670\u06d6\ufdfa\ufe76"
    "\u0345\u0301\u0313aAßİΐſ٣"
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("إسرائيل", "اسرائيل"),
        ("آسيا", "اسيا"),
        ("ٱلقدس", "القدس"),
        ("أحمد", "احمد"),
    ],
)
def test_every_alef_has_one_key(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)


def test_alef_maqsura_is_yeh() -> None:
    assert search_key("على") == search_key("علي")


def test_teh_marbuta_is_heh() -> None:
    assert search_key("مدرسة") == search_key("مدرسه")


@pytest.mark.parametrize(
    ("one", "other"),
    [("مُحَمَّدٌ", "محمد"), ("رحمٰن", "رحمن"), ("القرآن\u06d6", "القران"), ("محمد\u0610", "محمد")],
)
def test_diacritics_do_not_count(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)


def test_tatweel_does_not_count() -> None:
    assert search_key("رئـــيس") == search_key("رئيس")


def test_presentation_forms_and_ligatures_are_letters() -> None:
    assert search_key("\ufee3\ufebc\ufeae \ufdf2") == search_key("مصر الله")


def test_digits_of_every_kind_have_one_key() -> None:
    assert search_key("مجموعة ال٢٠ ۲۰") == search_key("مجموعة ال20 20")


def test_case_and_runs_of_spaces_do_not_count() -> None:
    assert search_key("BBC عربي") == search_key("bbc \u00a0عربي")


def test_letters_are_folded_as_camel_tools_folds_them() -> None:
    name = "إِبراهيمُ الهُدى مكّةَ آلٱ"
    folded = normalize_alef_ar(normalize_alef_maksura_ar(normalize_teh_marbuta_ar(dediac_ar(name))))
    assert search_key(name) == folded


@pytest.mark.parametrize(("one", "other"), [("فاس", "فأر"), ("سوريا", "سورينام"), ("مالي", "مال")])
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert search_key(one) != search_key(other)


def test_other_alphabets_are_kept() -> None:
    assert search_key("Özil أوزيل") == "özil اوزيل"


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=40), st.text(TROUBLE, max_size=12)))
def test_the_key_of_a_key_is_itself(text: str) -> None:
    key = search_key(text)
    assert search_key(key) == key


@settings(max_examples=300, deadline=None)
@given(st.from_regex(r"[\u0621-\u063a\u0641-\u064a ]{1,12}", fullmatch=True))
def test_a_mark_behind_plain_letters_changes_nothing(text: str) -> None:
    # Letters alone take a short way; with a mark, the long one.
    assert search_key(f"{text}\u0640") == search_key(text)


def test_the_character_sets_of_camel_tools_can_still_be_imported() -> None:
    search_key("مصر")
    charsets = importlib.import_module("camel_tools.utils.charsets")
    assert "م" in charsets.AR_CHARSET
    assert search_key("مِصر") == "مصر"
