"""The commands of the doors: webhook, serve and archive."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from config.errors import ConfigError
from ingest.session import begin, run_with_redis, wire_url

if TYPE_CHECKING:
    from redis.asyncio import Redis

# What is slow to import is imported by the command that needs it.
# ruff: noqa: D301, PLC0415

SECRET_VARIABLE = "NABAA_WEBHOOK_SECRET"  # noqa: S105 - its name
TOKEN_VARIABLE = "NABAA_SERVE_TOKEN"  # noqa: S105 - its name
_POST_SECONDS = 8.0

Group = Annotated[
    str, typer.Option("-g", "--group", help="Name of the subscriber: each gets every article.")
]
Subscription = Annotated[
    str, typer.Option(help="Name of a subscription, in place of the whole wire.")
]
Since = Annotated[
    str, typer.Option(metavar="SPAN", help="How far back a new group begins: 2h, 7d.")
]


def webhook(
    url: Annotated[str, typer.Argument(help="Address that takes articles.")],
    group: Group,
    subscription: Subscription = "",
    since: Since = "",
    secret_file: Annotated[
        Path | None,
        typer.Option(help=f"File with the secret, whsec_…; else {SECRET_VARIABLE}."),
    ] = None,
) -> None:
    """Post each article to an address, until it was taken.

    The body is the article as JSON; the headers carry the event (ce-id, ce-type) and the signature
    of Standard Webhooks. An address that is down (not reached, 429, 502, 503, 504) is waited for.
    An article that is refused is tried again, 8 times over ten minutes, and then goes to the dead
    letters of the group; others go on meanwhile. 410 ends the command.

    \b
    Example:
        nabaa webhook https://desk.example/nabaa --group desk --secret-file secret

    Exit status: 0 when it was stopped; 2 when a setting is wrong or the address wants nothing any
    more.
    """
    import httpx

    from ingest.streams.shards import shards_to_read
    from workers.doors.webhook import Webhook, WebhookDoor, read_secret
    from workers.subscriber import GroupReader
    from workers.subscriber.client import message_id_of, new_consumer

    settings = begin()
    if httpx.URL(url).scheme not in ("http", "https"):
        raise ConfigError(f"{url}: a webhook begins with https:// or http://")
    text = _secret(secret_file, SECRET_VARIABLE)
    secret = read_secret(text, str(secret_file or SECRET_VARIABLE)) if text else b""
    start = message_id_of(since) if since else "beginning"

    async def body(client: Redis, stop: asyncio.Event) -> None:
        shards = await shards_to_read(client, settings.shards, stop)
        reader = GroupReader(
            client, shards, group, new_consumer(), start, subscription=subscription
        )
        async with httpx.AsyncClient(timeout=_POST_SECONDS, follow_redirects=False) as http:
            await WebhookDoor(reader, Webhook(url, secret, http)).run(stop)

    run_with_redis(wire_url(settings, waits=True), body)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8090,
    token_file: Annotated[
        Path | None,
        typer.Option(help=f"File with the token that clients must show; else {TOKEN_VARIABLE}."),
    ] = None,
) -> None:
    """Serve the wire as server-sent events at /articles.

    A client that comes back with Last-Event-ID goes on where it stopped; ?since=2h begins earlier,
    ?entities=Q142&languages=ar asks for a part. TLS is the reverse proxy's part.

    \b
    Example:
        nabaa serve
        curl -N 'http://127.0.0.1:8090/articles?since=1h&countries=EG'

    Exit status: 0 when it was stopped; 2 when a setting is wrong or the port is taken.
    """
    from ingest.streams.shards import shards_to_read
    from workers.doors.events import EventServer

    settings = begin()
    token = _secret(token_file, TOKEN_VARIABLE)

    async def body(client: Redis, stop: asyncio.Event) -> None:
        shards = await shards_to_read(client, settings.shards, stop)
        async with EventServer(client, shards, token).listening(host, port):
            await stop.wait()

    run_with_redis(wire_url(settings, waits=True), body)


def _secret(file: Path | None, variable: str) -> str:
    """Return what a file or a variable holds; neither is seen in a list of processes."""
    if file is None:
        return os.environ.get(variable, "").strip()
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read: {error}") from error
