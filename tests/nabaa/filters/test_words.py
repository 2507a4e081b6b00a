"""Which words a filter's words stand for."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings, strategies as st

from nabaa.filters.words import bare_forms, fold_words, has_words, read_words
from nabaa.search_key import search_key

# Arabic letters and marks, signs, digits of three kinds, Latin, and what only the search key knows.
LETTERS = (
    "اأإآٱىئيةهوؤلبكفمن\u0640\u064b\u0651\u0655\u0670،؛…«»()-_.*' \n\t\x0b\u200c٣۴5aBßé\ufdfa٪"
)


def has(text: str, value: str) -> bool:
    return has_words(f" {' '.join(fold_words(text))} ", read_words(value))


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from(LETTERS)))
def test_the_words_are_those_of_the_search_key(text: str) -> None:
    assert fold_words(text) == re.findall(r"\w+", search_key(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("اجتمع مجلس الأمن أمس", "مجلس الامن"),
        ("قرارٌ لمجلس الأمن.", "مجلس الأمن"),
        ("دعت للأمم المتحدة", "الأمم المتحدة"),
        ("وفي لبنان", "لبنان"),
        ("ولبنان", "لبنان"),
        ("إلى مصرف", "مصرف"),
        ("في المصرف", "مصرف"),
        ("وللمصرف", "مصرف"),
        ("وبالمصرف", "مصرف"),
        ("للمصرف", "المصرف"),
        ("الانتخابات", "انتخاب*"),
        ("وبالانتخابات", "انتخاب*"),
        ("للانتخابات", "الانتخاب*"),
        ("أوبك", "=اوبك"),
        ("«أوبِك»:", "أوبك"),
        ("عام ٢٠٢٦", "2026"),
        ("IRAN deal", "iran"),
        ("قالت أ.ف.ب إن", "أ.ف.ب"),
        ("من هنا", "من"),
    ],
)
def test_a_word_is_found(text: str, value: str) -> None:
    assert has(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("مجلس للأمن", "مجلس الأمن"),
        ("مجلس النواب والأمن", "مجلس الأمن"),
        ("المجلس. الأمنيون", "مجلس الأمن"),
        ("وأوبك", "=أوبك"),
        ("لمجلس الأمن", "=مجلس الأمن"),
        ("مصرفي", "مصرف"),
        ("ومن هنا", "من"),
        ("إعادة انتخاب", "انتخابات*"),
        ("قصر", "مصر"),
    ],
)
def test_another_word_is_not(text: str, value: str) -> None:
    assert not has(text, value)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.text(st.sampled_from("اولبفكمن"), min_size=1, max_size=7), max_size=6), st.data()
)
def test_a_word_is_found_exactly_where_it_is_a_form_of_one(
    words: list[str], data: st.DataObject
) -> None:
    forms = sorted({form for word in words for form in (word, *bare_forms(word))})
    asked = data.draw(st.sampled_from(forms) if forms else st.just("لبن")) or "لبن"
    assert has(" ".join(words), asked) == (asked in forms)
    prefix = data.draw(st.text(st.sampled_from("اولبفكمن"), min_size=3, max_size=4))
    assert has(" ".join(words), f"{prefix}*") == any(form.startswith(prefix) for form in forms)
