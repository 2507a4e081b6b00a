"""When the lists are compiled anew, the local ids that they replace are written down."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from training.names.compile import pack
from training.names.moved_ids import moved, read_moved, write_moved
from training.names.sources import ListedEntity
from workers.entities.link.catalogue import Catalogue
from workers.entities.link.resolve import local_id

PERSON = ListedEntity("", "PERS", ("طارق الريحان", "طارق ريحان"), "Tariq", "TN", 1.0)


def catalogue(*entities: ListedEntity) -> Catalogue:
    return Catalogue(pack(entities, {}), "test")


def with_id(entity: ListedEntity, id_: str = "") -> ListedEntity:
    return replace(entity, id=id_ or local_id(entity.type, entity.names[0]))


def test_a_listed_entity_that_gets_a_wikidata_id_moves() -> None:
    old = with_id(PERSON)
    assert moved(catalogue(old), [with_id(PERSON, "Q9100")], {}) == {old.id: "Q9100"}


def test_a_name_that_no_list_had_moves_from_the_id_of_its_spellings() -> None:
    moves = moved(catalogue(), [with_id(PERSON, "Q9100")], {})
    assert moves == {local_id("PERS", name): "Q9100" for name in PERSON.names}


def test_an_institution_moves_from_the_id_that_its_country_gave_it() -> None:
    country = ListedEntity("Q9200", "LOC", ("موريتانيا",), "Mauritania", "MR", 100.0)
    before = Catalogue(pack([country], {"موريتاني": "Q9200"}), "test")
    new = with_id(ListedEntity("", "ORG", ("نقابة الأطباء الموريتانية",), "Doctors", "MR", 1.0))
    assert moved(before, [new], {})[local_id("ORG", "نقابة الأطباء", "MR")] == new.id


def test_an_entity_whose_class_changes_moves() -> None:
    old = with_id(PERSON)
    new = with_id(replace(PERSON, type="ORG"))
    assert moved(catalogue(old), [new], {})[old.id] == new.id


def test_a_wikidata_id_that_nothing_supports_moves_to_the_local_one() -> None:
    new = with_id(PERSON)
    assert moved(catalogue(with_id(PERSON, "Q9100")), [new], {})["Q9100"] == new.id


def test_a_name_of_two_entities_moves_nothing() -> None:
    two = [with_id(PERSON, "Q9100"), with_id(replace(PERSON, country="LB"), "Q9101")]
    assert moved(catalogue(), two, {}) == {}


def test_a_family_name_alone_moves_nothing() -> None:
    alone = replace(PERSON, names=("الريحان",))
    assert moved(catalogue(), [with_id(alone, "Q9100")], {}) == {}


def test_earlier_moves_stay_and_lead_to_the_id_of_today() -> None:
    old = with_id(PERSON)
    known = {"local:00000000000000aa": old.id, "local:00000000000000bb": "Q5"}
    moves = moved(catalogue(old), [with_id(PERSON, "Q9100")], known)
    assert moves == {
        old.id: "Q9100",
        "local:00000000000000aa": "Q9100",
        "local:00000000000000bb": "Q5",
    }


def test_the_file_reads_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "moved.tsv"
    assert read_moved(path) == {}
    write_moved({"local:bb": "Q2", "local:aa": "Q1"}, path)
    assert path.read_text(encoding="utf-8") == "local:aa\tQ1\nlocal:bb\tQ2\n"
    assert read_moved(path) == {"local:aa": "Q1", "local:bb": "Q2"}
