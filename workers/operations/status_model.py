"""The records of the state of the wire at one moment, and the sums of what it did lately. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ingest.streams.page_troubles import FeedTrouble
from nabaa.errors import FailureKind
from nabaa.subscriber.losses import TrimLoss

RATE_MINUTES = (1, 5, 60)
RATES = ("polls", "entries", "pages", "articles", "updates", "dead", "stories")


@dataclass(frozen=True, slots=True)
class FailingFeed:
    """A feed whose last poll failed.

    Attributes:
        feed_id: id of the feed.
        failures: number of failed polls in a row.
        error: reason of the last failure, one sentence.
        next_due: instant of the next poll, aware UTC; None where the feed has ended.
        kind: kind of the last failure.
    """

    feed_id: str
    failures: int
    error: str
    next_due: datetime | None
    kind: FailureKind = "other"


@dataclass(frozen=True, slots=True)
class HeldHost:
    """A host that is not polled for a while; its feeds wait without failing.

    Attributes:
        host: name of the host.
        why: `down` where several of its feeds failed, `busy` where it answered 429 or 503.
        until: instant at which the next feed tries it, aware UTC.
    """

    host: str
    why: str
    until: datetime


@dataclass(frozen=True, slots=True)
class GroupStatus:
    """The state of a consumer group of the articles, or of a subscription, on one shard.

    Attributes:
        name: name of the group.
        stream: key of the stream.
        consumers: number of consumers known to the server.
        pending: number of articles delivered and not acknowledged.
        lag: number of articles not yet delivered; None where the server cannot count it (Redis
            6.2).
        lost: its last loss to the trimming, or None.
        dead: number of its dead letters on this shard.
    """

    name: str
    stream: str
    consumers: int
    pending: int
    lag: int | None
    lost: TrimLoss | None = None
    dead: int = 0


@dataclass(frozen=True, slots=True)
class StoriesStatus:
    """The state of the stage of stories.

    Attributes:
        holder: name of the process that is at work; empty where none is.
        open: number of open stories.
        events: number of events on the stream of stories.
        placed: number of articles that it has placed since the wire began.
        lag: number of articles that it has not read; None where that is not known, as with Redis
            6.2.
        lag_seconds: age of the oldest article that it has not read, about; 0 where it has read all.
        lost: sentence about the last articles that were trimmed before it read them; empty where
            none were.
    """

    holder: str = ""
    open: int = 0
    events: int = 0
    placed: int = 0
    lag: int | None = 0
    lag_seconds: float = 0.0
    lost: str = ""


@dataclass(frozen=True, slots=True)
class PagesStatus:
    """The state of the stage that fetches the pages of articles.

    Attributes:
        waiting: number of pages that entries wait for.
        late: number of pages that are still to be fetched though their entries went without them.
        troubles: feeds whose last page brought no text, or not all, those with most in a row first.
    """

    waiting: int = 0
    late: int = 0
    troubles: tuple[FeedTrouble, ...] = ()

    @property
    def reasons(self) -> dict[str, int]:
        """The number of feeds for each kind of trouble, the most frequent first."""
        return dict(Counter(each.last.kind for each in self.troubles).most_common())


@dataclass(slots=True)
class WireStatus:
    """The state of the wire at one moment, over all shards.

    Attributes:
        at: the moment by the server's clock, aware UTC.
        feeds: number of feeds that are polled.
        due: number of feeds due now, the late ones included.
        late: number of feeds due for more than a minute.
        longest_wait_seconds: time for which the most overdue feed has been due.
        failing: feeds whose last poll failed, those with most failures first.
        ended: feeds that their publishers have closed for good; they are not polled.
        paused: feeds that a person has paused, by id; they are not polled.
        withheld: feed → number of its new entries that are left to later polls.
        notices: feed → sentences about what was mended or left out of its last document.
        held_hosts: hosts that are not polled for a while, by name.
        waiting: number of entries that no worker has taken.
        working: number of entries that a worker holds.
        articles: number of articles on the streams.
        article_bytes: memory of the articles in Redis; of a long stream a sample is measured.
        dead: number of dead letters of the workers.
        subscriptions: name → number of articles on its streams.
        groups: consumer groups of the wire and of subscriptions.
        rates: for each kind, minutes → count in the last so many minutes.
        server_faults: what the server of the wire is not as it should be, a clause each.
        memory_bytes: memory that the server uses; 0: not known, or a cluster.
        memory_limit_bytes: its `maxmemory`; 0: none, or not known.
        stories: state of the stage of stories.
        pages: state of the stage that fetches pages.
    """

    at: datetime
    feeds: int = 0
    due: int = 0
    late: int = 0
    longest_wait_seconds: float = 0.0
    failing: list[FailingFeed] = field(default_factory=list)
    ended: list[FailingFeed] = field(default_factory=list)
    paused: list[str] = field(default_factory=list)
    withheld: dict[str, int] = field(default_factory=dict)
    notices: dict[str, tuple[str, ...]] = field(default_factory=dict)
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
    server_faults: list[str] = field(default_factory=list)
    memory_bytes: int = 0
    memory_limit_bytes: int = 0
    stories: StoriesStatus = StoriesStatus()
    pages: PagesStatus = PagesStatus()

    @property
    def reasons(self) -> dict[str, int]:
        """The number of failing feeds for each kind of failure, the most frequent first."""
        return dict(Counter(feed.kind for feed in self.failing).most_common())


def sum_rates(counts: Mapping[bytes, bytes], now: float) -> dict[str, dict[int, int]]:
    """Sum up counts by the minute.

    Args:
        counts: `KIND:MINUTE` → count in that Unix minute.
        now: Unix seconds.

    Returns:
        For each kind, minutes → count in the last so many minutes; of the oldest minute, which
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
