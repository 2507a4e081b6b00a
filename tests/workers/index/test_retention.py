"""Retention: the oldest articles go, with all that was found by them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from tests.support.archived import NOW, named, news, said, store
from workers.index.database import Archive
from workers.index.model import Question, QuotationQuestion
from workers.index.quotations import find_quotations
from workers.index.retention import remove_old
from workers.index.schema import metadata
from workers.index.search import search


def titles(archive: Archive, text: str) -> list[str]:
    with archive.reading() as connection:
        return [hit.article.title for hit in search(connection, Question(text), NOW).hits]


def test_articles_older_than_a_time_are_removed(archive: Archive) -> None:
    store(archive, news(1, "هدنة قديمة", hours_ago=50), news(2, "هدنة جديدة", hours_ago=1))
    assert remove_old(archive, NOW - timedelta(days=1)) == 1
    assert titles(archive, "هدنة") == ["هدنة جديدة"]


def test_the_oldest_of_too_many_are_removed(archive: Archive) -> None:
    store(archive, *(news(number, "هدنة", hours_ago=number) for number in range(1, 451)))
    assert remove_old(archive, None, most=20) == 430
    assert len(titles(archive, "هدنة")) == 20
    assert remove_old(archive, None, most=20) == 0


def test_nothing_is_left_of_what_was_removed(archive: Archive) -> None:
    entities = [named("Q79", "مصر")]
    store(archive, *(
        news(n, "هدنة", entities=entities, quotes=(said("كلام", "Q79"),), hours_ago=n)
        for n in range(1, 5)
    ))  # fmt: skip
    assert remove_old(archive, NOW) == 4
    assert titles(archive, "هدنة") == []
    with archive.reading() as connection:
        assert find_quotations(connection, QuotationQuestion()) == ()
        left = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }
    assert {name for name, count in left.items() if count} == {"fact"}
