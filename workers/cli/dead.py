"""The commands of who looks after dead letters: list, retry and drop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.runtime.session import load_settings_and_log, run_with_redis, wire_url
from nabaa.errors import ConfigError

if TYPE_CHECKING:
    from redis.asyncio import Redis

# What is slow to import is imported by the command that needs it.
# ruff: noqa: D301, PLC0415

dead_app = typer.Typer(no_args_is_help=True)

Group = Annotated[
    str,
    typer.Option("-g", "--group", help="Of this group of subscribers, in place of the workers."),
]
Ids = Annotated[list[str] | None, typer.Argument(help="As `nabaa dead list` shows them.")]
All = Annotated[bool, typer.Option("--all", help="Every one that is there now.")]


@dead_app.callback()
def _dead() -> None:
    """Look after dead letters: what five workers failed at, and articles that a group failed at."""


@dead_app.command("list")
def list_dead(
    group: Group = "",
    as_json: Annotated[bool, typer.Option("--json", help="A line of JSON each.")] = False,
) -> None:
    """Show the dead letters: id, when, attempts, title, error.

    \b
    Example:
        nabaa dead list
        nabaa dead list --group desk --json | jq -r .error

    Exit status: 0; 2 when Redis cannot be used.
    """
    import msgspec

    from ingest.runtime.terminal import printable
    from nabaa.streams.shards import shards_to_read
    from workers.operations.dead_letters import read_dead

    settings = load_settings_and_log()

    async def body(client: Redis, stop: asyncio.Event) -> None:
        shards = await shards_to_read(client, settings.shards, stop)
        async for letter in read_dead(client, shards, group):
            if as_json:
                typer.echo(msgspec.json.encode(letter).decode())
                continue
            told = letter.title or letter.url or "?"
            parts = (letter.id, f"{letter.at:%Y-%m-%d %H:%M}Z", str(letter.attempts))
            typer.echo("\t".join(printable(part) for part in (*parts, told, letter.error)))

    run_with_redis(wire_url(settings, waits=False), body)


@dead_app.command()
def retry(ids: Ids = None, group: Group = "", everything: All = False) -> None:
    """Have dead letters tried again, after what failed was mended.

    An entry goes back on the queue of the workers; an article is given to its group once more, and
    to no other.

    \b
    Example:
        nabaa dead retry 0/1798191000000-0
        nabaa dead retry --all --group desk

    Exit status: 0; 1 when an article has been trimmed from the wire meanwhile; 2 when there is no
    such dead letter or Redis cannot be used.
    """
    from workers.operations.dead_letters import retry_dead

    async def each(client: Redis, shards: int, letter_id: str) -> bool:
        is_back = await retry_dead(client, shards, letter_id, group)
        told = "is tried again" if is_back else "is not on the wire any more; drop it"
        typer.echo(f"{letter_id} {told}")
        return is_back

    _for_each(ids, everything, group, each)


@dead_app.command()
def drop(ids: Ids = None, group: Group = "", everything: All = False) -> None:
    """Forget dead letters.

    \b
    Example:
        nabaa dead drop --all --group desk

    Exit status: 0; 2 when there is no such dead letter or Redis cannot be used.
    """
    from workers.operations.dead_letters import drop_dead

    async def each(client: Redis, shards: int, letter_id: str) -> bool:
        await drop_dead(client, shards, letter_id, group)
        typer.echo(f"{letter_id} is dropped")
        return True

    _for_each(ids, everything, group, each)


def _for_each(
    ids: list[str] | None,
    everything: bool,
    group: str,
    each: Callable[[Redis, int, str], Awaitable[bool]],
) -> None:
    from nabaa.streams.shards import shards_to_read
    from workers.operations.dead_letters import read_dead

    if bool(ids) == everything:
        raise ConfigError("name the ids of dead letters, or say --all")
    settings = load_settings_and_log()
    all_done = True

    async def body(client: Redis, stop: asyncio.Event) -> None:
        nonlocal all_done
        shards = await shards_to_read(client, settings.shards, stop)
        # Read to the end first: one that fails again at once must not be taken for another.
        chosen = ids or [letter.id async for letter in read_dead(client, shards, group)]
        for letter_id in chosen:
            all_done = await each(client, shards, letter_id) and all_done

    run_with_redis(wire_url(settings, waits=False), body)
    if not all_done:
        raise typer.Exit(1)
