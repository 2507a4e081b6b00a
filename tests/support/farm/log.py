"""What was asked of each feed, and what it answered: counts, and the last requests as they came."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tests.support.farm.behaviour import REDIRECTS

KEPT_REQUESTS = 50


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """One request and its answer.

    Attributes:
        at: when the answer ended, aware UTC.
        path: as it was asked for; redirects show as `/feeds/ID`, `/feeds/ID/1` and so on.
        headers: of the request, names in lower case.
        status: of the answer, 0 where none was begun.
        body_bytes: of the answer, as they went over the wire.
        complete: whether the feed's document went out whole.
    """

    at: datetime
    path: str
    headers: Mapping[str, str]
    status: int
    body_bytes: int
    complete: bool


@dataclass(frozen=True, slots=True)
class FeedCounters:
    """Counts since the farm started.

    Attributes:
        requests: that reached a feed, those in flight included.
        redirects: answers that sent the client on.
        not_modified: answers of 304.
        complete: answers that were the whole document.
        body_bytes: of all answers, as they went over the wire.
        statuses: answers by status.
    """

    requests: int = 0
    redirects: int = 0
    not_modified: int = 0
    complete: int = 0
    body_bytes: int = 0
    statuses: Mapping[int, int] = field(default_factory=dict)


class RequestLog:
    """The log of one feed."""

    def __init__(self) -> None:
        self._begun = 0
        self._complete = 0
        self._body_bytes = 0
        self._statuses: Counter[int] = Counter()
        self._last: deque[SeenRequest] = deque(maxlen=KEPT_REQUESTS)

    def begin(self) -> int:
        """Count a request that reached the feed and return its number, from 1."""
        self._begun += 1
        return self._begun

    def end(self, seen: SeenRequest) -> None:
        """Note a request that has been answered, or whose client went away."""
        self._last.append(seen)
        self._body_bytes += seen.body_bytes
        self._complete += seen.complete
        if seen.status:
            self._statuses[seen.status] += 1

    def last(self) -> tuple[SeenRequest, ...]:
        """Return the last requests, oldest first."""
        return tuple(self._last)

    def counters(self) -> FeedCounters:
        """Return the counts so far."""
        statuses = dict(self._statuses)
        return FeedCounters(
            requests=self._begun,
            redirects=sum(statuses.get(status, 0) for status in REDIRECTS),
            not_modified=statuses.get(304, 0),
            complete=self._complete,
            body_bytes=self._body_bytes,
            statuses=statuses,
        )


def total(counters: list[FeedCounters]) -> FeedCounters:
    """Return the sum of several feeds' counts."""
    statuses: Counter[int] = Counter()
    for one in counters:
        statuses.update(one.statuses)
    return FeedCounters(
        requests=sum(one.requests for one in counters),
        redirects=sum(one.redirects for one in counters),
        not_modified=sum(one.not_modified for one in counters),
        complete=sum(one.complete for one in counters),
        body_bytes=sum(one.body_bytes for one in counters),
        statuses=dict(statuses),
    )
