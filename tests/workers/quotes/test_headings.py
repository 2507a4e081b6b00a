"""Headings «فلان: كلامه» in titles and on lines of their own."""

from __future__ import annotations

import pytest

from nabaa.types import EntityType
from tests.support.quotations import entities_of, said
from workers.quotes.find import find_quotes

WORDS = "سنبني المدرسة قبل الشتاء"
NAMES: dict[str, EntityType] = {
    "هاني عازار": "PERS",
    "صحيفة الساحل": "ORG",
    "وزارة الري الهولندية": "ORG",
    "تلمسان": "LOC",
}


@pytest.mark.parametrize(
    ("heading", "speaker"),
    [
        ("هاني عازار", "هاني عازار"),
        ('هاني عازار لـ"صحيفة الساحل"', "هاني عازار"),
        ("هاني عازار لصحيفة الساحل", "هاني عازار"),
        ("الوزير هاني عازار", "هاني عازار"),
        ("وزارة الري الهولندية", "وزارة الري الهولندية"),
        ("مصادر", None),
        ("الرئيس السنغالي", None),
    ],
)
def test_a_title_gives_the_words_of_its_speaker(heading: str, speaker: str | None) -> None:
    found = said(f"{heading}: {WORDS}", NAMES, field="title")
    assert found == [(WORDS, speaker, "direct")]


@pytest.mark.parametrize("heading", ["تلمسان", "بالصور", "رياضة"])
def test_a_place_or_a_subject_does_not_speak(heading: str) -> None:
    assert said(f"{heading}: افتتاح سوق كبير في المدينة", NAMES, field="title") == []


@pytest.mark.parametrize(
    ("heading", "speaker"),
    [
        ("محافظ تلمسان", "هاني عازار"),
        ("رئيس نادي الساحل", "فؤاد عون"),
        ("المتحدث باسم الحكومة", "رلى حاوي"),
        ("وزير الزراعة", None),
    ],
)
def test_an_office_in_a_title_speaks_for_whoever_holds_it(
    heading: str, speaker: str | None
) -> None:
    title = f"{heading}: {WORDS}"
    body = "وصل محافظ تلمسان هاني عازار ورئيس نادي الساحل فؤاد عون والمتحدث باسم الحكومة رلى حاوي."
    names: dict[str, EntityType] = {"تلمسان": "LOC", "نادي الساحل": "ORG"}
    persons: dict[str, EntityType] = dict.fromkeys(("هاني عازار", "فؤاد عون", "رلى حاوي"), "PERS")
    entities = [*entities_of(title, names, "title"), *entities_of(body, persons)]
    found = find_quotes({"title": title, "body_text": body}, entities)
    assert [(quote.text, quote.speaker) for quote in found] == [(WORDS, speaker)]


def test_two_words_are_enough_in_a_title() -> None:
    found = said("هاني عازار: مستعدون للحوار", NAMES, field="title")
    assert found == [("مستعدون للحوار", "هاني عازار", "direct")]


def test_dots_inside_a_title_end_nothing() -> None:
    found = said("هاني عازار: سأبني.. والباقي عليكم", NAMES, field="title")
    assert found == [("سأبني.. والباقي عليكم", "هاني عازار", "direct")]


def test_a_line_after_a_dash_is_a_heading_too() -> None:
    assert said(f"- هاني عازار: {WORDS}.", NAMES) == [(WORDS, "هاني عازار", "direct")]


def test_a_byline_is_no_quotation() -> None:
    assert said("كتبت: سلمى رزق - بيروت\nنص الخبر.", {"سلمى رزق": "PERS"}) == []
