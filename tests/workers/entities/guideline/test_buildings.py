"""Buildings, streets and the like are named with their noun; what describes them is no name."""

from __future__ import annotations

import pytest

from nabaa.types import EntityType
from tests.support.entities.named_words import spans_in
from workers.entities.guideline.buildings import find_buildings

COUNTS = {"عاصم": 60, "بركات": 20, "راس": 40, "رأس": 40, "جدير": 3, "سهلول": 6}


def found(sentence: str, *names: tuple[EntityType, str]) -> list[str]:
    words = sentence.split()
    made = find_buildings(
        words, range(len(words)), spans_in(words, names), lambda w: COUNTS.get(w, 0)
    )
    assert all(span.type == "LOC" for span in made)
    return [" ".join(words[span.start : span.end]) for span in made]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("نقل الجرحى إلى مستشفى الجلاء ليلا", "مستشفى الجلاء"),
        ("عبر اللاجئون معبر رأس جدير أمس", "معبر رأس جدير"),
        ("يقع البيت في حي الطالعة الكبيرة بالمدينة", "حي الطالعة الكبيرة"),
        ('أقيم اللقاء على ملعب " الوادي الأخضر " مساء', "الوادي الأخضر"),
        ("صلى الناس في المسجد الأقصى فجرا", "المسجد الأقصى"),
        ("نقل إلى مستشفى سهلول بعد الحادث", "مستشفى سهلول"),
        ("حطت الطائرة في مطار زيلوفان أمس", "مطار زيلوفان"),
    ],
)
def test_the_noun_belongs_to_the_name(sentence: str, name: str) -> None:
    assert found(sentence) == [name]


@pytest.mark.parametrize(
    ("sentence", "mark", "name"),
    [
        ("اصطدم بعمود في شارع عاصم بركات", ("PERS", "عاصم بركات"), "شارع عاصم بركات"),
        ("افتتح جسر الملك عاصم ليلا", ("PERS", "عاصم"), "جسر الملك عاصم"),
        ("انهار سد تالا بعد الأمطار", ("LOC", "تالا"), "سد تالا"),
        ("هبطت في مطار تالا الدولي أمس", ("LOC", "تالا"), "مطار تالا الدولي"),
    ],
)
def test_a_marked_name_takes_its_noun(
    sentence: str, mark: tuple[EntityType, str], name: str
) -> None:
    assert found(sentence, mark) == [name]


@pytest.mark.parametrize(
    "sentence",
    [
        "عاد اللاعبون إلى ملعب الفريق",
        "زار مخيم اللاجئين صباحا",
        "وصل إلى مطار دولي جديد",
        "خرج من ساحة المعركة",
        "سقط في مستشفى ميداني",
    ],
)
def test_what_describes_a_place_is_no_name(sentence: str) -> None:
    assert found(sentence) == []


def test_who_was_imprisoned_is_no_prison() -> None:
    assert found("طالب بعدم سجن عاصم بركات", ("PERS", "عاصم بركات")) == []


def test_the_club_of_a_pitch_stays_a_club() -> None:
    assert found("فاز في ميدان ريال تالا", ("ORG", "ريال تالا")) == []
