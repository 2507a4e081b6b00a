"""What the archive costs: filling it, its size, and ten kinds of question.

`python -m bench.search --articles 100000` fills SQLite and, where Debian's PostgreSQL is
installed, PostgreSQL with articles made by variation, and prints milliseconds a question.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

from sqlalchemy import Connection, text

from bench.search.corpus import (
    Corpus,
    batches,
    make_articles,
    message,
    read_corpus,
    text_bytes,
)
from bench.search.questions import Ask, Words, draw_words, kinds
from nabaa.types import Article
from tests.support.postgres import find_postgres, postgres_server
from workers.index.database import FILE_NAME, Archive, open_archive
from workers.index.writer import write_messages

NEWS = Path("../shared/data/news/ant.jsonl.gz")
_BATCH = 500
_SAMPLE = 2000  # articles that questions are drawn from


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000, help="in the archive")
    parser.add_argument("--base", type=int, default=4000, help="read, to be varied")
    parser.add_argument("--questions", type=int, default=100, help="of each kind")
    parser.add_argument("--data", type=Path, default=NEWS)
    parser.add_argument("--folder", type=Path, help="gets the databases; default: a temporary one")
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    corpus = read_corpus(options.data, options.base)
    words = draw_words(list(make_articles(corpus, _SAMPLE, seed=2)))
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="nabaa-search-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        if options.only != "postgres":
            with _closing(open_archive(folder / FILE_NAME)) as archive:
                measure("SQLite", archive, corpus, words, options.articles, options.questions)
        programs = find_postgres()
        if options.only != "sqlite" and programs:
            with (
                postgres_server(programs, folder / "s", "256MB", durable=True) as url,
                _closing(open_archive(url)) as archive,
            ):
                measure("PostgreSQL", archive, corpus, words, options.articles, options.questions)


def measure(
    name: str, archive: Archive, corpus: Corpus, words: Words, articles: int, questions: int
) -> None:
    """Fill an archive, ask it, and print both."""
    seconds, size = fill(archive, make_articles(corpus, articles))
    stored = stored_bytes(archive)
    print(
        f"\n{name}: {articles:,} articles, {size / 1e6:,.0f} MB of text, in {seconds:,.0f} s of "
        f"this process' CPU and waiting ({articles / seconds:,.0f}/s); the database has "
        f"{sum(stored.values()) / 1e6:,.0f} MB, {sum(stored.values()) / size:.2f} times the text\n"
    )
    for table, some in sorted(stored.items(), key=lambda item: -item[1]):
        print(f"    {table}: {some / 1e6:,.0f} MB")
    print("\n| question | p50, ms | p95, ms | CPU p50, ms | CPU p95, ms |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for kind, draw in kinds(words, Random(3)):
        asked = [ask(archive, draw()) for _ in range(questions)]
        columns = [sorted(each) for each in zip(*asked, strict=True)]
        cells = [
            f"{value:.0f}"
            for column in columns
            for value in (statistics.median(column), column[int(len(column) * 0.95)])
        ]
        print(f"| {kind} | {' | '.join(cells)} |", flush=True)


def fill(archive: Archive, articles: Iterator[Article]) -> tuple[float, int]:
    """Store articles; return the seconds that it took and the bytes of their texts."""
    seconds, size = 0.0, 0
    for batch in batches(articles, _BATCH):
        size += sum(map(text_bytes, batch))
        began = time.perf_counter()
        messages = [message(each) for each in batch]
        with archive.writing() as connection:
            write_messages(connection, messages)
        seconds += time.perf_counter() - began
    return seconds, size


def ask(archive: Archive, question: Ask) -> tuple[float, float]:
    """Return the milliseconds that an answer takes, and those of CPU, the server's among them."""
    with archive.reading() as connection:
        server = _server_process(connection)
        began, used = time.perf_counter(), time.thread_time() + _cpu_seconds(server)
        question(connection)
        ended, used_then = time.perf_counter(), time.thread_time() + _cpu_seconds(server)
    return (ended - began) * 1000, (used_then - used) * 1000


def _server_process(connection: Connection) -> int:
    """Return the process that answers a connection; 0 for SQLite, which has none."""
    if connection.dialect.name == "sqlite":
        return 0
    return int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def _cpu_seconds(process: int) -> float:
    """Return user and system time of a process (schedstat of proc(5)), 0 for none."""
    if not process:
        return 0.0
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


def stored_bytes(archive: Archive) -> dict[str, int]:
    """Return the size of each table with its indexes."""
    with archive.writing() as connection:
        if connection.dialect.name == "sqlite":
            rows: Sequence[tuple[str, int]] = connection.execute(
                text("SELECT name, sum(pgsize) FROM dbstat GROUP BY name")
            ).all()
        else:
            rows = connection.execute(
                text(
                    "SELECT relname, pg_total_relation_size(oid) FROM pg_class "
                    "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
                )
            ).all()
    return {name: int(size) for name, size in rows}


@contextmanager
def _closing(archive: Archive) -> Iterator[Archive]:
    yield archive
    archive.close()


if __name__ == "__main__":
    main()
