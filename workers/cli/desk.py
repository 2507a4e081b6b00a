"""The command of the desk: the wire as pages in a browser."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.runtime.session import load_settings_and_log
from nabaa.errors import UsageError
from workers.cli.wire import run_on_wire

if TYPE_CHECKING:
    from nabaa.redis.client import Client

# What is slow to import is imported by the command that needs it.
# ruff: noqa: D301, PLC0415


def desk(
    listen: Annotated[
        str,
        typer.Option(metavar="HOST:PORT", help="Where browsers find it; else NABAA_DESK_LISTEN."),
    ] = "",
) -> None:
    """Show the wire in a browser: stories, articles, names, quotations, feeds, all live.

    `nabaa run` shows it by itself. A browser on this machine needs no password. For any other
    address set NABAA_DESK_TOKEN (to read) and NABAA_DESK_ADMIN_TOKEN (to change things), or the
    header in which your reverse proxy names the user; docs/desk.md has examples. TLS is the
    reverse proxy's part.

    \b
    Example:
        nabaa desk
        NABAA_DESK_TOKEN_FILE=token nabaa desk --listen 0.0.0.0:8090

    Exit status: 0 when it was stopped; 2 when a setting is wrong or the port is taken.
    """
    from workers.desk.build import build_desk
    from workers.desk.settings import OFF, read_desk_settings
    from workers.outputs.http_server import run_server

    settings = load_settings_and_log()
    wanted = read_desk_settings(settings, listen)
    if wanted is None:
        raise UsageError(f"NABAA_DESK_LISTEN is {OFF}: give --listen HOST:PORT")

    async def show(client: Client, shards: int, stop: asyncio.Event) -> None:
        server = build_desk(wanted, client, shards, settings.feeds_file)
        async with run_server(server, wanted.host, wanted.port):
            await stop.wait()

    run_on_wire(settings, show, waits=True)
