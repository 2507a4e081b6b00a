"""Posts the articles of a group to a webhook, each until it was taken.

A receiver that is down is waited for; an article that it does not take is tried again some times
and then goes to the dead letters of the group, while others go on.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec

from nabaa.errors import OutputError
from nabaa.redis.errors import TRANSIENT_ERRORS
from nabaa.subscriber.group import GroupReader
from nabaa.subscriber.received import Received
from workers.outputs.receiver import ReceiverHealth
from workers.outputs.webhook import Outcome, Webhook

logger = logging.getLogger(__name__)

AT_ONCE = 8
"""Articles that are posted at the same time."""

_SUSPECTS_AT_ONCE = 4  # of them: articles that fail while others do not must not hold these up
_MOST_WAITING = 64
_GRACE_SECONDS = 2.0


class WebhookSender:
    """Posts the articles of a group to a webhook.

    Args:
        reader: of the group.
        webhook: where the articles go.
        tries: after so many failures of its own an article goes to the dead letters of the group.
        backoff_seconds: before the second try of an article that failed; doubles with each.
    """

    def __init__(
        self, reader: GroupReader, webhook: Webhook, tries: int = 8, backoff_seconds: float = 5.0
    ) -> None:
        self._reader = reader
        self._webhook = webhook
        self._tries = tries
        self._backoff_seconds = backoff_seconds
        self._health = ReceiverHealth()
        self._fresh: deque[Received] = deque()
        self._failed: deque[Received] = deque()  # nobody knows yet whether it was their fault
        self._retries: deque[Received] = deque()  # the receiver took another since they failed
        self._posts: dict[asyncio.Task[None], bool] = {}  # and whether its article is suspected
        self._probe: asyncio.Task[None] | None = None
        self._gone: Outcome | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Post until `stop` is set; what has not been taken then goes back to the group.

        Raises:
            OutputError: the receiver wants nothing any more.
            QueueError: there is no such subscription, or it was removed.
        """
        stopping = asyncio.create_task(stop.wait())
        following: asyncio.Task[Received | None] | None = None
        try:
            async with aclosing(self._reader.read(stop)) as articles:
                try:
                    while not (stop.is_set() or self._gone):
                        self._start_posts()
                        if following is None and not self._fresh and self._has_room():
                            following = asyncio.create_task(_next(articles))
                        waits = {stopping, *self._posts, *([following] if following else ())}
                        await asyncio.wait(
                            waits, timeout=self._pause(), return_when=asyncio.FIRST_COMPLETED
                        )
                        self._end_posts()
                        if following and following.done():
                            received, following = following.result(), None
                            self._take(received)
                finally:
                    await self._end(following)
        finally:
            stopping.cancel()
            await self._reader.hand_back()
        if self._gone:
            raise OutputError(self._gone.reason)

    def _has_room(self) -> bool:
        return len(self._failed) + len(self._retries) < _MOST_WAITING

    def _take(self, received: Received | None) -> None:
        if received is not None:
            is_suspect = self._health.is_suspect(received.message_id)
            (self._retries if is_suspect else self._fresh).append(received)

    def _start_posts(self) -> None:
        while len(self._posts) < AT_ONCE:
            if received := self._choose():
                self._post(received)
            elif received := self._choose_probe():
                self._probe = self._post(received)
            else:
                return

    def _post(self, received: Received) -> asyncio.Task[None]:
        post = asyncio.create_task(self._deliver(received))
        self._posts[post] = self._health.is_suspect(received.message_id)
        return post

    def _choose(self) -> Received | None:
        """Return the next article that may be posted beside others."""
        if self._health.is_down:
            return None
        if self._retries and sum(self._posts.values()) < _SUSPECTS_AT_ONCE:
            return self._retries.popleft()
        return self._fresh.popleft() if self._fresh else None

    def _choose_probe(self) -> Received | None:
        """Return the one article that is tried after a pause; one that did not fail tells most."""
        if self._probe in self._posts or self._pause():
            return None
        queues = (self._fresh, self._retries, self._failed)
        for queue in queues if self._health.is_down else (self._failed,):
            if queue:
                return queue.popleft()
        return None

    def _pause(self) -> float | None:
        """Return for how many seconds what failed may not be tried; None where nothing waits."""
        if not (self._health.is_down or self._failed):
            return None
        return max(0.0, self._health.resumes_at - asyncio.get_running_loop().time()) or None

    def _end_posts(self) -> None:
        for post in [post for post in self._posts if post.done()]:
            del self._posts[post]
            post.result()

    async def _end(self, following: asyncio.Task[Received | None] | None) -> None:
        """Give what is on its way a moment: what was posted is acknowledged, none is begun."""
        tasks = {*self._posts, *([following] if following else ())}
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=_GRACE_SECONDS)
        for task in late:
            task.cancel()
        for error in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(error, Exception):
                logger.error("the webhook ends with an error", exc_info=error)

    async def _deliver(self, received: Received) -> None:
        began = asyncio.get_running_loop().time()
        try:
            outcome = await self._webhook.post(received)
        except msgspec.MsgspecError as error:
            # What cannot be read now cannot be read later.
            await self._count(received, f"not an article of this version: {error}", tries=0)
            return
        except Exception as error:
            # A fault of ours with one article must not end the others.
            logger.exception("article %s cannot be posted", received.message_id)
            await self._count(received, f"{type(error).__name__}: {error}", self._tries)
            return
        match outcome.verdict:
            case "taken":
                self._note_alive(received)
                self._health.forget(received.message_id)
                await self._reader.acknowledge(received)
            case "refused":
                self._note_alive(received)
                await self._count(received, outcome.reason, self._tries)
            case "gone":
                self._gone = outcome
            case "failed" | "down":
                await self._fail(received, outcome, began)

    def _note_alive(self, received: Received) -> None:
        if self._health.is_down:
            logger.info("webhook %s takes articles again", self._webhook.host)
        self._health.note_alive(received.message_id, asyncio.get_running_loop().time())
        self._retries.extend(self._failed)
        self._failed.clear()

    async def _fail(self, received: Received, outcome: Outcome, began: float) -> None:
        was_down = self._health.is_down
        now = asyncio.get_running_loop().time()
        is_own = outcome.verdict == "failed"
        if self._health.note_failure(received.message_id, began, now, outcome.wait_seconds, is_own):
            await self._count(received, outcome.reason, self._tries)
            return
        is_suspect = self._health.is_suspect(received.message_id)
        (self._retries if is_suspect else self._failed).append(received)
        if self._health.is_down and not was_down:
            logger.warning("webhook %s; articles wait for it", outcome.reason)

    async def _count(self, received: Received, reason: str, tries: int) -> None:
        """Count a failure of an article's own; it is given again later or is a dead letter."""
        try:
            is_dead = await self._reader.fail(received, reason, tries, self._backoff_seconds)
        except TRANSIENT_ERRORS as error:
            logger.warning("article %s is given again: %s", received.message_id, error)
            return
        if is_dead:
            self._health.forget(received.message_id)
        end = "it went to the dead letters of the group" if is_dead else "it is tried again"
        logger.warning("webhook %s for article %s; %s", reason, received.message_id, end)


async def _next(articles: AsyncGenerator[Received, None]) -> Received | None:
    return await anext(articles, None)
