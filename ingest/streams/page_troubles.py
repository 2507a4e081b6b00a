"""Why the pages of a feed's articles bring no text: told by whoever finds out, kept a feed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec
from redis.asyncio import Redis

from nabaa.errors import FailureKind
from nabaa.redis.client import script
from nabaa.streams.keys import Keys

TroubleKind = Literal[
    FailureKind,
    "cut",
    "not_html",
    "bot_check",
    "consent",
    "login",
    "front_page",
    "paywall",
    "javascript",
    "empty",
    "list",
    "too_long",
]
"""Why a page brings no text: a failure such as feeds meet, the connection ended, it is no HTML, or
something else stands at its address: a bot wall, a request for consent, a login, the front page, an
offer to subscribe, a script, nothing, a list of articles, or more than is read."""

_KEPT_SECONDS = 7 * 86400


@dataclass(frozen=True, slots=True)
class Trouble:
    """The last trouble with the pages of a feed.

    Attributes:
        kind: kind of trouble.
        reason: one clause, for a person.
        url: address of the page.
        at: time of it, aware UTC.
    """

    kind: TroubleKind
    reason: str
    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FeedTrouble:
    """The troubles of a feed with the pages of its articles, since one brought a text.

    Attributes:
        feed_id: id of the feed.
        times: number of tries in a row that brought no text.
        last: the last trouble.
    """

    feed_id: str
    times: int
    last: Trouble


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Trouble)


class PageTroubles:
    """The troubles of the feeds of one shard with pages.

    Args:
        client: answers in bytes.
        keys: the shard's keys.
    """

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._client = client
        self._key = keys.page_troubles
        self._tell = script(client, "ingest.streams", "tell_trouble")

    async def tell(self, troubles: Collection[tuple[str, Trouble]]) -> None:
        """Tell troubles.

        Args:
            troubles: id of a feed, and what happened.
        """
        if not troubles:
            return
        async with self._client.pipeline(transaction=False) as pipe:
            for feed_id, trouble in troubles:
                args = [feed_id, _encoder.encode(trouble), _KEPT_SECONDS]
                await self._tell(keys=[self._key], args=args, client=pipe)
            await pipe.execute()

    async def end(self, feed_ids: Collection[str]) -> None:
        """Take note that pages of these feeds brought texts."""
        if feed_ids:
            await self._client.hdel(self._key, *feed_ids)


def read_troubles(stored: Mapping[bytes, bytes]) -> list[FeedTrouble]:
    """Return the troubles of a shard, by feed; what cannot be read is left out.

    Args:
        stored: hash as Redis has it.
    """
    found = []
    for feed_id, value in stored.items():
        times, _, text = value.partition(b" ")
        try:
            found.append(FeedTrouble(feed_id.decode(), int(times), _decoder.decode(text)))
        except (ValueError, msgspec.MsgspecError):
            continue
    return sorted(found, key=lambda each: each.feed_id)
