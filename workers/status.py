"""How the wire stands: feeds due, late and failing, backlog, groups and their lag, rates."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import ResponseError
from rich.console import Console
from rich.table import Table

from ingest.streams.due import DueSet
from ingest.streams.keys import Keys, all_shards

LATE_SECONDS = 60.0
RATE_MINUTES = (1, 5, 60)
RATES = ("polls", "entries", "articles", "dead")
_FEEDS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class FailingFeed:
    """A feed whose last poll failed."""

    feed_id: str
    failures: int
    error: str


@dataclass(frozen=True, slots=True)
class GroupStatus:
    """A consumer group of the articles stream of one shard.

    Attributes:
        name: of the group.
        stream: key of the stream.
        consumers: how many have ever read and not been removed.
        pending: delivered and not acknowledged.
        lag: not yet delivered; None where the server (Redis 6.2) cannot tell.
    """

    name: str
    stream: str
    consumers: int
    pending: int
    lag: int | None


@dataclass(slots=True)
class WireStatus:
    """The wire at one moment, over all shards.

    Attributes:
        feeds: in the due set.
        due: due now, among them the late.
        late: due for more than a minute.
        failing: feeds whose last poll failed, the worst first.
        waiting: entries that no worker has taken.
        working: entries that a worker holds.
        articles: on the streams.
        dead: dead letters.
        groups: subscribers.
        rates: for each kind, how many in the last 1, 5 and 60 minutes.
    """

    feeds: int = 0
    due: int = 0
    late: int = 0
    failing: list[FailingFeed] = field(default_factory=list)
    waiting: int = 0
    working: int = 0
    articles: int = 0
    dead: int = 0
    groups: list[GroupStatus] = field(default_factory=list)
    rates: dict[str, list[int]] = field(
        default_factory=lambda: {kind: [0] * len(RATE_MINUTES) for kind in RATES}
    )


async def read_status(client: Redis, shards: int) -> WireStatus:
    """Read how the wire stands.

    Args:
        client: answers in bytes.
        shards: how many there are.
    """
    status = WireStatus()
    for keys in all_shards(shards):
        await _read_feeds(client, keys, status)
        await _read_queues(client, keys, status)
        await _read_rates(client, keys, status)
    status.failing.sort(key=lambda feed: (-feed.failures, feed.feed_id))
    return status


async def _read_feeds(client: Redis, keys: Keys, status: WireStatus) -> None:
    due = DueSet(client, keys, lease_seconds=0)
    feeds, now_due, late = await due.counts(LATE_SECONDS)
    status.feeds += feeds
    status.due += now_due
    status.late += late
    members = cast("list[bytes]", await client.zrange(keys.due, 0, -1))
    ids = [member.decode() for member in members]
    for start in range(0, len(ids), _FEEDS_AT_ONCE):
        part = ids[start : start + _FEEDS_AT_ONCE]
        for feed_id, state in zip(part, await due.states(part), strict=True):
            if state.failures:
                status.failing.append(FailingFeed(feed_id, state.failures, state.last_error or ""))


async def _read_queues(client: Redis, keys: Keys, status: WireStatus) -> None:
    backlog = await client.xlen(keys.entries)
    working = sum(group["pending"] for group in await _groups(client, keys.entries))
    status.waiting += backlog - working
    status.working += working
    status.articles += await client.xlen(keys.articles)
    status.dead += await client.xlen(keys.dead)
    for group in await _groups(client, keys.articles):
        lag = group.get("lag")
        status.groups.append(
            GroupStatus(
                name=group["name"].decode(),
                stream=keys.articles,
                consumers=group["consumers"],
                pending=group["pending"],
                lag=None if lag is None else int(lag),
            )
        )


async def _groups(client: Redis, stream: str) -> list[dict[str, Any]]:
    try:
        return await client.xinfo_groups(stream)
    except ResponseError as error:
        if "no such key" in str(error):
            return []
        raise


async def _read_rates(client: Redis, keys: Keys, status: WireStatus) -> None:
    minute = int(time.time() // 60)
    counts = cast("dict[bytes, bytes]", await client.hgetall(keys.rates))
    for name, value in counts.items():
        kind, _, at = name.decode().partition(":")
        for i, minutes in enumerate(RATE_MINUTES):
            if kind in status.rates and minute - minutes < int(at) <= minute:
                status.rates[kind][i] += int(value)


def show_status(status: WireStatus, console: Console) -> None:
    """Print the status as tables.

    Args:
        status: what to print.
        console: where.
    """
    wire = Table("feeds", "due", "late", "failing", "waiting", "working", "articles", "dead")
    wire.add_row(
        *map(
            str,
            (
                status.feeds,
                status.due,
                status.late,
                len(status.failing),
                status.waiting,
                status.working,
                status.articles,
                status.dead,
            ),
        )
    )
    console.print(wire)
    console.print(
        _table(
            ["in the last", *RATES],
            [
                [f"{minutes} min", *(str(status.rates[kind][i]) for kind in RATES)]
                for i, minutes in enumerate(RATE_MINUTES)
            ],
        )
    )
    if status.groups:
        console.print(
            _table(
                ["group", "stream", "consumers", "unacknowledged", "lag"],
                [
                    [
                        group.name,
                        group.stream,
                        str(group.consumers),
                        str(group.pending),
                        "?" if group.lag is None else str(group.lag),
                    ]
                    for group in status.groups
                ],
            )
        )
    if status.failing:
        console.print(
            _table(
                ["failing feed", "times", "why"],
                [[feed.feed_id, str(feed.failures), feed.error] for feed in status.failing],
            )
        )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(*heads)
    for row in rows:
        table.add_row(*row)
    return table
