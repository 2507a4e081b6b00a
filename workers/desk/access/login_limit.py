"""Holds up those who try one token after the other."""

from __future__ import annotations

from collections import OrderedDict

MOST_FAILURES = 10
WITHIN_SECONDS = 60.0
_MOST_ADDRESSES = 1000


class LoginLimit:
    """Counts the wrong tokens of each address."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def is_held(self, peer: str, now: float) -> bool:
        """Return whether an address has to wait.

        Args:
            peer: address that the request comes from.
            now: seconds of a clock that never goes back.
        """
        since, count = self._failures.get(peer, (now, 0))
        return count >= MOST_FAILURES and now - since < WITHIN_SECONDS

    def count_failure(self, peer: str, now: float) -> None:
        """Count a wrong token of an address; those of long ago are forgotten."""
        since, count = self._failures.pop(peer, (now, 0))
        if now - since >= WITHIN_SECONDS:
            since, count = now, 0
        self._failures[peer] = (since, count + 1)
        if len(self._failures) > _MOST_ADDRESSES:
            self._failures.popitem(last=False)
