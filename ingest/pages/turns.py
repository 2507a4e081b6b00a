"""Whose turn it is at a host, so that pages do not crowd the feeds out that are polled there.

`ingest.fetch.hosts.limits` promises times; a page asks for one only when none is promised to
another page of this process at the same host.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

from ingest.fetch.hosts.names import is_own_machine

_MOST_HOSTS = 10_000


class HostTurns:
    """The times before which pages ask for no place at their hosts.

    Args:
        gap_seconds: least seconds between two requests to one host.
        clock: returns seconds that run evenly.
    """

    def __init__(self, gap_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._gap_seconds = gap_seconds
        self._clock = clock
        self._next: dict[str, float] = {}
        self._behind: Counter[str] = Counter()

    def begin_round(self) -> None:
        """Begin with the pages that are due now; those of one host come back one by one."""
        self._behind.clear()

    def take(self, host: str, *, waited: bool) -> float:
        """Return how long a page is to wait before it asks for a place; 0 for now.

        Args:
            host: host of the page, as `host_of_address` gives it.
            waited: whether its time has come, as the host's limits promised.
        """
        if is_own_machine(host):
            return 0.0
        now = self._clock()
        following = self._next.get(host, now)
        if following > now and not waited:
            self._behind[host] += 1
            return following - now + (self._behind[host] - 1) * self._gap_seconds
        self._next.pop(host, None)  # the last used stands last
        self._next[host] = max(following, now + self._gap_seconds)
        if len(self._next) > _MOST_HOSTS:
            del self._next[next(iter(self._next))]
        return 0.0

    def promise(self, host: str, wait_seconds: float) -> None:
        """Take note that a page was promised a place after so many seconds."""
        if host in self._next:
            promised = self._clock() + wait_seconds + self._gap_seconds
            self._next[host] = max(self._next[host], promised)
