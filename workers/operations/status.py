"""How the state of the wire is read: feeds, hosts, backlog, groups and their lag, rates.

The records are in `workers.operations.status_model`; `status_view` prints them and `metrics` serves
them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from ingest.streams.due import DueSet
from nabaa.filters.store import subscription_names
from nabaa.redis.server_check import look_at_server
from nabaa.streams.keys import STORIES, Keys, all_shards
from nabaa.subscriber.losses import decode_loss
from workers.operations.pages_status import read_pages_status
from workers.operations.status_model import (
    FailingFeed,
    GroupStatus,
    HeldHost,
    WireStatus,
    sum_rates,
)
from workers.operations.stories_status import read_stories_status

LATE_SECONDS = 60.0
_FEEDS_AT_ONCE = 500
_STREAMS_AT_ONCE = 500
_NODES_MEASURED = 100  # of a stream; an article of 4 KB and more has one to itself


async def read_status(client: Redis, shards: int) -> WireStatus:
    """Read the state of the wire.

    Args:
        client: answers in bytes.
        shards: number of shards to read.

    Raises:
        redis.exceptions.RedisError: the server refused a command or cannot be used.
    """
    seconds, micros = await client.time()
    now = seconds + micros / 1e6
    status = WireStatus(datetime.fromtimestamp(now, UTC))
    facts, faults = await look_at_server(client)
    status.server_faults = [fault.text for fault in faults]
    if facts is not None and not facts.is_cluster_node:
        status.memory_bytes, status.memory_limit_bytes = (
            facts.memory_bytes,
            facts.memory_limit_bytes,
        )
    of_shards = all_shards(shards)
    for keys, answers in zip(of_shards, await _ask_shards(client, of_shards, now), strict=True):
        _add_counts(status, answers, now)
        await _add_feeds(client, keys, answers.due_set, now, status)
        await _add_hosts(client, keys, answers.held_hosts, status)
        await _add_groups(client, [(keys, keys.articles, answers.readers)], status)
        if keys == STORIES:
            await _add_stories_groups(client, status)
    status.stories = await read_stories_status(client, of_shards, now)
    status.pages = await read_pages_status(client, of_shards)
    await _add_subscriptions(client, of_shards, status)
    status.failing.sort(key=lambda feed: (-feed.failures, feed.feed_id))
    return status


class _StreamReaders(NamedTuple):
    """What the server says of the groups of a stream."""

    groups: Sequence[Mapping[str, Any]] | None
    stream: Mapping[str, Any]
    lost: Mapping[bytes, bytes]


class _ShardAnswers(NamedTuple):
    """The answers of one shard, in the order of `_ask_shards`."""

    due_set: Sequence[tuple[bytes, float]]
    due: int
    late: int
    held_hosts: Sequence[tuple[bytes, float]]
    rates: Mapping[bytes, bytes]
    entries: int
    workers: Sequence[Mapping[str, Any]] | None
    articles: int
    article_bytes: int | None
    dead: int
    readers: _StreamReaders


async def _ask_shards(
    client: Redis, of_shards: Sequence[Keys], now: float
) -> Iterator[_ShardAnswers]:
    async with client.pipeline(transaction=False) as pipe:
        for keys in of_shards:
            pipe.zrange(keys.due, 0, -1, withscores=True)
            pipe.zcount(keys.due, "-inf", now)
            pipe.zcount(keys.due, "-inf", now - LATE_SECONDS)
            pipe.zrange(keys.held_hosts, 0, -1, withscores=True)
            pipe.hgetall(keys.rates)
            pipe.xlen(keys.entries)
            pipe.xinfo_groups(keys.entries)
            pipe.xlen(keys.articles)
            pipe.memory_usage(keys.articles, samples=_NODES_MEASURED)
            pipe.xlen(keys.dead)
            _ask_readers(pipe, keys.articles, keys.lost)
        answers = [_checked(answer) for answer in await pipe.execute(raise_on_error=False)]
    each = len(answers) // len(of_shards)
    return (
        _ShardAnswers._make(
            [*answers[at : at + 10], _StreamReaders._make(answers[at + 10 : at + each])]
        )
        for at in range(0, len(answers), each)
    )


def _ask_readers(pipe: Any, stream: str, lost: str) -> None:
    pipe.xinfo_groups(stream)
    pipe.xinfo_stream(stream)
    pipe.hgetall(lost)


def _add_counts(status: WireStatus, answers: _ShardAnswers, now: float) -> None:
    working = sum(group["pending"] for group in answers.workers or ())
    status.feeds += len(answers.due_set)
    status.due += answers.due
    status.late += answers.late
    status.waiting += max(0, answers.entries - working)
    status.working += working
    status.articles += answers.articles
    status.article_bytes += answers.article_bytes or 0
    status.dead += answers.dead
    for kind, by_minutes in sum_rates(answers.rates, now).items():
        for minutes, count in by_minutes.items():
            status.rates[kind][minutes] += count


async def _add_feeds(
    client: Redis,
    keys: Keys,
    due_set: Sequence[tuple[bytes, float]],
    now: float,
    status: WireStatus,
) -> None:
    # A feed that was never polled has the score 0: for how long it has been due is not known.
    since = min((score for _, score in due_set if score), default=now)
    status.longest_wait_seconds = max(status.longest_wait_seconds, round(now - since, 1))
    due = DueSet(client, keys, lease_seconds=0)
    ids = [member.decode() for member, _ in due_set]
    for start in range(0, len(ids), _FEEDS_AT_ONCE):
        part = ids[start : start + _FEEDS_AT_ONCE]
        for feed_id, state in zip(part, await due.states(part), strict=True):
            if state.paused:
                status.paused.append(feed_id)
                continue
            if state.withheld:
                status.withheld[feed_id] = state.withheld
            if state.notices:
                status.notices[feed_id] = state.notices
            if state.failures:
                (status.ended if state.ended else status.failing).append(
                    FailingFeed(
                        feed_id,
                        state.failures,
                        state.last_error or "",
                        state.next_due,
                        state.failure or "other",
                    )
                )


async def _add_hosts(
    client: Redis, keys: Keys, held_hosts: Sequence[tuple[bytes, float]], status: WireStatus
) -> None:
    held = sorted((name.decode(), until) for name, until in held_hosts)
    async with client.pipeline(transaction=False) as pipe:
        for host, _ in held:
            pipe.hexists(keys.host(host), "open")
        are_down = await pipe.execute() if held else []
    for (host, until), is_down in zip(held, are_down, strict=True):
        # One that was only busy, and whose time has passed, keeps no feed waiting.
        if is_down or until > status.at.timestamp():
            why = "down" if is_down else "busy"
            status.held_hosts.append(HeldHost(host, why, datetime.fromtimestamp(until, UTC)))


async def _add_stories_groups(client: Redis, status: WireStatus) -> None:
    """Add the readers of the stream of stories."""
    async with client.pipeline(transaction=False) as pipe:
        _ask_readers(pipe, STORIES.stories, STORIES.stories_lost)
        answers = [_checked(answer) for answer in await pipe.execute(raise_on_error=False)]
    await _add_groups(client, [(STORIES, STORIES.stories, _StreamReaders(*answers))], status)


async def _add_subscriptions(client: Redis, of_shards: Sequence[Keys], status: WireStatus) -> None:
    """Add the lengths and the readers of the subscriptions' streams."""
    names = await subscription_names(client)
    status.subscriptions = dict.fromkeys(names, 0)
    streams = [(keys, name) for name in names for keys in of_shards]
    for start in range(0, len(streams), _STREAMS_AT_ONCE):
        part = streams[start : start + _STREAMS_AT_ONCE]
        async with client.pipeline(transaction=False) as pipe:
            for keys, name in part:
                pipe.xlen(keys.subscription(name))
                _ask_readers(pipe, keys.subscription(name), keys.lost_of(name))
            answers = [_checked(answer) for answer in await pipe.execute(raise_on_error=False)]
        read = []
        for number, (keys, name) in enumerate(part):
            length, *readers = answers[4 * number : 4 * number + 4]
            status.subscriptions[name] += length or 0
            read.append((keys, keys.subscription(name), _StreamReaders(*readers)))
        await _add_groups(client, read, status)


async def _add_groups(
    client: Redis, streams: Sequence[tuple[Keys, str, _StreamReaders]], status: WireStatus
) -> None:
    groups = [
        (keys, stream, readers, group, group["name"].decode(errors="replace"))
        for keys, stream, readers in streams
        for group in readers.groups or ()
    ]
    async with client.pipeline(transaction=False) as pipe:
        for keys, _, _, _, name in groups:
            pipe.xlen(keys.dead_of(name))
        dead = await pipe.execute() if groups else []
    for (_, stream, readers, group, name), dead_letters in zip(groups, dead, strict=True):
        lost = readers.lost.get(group["name"])
        status.groups.append(
            GroupStatus(
                name=name,
                stream=stream,
                consumers=group["consumers"],
                pending=group["pending"],
                lag=_lag(group, readers.stream),
                lost=decode_loss(lost) if lost else None,
                dead=dead_letters,
            )
        )


def _lag(group: Mapping[str, Any], stream: Mapping[str, Any]) -> int | None:
    lag = group.get("lag")
    if lag is None and group["last-delivered-id"] == stream["last-generated-id"]:
        return 0
    # The server counts as not yet delivered what a group lost to the trimming.
    return None if lag is None else min(int(lag), stream["length"])


def _checked(answer: Any) -> Any:
    """Return an answer, None where there is no such key.

    Raises:
        redis.exceptions.RedisError: the answer is another error.
    """
    if isinstance(answer, ResponseError) and "no such key" in str(answer):
        return None
    if isinstance(answer, Exception):
        raise answer
    return answer
