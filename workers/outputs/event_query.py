"""What a client of the server-sent events asks for, in the query of its request."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from multidict import MultiMapping

from nabaa.errors import UsageError
from nabaa.filters.filter import VALUES, Filter, check_filter
from nabaa.filters.story_filter import StoryFilter, check_story_filter
from nabaa.message import CREATED, UPDATED
from nabaa.story_message import STORY_TYPES
from nabaa.subscriber.received import Received
from nabaa.subscriber.since import message_id_of
from nabaa.time_spans import parse_span
from nabaa.types import Article
from workers.outputs.access import TOKEN_PARAMETER
from workers.subscriptions.match import ArticleFacts, check_of

_LONGEST_SPAN = timedelta(days=36_500)
_OTHERS = frozenset({"since", "last_event_id", "updates", "reprints", TOKEN_PARAMETER})
_STORY_VALUES = StoryFilter.__struct_fields__


@dataclass(frozen=True, slots=True)
class EventQuery:
    """The question of a client.

    Attributes:
        place: the id of the last event that it has, or empty.
        begin: id of the message behind which a client without a place begins; `+`: from now on.
        event_of: returns the type of the event that a message is for the client; an empty string
            where it does not want it. Raises msgspec.MsgspecError where it cannot be read.
    """

    place: str
    begin: str
    event_of: Callable[[Received], str]


def read_query(query: MultiMapping[str], last_event_id: str) -> EventQuery:
    """Read what a client of articles asks for.

    That is `since`, `last_event_id`, `updates`, `reprints`, and any field of `Filter` with values.

    Args:
        query: parameters of the request.
        last_event_id: header field `Last-Event-ID`, or empty.

    Raises:
        NabaaError: a parameter is none of these, or its value cannot be what it should be.
    """
    place, begin = _where(query, last_event_id)
    is_wanted = _filter_of(query)

    def event_of(received: Received) -> str:
        article = received.article
        if not is_wanted(article):
            return ""
        return CREATED if article.version == 1 else UPDATED

    return EventQuery(place, begin, event_of)


def read_story_query(query: MultiMapping[str], last_event_id: str) -> EventQuery:
    """Read what a client of stories asks for.

    That is `since`, `last_event_id`, and any field of `StoryFilter`.

    Args:
        query: parameters of the request.
        last_event_id: header field `Last-Event-ID`, or empty.

    Raises:
        NabaaError: a parameter is none of these, or its value cannot be what it should be.
    """
    place, begin = _where(query, last_event_id)
    stated: dict[str, Any] = _values(query, _STORY_VALUES)
    if sizes := stated.get("min_outlets"):
        stated["min_outlets"] = sizes[-1]
    try:
        wanted = check_story_filter(msgspec.convert(stated, StoryFilter, strict=False))
    except msgspec.ValidationError as error:
        raise UsageError(f"the query is no filter: {error}") from error

    def event_of(received: Received) -> str:
        is_wanted = wanted.wants(received.story, received.kind.removeprefix(STORY_TYPES))
        return received.kind if is_wanted else ""

    return EventQuery(place, begin, event_of)


def _where(query: MultiMapping[str], last_event_id: str) -> tuple[str, str]:
    """Return the place that a client has, and where it begins otherwise."""
    since = query.get("since", "")
    if since and parse_span(since) > _LONGEST_SPAN:
        raise UsageError(f"since={since} is longer than 100 years")
    place = last_event_id or query.get("last_event_id", "")
    return place, message_id_of(since) if since else "+"


def _values(query: MultiMapping[str], conditions: Collection[str]) -> dict[str, list[str]]:
    """Return the values of the conditions in a query."""
    values = {name: query.getall(name) for name in query if name not in _OTHERS}
    unknown = sorted(values.keys() - set(conditions))
    if unknown:
        raise UsageError(f"{unknown[0]} is no condition; these are: {', '.join(conditions)}")
    return values


def _filter_of(query: MultiMapping[str]) -> Callable[[Article], bool]:
    values: dict[str, Any] = _values(query, VALUES)
    updates, reprints = _yes_or_no(query, "updates"), _yes_or_no(query, "reprints")
    if reprints is False:
        values["reprints"] = False
    try:
        matches = check_of(check_filter(msgspec.convert(values, Filter))) if values else None
    except msgspec.ValidationError as error:
        raise UsageError(f"the query is no filter: {error}") from error
    return lambda article: (
        (updates is not False or article.version == 1)
        and (matches is None or matches(ArticleFacts(article)))
    )


def _yes_or_no(query: MultiMapping[str], name: str) -> bool | None:
    value = query.get(name)
    if value not in (None, "yes", "no"):
        raise UsageError(f"{name}={value}: write yes or no")
    return None if value is None else value == "yes"
