"""Public institutions are names, with the adjective of their country; common nouns are none."""

from __future__ import annotations

import pytest

from workers.entities.guideline.institutions import find_institutions
from workers.entities.guideline.spans import merge_spans
from workers.entities.link.catalogue import load_catalogue
from workers.entities.link.demonyms import Demonyms
from workers.model import Span

DEMONYMS = Demonyms(load_catalogue())


def found(sentence: str, places: frozenset[int] = frozenset()) -> list[str]:
    words = sentence.split()
    spans = find_institutions(
        words, range(len(words)), places, lambda w: DEMONYMS.country_of(w) is not None
    )
    return [" ".join(words[start:end]) for start, end in spans]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("أعلنت وزارة العدل الألمانية النتائج", "وزارة العدل الألمانية"),
        ("زار مقر وزارة الزراعة أمس", "وزارة الزراعة"),
        (
            "بحسب وزارة التعليم العالي والبحث العلمي التونسية",
            "وزارة التعليم العالي والبحث العلمي التونسية",
        ),
        ("أكدت وزارة التربية والتعليم المصرية", "وزارة التربية والتعليم المصرية"),
        ("قصف الجيش الهندي الحدود", "الجيش الهندي"),
        ("رفع البنك المركزي النرويجي الفائدة", "البنك المركزي النرويجي"),
        ("صوت مجلس النواب الأردني على القانون", "مجلس النواب الأردني"),
        ("أيدت محكمة النقض الحكم", "محكمة النقض"),
        ("رفضت المحكمة الدستورية العليا الطعن", "المحكمة الدستورية العليا"),
        ("حذرت هيئة الأرصاد من العواصف", "هيئة الأرصاد"),
        ("قالت الهيئة العامة للرقابة المالية", "الهيئة العامة للرقابة المالية"),
        ("قالت المديرية العامة للدفاع المدني", "المديرية العامة للدفاع المدني"),
        ("أعلنت الخارجية القطرية ذلك", "الخارجية القطرية"),
        ("ناطق باسم الداخلية العراقية", "الداخلية العراقية"),
        ("اعتقلت الشرطة البلجيكية شابا", "الشرطة البلجيكية"),
        ("أقر البرلمان اليوناني الخطة", "البرلمان اليوناني"),
        ("قالت نقابة الأطباء", "نقابة الأطباء"),
        ("انضم إلى الجيش السوري الحر عام 2012", "الجيش السوري الحر"),
        ("حضر ممثل هيئة كبار العلماء", "هيئة كبار العلماء"),
        ("انسحبت الفرقة الأولى مدرع ليلا", "الفرقة الأولى مدرع"),
        ("تقدم اللواء 35 مدرع غربا", "اللواء 35 مدرع"),
        ("اعترض اللواء 444 الرتل", "اللواء 444"),
        ("انتخبت رابطة المحترفات رئيسة", "رابطة المحترفات"),
        ("اجتمعت اللجنة الأمنية العليا ليلا", "اللجنة الأمنية العليا"),
        ("أعلنت قيادة العمليات المشتركة الهدنة", "قيادة العمليات المشتركة"),
        ("قالت هيئة الإذاعة والتلفزيون إن", "هيئة الإذاعة والتلفزيون"),
        ("طالبت المفوضية التونسية للحقوق والحريات ومركز آخر", "المفوضية التونسية للحقوق والحريات"),
        ("أوقفته الشرطة القضائية فجرا", "الشرطة القضائية"),
        ("قصف التحالف العربي المطار", "التحالف العربي"),
        ("سجلت هيئة المسح الجيولوجي الكندية هزة", "هيئة المسح الجيولوجي الكندية"),
        ("نفت لجنة التجارة الاتحادية ذلك", "لجنة التجارة الاتحادية"),
        (
            "قالت الرابطة الموريتانية للدفاع عن حقوق المرأة إن",
            "الرابطة الموريتانية للدفاع عن حقوق المرأة",
        ),
        (
            "أغلقت الهيئة العامة للمعابر البرية والبحرية الطريق",
            "الهيئة العامة للمعابر البرية والبحرية",
        ),
        (
            "عين المجلس الأعلى للقضاة والمدعين العامين نوابا",
            "المجلس الأعلى للقضاة والمدعين العامين",
        ),
        ("أعلنت الحركة الوطنية الإسلامية ( حوا ) انسحابها", "الحركة الوطنية الإسلامية"),
        ("قال التحالف الدولي للبذور والأسمدة ( سيد ) ذلك", "التحالف الدولي للبذور والأسمدة"),
    ],
)
def test_an_institution_is_one_name_with_its_country(sentence: str, name: str) -> None:
    assert found(sentence) == [name]


@pytest.mark.parametrize(
    "sentence",
    [
        "قال وزير الخارجية الألماني ذلك",
        "دخل الجيش المدينة",
        "اجتمع مجلس الإدارة أمس",
        "انتقد السياسة الخارجية الأميركية",
        "دافعت هيئة الدفاع عن المتهم",
        "ترأس رئيس مجلس الوزراء الجلسة",
        "ترشح إلى انتخابات الرئاسة الفرنسية",
        "شرح موظف في الوزارة المعنية",
        "قال المجلس في بيان",
        "فازت الفرقة الأولى بالجائزة",
        "قال اللواء سمير ذلك",
    ],
)
def test_a_common_noun_or_a_title_is_no_institution(sentence: str) -> None:
    assert found(sentence) == []


def test_a_particle_before_the_head_does_not_hide_it() -> None:
    assert found("موظف بوزارة الصحة الليبية وللجيش اليمني") == [
        "بوزارة الصحة الليبية",
        "وللجيش اليمني",
    ]


def test_a_word_after_the_name_stays_outside() -> None:
    assert found("نقلته وزارة الصحة إلى المستشفى") == ["وزارة الصحة"]


def test_the_town_of_a_municipality_belongs_to_it() -> None:
    assert found("قالت بلدية طنجة إن", frozenset({2})) == ["بلدية طنجة"]


@pytest.mark.parametrize(
    ("sentence", "place", "name"),
    [
        ("أمرت محكمة ليون بحبسه", 2, "محكمة ليون"),
        ("رفع بنك ليون الوطني رأسماله", 2, "بنك ليون الوطني"),
        ("هبط مؤشر بورصة ليون أمس", 3, "بورصة ليون"),
        ("قالت دائرة صحة ليون ذلك", 3, "دائرة صحة ليون"),
    ],
)
def test_the_place_of_a_court_or_a_bank_belongs_to_it(sentence: str, place: int, name: str) -> None:
    assert found(sentence, frozenset({place})) == [name]


def test_an_adjective_of_a_country_may_describe_the_noun_before_it() -> None:
    assert found("بحثت هيئة الثورة السورية الأمر") == []


def test_a_name_takes_the_place_of_what_it_covers_and_grows_by_its_own_class() -> None:
    spans = [Span(0, 2, "ORG"), Span(3, 4, "LOC"), Span(6, 8, "PERS")]
    assert merge_spans([Span(1, 4, "ORG")], spans) == [Span(0, 4, "ORG"), Span(6, 8, "PERS")]


def test_a_name_that_cuts_a_person_is_left_out() -> None:
    spans = [Span(1, 4, "PERS")]
    assert merge_spans([Span(0, 2, "ORG")], spans) == spans
