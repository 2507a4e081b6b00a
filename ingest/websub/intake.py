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

from redis.asyncio import Redis

from config.model import Feed
from ingest.changes.detect import detect_changes
from ingest.identity.fingerprint import fingerprint_beside_others
from ingest.model import Entry, Fetched
from ingest.streams.entries import EntriesStream, encode_entry
from nabaa.redis.client import script
from nabaa.streams.keys import Keys


@dataclass(frozen=True, slots=True)
class Pushed:
    """One document that a hub has sent.

    Attributes:
        base_url: relative links are resolved against it.
        content_type: as the hub says it, or an empty string.
        body: as it came.
        at: when it had come, aware UTC.
    """

    base_url: str
    content_type: str
    body: bytes
    at: datetime


class Intake:
    """Takes in what hubs send for the feeds of one shard.

    Args:
        client: answers in bytes.
        keys: the shard's keys.
        entries: the shard's stream.
        clock: aware UTC.
    """

    def __init__(
        self, client: Redis, keys: Keys, entries: EntriesStream, clock: Callable[[], datetime]
    ) -> None:
        self._keys = keys
        self._entries = entries
        self._clock = clock
        self._commit = script(client, "ingest.websub", "commit_push", durable=True)

    async def take_in(self, feed: Feed, pushed: Pushed) -> int:
        """Put the entries of a document that are new, or say something else, on the stream.

        Args:
            feed: which it is of.
            pushed: the document, or a part of it with its new items (WebSub, section 7).

        Returns:
            How many entries were new.

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
        content_digests = await self._entries.content_digests(feed.id)
        contents = await detect_changes(answer, feed, self._clock(), known, content_digests)
        args: list[str | bytes] = [feed.id]
        for entry in contents.new:
            args += [entry.fingerprint, _twin(entry), encode_entry(entry)]
        for entry in contents.revised:
            args += ["", "", encode_entry(entry)]
        for alias in contents.aliases:
            args += [alias, "", ""]
        keys = self._keys
        added = await self._commit(
            keys=[keys.due, keys.seen(feed.id), keys.entries, keys.rates], args=args
        )
        return max(0, int(added))


def _twin(entry: Entry) -> str:
    """Return the fingerprint that an entry has where others carry its guid, or an empty string."""
    twin = fingerprint_beside_others(entry.guid, entry.url)
    return "" if twin == entry.fingerprint else twin
