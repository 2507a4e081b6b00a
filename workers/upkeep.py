"""What is tidied up every minute: old articles, old counts, readers that are gone."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import OutOfMemoryError

from config.settings import Settings
from nabaa.redis.client import script
from nabaa.redis.errors import TRANSIENT_ERRORS, StoredDataError
from nabaa.streams.keys import STORIES, Keys, all_shards
from workers.publish.retention import Retention

logger = logging.getLogger(__name__)

UPKEEP_SECONDS = 60.0
_DONE_SECONDS = 50
_RATES_KEPT_MINUTES = 24 * 60
IDLE_CONSUMER_SECONDS = 86400.0
_STREAMS_AT_ONCE = 500


class Upkeep:
    """Trims the streams, and forgets counts and readers; by the clock of Redis.

    Args:
        client: answers in bytes.
        settings: all settings.
        idle_consumer_seconds: time after which a reader counts as gone.
    """

    def __init__(
        self,
        client: Redis,
        settings: Settings,
        idle_consumer_seconds: float = IDLE_CONSUMER_SECONDS,
    ) -> None:
        self._client = client
        self._settings = settings
        self._idle_consumer_milliseconds = int(idle_consumer_seconds * 1000)
        self._retention = Retention(client)
        self._forget = script(client, "workers.publish", "forget_consumers")
        self._faults: dict[int, str] = {}

    async def run(self, subscriptions: Sequence[str]) -> None:
        """Do it for each shard that no other worker has done it for in this minute.

        A fault on one shard, such as a key that holds something else, does not stop the others.

        Args:
            subscriptions: names of all subscriptions.
        """
        for keys in all_shards(self._settings.shards):
            try:
                if await self._is_due(keys):
                    await self._tidy(keys, subscriptions)
                self._faults.pop(keys.shard, None)
            except StoredDataError as error:
                if self._faults.get(keys.shard) != str(error):
                    logger.warning("shard %d is not tidied up: %s", keys.shard, error)
                self._faults[keys.shard] = str(error)
            except TRANSIENT_ERRORS as error:
                logger.debug("shard %d is tidied up later: %s", keys.shard, error)

    async def _is_due(self, keys: Keys) -> bool:
        try:
            return bool(await self._client.set(keys.trimmed, "", nx=True, ex=_DONE_SECONDS))
        except OutOfMemoryError:
            return True  # trimming is what frees memory

    async def _tidy(self, keys: Keys, subscriptions: Sequence[str]) -> None:
        settings = self._settings
        await self._trim(keys.articles, keys.lost, settings.articles_max_length)
        await self._retention.trim_subscriptions(
            keys,
            subscriptions,
            settings.articles_max_age_seconds,
            settings.subscriptions_max_length,
        )
        streams = [keys.entries, keys.articles, *map(keys.subscription, subscriptions)]
        if keys == STORIES:
            await self._trim(keys.stories, keys.stories_lost, settings.story_events_max_length)
            streams.append(keys.stories)
        if settings.page_archive_length:
            await self._trim(keys.raw_pages, keys.raw_pages_lost, settings.page_archive_length)
        streams.append(keys.raw_pages)
        await self._forget_consumers(streams)
        await self._forget_rates(keys)

    async def _trim(self, stream: str, lost: str, max_length: int) -> None:
        """Trim a stream by age, by length and by the memory that a stream may take."""
        settings = self._settings
        length = await self._retention.fitting_length(stream, max_length, settings.stream_max_bytes)
        await self._retention.trim(stream, lost, settings.articles_max_age_seconds, length)

    async def _forget_consumers(self, streams: Sequence[str]) -> None:
        """Forget readers that have been gone for long and hold nothing."""
        for start in range(0, len(streams), _STREAMS_AT_ONCE):
            async with self._client.pipeline(transaction=False) as pipe:
                for stream in streams[start : start + _STREAMS_AT_ONCE]:
                    args = [self._idle_consumer_milliseconds]
                    await self._forget(keys=[stream], args=args, client=pipe)
                answers = await pipe.execute(raise_on_error=False)
            for answer in answers:
                # Retention has logged what is no stream.
                if isinstance(answer, Exception) and not isinstance(answer, StoredDataError):
                    raise answer

    async def _forget_rates(self, keys: Keys) -> None:
        """Forget counts that are older than a day."""
        seconds, _ = await self._client.time()
        first_minute = seconds // 60 - _RATES_KEPT_MINUTES
        fields = cast("list[bytes]", await self._client.hkeys(keys.rates))
        old = [field for field in fields if _minute_of(field) < first_minute]
        if old:
            await self._client.hdel(keys.rates, *cast("list[str]", old))


def _minute_of(field: bytes) -> int:
    """Return the minute of `KIND:MINUTE`; 0 where the field is none of ours."""
    minute = field.rpartition(b":")[2]
    return int(minute) if minute.isdigit() else 0
