"""The full text index in PostgreSQL is used, whatever its planner thinks of small tables."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from tests.support.archived import NOW, news, store
from workers.index.database import Archive
from workers.index.model import Question
from workers.index.search import count_matches, search


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
