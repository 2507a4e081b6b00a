"""The commands of the outputs: webhook, serve, archive and metrics."""

from __future__ import annotations

import asyncio
import socket
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from config.secrets import read_secret, read_secret_file
from ingest.runtime.session import load_settings_and_log
from ingest.runtime.terminal import show_progress
from nabaa.errors import ConfigError, UsageError
from workers.cli.group import Group, Since, Start, Stories, Subscription, group_options, make_reader
from workers.cli.wire import run_on_wire

if TYPE_CHECKING:
    from pydantic import SecretStr

    from nabaa.redis.client import Client

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
    stories: Stories = False,
) -> None:
    """Post each article, or event of a story, to an address, until it was taken.

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
    from nabaa.subscriber.reading import new_consumer
    from workers.outputs.webhook import Webhook, check_url, decode_secret, open_client
    from workers.outputs.webhook_sender import WebhookSender

    settings = load_settings_and_log()
    check_url(url)
    text = _secret(
        secret_file, "NABAA_WEBHOOK_SECRET", settings.webhook_secret, settings.webhook_secret_file
    )
    secret = b"" if text is None else decode_secret(text, "the secret of the webhook")
    options = group_options(group, subscription, start, since, stories)

    async def post(client: Client, shards: int, stop: asyncio.Event) -> None:
        reader = make_reader(client, shards, options, new_consumer())
        async with open_client() as http:
            await WebhookSender(reader, Webhook(url, secret, http)).run(stop)

    run_on_wire(settings, post, waits=True)


def serve(
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8091,
    token_file: Annotated[
        Path | None,
        typer.Option(help="File with the token that clients must show; else NABAA_SERVE_TOKEN."),
    ] = None,
    is_open: Annotated[
        bool,
        typer.Option(
            "--without-token", help="Let everybody read who reaches an address that is not local."
        ),
    ] = False,
    origin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ORIGIN",
            help="Web site whose pages may read, such as https://desk.example; * for any. May be "
            "given several times; else NABAA_SERVE_ORIGINS.",
        ),
    ] = None,
    most_clients: Annotated[
        int, typer.Option("--max-clients", min=1, help="Clients that read at the same time.")
    ] = 256,
) -> None:
    """Serve the wire as server-sent events at /articles, stories at /stories.

    A client that comes back with Last-Event-ID goes on where it stopped; ?since=2h begins earlier,
    ?entities=Q142&languages=ar asks for a part. The token goes into Authorization: Bearer, into
    ?token= or into the cookie nabaa_token. TLS is the reverse proxy's part.

    \b
    Example:
        nabaa serve
        nabaa serve --host 0.0.0.0 --token-file token --origin https://desk.example
        curl -N 'http://127.0.0.1:8091/articles?since=1h&countries=EG'
        curl -N 'http://127.0.0.1:8091/stories?events=breaking&min_outlets=5'

    Exit status: 0 when it was stopped; 2 when a setting is wrong or the port is taken.
    """
    from workers.outputs.access import Access, check_reach
    from workers.outputs.http_server import run_server
    from workers.outputs.sse import EventServer

    settings = load_settings_and_log()
    token = _secret(
        token_file, "NABAA_SERVE_TOKEN", settings.serve_token, settings.serve_token_file
    )
    check_reach(host, token or "", is_open)
    access = Access(token or "", tuple(origin or settings.serve_origins))

    async def answer(client: Client, shards: int, stop: asyncio.Event) -> None:
        server = EventServer(client, shards, access, most_clients)
        async with run_server(server, host, port):
            await stop.wait()

    run_on_wire(settings, answer, waits=True)


def metrics(
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 9464,
) -> None:
    """Serve metrics for Prometheus at /metrics.

    They say what `nabaa status` shows: feeds, backlog, articles and their memory, the lag of each
    group and what it lost to the trimming. It looks at every feed: ask once a minute, not every
    second.

    \b
    Example:
        nabaa metrics
        curl http://127.0.0.1:9464/metrics

    Exit status: 0 when it was stopped; 2 when a setting is wrong or the port is taken.
    """
    from workers.operations.metrics import MetricsServer
    from workers.outputs.http_server import run_server

    settings = load_settings_and_log()

    async def answer(client: Client, shards: int, stop: asyncio.Event) -> None:
        async with run_server(MetricsServer(client, shards), host, port):
            await stop.wait()

    run_on_wire(settings, answer, waits=True)


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
    stories: Stories = False,
    pages: Annotated[
        bool, typer.Option("--pages", help="Keep the pages of articles as they were fetched.")
    ] = False,
) -> None:
    """Keep the wire on disk, a file for each hour.

    The hour (UTC) is that in which a message came. FOLDER/2026-11-24/05.ndjson.zst holds one
    message a line; zstdcat reads it. In Parquet, FOLDER/2026-11-24/05/ is a folder of files (needs
    nabaa[parquet]). Each message is there once: it is acknowledged when it is on the disk, and one
    that comes again after a crash is known. One process writes to a folder at a time. What a
    damaged disk spoilt is set aside (`….damaged`). With --pages, 05.warc.gz holds the pages that
    were fetched (needs nabaa[warc], and NABAA_PAGE_ARCHIVE_LENGTH for ingest).

    \b
    Example:
        nabaa archive /srv/nabaa
        zstdcat /srv/nabaa/2026-11-24/*.zst | jq -r .title
        nabaa archive --format parquet --group lake --since 7d /srv/lake
        nabaa archive --pages /srv/pages

    Exit status: 0 when it was stopped; 2 when a setting is wrong or the disk does not take it.
    """
    from workers.outputs.archive import Archive, archive as keep
    from workers.outputs.disk.folder import own_folder
    from workers.outputs.ndjson import NdjsonHour

    settings = load_settings_and_log()
    options = group_options(group, subscription, start, since, stories, pages)
    if as_format == "parquet" and (stories or pages):
        raise UsageError("--format parquet has the columns of articles: leave out --format")
    if pages:
        warc = _import_extra("workers.outputs.warc", "--pages", "warcio", "warc")
        files, size, max_wait_seconds = Archive(folder, warc.WarcHour), 100, 10.0
    elif as_format == "parquet":
        parquet = _import_extra("workers.outputs.parquet", "--format parquet", "pyarrow", "parquet")
        files, size, max_wait_seconds = Archive(folder, parquet.ParquetHour), 20_000, 300.0
    else:
        files, size, max_wait_seconds = Archive(folder, NdjsonHour), 1_000, 10.0

    async def write(client: Client, shards: int, stop: asyncio.Event) -> None:
        # The host's name is the same after a crash: what it held comes first.
        reader = make_reader(client, shards, options, socket.gethostname(), 3600.0)
        with show_progress("messages written") as advance:
            written = await keep(reader, files, stop, size, max_wait_seconds, advance)
        typer.echo(f"{written} messages written")

    with own_folder(folder):
        run_on_wire(settings, write, waits=True)


def _import_extra(module: str, option: str, library: str, extra: str) -> Any:
    """Import a module that needs a library of an extra.

    Raises:
        ConfigError: the library is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise ConfigError(f"{option} needs {library} ({error}): install nabaa[{extra}]") from error


def _secret(
    option: Path | None, name: str, value: SecretStr | None, file: Path | None
) -> str | None:
    """Return what the file of the option holds, else what the settings say."""
    if option is not None:
        return read_secret_file(option, "--secret-file" if "SECRET" in name else "--token-file")
    return read_secret(name, value, file)
