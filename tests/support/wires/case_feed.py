"""A feed in a folder, served step by step: from its bytes over real HTTP to the articles' stream.

A folder holds for each step N the file `N.body` (what the feed serves) with `N.head` (headers), or
`N.raw` (a whole HTTP answer).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from redis.asyncio import Redis

from config.model import Feed
from config.settings import Settings
from ingest.fetch.fetcher import Fetcher
from ingest.model import FeedState
from ingest.poller import Poller, PollResult
from ingest.schedule.policy import PollPolicy
from ingest.streams.due import DueSet
from ingest.streams.entries import EntriesStream, decode_entry
from nabaa.message import article_of
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from nabaa.types import Article
from tests.support.wires.worker_service import plain_maker
from workers.publish.versions import MadeArticle
from workers.queue import WorkQueue

KEYS = Keys(0)


@dataclass(slots=True)
class CaseResult:
    """What came out of a case.

    Attributes:
        polls: result of each poll.
        articles: every version that was published, in order.
    """

    polls: list[PollResult] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)

    @property
    def created(self) -> int:
        return sum(article.version == 1 for article in self.articles)

    @property
    def updated(self) -> int:
        return sum(article.version > 1 for article in self.articles)

    @property
    def urls(self) -> list[str]:
        return [article.url for article in self.articles if article.version == 1]


def answers_of(folder: Path) -> list[bytes]:
    """Return the HTTP answer of each step of a case."""
    answers: list[bytes] = []
    while True:
        step = folder / str(len(answers) + 1)
        raw, body = step.with_suffix(".raw"), step.with_suffix(".body")
        if raw.exists():
            answers.append(raw.read_bytes())
        elif body.exists():
            head_file = step.with_suffix(".head")
            lines = head_file.read_text().splitlines() if head_file.exists() else []
            answers.append(http_answer(body.read_bytes(), *filter(None, lines)))
        else:
            return answers


def http_answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return a whole HTTP answer; what the headers do not say of the body is added."""
    named = {header.partition(":")[0].strip().lower() for header in headers}
    lines = [f"HTTP/1.1 {status}", *headers, "Connection: close"]
    if "content-type" not in named:
        lines.append("Content-Type: text/xml")
    if not named & {"content-length", "transfer-encoding"}:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class CaseWire:
    """Feeds on loopback, a poller and a worker, on one Redis."""

    def __init__(self, client: Redis, fetcher: Fetcher) -> None:
        self.port = 0
        self.answers: dict[str, bytes] = {}
        self.requests: list[bytes] = []
        self._client = client
        self._poller = Poller(fetcher, PollPolicy.of(Settings()), Random(1))
        self._stream = EntriesStream(client, KEYS, 3600)
        self._queue = WorkQueue(client, KEYS, "me")
        self._maker = plain_maker()
        self._due = DueSet(client, KEYS, 60)

    async def open(self, *names: str) -> None:
        await self._due.sync(names, 3600)
        await self._queue.join()

    def feed(self, name: str) -> Feed:
        url = f"http://127.0.0.1:{self.port}/{name}"
        return Feed(name, url, name, "صحيفة", "SA", "Asia/Riyadh")

    async def step(self, answer: bytes, name: str = "feed") -> PollResult:
        """Let a feed give this answer, poll it, and let the worker do its work."""
        self.answers[name] = answer
        [state] = await self._due.states([name])
        result = await self._poller.poll(self.feed(name), state, self._stream)
        while deliveries := await self._queue.take(1000, 0.001):
            entries = [decode_entry(delivery.data) for delivery in deliveries]
            made = [
                MadeArticle.of(entry, article)
                for entry, article in zip(entries, self._maker.make(entries), strict=True)
            ]
            await self._queue.publish(list(zip(deliveries, made, strict=True)))
        return result

    async def states(self, *names: str) -> list[FeedState]:
        return await self._due.states(names or ("feed",))

    async def articles(self) -> list[Article]:
        messages = messages_of_range(await self._client.xrange(KEYS.articles))
        return [article_of(message.fields) for message in messages]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        self.requests.append(request)
        path = request.split(b" ", 2)[1].decode().lstrip("/")
        writer.write(self.answers.get(path) or next(iter(self.answers.values())))
        await writer.drain()
        writer.close()


@asynccontextmanager
async def case_wire(client: Redis, *names: str) -> AsyncIterator[CaseWire]:
    """Open a wire whose feeds have these names; default: one that is called `feed`."""
    settings = Settings(allow_private_addresses=True, fetch_timeout_seconds=20)
    async with Fetcher(settings) as fetcher:
        wire = CaseWire(client, fetcher)
        server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
        async with server:
            wire.port = server.sockets[0].getsockname()[1]
            await wire.open(*(names or ("feed",)))
            yield wire


async def run_case(client: Redis, *answers: bytes) -> CaseResult:
    """Poll one feed through these answers."""
    result = CaseResult()
    async with case_wire(client) as wire:
        for answer in answers:
            result.polls.append(await wire.step(answer))
        result.articles = await wire.articles()
    return result
