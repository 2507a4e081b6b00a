"""The terms of an article: spellings that are one term, datelines, weights."""

from __future__ import annotations

import pytest

from workers.stories.terms import TITLE_WEIGHT, skeleton, term_weights, without_dateline


@pytest.mark.parametrize(
    ("one", "other"),
    [("ترامب", "ترمب"), ("للمقاتلين", "مقاتلون"), ("والرئيس", "رئيس"), ("سوريا", "سوريه")],
)
def test_forms_of_a_word_are_one_term(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize("word", ["ورد", "على", "fbi", "2026"])
def test_a_short_or_foreign_word_stays_as_it_is(word: str) -> None:
    assert skeleton(word) == word


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("القاهرة (رويترز) - أعلنت الوزارة", "أعلنت الوزارة"),
        ("سبق- الرياض: أعلنت الوزارة", "الرياض: أعلنت الوزارة"),
        ("أعلنت الوزارة أن العمل يبدأ غدا", "أعلنت الوزارة أن العمل يبدأ غدا"),
    ],
)
def test_a_dateline_is_no_part_of_the_text(text: str, rest: str) -> None:
    assert without_dateline(text) == rest


def test_the_title_counts_most_and_the_end_of_a_text_least() -> None:
    of_title = term_weights("زلزال", "")
    of_text = term_weights("", "زلزال " + "كلمة " * 60 + "بركان")
    assert set(of_title.values()) == {TITLE_WEIGHT}
    first, last = term_weights("", "زلزال"), term_weights("", "بركان")
    assert of_text[next(iter(first))] > 3 * of_text[next(iter(last))]


def test_an_article_without_words_has_no_terms() -> None:
    assert term_weights("", " … ") == {}
