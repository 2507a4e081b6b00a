"""One poll's way over the hosts that it comes to, and what it says of them at its end."""

from __future__ import annotations

import asyncio

from ingest.fetch.host_limits import HostGate, HostRelease, HostRequest, HostVerdict
from ingest.fetch.host_names import host_of_address
from nabaa.errors import FailureKind


class HostBusyError(Exception):
    """A redirect leads to a host that has no place now: the poll waits, nothing has failed.

    Args:
        host: which.
        wait_seconds: until the feed may come again.
    """

    def __init__(self, host: str, wait_seconds: float) -> None:
        super().__init__(f"{host} is busy for {wait_seconds:.1f} s")
        self.host = host
        self.wait_seconds = wait_seconds


class HostSession:
    """One poll's way over the hosts that it comes to.

    Args:
        gate: lets it in.
        asked: how it asked for its first place; that place is its own.

    Attributes:
        first_host: the host that was asked first, or None before that.
    """

    def __init__(self, gate: HostGate, asked: HostRequest) -> None:
        self._gate = gate
        self._asked = asked
        self._held = [asked.host]
        self._reached: list[str] = []
        self.first_host: str | None = None

    async def enter(self, url: str) -> None:
        """Come to the host of an address; one where the poll is already lets it in again.

        Args:
            url: absolute http or https address.

        Raises:
            HostBusyError: the host has no place now.
        """
        host = host_of_address(url)
        if host not in self._held:
            asking = HostRequest(self._asked.feed_id, host, self._asked.waited_for_host)
            [admission] = await self._gate.admit([asking])
            if not admission.own_place:
                raise HostBusyError(host, admission.wait_seconds)
            self._held.append(host)
            await asyncio.sleep(max(0.0, admission.wait_seconds))
        if self.first_host is None:
            self.first_host = host
        if host in self._reached:
            self._reached.remove(host)
        self._reached.append(host)

    @property
    def last_host(self) -> str | None:
        """The host that the poll came to last, or None before the first."""
        return self._reached[-1] if self._reached else None

    def leave(
        self, found: HostVerdict, lasted_seconds: float = 0.0, asked_seconds: float = 0.0
    ) -> None:
        """Leave every host: the last one was found so, those before it answered.

        Args:
            found: how the last host was found; `unseen` where that is not known.
            lasted_seconds: how long the poll lasted.
            asked_seconds: how long the last host asked to be left alone, or 0.
        """
        for host in self._held:
            if host == self.last_host:
                self._gate.leave(
                    HostRelease(self._asked.feed_id, host, found, lasted_seconds, asked_seconds)
                )
            else:
                state: HostVerdict = "up" if host in self._reached else "unseen"
                self._gate.leave(HostRelease(self._asked.feed_id, host, state, lasted_seconds))


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
