"""The command that keeps the archive that answers."""

from __future__ import annotations

import asyncio
import socket
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.runtime.session import load_settings_and_log
from ingest.runtime.terminal import show_progress
from workers.cli.group import (
    Group,
    GroupOptions,
    Since,
    Start,
    Subscription,
    group_options,
    make_reader,
)
from workers.cli.wire import run_on_wire

if TYPE_CHECKING:
    from config.settings import Settings
    from nabaa.redis.client import Client
    from workers.index.database import Archive
    from workers.index.model import Written

# What is slow to import (the database, Redis) is imported by the command that needs it.
# ruff: noqa: D301, PLC0415


def index(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders of `nabaa archive`: fill the database from them, and end."),
    ] = None,
    group: Group = "index",
    subscription: Subscription = "",
    start: Start = "beginning",
    since: Since = "",
    consumer: Annotated[
        str,
        typer.Option(
            help="Name of this process in the group; those that run at the same time share the "
            "articles and need different names. Default: the name of the host."
        ),
    ] = "",
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Build the full text index again first.")
    ] = False,
) -> None:
    """Keep every article in a database that `nabaa search` asks.

    Articles, their versions, entities, quotations and stories go into SQLite in the data folder, or
    into the database of NABAA_ARCHIVE_URL; what is older than NABAA_ARCHIVE_MAX_AGE_SECONDS goes
    out again.
    Each message is there once, whatever dies when: it is acknowledged when it is on the disk, and
    one that comes again is known. Any number of these share the articles of the group.

    \b
    Example:
        nabaa index
        nabaa index /srv/nabaa
        NABAA_ARCHIVE_URL=postgresql://nabaa@db/nabaa nabaa index --consumer two

    Exit status: 0 when it was stopped or the files are done; 2 when a setting is wrong or the
    database does not take what comes.
    """
    from workers.index.database import archive_of, open_archive
    from workers.index.rebuild import begin_rebuild, build_again

    settings = load_settings_and_log()
    options = group_options(group, subscription, start, since)
    archive = open_archive(archive_of(settings))
    if rebuild:
        begin_rebuild(archive)
    with show_progress("articles in the index again") as advance:
        if built := build_again(archive, advance):
            typer.echo(f"the full text index was built again, of {built} articles")
    if files:
        _fill(archive, files)
    else:
        _follow(settings, archive, options, consumer or socket.gethostname())
    archive.close()


def _fill(archive: Archive, folders: list[Path]) -> None:
    from workers.index.backfill import fill, find_files
    from workers.index.model import add_up

    files = find_files(folders)
    written: list[Written] = []
    with show_progress("bytes of files", sum(file.size for file in files)) as advance:
        for file in files:
            fill(archive, file, written.append)
            advance(file.size)
    typer.echo(_describe(add_up(written)))


def _follow(settings: Settings, archive: Archive, options: GroupOptions, consumer: str) -> None:
    from ingest.runtime.daemon import run_together
    from workers.index.indexer import (
        KEEP_ALL,
        REDELIVER_SECONDS,
        Retention,
        count_behind,
        index_group,
    )
    from workers.index.model import add_up

    retention = Retention(settings.archive_max_age_seconds)
    total: list[Written] = [add_up(())]

    async def keep(client: Client, shards: int, stop: asyncio.Event) -> None:
        behind = await count_behind(client, shards, options.group, options.subscription)
        with ExitStack() as shown:
            advance = shown.enter_context(show_progress("messages of the wire", behind))

            def count(written: Written) -> None:
                nonlocal behind
                total[0] = add_up((total[0], written))
                done = written.versions + written.known + written.stories
                advance(done)
                behind -= done
                if behind <= 0:
                    shown.close()

            if not behind:
                shown.close()
            read = [options]
            if not options.subscription:
                read.append(replace(options, stories=True))
            indexers = []
            for each, kept in zip(read, (retention, KEEP_ALL), strict=False):
                reader = make_reader(client, shards, each, consumer, REDELIVER_SECONDS)
                indexers.append(index_group(reader, archive, stop, kept, count))
            await run_together(indexers, stop)

    run_on_wire(settings, keep, waits=True)
    typer.echo(_describe(total[0]))


def _describe(written: Written) -> str:
    return (
        f"{written.articles} articles, {written.versions - written.articles} later versions and "
        f"{written.stories} events of stories stored, {written.known} messages known before"
    )
