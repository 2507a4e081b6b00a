"""What the stage of stories keeps in Redis, and the one commit by which it changes.

All of it is on shard 0, so that one script may change it at once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from redis.asyncio import Redis

from nabaa.redis.client import script
from nabaa.streams.ids import FIRST
from nabaa.streams.keys import STORIES as KEYS
from nabaa.subscriber.cursor import Cursor
from workers.stories.stage.batch import Changes

_LOADED_AT_ONCE = 1_000
_NOT_MINE, _OTHER_STATE = 0, -1


class StageLost(Exception):  # noqa: N818 - it is no error: another one goes on, or this one anew
    """The state in Redis is not the one that this holder of the lease knows."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far the stage is.

    Attributes:
        sequence: number of commits so far.
        cursor: place behind the last article that was dealt with, on each shard.
        articles: number of articles that were placed so far.
    """

    sequence: int
    cursor: Cursor
    articles: int


class StageStore:
    """The state of the stage in Redis.

    Args:
        client: answers in bytes.
        holder: name of this process.
        lease_seconds: time after which the lease of a process that died is another's.
        memory_seconds: time for which the story of an article is known.
    """

    def __init__(
        self, client: Redis, holder: str, lease_seconds: float, memory_seconds: float
    ) -> None:
        self._client = client
        self._holder = holder
        self._lease_milliseconds = max(1, int(lease_seconds * 1000))
        self._memory_seconds = max(1, int(memory_seconds))
        self._hold = script(client, "workers.stories.stage", "hold_lease")
        self._release = script(client, "workers.stories.stage", "release_lease")
        self._commit = script(client, "workers.stories.stage", "commit_stories", durable=True)
        self._token = b""

    async def take(self) -> bool:
        """Take the lease, or renew it.

        Returns:
            False where another one holds it.

        Raises:
            StageLost: it was this one's and is so only under a new token: what another one did
                meanwhile is not known.
            redis.exceptions.RedisError: the server cannot be used.
        """
        had, answer = (
            self._token,
            await self._hold(
                keys=[KEYS.stories_lease, KEYS.stories_stage],
                args=[self._token, self._holder, self._lease_milliseconds],
            ),
        )
        self._token = answer or b""
        if had and self._token != had:
            raise StageLost("the lease was lost")
        return bool(self._token)

    async def release(self) -> None:
        """Let another one take the lease at once."""
        if self._token:
            await self._release(keys=[KEYS.stories_lease], args=[self._token])
            self._token = b""

    async def place(self, shards: int) -> Place:
        """Return how far the stage is.

        Args:
            shards: number of shards whose articles are read.
        """
        stored = cast("dict[bytes, bytes]", await self._client.hgetall(KEYS.stories_stage))
        cursor = Cursor((FIRST,) * shards)
        for shard in range(shards):
            if message_id := stored.get(f"at:{shard}".encode()):
                count = stored.get(f"read:{shard}".encode())
                cursor = cursor.after(shard, message_id.decode(), int(count) if count else None)
        return Place(int(stored.get(b"sequence", 0)), cursor, int(stored.get(b"articles", 0)))

    async def index_states(self) -> AsyncIterator[list[bytes]]:
        """Yield what the index knew of each open story, many at a time."""
        cursor = 0
        while True:
            cursor, found = await self._client.hscan(
                KEYS.stories_index, cursor, count=_LOADED_AT_ONCE
            )
            yield list(cast("dict[bytes, bytes]", found).values())
            if not cursor:
                return

    async def stories_of(self, articles: Sequence[str]) -> dict[str, str]:
        """Return the story of each article that was placed before, as it was placed."""
        if not articles:
            return {}
        values = await self._client.mget([KEYS.story_of(article) for article in articles])
        found = zip(articles, cast("list[bytes | None]", values), strict=True)
        return {article: story.decode() for article, story in found if story}

    async def told(self, stories: Sequence[str]) -> dict[str, bytes]:
        """Return what was told of each open story."""
        if not stories:
            return {}
        values = await self._client.hmget(KEYS.stories_open, list(stories))
        found = zip(stories, cast("list[bytes | None]", values), strict=True)
        return {story: data for story, data in found if data}

    async def commit(self, sequence: int, fields: Mapping[str, str], changes: Changes) -> list[str]:
        """Commit what a batch did, all or nothing, once however often it is called.

        Args:
            sequence: number of commits before it.
            fields: what is to stand in the stage's hash.
            changes: of the batch.

        Returns:
            `KEY: error` of each subscription's stream that could not take a story.

        Raises:
            StageLost: the lease is another's, or another one has committed.
            redis.exceptions.RedisError: the server cannot be used; it may be called again.
        """
        copies = [
            (name, number)
            for number, event in enumerate(changes.events, start=1)
            for name in event.subscriptions
        ]
        keys = [
            KEYS.stories_lease,
            KEYS.stories_stage,
            KEYS.stories,
            KEYS.stories_index,
            KEYS.stories_open,
            KEYS.rates,
            *map(KEYS.story_of, changes.stories),
        ]
        first_copy = len(keys) + 1
        numbers = (
            *(len(fields), len(changes.events), len(changes.states), len(changes.closed)),
            *(len(changes.stories), len(copies), changes.created),
        )
        answer = await self._commit(
            keys=[*keys, *(KEYS.subscription(name) for name, _ in copies)],
            args=[
                *(self._token, sequence, self._lease_milliseconds, self._memory_seconds),
                *numbers,
                *(part for pair in fields.items() for part in pair),
                *(part for event in changes.events for part in (event.strings, event.data)),
                *(part for story, states in changes.states.items() for part in (story, *states)),
                *changes.closed,
                *changes.stories.values(),
                *(
                    part
                    for place, (_, number) in enumerate(copies, start=first_copy)
                    for part in (place, number)
                ),
            ],
        )
        verdict, *failures = answer
        if verdict in (_NOT_MINE, _OTHER_STATE):
            self._token = b"" if verdict == _NOT_MINE else self._token
            raise StageLost(
                "another one holds the lease"
                if verdict == _NOT_MINE
                else "what is in Redis is not what this one left there"
            )
        return [
            f"{stream.decode()}: {error.decode(errors='replace')}"
            for stream, error in zip(failures[::2], failures[1::2], strict=True)
        ]
