"""What is written once stays once: redelivery, later versions, messages in any order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from nabaa.errors import NotFoundError
from nabaa.types import Article
from tests.support.archived import NOW, message, named, news, said, store
from workers.index.articles import read_article
from workers.index.database import Archive, open_archive
from workers.index.model import Question, QuotationQuestion, StoredArticle, Written
from workers.index.quotations import find_quotations
from workers.index.schema import metadata
from workers.index.search import search
from workers.index.writer import write_messages


def read(archive: Archive, number: int) -> StoredArticle:
    with archive.reading() as connection:
        return read_article(connection, news(number).uri)


def found(archive: Archive, text: str) -> list[str]:
    with archive.reading() as connection:
        return [hit.article.title for hit in search(connection, Question(text), NOW).hits]


def rows(archive: Archive) -> dict[str, int]:
    """Return how many rows the tables of articles have."""
    with archive.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if table.name in {"article", "version", "day"}
        }


def corrected(article: Article, **changes: object) -> Article:
    return replace(article, version=article.version + 1, **changes)  # type: ignore[arg-type]


def test_a_message_that_comes_again_changes_nothing(archive: Archive) -> None:
    article = news(1, entities=[named("Q79", "مصر")], quotes=(said("لن نتراجع", "Q79"),))
    assert store(archive, article) == Written(articles=1, versions=1, known=0)
    before = rows(archive)
    assert store(archive, article, article) == Written(articles=0, versions=0, known=2)
    assert rows(archive) == before


def test_an_article_comes_back_as_it_was_published(archive: Archive) -> None:
    article = news(1, entities=[named("Q79", "مصر")], quotes=(said("لن نتراجع", "Q79"),))
    store(archive, article)
    assert read(archive, 1).current == article


def test_one_that_is_not_there_is_named(archive: Archive) -> None:
    with pytest.raises(NotFoundError, match="urn:nabaa:article:"):
        read(archive, 1)


def test_every_version_is_kept_and_the_last_one_found(archive: Archive) -> None:
    first = news(1, "مقتل عشرة", entities=[named("Q79", "مصر")], quotes=(said("كلام", "Q79"),))
    second = corrected(first, title="مقتل عشرين", entities=(), quotes=())
    store(archive, first)
    store(archive, first, second)
    assert [each.article for each in read(archive, 1).versions] == [first, second]
    assert read(archive, 1).current == second
    assert (found(archive, "عشرة"), found(archive, "عشرين")) == ([], ["مقتل عشرين"])
    assert rows(archive) == {"article": 1, "version": 2, "day": 0}
    with archive.reading() as connection:
        assert find_quotations(connection, QuotationQuestion("كلام")) == ()


def test_an_earlier_version_that_comes_later_stays_behind_the_last_one(archive: Archive) -> None:
    first = news(1, "مقتل عشرة")
    second = corrected(first, title="مقتل عشرين")
    with archive.writing() as connection:
        write_messages(connection, [message(second, 20)])
    with archive.writing() as connection:
        write_messages(connection, [message(first, 10)])
    assert [each.article for each in read(archive, 1).versions] == [first, second]
    assert found(archive, "مقتل") == ["مقتل عشرين"]


def test_versions_that_begin_again_days_later_are_later(archive: Archive) -> None:
    first, again = news(1, "مقتل عشرة", version=3), news(1, "مقتل ثلاثين", version=1)
    with archive.writing() as connection:
        write_messages(connection, [message(again, 60 * 24 * 9), message(first, 10)])
    assert found(archive, "مقتل") == ["مقتل ثلاثين"]


def test_articles_of_one_second_have_room(archive: Archive) -> None:
    written = store(archive, *(news(number, f"خبر{number}") for number in range(600)))
    assert written.articles == 600
    store(archive, *(news(number, f"خبر{number}") for number in range(590, 700)))
    assert [found(archive, f"خبر{number}") for number in (0, 599, 699)] == [
        ["خبر0"],
        ["خبر599"],
        ["خبر699"],
    ]


def test_what_is_written_in_a_block_that_fails_is_not_there(archive: Archive) -> None:
    with pytest.raises(ZeroDivisionError), archive.writing() as connection:
        write_messages(connection, [message(news(1))])
        raise ZeroDivisionError
    assert rows(archive)["article"] == 0


def test_an_archive_that_is_opened_again_is_the_same(archive: Archive, archive_url: str) -> None:
    store(archive, news(1, "هدنة"))
    again = open_archive(archive_url)
    assert found(again, "هدنة") == ["هدنة"]
    again.close()


def test_text_that_a_database_cannot_hold_is_no_obstacle(archive: Archive) -> None:
    hostile = news(
        1,
        "كلمة\0" + "ط" * 5000,
        "'; DROP TABLE article; -- \\ ' \" * : " + "كلمة " * 60_000,
        entities=[named("local:0123456789abcdef", "اسم\0"), named("Q1'\\", "'\\")],
        tags=("a'b\\",),
        quotes=tuple(said(f"قول{n}", None) for n in range(1500)),
    )
    assert store(archive, hostile).articles == 1
    assert len(found(archive, "كلمة")) == 1
    assert read(archive, 1).current == hostile
