"""Messages are packed with a dictionary of the archive's own, and all of them can be read."""

from __future__ import annotations

from sqlalchemy import func, select

from tests.support.archived import NOW, news, store
from workers.index.articles import read_article
from workers.index.codec import LEARN_FROM, codec_of
from workers.index.database import Archive, open_archive
from workers.index.model import Question
from workers.index.schema import dictionary, version
from workers.index.search import search


def text_of(number: int) -> str:
    return f"{number} {'وصل الوزير إلى العاصمة في زيارة رسمية تستغرق يومين. ' * 5} {number * 7919}"


def test_messages_before_and_after_a_dictionary_come_back_as_they_were(
    archive: Archive, archive_url: str
) -> None:
    other = open_archive(archive_url)  # it has seen the archive without a dictionary
    with other.reading() as connection:
        assert not codec_of(connection).has_dictionary
    articles = [news(n, f"خبر{n}", text_of(n)) for n in range(LEARN_FROM + 200)]
    store(archive, *articles[:LEARN_FROM])
    store(archive, *articles[LEARN_FROM:])
    for each in (archive, other):
        with each.reading() as connection:
            assert (
                connection.execute(select(func.count()).select_from(dictionary)).scalar_one() == 1
            )
            for article in (articles[0], articles[-1]):
                assert read_article(connection, article.uri).current == article
            sizes = (
                connection.execute(select(func.length(version.c.data)).order_by(version.c.article))
                .scalars()
                .all()
            )
    assert sizes[-1] < 0.7 * sizes[0]
    other.close()


def test_an_archive_with_a_dictionary_is_searched(archive: Archive) -> None:
    for start in (0, LEARN_FROM):
        store(archive, *(news(n, f"خبر{n}", text_of(n)) for n in range(start, start + LEARN_FROM)))
    with archive.reading() as connection:
        hits = search(connection, Question(f"خبر{LEARN_FROM + 5}"), NOW).hits
    assert [hit.article.body_text for hit in hits] == [text_of(LEARN_FROM + 5)]
