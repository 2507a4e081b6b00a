"""Lines around an article are told from its own sentences."""

from __future__ import annotations

import pytest

from workers.text.page.lines import trim_lines

TEXT = "وقال المهندس إن المحطة تعمل بالطاقة الشمسية في ساعات النهار وإن الكلفة انخفضت إلى النصف."


def trimmed(*paragraphs: str) -> list[str]:
    body, _, _ = trim_lines(paragraphs, "عنوان", (), (), ("المرفا",))
    return body


@pytest.mark.parametrize(
    "line",
    [
        "شارك",
        "شارك الخبر عبر فيسبوك",
        "تم نشره الجمعة 08 شباط / فبراير 2019 02:30 مساءً",
        "كتبت - هبة موسى",
        "المرفأ - هبة موسى",
        "القاهرة (رويترز)",
        "وكالات",
        "صورة أرشيفية",
        "نستخدم ملفات تعريف الارتباط لتحسين تجربتك",
        "اقرأ أيضا: بدء العمل في السد",
        "استمع للمقال",
        "منذ 3 سنوات",
        "الجمعة - 3 جمادى الثانية 1440 هـ - 08 فبراير 2019 مـ",
    ],
)
def test_a_line_above_the_text_is_taken_off(line: str) -> None:
    assert trimmed(line, TEXT, TEXT) == [TEXT, TEXT]


@pytest.mark.parametrize(
    "line",
    [
        "المصدر: الجزيرة + وكالات",
        "كلمات دلالية: المياه، الطاقة",
        "الآراء الواردة في المقال لا تعبر بالضرورة عن رأي الصحيفة",
        "تحتفظ إدارة الموقع بحق حذف أي تعليق يخالف الشروط",
        "تابعونا على فيسبوك",
        "جميع الحقوق محفوظة",
        "تحرير: كريم نجار",
        "قد يعجبك أيضا",
    ],
)
def test_a_line_behind_the_text_is_taken_off(line: str) -> None:
    assert trimmed(TEXT, TEXT, line) == [TEXT, TEXT]


@pytest.mark.parametrize(
    "line",
    [
        "شارك مع زملائه في المؤتمر الصحفي قبل أن يغادر القاعة.",
        "انضم إلى الفريق ثلاثة لاعبين جدد.",
        "تحتفظ إيران بحق الرد، بحسب المتحدث.",
        "استمع إلى شهادة السكان وسجل ملاحظاته.",
        "تستخدم الشركة ملفات جديدة لحفظ البيانات.",
        "في 8 فبراير 2019 افتتحت المحطة.",
        "كتب الوزير تغريدة على حسابه.",
        "لن يتم نشر القوات قبل الربيع.",
        "القاهرة: لا تغيير في الأسعار قبل نهاية العام.",
    ],
)
def test_a_sentence_of_the_article_stays(line: str) -> None:
    assert trimmed(line, TEXT, line) == [line, TEXT, line]
