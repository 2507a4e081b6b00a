"""The commands for dead letters: list, retry and drop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.runtime.session import load_settings_and_log
from nabaa.errors import UsageError
from workers.cli.options import AsLines, Since
from workers.cli.wire import run_on_wire

if TYPE_CHECKING:
    from nabaa.redis.client import Client
    from workers.operations.dead_letters import DeadLetter

# What is slow to import is imported by the command that needs it.
# ruff: noqa: D301, PLC0415

dead_app = typer.Typer(no_args_is_help=True)

Group = Annotated[
    str,
    typer.Option("-g", "--group", help="Of this group of subscribers, in place of the workers."),
]
Ids = Annotated[list[str] | None, typer.Argument(help="As `nabaa dead list` shows them.")]
All = Annotated[bool, typer.Option("--all", help="Every one that is there now.")]
Limit = Annotated[
    int | None, typer.Option("-n", "--limit", min=1, help="Show at most this many. Default: all.")
]


@dead_app.callback()
def _dead() -> None:
    """Look after what failed on every attempt.

    It lies on streams of its own, the dead letters. Those of the workers are entries that could not
    be made articles; those of a group are articles that its subscribers could not process.
    """


@dead_app.command("list")
def list_dead(
    group: Group = "", since: Since = "", limit: Limit = None, as_json: AsLines = False
) -> None:
    """Show the dead letters: id, when, attempts, title, error.

    \b
    Example:
        nabaa dead list --since 24h
        nabaa dead list --group desk --json | jq -r .error

    Exit status: 0; 2 when Redis cannot be used.
    """
    import msgspec

    from nabaa.subscriber.since import message_id_of
    from workers.operations.dead_letters import read_dead

    settings = load_settings_and_log()
    start = message_id_of(since) if since else "-"

    async def body(client: Client, shards: int, stop: asyncio.Event) -> None:
        number = 0
        async for letter in read_dead(client, shards, group, start):
            row = msgspec.json.encode(letter).decode() if as_json else _row(letter)
            typer.echo(row)
            number += 1
            if number == limit or stop.is_set():
                return

    run_on_wire(settings, body)


@dead_app.command()
def retry(ids: Ids = None, group: Group = "", everything: All = False) -> None:
    """Have dead letters tried again, after the fault was mended.

    An entry goes back on the queue of the workers; an article is delivered to its group once more,
    and to no other.

    \b
    Example:
        nabaa dead retry 0/1798191000000-0
        nabaa dead retry --all --group desk

    Exit status: 0; 1 when an article has been trimmed from the wire meanwhile; 2 when there is no
    such dead letter or Redis cannot be used.
    """
    from workers.operations.dead_letters import retry_dead

    async def retry_one(client: Client, shards: int, letter_id: str) -> bool:
        is_back = await retry_dead(client, shards, letter_id, group)
        outcome = "is tried again" if is_back else "is not on the wire any more; drop it"
        typer.echo(f"{letter_id} {outcome}")
        return is_back

    _for_each(ids, everything, group, retry_one)


@dead_app.command()
def drop(ids: Ids = None, group: Group = "", everything: All = False) -> None:
    """Remove dead letters.

    \b
    Example:
        nabaa dead drop --all --group desk

    Exit status: 0; 2 when there is no such dead letter or Redis cannot be used.
    """
    from workers.operations.dead_letters import drop_dead

    async def drop_one(client: Client, shards: int, letter_id: str) -> bool:
        typer.echo(f"dropped {_row(await drop_dead(client, shards, letter_id, group))}")
        return True

    _for_each(ids, everything, group, drop_one)


def _row(letter: DeadLetter) -> str:
    """Return a dead letter as one line, its parts separated by tabs."""
    from ingest.runtime.terminal import printable

    title = letter.title or letter.url or "?"
    parts = (letter.id, f"{letter.at:%Y-%m-%d %H:%M}Z", str(letter.attempts), title, letter.error)
    return "\t".join(map(printable, parts))


def _for_each(
    ids: list[str] | None,
    everything: bool,
    group: str,
    act: Callable[[Client, int, str], Awaitable[bool]],
) -> None:
    """Do something with chosen dead letters; exit status 1 where `act` returned False for one."""
    from workers.operations.dead_letters import read_dead

    if bool(ids) == everything:
        raise UsageError("name the ids of dead letters, or say --all")
    settings = load_settings_and_log()
    all_done = True

    async def body(client: Client, shards: int, _stop: asyncio.Event) -> None:
        nonlocal all_done
        # Read to the end first: one that fails again at once must not be taken for another.
        chosen = ids or [letter.id async for letter in read_dead(client, shards, group)]
        for letter_id in chosen:
            all_done = await act(client, shards, letter_id) and all_done

    run_on_wire(settings, body)
    if not all_done:
        raise typer.Exit(1)
