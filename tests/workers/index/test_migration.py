"""An archive of the version before this one is brought up to date where it stands."""

from __future__ import annotations

import pytest
from sqlalchemy import text, update

from nabaa.errors import OutputError
from tests.support.archived import NOW, named, news, said, store
from workers.index.articles import read_article
from workers.index.database import Archive, open_archive
from workers.index.entities import view_entity
from workers.index.migration import BEFORE
from workers.index.model import Question
from workers.index.rebuild import build_again
from workers.index.schema import fact
from workers.index.search import search

SUDAN = named("Q1049", "السودان", "LOC")
ARTICLES = [
    news(n, "هدنة في السودان", entities=[SUDAN], quotes=(said("صامدة", "Q1049"),)) for n in range(3)
]


@pytest.fixture
def earlier(archive: Archive, archive_url: str) -> str:
    """Return the address of an archive as the version before this one left it."""
    store(archive, *ARTICLES)
    with archive.writing() as connection:
        connection.execute(text("DROP TABLE day"))
        connection.execute(text("DROP INDEX entity_place"))
        connection.execute(text("ALTER TABLE article DROP COLUMN entities"))
        connection.execute(
            text(
                "CREATE TABLE naming (article BIGINT, entity BIGINT, PRIMARY KEY (article, entity))"
            )
        )
        for name, value in (("schema", BEFORE), ("words", "2")):
            connection.execute(update(fact).where(fact.c.name == name).values(value=value))
    return archive_url


def test_an_archive_of_the_version_before_loses_nothing_and_is_found_again(earlier: str) -> None:
    archive = open_archive(earlier)
    assert build_again(archive) == len(ARTICLES)
    with archive.reading() as connection:
        hits = search(connection, Question("هدنة السودان"), NOW).hits
        view = view_entity(connection, "Q1049", NOW)
        stored = [read_article(connection, each.uri).current for each in ARTICLES]
    assert stored == ARTICLES
    assert (len(hits), view.articles, len(view.quotations)) == (3, 3, 3)
    assert store(archive, *ARTICLES).known == len(ARTICLES)
    archive.close()


def test_who_only_reads_is_told_what_brings_it_up_to_date(earlier: str) -> None:
    with pytest.raises(OutputError, match="`nabaa index` brings it up to date"):
        open_archive(earlier, create=False)
