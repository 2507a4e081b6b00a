"""What the commands that read for a consumer group have in common: their options, their reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from nabaa.errors import UsageError

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from nabaa.subscriber.group import GroupReader

# What is slow to import is imported by the command that needs it.
# ruff: noqa: PLC0415

Group = Annotated[
    str, typer.Option("-g", "--group", help="Name of the subscriber: each gets every article.")
]
Stories = Annotated[
    bool, typer.Option("--stories", help="Read the events of stories in place of the articles.")
]
Subscription = Annotated[
    str, typer.Option(metavar="NAME", help="Name of a subscription, in place of the whole wire.")
]
Start = Annotated[
    Literal["beginning", "now"], typer.Option("--from", help="Where a new group begins.")
]
Since = Annotated[
    str,
    typer.Option(metavar="SPAN", help="How far back a new group begins, such as 2h or 7d."),
]


@dataclass(frozen=True, slots=True)
class GroupOptions:
    """What the options of a command say of its group.

    Attributes:
        group: name of the subscriber.
        subscription: name of a subscription to read in place of the whole wire; empty: none.
        start: where a new group begins: `beginning`, `now` or so long ago.
        stories: whether events of stories are read in place of the articles.
        pages: whether raw pages are read in place of the articles.
    """

    group: str
    subscription: str
    start: str | timedelta
    stories: bool = False
    pages: bool = False


def group_options(
    group: str,
    subscription: str,
    start: str,
    since: str,
    stories: bool = False,
    pages: bool = False,
) -> GroupOptions:
    """Check the options of a group.

    Args:
        group: `--group`.
        subscription: `--subscription`.
        start: `--from`.
        since: `--since`.
        stories: `--stories`.
        pages: `--pages`.

    Raises:
        UsageError: the group has no name, or two options contradict each other.
        NabaaError: `--since` is no span of time.
    """
    from nabaa.subscriber.since import start_of

    if not group.strip():
        raise UsageError("--group must not be empty")
    if since and start == "now":
        raise UsageError("--from now and --since both say where a new group begins: keep one")
    if stories and subscription:
        raise UsageError("--stories is all stories, --subscription a part of the wire: keep one")
    if pages and (stories or subscription):
        raise UsageError("--pages is all raw pages: keep it, or --stories or --subscription")
    begin = start_of(since) if since else start
    return GroupOptions(group, subscription, begin, stories, pages)


def make_reader(
    client: Redis,
    shards: int,
    options: GroupOptions,
    consumer: str,
    redeliver_seconds: float = 600.0,
) -> GroupReader:
    """Make the reader of a group.

    Args:
        client: answers in bytes.
        shards: number of shards of the wire.
        options: of the command.
        consumer: name of this process in the group.
        redeliver_seconds: time after which another reader gets what this one did not acknowledge.
    """
    from nabaa.subscriber.group import GroupReader

    return GroupReader(
        client,
        shards,
        options.group,
        consumer,
        options.start,
        redeliver_seconds=redeliver_seconds,
        subscription=options.subscription,
        stories=options.stories,
        pages=options.pages,
    )
