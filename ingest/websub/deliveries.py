"""What hubs want of us: to verify what was asked of them, to deny it, and to deliver news.

HTTP is `server`'s part. Whoever knows a callback's token may ask; only who knows its secret may
deliver. A hub is told no more than it has to know.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from http import HTTPStatus
from random import Random

from config.model import Feed
from ingest.streams.due import DueSet
from ingest.streams.entries import EntriesStream
from ingest.websub.intake import Intake, Pushed
from ingest.websub.signature import is_signed
from ingest.websub.store import HubSubscriptionStore
from ingest.websub.subscription import (
    HubSubscription,
    is_intended,
    on_delivered,
    on_denied,
    on_verified,
)
from nabaa.errors import ParseError, without_credentials

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class PushProgress:
    """What this process has been sent by hubs since it started.

    Attributes:
        pushes: documents that were signed as they must be.
        new_entries: entries of them that were put on the stream.
        forged: deliveries whose signature was wrong or missing; they were ignored.
        too_large: deliveries over the size limit.
        unreadable: documents that were signed but are no feed.
    """

    pushes: int = 0
    new_entries: int = 0
    forged: int = 0
    too_large: int = 0
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class PushShard:
    """What of one shard takes part in push."""

    store: HubSubscriptionStore
    due: DueSet
    entries: EntriesStream
    intake: Intake


@dataclass(frozen=True, slots=True)
class Callback:
    """One address that a hub was given.

    Attributes:
        shard: of the feed.
        feed_id: the feed.
        token: the part that cannot be guessed.
    """

    shard: int
    feed_id: str
    token: str


class Deliveries:
    """Answers hubs; any process answers for the feeds of all.

    Args:
        shards: by number.
        feed_of: gives a feed of the list by its id, or None.
        backlog_limit: entries waiting for workers at which nothing more is taken.
        clock: aware UTC.
        random: source of jitter.
    """

    def __init__(
        self,
        shards: list[PushShard],
        feed_of: Callable[[str], Feed | None],
        backlog_limit: int,
        clock: Callable[[], datetime],
        random: Random,
    ) -> None:
        self.progress = PushProgress()
        self._shards = shards
        self._feed_of = feed_of
        self._backlog_limit = backlog_limit
        self._clock = clock
        self._random = random
        self._logged_as_forged: set[str] = set()

    async def subscription_of(self, callback: Callback) -> HubSubscription | None:
        """Return the subscription that a callback belongs to, or None where it is no callback."""
        if callback.shard >= len(self._shards):
            return None
        subscription = await self._shards[callback.shard].store.get(callback.feed_id)
        return subscription if _owns(callback, subscription) else None

    async def verify(self, callback: Callback, query: Mapping[str, str]) -> bool:
        """Verify what a hub says was asked of it, or take its denial (sections 5.2 and 5.3).

        Args:
            callback: where it came.
            query: its parameters.

        Returns:
            Whether the hub is to be told yes.
        """
        mode, topic = query.get("hub.mode", ""), query.get("hub.topic", "")
        now, intended = self._clock(), False

        def decide(subscription: HubSubscription | None) -> HubSubscription | None:
            nonlocal intended
            intended = _owns(callback, subscription) and is_intended(subscription, mode, topic)
            if subscription is None or not intended:
                return subscription
            if mode == "denied":
                return on_denied(subscription, query.get("hub.reason", ""), now)
            return on_verified(
                subscription, _lease(query.get("hub.lease_seconds", "")), now, self._random
            )

        before, after = await self._shards[callback.shard].store.change(callback.feed_id, decide)
        if intended and before:
            _log_verified(callback.feed_id, before, after)
        return intended

    async def deliver(
        self, callback: Callback, subscription: HubSubscription, signature: str, pushed: Pushed
    ) -> HTTPStatus:
        """Take what was delivered (section 7).

        Args:
            callback: where it came.
            subscription: the subscription that `subscription_of` gave for it.
            signature: the header `X-Hub-Signature`.
            pushed: the document.

        Returns:
            What to answer: 202 when it was committed, and as well when it was ignored because of
            its signature; 410 when nothing is wanted of that topic any more; 503 when the hub is
            to try again.
        """
        feed_id, shard = callback.feed_id, self._shards[callback.shard]
        if not is_signed(signature, pushed.body, subscription.secret):
            self._count_forged(feed_id)
            return HTTPStatus.ACCEPTED
        if subscription.status == "leaving":
            return HTTPStatus.GONE
        feed = self._feed_of(feed_id)
        if feed is None or await shard.entries.backlog() >= self._backlog_limit:
            # Another process may have a newer list; and the workers may have caught up by then.
            return HTTPStatus.SERVICE_UNAVAILABLE
        self.progress.pushes += 1
        try:
            added, is_limited = await shard.intake.take_in(feed, pushed)
        except ParseError as error:
            self.progress.unreadable += 1
            logger.info("%s: what its hub sent; the feed itself is polled instead", error)
            await shard.due.postpone(feed_id, 0)
            return HTTPStatus.ACCEPTED
        self.progress.new_entries += added
        if is_limited:
            await shard.due.postpone(feed_id, 0)
        if added and subscription.misses:
            await shard.store.change(feed_id, on_delivered)
        return HTTPStatus.ACCEPTED

    def _count_forged(self, feed_id: str) -> None:
        self.progress.forged += 1
        level = logging.DEBUG if feed_id in self._logged_as_forged else logging.WARNING
        self._logged_as_forged.add(feed_id)
        logger.log(
            level,
            "feed %s: a delivery whose signature is wrong or missing was ignored; "
            "further ones are only counted",
            feed_id,
        )


def _owns(callback: Callback, subscription: HubSubscription | None) -> bool:
    return subscription is not None and compare_digest(
        subscription.token.encode(), callback.token.encode()
    )


def _lease(text: str) -> float | None:
    """Return seconds, or None where the hub says nothing usable."""
    return float(text) if text.isascii() and text.isdigit() and 0 < len(text) < 13 else None


def _log_verified(feed_id: str, before: HubSubscription, after: HubSubscription | None) -> None:
    if after is None:
        logger.info("feed %s: the hub %s sends no more", feed_id, without_credentials(before.hub))
    elif after.status == "denied":
        logger.warning("feed %s: %s; it is polled as ever", feed_id, after.last_error)
    elif before.status != "active" and after.lease_until:
        until = after.lease_until.isoformat(timespec="seconds")
        logger.info(
            "feed %s: the hub %s sends its news until %s",
            feed_id,
            without_credentials(before.hub),
            until,
        )
