"""From what a hub has sent to entries on the stream: parse, drop what is known, commit.

The readers, the fingerprints and the `seen` set are those of polling, so that an entry that comes
both ways comes once. Who may send is decided before, in `deliveries`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import NamedTuple

from redis.asyncio import Redis

from config.model import Feed
from ingest.changes.detect import detect_changes
from ingest.changes.limit import limit_new
from ingest.identity.fingerprint import fingerprint_beside_others
from ingest.model import Entry, Fetched
from ingest.schedule.entry_limits import EntryLimits
from ingest.streams.entries import EntriesStream, encode_entry
from ingest.streams.page_wishes import COMMIT_FUNCTIONS, NumberedPages
from nabaa.redis.client import script
from nabaa.streams.keys import Keys


@dataclass(frozen=True, slots=True)
class Pushed:
    """One document that a hub has sent.

    Attributes:
        base_url: relative links are resolved against it.
        content_type: content type that the hub states, or an empty string.
        body: bytes as they came.
        at: aware UTC time at which it had come.
    """

    base_url: str
    content_type: str
    body: bytes
    at: datetime


class Taken(NamedTuple):
    """What was taken of a document that a hub has sent.

    Attributes:
        new_entries: number of entries put on the stream.
        is_limited: whether there were more than a feed may bring at once; polling brings the rest.
    """

    new_entries: int
    is_limited: bool


class Intake:
    """Takes in what hubs send for the feeds of one shard.

    Args:
        client: answers in bytes.
        keys: the shard's keys.
        entries: the shard's stream.
        clock: aware UTC.
        limits: how many new entries a feed may bring.
    """

    def __init__(
        self,
        client: Redis,
        keys: Keys,
        entries: EntriesStream,
        clock: Callable[[], datetime],
        limits: EntryLimits,
    ) -> None:
        self._limits = limits
        self._keys = keys
        self._entries = entries
        self._clock = clock
        self._commit = script(
            client, "ingest.websub", "commit_push", durable=True, functions=COMMIT_FUNCTIONS
        )

    async def take_in(self, feed: Feed, pushed: Pushed) -> Taken:
        """Put the entries of a document that are new, or say something else, on the stream.

        Args:
            feed: which it is of.
            pushed: the document, or a part of it with its new items (WebSub, section 7).

        Returns:
            What was taken.

        Raises:
            ParseError: it is not a feed.
            redis.exceptions.RedisError: nothing was committed.
        """
        answer = Fetched(
            url=pushed.base_url,
            final_url=pushed.base_url,
            moved_to=None,
            status=HTTPStatus.OK,
            headers={"content-type": pushed.content_type} if pushed.content_type else {},
            body=pushed.body,
            elapsed_seconds=0.0,
            fetched_at=pushed.at,
        )
        known = partial(self._entries.known, feed.id)
        # The next poll compares with the digests as well: what a hub sends is not the whole feed.
        state = await self._entries.state(feed.id)
        if state.paused:  # a poll finds it when the feed goes on
            return Taken(0, is_limited=False)
        now = self._clock()
        found = await detect_changes(answer, feed, now, known, state.content_digests)
        contents = limit_new(found, self._limits.room(state, now))
        is_limited = len(contents.new) < len(found.new)
        pages = NumberedPages(self._keys, self._entries.pages)
        payloads: list[str | bytes | int] = []
        for entry in contents.new:
            number = pages.number(entry)
            payloads += [entry.fingerprint, _twin(entry), encode_entry(entry), number]
        for entry in contents.revised:
            payloads += ["", "", encode_entry(entry), pages.number(entry)]
        for alias in contents.aliases:
            payloads += [alias, "", "", 0]
        keys = self._keys
        added = await self._commit(
            keys=[
                *(keys.due, keys.seen(feed.id), keys.entries, keys.rates, keys.feed(feed.id)),
                *pages.keys,
            ],
            args=[
                feed.id,
                self._entries.pages.wait_seconds,
                len(pages.names),
                *pages.names,
                *payloads,
            ],
        )
        return Taken(max(0, int(added)), is_limited)


def _twin(entry: Entry) -> str:
    """Return the fingerprint that an entry has where others carry its guid, or an empty string."""
    twin = fingerprint_beside_others(entry.guid, entry.url)
    return "" if twin == entry.fingerprint else twin
