"""What kind a failure is, and what follows from the kind for the feed's wait."""

from __future__ import annotations

from http import HTTPStatus

from nabaa.errors import FailureKind

MISSING_KINDS: frozenset[FailureKind] = frozenset({"missing", "dns"})
"""Failures that seldom mend themselves: the feed is asked less and less, in the end once a week."""

_OF_STATUS: dict[int, FailureKind] = {
    HTTPStatus.NOT_FOUND: "missing",
    HTTPStatus.GONE: "gone",
    HTTPStatus.TOO_MANY_REQUESTS: "busy",
    HTTPStatus.SERVICE_UNAVAILABLE: "busy",
}


def kind_of_status(status: int) -> FailureKind:
    """Return what an HTTP status other than 200 and 304 says."""
    return _OF_STATUS.get(status, "down" if status >= 500 else "refused")


def longest_wait_seconds(kind: FailureKind, retry_max: float, missing_max: float) -> float:
    """Return the longest wait after failures of a kind.

    Args:
        kind: of the last failure.
        retry_max: seconds, for failures that may end at any time.
        missing_max: seconds, for a feed that is not there (404) or whose host has no name in DNS.
    """
    return max(retry_max, missing_max) if kind in MISSING_KINDS else retry_max
