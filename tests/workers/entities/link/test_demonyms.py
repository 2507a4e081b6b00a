from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from workers.entities.link.catalogue import load_catalogue
from workers.entities.link.demonyms import Demonyms
from workers.text.tokenise import tokenise


@pytest.fixture(scope="module")
def demonyms() -> Demonyms:
    return Demonyms(load_catalogue())


def found(demonyms: Demonyms, text: str, names: str = "") -> list[tuple[str, str]]:
    """Words and ids of the demonyms of a sentence; words of `names` stand inside names."""
    tokens = tokenise(text)
    taken = [token.text in names.split() for token in tokens]
    return [
        (text[each.start : each.end], each.country.id)
        for each in demonyms.find(tokens, taken.__getitem__)
    ]


@pytest.mark.parametrize(
    ("word", "bare", "id_"),
    [
        ("السوري", "السوري", "Q858"),
        ("السورية", "السورية", "Q858"),
        ("السوريون", "السوريون", "Q858"),
        ("السوريين", "السوريين", "Q858"),
        ("فرنسي", "فرنسي", "Q142"),
        ("الفرنسيتين", "الفرنسيتين", "Q142"),
        ("أميركي", "أميركي", "Q30"),
        ("الأمريكيات", "الأمريكيات", "Q30"),
        ("والألمان", "الألمان", "Q183"),
        ("بالمغاربة", "المغاربة", "Q1028"),
        ("كالروس", "الروس", "Q159"),
        ("للأتراك", "للأتراك", "Q43"),
        ("الإسرائيلي", "الإسرائيلي", "Q801"),
        ("المصرى", "المصرى", "Q79"),
        ("العُماني", "العُماني", "Q842"),
        ("برازيلي", "برازيلي", "Q155"),
        ("نيجيري", "نيجيري", "Q1033"),
        ("نيجري", "نيجري", "Q1032"),
        ("هندي", "هندي", "Q668"),
        ("الصومالي", "الصومالي", "Q1045"),
        ("الأوروبي", "الأوروبي", "Q46"),
        ("فرنسيًا", "فرنسيًا", "Q142"),
    ],
)
def test_a_demonym_names_its_country(word: str, bare: str, id_: str, demonyms: Demonyms) -> None:
    assert found(demonyms, f"زار {word} المدينة") == [(bare, id_)]


@pytest.mark.parametrize(
    "text",
    [
        "اجتمع الوزراء العرب في مؤتمر عربي",
        "الوفد الكوري وحده",
        "لاعب كونغوي",
        "لاعب غيني",
        "رئيس دومينيكي",
        "الدعم المالي والمالية",
        "اليد اليمنى",
        "مجرى النهر",
        "تعلم اللغة الفرنسية",
        "تحدث بالفرنسية",
        "المحيط الهندي",
        "فيلم أميركي لاتيني",
        "منتجات الألبان",
        "زار جيبوتي",
        "لاتيني",
    ],
)
def test_what_names_no_country_or_leaves_it_open_is_passed_over(
    text: str, demonyms: Demonyms
) -> None:
    assert found(demonyms, text) == []


def test_a_family_name_is_no_demonym(demonyms: Demonyms) -> None:
    assert found(demonyms, "قال علي المصري", names="علي المصري") == []


@pytest.mark.parametrize(
    ("text", "words", "id_"),
    [
        ("الوفد الكوري الجنوبي وصل", "الكوري الجنوبي", "Q884"),
        ("القوات الكورية الشمالية", "الكورية الشمالية", "Q423"),
        ("مسؤولين كوريين شماليين", "كوريين شماليين", "Q423"),
        ("لاعب جنوب أفريقي", "جنوب أفريقي", "Q258"),
    ],
)
def test_demonyms_of_two_words_are_one_mention(
    text: str, words: str, id_: str, demonyms: Demonyms
) -> None:
    assert found(demonyms, text) == [(words, id_)]


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.sampled_from(("الكوري", "الجنوبي", "جنوب", "أفريقي", "والفرنسية", "ب", "، ", "للروس"))
        | st.text(max_size=8),
        max_size=12,
    )
)
def test_mentions_lie_in_the_text_in_order_and_apart(demonyms: Demonyms, words: list[str]) -> None:
    tokens = tokenise(" ".join(words))
    places = [(each.start, each.end) for each in demonyms.find(tokens, lambda _: False)]
    assert all(start < end for start, end in places)
    assert all(one[1] <= two[0] for one, two in pairwise(places))
