"""Persons that a recogniser left out are found where the words around them say so."""

from __future__ import annotations

import pytest

from workers.entities.guideline.unmarked_persons import UnmarkedPersons
from workers.entities.mentions.name_words import NameWords
from workers.model import Span

NAMES = NameWords(
    {"سمير": 60, "هدى": 60, "مراد": 40, "مكتب": 90, "شاهد": 40, "عبد": 900}
    | {"قاليش": 3, "بلوط": 4, "الحداد": 9, "البلاغ": 9}
)


def persons(sentence: str, *spans: Span, spells_ala: bool = False) -> list[str]:
    words = sentence.split()
    finder = UnmarkedPersons(NAMES, lambda word: False, lambda word: False)
    found = finder.find(words, spans, spells_ala=spells_ala)
    return [" ".join(words[s.start : s.end]) for s in found if s.type == "PERS"]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("منح الحكم سمير قاليش ركلة جزاء", "سمير قاليش"),
        ("قوات موالية للواء سمير قاليش منذ أمس", "سمير قاليش"),
        ("وقال وزير النقل سمير قاليش إن العمل بدأ", "سمير قاليش"),
        ("حذر الخبير سمير زيدرو من الغلاء", "سمير زيدرو"),
        ('قاليش ل " الضحى " : العمل بدأ', "قاليش"),
    ],
)
def test_a_title_or_a_headline_makes_a_person(sentence: str, name: str) -> None:
    assert persons(sentence) == [name]


def test_an_office_of_a_place_makes_a_person() -> None:
    words = "شكر محافظ تالا سمير العيداوي الحضور"
    assert persons(words, Span(2, 3, "LOC")) == ["سمير العيداوي"]


def test_a_given_name_before_a_marked_family_name_belongs_to_it() -> None:
    assert persons("عاد سمير بلوط أمس", Span(2, 3, "PERS")) == ["سمير بلوط"]


def test_a_name_goes_on_after_ould() -> None:
    assert persons("عاد سمير ولد بلوط أمس", Span(1, 2, "PERS")) == ["سمير ولد بلوط"]


def test_ali_is_a_name_where_the_preposition_is_spelt_otherwise() -> None:
    span = Span(2, 3, "PERS")
    assert persons("اعتمد علي بلوط أمس", span, spells_ala=True) == ["علي بلوط"]
    assert persons("اعتمد علي بلوط أمس", span) == ["بلوط"]


@pytest.mark.parametrize("sentence", ["داهموا مكتب بلوط أمس", "ولد بلوط في تالا"])
def test_a_common_word_before_a_family_name_is_no_given_name(sentence: str) -> None:
    i = sentence.split().index("بلوط")
    assert persons(sentence, Span(i, i + 1, "PERS")) == ["بلوط"]


def test_an_unknown_family_name_follows_two_given_ones() -> None:
    words = "قال وزير النقل سمير مراد زيدرو لصحيفة إن"
    assert persons(words, Span(3, 5, "PERS")) == ["سمير مراد زيدرو"]


@pytest.mark.parametrize("after", ["لاحقا", "يغادر", "بدوره"])
def test_a_verb_or_an_adverb_is_no_family_name(after: str) -> None:
    words = f"قال وزير النقل سمير مراد {after} لصحيفة إن"
    assert persons(words, Span(3, 5, "PERS")) == ["سمير مراد"]
    assert persons(f"الوزير سمير {after} إلى داره") == []


def test_and_does_not_hide_a_given_name_before_abu() -> None:
    assert persons("حضر مراد وسمير أبو بلوط", Span(3, 5, "PERS")) == ["وسمير أبو بلوط"]


@pytest.mark.parametrize(
    "sentence",
    [
        "علق الحداد : « لن نرحل »",
        "وكتبت الحداد إن العمل بدأ",
        'الوزيرة الحداد ل " الضحى " : العمل بدأ',
        "النائب الحداد : العمل بدأ",
    ],
)
def test_a_family_name_alone_opens_speech_after_a_verb_or_a_title(sentence: str) -> None:
    assert persons(sentence) == ["الحداد"]


@pytest.mark.parametrize(
    "sentence",
    ["وأضاف البلاغ أن العمل بدأ", "قال العامل : العمل بدأ", "علق الحداد صورة على الجدار"],
)
def test_a_noun_that_speaks_and_a_name_that_does_not_are_not_added(sentence: str) -> None:
    assert persons(sentence) == []


def test_and_does_not_hide_a_given_name_before_an_unknown_family_name() -> None:
    span = Span(4, 5, "PERS")
    assert persons("مع هدى قاليش ومراد زيدرو أمس", span) == ["ومراد زيدرو"]
    assert persons("مع هدى قاليش ومراد سمير أمس", span) == ["سمير"]


@pytest.mark.parametrize(
    ("sentence", "start", "end", "name"),
    [
        ("على لسان رئيسها عبد الودود زيدرو بأن العمل بدأ", 3, 5, "عبد الودود زيدرو"),
        ("وقال الناطق باسمها عبد الودود زيدرو : العمل بدأ", 3, 5, "عبد الودود زيدرو"),
        ("قالت المخرجة هدى زيدرو ، وهي", 2, 3, "هدى زيدرو"),
        ("شكر الوزير مراد زيدرو ووزيرة النقل", 2, 3, "مراد زيدرو"),
        ("وقال عبد الودود حينئذ إن العمل بدأ", 1, 3, "عبد الودود"),
        ("جاء عبد الودود زيدرو صباحا", 1, 3, "عبد الودود"),
        ("مع مراد زيدرو ، وهو", 1, 2, "مراد"),
    ],
)
def test_an_unknown_family_name_follows_a_given_one_where_both_sides_say_so(
    sentence: str, start: int, end: int, name: str
) -> None:
    assert persons(sentence, Span(start, end, "PERS")) == [name]


def test_a_witness_is_nobody_by_name() -> None:
    assert persons("وقال شاهد عيان إن النار خمدت") == []
