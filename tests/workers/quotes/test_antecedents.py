"""Whom a pronoun or a definite noun means, and where nobody can be told."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from nabaa.types import Entity, EntityType, Mention
from tests.support.quotations import entities_of, said

SAMIR, HUDA, BANK = "سمير النجار", "هدى سالم", "البنك المركزي"
NAMES: dict[str, EntityType] = {
    SAMIR: "PERS",
    f"{HUDA}|هدى": "PERS",
    "فادي كرم": "PERS",
    "ليندا شاهين": "PERS",
    BANK: "ORG",
    "شركة الأفق": "ORG",
    "ميلان": "ORG",
    "اليونيسف": "ORG",
    "رويترز": "ORG",
    "إيران": "LOC",
}
FIRST = "قال سمير النجار إن الجسر قديم."
HERS = "قالت هدى سالم إن الجسر قديم."


def speakers(text: str, others: Sequence[Entity] = ()) -> list[str | None]:
    return [speaker for _, speaker, _ in said(text, NAMES, others=others)]


@pytest.mark.parametrize(
    ("before", "sentence", "speaker"),
    [
        (FIRST, "وأضاف المسؤول أن العمل سيبدأ قريبا.", SAMIR),
        (HERS, "وأضافت المسؤولة الحكومية أن العمل سيبدأ قريبا.", HUDA),
        (FIRST, "وأجاب المتهم: «العمل سيبدأ قريبا جدا».", SAMIR),
        (FIRST, "وتابع المصدر نفسه أن العمل سيبدأ قريبا.", SAMIR),
        (FIRST, "العمل سيبدأ في الخريف، بحسب المصدر ذاته.", SAMIR),
        ("أعلنت اليونيسف أن الجسر قديم.", "وقالت المنظمة إن العمل سيبدأ قريبا.", "اليونيسف"),
        (FIRST, "وأضاف مدرب ميلان السابق أن العمل سيبدأ قريبا.", SAMIR),
        ("ذكر البنك المركزي أن الجسر قديم.", "وأضاف البيان أن العمل سيبدأ قريبا.", BANK),
    ],
)
def test_a_definite_noun_goes_back_to_the_last_speaker(
    before: str, sentence: str, speaker: str
) -> None:
    assert speakers(f"{before} {sentence}") == [speaker, speaker]


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        (FIRST, "وأضافت المسؤولة أن العمل سيبدأ قريبا."),
        (FIRST, "والتقى فادي كرم. وأضاف المسؤول أن العمل سيبدأ قريبا."),
        (FIRST, "وقال المسؤول في البلدية إن العمل سيبدأ قريبا."),
        (FIRST, "وقال الحارس إن العمل سيبدأ قريبا."),
        (FIRST, "وأضاف رئيس الوزراء أن العمل سيبدأ قريبا."),
        ("أعلنت شركة الأفق أن الجسر قديم.", "وقالت المنظمة إن العمل سيبدأ قريبا."),
    ],
)
def test_a_noun_that_may_mean_somebody_else_is_left_open(before: str, sentence: str) -> None:
    assert speakers(f"{before} {sentence}")[-1] is None


def test_of_two_who_hold_a_role_the_last_speaker_is_meant() -> None:
    text = (
        "التقى المدرب فادي كرم صباحا. وقال المدرب سمير النجار إن الجسر قديم."
        " وأضاف المدرب أن العمل سيبدأ قريبا."
    )
    assert speakers(text) == [SAMIR, SAMIR]


def test_the_adjective_of_another_country_means_another_minister() -> None:
    french = Entity(
        "فرنسا", "LOC", "فرنسا", None, (Mention("body_text", 0, 0, "الفرنسي", "", "adjective"),)
    )
    russian = Entity(SAMIR, "PERS", SAMIR, None, (), country="RU")
    text = "قال الوزير سمير النجار إن الجسر قديم. وأضاف الوزير الفرنسي أن العمل سيبدأ قريبا."
    [samir] = entities_of(text, {SAMIR: "PERS"})
    others = [
        Entity("فرنسا", "LOC", "فرنسا", None, french.mentions, country="FR"),
        Entity(SAMIR, "PERS", SAMIR, None, samir.mentions, country=russian.country),
    ]
    assert [speaker for _, speaker, _ in said(text, others=others)] == [SAMIR, None]


def test_a_synonym_of_the_office_means_its_holder_of_that_country() -> None:
    text = "وصل الملك سمير النجار صباحا. وقال العاهل الأردني إن الجسر قديم."
    [king] = entities_of(text, {SAMIR: "PERS"})
    others = [
        Entity(SAMIR, "PERS", SAMIR, None, king.mentions, country="JO"),
        Entity(
            "الأردن",
            "LOC",
            "الأردن",
            None,
            (Mention("body_text", 44, 51, "الأردني", "", "adjective"),),
            country="JO",
        ),
    ]
    assert [speaker for _, speaker, _ in said(text, others=others)] == [SAMIR]


@pytest.mark.parametrize(
    "sentence",
    [
        "وعن موعد العمل، كشفت أن المصعد جاهز.",
        "وعندما سئلت عن العمل، قالت إن المصعد جاهز.",
        "وقالت لهم إن المصعد جاهز.",
        "وقالت لرويترز إن المصعد جاهز.",
        "وقالت لـ«صحيفة الساحل» إن المصعد جاهز.",
        "وقالت لـ(رويترز) إن المصعد جاهز.",
        "واختتمت حديثها بالقول إن المصعد جاهز.",
        "وعادت لتؤكد أن المصعد جاهز.",
    ],
)
def test_a_pronoun_is_seen_through_what_stands_around_its_verb(sentence: str) -> None:
    assert speakers(f"{HERS} {sentence}") == [HUDA, HUDA]


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("رفع البنك المركزي الفائدة، وقال إن المصعد جاهز.", BANK),
        ("وصلت رئيسة شركة الأفق هدى سالم صباحا، وقالت إن المصعد جاهز.", HUDA),
        ("زار ليندا شاهين وفد كبير، وقالت إن المصعد جاهز.", "ليندا شاهين"),
        ("استقبل الوزير فادي كرم وفدا من ميلان، وقال إن المصعد جاهز.", "فادي كرم"),
        ("ترأس الوزير اجتماعا مع البنك المركزي، وقال إن المصعد جاهز.", None),
        ("وكان سمير النجار قد حث البلدية على العمل، قائلا إن المصعد جاهز.", SAMIR),
        ("وكتب سمير النجار، وهو طبيب في بلدة بعيدة، يقول: «المصعد جاهز اليوم».", SAMIR),
        ("بيروت (رويترز) - زارت هدى سالم المرفأ، وقالت إن المصعد جاهز.", HUDA),
        ("أدانت إيران الهجوم على السفارة، وقالت إن المصعد جاهز.", "إيران"),
        ("أعرب سمير النجار عن أسفه لما قاله فادي كرم. وأضاف أن المصعد جاهز.", SAMIR),
        ("ولخص كبير الأطباء في ميلان، سمير النجار، الأمر بالقول: «المصعد جاهز».", SAMIR),
    ],
)
def test_the_subject_of_the_sentence_is_meant(sentence: str, speaker: str | None) -> None:
    assert speakers(sentence)[-1] == speaker


def test_a_country_by_its_name_is_the_country_of_the_adjective() -> None:
    text = "وصل وزير الخارجية الفرنسي سمير النجار. وقال وزير خارجية فرنسا إن المصعد قديم."
    [samir] = entities_of(text, {SAMIR: "PERS"})
    [mention] = samir.mentions
    titled = Mention("body_text", mention.start, mention.end, SAMIR, "وزير الخارجية الفرنسي")
    named = text.index("فرنسا")
    adjective = text.index("الفرنسي")
    country = (
        Mention("body_text", adjective, adjective + 7, "الفرنسي", "", "adjective"),
        Mention("body_text", named, named + 5, "فرنسا"),
    )
    others = [
        Entity(SAMIR, "PERS", SAMIR, None, (titled,)),
        Entity("فرنسا", "LOC", "فرنسا", None, country, country="FR"),
    ]
    assert [speaker for _, speaker, _ in said(text, others=others)] == [SAMIR]


def test_whom_an_organisation_told_it_is_not_the_organisation() -> None:
    text = "قالت الهيئة لرويترز إن الجسر قديم. وأضافت الهيئة أن العمل سيبدأ قريبا."
    assert speakers(text) == [None, None]


def test_what_somebody_has_said_before_is_his() -> None:
    assert speakers("وسبق لسمير النجار أن قال إن المصعد قديم.") == [SAMIR]


@pytest.mark.parametrize("participle", ["مؤكدا أن", "مشيرا إلى أن"])
def test_a_participle_that_begins_a_sentence_goes_on(participle: str) -> None:
    assert speakers(f"{FIRST} {participle} المصعد جاهز.") == [SAMIR, SAMIR]


def test_a_sentence_that_begins_anew_has_a_subject_of_its_own() -> None:
    assert speakers(f"{FIRST} رصد ساكن حفرة في الطريق، وقال إن المصعد قديم.")[-1] is None


def test_a_byline_has_no_verb_of_its_own() -> None:
    assert speakers("سمير النجار - بيروت\n\nوقال إن المصعد قديم.") == [None]


def test_going_on_right_after_a_source_is_the_source_s() -> None:
    text = "أغلق الجسر صباح اليوم، بحسب سمير النجار. وأضاف أن العمل سيبدأ قريبا."
    assert speakers(text) == [SAMIR, SAMIR]


def test_the_state_of_the_sentence_before_is_nearer_than_the_last_speaker() -> None:
    text = f"{HERS} وأدانت إيران الهجوم على السفارة. وحذرت من أن العمل سيتأخر."
    assert speakers(text) == [HUDA, "إيران"]


def test_an_adverb_after_a_role_is_none_of_it() -> None:
    text = "وصل الرئيس سمير النجار صباحا. وأجاب الرئيس ساخرا: «المصعد قديم جدا»."
    assert speakers(text) == [SAMIR]


def test_where_it_was_told_is_no_subject() -> None:
    text = f"{HERS} وقالت وفقا لما نقلته رويترز: «المصعد قديم جدا»."
    assert speakers(text) == [HUDA, HUDA]


def test_whose_death_is_told_has_said_nothing() -> None:
    text = f"{HERS} وأكدت وفاة سمير النجار. وأضاف أن المصعد قديم."
    assert speakers(text)[-1] is None


def test_who_holds_the_office_that_opens_the_sentence_is_meant() -> None:
    text = (
        "استقبل الوزير سمير النجار هدى سالم. وقالت هدى سالم إن الجسر قديم."
        " وشكر الوزير ضيفته، وأكد أن العمل سيبدأ قريبا."
    )
    assert speakers(text) == [HUDA, SAMIR]


def test_a_title_of_the_other_gender_is_nobody_whom_the_pronoun_may_mean() -> None:
    text = f"{FIRST} وحضرت الوزيرة هدى سالم الحفل. وأضاف أن العمل سيبدأ قريبا."
    [samir, huda] = entities_of(text, {SAMIR: "PERS", HUDA: "PERS"})
    [mention] = huda.mentions
    titled = Mention("body_text", mention.start, mention.end, mention.text, "الوزيرة")
    others = [samir, Entity(HUDA, "PERS", HUDA, None, (titled,))]
    assert [speaker for _, speaker, _ in said(text, others=others)] == [SAMIR, SAMIR]


@pytest.mark.parametrize(
    "sentence",
    [
        "لكن الطبيب سمير النجار، وهو من سكان الحي، يحذر من أن المصعد قديم.",
        "سمير النجار، الذي وصل صباحا، قال إن المصعد قديم.",
        "فرد عليه سمير النجار قائلا إن المصعد قديم.",
        "وقال لرويترز المدير سمير النجار إن المصعد قديم.",
        "وأجابه سمير النجار: «المصعد قديم جدا».",
        'أكد لـ"الساحل" سمير النجار أن المصعد قديم.',
        "وقال وزير العلاقة مع البرلمان، سمير النجار، إن المصعد قديم.",
        "ونقلت رويترز عن، سمير النجار، قوله إن المصعد قديم.",
        "وحضر سمير النجار. ونقلت رويترز عن النجار تأكيده أن المصعد قديم.",
        "المدير العام، سمير النجار، يعلن أن المصعد قديم.",
    ],
)
def test_a_subject_is_found_beyond_what_parts_it_from_its_verb(sentence: str) -> None:
    assert speakers(f"{HERS} {sentence}")[-1] == SAMIR
