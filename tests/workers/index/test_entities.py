"""What the archive knows of entities, quotations, places and trends, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nabaa.errors import NotFoundError
from nabaa.filters.filter import Filter
from nabaa.filters.moved_ids import load_todays_ids
from nabaa.types import Geo
from tests.support.archived import NOW, named, news, said, store
from workers.index.database import Archive
from workers.index.entities import count_entity, find_entities, view_entity
from workers.index.model import EntityView, Question, QuotationQuestion, Span, Spelling
from workers.index.quotations import find_quotations
from workers.index.search import search
from workers.index.trends import count_places, read_trends

SUDAN = named("Q1049", "السودان", "LOC", geo=Geo(15.6, 32.5), country="SD")
EGYPT = named("Q79", "مصر", "LOC", geo=Geo(26.0, 30.0), country="EG")
MINISTER = named("Q1", "سامي حداد", written=("سامي حداد", "حداد"))
DAY = timedelta(days=1)


def view(archive: Archive, entity_id: str) -> EntityView:
    with archive.reading() as connection:
        return view_entity(connection, entity_id, NOW)


def quotations(archive: Archive, text: str = "", **changes: object) -> list[str]:
    with archive.reading() as connection:
        question = QuotationQuestion(text, **changes)  # type: ignore[arg-type]
        return [each.quote.text for each in find_quotations(connection, question)]


def test_the_page_of_an_entity_shows_all_of_it(archive: Archive) -> None:
    store(
        archive,
        news(1, entities=[SUDAN, EGYPT], hours_ago=1),
        news(2, entities=[SUDAN, MINISTER], hours_ago=26, quotes=(said("لن نتراجع", "Q1049"),)),
        news(3, entities=[named("Q1049", "السودان", "LOC", written=("سودان",)), EGYPT],
             hours_ago=24 * 40),
        news(4, entities=[EGYPT]),
    )  # fmt: skip
    found = view(archive, "Q1049")
    assert (found.entity.name, found.entity.type, found.articles) == ("السودان", "LOC", 3)
    assert found.spellings == (Spelling("السودان", 2), Spelling("سودان", 1))
    assert [(each.entity.id, each.articles) for each in found.named_with] == [("Q79", 2), ("Q1", 1)]
    assert [each.quote.text for each in found.quotations] == ["لن نتراجع"]
    assert [article.uri[-1] for article in found.newest] == ["1", "2", "3"]
    assert (len(found.hours), sum(each.articles for each in found.hours)) == (48, 2)
    assert [each.articles for each in found.days][-2:] == [1, 1]


def test_an_entity_that_no_article_names_is_told(archive: Archive) -> None:
    with pytest.raises(NotFoundError, match="Q5"):
        view(archive, "Q5")


def test_an_entity_is_found_by_any_spelling_of_its_name(archive: Archive) -> None:
    store(archive, news(1, entities=[MINISTER]), news(2, entities=[MINISTER, SUDAN]))
    with archive.reading() as connection:
        found = {name: find_entities(connection, name) for name in ("حَدّاد", "سامي حداد", "سامي")}
    assert {name: [(e.entity.id, e.articles) for e in each] for name, each in found.items()} == {
        "حَدّاد": [("Q1", 2)],
        "سامي حداد": [("Q1", 2)],
        "سامي": [],
    }


def test_the_name_of_an_entity_is_that_of_the_last_article(archive: Archive) -> None:
    store(archive, news(1, entities=[named("Q1", "حداد")]))
    store(archive, news(2, entities=[named("Q1", "سامي حداد", country="LB")]))
    assert (view(archive, "Q1").entity.name, view(archive, "Q1").entity.country) == (
        "سامي حداد",
        "LB",
    )


def test_articles_that_name_an_entity_are_counted_by_month(archive: Archive) -> None:
    store(archive, *(news(h, entities=[SUDAN], hours_ago=h) for h in (1, 2, 24 * 75)))
    with archive.reading() as connection:
        months = count_entity(connection, "Q1049", "month", Span())
    assert [(each.start.month, each.articles) for each in months] == [(9, 1), (10, 0), (11, 2)]


def test_quotations_are_found_by_speaker_and_words(archive: Archive) -> None:
    store(
        archive,
        news(1, entities=[MINISTER, SUDAN], hours_ago=2,
             quotes=(said("الهدنة صامدة", "Q1"), said("لا هدنة", "Q1049"), said("هدنة", None))),
        news(2, entities=[MINISTER], hours_ago=1, quotes=(said("لن نتراجع", "Q1"),)),
        news(3, "هدنة", hours_ago=3),
    )  # fmt: skip
    assert quotations(archive) == ["لن نتراجع", "الهدنة صامدة", "لا هدنة", "هدنة"]
    assert quotations(archive, speakers=("Q1",)) == ["لن نتراجع", "الهدنة صامدة"]
    assert quotations(archive, "هدنة", speakers=("Q1", "Q1049")) == ["الهدنة صامدة", "لا هدنة"]
    assert quotations(archive, "هدنة", limit=2) == ["الهدنة صامدة", "لا هدنة"]
    assert quotations(archive, "هدنة", limit=2, offset=2) == ["هدنة"]
    assert quotations(archive, span=Span(until=NOW - timedelta(hours=1.5)), limit=1) == [
        "الهدنة صامدة"
    ]


def test_a_quotation_says_who_said_it_and_where(archive: Archive) -> None:
    article = news(1, entities=[MINISTER], quotes=(said("الهدنة صامدة", "Q1"),))
    store(archive, article)
    with archive.reading() as connection:
        (found,) = find_quotations(connection, QuotationQuestion("هدنة"))
    assert found.speaker is not None
    assert (found.speaker.name, found.article) == ("سامي حداد", article)
    assert [found.marked.text[a:b] for a, b in found.marked.marks] == ["الهدنة"]


def test_places_are_counted_for_a_map(archive: Archive) -> None:
    store(archive, news(1, entities=[SUDAN, EGYPT]), news(2, entities=[SUDAN, MINISTER]),
          news(3, entities=[EGYPT], hours_ago=50))  # fmt: skip
    with archive.reading() as connection:
        found = count_places(connection, Span(since=NOW - DAY))
    assert [(each.entity.name, each.articles, each.entity.geo) for each in found] == [
        ("السودان", 2, Geo(15.6, 32.5)),
        ("مصر", 1, Geo(26.0, 30.0)),
    ]


def test_trends_compare_a_span_with_the_one_before(archive: Archive) -> None:
    store(archive, *(news(h, entities=[SUDAN], hours_ago=h) for h in (1, 2, 30)))
    store(archive, news(90, entities=[EGYPT, SUDAN], hours_ago=3))
    with archive.reading() as connection:
        short = read_trends(connection, timedelta(hours=4), NOW)
        long = read_trends(connection, DAY, NOW)
        people = read_trends(connection, DAY, NOW, "PERS")
    assert [(t.entity.id, t.articles, t.before) for t in short] == [("Q1049", 3, 0), ("Q79", 1, 0)]
    assert [(t.entity.id, t.articles, t.before) for t in long] == [
        ("Q1049", 3, None),
        ("Q79", 1, None),
    ]
    assert people == ()


def test_words_are_looked_for_in_the_quotation_itself(archive: Archive) -> None:
    quotes = (said("لن نتراجع", "Q1"), said("الهدنة في السودان", "Q1"))
    store(archive, news(1, "نتراجع عن الهدنة في السودان", entities=[MINISTER], quotes=quotes))
    assert quotations(archive, "نتراجع السودان") == []
    assert quotations(archive, '"الهدنة في السودان"') == ["الهدنة في السودان"]
    assert quotations(archive, "-السودان", speakers=("Q1",)) == ["لن نتراجع"]


OLD, TODAY = next((old, new) for old, new in load_todays_ids().items() if new.startswith("Q"))
"""An id that the lists have replaced, and the one that became of it."""


@pytest.fixture
def moved(archive: Archive) -> Archive:
    """An archive of somebody whom older articles name by an id of before."""
    before, now = (named(id_, "سامي حداد", written=("حداد",)) for id_ in (OLD, TODAY))
    store(
        archive,
        news(1, entities=[now, SUDAN], hours_ago=1, quotes=(said("سنعود", TODAY),)),
        news(2, entities=[before, SUDAN], hours_ago=26, quotes=(said("عدنا", OLD),)),
    )
    return archive


@pytest.mark.parametrize("entity_id", [OLD, TODAY])
def test_the_page_of_an_entity_has_its_articles_under_every_id(
    moved: Archive, entity_id: str
) -> None:
    found = view(moved, entity_id)
    assert (found.entity.id, found.articles, len(found.newest)) == (TODAY, 2, 2)
    assert found.spellings == (Spelling("حداد", 2),)
    assert [each.quote.text for each in found.quotations] == ["سنعود", "عدنا"]
    assert sum(each.articles for each in found.days) == 2
    assert [(each.entity.id, each.articles) for each in view(moved, "Q1049").named_with] == [
        (TODAY, 2)
    ]


def test_an_entity_that_is_known_by_an_id_of_before_alone_has_its_page(archive: Archive) -> None:
    store(archive, news(1, entities=[named(OLD, "سامي حداد")]))
    assert view(archive, TODAY).entity.id == TODAY
    assert view(archive, TODAY).entity.name == "سامي حداد"


def test_an_entity_of_two_ids_is_one_among_names_and_trends(moved: Archive) -> None:
    with moved.reading() as connection:
        found = find_entities(connection, "حداد")
        trends = read_trends(connection, 2 * DAY, NOW, "PERS")
    assert [(each.entity.id, each.articles) for each in found] == [(TODAY, 2)]
    assert [(each.entity.id, each.articles) for each in trends] == [(TODAY, 2)]


@pytest.mark.parametrize("entity_id", [OLD, TODAY])
def test_a_search_for_an_entity_finds_it_under_every_id(moved: Archive, entity_id: str) -> None:
    wanted = (Filter(entities=(entity_id,)), Filter(all_entities=(entity_id, "Q1049")))
    with moved.reading() as connection:
        for each in (*(Question(filter=one) for one in wanted), Question(speakers=(entity_id,))):
            assert search(connection, each, NOW).found == 2
    assert quotations(moved, "عدنا", speakers=(entity_id,)) == ["عدنا"]
