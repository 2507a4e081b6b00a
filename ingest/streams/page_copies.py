"""Pages that were fetched lately, and the claims of shards to fetch one: for all feeds once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from redis.asyncio import Redis

from ingest.streams.pages import PageJob
from nabaa.redis.client import script
from nabaa.streams.keys import Keys, host_of, shard_of_host


class PageClaim(NamedTuple):
    """The answer to a claim.

    Attributes:
        is_own: whether the page may be fetched for this shard.
        copy: the page as it was fetched last, encoded; empty where that is too long ago.
    """

    is_own: bool
    copy: bytes


class PageCopies:
    """The pages that were fetched lately, each on the shard of its host, for all shards.

    Args:
        client: answers in bytes.
        shards: keys of all shards, by number.
        lease_seconds: how long a claim holds.
        memory_seconds: how long a page is kept.
    """

    def __init__(
        self, client: Redis, shards: Sequence[Keys], lease_seconds: float, memory_seconds: float
    ) -> None:
        self._client = client
        self._shards = shards
        self._lease_seconds = max(1, int(lease_seconds))
        self._memory_seconds = max(1, int(memory_seconds))
        self._claim = script(client, "ingest.streams", "claim_page")

    async def claim(self, shard: int, jobs: Sequence[PageJob]) -> list[PageClaim]:
        """Claim pages for a shard, so that no other fetches them meanwhile.

        Args:
            shard: number of the shard whose entries wait.
            jobs: its pages.
        """
        if not jobs:
            return []
        async with self._client.pipeline(transaction=False) as pipe:
            for job in jobs:
                keys = self._keys(job)
                await self._claim(
                    keys=[keys.page_copy(job.name), keys.page_claim(job.name)],
                    args=[shard, self._lease_seconds],
                    client=pipe,
                )
            answers = await pipe.execute()
        return [PageClaim(bool(own), copy) for own, copy in answers]

    async def keep(self, job: PageJob, page: bytes) -> None:
        """Keep a page that was fetched for whoever else shows its article."""
        key = self._keys(job).page_copy(job.name)
        await self._client.set(key, page, ex=self._memory_seconds)

    async def leave(self, job: PageJob) -> None:
        """Give up the claim of a page."""
        await self._client.delete(self._keys(job).page_claim(job.name))

    def _keys(self, job: PageJob) -> Keys:
        return self._shards[shard_of_host(host_of(job.url), len(self._shards))]
