"""Spans of time as a person writes them: `90m`, `24h`, `7d`."""

from __future__ import annotations

import re
from datetime import timedelta

from nabaa.errors import UsageError

_SPAN = re.compile(r"(\d{1,6})\s*([smhdw])\Z")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_span(text: str) -> timedelta:
    """Read a span of time such as `90m`, `24h` or `7d`.

    Args:
        text: a whole number of up to six digits and s, m, h, d or w.

    Raises:
        UsageError: it is none.
    """
    match = _SPAN.match(text.strip())
    if match is None or not int(match[1]):
        raise UsageError(f"{text!r} is not a span of time; write 90m, 24h, 7d or 2w")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})
