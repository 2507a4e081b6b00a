"""The full text index: what is newest, phrases, and that PostgreSQL uses it for small tables."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from tests.support.archived import NOW, news, store
from workers.index.database import Archive
from workers.index.expression import But, Every, Mark, Phrase, Some
from workers.index.fulltext import fulltext
from workers.index.instants import DAY_IDS, ids_of
from workers.index.model import Question, Span
from workers.index.search import count_matches, search
from workers.index.words import ANY


@pytest.mark.parametrize("archive_url", ["postgres"], indirect=True)
def test_no_question_reads_the_tokens_of_every_article(archive: Archive) -> None:
    store(archive, *(news(n, f"خبر{n}", f"هدنة {n}") for n in range(50)))
    asked: list[tuple[str, object]] = []
    with archive.reading() as connection:

        @event.listens_for(connection, "before_cursor_execute")
        def _note(_c: object, _u: object, sql: str, values: object, *_: object) -> None:
            asked.append((sql, values))

        search(connection, Question("هدنة خبر7"), NOW)
        count_matches(connection, Question("هدنة"), "day")
        of_tokens = [each for each in asked if "@@" in each[0]]
        plans = [
            "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {sql}", values))  # type: ignore[arg-type]
            for sql, values in of_tokens
        ]
    assert len(plans) >= 2
    assert all("Bitmap Index Scan on words_tokens" in plan for plan in plans), plans


@pytest.mark.parametrize("hours_ago", [1, 30, 24 * 20, 24 * 200, 24 * 3000])
def test_the_newest_are_found_however_long_ago_they_were(
    archive: Archive, hours_ago: float
) -> None:
    others = [news(n, "أخبار", hours_ago=n / 10) for n in range(1, 30)]
    store(archive, *others, *(news(90 + n, "هدنة", hours_ago=hours_ago + n) for n in range(3)))
    wanted, everything = Phrase(("هدنه",)), ids_of(Span())
    with archive.reading() as connection:
        index = fulltext(connection)
        newest = index.newest(connection, wanted, *everything, 10)
        first_two = index.newest(connection, wanted, *everything, 2)
        before = index.newest(connection, wanted, 0, newest[1], 10)
        since = index.newest(connection, wanted, newest[1], everything[1], 10)
        days = index.count_by(connection, wanted, newest[1], newest[0] + 1, DAY_IDS)
    assert newest == sorted(newest, reverse=True)
    assert (len(newest), first_two, before, since) == (3, newest[:2], newest[2:], newest[:2])
    assert sum(articles for _, articles in days) == 2


def test_a_phrase_and_what_must_not_stand_in_a_row_are_told_by_the_order_of_words(
    archive: Archive,
) -> None:
    store(
        archive,
        news(1, "مجلس الأمن", "اجتمع المجلس والأمن"),
        news(2, "أمن", "مجلس عن الأمن"),
        news(3, "بمجلس الأمن القومي"),
    )
    phrase = Phrase(("مجلس", "بمجلس"), ("الامن",))
    both = Every((phrase, Phrase(("القومي",))))
    with archive.reading() as connection:
        index, everything = fulltext(connection), ids_of(Span())
        found = [
            len(index.newest(connection, wanted, *everything, 10))
            for wanted in (phrase, both, But(Mark(ANY), phrase), Some((both, Mark("e=q1"))))
        ]
        ids = index.newest(connection, Mark(ANY), *everything, 10)
        titled = index.in_title(connection, phrase, ids)
        counted = index.count_by(connection, phrase, *everything, everything[1])
    assert found == [2, 1, 1, 1]
    assert (len(titled), counted) == (2, [(0, 2)])
