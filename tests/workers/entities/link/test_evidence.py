"""The countries that an article names decide between places of one name."""

from __future__ import annotations

import pytest

from nabaa.types import Entity, EntityType
from tests.support.entities.name_list import ListedNames
from workers.entities.finder import EntityFinder, EntityInput

NAMES: dict[str, EntityType] = {
    "القنيطرة": "LOC",
    "لبنان": "LOC",
    "المغرب": "LOC",
    "طرابلس": "LOC",
    "المنصورة": "LOC",
    "المرج": "LOC",
    "الرقة": "LOC",
    "عبد الله الثاني": "PERS",
    "عمان": "LOC",
}


@pytest.fixture(scope="module")
def finder() -> EntityFinder:
    return EntityFinder(ListedNames(NAMES))


def place(finder: EntityFinder, text: str, name: str, country: str = "XX") -> Entity:
    [entities] = finder.find([EntityInput({"body_text": text}, country)])
    return next(e for e in entities if any(m.text == name for m in e.mentions))


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("انفجار في القنيطرة في جنوب سوريا.", "القنيطرة", "SY"),
        ("انفجار في القنيطرة في المغرب.", "القنيطرة", "MA"),
        ("اشتباك في طرابلس شمالي لبنان.", "طرابلس", "LB"),
        ("اشتباك في طرابلس الليبية.", "طرابلس", "LY"),
        ("وصل عبد الله الثاني إلى عمان.", "عمان", "JO"),
    ],
)
def test_a_country_of_the_same_sentence_decides(
    finder: EntityFinder, text: str, name: str, country: str
) -> None:
    assert place(finder, text, name).country == country


def test_the_sentence_counts_more_than_the_outlet(finder: EntityFinder) -> None:
    assert place(finder, "انفجار في طرابلس شمالي لبنان.", "طرابلس", "LY").country == "LB"


def test_a_small_place_of_another_continent_does_not_win_by_being_alone(
    finder: EntityFinder,
) -> None:
    found = place(finder, "قصف على بلدة المرج في ريف دمشق السورية.", "المرج")
    assert found.id.startswith("local:")


def test_a_place_has_its_coordinates(finder: EntityFinder) -> None:
    geo = place(finder, "اشتباك في طرابلس شمالي لبنان.", "طرابلس").geo
    assert geo is not None
    assert (round(geo.latitude), round(geo.longitude)) == (34, 36)
