"""Who is named how often in a span: whole days and the articles at its ends add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import given, strategies as st
from sqlalchemy import func, select

from nabaa.types import Article
from tests.support.archived import NOW, named, news, store
from workers.index.database import Archive
from workers.index.entity_rows import read_entities
from workers.index.instants import ids_of
from workers.index.model import Span
from workers.index.naming import count_named, pack_numbers, unpack_numbers
from workers.index.retention import remove_old
from workers.index.schema import day

PEOPLE = [named(f"Q{number}", f"اسم{number}") for number in range(1, 6)]


def counts(archive: Archive, span: Span) -> dict[str, int]:
    with archive.reading() as connection:
        most = count_named(connection, *ids_of(span)).most()
        entities = read_entities(connection, [number for number, _ in most])
    return {entities[number].id: articles for number, articles in most}


def expected(articles: list[Article], span: Span) -> dict[str, int]:
    since, until = span.since or articles[0].published, span.until or NOW
    return dict(
        Counter(
            entity.id
            for article in articles
            if since <= article.published < until
            for entity in article.entities
        )
    )


def test_any_span_has_what_its_articles_name(archive: Archive) -> None:
    random = Random(5)
    articles = [
        news(n, hours_ago=240 - 2 * n, entities=random.sample(PEOPLE, random.randrange(4)))
        for n in range(100)
    ]
    store(archive, *articles)
    for _ in range(25):
        since, until = sorted(NOW - timedelta(hours=random.randrange(260)) for _ in "ab")
        assert counts(archive, Span(since, until)) == expected(articles, Span(since, until))
    assert counts(archive, Span()) == expected(articles, Span())


def test_a_later_version_is_counted_in_place_of_the_one_before(archive: Archive) -> None:
    first = news(1, entities=PEOPLE[:2], hours_ago=50)
    store(archive, first, news(2, entities=PEOPLE[:1], hours_ago=50))
    store(archive, replace(first, version=2, entities=tuple(PEOPLE[2:3])))
    assert counts(archive, Span()) == {"Q1": 1, "Q3": 1}


def test_what_is_removed_is_counted_no_more(archive: Archive) -> None:
    store(archive, news(1, entities=PEOPLE[:2], hours_ago=90), news(2, entities=PEOPLE[:1]))
    remove_old(archive, NOW - timedelta(hours=80))
    assert counts(archive, Span()) == {"Q1": 1}
    with archive.reading() as connection:
        assert connection.execute(select(func.count()).select_from(day)).scalar_one() == 1


@given(st.lists(st.integers(0, 2**32 - 1)))
def test_numbers_come_back_as_they_were_packed(numbers: list[int]) -> None:
    assert unpack_numbers(pack_numbers(numbers)) == numbers
