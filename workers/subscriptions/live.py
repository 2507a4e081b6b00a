"""The saved filters of all subscriptions in one worker: an index that follows the list in Redis."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Literal, cast

from redis.asyncio import Redis

from nabaa.errors import QueueError, UsageError
from nabaa.filters.filter import Filter, check_filter, decode_filter
from nabaa.filters.store import REVISION, SUBSCRIPTIONS
from nabaa.types import Article
from workers.subscriptions.index import SavedFilterIndex

logger = logging.getLogger(__name__)


class SavedFilters:
    """The saved filters of all subscriptions, as this worker last read them.

    Args:
        client: answers in bytes.
        per: what the subscriptions give that are matched.

    Attributes:
        names: names of all subscriptions, in order, those whose filter cannot be read among them.
        filters: filters of those that are matched, by their names.
    """

    def __init__(self, client: Redis, per: Literal["article", "story"] = "article") -> None:
        self._client = client
        self._per = per
        self._revision: bytes | None = None
        self._index = SavedFilterIndex({})
        self._filters: dict[bytes, Filter] = {}
        self._refreshing = asyncio.Lock()
        self.names: Sequence[str] = ()
        self.filters: Mapping[str, Filter] = {}

    def match(self, article: Article) -> list[str]:
        """Return the names of the subscriptions that an article matches."""
        return self._index.match(article)

    async def refresh(self) -> None:
        """Read the list again where it has changed; costs one small command where it has not.

        Raises:
            redis.exceptions.RedisError: the server cannot be used.
        """
        async with self._refreshing:
            if await self._client.hget(SUBSCRIPTIONS, REVISION.decode()) == self._revision:
                return
            everything = cast("dict[bytes, bytes]", await self._client.hgetall(SUBSCRIPTIONS))
            revision = everything.pop(REVISION, None)
            # In a thread: ten thousand new ones take a second, and entries wait for nobody.
            built = await asyncio.to_thread(self._build, everything)
            self._index, self._filters, self.filters = built
            self._revision = revision
            self.names = sorted(name.decode() for name in everything)

    def _build(
        self, stored: Mapping[bytes, bytes]
    ) -> tuple[SavedFilterIndex, dict[bytes, Filter], dict[str, Filter]]:
        read: dict[bytes, Filter] = {}
        filters: dict[str, Filter] = {}
        for name, data in stored.items():
            try:
                known = self._filters.get(data) or read.get(data)
                read[data] = known or check_filter(decode_filter(data))
            except (QueueError, UsageError) as error:
                logger.error("subscription %s receives nothing: %s", name.decode(), error)
            else:
                if read[data].per == self._per:
                    filters[name.decode()] = read[data]
        return SavedFilterIndex(filters, self._index), read, filters
