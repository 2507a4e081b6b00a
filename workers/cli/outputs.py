"""The commands of the outputs: webhook, serve, archive and metrics."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from config.secrets import read_secret, read_secret_file
from ingest.runtime.session import load_settings_and_log, run_with_redis, wire_url
from nabaa.errors import ConfigError
from workers.cli.group import Group, Since, Start, Subscription, group_options, open_group

if TYPE_CHECKING:
    from pydantic import SecretStr
    from redis.asyncio import Redis

# What is slow to import is imported by the command that needs it.
# ruff: noqa: D301, PLC0415

Host = Annotated[str, typer.Option(help="Address to listen at.")]


def webhook(
    url: Annotated[str, typer.Argument(help="Address that takes articles.")],
    group: Group,
    subscription: Subscription = "",
    start: Start = "beginning",
    since: Since = "",
    secret_file: Annotated[
        Path | None,
        typer.Option(help="File with the secret, whsec_…; else NABAA_WEBHOOK_SECRET."),
    ] = None,
) -> None:
    """Post each article to an address, until it was taken.

    The body is the article as JSON; the headers carry the event (ce-id, ce-type) and the signature
    of Standard Webhooks. A receiver that is down is waited for. An article that it does not take
    while it takes others is tried again, 8 times over ten minutes, and then goes to the dead
    letters of the group; others go on meanwhile. 410 ends the command.

    \b
    Example:
        nabaa webhook https://desk.example/nabaa --group desk --secret-file secret

    Exit status: 0 when it was stopped; 2 when a setting is wrong or the address wants nothing any
    more.
    """
    from nabaa.subscriber.client import new_consumer
    from workers.outputs.webhook import Webhook, check_url, decode_secret, open_client
    from workers.outputs.webhook_sender import WebhookSender

    settings = load_settings_and_log()
    check_url(url)
    text = _secret(
        secret_file, "NABAA_WEBHOOK_SECRET", settings.webhook_secret, settings.webhook_secret_file
    )
    secret = b"" if text is None else decode_secret(text, "the secret of the webhook")
    options = group_options(group, subscription, start, since)

    async def post(client: Redis, stop: asyncio.Event) -> None:
        reader = await open_group(client, settings.shards, options, new_consumer(), stop)
        async with open_client() as http:
            await WebhookSender(reader, Webhook(url, secret, http)).run(stop)

    run_with_redis(wire_url(settings, waits=True), post)


def serve(
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8090,
    token_file: Annotated[
        Path | None,
        typer.Option(help="File with the token that clients must show; else NABAA_SERVE_TOKEN."),
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
    from nabaa.streams.shards import shards_to_read
    from workers.outputs.sse import EventServer

    settings = load_settings_and_log()
    token = _secret(
        token_file, "NABAA_SERVE_TOKEN", settings.serve_token, settings.serve_token_file
    )

    async def answer(client: Redis, stop: asyncio.Event) -> None:
        shards = await shards_to_read(client, settings.shards, stop)
        async with EventServer(client, shards, token or "").listen(host, port):
            await stop.wait()

    run_with_redis(wire_url(settings, waits=True), answer)


def metrics(
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 9464,
) -> None:
    """Serve how the wire stands as metrics at /metrics, for Prometheus.

    What `nabaa status` shows: feeds, backlog, articles and their memory, the lag of each group and
    what it lost to the trimming. It looks at every feed: ask once a minute, not every second.

    \b
    Example:
        nabaa metrics
        curl http://127.0.0.1:9464/metrics

    Exit status: 0 when it was stopped; 2 when a setting is wrong or the port is taken.
    """
    from nabaa.streams.shards import shards_to_read
    from workers.operations.metrics import MetricsServer

    settings = load_settings_and_log()

    async def answer(client: Redis, stop: asyncio.Event) -> None:
        shards = await shards_to_read(client, settings.shards, stop)
        async with MetricsServer(client, shards).listen(host, port):
            await stop.wait()

    run_with_redis(wire_url(settings, waits=True), answer)


def archive(
    folder: Annotated[Path, typer.Argument(help="Gets a file or folder for each hour.")],
    group: Group = "archive",
    as_format: Annotated[
        Literal["ndjson", "parquet"],
        typer.Option("--format", help="Lines of JSON in zstandard files, or Parquet."),
    ] = "ndjson",
    subscription: Subscription = "",
    start: Start = "beginning",
    since: Since = "",
) -> None:
    """Keep the wire on disk, by the hour (UTC) in which a message came.

    FOLDER/2026-11-24/05.ndjson.zst holds one message a line; zstdcat reads it. In Parquet,
    FOLDER/2026-11-24/05/ is a folder of files (needs nabaa[parquet]). Each message is there once:
    it is acknowledged when it is on the disk, and one that comes again after a crash is known. One
    process writes to a folder at a time. What a damaged disk spoilt is set aside (`….damaged`).

    \b
    Example:
        nabaa archive /srv/nabaa
        zstdcat /srv/nabaa/2026-11-24/*.zst | jq -r .title
        nabaa archive --format parquet --group lake --since 7d /srv/lake

    Exit status: 0 when it was stopped; 2 when a setting is wrong or the disk does not take it.
    """
    from workers.outputs.archive import Archive, archive as keep
    from workers.outputs.folder import own_folder
    from workers.outputs.ndjson import NdjsonHour

    settings = load_settings_and_log()
    options = group_options(group, subscription, start, since)
    if as_format == "parquet":
        try:
            from workers.outputs.parquet import ParquetHour
        except ImportError as error:
            raise ConfigError(
                f"--format parquet needs pyarrow ({error}): install nabaa[parquet]"
            ) from error
        files, size, max_wait_seconds = Archive(folder, ParquetHour), 20_000, 300.0
    else:
        files, size, max_wait_seconds = Archive(folder, NdjsonHour), 1_000, 10.0

    async def write(client: Redis, stop: asyncio.Event) -> None:
        # The host's name is the same after a crash: what it held comes first.
        consumer = socket.gethostname()
        reader = await open_group(client, settings.shards, options, consumer, stop, 3600.0)
        written = await keep(reader, files, stop, size, max_wait_seconds)
        typer.echo(f"{written} messages written")

    with own_folder(folder):
        run_with_redis(wire_url(settings, waits=True), write)


def _secret(
    option: Path | None, name: str, value: SecretStr | None, file: Path | None
) -> str | None:
    """Return what the file of the option holds, else what the settings say."""
    if option is not None:
        return read_secret_file(option, "--secret-file" if "SECRET" in name else "--token-file")
    return read_secret(name, value, file)
