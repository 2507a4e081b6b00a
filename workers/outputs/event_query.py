"""What a client of the server-sent events asks for, in the query of its request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import msgspec
from multidict import MultiMapping

from nabaa.errors import UsageError
from nabaa.filters.filter import VALUES, Filter, check_filter
from nabaa.subscriber.since import message_id_of
from nabaa.time_spans import parse_span
from nabaa.types import Article
from workers.outputs.access import TOKEN_PARAMETER
from workers.subscriptions.match import ArticleFacts, check_of

_LONGEST_SPAN = timedelta(days=36_500)
_OTHERS = frozenset({"since", "last_event_id", "updates", TOKEN_PARAMETER})


@dataclass(frozen=True, slots=True)
class EventQuery:
    """The question of a client.

    Attributes:
        place: the id of the last event that it has, or empty.
        begin: id of the message behind which a client without a place begins; `+`: from now on.
        is_wanted: tells of an article whether the client wants it.
    """

    place: str
    begin: str
    is_wanted: Callable[[Article], bool]


def read_query(query: MultiMapping[str], last_event_id: str) -> EventQuery:
    """Read what a client asks for: `since`, `last_event_id`, `updates` and any field of `Filter`.

    Args:
        query: parameters of the request.
        last_event_id: header field `Last-Event-ID`, or empty.

    Raises:
        NabaaError: a parameter is none of these, or its value cannot be what it should be.
    """
    since = query.get("since", "")
    if since and parse_span(since) > _LONGEST_SPAN:
        raise UsageError(f"since={since} is longer than 100 years")
    return EventQuery(
        last_event_id or query.get("last_event_id", ""),
        message_id_of(since) if since else "+",
        _filter_of(query),
    )


def _filter_of(query: MultiMapping[str]) -> Callable[[Article], bool]:
    values = {name: query.getall(name) for name in query if name not in _OTHERS}
    unknown = sorted(values.keys() - set(VALUES))
    if unknown:
        raise UsageError(f"{unknown[0]} is no condition; these are: {', '.join(VALUES)}")
    try:
        matches = check_of(check_filter(msgspec.convert(values, Filter))) if values else None
    except msgspec.ValidationError as error:
        raise UsageError(f"the query is no filter: {error}") from error
    updates = query.get("updates", "yes")
    if updates not in ("yes", "no"):
        raise UsageError(f"updates={updates}: write yes or no")
    return lambda article: (
        (updates == "yes" or article.version == 1)
        and (matches is None or matches(ArticleFacts(article)))
    )
