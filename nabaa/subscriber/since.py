"""Where a new group begins: a span before now, or a time, as a message id."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from nabaa.errors import UsageError
from nabaa.streams.ids import FIRST, id_before
from nabaa.time_spans import parse_span


def start_of(since: str | timedelta | datetime) -> str | timedelta:
    """Return where a new group begins, as `GroupReader` takes it.

    A span stays one: it is counted back by the clock of Redis, which gave the messages their ids. A
    group that began by a clock that is ahead would miss all that comes until Redis has caught up.

    Args:
        since: a span such as `2h`, a span before now, or a time with a zone.

    Raises:
        UsageError: the text is no span, or the time names no zone.
    """
    if isinstance(since, str):
        return parse_span(since)
    return since if isinstance(since, timedelta) else message_id_of(since)


def message_id_of(since: str | timedelta | datetime) -> str:
    """Return the id of a stream before the first message of a time.

    Args:
        since: a span such as `2h`, a span before now, or a time with a zone; what lies before all
            calendars counts as the beginning.

    Raises:
        UsageError: the text is no span, or the time names no zone.
    """
    if isinstance(since, str):
        since = parse_span(since)
    if isinstance(since, timedelta):
        try:
            since = datetime.now(UTC) - since
        except OverflowError:
            return FIRST
    if since.tzinfo is None:
        raise UsageError(f"since={since} names no zone: give a time with one, such as UTC")
    return id_before(since)
