"""Direct quotations: marks of every kind, colons, and the cue before, after and in the middle."""

from __future__ import annotations

import pytest

from nabaa.types import EntityType
from tests.support.quotations import said

SAMIR = "سمير النجار"
NAMES: dict[str, EntityType] = {SAMIR: "PERS"}


@pytest.mark.parametrize(("opening", "closing"), [("«", "»"), ("“", "”"), ('"', '"'), ("‹", "›")])
def test_marks_of_every_kind_hold_a_quotation(opening: str, closing: str) -> None:
    text = f"قال سمير النجار {opening}لن نغلق أبواب المدرسة هذا العام{closing} أمام الصحفيين."
    assert said(text, {SAMIR: "PERS"}) == [("لن نغلق أبواب المدرسة هذا العام", SAMIR, "direct")]


def test_marks_typed_the_wrong_way_round_still_belong_together() -> None:
    text = "قال سمير النجار: ”لن نغلق أبواب المدرسة“ ثم غادر."
    assert said(text, {SAMIR: "PERS"}) == [("لن نغلق أبواب المدرسة", SAMIR, "direct")]


def test_marks_within_marks_stay_inside_the_quotation() -> None:
    text = 'قال سمير النجار: "قرأت كتاب "ليل البحر" مرتين في الصيف".'
    assert said(text, {SAMIR: "PERS"}) == [
        ('قرأت كتاب "ليل البحر" مرتين في الصيف', SAMIR, "direct")
    ]


def test_a_mark_that_never_closes_ends_with_its_sentence() -> None:
    text = "قال سمير النجار: «لن نغلق أبواب المدرسة هذا العام. وغادر القاعة بعد ذلك."
    assert said(text, {SAMIR: "PERS"}) == [("لن نغلق أبواب المدرسة هذا العام", SAMIR, "direct")]


def test_a_colon_announces_words_without_marks() -> None:
    text = "وأضاف سمير النجار: الموسم كان طويلا ومتعبا للجميع. وعاد الفريق إلى المدينة."
    assert said(text, {SAMIR: "PERS"}) == [("الموسم كان طويلا ومتعبا للجميع", SAMIR, "direct")]


@pytest.mark.parametrize("verb", ["وزاد", "وواصل", "وأكمل"])
def test_a_verb_of_going_on_announces_what_follows_its_colon(verb: str) -> None:
    text = f"قال سمير النجار: «بدأنا العمل في الربيع». {verb}: «وسننتهي قبل الشتاء»."
    assert said(text, NAMES)[1] == ("وسننتهي قبل الشتاء", SAMIR, "direct")


def test_how_it_was_said_announces_what_follows_the_colon() -> None:
    text = "وقاطعه سمير النجار صارخا: «هذه أرقام لا يصدقها أحد»."
    assert said(text, NAMES) == [("هذه أرقام لا يصدقها أحد", SAMIR, "direct")]


def test_a_clause_that_stands_whole_in_marks_after_the_particle_is_direct() -> None:
    text = "أكد سمير النجار أن «الطريق آمن»، بعد جولة في الميناء."
    assert said(text, {SAMIR: "PERS"}) == [("الطريق آمن", SAMIR, "direct")]


def test_the_cue_may_follow_the_quotation() -> None:
    text = "«لن نغلق أبواب المدرسة هذا العام»، قال سمير النجار أمام الصحفيين."
    assert said(text, {SAMIR: "PERS"}) == [("لن نغلق أبواب المدرسة هذا العام", SAMIR, "direct")]


def test_the_cue_may_stand_in_the_middle_of_the_quotation() -> None:
    text = "«لن نغلق أبواب المدرسة»، قال سمير النجار، «وسنعمل في الصيف أيضا»."
    assert said(text, {SAMIR: "PERS"}) == [
        ("لن نغلق أبواب المدرسة", SAMIR, "direct"),
        ("وسنعمل في الصيف أيضا", SAMIR, "direct"),
    ]


def test_an_attribution_may_follow_the_marks() -> None:
    text = "المشروع قديم جدا «ولا يناسب حاجة المدينة اليوم»، بحسب سمير النجار."
    assert ("ولا يناسب حاجة المدينة اليوم", SAMIR, "direct") in said(text, {SAMIR: "PERS"})


def test_words_that_an_agency_reports_belong_to_whom_it_names() -> None:
    text = "ونقلت وكالة البحر عن سمير النجار قوله «الميناء يعمل بكامل طاقته منذ الفجر»."
    assert said(text, {SAMIR: "PERS", "وكالة البحر": "ORG"}) == [
        ("الميناء يعمل بكامل طاقته منذ الفجر", SAMIR, "direct")
    ]


def test_a_quotation_over_several_paragraphs_is_one() -> None:
    text = (
        "قال سمير النجار: «بدأنا العمل في الربيع الماضي\n\n«وانتهينا من الجسر قبل أسبوع»."
        "\n\nوحضر الحفل جمهور كبير."
    )
    assert said(text, {SAMIR: "PERS"}) == [
        (
            "بدأنا العمل في الربيع الماضي\n\n«وانتهينا من الجسر قبل أسبوع",
            SAMIR,
            "direct",
        )
    ]


def test_a_marked_paragraph_right_after_a_quotation_goes_on_with_it() -> None:
    text = (
        "قال سمير النجار: «بدأنا العمل في الربيع الماضي».\n\n"
        "«وانتهينا من الجسر الكبير قبل أسبوع واحد»."
    )
    assert [speaker for _, speaker, _ in said(text, {SAMIR: "PERS"})] == [SAMIR, SAMIR]


def test_a_headline_with_a_name_and_a_colon_is_a_quotation() -> None:
    text = "سمير النجار: لن نغلق أبواب المدرسة"
    assert said(text, {SAMIR: "PERS"}, "title") == [("لن نغلق أبواب المدرسة", SAMIR, "direct")]


def test_a_headline_with_a_country_and_a_colon_is_none() -> None:
    assert said("مصر: افتتاح جسر جديد في أسوان", {"مصر": "LOC"}, "title") == []


@pytest.mark.parametrize(
    "text",
    [
        "وصل مقاتلو «تنظيم الدولة» إلى أطراف البلدة.",
        "يعرض فيلم «ليلة طويلة في آخر الشتاء» مساء الغد.",
        "قالت المخرجة في مهرجان المدينة عن فيلم «رجل من آخر الشارع الطويل» كلاما كثيرا.",
        "أعلنت الشركة عن «سلسلة تدابير» جديدة.",
        "تحدث عن «ثغرة» في النظام.",
        "وقالت لشبكة «نور البحر الجديدة الدولية» كلاما كثيرا عن المدينة.",
        "شراكة بين «الشؤون البحرية» و«النقل العام» في المدينة.",
        "يروي الفيلم قصة طويلة في خمس دقائق عن المدينة والبحر والجبل والناس الذين عاشوا هناك"
        " قبل قرن من الزمن وتركوا البيوت، بطولة: سمير النجار وهدى سالم.",
    ],
)
def test_names_titles_and_scare_quotes_are_no_quotations(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("'", "'"), ("‘", "’"), ("''", "''"), ("((", "))"), ("<<", ">>"), ("«", '"'), ("“", '"')],
)
def test_marks_of_every_kind_and_mixed_ones_stand_round_a_quotation(
    opening: str, closing: str
) -> None:
    words = "لن نبيع البستان لأحد أبدا"
    text = f"قال سمير النجار: {opening}{words}{closing}، ثم خرج من القاعة."
    assert said(text, {"سمير النجار": "PERS"}) == [(words, "سمير النجار", "direct")]


def test_the_colon_of_an_address_opens_no_quotation() -> None:
    text = "كتب سمير النجار على http://example.org/a?b=1 أن البستان باق."
    assert said(text, {"سمير النجار": "PERS"}) == [("البستان باق", "سمير النجار", "reported")]


def test_a_name_in_marks_is_no_quotation() -> None:
    name = "جمعية حماة البستان الكبير"
    assert said(f"أعلن سمير النجار «{name}» وغادر.", {"سمير النجار": "PERS", name: "ORG"}) == []


def test_words_between_the_marks_and_their_verb_change_nothing() -> None:
    text = '"لن نبيع البستان لأحد أبدا"، هكذا رد سمير النجار على الوفد.'
    [(words, speaker, _)] = said(text, {"سمير النجار": "PERS"})
    assert (words, speaker) == ("لن نبيع البستان لأحد أبدا", "سمير النجار")
