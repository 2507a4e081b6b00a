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
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

from sqlalchemy import Connection, select, text

from bench.search.copies import copy_articles
from bench.search.corpus import (
    END,
    YEAR,
    Corpus,
    batches,
    make_articles,
    read_corpus,
    text_bytes,
)
from bench.search.questions import Ask, Words, draw_words, kinds
from nabaa.message import encode_article
from nabaa.types import Article
from tests.support.postgres import find_postgres, postgres_server
from workers.index.database import FILE_NAME, Archive, open_archive
from workers.index.instants import first_id, milliseconds_of
from workers.index.message import message_of
from workers.index.schema import article
from workers.index.writer import write_messages

NEWS = Path("../shared/data/news/ant.jsonl.gz")
_BATCH = 500
_TOLD = 50_000  # articles between two lines about the progress
_SAMPLE = 2000  # articles that questions are drawn from


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000, help="in the archive")
    parser.add_argument(
        "--copies", type=int, default=0, help="of each that is stored: so many times more articles"
    )
    parser.add_argument("--base", type=int, default=4000, help="read, to be varied")
    parser.add_argument("--questions", type=int, default=100, help="of each kind")
    parser.add_argument("--data", type=Path, default=NEWS)
    parser.add_argument(
        "--folder", type=Path, help="keeps the databases; those that it has are only asked"
    )
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    corpus = read_corpus(options.data, options.base)
    words = draw_words(list(make_articles(corpus, _SAMPLE, seed=2)))
    with ExitStack() as stack:
        folder = options.folder or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="nabaa-search-"))
        )
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711)
        if options.only != "postgres":
            archive = stack.enter_context(_closing(open_archive(folder / FILE_NAME)))
            measure("SQLite", archive, corpus, words, options)
        programs = find_postgres()
        if options.only != "sqlite" and programs:
            server = postgres_server(programs, folder / "s", "256MB", durable=True)
            archive = stack.enter_context(_closing(open_archive(stack.enter_context(server))))
            measure("PostgreSQL", archive, corpus, words, options)


def measure(
    name: str, archive: Archive, corpus: Corpus, words: Words, options: argparse.Namespace
) -> None:
    """Fill an archive unless it is full, ask it, and print both."""
    with archive.reading() as connection:
        is_full = connection.execute(select(article.c.id).limit(1)).first() is not None
    if not is_full:
        all_articles = options.articles * (1 + options.copies)
        step = YEAR / all_articles
        begin = END - YEAR
        size = fill(name, archive, make_articles(corpus, options.articles, begin, step))
        if options.copies:
            print(f"{name}: {options.copies} copies of each", flush=True)
            shift = first_id(begin + options.articles * step) - first_id(begin)
            copy_articles(archive, options.copies, shift)
        tell_size(name, archive, size * (1 + options.copies))
    print(f"\n{name}\n\n| question | p50, ms | p95, ms | CPU p50, ms | CPU p95, ms |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for kind, draw in kinds(words, Random(3)):
        asked = [ask(archive, draw()) for _ in range(options.questions)]
        columns = [sorted(each) for each in zip(*asked, strict=True)]
        cells = [
            f"{value:.0f}"
            for column in columns
            for value in (statistics.median(column), column[int(len(column) * 0.95)])
        ]
        print(f"| {kind} | {' | '.join(cells)} |", flush=True)


def fill(name: str, archive: Archive, articles: Iterator[Article]) -> int:
    """Store articles; print what that took; return the bytes of their texts."""
    seconds, used, size, count = 0.0, 0.0, 0, 0
    for batch in batches(articles, _BATCH):
        size += sum(map(text_bytes, batch))
        count += len(batch)
        encoded = [encode_article(each) for each in batch]
        began, used_before = time.perf_counter(), time.process_time()
        messages = [
            message_of(data, milliseconds_of(each.first_seen))
            for data, each in zip(encoded, batch, strict=True)
        ]
        with archive.writing() as connection:
            server = _server_process(connection)
            used -= _cpu_seconds(server)
            write_messages(connection, messages)
            used += _cpu_seconds(server)
        seconds += time.perf_counter() - began
        used += time.process_time() - used_before
        if count % _TOLD == 0:
            print(f"{name}: {count:,} after {seconds:,.0f} s, {used:,.0f} s of CPU", flush=True)
    print(
        f"\n{name}: {count:,} articles, {size / 1e6:,.0f} MB of text, in {seconds:,.0f} s, of "
        f"CPU {used:,.0f} s ({used / count * 1000:.2f} ms an article)"
    )
    return size


def tell_size(name: str, archive: Archive, text_size: int) -> None:
    """Print how much room each table has, and all of them, in bytes and times the text."""
    stored = stored_bytes(archive)
    everything = sum(stored.values())
    print(f"\n{name}: {everything / 1e6:,.0f} MB, {everything / text_size:.2f} times the text\n")
    for table, some in sorted(stored.items(), key=lambda item: -item[1]):
        print(f"    {table}: {some / 1e6:,.0f} MB, {some / text_size:.3f}")


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
