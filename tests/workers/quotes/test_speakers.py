"""Who speaks: names, pronouns and roles, and the cases where the text does not tell."""

from __future__ import annotations

import pytest

from nabaa.types import EntityType
from tests.support.quotations import entities_of, said

SAMIR, HUDA = "سمير النجار", "هدى سالم"
NAMES: dict[str, EntityType] = {f"{SAMIR}|النجار": "PERS", f"{HUDA}|هدى": "PERS"}


def speakers(text: str, names: dict[str, EntityType] | None = None) -> list[str | None]:
    return [speaker for _, speaker, _ in said(text, NAMES if names is None else names)]


def test_a_pronoun_goes_back_to_the_last_speaker() -> None:
    text = "قال سمير النجار إن الجسر قديم. وأضاف أن العمل سيبدأ قريبا.\n\nوتابع: «سنعمل ليل نهار»."
    assert speakers(text) == [SAMIR, SAMIR, SAMIR]


def test_a_pronoun_is_left_open_when_somebody_else_was_named_since() -> None:
    text = "قال سمير النجار إن الجسر قديم. والتقى بعد ذلك هدى سالم. وأضاف أن العمل سيبدأ قريبا."
    assert speakers(text) == [SAMIR, None]


def test_a_pronoun_of_the_other_gender_is_left_open() -> None:
    text = "قال سمير النجار إن الجسر قديم. وأضافت أن العمل سيبدأ قريبا."
    assert speakers(text) == [SAMIR, None]


def test_a_pronoun_after_an_unknown_speaker_is_left_open() -> None:
    text = "وصل سمير النجار صباحا. وقال مصدر في البلدية إن الجسر قديم. وأضاف أن العمل سيبدأ قريبا."
    assert speakers(text) == [None, None]


def test_a_pronoun_without_anybody_is_left_open() -> None:
    assert speakers("وقال إن الجسر قديم جدا.") == [None]


def test_a_participle_has_the_subject_of_its_sentence() -> None:
    text = "زار سمير النجار الميناء صباح اليوم، مؤكدا أن العمل سيبدأ قريبا."
    assert speakers(text) == [SAMIR]


def test_a_role_resolves_to_the_one_who_has_it() -> None:
    text = "وصل وزير النقل سمير النجار صباحا مع هدى سالم. وقال الوزير إن الجسر قديم."
    assert speakers(text) == [SAMIR]


def test_a_role_that_two_people_have_is_left_open() -> None:
    text = "وصل الوزير سمير النجار وحضر الوزير فادي كرم. وقال الوزير إن الجسر قديم."
    assert speakers(text, {**NAMES, "فادي كرم": "PERS"}) == [None]


def test_a_role_that_nobody_has_is_left_open() -> None:
    assert speakers("وصل سمير النجار صباحا. وقال الحارس إن الجسر قديم.") == [None]


def test_the_role_beside_a_name_is_told_apart_by_its_adjective() -> None:
    text = (
        "اجتمع الوزير المصري سمير النجار صباحا. ثم حضر الوزير الأردني فادي كرم."
        " وقال الوزير الأردني إن الجسر قديم."
    )
    assert speakers(text, {**NAMES, "فادي كرم": "PERS"}) == ["فادي كرم"]


def test_somebody_who_only_belongs_to_a_name_is_not_that_name() -> None:
    assert speakers("وقال محامي سمير النجار إن الجسر قديم.") == [None]


def test_a_spokesman_is_not_his_ministry() -> None:
    text = "وقال متحدث باسم وزارة النقل إن الجسر قديم."
    assert speakers(text, {"وزارة النقل": "ORG"}) == [None]


def test_a_spokesman_with_a_name_is_himself() -> None:
    text = "وقال المتحدث باسم وزارة النقل سمير النجار إن الجسر قديم."
    assert speakers(text, {**NAMES, "وزارة النقل": "ORG"}) == [SAMIR]


def test_a_spokesman_of_a_named_person_is_not_that_person() -> None:
    assert speakers("وقال متحدث باسم الرئيس سمير النجار إن الجسر قديم.") == [None]


def test_an_organisation_speaks() -> None:
    assert speakers("وقالت صحيفة المساء إن الجسر قديم.", {"المساء": "ORG"}) == ["المساء"]


def test_a_capital_speaks_for_its_government() -> None:
    assert speakers("وأعلنت واشنطن أن الجسر قديم.", {"واشنطن": "LOC"}) == ["واشنطن"]


def test_a_country_in_somebody_s_title_does_not_speak() -> None:
    text = "وقال مسؤول في واشنطن إن الجسر قديم."
    assert speakers(text, {"واشنطن": "LOC"}) == [None]


def test_the_minister_of_a_country_is_the_person_named_after_it() -> None:
    text = "وقال وزير خارجية فرنسا سمير النجار إن الجسر قديم."
    assert speakers(text, {**NAMES, "فرنسا": "LOC"}) == [SAMIR]


def test_a_document_speaks_for_its_issuer() -> None:
    text = "وجاء في بيان لوزارة النقل أن الجسر قديم. وأفاد تقرير لمنظمة السلامة بأن العمل بطيء."
    assert speakers(text, {"منظمة السلامة": "ORG"})[-1] == "منظمة السلامة"


def test_an_adjective_that_names_a_country_is_nobody() -> None:
    text = "وقال الرئيس إن الجسر قديم."
    assert speakers(text, {}) == [None]


def test_the_subject_of_a_relative_clause_is_its_head() -> None:
    text = "ورحب بالقرار سمير النجار الذي أكد أن الجسر قديم."
    assert speakers(text) == [SAMIR]


def test_a_subject_without_a_name_before_the_verb_is_nobody() -> None:
    text = "قال سمير النجار إن الجسر قديم. وكان واحد من كل خمسة سكان يقول إنه لا يعبره."
    assert speakers(text) == [SAMIR, None]


def test_the_participle_of_a_second_clause_has_its_own_subject() -> None:
    text = "قال سمير النجار إن الجسر قديم، فيما علق فادي كرم على الأمر قائلا «سنبني غيره»."
    assert speakers(text, {**NAMES, "فادي كرم": "PERS"}) == [SAMIR, "فادي كرم"]


def test_whom_a_speaker_describes_is_not_the_speaker() -> None:
    text = "هدى سالم تصف سمير النجار بأنه صديق قديم للمدينة"
    assert speakers(text) == [HUDA]


def test_whom_a_country_accuses_is_not_the_speaker() -> None:
    text = "واتهمت روسيا سمير النجار بأنه أغلق الجسر."
    assert speakers(text, {**NAMES, "روسيا": "LOC"}) == ["روسيا"]


def test_the_institution_before_a_name_is_not_its_role() -> None:
    text = "أعلنت كلية الطب بجامعة سمير النجار وظائف جديدة. وأوضحت الكلية أن الجسر قديم."
    assert speakers(text) == [None]


def test_the_spokesman_of_a_house_named_after_a_person_is_himself() -> None:
    text = "وأوضح المتحدث الرسمي لمركز سمير النجار فادي كرم أن الجسر قديم."
    assert speakers(text, {**NAMES, "فادي كرم": "PERS"}) == ["فادي كرم"]


def test_a_courtesy_title_brings_the_subject_back_after_its_place_of_work() -> None:
    assert speakers("وقال رئيس القسم في الجامعة الدكتور سمير النجار إن الجسر قديم.") == [SAMIR]


def test_a_name_found_elsewhere_is_known_where_the_recogniser_missed_it() -> None:
    text = "وصل سمير النجار صباحا. وقال النجار إن الجسر قديم."
    assert speakers(text, {SAMIR: "PERS"}) == [SAMIR]


def test_a_longer_name_than_the_known_one_is_another() -> None:
    text = "رحبت وزارة النقل بالقرار. وقالت وزارة النقل البحري إن الجسر قديم."
    known = entities_of("رحبت وزارة النقل بالقرار.", {"وزارة النقل": "ORG"})
    assert [speaker for _, speaker, _ in said(text, others=known)] == [None]


def test_an_initial_before_a_name_does_not_end_the_subject() -> None:
    assert speakers("وأكد د. سمير النجار أن الجسر قديم.") == [SAMIR]


@pytest.mark.parametrize(
    "sentence",
    [
        "زارت الوزيرة هدى سالم المرفأ، وأكدت أن العمل يتقدم.",
        "ترأست هدى سالم اجتماعا للجنة، وقالت إن العمل يتقدم.",
        "عبرت هدى سالم عن أسفها، وأضافت أن العمل يتقدم.",
    ],
)
def test_a_joined_verb_goes_back_to_the_subject_of_its_own_sentence(sentence: str) -> None:
    assert said(sentence, {"هدى سالم": "PERS"})[-1] == ("العمل يتقدم", "هدى سالم", "reported")


@pytest.mark.parametrize(
    "sentence", ["وتابع قائلا إن العمل يتقدم.", "ومضى قائلا: «العمل يتقدم كل يوم»."]
)
def test_saying_again_is_no_subject(sentence: str) -> None:
    found = said(f"قال سمير النجار إن البحر هادئ. {sentence}", {"سمير النجار": "PERS"})
    assert [speaker for _, speaker, _ in found] == ["سمير النجار", "سمير النجار"]


def test_the_place_of_work_before_the_name_hides_nobody() -> None:
    text = "قال رئيس قسم الطوارئ في المستشفى سمير النجار إن الجرحى كثيرون."
    assert said(text, {"سمير النجار": "PERS"}) == [("الجرحى كثيرون", "سمير النجار", "reported")]


def test_an_official_of_an_institution_is_not_the_institution() -> None:
    text = "قال مدير في وزارة الصيد إن الموسم جيد."
    assert said(text, {"وزارة الصيد": "ORG"}) == [("الموسم جيد", None, "reported")]


def test_an_institution_speaks_for_itself() -> None:
    text = "أوضحت وزارة الصيد، في بيان، أن الموسم جيد."
    assert said(text, {"وزارة الصيد": "ORG"}) == [("الموسم جيد", "وزارة الصيد", "reported")]


def test_the_title_of_the_next_person_is_not_the_first_ones() -> None:
    names: dict[str, EntityType] = {"سمير النجار": "PERS", "فادي خوري": "PERS"}
    text = "التقى السفير سمير النجار والوزير فادي خوري. وقال الوزير إن الموسم جيد."
    assert said(text, names) == [("الموسم جيد", "فادي خوري", "reported")]


def test_the_lawyer_of_a_man_with_a_title_is_not_the_man() -> None:
    text = "قالت محامية رجل الأعمال سمير النجار إن الأدلة ضعيفة."
    assert said(text, {"سمير النجار": "PERS"}) == [("الأدلة ضعيفة", None, "reported")]
