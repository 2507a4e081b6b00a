"""Reported quotations: which words announce a clause, and where the clause ends."""

from __future__ import annotations

import pytest

from tests.support.quotations import said

SAMIR = "سمير النجار"
CLAUSE = "الجسر سيفتح في الربيع"


@pytest.mark.parametrize(
    "cue",
    [
        "قال سمير النجار إن",
        "وقال سمير النجار إنّ",
        "فقال سمير النجار ان",
        "يقول سمير النجار إن",
        "أكّد سمير النجار أن",
        "اكد سمير النجار ان",
        "وأضاف سمير النجار أن",
        "شدد سمير النجار على أن",
        "أوضح سمير النجار أن",
        "لفت سمير النجار إلى أن",
        "وأشار سمير النجار إلى أن",
        "اعتبر سمير النجار أن",
        "رأى سمير النجار أن",
        "ويرى سمير النجار أن",
        "صرّح سمير النجار بأن",
        "أعلن سمير النجار أن",
        "ذكر سمير النجار أن",
        "وتابع سمير النجار أن",
        "كشف سمير النجار أن",
        "حذّر سمير النجار من أن",
        "نفى سمير النجار أن",
        "وكان سمير النجار قد قال إن",
        "سمير النجار قال إن",
        "نقلت الصحيفة عن سمير النجار أن",
        "وقال وزير النقل، سمير النجار، اليوم الأحد، إن",
        "وبحسب سمير النجار، فإن",
        "ووفقا لسمير النجار فإن",
        "وقال سمير النجار: إن",
        "وعاد سمير النجار ليؤكد أن",
        "أما سمير النجار فاكتفى بالقول إن",
        "واقترح سمير النجار أن",
        "وخلص سمير النجار إلى أن",
        "وتوصل سمير النجار إلى نتيجة بأن",
        "وأبرز سمير النجار أن",
    ],
)
def test_every_cue_announces_its_clause_and_its_speaker(cue: str) -> None:
    assert said(f"{cue} {CLAUSE}.", {SAMIR: "PERS"}) == [(CLAUSE, SAMIR, "reported")]


@pytest.mark.parametrize(
    "cue", ["قالت هدى سالم إن", "وأكدت هدى سالم أن", "تقول هدى سالم إن", "ترى هدى سالم أن"]
)
def test_a_feminine_cue_has_a_feminine_speaker(cue: str) -> None:
    assert said(f"{cue} {CLAUSE}.", {"هدى سالم": "PERS"}) == [(CLAUSE, "هدى سالم", "reported")]


def test_a_plural_cue_without_a_name_has_no_speaker() -> None:
    assert said(f"وقالوا إن {CLAUSE}.", {SAMIR: "PERS"}) == [(CLAUSE, None, "reported")]


def test_a_colon_before_a_particle_with_a_pronoun_leaves_it_in_the_speech() -> None:
    text = "وأضاف سمير النجار: إننا سنفتح الجسر في الربيع، مشيدا بالعمال."
    assert said(text, {SAMIR: "PERS"}) == [("إننا سنفتح الجسر في الربيع", SAMIR, "direct")]


def test_what_another_verb_does_by_saying_is_said() -> None:
    text = "ورفض سمير النجار التعليق، مكتفيا بالقول: «الجسر سيفتح غدا»."
    assert said(text, {SAMIR: "PERS"}) == [("الجسر سيفتح غدا", SAMIR, "direct")]


def test_a_participle_goes_on_from_another_with_and() -> None:
    text = f"قال سمير النجار إن العمل انتهى، مؤكدا أن البلدية راضية، ومشددا على أن {CLAUSE}."
    assert said(text, {SAMIR: "PERS"})[-1] == (CLAUSE, SAMIR, "reported")


@pytest.mark.parametrize(
    ("sentence", "count"),
    [
        ("وبين أن الجسر سيفتح في الربيع.", 1),
        ("واحتار السكان بين أن يبقى الجسر وبين أن يهدم قريبا.", 0),
    ],
)
def test_between_is_told_from_made_clear(sentence: str, count: int) -> None:
    assert len(said(sentence)) == count


@pytest.mark.parametrize(
    "attribution",
    [
        "بحسب سمير النجار",
        "وفق سمير النجار",
        "وفقا لسمير النجار",
        "حسب سمير النجار",
        "على حد قول سمير النجار",
        "حسبما ذكر سمير النجار",
        "كما أعلن سمير النجار",
        "بحسب ما قال سمير النجار",
        "نقلا عن سمير النجار",
    ],
)
def test_an_attribution_takes_the_sentence_before_it(attribution: str) -> None:
    assert said(f"أغلق الميناء صباح اليوم، {attribution}.", {SAMIR: "PERS"}) == [
        ("أغلق الميناء صباح اليوم", SAMIR, "reported")
    ]


def test_a_present_verb_goes_on_with_the_one_that_opens_its_sentence() -> None:
    text = f"يرى {SAMIR} أن الطريق طويل جدا، ويتوقع أن {CLAUSE}."
    assert said(text, {SAMIR: "PERS"}) == [
        ("الطريق طويل جدا", SAMIR, "reported"),
        (CLAUSE, SAMIR, "reported"),
    ]


def test_it_is_expected_after_a_verb_of_the_past_is_nobodys() -> None:
    text = "قالت هدى سالم إن الطريق طويل جدا، ويتوقع أن الجسر سيفتح في الربيع."
    assert len(said(text, {"هدى سالم": "PERS"})) == 1


def test_the_day_of_a_source_is_none_of_what_it_says() -> None:
    text = f"وحسبما أوردت هدى سالم، الأحد، فإن {CLAUSE}."
    assert said(text, {"هدى سالم": "PERS"}) == [(CLAUSE, "هدى سالم", "reported")]


@pytest.mark.parametrize(
    "text",
    [
        "تسدد الأقساط حسب الحاجة في كل شهر.",
        "جرى التصويت وفق القانون الجديد للمدينة.",
        "يذكر أن الجسر بني قبل قرن من الزمن.",
        "ويشار إلى أن المدينة تقع على البحر.",
        "وصل الوفد بعد أن انتهى الاجتماع في المساء.",
        "يقع البيت بين البحر والجبل على أن الطريق طويل.",
        "أكد الوزير على ضرورة العمل في الصيف.",
        "وعبر الأهالي عن حزنهم، خاصة أن الجسر قديم.",
        "سجل اللاعب هدفه الأول: كرة قوية من خارج المنطقة.",
        "زاد عدد السكان في المدينة «بعد عام طويل من الهجرة».",
        "ويخلص القرار الشركة من عبء كبير، على أن القانون قديم.",
        "وتبين من الفحص أن الجسر أقدم من المدينة.",
        "يمكن تغيير اللون كما وردت الخطوات في «دليل المستخدم الجديد كله».",
        "وتبين بعد الفحص أن الجسر أقدم من المدينة.",
        "ويعتقد أن الجسر أقدم من المدينة.",
        "ارتفع الإنتاج في الربيع، مما يشير إلى أن الطلب قوي.",
        "وشكر الأهالي الأطباء، سائلين الله أن يحفظ الجميع.",
        "هبط السهم عقب توصل الشركتين إلى حل والقلق من أن الطلب ضعيف.",
        "عززت البلدية استعداداتها للموسم وفقا لما وضعت من أجله.",
        "كما أعلنت الوزارة عن إدراج اسمين، وهما عضوان في النقابة.",
        "إذاعة «صوت البحر الأزرق» طالبت بزيادة أجور العمال.",
    ],
)
def test_what_nobody_says_is_no_quotation(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    "rest",
    [
        "، مضيفا أن العمل سيبدأ قريبا.",
        "، وأضاف أن العمل سيبدأ قريبا.",
        " مؤكدا أن العمل سيبدأ قريبا.",
        ". وأكد أن العمل سيبدأ قريبا.",
    ],
)
def test_a_clause_ends_where_the_next_cue_begins(rest: str) -> None:
    assert said(f"قال سمير النجار إن {CLAUSE}{rest}", {SAMIR: "PERS"}) == [
        (CLAUSE, SAMIR, "reported"),
        ("العمل سيبدأ قريبا", SAMIR, "reported"),
    ]


@pytest.mark.parametrize(
    "rest",
    [
        "، فيما غاب رئيس البلدية.",
        "، وذلك في مؤتمر صحفي.",
        "، في إشارة إلى أعمال الصيانة.",
        "، بحسب صحيفة المساء.",
        "، على حد تعبيره.",
        " بينما غاب رئيس البلدية.",
        "! ثم غادر القاعة.",
        "\n\nوكان الجو ماطرا.",
    ],
)
def test_a_clause_ends_where_the_reporter_speaks_again(rest: str) -> None:
    assert said(f"قال سمير النجار إن {CLAUSE}{rest}", {SAMIR: "PERS"}) == [
        (CLAUSE, SAMIR, "reported")
    ]


def test_marked_words_in_the_middle_of_a_clause_are_part_of_it() -> None:
    text = "قال سمير النجار إن المدينة «لن تنسى يومها الطويل» مهما طال الزمن."
    assert said(text, {SAMIR: "PERS"}) == [
        ("المدينة «لن تنسى يومها الطويل» مهما طال الزمن", SAMIR, "reported")
    ]


def test_a_full_stop_inside_marks_does_not_end_the_clause() -> None:
    text = "قال سمير النجار إن الشعار «عدنا. وسنبقى هنا» كتب على الجدار."
    assert said(text, {SAMIR: "PERS"}) == [
        ("الشعار «عدنا. وسنبقى هنا» كتب على الجدار", SAMIR, "reported")
    ]


def test_a_document_announces_what_it_says() -> None:
    text = f"وجاء في بيان للبلدية أن {CLAUSE}. وجاء في المساء أن الجو ماطر."
    assert said(text, {SAMIR: "PERS"}) == [(CLAUSE, None, "reported")]


def test_a_relative_clause_between_the_speaker_and_his_words_is_skipped() -> None:
    text = f"وقال سمير النجار، الذي وصل أمس إلى المدينة قبل أن ينتهي الحفل، إن {CLAUSE}."
    assert said(text, {SAMIR: "PERS"}) == [(CLAUSE, SAMIR, "reported")]
