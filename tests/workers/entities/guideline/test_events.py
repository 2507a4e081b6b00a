"""Prizes, cups, festivals, fairs, works and vessels are one name with, or after, their noun."""

from __future__ import annotations

import pytest

from nabaa.types import EntityType
from tests.support.entities.named_words import spans_in
from workers.entities.guideline.events import find_events

NATIONAL = frozenset(("اليونانية",))


def found(sentence: str, *names: tuple[EntityType, str]) -> list[str]:
    words = sentence.split()
    spans = find_events(words, range(len(words)), spans_in(words, names), NATIONAL.__contains__)
    assert all(span.type == "MISC" for span in spans)
    return [" ".join(words[span.start : span.end]) for span in spans]


@pytest.mark.parametrize(
    ("sentence", "mark", "name"),
    [
        ("فاز بجائزة حائل للترجمة أمس", ("LOC", "حائل"), "بجائزة حائل للترجمة"),
        ("افتتح معرض الدوحة الدولي للكتاب", ("LOC", "الدوحة"), "معرض الدوحة الدولي للكتاب"),
        ("اختتم مهرجان جرش أمس", ("LOC", "جرش"), "مهرجان جرش"),
        ("تأجل أولمبياد طوكيو للمرة الأولى", ("LOC", "طوكيو"), "أولمبياد طوكيو"),
        ("غرقت السفينة اليونانية أولغا ديمو فجرا", ("PERS", "أولغا ديمو"), "أولغا ديمو"),
        ("تأجلت كأس أفريقيا عاما", ("LOC", "أفريقيا"), "كأس أفريقيا"),
        ("أحرز كأس الملك فيصل أمس", ("PERS", "فيصل"), "كأس الملك فيصل"),
    ],
)
def test_the_marked_name_inside_becomes_the_name_of_the_event(
    sentence: str, mark: tuple[EntityType, str], name: str
) -> None:
    assert found(sentence, mark) == [name]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("أعلنت الجائزة العالمية للرواية العربية قائمتها", "الجائزة العالمية للرواية العربية"),
        ("أحرز النادي كأس خادم الحرمين الشريفين مرتين", "كأس خادم الحرمين الشريفين"),
        ("صدرت رواية « ظل الميناء » عن الدار", "ظل الميناء"),
    ],
)
def test_the_words_alone_tell_the_name(sentence: str, name: str) -> None:
    assert found(sentence) == [name]


@pytest.mark.parametrize(
    ("sentence", "marks"),
    [
        ("نال جائزة أفضل لاعب", ()),
        ("زار معرض الرياض أمس", (("LOC", "الرياض"),)),
        ("شرب كأس الماء", ()),
        ("أقيم مهرجان شعبي هناك", ()),
        ("عبرت سفينة روسيا المضيق", (("LOC", "روسيا"),)),
        ("كذبت رواية « نعم", ()),
    ],
)
def test_a_common_noun_opens_no_event(
    sentence: str, marks: tuple[tuple[EntityType, str], ...]
) -> None:
    assert found(sentence, *marks) == []
