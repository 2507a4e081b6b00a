"""Parties, armed groups, foundations and companies are named with their noun."""

from __future__ import annotations

import pytest

from nabaa.types import EntityType
from tests.support.entities.named_words import spans_in
from workers.entities.guideline.named_groups import find_groups

NATIONAL = frozenset(("المغربية", "العراقية", "الفرنسية"))
LISTED = frozenset(("القذافي", "حركة النهضة"))


def found(sentence: str, *names: tuple[EntityType, str]) -> list[str]:
    words = sentence.split()
    made = find_groups(
        words,
        range(len(words)),
        spans_in(words, names),
        NATIONAL.__contains__,
        LISTED.__contains__,
    )
    assert all(span.type == "ORG" for span in made)
    return [" ".join(words[span.start : span.end]) for span in made]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("رفضت حركة العدل والمساواة الدعوة", "حركة العدل والمساواة"),
        ("قالت جماعة العدل والإحسان المغربية إنها ستقاطع", "جماعة العدل والإحسان"),
        ("اتهمت كتائب سيد الشهداء خصومها", "كتائب سيد الشهداء"),
        ("ونفت كتيبة شهداء بوسليم ذلك", "كتيبة شهداء بوسليم"),
        ("انسحب فيلق الرحمن أمس", "فيلق الرحمن"),
        ("أعلنت جمعية الأمل العراقية حملة", "جمعية الأمل العراقية"),
        ("قال مركز الفلك الدولي إن الهلال ظهر", "مركز الفلك الدولي"),
        ("انسحبت حركة الإصلاح والجهاد أمس", "حركة الإصلاح والجهاد"),
        ("تراجعت شركة الوادي الطبية أمس", "شركة الوادي الطبية"),
        ("وقعت شركة نفط الجنوب عقدا", "شركة نفط الجنوب"),
        ("نشر مركز تالان للدراسات تقريرا", "مركز تالان للدراسات"),
    ],
)
def test_the_noun_belongs_to_the_name(sentence: str, name: str) -> None:
    assert found(sentence) == [name]


@pytest.mark.parametrize(
    ("sentence", "mark", "name"),
    [
        ("قالت جامعة حمد بن خليفة إنها تشارك", ("PERS", "حمد بن خليفة"), "جامعة حمد بن خليفة"),
        (
            "أطلق مركز الملك سلمان للإغاثة والأعمال الإنسانية حملة",
            ("PERS", "سلمان"),
            "مركز الملك سلمان للإغاثة والأعمال الإنسانية",
        ),
        (
            "ذكر معهد واشنطن لسياسة الشرق الأدنى ذلك",
            ("LOC", "واشنطن"),
            "معهد واشنطن لسياسة الشرق الأدنى",
        ),
        (
            "قال معهد ستوكهولم الدولي لأبحاث السلام أمس",
            ("ORG", "معهد ستوكهولم الدولي"),
            "معهد ستوكهولم الدولي لأبحاث السلام",
        ),
        ("أعلن تكتل لبنان القوي مقاطعته", ("LOC", "لبنان"), "تكتل لبنان القوي"),
        ("صدت حركة تحرير السودان الهجوم", ("LOC", "السودان"), "حركة تحرير السودان"),
        ("أقرت مجموعة طلعت مصطفى القابضة ذلك", ("PERS", "طلعت مصطفى"), "مجموعة طلعت مصطفى القابضة"),
    ],
)
def test_a_marked_name_takes_its_noun(
    sentence: str, mark: tuple[EntityType, str], name: str
) -> None:
    assert found(sentence, mark) == [name]


@pytest.mark.parametrize(
    ("sentence", "marks"),
    [
        ("تعطلت حركة المرور في المدينة", ()),
        ("اشتعلت جبهة الساحل من جديد", ()),
        ("دعت قوى المعارضة إلى الحوار", ()),
        ("نقل إلى مركز الأمن الوطني", ()),
        ("وقعت مع شركة الطاقة الفرنسية عقدا", ()),
        ("يدرس في مركز متخصص للدراسات", ()),
        ("تقدمت كتائب القذافي نحو المدينة", (("PERS", "القذافي"),)),
        ("خرج الأولاد من مدرسة خالد", (("PERS", "خالد"),)),
        ("دعت حركة النهضة الإسلامية إلى الحوار", (("ORG", "حركة النهضة"),)),
    ],
)
def test_what_describes_is_no_name(
    sentence: str, marks: tuple[tuple[EntityType, str], ...]
) -> None:
    assert found(sentence, *marks) == []
