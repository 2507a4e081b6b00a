"""How the wire stands: feeds due, late and failing, backlog, groups and their lag, rates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import ResponseError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ingest.runtime.terminal import printable
from ingest.streams.due import DueSet
from nabaa.errors import FailureKind
from nabaa.filters.store import subscription_names
from nabaa.streams.keys import Keys, all_shards
from nabaa.subscriber.losses import Lost, read_lost, told

LATE_SECONDS = 60.0
RATE_MINUTES = (1, 5, 60)
RATES = ("polls", "entries", "articles", "updates", "dead")
FAILING_SHOWN = 20
_FEEDS_AT_ONCE = 500
_STREAMS_AT_ONCE = 500
_NODES_MEASURED = 100  # of a stream; an article of 4 KB and more has one to itself


@dataclass(frozen=True, slots=True)
class FailingFeed:
    """A feed whose last poll failed.

    Attributes:
        feed_id: which.
        failures: failed polls in a row.
        error: why the last one failed.
        next_due: when it is tried again, aware UTC; None where it has ended.
        kind: of the failure.
    """

    feed_id: str
    failures: int
    error: str
    next_due: datetime | None
    kind: FailureKind = "other"


@dataclass(frozen=True, slots=True)
class HeldHost:
    """A host that is left alone for a while; its feeds wait, without failing.

    Attributes:
        host: which.
        why: `down` where its breaker is open, `busy` where it asked for it (429, 503).
        until: when the next feed tries it, aware UTC.
    """

    host: str
    why: str
    until: datetime


@dataclass(frozen=True, slots=True)
class GroupStatus:
    """A subscriber: a consumer group of the articles or of a subscription on one shard.

    Attributes:
        name: of the group.
        stream: key of the stream.
        consumers: how many have ever read and not been removed.
        pending: delivered and not acknowledged.
        lag: not yet delivered; None where the server cannot count it (Redis 6.2).
        lost: what it lost last to the trimming, or None.
        dead: articles of this shard that it could not deal with.
    """

    name: str
    stream: str
    consumers: int
    pending: int
    lag: int | None
    lost: Lost | None = None
    dead: int = 0


@dataclass(slots=True)
class WireStatus:
    """The wire at one moment, over all shards.

    Attributes:
        at: the moment by the server's clock, aware UTC.
        feeds: in the due set.
        due: due now, among them the late.
        late: due for more than a minute.
        longest_wait_seconds: how long the most overdue feed has been due.
        failing: feeds whose last poll failed, the worst first.
        ended: feeds that their publishers have closed for good; they are not polled.
        held_hosts: hosts that are left alone, by name.
        waiting: entries that no worker has taken.
        working: entries that a worker holds.
        articles: on the streams.
        article_bytes: memory that they take in Redis; of a long stream a sample is measured.
        dead: dead letters.
        subscriptions: name → articles on its streams.
        groups: subscribers, of the wire and of subscriptions.
        rates: for each kind, minutes → how many in the last so many minutes.
    """

    at: datetime
    feeds: int = 0
    due: int = 0
    late: int = 0
    longest_wait_seconds: float = 0.0
    failing: list[FailingFeed] = field(default_factory=list)
    ended: list[FailingFeed] = field(default_factory=list)
    held_hosts: list[HeldHost] = field(default_factory=list)
    waiting: int = 0
    working: int = 0
    articles: int = 0
    article_bytes: int = 0
    dead: int = 0
    subscriptions: dict[str, int] = field(default_factory=dict)
    groups: list[GroupStatus] = field(default_factory=list)
    rates: dict[str, dict[int, int]] = field(
        default_factory=lambda: {kind: dict.fromkeys(RATE_MINUTES, 0) for kind in RATES}
    )

    @property
    def reasons(self) -> dict[str, int]:
        """How many feeds fail for each kind of reason, the most frequent first."""
        return dict(Counter(feed.kind for feed in self.failing).most_common())


async def read_status(client: Redis, shards: int) -> WireStatus:
    """Read how the wire stands.

    Args:
        client: answers in bytes.
        shards: how many there are.

    Raises:
        redis.exceptions.RedisError: the server cannot be used.
    """
    seconds, micros = await client.time()
    now = seconds + micros / 1e6
    status = WireStatus(datetime.fromtimestamp(now, UTC))
    for keys in all_shards(shards):
        await _read_feeds(client, keys, now, status)
        await _read_hosts(client, keys, status)
        await _read_queues(client, keys, status)
        counts = cast("dict[bytes, bytes]", await client.hgetall(keys.rates))
        for kind, by_minutes in rates(counts, now).items():
            for minutes, count in by_minutes.items():
                status.rates[kind][minutes] += count
    await _read_subscriptions(client, shards, status)
    status.failing.sort(key=lambda feed: (-feed.failures, feed.feed_id))
    return status


def rates(counts: Mapping[bytes, bytes], now: float) -> dict[str, dict[int, int]]:
    """Sum up what was counted by the minute.

    Args:
        counts: `KIND:MINUTE` → how many in that Unix minute.
        now: Unix seconds.

    Returns:
        For each kind, minutes → how many in the last so many minutes; of the oldest minute, which
        lies only partly in that time, the same part is taken.
    """
    minute, elapsed = divmod(now / 60, 1)
    sums = {kind: dict.fromkeys(RATE_MINUTES, 0.0) for kind in RATES}
    for name, count in counts.items():
        kind, _, at = name.decode().partition(":")
        age = int(minute) - int(at)
        for minutes in RATE_MINUTES if kind in sums else ():
            share = 1.0 if 0 <= age < minutes else (1 - elapsed) if age == minutes else 0.0
            sums[kind][minutes] += share * int(count)
    return {
        kind: {minutes: round(total) for minutes, total in of_kind.items()}
        for kind, of_kind in sums.items()
    }


async def _read_feeds(client: Redis, keys: Keys, now: float, status: WireStatus) -> None:
    due = DueSet(client, keys, lease_seconds=0)
    feeds, now_due, late = await due.counts(LATE_SECONDS)
    status.feeds += feeds
    status.due += now_due
    status.late += late
    members = cast(
        "list[tuple[bytes, float]]", await client.zrange(keys.due, 0, -1, withscores=True)
    )
    # A feed that was never polled has the score 0: since when it waits is not known.
    since = min((score for _, score in members if score), default=now)
    status.longest_wait_seconds = max(status.longest_wait_seconds, round(now - since, 1))
    ids = [member.decode() for member, _ in members]
    for start in range(0, len(ids), _FEEDS_AT_ONCE):
        part = ids[start : start + _FEEDS_AT_ONCE]
        for feed_id, state in zip(part, await due.states(part), strict=True):
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


async def _read_hosts(client: Redis, keys: Keys, status: WireStatus) -> None:
    held = cast(
        "list[tuple[bytes, float]]", await client.zrange(keys.held_hosts, 0, -1, withscores=True)
    )
    for name, until in sorted(held):
        host = name.decode()
        is_open = await client.hexists(keys.host(host), "open")
        # One that was only busy, and whose time has passed, waits for nothing.
        if is_open or until > status.at.timestamp():
            why = "down" if is_open else "busy"
            status.held_hosts.append(HeldHost(host, why, datetime.fromtimestamp(until, UTC)))


async def _read_queues(client: Redis, keys: Keys, status: WireStatus) -> None:
    backlog = await client.xlen(keys.entries)
    working = sum(group["pending"] for group in await _groups(client, keys.entries))
    status.waiting += max(0, backlog - working)
    status.working += working
    status.articles += await client.xlen(keys.articles)
    memory = await client.memory_usage(keys.articles, samples=_NODES_MEASURED)
    status.article_bytes += memory or 0
    status.dead += await client.xlen(keys.dead)
    await _read_groups(client, keys, keys.articles, status, await read_lost(client, keys.lost))


async def _read_subscriptions(client: Redis, shards: int, status: WireStatus) -> None:
    """Read how long the streams of the subscriptions are, and who reads them."""
    names = await subscription_names(client)
    status.subscriptions = dict.fromkeys(names, 0)
    for start in range(0, len(names), _STREAMS_AT_ONCE):
        part = names[start : start + _STREAMS_AT_ONCE]
        for keys in all_shards(shards):
            async with client.pipeline(transaction=False) as pipe:
                for name in part:
                    pipe.xlen(keys.subscription(name))
                    pipe.xinfo_groups(keys.subscription(name))
                answers = await pipe.execute(raise_on_error=False)
            for name, length, groups in zip(part, answers[::2], answers[1::2], strict=True):
                status.subscriptions[name] += _answered(length)
                if _answered(groups):
                    lost = await read_lost(client, keys.lost_of(name))
                    await _read_groups(client, keys, keys.subscription(name), status, lost)


async def _read_groups(
    client: Redis, keys: Keys, stream: str, status: WireStatus, lost: Mapping[str, Lost]
) -> None:
    groups = await _groups(client, stream)
    info = await client.xinfo_stream(stream) if groups else {}
    for group in groups:
        lag = group.get("lag")
        if lag is None and group["last-delivered-id"] == info["last-generated-id"]:
            lag = 0
        if lag is not None:
            # What a group lost the server counts as not yet delivered.
            lag = min(int(lag), info["length"])
        name = group["name"].decode(errors="replace")
        status.groups.append(
            GroupStatus(
                name=name,
                stream=stream,
                consumers=group["consumers"],
                pending=group["pending"],
                lag=lag,
                lost=lost.get(name),
                dead=await client.xlen(keys.dead_of(name)),
            )
        )


async def _groups(client: Redis, stream: str) -> list[dict[str, Any]]:
    try:
        return await client.xinfo_groups(stream)
    except ResponseError as error:
        return cast("list[dict[str, Any]]", _answered(error))


def _answered(answer: Any) -> Any:
    """Return an answer, no groups where there is no stream.

    Raises:
        redis.exceptions.RedisError: the answer is one, and another one.
    """
    if isinstance(answer, ResponseError) and "no such key" in str(answer):
        return []
    if isinstance(answer, Exception):
        raise answer
    return answer


def show_status(status: WireStatus, console: Console) -> None:
    """Print the status as tables.

    Args:
        status: what to print.
        console: where.
    """
    heads = ("feeds", "due", "late", "failing", "waiting", "working", "articles", "dead")
    failing = len(status.failing)
    of_feeds = (status.feeds, status.due, status.late, failing)
    counts = (*of_feeds, status.waiting, status.working, status.articles, status.dead)
    _print_table(console, heads, [[str(count) for count in counts]])
    if status.late:
        console.print(f"the feed most overdue waits since {status.longest_wait_seconds:.0f} s")
    if status.articles:
        size = status.article_bytes
        each = f"{size / 1e6:.1f} MB in Redis, {size / status.articles / 1e3:.1f} KB each"
        console.print(f"the articles take {each}")
    by_minutes = [
        [f"{minutes} min", *(str(status.rates[kind][minutes]) for kind in RATES)]
        for minutes in RATE_MINUTES
    ]
    _print_table(console, ("in the last", *RATES), by_minutes)
    lengths = [[name, str(length)] for name, length in status.subscriptions.items()]
    _print_table(console, ("subscription", "articles"), lengths)
    groups = [
        [
            group.name,
            group.stream,
            str(group.consumers),
            str(group.pending),
            _lag(group),
            str(group.dead),
        ]
        for group in status.groups
    ]
    _print_table(console, ("group", "stream", "consumers", "unacknowledged", "lag", "dead"), groups)
    slow = [(group.name, group.stream, told(group.lost)) for group in status.groups if group.lost]
    _print_table(console, ("slower than the trimming", "stream", "last loss"), slow)
    worst = [
        [
            feed.feed_id,
            str(feed.failures),
            _when(feed.next_due, status.at),
            feed.error,
        ]
        for feed in status.failing[:FAILING_SHOWN]
    ]
    _print_table(console, ("failing feed", "times", "again at", "why"), worst)
    if failing > FAILING_SHOWN:
        console.print(f"and {failing - FAILING_SHOWN} more; --json has all")
    reasons = [[kind, str(count)] for kind, count in status.reasons.items()]
    _print_table(console, ("failing because", "feeds"), reasons)
    ended = [[feed.feed_id, feed.error] for feed in status.ended[:FAILING_SHOWN]]
    _print_table(console, (f"ended, {len(status.ended)} in all", "why"), ended)
    held = [
        [each.host, each.why, _when(each.until, status.at)]
        for each in status.held_hosts[:FAILING_SHOWN]
    ]
    _print_table(
        console, (f"host left alone, {len(status.held_hosts)} in all", "why", "until"), held
    )


def _when(instant: datetime | None, now: datetime) -> str:
    if instant is None:
        return ""
    far = instant - now >= timedelta(days=1)
    return f"{instant:%Y-%m-%d %H:%M}Z" if far else f"{instant:%H:%M:%S}Z"


def _lag(group: GroupStatus) -> str:
    return "?" if group.lag is None else str(group.lag)


def _print_table(console: Console, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table, unless it would be empty; a cell may hold what a server said."""
    if rows:
        table = Table(*heads, box=None, title=None, pad_edge=False)
        for row in rows:
            table.add_row(*(Text(printable(cell)) for cell in row))
        console.print(table)
        console.print()
