"""Mentions cut their text exactly, and the mentions of one name are one entity."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from tests.workers.names import ListedNames
from workers.entities import find_entities, group, local_id
from workers.types import EntityType, Mention, TextField

NAMES: dict[str, EntityType] = {
    "عمّان": "LOC",
    "سامي الحداد": "PERS",
    "الأمم المتحدة": "ORG",
    "الامم المتحدة": "ORG",
    "كأس آسيا": "MISC",
}
WORDS = [
    "زار",
    "عمّان",
    "سامي",
    "الحداد",
    "الأمم",
    "المتحدة",
    ".",
    "،",
    "\n\n",
    "«",
    "»",
    "3.5",
    "e\u0301",
]


def mention(text: str, start: int = 0, field: TextField = "title") -> Mention:
    return Mention(field, start, start + len(text), text)


def test_mentions_of_every_field_become_one_entity() -> None:
    texts: dict[TextField, str] = {
        "title": "سامي الحداد في عمّان",
        "summary": "",
        "body_text": "وصل سامي الحداد.\n\nغادر سامي الحداد عمّان.",
    }
    [entities] = find_entities([texts], ListedNames(NAMES))
    assert [(entity.type, entity.name) for entity in entities] == [
        ("PERS", "سامي الحداد"),
        ("LOC", "عمّان"),
    ]
    assert [(each.field, each.start) for each in entities[0].mentions] == [
        *(("title", 0), ("body_text", 4), ("body_text", 23)),
    ]


def test_each_article_gets_its_own_entities() -> None:
    texts: list[dict[TextField, str]] = [{"title": "كأس آسيا"}, {"title": ""}, {"title": "عمّان"}]
    found = find_entities(texts, ListedNames(NAMES))
    assert [[entity.name for entity in entities] for entities in found] == [
        *(["كأس آسيا"], [], ["عمّان"]),
    ]


def test_no_article_needs_no_entity() -> None:
    assert find_entities([], ListedNames(NAMES)) == []


@given(st.lists(st.lists(st.sampled_from(WORDS)).map(" ".join), max_size=4))
@settings(deadline=None, max_examples=150)
def test_every_mention_cuts_exactly_its_text(texts: list[str]) -> None:
    fields: list[dict[TextField, str]] = [
        {"title": text, "body_text": f"{text}."} for text in texts
    ]
    found = find_entities(fields, ListedNames(NAMES))
    for by_field, entities in zip(fields, found, strict=True):
        for entity in entities:
            assert entity.mentions
            for each in entity.mentions:
                assert by_field[each.field][each.start : each.end] == each.text


@pytest.mark.parametrize(
    ("one", "other"),
    [("الأمم المتحدة", "الامم المتحدة"), ("عمّان", "عمان"), ("مكة", "مكه"), ("ليلى", "ليلي")],
)
def test_spellings_of_a_name_are_one_entity_under_its_first_spelling(one: str, other: str) -> None:
    [entity] = group([("ORG", mention(one)), ("ORG", mention(other, 50))])
    assert entity.name == one
    assert [each.text for each in entity.mentions] == [one, other]


def test_a_name_of_two_classes_is_two_entities() -> None:
    entities = group([("LOC", mention("الأردن")), ("ORG", mention("الأردن", 30))])
    assert [entity.type for entity in entities] == ["LOC", "ORG"]
    assert entities[0].id != entities[1].id


def test_a_name_is_one_line_where_its_mention_is_not() -> None:
    [entity] = group([("PERS", mention("سامي\n الحداد"))])
    assert (entity.name, entity.mentions[0].text) == ("سامي الحداد", "سامي\n الحداد")


def test_a_mention_that_is_nothing_but_marks_is_no_entity() -> None:
    assert group([("MISC", mention("\u064b"))]) == ()


def test_the_id_of_a_name_is_the_same_in_every_version() -> None:
    assert local_id("LOC", "عمان") == "local:837d3bd8b980675f"
