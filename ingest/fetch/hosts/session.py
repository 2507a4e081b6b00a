"""One poll's way over the hosts that it comes to, and what it says of them at its end."""

from __future__ import annotations

import asyncio

from ingest.fetch.hosts.limits import HostGate, HostRelease, HostRequest, HostVerdict
from ingest.fetch.hosts.names import host_of_address, origin_of_address
from nabaa.errors import FailureKind


class HostBusyError(Exception):
    """A redirect leads to a host that has no place now: the poll waits, nothing has failed.

    Args:
        origin: as `origin_of_address` gives it.
        wait_seconds: until the feed may come again.
    """

    def __init__(self, origin: str, wait_seconds: float) -> None:
        super().__init__(f"{origin} is busy for {wait_seconds:.1f} s")
        self.origin = origin
        self.wait_seconds = wait_seconds


class HostSession:
    """The session of one poll at the hosts that it comes to, one after the other.

    Args:
        gate: gate that gives out the slots.
        asked: request by which the poll got its first slot.
        listed: address in the list of the feed that is polled; None where no feed is.

    Attributes:
        first_host: name of the host that was asked first, or None before that.
    """

    def __init__(self, gate: HostGate, asked: HostRequest, listed: str | None = None) -> None:
        self._gate = gate
        self._asked = asked
        self._listed = origin_of_address(listed) if listed else None
        self._held = [asked.host]
        self._reached: list[str] = []
        self._origins: dict[str, str] = {}
        self.first_host: str | None = None

    async def enter(self, url: str) -> None:
        """Take a slot at the host of an address, unless the poll has one there.

        Args:
            url: absolute http or https address.

        Raises:
            HostBusyError: the host has no free slot now.
        """
        host = host_of_address(url)
        if host not in self._held:
            origin = origin_of_address(url)
            asking = HostRequest(self._asked.feed_id, host, self._asked.waited_for_host, origin)
            [admission] = await self._gate.admit([asking])
            if not admission.own_place:
                raise HostBusyError(origin, admission.wait_seconds)
            self._held.append(host)
            await asyncio.sleep(max(0.0, admission.wait_seconds))
        if self.first_host is None:
            self.first_host = host
        if host in self._reached:
            self._reached.remove(host)
        self._reached.append(host)
        self._origins[host] = origin_of_address(url)

    @property
    def last_host(self) -> str | None:
        """The host that the poll came to last, or None before the first."""
        return self._reached[-1] if self._reached else None

    @property
    def last_origin(self) -> str | None:
        """The origin that the poll came to last, or None before the first."""
        return self._origins[self.last_host] if self.last_host else None

    def leave(
        self, found: HostVerdict, lasted_seconds: float = 0.0, asked_seconds: float = 0.0
    ) -> None:
        """Leave every host: the last one was found so, those before it answered.

        A host is down for feeds that are listed at its origin alone: where a redirect or a hub's
        address leads is the word of whoever wrote it.

        Args:
            found: how the last host was found; `unseen` where that is not known.
            lasted_seconds: how long the poll lasted.
            asked_seconds: how long the last host asked to be left alone, or 0.
        """
        if found == "down" and self.last_origin != self._listed:
            found = "unseen"
        for host in self._held:
            origin = self._origins.get(host, "")
            is_last = host == self.last_host
            verdict: HostVerdict = found if is_last else "up" if origin else "unseen"
            asked = asked_seconds if is_last else 0.0
            self._gate.leave(
                HostRelease(self._asked.feed_id, host, verdict, lasted_seconds, asked, origin)
            )


def verdict_of_failure(kind: FailureKind | None) -> HostVerdict:
    """Return what a poll says of the host that it came to last.

    Args:
        kind: of its failure, or None where it had none.
    """
    match kind:
        case "down" | "dns":
            return "down"
        case "busy":
            return "busy"
        case "robots" | "other":
            return "unseen"
    return "up"
