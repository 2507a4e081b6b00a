"""Titles and roles stand beside the name, never in it."""

from __future__ import annotations

import pytest

from nabaa.search_key import search_key
from tests.support.entities.marked_text import article
from workers.entities.mentions.roles import bare_title
from workers.entities.mentions.titles import (
    CONSTRUCT_TITLES,
    DEFINITE_TITLES,
    DEPUTIES,
    HONORIFICS,
    KINDS,
    NOT_IN_ROLES,
    OFFICE_WORDS,
    PARTED_KINDS,
    WHOLE_NAMES,
)


def roles(text: str, known: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    return [(m.mention.role, m.mention.text) for m in article(text).mentions(known)]


def test_every_listed_title_is_its_own_search_key() -> None:
    lists = [HONORIFICS, DEFINITE_TITLES, CONSTRUCT_TITLES, DEPUTIES, OFFICE_WORDS, KINDS]
    for words in [*lists, PARTED_KINDS, WHOLE_NAMES, NOT_IN_ROLES]:
        assert {word for word in words if search_key(word) != word} == set()


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("وصل الرئيس [PERS إيمانويل ماكرون] أمس", "الرئيس"),
        ("وصل الرئيس الفرنسي [PERS إيمانويل ماكرون] أمس", "الرئيس الفرنسي"),
        ("التقى بالرئيس الفرنسي [PERS ماكرون] أمس", "الرئيس الفرنسي"),
        ("سلم رسالة للرئيس [PERS ماكرون] أمس", "الرئيس"),
        ("قال رئيس الوزراء [PERS نواف سلام] أمس", "رئيس الوزراء"),
        ("قال رئيس الوزراء البريطاني [PERS كير ستارمر] أمس", "رئيس الوزراء البريطاني"),
        ("اجتمع مع وزير الخارجية [PERS بدر عبد العاطي] أمس", "وزير الخارجية"),
        ("أكد وزير الخارجية والمغتربين [PERS يوسف رجي] ذلك", "وزير الخارجية والمغتربين"),
        ("دعا الأمين العام [ORG للأمم المتحدة] [PERS أنطونيو غوتيريش] إلى", None),
        ("قالت المتحدثة باسم الخارجية الروسية [PERS ماريا زاخاروفا] إن", None),
        ("عاد ولي العهد السعودي الأمير [PERS محمد بن سلمان] إلى", "ولي العهد السعودي الأمير"),
        ("صرح نائب الرئيس الأميركي [PERS جيه دي فانس] بأن", "نائب الرئيس الأميركي"),
        ("صوتوا لمرشح المعارضة [PERS سامي النجار]", "مرشح المعارضة"),
        ("قال الدكتور [PERS سامي النجار] إن", "الدكتور"),
        ("سجل نجم [ORG ليفربول] [PERS محمد صلاح] هدفا", "نجم ليفربول"),
        ("وقال وزير الطاقة، [PERS سهيل المزروعي]، إن", "وزير الطاقة"),
        ("صحيفة [ORG الغارديان] ذكرت", "صحيفة"),
        ("ذكرت وكالة «[ORG رويترز]» أن", "وكالة"),
        ("في العاصمة السورية [LOC دمشق] أمس", "العاصمة السورية"),
        ("وصل إلى مدينة [LOC حلب] أمس", "مدينة"),
    ],
)
def test_a_role_before_the_name(text: str, role: str | None) -> None:
    found = roles(text)[-1][0]
    if role is None:
        role = (
            text[text.index(" ") + 1 : text.index(" [PERS")].replace("[ORG ", "").replace("]", "")
        )
    assert found == role


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("قال [PERS إيمانويل ماكرون]، الرئيس الفرنسي، إن", "الرئيس الفرنسي"),
        ("وأوضح [PERS سامي النجار]، مدير مركز الأبحاث، أن", "مدير مركز الأبحاث"),
        ("ورأى [PERS سامي النجار] (رئيس الاتحاد) أن", "رئيس الاتحاد"),
        ("وقال [PERS سامي النجار] رئيس النادي، إن", "رئيس النادي"),
    ],
)
def test_a_role_after_the_name(text: str, role: str) -> None:
    assert roles(text)[0] == (role, text[text.index("PERS ") + 5 : text.index("]")])


def test_the_role_after_a_comma_may_be_the_next_persons() -> None:
    text = "التقى [PERS ماكرون]، الرئيس الأميركي [PERS دونالد ترامب] أمس"
    assert roles(text) == [("", "ماكرون"), ("الرئيس الأميركي", "دونالد ترامب")]


def test_a_title_without_what_it_governs_is_no_role() -> None:
    assert roles("وقال [PERS سامي النجار]، رئيس، إن") == [("", "سامي النجار")]


@pytest.mark.parametrize(
    "text",
    [
        "قال [PERS ماكرون] إن",
        "الرئيس الذي التقى [PERS ماكرون] أمس",
        "غادر الرئيس القاعة وبقي [PERS ماكرون] فيها",
        "كان الرئيس اليوم [PERS ماكرون]",
        "مدرب الاتحاد والصربي [PERS فوك رازوفيتش]",
        "عادل النجم السويسري الرقم القياسي للأسترالي [PERS رود ليفر]",
        "الرئيس و[PERS وماكرون]",
        "انتخب رئيس [PERS ماكرون]",
    ],
)
def test_words_that_are_no_role(text: str) -> None:
    assert roles(text)[0][0] == ""


@pytest.mark.parametrize(
    ("text", "role", "name"),
    [
        ("قال [PERS الشيخ زايد] إن", "الشيخ", "زايد"),
        ("قال [PERS الملك عبد الله] إن", "الملك", "عبد الله"),
        ("مع [PERS للأمير محمد بن سلمان] أمس", "الأمير", "محمد بن سلمان"),
        ("قال [PERS الرئيس السوري أحمد الشرع] إن", "الرئيس السوري", "أحمد الشرع"),
        ("ذكرت [ORG صحيفة الغارديان] أن", "صحيفة", "الغارديان"),
        ("أعلنت [ORG حركة حماس] أن", "حركة", "حماس"),
        ("فاز [ORG نادي الزمالك] أمس", "نادي", "الزمالك"),
        ("أعلنت [ORG لشركة أرامكو] أمس", "شركة", "أرامكو"),
    ],
)
def test_a_title_that_was_marked_with_the_name_comes_off(text: str, role: str, name: str) -> None:
    assert roles(text) == [(role, name)]


@pytest.mark.parametrize(
    "name",
    [
        "حزب الله",
        "مدينة نصر",
        "قناة السويس",
        "جامعة القاهرة",
        "بنك مصر",
        "مجلس الأمن",
        "الشيخ زويد",
        "وكالة الأنباء القطرية",
        "شركة النفط الوطنية",
    ],
)
def test_a_noun_that_the_name_needs_stays(name: str) -> None:
    kind = "LOC" if name in ("مدينة نصر", "الشيخ زويد") else "ORG"
    assert roles(f"في [{kind} {name}] أمس") == [("", name)]


def test_an_unknown_name_gets_rid_of_its_kind_where_it_stands_alone_or_is_listed() -> None:
    text = "أعلنت [ORG شركة زرقوق] أمس."
    assert roles(text) == [("", "شركة زرقوق")]
    assert roles(text, frozenset({"زرقوق"})) == [("شركة", "زرقوق")]
    assert roles(text + " وقالت [ORG زرقوق] إن") == [("شركة", "زرقوق"), ("", "زرقوق")]


def test_a_title_alone_is_no_mention() -> None:
    assert roles("قال [PERS الرئيس] إن") == []


def test_a_title_loses_its_particles() -> None:
    assert bare_title("للرئيس", DEFINITE_TITLES) == "الرئيس"
    assert bare_title("وبالرئيس", DEFINITE_TITLES) == "الرئيس"
    assert bare_title("ووزير", CONSTRUCT_TITLES) == "وزير"
    assert bare_title("وزير", CONSTRUCT_TITLES) == "وزير"
    assert bare_title("كتاب", CONSTRUCT_TITLES) is None
