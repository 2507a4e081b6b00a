"""A publisher and its hub on 127.0.0.1, to the W3C Recommendation (https://www.w3.org/TR/websub/).

The publisher serves feeds that name the hub; the hub takes subscriptions, verifies the intent,
sends what is published and lets leases end. What it can be told to get wrong, `Lies` lists.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from config.model import Feed
from tests.support.websub.published_feed import (
    Naming,
    PublishedFeed,
    content_type,
    write_feed,
)

HOST = "127.0.0.1"


@dataclass(slots=True)
class Lies:
    """What a hub gets wrong; by default nothing.

    Attributes:
        refuses: HTTP status with which it answers requests, or 0.
        topic: verifies another topic than it was asked for.
        silent: takes requests and never verifies them.
        denies: denies with this reason, where not None.
        method: of its signatures; `none` sends no signature.
        secret: signs with another secret than it was given.
    """

    refuses: int = 0
    topic: str = ""
    silent: bool = False
    denies: str | None = None
    method: str = "sha256"
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """A callback that the hub has asked: what for, and whether it agreed."""

    mode: str
    status: int
    agreed: bool


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A callback that the hub sends to."""

    url: str
    secret: str
    until: float


@dataclass(slots=True)
class _Topic:
    items: list[tuple[str, str]] = field(default_factory=list)
    callbacks: dict[str, Subscribed] = field(default_factory=dict)


class Hub:
    """A publisher with topics and the hub that they name; an async context manager.

    Args:
        naming: how the feeds name the hub.
        lease_seconds: what it grants, whatever is asked.
        port: to listen on; 0 for any free one.

    Attributes:
        path: of the hub as the feeds name it; `/old-hub` redirects to it.
        lies: may be changed at any time.
        requests: every form that was posted to the hub.
        verifications: what callbacks answered.
        polls: how often each feed was asked for.
    """

    def __init__(self, naming: Naming = "rss", lease_seconds: int = 86400, port: int = 0) -> None:
        self.naming = naming
        self.lease_seconds = lease_seconds
        self.path = "/hub"
        self.lies = Lies()
        self.requests: list[Mapping[str, str]] = []
        self.verifications: list[Verification] = []
        self.polls: Counter[str] = Counter()
        self.base_url = ""
        self._port = port
        self._topics: dict[str, _Topic] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/hub", self._subscribe)
        app.router.add_post("/old-hub", self._moved)
        app.router.add_get("/feeds/{name}", self._feed)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port)
        await site.start()
        self.base_url = f"http://{HOST}:{self._runner.addresses[0][1]}"
        # A connection of its own for each request: behind a callback may be several processes.
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._session.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The address of the hub as the feeds name it."""
        return f"{self.base_url}{self.path}"

    def topic(self, name: str) -> str:
        """Return the address of a feed, which is its topic."""
        return f"{self.base_url}/feeds/{name}"

    def feed(self, name: str, *items: str) -> Feed:
        """Make a feed with these items, each named by its guid, and return its record."""
        topic = self._topics.setdefault(name, _Topic())
        for item in items:
            topic.items.insert(0, (item, f"خبر {item}"))
        return Feed(
            id=name,
            url=self.topic(name),
            title=name,
            outlet=name,
            country="JO",
            timezone="Asia/Amman",
        )

    def add(self, name: str, *items: str) -> None:
        """Put items into a feed without telling the subscribers."""
        self.feed(name, *items)

    async def publish(self, name: str, *items: str) -> list[int]:
        """Put items into a feed and send them to its subscribers.

        Returns:
            What the callbacks answered.
        """
        self.feed(name, *items)
        return await self.send(name, self.document(name, only=items))

    async def send(
        self, name: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> list[int]:
        """Send a body to the subscribers of a feed whose leases have not ended."""
        alive = [each for each in self.callbacks(name) if each.until > time.time()]
        return [await self._post(name, each, body, headers or {}) for each in alive]

    def callbacks(self, name: str) -> list[Subscribed]:
        """Return the verified callbacks of a feed."""
        return list(self._topics[name].callbacks.values())

    def document(self, name: str, only: tuple[str, ...] | None = None) -> bytes:
        """Write a feed, with all items or only some."""
        items = [item for item in self._topics[name].items if only is None or item[0] in only]
        return write_feed(PublishedFeed(name, self.topic(name), self.url, items), self.naming)

    # ---- the publisher ----

    async def _feed(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        self.polls[name] += 1
        headers = {"Content-Type": content_type(self.naming)}
        if self.naming == "header":
            headers["Link"] = f'<{self.url}>; rel="hub", <{self.topic(name)}>; rel=self'
        return web.Response(body=self.document(name), headers=headers)

    # ---- the hub ----

    async def _moved(self, request: web.Request) -> web.Response:
        raise web.HTTPPermanentRedirect(f"{self.base_url}/hub")

    async def _subscribe(self, request: web.Request) -> web.Response:
        form = {key: str(value) for key, value in (await request.post()).items()}
        self.requests.append(form)
        if self.lies.refuses:
            return web.Response(status=self.lies.refuses, text="not today")
        names = [name for name in self._topics if self.topic(name) == form.get("hub.topic")]
        if not names or form.get("hub.mode") not in ("subscribe", "unsubscribe"):
            return web.Response(status=400, text="no such topic")
        if len(form.get("hub.secret", "").encode()) >= 200:
            return web.Response(status=400, text="the secret is too long")
        if not self.lies.silent:
            task = asyncio.create_task(self._verify(names[0], form))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return web.Response(status=202)

    async def _verify(self, name: str, form: Mapping[str, str]) -> None:
        if self.lies.denies is not None:
            reason = {"hub.reason": self.lies.denies} if self.lies.denies else {}
            await self.ask(form["hub.callback"], "denied", form["hub.topic"], reason)
            return
        topic = self.lies.topic or form["hub.topic"]
        lease = {"hub.lease_seconds": str(self.lease_seconds)}
        more = lease if form["hub.mode"] == "subscribe" else {}
        if not await self.ask(form["hub.callback"], form["hub.mode"], topic, more):
            return
        callbacks = self._topics[name].callbacks
        if form["hub.mode"] == "subscribe":
            until = time.time() + self.lease_seconds
            callbacks[form["hub.callback"]] = Subscribed(
                form["hub.callback"], form.get("hub.secret", ""), until
            )
        else:
            callbacks.pop(form["hub.callback"], None)

    async def ask(self, callback: str, mode: str, topic: str, more: Mapping[str, str]) -> bool:
        """Ask a callback whether it agrees (sections 5.2 and 5.3)."""
        challenge = "" if mode == "denied" else secrets.token_urlsafe(24)
        query = {"hub.mode": mode, "hub.topic": topic, **more}
        if challenge:
            query["hub.challenge"] = challenge
        async with self._session.get(f"{callback}?{urlencode(query)}") as answer:
            agreed = 200 <= answer.status < 300 and await answer.text() == challenge
            self.verifications.append(Verification(mode, answer.status, agreed))
            return agreed

    async def _post(self, name: str, to: Subscribed, body: bytes, more: Mapping[str, str]) -> int:
        headers = {
            "Content-Type": content_type(self.naming),
            "Link": f'<{self.url}>; rel="hub", <{self.topic(name)}>; rel="self"',
        }
        if self.lies.method != "none":
            digest = getattr(hashlib, self.lies.method)
            key = (self.lies.secret or to.secret).encode()
            headers["X-Hub-Signature"] = (
                f"{self.lies.method}={hmac.new(key, body, digest).hexdigest()}"
            )
        async with self._session.post(to.url, data=body, headers={**headers, **more}) as answer:
            return answer.status
