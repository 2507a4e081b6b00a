"""Whether this machine reaches the web at all: logged once when it does not, once when it does.

Judged by the polls of this process. Feeds on the machine itself do not count, for they need no
network.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from ingest.fetch.hosts.names import is_own_machine
from nabaa.errors import FailureKind

logger = logging.getLogger(__name__)

OFFLINE_HOSTS = 10
"""So many different hosts in a row without any answer mean that there is no network; in a list of
fewer hosts all of them, but at least `LEAST_HOSTS`."""

LEAST_HOSTS = 3
OFFLINE_SECONDS = 5.0
"""Time that passes between the first host without an answer and the verdict: hosts that do not
exist fail sooner than those that do can answer."""

HELD_SECONDS = 120.0
"""Longest time for which the failure of a feed is not logged, for it may be that of the network."""

RETRY_SECONDS = 60.0
"""Time after which each feed is tried again while there is no network."""

SILENT_KINDS: frozenset[FailureKind] = frozenset({"dns", "down"})
"""Failures that a machine without a network meets, where no answer came."""


class OfflineError(Exception):
    """No answer came, and it is not the feed's fault: nothing of it is remembered."""


class Connectivity:
    """Tells hosts that do not answer from a network that is not there.

    Args:
        clock: returns seconds that run evenly.

    Attributes:
        feeds: feeds that this process polls.
        hosts: different hosts of theirs, but for this machine itself.
        is_offline: whether no host can be reached.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.feeds = 0
        self.hosts = 0
        self.is_offline = False
        self._clock = clock
        self._silent: dict[str, FailureKind] = {}
        self._silent_since = 0.0
        self._held: dict[str, str] = {}
        self._unlogged: set[str] = set()

    @property
    def is_in_doubt(self) -> bool:
        """Whether several hosts in a row have given no answer."""
        return self.is_offline or len(self._silent) >= LEAST_HOSTS

    def report_answer(self, host: str) -> None:
        """Take note that a host has answered, whatever it said."""
        if is_own_machine(host):
            return
        if self.is_offline:
            seconds = self._clock() - self._silent_since
            logger.info("the web can be reached again after %.0f s: feeds are polled", seconds)
        self.is_offline = False
        self._silent.clear()
        self._log_held()

    def report_silence(self, host: str, kind: FailureKind) -> None:
        """Take note that no answer came from a host.

        Args:
            host: as `host_of_address` gives it.
            kind: one of `SILENT_KINDS`.
        """
        if is_own_machine(host):
            return
        if not self._silent:
            self._silent_since = self._clock()
        self._silent[host] = kind

    def hold(self, feed_id: str, host: str, sentence: str) -> None:
        """Log that no answer came for a feed, as soon as it is known that the network is there.

        Args:
            feed_id: the feed.
            host: its host.
            sentence: what is logged.
        """
        if is_own_machine(host) or self.hosts < LEAST_HOSTS:
            # So few hosts cannot show that there is no network.
            logger.warning("%s", sentence)
        else:
            self._held[feed_id] = sentence

    def was_logged(self, feed_id: str) -> bool:
        """Return whether the failure of a feed that answers again was logged, and forget it."""
        was_logged = feed_id not in self._unlogged
        self._unlogged.discard(feed_id)
        return was_logged

    def check(self) -> None:
        """Judge by what has been reported; called every second or so."""
        if self.is_offline or not self._silent:
            return
        silent_seconds = self._clock() - self._silent_since
        enough = max(LEAST_HOSTS, min(OFFLINE_HOSTS, self.hosts))
        if silent_seconds >= OFFLINE_SECONDS and len(self._silent) >= enough:
            self._declare_offline()
        elif silent_seconds >= HELD_SECONDS:
            self._log_held()

    def _declare_offline(self) -> None:
        self.is_offline = True
        self._unlogged.update(self._held)
        self._held.clear()
        are_all = len(self._silent) >= self.hosts
        who = f"none of the {self.feeds} feeds" if are_all else "no feed"
        no_names = (
            " (no host name can be looked up)" if set(self._silent.values()) == {"dns"} else ""
        )
        logger.warning(
            "%s can be reached: this machine seems to be offline%s; trying again every %.0f s",
            who,
            no_names,
            RETRY_SECONDS,
        )

    def _log_held(self) -> None:
        for sentence in self._held.values():
            logger.warning("%s", sentence)
        self._held.clear()
