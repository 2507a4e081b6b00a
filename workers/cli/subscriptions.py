"""The commands of who keeps subscriptions: add, list, show, remove, and test against the wire."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.runtime.session import load_settings_and_log, run_with_redis, wire_url
from nabaa.errors import ConfigError

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from nabaa.filters.filter import Filter

# What is slow to import (tables, names, Redis) is imported by the command that needs it.
# ruff: noqa: D301, PLC0415

_ID = re.compile(r"Q\d+|local:[0-9a-f]+")
_SHOWN = 20
_CLEARLY = 20  # times as prominent as any other of the name

subscriptions_app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Of the subscription: a-z, 0-9, _ and -.")]
Entities = Annotated[
    list[str] | None,
    typer.Option("--entity", help="Names at least one of these: an id (Q142) or a listed name."),
]
AllEntities = Annotated[list[str] | None, typer.Option("--all-entity", help="Names all of these.")]
Outlets = Annotated[list[str] | None, typer.Option("--outlet", help="Outlet's name or feed's id.")]
Countries = Annotated[
    list[str] | None, typer.Option("--country", help="Country of the outlet: EG.")
]
Languages = Annotated[list[str] | None, typer.Option("--language", help="Of the article: ar.")]
Topics = Annotated[list[str] | None, typer.Option("--topic", help="Topic of the feed.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="A tag of the feed.")]
Words = Annotated[
    list[str] | None,
    typer.Option("--word", help="Has at least one of these: a word, a phrase, =exactly, begin*."),
]
AllWords = Annotated[list[str] | None, typer.Option("--all-word", help="Has all of these.")]
NotEntities = Annotated[list[str] | None, typer.Option("--not-entity", help="Names none of these.")]
NotWords = Annotated[list[str] | None, typer.Option("--not-word", help="Has none of these.")]
FilterFile = Annotated[
    Path | None, typer.Option("--filter", help="File with the whole filter, YAML or JSON.")
]


@subscriptions_app.callback()
def _subscriptions() -> None:
    """Keep named subscriptions, which the workers match when they publish.

    Each has a stream of its own, nabaa:{0}:sub:NAME, so that its subscriber does not read the whole
    wire. What can be asked for is in docs/subscriptions.md. An option that is given several times
    asks for any of its values; different options must all hold.
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
    filter_file: FilterFile = None,
    replace: Annotated[bool, typer.Option(help="Give another filter to one that exists.")] = False,
) -> None:
    """Add a subscription.

    It gets what is published from two seconds later on; the past is on the wire itself.

    \b
    Example:
        nabaa subscriptions add council --word "مجلس الأمن" --country EG --country JO
        nabaa subscriptions add cairo --entity القاهرة --not-word مباراة
        nabaa subscriptions add desk --filter desk.yaml --replace

    Exit status: 0; 2 when the filter is wrong, the name is taken or Redis cannot be used.
    """
    from nabaa.filters.filter import check_name, describe_filter
    from nabaa.filters.store import read_subscription, register

    settings = load_settings_and_log()
    check_name(name)
    wanted = _filter(entity, all_entity, outlet, country, language, topic, tag, word, all_word,
                     not_entity, not_word, filter_file)  # fmt: skip

    async def body(client: Redis, _stop: asyncio.Event) -> None:
        before = await read_subscription(client, name)
        if before not in {None, wanted} and not replace:
            raise ConfigError(
                f"there is a subscription {name} with another filter; --replace gives it this one"
            )
        await register(client, settings.shards, name, wanted)
        typer.echo(f"{name}: {describe_filter(wanted)}")

    run_with_redis(wire_url(settings, waits=False), body)


@subscriptions_app.command("list")
def list_subscriptions() -> None:
    """Show all subscriptions: one a line, the name, a TAB and the filter.

    Exit status: 0; 2 when Redis cannot be used.
    """
    from nabaa.filters.filter import describe_filter
    from nabaa.filters.store import read_subscriptions

    settings = load_settings_and_log()

    async def body(client: Redis, _stop: asyncio.Event) -> None:
        for name, wanted in (await read_subscriptions(client)).items():
            typer.echo(f"{name}\t{describe_filter(wanted)}")

    run_with_redis(wire_url(settings, waits=False), body)


@subscriptions_app.command()
def show(name: Name) -> None:
    """Print the filter of a subscription as JSON, as `add --filter` reads it.

    Exit status: 0; 2 when there is none of that name or Redis cannot be used.
    """
    import msgspec

    from nabaa.filters.filter import encode_filter

    settings = load_settings_and_log()

    async def body(client: Redis, _stop: asyncio.Event) -> None:
        typer.echo(msgspec.json.format(encode_filter(await _existing(client, name))))

    run_with_redis(wire_url(settings, waits=False), body)


@subscriptions_app.command()
def remove(name: Name) -> None:
    """Remove a subscription and its streams, with all that was not read.

    Exit status: 0; 2 when there is none of that name or Redis cannot be used.
    """
    from nabaa.filters.store import remove as remove_subscription

    settings = load_settings_and_log()

    async def body(client: Redis, _stop: asyncio.Event) -> None:
        if not await remove_subscription(client, settings.shards, name):
            raise ConfigError(f"there is no subscription {name}")

    run_with_redis(wire_url(settings, waits=False), body)


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
    filter_file: FilterFile = None,
    since: Annotated[
        str, typer.Option(metavar="SPAN", help="How far back: 90m, 24h, 7d, 2w.")
    ] = "24h",
) -> None:
    """Show what a filter finds among the articles that are on the wire.

    \b
    Example:
        nabaa subscriptions test --word "مجلس الأمن" --since 7d
        nabaa subscriptions test council

    Exit status: 0; 1 when no article matches; 2 when the filter is wrong or Redis cannot be used.
    """
    from ingest.runtime.terminal import printable
    from nabaa.time_spans import parse_span
    from workers.subscriptions.find import find_articles

    settings = load_settings_and_log()
    span = parse_span(since)
    given = None
    if not name:
        given = _filter(entity, all_entity, outlet, country, language, topic, tag, word, all_word,
                        not_entity, not_word, filter_file)  # fmt: skip
    found = 0

    async def body(client: Redis, _stop: asyncio.Event) -> None:
        nonlocal found
        wanted = given or await _existing(client, name)
        looked_at, matching = await find_articles(
            client, settings.shards, wanted, datetime.now(UTC) - span
        )
        found = len(matching)
        for article in matching[-_SHOWN:]:
            typer.echo(printable(f"{article.published:%Y-%m-%d %H:%M}Z  {article.title}"))
        typer.echo(f"{found} of {looked_at} articles match", err=True)

    run_with_redis(wire_url(settings, waits=False), body)
    if not found:
        raise typer.Exit(1)


async def _existing(client: Redis, name: str) -> Filter:
    from nabaa.filters.store import read_subscription

    if (wanted := await read_subscription(client, name)) is None:
        raise ConfigError(f"there is no subscription {name}")
    return wanted


def _filter(
    entity: list[str] | None,
    all_entity: list[str] | None,
    outlet: list[str] | None,
    country: list[str] | None,
    language: list[str] | None,
    topic: list[str] | None,
    tag: list[str] | None,
    word: list[str] | None,
    all_word: list[str] | None,
    not_entity: list[str] | None,
    not_word: list[str] | None,
    file: Path | None,
) -> Filter:
    """Make a filter of the options, or read it from the file."""
    from nabaa.filters.filter import Filter, check_filter, read_filter

    unwanted = (
        Filter(entities=_ids(not_entity)) if not_entity else None,
        Filter(words=tuple(not_word)) if not_word else None,
    )
    stated = Filter(
        entities=_ids(entity),
        all_entities=_ids(all_entity),
        outlets=tuple(outlet or ()),
        countries=tuple(country or ()),
        languages=tuple(language or ()),
        topics=tuple(topic or ()),
        tags=tuple(tag or ()),
        words=tuple(word or ()),
        all_words=tuple(all_word or ()),
        none_of=tuple(each for each in unwanted if each),
    )
    if file is None:
        return check_filter(stated)
    if stated != Filter():
        raise ConfigError("give the filter in a file or in options, not in both")
    try:
        return read_filter(file.read_text(encoding="utf-8"), str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read: {error}") from error


def _ids(values: list[str] | None) -> tuple[str, ...]:
    """Return ids as they are and the ids of names."""
    return tuple(each if _ID.fullmatch(each) else _id_of(each) for each in values or ())


def _id_of(name: str) -> str:
    from workers.entities.link.catalogue import load_catalogue

    candidates = load_catalogue().lookup(name.replace("_", " "))
    if not candidates:
        raise ConfigError(f"{name!r} is not among the listed names; give an id such as Q142")
    others = max((each.weight for each in candidates[1:]), default=0.0)
    if not candidates[0].exact or candidates[0].weight < _CLEARLY * others:
        choice = ", ".join(
            f"{each.id} ({each.name}, {each.type}{f', {each.country}' if each.country else ''})"
            for each in candidates[:8]
        )
        raise ConfigError(f"{name!r} may be {choice}; give the id")
    return candidates[0].id
