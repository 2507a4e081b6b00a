"""A filter on a local id goes on working when the entity has got a Wikidata id."""

from __future__ import annotations

import re

from nabaa.filters.filter import Filter
from nabaa.filters.moved_ids import load_moved_ids, read_moved_ids, with_moved
from nabaa.types import Entity, Mention
from tests.support.articles import make_article
from workers.entities.link.catalogue import load_catalogue
from workers.entities.link.resolve import local_id
from workers.subscriptions.index import SavedFilterIndex

OLD, OLDER, NEW = "local:00000000000000aa", "local:00000000000000bb", "Q90001"


def test_an_entity_answers_to_all_ids_that_it_ever_had() -> None:
    moved = read_moved_ids(f"{OLD}\t{NEW}\n{OLDER}\t{NEW}\n")
    assert with_moved([NEW, "Q142"], moved) == {NEW, OLD, OLDER, "Q142"}
    assert with_moved([OLD], moved) == {NEW, OLD, OLDER}


def test_an_id_that_never_moved_stands_for_itself() -> None:
    assert with_moved(["Q142"], read_moved_ids(f"{OLD}\t{NEW}\n")) == {"Q142"}


def test_a_filter_on_the_old_id_of_a_listed_person_finds_the_article() -> None:
    person = next(iter(load_catalogue().lookup("أسامة النجيفي")))
    assert person.id.startswith("Q")
    mention = Mention("title", 0, 13, "أسامة النجيفي")
    article = make_article(
        entities=(Entity(person.id, "PERS", person.name, None, (mention,), 1.0),)
    )
    wanted = Filter(entities=(local_id("PERS", "أسامة النجيفي"),))
    index = SavedFilterIndex({"old": wanted})
    assert index.match(article) == ["old"]


def test_no_shipped_id_moves_twice_and_each_has_the_form_of_an_id() -> None:
    moved = load_moved_ids()
    assert len(moved) > 1000
    for id_ in moved:
        assert re.fullmatch(r"Q[1-9]\d*|local:[0-9a-f]{16}", id_)
