"""The entries stream: how a poll is committed to it, and how an entry is written and read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import msgspec
from redis.asyncio import Redis

from ingest.model import Entry, FeedState
from ingest.streams.feed_state import decode_state, encode_state
from ingest.streams.page_wishes import COMMIT_FUNCTIONS, NO_PAGES, NumberedPages, PagePlan
from nabaa.redis.client import script
from nabaa.redis.pipelining import BatchedScript
from nabaa.streams.keys import Keys

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Entry)

_NODES_MEASURED = 100  # of the stream; an entry of 4 KB and more has one to itself


def encode_entry(entry: Entry) -> bytes:
    """Return an entry as JSON, UTF-8."""
    return _encoder.encode(entry)


def decode_entry(data: bytes) -> Entry:
    """Read an entry back.

    Raises:
        msgspec.ValidationError: it is not an entry of this version.
        msgspec.DecodeError: it is not JSON.
    """
    return _decoder.decode(data)


@dataclass(frozen=True, slots=True)
class PollCommit:
    """What a poll came to: all of it is written together, or nothing.

    Attributes:
        feed_id: the feed.
        state: what to remember of it.
        delay_seconds: seconds until it is due again; infinite for never.
        fingerprints: those of the document's entries; None where no new document came.
        new: entries believed to be new; the script checks again.
        revised: entries that were seen before and say something else now.
        content_digests: `FeedState.content_digests` of the document; empty keeps those stored.
        aliases: keys of entries to remember beside the fingerprints.
    """

    feed_id: str
    state: FeedState
    delay_seconds: float
    fingerprints: Sequence[str] | None = None
    new: Sequence[Entry] = ()
    revised: Sequence[Entry] = ()
    content_digests: bytes = b""
    aliases: Sequence[str] = ()


class EntriesStream:
    """The write side of one shard's entries stream.

    Args:
        client: answers in bytes.
        keys: the shard's keys.
        retention_seconds: how long an entry that left its feed is remembered.
        pages: says which entries wait for the pages of their articles.

    Attributes:
        pages: the same.
    """

    def __init__(
        self,
        client: Redis,
        keys: Keys,
        retention_seconds: float,
        pages: PagePlan = NO_PAGES,
    ) -> None:
        self.pages = pages
        self._client = client
        self._keys = keys
        self._retention_seconds = retention_seconds
        commit = script(
            client, "ingest.streams", "commit_poll", durable=True, functions=COMMIT_FUNCTIONS
        )
        self._commit = BatchedScript(client, commit)

    async def known(self, feed_id: str, fingerprints: Sequence[str]) -> set[str]:
        """Return those of the fingerprints that the feed has shown before."""
        if not fingerprints:
            return set()
        scores = await self._client.zmscore(self._keys.seen(feed_id), list(fingerprints))
        return {
            fingerprint
            for fingerprint, score in zip(fingerprints, scores, strict=True)
            if score is not None
        }

    async def state(self, feed_id: str) -> FeedState:
        """Return what is remembered of a feed, as it is now."""
        stored = await self._client.hgetall(self._keys.feed(feed_id))
        return decode_state(cast("dict[bytes, bytes]", stored))

    async def commit_poll(self, commit: PollCommit) -> int:
        """Commit one poll, all or nothing; doing it twice adds nothing.

        Args:
            commit: what the poll came to. Revised entries are queued again where it is done twice;
                the workers publish no version twice.

        Returns:
            How many entries were new.

        Raises:
            redis.exceptions.RedisError: nothing was committed.
        """
        fingerprints = commit.fingerprints
        pages = NumberedPages(self._keys, self.pages)
        payloads: list[str | bytes | int] = [len(commit.revised)]
        for entry in commit.revised:
            payloads += [encode_entry(entry), pages.number(entry)]
        for entry in commit.new:
            payloads += [entry.fingerprint, encode_entry(entry), pages.number(entry)]
        keys, feed_id = self._keys, commit.feed_id
        answer = await self._commit(
            keys=[
                *(keys.due, keys.feed(feed_id), keys.seen(feed_id), keys.entries, keys.rates),
                *pages.keys,
            ],
            args=[
                commit.feed_id,
                commit.delay_seconds,
                self._retention_seconds,
                encode_state(commit.state),
                self.pages.wait_seconds,
                len(pages.names),
                *pages.names,
                -1 if fingerprints is None else len(fingerprints),
                *(fingerprints or ()),
                commit.content_digests,
                len(commit.aliases),
                *commit.aliases,
                *payloads,
            ],
        )
        return int(answer)

    async def backlog(self) -> int:
        """Return how many entries wait, for workers or for their pages, or are being worked on."""
        async with self._client.pipeline(transaction=False) as pipe:
            pipe.xlen(self._keys.entries)
            pipe.zcard(self._keys.page_waits)
            return sum(map(int, await pipe.execute()))

    async def backlog_bytes(self) -> int:
        """Return the memory that they take in Redis; of many a sample is measured."""
        size = await self._client.memory_usage(self._keys.entries, samples=_NODES_MEASURED)
        return int(size or 0)
