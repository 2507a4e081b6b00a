"""The noun before it tells that a paper, a channel or a company is a name."""

from __future__ import annotations

import pytest

from nabaa.types import EntityType
from tests.support.entities.named_words import spans_in
from workers.entities.guideline.announced_names import find_announced

NATIONAL = frozenset(("النرويجية", "المصرية", "السعودية"))


def found(sentence: str, *names: tuple[EntityType, str]) -> list[str]:
    words = sentence.split()
    spans = find_announced(words, range(len(words)), spans_in(words, names), NATIONAL.__contains__)
    assert all(span.type == "ORG" for span in spans)
    return [" ".join(words[span.start : span.end]) for span in spans]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("قالت صحيفة الضحى إن", "الضحى"),
        ("نقلت جريدة الصباح الجديد عنه", "الصباح الجديد"),
        ("اشترت مجموعة « نوردلي » الفندق", "نوردلي"),
        ('بحسب موقع " دار المقال " أمس', "دار المقال"),
        ("وقعت شركة هافن تانكرز النرويجية العقد", "هافن تانكرز"),
    ],
)
def test_the_noun_announces_the_name(sentence: str, name: str) -> None:
    assert found(sentence) == [name]


def test_a_paper_may_be_called_after_a_town_and_the_morning() -> None:
    assert found("ذكرت صحيفة حضرموت الغد ذلك", ("LOC", "حضرموت")) == ["حضرموت الغد"]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("دعت مجموعة تنمية السهول الشرقية ( ساهل ) إلى ذلك", "مجموعة تنمية السهول الشرقية"),
        ("قالت رابطة الملاحة البحرية والجوية ( NAV ) ذلك", "رابطة الملاحة البحرية والجوية"),
    ],
)
def test_an_acronym_in_brackets_ends_a_name(sentence: str, name: str) -> None:
    assert found(sentence) == [name]


@pytest.mark.parametrize(
    "sentence",
    [
        "حظرت منظمة مسلحة ( كوبال ) أمس",
        "قالت منظمة الصيد ( الحكومية ) ذلك",
        "أوقفت منظمة « إرهابية » أمس",
        "تسلم صحيفة الدعوى أمس",
        "تعمل شركة في المصرية",
        "وصلت شركة من السعودية",
        "تملك شركة الطاقة النرويجية الحقل",
        "رفعت قناة تلفزيونية قضية",
        "قالت صحيفة المصرية",
    ],
)
def test_what_describes_is_no_name(sentence: str) -> None:
    assert found(sentence) == []


def test_a_marked_organisation_stays_as_it_is() -> None:
    assert found("قالت صحيفة « الضحى » إن", ("ORG", "الضحى")) == []
