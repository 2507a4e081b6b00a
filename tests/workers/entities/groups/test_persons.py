"""One group per person, whatever the article calls them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from nabaa.types import Mention
from tests.support.entities.marked_text import article
from workers.entities.groups.name_parts import consonants, split_name
from workers.entities.groups.persons import families, full_name, persons
from workers.entities.mentions.name_words import load_name_words, word_set
from workers.entities.model import TypedMention


def people(text: str, title: str = "", known: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    """For each person its name and how each of its mentions is written."""
    groups = article(text, title).groups(known)
    return {g.name: [m.text for m in g.mentions] for g in groups if g.type == "PERS"}


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("إيمانويل ماكرون", ("ايمانويل", "ماكرون")),
        ("عبد الفتاح السيسي", ("عبدالفتاح", "السيسي")),
        ("عبدالفتاح السيسي", ("عبدالفتاح", "السيسي")),
        ("محمد بن سلمان", ("محمد", "بنسلمان")),
        ("سلمان بن عبد العزيز", ("سلمان", "بنعبدالعزيز")),
        ("أبي مازن", ("ابومازن",)),
        ("حسن نصر الله", ("حسن", "نصرالله")),
        ("لولا دا سيلفا", ("لولا", "داسيلفا")),
        ("أورسولا فون دير لاين", ("اورسولا", "فونديرلاين")),
        ("آبي أحمد", ("ابي", "احمد")),
        ("سعد الدين الحريري", ("سعدالدين", "الحريري")),
        ("الله", ("الله",)),
        ("بن", ("بن",)),
        ("", ()),
    ],
)
def test_units(name: str, parts: tuple[str, ...]) -> None:
    assert split_name(name) == parts


def test_spellings_of_a_foreign_name_have_one_skeleton() -> None:
    assert consonants("ترامب") == consonants("ترمب")
    assert consonants("غوتيريش") == consonants("جوتيريش")
    assert consonants("ماكرون") != consonants("ميركل")


def test_full_name_family_name_and_clitics_are_one_person() -> None:
    text = "وصل [PERS إيمانويل ماكرون] أمس. وقال [PERS ماكرون] ذلك. ثم سلم الرسالة [PERS لماكرون]."
    assert people(text) == {"إيمانويل ماكرون": ["إيمانويل ماكرون", "ماكرون", "ماكرون"]}


def test_the_title_may_have_the_short_form() -> None:
    found = people("وصل [PERS إيمانويل ماكرون] أمس.", title="[PERS ماكرون] في بيروت")
    assert found == {"إيمانويل ماكرون": ["ماكرون", "إيمانويل ماكرون"]}


def test_the_longest_full_form_is_the_name() -> None:
    text = "قال [PERS محمد بن زايد] ذلك. وعاد [PERS محمد بن زايد آل نهيان] إلى أبوظبي."
    assert list(people(text)) == ["محمد بن زايد آل نهيان"]


def test_a_family_name_that_was_taken_for_a_place_joins_the_person() -> None:
    text = "التقى [PERS بشار الأسد] الوفد. وقال [LOC الأسد] إنه سيعود. وحضر [MISC الأسد] الحفل."
    assert people(text) == {"بشار الأسد": ["بشار الأسد", "الأسد", "الأسد"]}


def test_a_known_place_stays_a_place_beside_a_person_of_that_name() -> None:
    text = (
        "درس [PERS جورج واشنطن] الخطة. وسافر الوفد إلى [LOC واشنطن] ثم غادر [LOC واشنطن]. "
        "وأعلنت [LOC واشنطن] ذلك."
    )
    assert people(text, known=frozenset({"واشنطن"})) == {"جورج واشنطن": ["جورج واشنطن"]}


def test_a_place_after_in_is_no_person() -> None:
    text = "قال [PERS سامي زرقوق] إن المصنع في [LOC زرقوق] سيفتح."
    assert people(text) == {"سامي زرقوق": ["سامي زرقوق"]}


def test_two_people_with_one_family_name_stay_two() -> None:
    text = "حضر [PERS حافظ الأسد] الحفل. ثم جاء [PERS بشار الأسد] وتحدث [PERS الأسد] طويلا."
    assert people(text) == {"حافظ الأسد": ["حافظ الأسد"], "بشار الأسد": ["بشار الأسد", "الأسد"]}


def test_a_family_name_of_two_people_stays_apart_before_either_is_named() -> None:
    found = people(
        "حضر [PERS حافظ الأسد] الحفل. ثم جاء [PERS بشار الأسد].", title="[PERS الأسد] في حلب"
    )
    assert found["الأسد"] == ["الأسد"]
    assert len(found) == 3


def test_a_given_name_joins_the_only_person_who_bears_it() -> None:
    text = "سجل [PERS نيمار دا سيلفا] هدفا. واحتفل [PERS نيمار] به."
    assert list(people(text)) == ["نيمار دا سيلفا"]


def test_a_given_name_of_two_people_stays_apart() -> None:
    text = "لعب [PERS محمد صلاح] مع [PERS محمد النني]. ثم خرج [PERS محمد] مصابا."
    assert sorted(people(text)) == ["محمد", "محمد النني", "محمد صلاح"]


def test_a_given_name_before_the_person_is_named_stays_apart() -> None:
    text = "خرج [PERS محمد] مصابا. ولعب [PERS محمد صلاح]."
    assert sorted(people(text)) == ["محمد", "محمد صلاح"]


def test_a_middle_name_may_be_left_out() -> None:
    text = "دفن [PERS فادي محمد البطش] أمس. وكان [PERS فادي البطش] طبيبا."
    assert list(people(text)) == ["فادي محمد البطش"]


def test_two_spellings_of_a_family_name_are_one_person() -> None:
    text = "قال [PERS دونالد ترامب] ذلك. ونفى [PERS دونالد ترمب] الخبر. وعاد [PERS ترمب]."
    assert len(people(text)) == 1


def test_a_given_name_in_al_din_may_be_shortened() -> None:
    text = "عاد [PERS سعد الدين الحريري] أمس. وقال [PERS سعد الحريري] ذلك. وغادر [PERS الحريري]."
    assert list(people(text)) == ["سعد الدين الحريري"]


def test_father_and_son_stay_two() -> None:
    text = "خلف [PERS كيم جونغ أون] والده [PERS كيم جونغ إيل]. وقال [PERS كيم جونغ أون] ذلك."
    assert {name: len(found) for name, found in people(text).items()} == {
        "كيم جونغ أون": 2,
        "كيم جونغ إيل": 1,
    }


def test_a_slip_of_the_recogniser_does_not_become_the_name() -> None:
    text = "قال [PERS سامي النجار] ذلك. وعاد [PERS سامي النجار زرقق] أمس. وسافر [PERS سامي النجار]."
    assert list(people(text)) == ["سامي النجار"]
    seen = {"سامي النجار زرقق": 1, "سامي النجار": 1}
    assert full_name(seen, load_name_words()) == "سامي النجار"


def test_two_people_taken_for_one_are_parted() -> None:
    text = "حضر [PERS سامي النجار وإبراهيم حداد] الحفل."
    assert list(people(text)) == ["سامي النجار", "إبراهيم حداد"]


def test_families_are_those_that_one_person_bears() -> None:
    names = [["بشار الأسد"], ["حافظ الأسد"], ["إيمانويل ماكرون", "ماكرون"], ["محمد بن سلمان"]]
    assert list(families(names)) == [(2, "ماكرون")]


NAMES = st.lists(
    st.sampled_from(sorted(word_set("محمد صلاح عبد الله بن الأسد آل كيم ماكرون # ـ"))), max_size=4
)


@given(
    st.lists(st.tuples(NAMES.map(" ".join), st.sampled_from(["PERS", "LOC", "ORG"])), max_size=8)
)
@settings(deadline=None, max_examples=200)
def test_no_mention_is_two_persons(named: list[tuple[str, str]]) -> None:
    mentions = [
        TypedMention(kind, Mention("body_text", i * 50, i * 50 + len(name), name), name)  # type: ignore[arg-type]
        for i, (name, kind) in enumerate(named)
    ]
    found = persons(mentions, [""] * len(mentions), lambda name: name == "الأسد")
    indices = [index for members in found for index in members]
    assert len(indices) == len(set(indices))
    assert set(indices) <= set(range(len(mentions)))
    assert all(members == sorted(members) for members in found)
