"""What a recogniser marks is completed and corrected by the product's guideline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import pytest
from hypothesis import given, settings, strategies as st

from nabaa.types import EntityType
from workers.entities.guideline.product import ProductRecogniser
from workers.entities.link.catalogue import load_catalogue
from workers.entities.mentions.name_words import NameWords
from workers.model import Span

NAMES = NameWords({"سمير": 60, "حكيم": 60, "هدى": 60, "محمود": 90, "فارس": 60, "قيس": 40})


WORDS = [
    "قال",
    "حماس",
    "وفتح",
    "#",
    "#_",
    "و",
    "ل",
    '"',
    "المغرب",
    "وزارة",
    "أبي",
    "بن",
    ".",
    "3",
    "أ.د",
]


class Marked:
    """Marks given words as names, wherever they stand."""

    name = "marked"

    def __init__(self) -> None:
        self._marked: dict[tuple[str, ...], EntityType] = {}

    def mark(self, marked: Mapping[str, EntityType]) -> None:
        self._marked = {tuple(words.split()): kind for words, kind in marked.items()}

    def recognise(self, sentences: Sequence[Sequence[str]]) -> list[list[Span]]:
        return [self._find(list(sentence)) for sentence in sentences]

    def _find(self, words: list[str]) -> list[Span]:
        spans: list[Span] = []
        i = 0
        while i < len(words):
            length = next((len(n) for n in self._marked if tuple(words[i : i + len(n)]) == n), 0)
            if length:
                kind = self._marked[tuple(words[i : i + length])]
                spans.append(Span(i, i + length, kind))
            i += length or 1
        return spans


MARKED = Marked()


@cache
def product() -> ProductRecogniser:
    """Return the product over `MARKED`; to build it takes longer than any test."""
    return ProductRecogniser(MARKED, load_catalogue(), NAMES)


def found(text: str, marked: Mapping[str, EntityType] | None = None) -> list[tuple[str, str]]:
    MARKED.mark(marked or {})
    sentences = [sentence.split() for sentence in text.split(" . ")]
    return [
        (" ".join(words[span.start : span.end]), span.type)
        for words, spans in zip(sentences, product().recognise(sentences), strict=True)
        for span in spans
    ]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("فاز باريس سان جيرمان أمس", "باريس سان جيرمان", "ORG"),
        ("دخلت الشاحنات قطاع غزة صباحا", "قطاع غزة", "LOC"),
        ("عبرت السفينة باب المندب ليلا", "باب المندب", "LOC"),
        ("قال المرصد السوري لحقوق الإنسان ذلك", "المرصد السوري لحقوق الإنسان", "ORG"),
        ("حظرت تيك توك أمس", "تيك توك", "ORG"),
        ("قالت أ.ف.ب إن", "أ.ف.ب", "ORG"),
        ("أعلنت د ب أ ذلك", "د ب أ", "ORG"),
        ("وسم #السعودية يتصدر", "#السعودية", "LOC"),
        ("وسم #محمد_صلاح يتصدر", "#محمد_صلاح", "PERS"),
        ("أطلقت OpenAI نموذجا", "OpenAI", "ORG"),
        ("زار الملك بن سلمان", "", ""),
        ("خفضت أوبك + الإنتاج", "أوبك +", "ORG"),
    ],
)
def test_a_listed_name_needs_no_recogniser(text: str, name: str, kind: str) -> None:
    assert found(text) == ([(name, kind)] if name else [])


def test_a_name_that_was_cut_in_two_is_one() -> None:
    marked: dict[str, EntityType] = {"باريس": "LOC", "سان جيرمان": "ORG"}
    assert found("فاز باريس سان جيرمان", marked) == [("باريس سان جيرمان", "ORG")]


def test_a_listed_name_inside_a_longer_one_stays_unmarked() -> None:
    marked: dict[str, EntityType] = {"شارع الأمم المتحدة": "LOC"}
    assert found("في شارع الأمم المتحدة", marked) == [("شارع الأمم المتحدة", "LOC")]


def test_a_word_of_the_language_is_a_name_beside_its_kind_only() -> None:
    assert found("ذكرت صحيفة الأخبار أن") == [("صحيفة الأخبار", "ORG")]
    assert found("ذكرت الأخبار أن") == []
    assert found("دخل الجيش مدينة الأبيض أمس") == [("مدينة الأبيض", "LOC")]
    assert found("لبس القميص الأبيض أمس") == []
    assert found("نشره على إكس أمس") == [("إكس", "ORG")]


def test_a_newspaper_in_marks_is_no_region() -> None:
    assert found('قال ل " الشرق الأوسط " إن') == [("الشرق الأوسط", "ORG")]
    assert found("السلام في الشرق الأوسط بعيد") == [("الشرق الأوسط", "LOC")]


@pytest.mark.parametrize(
    ("text", "name"), [("دخلوا مدينة غوغا أمس", "غوغا"), ("قرب قرية سمير الحلو", "سمير الحلو")]
)
def test_the_noun_before_a_town_says_that_it_is_no_person(text: str, name: str) -> None:
    assert found(text, {name: "PERS"}) == [(name, "LOC")]


@pytest.mark.parametrize(
    "text",
    [
        "تالا يهزم برشلونة",
        "فاز برشلونة على تالا بهدف",
        "هزم تالا ضيفه برشلونة بهدفين",
    ],
)
def test_a_town_that_plays_is_its_club(text: str) -> None:
    assert ("تالا", "ORG") in found(text, {"تالا": "LOC", "برشلونة": "ORG"})


@pytest.mark.parametrize("text", ["فاز برشلونة بهدف في تالا", "عاد برشلونة إلى تالا بعد المباراة"])
def test_a_town_where_a_club_plays_is_a_town(text: str) -> None:
    assert ("تالا", "LOC") in found(text, {"تالا": "LOC", "برشلونة": "ORG"})


def test_a_state_that_plays_stays_a_state() -> None:
    assert ("قطر", "LOC") in found("تغلب قطر على برشلونة بهدف", {"برشلونة": "ORG", "قطر": "LOC"})


def test_the_head_of_an_institution_is_no_person() -> None:
    marked: dict[str, EntityType] = {"أمين الأمم المتحدة": "PERS"}
    assert found("ندد أمين الأمم المتحدة أمس", marked) == [("الأمم المتحدة", "ORG")]


def test_two_organisations_joined_by_and_are_two() -> None:
    marked: dict[str, EntityType] = {"اليونسكو واليونيسف": "ORG"}
    expected = [("اليونسكو", "ORG"), ("واليونيسف", "ORG")]
    assert found("قالت اليونسكو واليونيسف إن", marked) == expected
    assert found("اتهمت حماس وفتح الجميع") == [("حماس", "ORG"), ("وفتح", "ORG")]


def test_a_person_after_an_organisation_that_letters_spell_is_parted_from_it() -> None:
    marked: dict[str, EntityType] = {"تي كيو إكس سمير بلوط": "ORG"}
    assert found("قال المحلل في تي كيو إكس سمير بلوط أمس", marked) == [
        ("تي كيو إكس", "ORG"),
        ("سمير بلوط", "PERS"),
    ]
    in_marks = "شركة الأزياء « تي كيو إكس سمير بلوط » أمس"
    assert found(in_marks, marked) == [("تي كيو إكس سمير بلوط", "ORG")]


def test_two_listed_organisations_taken_for_one_person_are_two() -> None:
    marked = "يوتيوب وإنستغرام"
    assert found(f"نشر على {marked} أمس", {marked: "PERS"}) == [
        ("يوتيوب", "ORG"),
        ("وإنستغرام", "ORG"),
    ]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("بلغ السعر 9 دولارات", {"دولارات": "MISC"}),
        ("الحمد لله وحده", {"لله": "MISC"}),
        ("كان أبي يعمل", {"أبي يعمل": "PERS"}),
        ("قال لي جدي ذلك", {"لي جدي": "PERS"}),
        ("رفع أذان المغرب هنا", {"المغرب": "LOC"}),
        ("الشيخ حفظه الله", {"حفظه الله": "PERS"}),
        ("قال مستشارو الوزارة", {"مستشارو": "PERS"}),
        ("استقبل سعادته الوفد", {"سعادته": "PERS"}),
        ("نسأل المولى عز وجل", {"المولى عز": "PERS"}),
    ],
)
def test_a_word_that_is_no_name_is_left_out(text: str, marked: dict[str, EntityType]) -> None:
    assert found(text, marked) == []


def test_the_state_is_not_the_prayer() -> None:
    assert found("وصل إلى المغرب أمس", {"المغرب": "LOC"}) == [("المغرب", "LOC")]


def test_the_preposition_is_no_given_name() -> None:
    assert found("كتب على يوتيوب أن", {"على يوتيوب": "PERS"}) == [("يوتيوب", "ORG")]


@pytest.mark.parametrize(
    ("text", "span", "names"),
    [
        ("التقى ماكرون محمود عباس", "ماكرون محمود عباس", ["ماكرون", "محمود عباس"]),
        ("هاتف بوتين ترامب", "بوتين ترامب", ["بوتين", "ترامب"]),
        ("استقبل قيس سعيد نواف سلام", "قيس سعيد نواف سلام", ["قيس سعيد", "نواف سلام"]),
        ("زار محمد بن سلمان بن عبد العزيز", "محمد بن سلمان بن عبد العزيز", None),
        ("قال أ.د سمير الحلو", "أ.د سمير الحلو", ["سمير الحلو"]),
        ("حضر سمير الحلو ليوتيوب", "سمير الحلو ليوتيوب", ["سمير الحلو", "ليوتيوب"]),
        ("ناصرت الحلو أمس", "ناصرت الحلو", ["الحلو"]),
        ("هنا مسقط رأس سمير الحلو", "رأس سمير الحلو", ["سمير الحلو"]),
        ("أقام فتح الله الحلو هناك", "الله الحلو", ["فتح الله الحلو"]),
    ],
)
def test_a_persons_span_holds_one_person(text: str, span: str, names: list[str] | None) -> None:
    assert [name for name, _ in found(text, {span: "PERS"})] == (names or [span])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("قال وزير النقل كامل البيضاوي إن الجسر آمن", "كامل البيضاوي"),
        ("وأكد المهندس سمير غطاس أن الجسر آمن", "سمير غطاس"),
        ("قالت هدى مرشاق إن الجسر آمن", "هدى مرشاق"),
    ],
)
def test_a_name_between_a_verb_of_saying_and_its_clause_needs_no_recogniser(
    text: str, name: str
) -> None:
    assert found(text) == [(name, "PERS")]


@pytest.mark.parametrize(
    "text",
    [
        "قال مصدر مطلع إن الجسر آمن",
        "قال مسؤول كبير إن الجسر آمن",
        "كان سمير غطاس هنا",
        "شددت على ضرورة أن يبقى",
    ],
)
def test_other_words_there_are_no_name(text: str) -> None:
    assert found(text) == []


def test_a_place_called_after_a_person_is_a_place() -> None:
    assert found("في شارع سمير الحلو", {"سمير الحلو": "PERS"}) == [("شارع سمير الحلو", "LOC")]


def test_a_family_name_that_is_an_adjective_of_a_country_belongs_to_the_name() -> None:
    text = "سجل حكيم التونسي هدفا . وخرج التونسي مصابا . واحتج المدرب التونسي"
    expected = [("حكيم التونسي", "PERS"), ("التونسي", "PERS")]
    assert found(text, {"حكيم": "PERS"}) == expected


def test_the_country_of_a_known_person_is_no_family_name() -> None:
    assert found("سجل رونالدو البرتغالي هدفا", {"رونالدو": "PERS"}) == [("رونالدو", "PERS")]


def test_an_elongated_word_is_read_as_it_is_meant() -> None:
    assert found("هدف جديد صلاااح", {"صلاح": "PERS"}) == [("صلاااح", "PERS")]


@given(st.lists(st.sampled_from(WORDS)))
@settings(max_examples=150, deadline=None)
def test_spans_never_overlap_whatever_the_words(words: list[str]) -> None:
    MARKED.mark({"أبي": "PERS", "المغرب": "LOC"})
    [spans] = product().recognise([words])
    bounds = [place for span in spans for place in (span.start, span.end)]
    assert bounds == sorted(bounds)
    assert all(span.start < span.end <= len(words) for span in spans)
