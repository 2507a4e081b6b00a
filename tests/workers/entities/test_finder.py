"""Mentions cut their text exactly; all that names one entity in an article is one entity."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings, strategies as st

from nabaa.types import Entity, EntityType, TextField
from tests.support.entities.name_list import ListedNames
from workers.entities.finder import EntityFinder, EntityInput

NAMES: dict[str, EntityType] = {
    "عمّان": "LOC",
    "سامي الحداد": "PERS",
    "الحداد": "PERS",
    "لسامي الحداد": "PERS",
    "الأمم المتحدة": "ORG",
    "كأس آسيا": "MISC",
    "أميركا": "LOC",
    "الولايات المتحدة": "LOC",
    "نور الخطيب": "PERS",
}
WORDS = [
    *("زار", "عمّان", "سامي", "الحداد", "لسامي", "الأمم", "المتحدة", "الفرنسية", "والأردني"),
    *(".", "،", "\n\n", "«", "»", "3.5", "e\u0301", "الرئيس", "وقال"),
]


@pytest.fixture(scope="module")
def finder() -> EntityFinder:
    return EntityFinder(ListedNames(NAMES))


def entities_of(
    finder: EntityFinder, title: str, body: str = "", country: str = "XX"
) -> list[Entity]:
    texts: dict[TextField, str] = {"title": title, "summary": "", "body_text": body}
    [entities] = finder.find([EntityInput(texts, country)])
    return list(entities)


def test_mentions_of_every_field_become_one_entity(finder: EntityFinder) -> None:
    body = "وصل سامي الحداد.\n\nغادر سامي الحداد عمّان."
    person, place = entities_of(finder, "سامي الحداد في عمّان", body)
    assert (person.type, person.name, place.type) == ("PERS", "سامي الحداد", "LOC")
    assert [(each.field, each.start) for each in person.mentions] == [
        *(("title", 0), ("body_text", 4), ("body_text", 23)),
    ]


def test_a_family_name_joins_the_full_name(finder: EntityFinder) -> None:
    [person] = entities_of(finder, "وصل سامي الحداد", "وتحدث الحداد إلى الحضور.")
    assert [mention.text for mention in person.mentions] == ["سامي الحداد", "الحداد"]


def test_a_particle_is_not_part_of_a_name(finder: EntityFinder) -> None:
    [person] = entities_of(finder, "تكريم لسامي الحداد في الحفل")
    assert [(m.text, m.start) for m in person.mentions] == [("سامي الحداد", 7)]


def test_a_title_stands_beside_its_name(finder: EntityFinder) -> None:
    [person] = entities_of(finder, "استقبل الوزير سامي الحداد الوفد")
    assert [(m.text, m.role) for m in person.mentions] == [("سامي الحداد", "الوزير")]


def test_two_names_of_one_country_are_one_entity(finder: EntityFinder) -> None:
    [country] = entities_of(finder, "أميركا تعلن", "وقالت الولايات المتحدة")
    assert (country.id, country.name_en, country.country) == ("Q30", "United States", "US")


def test_an_adjective_names_its_country(finder: EntityFinder) -> None:
    [country] = entities_of(finder, "افتتاح المدرسة الفرنسية الجديدة")
    assert country.id == "Q142"
    assert [(m.text, m.kind) for m in country.mentions] == [("الفرنسية", "adjective")]


def test_an_unlisted_person_has_a_local_id_that_stays(finder: EntityFinder) -> None:
    [one] = entities_of(finder, "وصلت نور الخطيب", country="EG")
    [other] = entities_of(finder, "غادرت نور الخطيب أمس", country="MA")
    assert one.id == other.id
    assert (one.id[:6], one.confidence) == ("local:", 0.0)


def test_each_article_gets_its_own_entities(finder: EntityFinder) -> None:
    texts: list[dict[TextField, str]] = [{"title": "كأس آسيا"}, {"title": ""}, {"title": "عمّان"}]
    found = finder.find([EntityInput(each, "XX") for each in texts])
    assert [len(entities) for entities in found] == [1, 0, 1]


def test_no_article_needs_no_entity(finder: EntityFinder) -> None:
    assert finder.find([]) == []


articles = st.lists(st.lists(st.sampled_from(WORDS)).map(" ".join), max_size=4)


@given(articles)
@settings(deadline=None, max_examples=80)
def test_every_mention_cuts_exactly_its_text(finder: EntityFinder, texts: list[str]) -> None:
    fields: list[dict[TextField, str]] = [{"title": t, "body_text": f"{t}."} for t in texts]
    for by_field, entities in zip(
        fields, finder.find([EntityInput(each, "XX") for each in fields]), strict=True
    ):
        for entity in entities:
            assert entity.mentions
            for each in entity.mentions:
                assert by_field[each.field][each.start : each.end] == each.text


@given(articles)
@settings(deadline=None, max_examples=80)
def test_no_two_mentions_overlap(finder: EntityFinder, texts: list[str]) -> None:
    fields: list[dict[TextField, str]] = [{"title": t, "body_text": f"{t}."} for t in texts]
    for entities in finder.find([EntityInput(each, "XX") for each in fields]):
        places = sorted((m.field, m.start, m.end) for entity in entities for m in entity.mentions)
        for (field, _, end), (next_field, start, _) in itertools.pairwise(places):
            assert field != next_field or end <= start


@given(articles)
@settings(deadline=None, max_examples=100)
def test_an_id_occurs_once_in_an_article(finder: EntityFinder, texts: list[str]) -> None:
    for entities in finder.find([EntityInput({"title": t}, "XX") for t in texts]):
        ids = [entity.id for entity in entities]
        assert len(ids) == len(set(ids))


def test_an_institution_is_one_entity_with_its_country_however_it_is_spelt(
    finder: EntityFinder,
) -> None:
    one = entities_of(finder, "وزارة العدل الأميركية", "قالت وزارة العدل إن القرار نهائي.")
    other = entities_of(finder, "وزارة العدل الأمريكية")
    assert [(each.type, each.country) for each in one] == [("ORG", "US")]
    assert [mention.text for mention in one[0].mentions] == ["وزارة العدل الأميركية", "وزارة العدل"]
    assert one[0].id == other[0].id


def test_the_same_ministry_of_two_countries_is_two_entities(finder: EntityFinder) -> None:
    found = entities_of(finder, "", "اتفقت وزارة النقل التركية مع وزارة النقل العراقية.")
    assert [each.country for each in found] == ["TR", "IQ"]
    assert found[0].id != found[1].id


def test_a_ministry_of_no_country_is_not_that_of_the_one_listed(finder: EntityFinder) -> None:
    [ministry] = entities_of(finder, "قالت وزارة الدفاع إن الهدنة بدأت")
    assert (ministry.id.partition(":")[0], ministry.country) == ("local", "")
    [of_outlet] = entities_of(finder, "قالت وزارة الدفاع إن الهدنة بدأت", country="SA")
    assert of_outlet.country == "SA"
