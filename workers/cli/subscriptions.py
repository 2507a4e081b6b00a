"""The commands for subscriptions: add, list, show, remove, and test against the wire."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.runtime.session import load_settings_and_log
from nabaa.errors import NotFoundError, UsageError
from workers.cli.filter_options import (
    AllEntities,
    AllWords,
    Countries,
    EachStory,
    Entities,
    FilterFile,
    Languages,
    MinOutlets,
    NotEntities,
    NotWords,
    Outlets,
    Reprints,
    Tags,
    Topics,
    Words,
    filter_of_options,
)
from workers.cli.options import AsLines, Limit, Since
from workers.cli.wire import run_on_wire

if TYPE_CHECKING:
    from nabaa.filters.filter import Filter
    from nabaa.redis.client import Client

# What is slow to import (tables, names, Redis) is imported by the command that needs it.
# ruff: noqa: D301, PLC0415

subscriptions_app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Of the subscription: a-z, 0-9, _ and -.")]


@subscriptions_app.callback()
def _subscriptions() -> None:
    """Keep named subscriptions to parts of the wire.

    The workers match them when they publish. Each has a stream of its own, nabaa:{0}:sub:NAME, so
    that its subscriber does not read the whole wire. docs/subscriptions.md has all conditions. An
    option that is given several times asks for any of its values; different options must all hold.
    """


@subscriptions_app.command()
def add(
    name: Name,
    entity: Entities = None,
    all_entity: AllEntities = None,
    outlet: Outlets = None,
    country: Countries = None,
    language: Languages = None,
    topic: Topics = None,
    tag: Tags = None,
    word: Words = None,
    all_word: AllWords = None,
    not_entity: NotEntities = None,
    not_word: NotWords = None,
    reprints: Reprints = None,
    each_story: EachStory = False,
    min_outlets: MinOutlets = 0,
    filter_file: FilterFile = None,
    replace: Annotated[bool, typer.Option(help="Give another filter to one that exists.")] = False,
) -> None:
    """Add a subscription.

    It receives what is published from two seconds later on; the past is on the wire itself.

    \b
    Example:
        nabaa subscriptions add council --word "مجلس الأمن" --country EG --country JO
        nabaa subscriptions add cairo --entity القاهرة --not-word مباراة
        nabaa subscriptions add desk --filter desk.yaml --replace
        nabaa subscriptions add sudan --entity السودان --each-story --min-outlets 3

    Exit status: 0; 2 when the filter is wrong, the name is taken or Redis cannot be used.
    """
    from nabaa.filters.filter import check_name, describe_filter
    from nabaa.filters.store import read_subscription, register

    settings = load_settings_and_log()
    check_name(name)
    wanted = filter_of_options(
        entity, all_entity, outlet, country, language, topic, tag, word, all_word,
        not_entity, not_word, filter_file,
        reprints=reprints, each_story=each_story, min_outlets=min_outlets,
    )  # fmt: skip

    async def body(client: Client, shards: int, _stop: asyncio.Event) -> None:
        before = await read_subscription(client, name)
        if before not in {None, wanted} and not replace:
            raise UsageError(
                f"there is a subscription {name} with another filter; --replace sets this one"
            )
        await register(client, shards, name, wanted)
        typer.echo(f"{name}: {describe_filter(wanted)}")

    run_on_wire(settings, body)


@subscriptions_app.command("list")
def list_subscriptions(as_json: AsLines = False) -> None:
    """List all subscriptions with their filters.

    One a line: the name, a TAB and the filter.

    \b
    Example:
        nabaa subscriptions list --json | jq -r .name

    Exit status: 0; 2 when Redis cannot be used.
    """
    import msgspec

    from nabaa.filters.filter import describe_filter
    from nabaa.filters.store import read_subscriptions

    settings = load_settings_and_log()

    async def body(client: Client, _shards: int, _stop: asyncio.Event) -> None:
        for name, wanted in (await read_subscriptions(client)).items():
            if as_json:
                row = {"name": name, "filter": wanted}
                typer.echo(msgspec.json.encode(row).decode())
            else:
                typer.echo(f"{name}\t{describe_filter(wanted)}")

    run_on_wire(settings, body)


@subscriptions_app.command()
def show(name: Name) -> None:
    """Print the filter of a subscription as JSON.

    `add --filter` reads it.

    Exit status: 0; 2 when there is none of that name or Redis cannot be used.
    """
    import msgspec

    from nabaa.filters.filter import encode_filter

    settings = load_settings_and_log()

    async def body(client: Client, _shards: int, _stop: asyncio.Event) -> None:
        typer.echo(msgspec.json.format(encode_filter(await existing_filter(client, name))))

    run_on_wire(settings, body)


@subscriptions_app.command()
def remove(name: Name) -> None:
    """Remove a subscription and its streams, with all that was not read.

    Exit status: 0; 2 when there is none of that name or Redis cannot be used.
    """
    from nabaa.filters.store import remove as remove_subscription
    from nabaa.streams.keys import all_shards

    settings = load_settings_and_log()

    async def body(client: Client, shards: int, _stop: asyncio.Event) -> None:
        streams = [keys.subscription(name) for keys in all_shards(shards)]
        articles = sum([await client.xlen(stream) for stream in streams])
        if not await remove_subscription(client, shards, name):
            raise NotFoundError(f"there is no subscription {name}")
        typer.echo(f"removed {name} and its streams, on which {articles} articles were")

    run_on_wire(settings, body)


@subscriptions_app.command("test")
def try_filter(
    name: Annotated[str, typer.Argument(help="Of a subscription; or give options.")] = "",
    entity: Entities = None,
    all_entity: AllEntities = None,
    outlet: Outlets = None,
    country: Countries = None,
    language: Languages = None,
    topic: Topics = None,
    tag: Tags = None,
    word: Words = None,
    all_word: AllWords = None,
    not_entity: NotEntities = None,
    not_word: NotWords = None,
    reprints: Reprints = None,
    filter_file: FilterFile = None,
    since: Since = "24h",
    limit: Limit = 20,
    as_json: AsLines = False,
) -> None:
    """Show the newest articles on the wire that a filter matches.

    \b
    Example:
        nabaa subscriptions test --word "مجلس الأمن" --since 7d
        nabaa subscriptions test council

    Exit status: 0; 1 when no article matches; 2 when the filter is wrong or Redis cannot be used.
    """
    from ingest.runtime.terminal import printable
    from nabaa.message import encode_article
    from nabaa.redis.clock import read_time
    from nabaa.time_spans import parse_span
    from workers.subscriptions.find import find_articles

    settings = load_settings_and_log()
    span = parse_span(since)
    stated = None
    if not name:
        stated = filter_of_options(
            entity, all_entity, outlet, country, language, topic, tag, word, all_word,
            not_entity, not_word, filter_file, reprints=reprints,
        )  # fmt: skip
    found = 0

    async def body(client: Client, shards: int, _stop: asyncio.Event) -> None:
        nonlocal found
        wanted = stated or await existing_filter(client, name)
        start = await read_time(client) - span
        looked_at, matching = await find_articles(client, shards, wanted, start)
        found = len(matching)
        for article in matching[-limit:]:
            if as_json:
                typer.echo(encode_article(article).decode())
            else:
                typer.echo(printable(f"{article.published:%Y-%m-%d %H:%M}Z  {article.title}"))
        typer.echo(f"{found} of {looked_at} articles match", err=True)

    run_on_wire(settings, body)
    if not found:
        raise typer.Exit(1)


async def existing_filter(client: Client, name: str) -> Filter:
    """Return the filter of a subscription.

    Raises:
        NotFoundError: there is no subscription of that name.
        NabaaError: its filter was saved by another version and cannot be read.
    """
    from nabaa.filters.store import read_subscription

    if (wanted := await read_subscription(client, name)) is None:
        raise NotFoundError(f"there is no subscription {name}")
    return wanted
