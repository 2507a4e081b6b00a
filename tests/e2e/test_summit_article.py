"""A summit in Versailles as a newspaper would tell it: who was there, of which country, who spoke.

The shipped recogniser reads it: this is what a subscriber gets.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nabaa.types import Article, Entity, Mention, Quote
from workers.entities.recognise.choice import load_recogniser
from workers.pipeline import ArticleMaker

TITLE = "ماكرون يستقبل ميركل وبوتين في قصر فرساي"
BODY = (
    "استقبل الرئيس الفرنسي إيمانويل ماكرون اليوم الاثنين في فرساي قرب باريس المستشارة الألمانية "
    "أنغيلا ميركل والرئيس الروسي فلاديمير بوتين، في قمة خصصت لبحث الأزمة السورية.\n\n"
    "وقال ماكرون في مؤتمر صحفي: «لن نقبل بأن يبقى ملايين اللاجئين بلا أمل في العودة». "
    "وأكد بوتين أن موسكو مستعدة للعمل مع جميع الأطراف.\n\n"
    "من جهتها شددت ميركل على أن ألمانيا ستواصل دعم اللاجئين في لبنان والأردن.\n\n"
    "وأضاف الرئيس الفرنسي «سنعود إلى هذه الطاولة قبل نهاية العام»."
)


@pytest.fixture(scope="module")
def article() -> Article:
    maker = ArticleMaker(load_recogniser("crf"))
    return maker.make_plain(TITLE, BODY, datetime(2026, 3, 1, tzinfo=UTC))


def persons(article: Article) -> dict[str, Entity]:
    return {entity.name: entity for entity in article.entities if entity.type == "PERS"}


def test_every_person_is_named_once_by_the_full_name(article: Article) -> None:
    assert set(persons(article)) == {"إيمانويل ماكرون", "أنغيلا ميركل", "فلاديمير بوتين"}


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("إيمانويل ماكرون", {"ماكرون", "إيمانويل ماكرون"}),
        ("أنغيلا ميركل", {"ميركل", "أنغيلا ميركل"}),
        ("فلاديمير بوتين", {"بوتين", "فلاديمير بوتين"}),
    ],
)
def test_short_forms_and_particles_join_the_person(
    article: Article, name: str, texts: set[str]
) -> None:
    assert {mention.text for mention in persons(article)[name].mentions} == texts


def test_titles_stand_beside_the_names(article: Article) -> None:
    roles = {mention.role for entity in persons(article).values() for mention in entity.mentions}
    assert {"الرئيس الفرنسي", "المستشارة الألمانية", "الرئيس الروسي"} <= roles


def test_countries_are_found_through_their_adjectives(article: Article) -> None:
    adjectives = {
        entity.country
        for entity in article.entities
        if any(mention.kind == "adjective" for mention in entity.mentions)
    }
    assert adjectives == {"FR", "DE", "RU", "SY"}


def test_places_are_linked(article: Article) -> None:
    names = {entity.name_en for entity in article.entities if entity.id.startswith("Q")}
    assert {"Paris", "Versailles", "Lebanon", "Jordan", "Germany", "Moscow"} <= names


@pytest.mark.parametrize(
    ("opening", "speaker"),
    [
        ("لن نقبل بأن يبقى", "إيمانويل ماكرون"),
        ("موسكو مستعدة", "فلاديمير بوتين"),
        ("ألمانيا ستواصل", "أنغيلا ميركل"),
        ("سنعود إلى هذه الطاولة", "إيمانويل ماكرون"),
    ],
)
def test_each_quotation_has_its_speaker(article: Article, opening: str, speaker: str) -> None:
    names = {entity.id: entity.name for entity in article.entities}
    [quote] = [quote for quote in article.quotes if quote.text.startswith(opening)]
    assert quote.speaker is not None
    assert names[quote.speaker] == speaker


def test_there_are_no_other_quotations(article: Article) -> None:
    assert len(article.quotes) == 4


def test_all_offsets_cut_exactly(article: Article) -> None:
    pieces: list[Quote | Mention] = [
        *article.quotes,
        *(m for entity in article.entities for m in entity.mentions),
    ]
    assert all(getattr(article, p.field)[p.start : p.end] == p.text for p in pieces)
