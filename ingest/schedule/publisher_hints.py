"""What a publisher says of how often a feed may be asked: as floors, in its headers and document.

Read are `Cache-Control: max-age` and `Expires` (RFC 9111), RSS's `ttl`, `skipHours` and `skipDays`
(https://www.rssboard.org/rss-specification) and the syndication module's `updatePeriod` and
`updateFrequency` (https://web.resource.org/rss/1.0/modules/syndication/), and `Retry-After`
(RFC 9110, 10.2.3). What is not as these pages have it is passed over.
"""

from __future__ import annotations

import email.utils
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ingest.model import Fetched

# A server that asks for more than this is not believed.
_LONGEST_RETRY_AFTER = timedelta(days=7)

_HEAD = 32_768
"""Bytes at the start of a document, and at its end, in which its own elements are looked for."""

_ITEM = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_LAST_ITEM = re.compile(rb"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_ELEMENT = re.compile(
    rb"<(?:[\w.-]+:)?(ttl|updatePeriod|updateFrequency|hour|day)(?:\s[^<>]{0,200})?>"
    rb"\s{0,20}([^<>\s]{1,20})\s{0,20}</",
    re.IGNORECASE,
)
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})\"?(?:$|[\s,;])", re.IGNORECASE)
_NOT_KEPT = re.compile(r"(?:^|[\s,])no-(?:cache|store)(?:$|[\s,=])", re.IGNORECASE)
_PERIODS = {
    "hourly": 3600,
    "daily": 86400,
    "weekly": 7 * 86400,
    "monthly": 30 * 86400,
    "yearly": 365 * 86400,
}
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class PublisherHints:
    """What a publisher says in a document of how often to ask for it.

    Attributes:
        seconds: least time between two polls; 0 where it does not say.
        hours: hours of the day (UTC) in which it is not to be asked.
        days: days of the week in which it is not to be asked, 0 for Monday.
    """

    seconds: float = 0.0
    hours: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()


def document_hints(body: bytes) -> PublisherHints:
    """Read what a feed document says outside of its items.

    Args:
        body: after decompression, in any encoding that has ASCII in it; of another nothing is read.
    """
    first = _ITEM.search(body, 0, _HEAD)
    head = body[: min(first.start() if first else len(body), _HEAD)]
    after_items = _LAST_ITEM.split(body[-_HEAD:])[1:]
    tail = after_items[-1] if after_items else b""
    found: dict[str, list[str]] = {}
    for element in _ELEMENT.finditer(head + b" " + tail):
        name, text = element[1].decode().lower(), element[2].decode("ascii", "replace")
        found.setdefault(name, []).append(text)
    ttl = _number(found.get("ttl", [""])[0]) * 60
    period = _PERIODS.get(found.get("updateperiod", [""])[0].lower(), 0)
    frequency = _number(found.get("updatefrequency", ["1"])[0]) or 1
    hours = {int(_number(hour)) % 24 for hour in found.get("hour", []) if hour.isdigit()}
    days = {_WEEK.index(day.lower()) for day in found.get("day", []) if day.lower() in _WEEK}
    return PublisherHints(
        seconds=float(max(ttl, period / frequency)),
        # One that forbids every hour or day forbids nothing: it cannot be meant.
        hours=frozenset(hours) if len(hours) < 24 else frozenset(),
        days=frozenset(days) if len(days) < 7 else frozenset(),
    )


def header_floor_seconds(headers: Mapping[str, str], now: datetime) -> float:
    """Return for how long an answer says that it is fresh (RFC 9111, 4.2.1).

    Args:
        headers: names in lower case.
        now: when the answer came, aware UTC.

    Returns:
        Seconds from now; 0 where nothing usable is said, or that it may not be kept.
    """
    control = headers.get("cache-control", "")
    if _NOT_KEPT.search(control):
        return 0.0
    if found := _MAX_AGE.search(control):
        age = headers.get("age", "").strip()
        return max(0.0, float(found[1]) - (float(age[:10]) if age.isdecimal() else 0.0))
    if "expires" not in headers:
        return 0.0
    until = _date(headers["expires"])
    # By the server's own clock: that may be wrong, and the difference is what it means.
    served = _date(headers.get("date", "")) or now
    return max(0.0, (until - served).total_seconds()) if until else 0.0


def retry_after_seconds(fetched: Fetched) -> float:
    """Return how long the server asks not to be asked: seconds or an HTTP date (RFC 9110, 10.2.3).

    Returns:
        Seconds from the answer, at most seven days; 0 where nothing usable is said.
    """
    value = fetched.headers.get("retry-after", "").strip()
    longest = _LONGEST_RETRY_AFTER.total_seconds()
    if value.isascii() and value.isdigit():
        return min(float(value[:12]), longest)
    try:
        until = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(0.0, (until - fetched.fetched_at).total_seconds()), longest)


def after_skipped(due: datetime, hints: PublisherHints) -> datetime:
    """Return the first moment from `due` on that is in no skipped hour or day.

    Args:
        due: aware UTC.
        hints: of the document.

    Returns:
        `due`, or the same part of a later hour that is not skipped: so those that wait for the
        end of an hour do not all come in its first second.
    """
    for _ in range(8 * 24):
        if due.hour not in hints.hours and due.weekday() not in hints.days:
            break
        due += timedelta(hours=1)
    return due


def encode_hints(hints: PublisherHints) -> str | None:
    """Return hints as text of less than 120 characters; None where there are none."""
    if hints == PublisherHints():
        return None
    hours, days = (" ".join(map(str, sorted(part))) for part in (hints.hours, hints.days))
    return f"{hints.seconds:.0f};{hours};{days}"


def decode_hints(text: str | None) -> PublisherHints:
    """Read hints; none where the text is none of this version."""
    try:
        seconds, hours, days = (text or "").split(";")
        return PublisherHints(
            float(seconds),
            frozenset(map(int, hours.split())),
            frozenset(map(int, days.split())),
        )
    except ValueError:
        return PublisherHints()


def _number(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0.0


def _date(text: str) -> datetime | None:
    try:
        found = email.utils.parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
