"""The webhook: what a receiver gets, and what becomes of what it does not take."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from redis.asyncio import Redis

from nabaa import GroupReader
from nabaa.errors import ConfigError, OutputError
from nabaa.message import decode_article, encode_article
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from tests.support.articles import numbered_article
from tests.support.conditions import until
from workers.outputs.webhook import Webhook, decode_secret, open_client
from workers.outputs.webhook_sender import WebhookSender

pytestmark = pytest.mark.anyio
KEYS = Keys(0)
SECRET = b"0123456789abcdef01234567"


@dataclass
class Receiver:
    """Somebody's HTTP server.

    Attributes:
        status: of its answer to a body.
        taken: headers and body of what it took, in order.
        asked: requests so far.
    """

    status: Callable[[bytes], int] = lambda _: 204
    headers: dict[str, str] = field(default_factory=dict)
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    asked: int = 0
    url: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.asked += 1
        status = self.status(body)
        if status < 300:
            self.taken.append(({k.lower(): v for k, v in request.headers.items()}, body))
        return web.Response(status=status, headers=self.headers)

    def versions(self) -> list[str]:
        return sorted(decode_article(body).url for _, body in self.taken)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/", receiver.answer)
    async with TestServer(app) as server:
        receiver.url = str(server.make_url("/"))
        yield receiver


@asynccontextmanager
async def posting(
    client: Redis, receiver: Receiver, tries: int = 3, redeliver_seconds: float = 0.2
) -> AsyncIterator[asyncio.Task[None]]:
    """Run the webhook while the block lasts."""
    stop = asyncio.Event()
    async with open_client() as http:
        reader = GroupReader(client, 1, "desk", "me", redeliver_seconds=redeliver_seconds)
        sender = WebhookSender(reader, Webhook(receiver.url, SECRET, http), tries, 0.01)
        running = asyncio.create_task(sender.run(stop))
        yield running
        stop.set()
        await running


async def publish(client: Redis, count: int) -> list[str]:
    articles = [numbered_article(number) for number in range(count)]
    for article in articles:
        await client.xadd(KEYS.articles, {"data": encode_article(article)})
    return sorted(article.url for article in articles)


async def until_done(client: Redis) -> None:
    async def is_done() -> bool:
        try:
            [group] = await client.xinfo_groups(KEYS.articles)
        except ValueError:
            return False
        return bool(group["pending"] == 0 and group["lag"] == 0)

    await until(is_done)


async def test_every_article_is_posted_once_and_acknowledged(
    client: Redis, receiver: Receiver
) -> None:
    urls = await publish(client, 20)
    async with posting(client, receiver):
        await until_done(client)
    assert receiver.versions() == urls


async def test_a_receiver_can_tell_that_it_was_us(client: Redis, receiver: Receiver) -> None:
    await publish(client, 1)
    async with posting(client, receiver):
        await until_done(client)
    [(headers, body)] = receiver.taken
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new(SECRET, signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()


async def test_the_headers_carry_the_event(client: Redis, receiver: Receiver) -> None:
    await publish(client, 1)
    async with posting(client, receiver):
        await until_done(client)
    [(headers, _)] = receiver.taken
    assert headers["ce-type"] == "nabaa.article.created"
    assert headers["ce-id"] == headers["webhook-id"] == f"{0:032x}-1"
    assert headers["content-type"] == "application/json"


async def test_a_receiver_that_is_down_gets_everything_when_it_is_back(
    client: Redis, receiver: Receiver
) -> None:
    receiver.status = lambda _: 503 if receiver.asked < 3 else 200
    urls = await publish(client, 5)
    async with posting(client, receiver, tries=1):
        await until_done(client)
    assert receiver.versions() == urls
    assert not await client.exists(KEYS.dead_of("desk"))


async def test_an_article_that_is_refused_is_tried_again_and_then_buried(
    client: Redis, receiver: Receiver
) -> None:
    refused = encode_article(numbered_article(1))
    receiver.status = lambda body: 400 if body == refused else 200
    urls = await publish(client, 3)
    async with posting(client, receiver):
        await until_done(client)
    assert receiver.versions() == [url for url in urls if not url.endswith("/1")]
    assert receiver.asked == 2 + 3
    [letter] = messages_of_range(await client.xrange(KEYS.dead_of("desk")))
    assert letter.fields[b"error"].endswith(b"answered 400 Bad Request")


async def test_a_receiver_that_wants_nothing_any_more_ends_it_and_nothing_is_lost(
    client: Redis, receiver: Receiver
) -> None:
    receiver.status = lambda _: 410
    await publish(client, 3)
    with pytest.raises(OutputError, match="410"):
        async with posting(client, receiver) as running:
            await asyncio.wait([running])
    receiver.status = lambda _: 200
    async with posting(client, receiver):
        await until_done(client)
    assert len(receiver.taken) == 3


@pytest.mark.parametrize("text", ["", "whsec_", "whsec_***", "whsec_YWJj"])
def test_a_secret_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="a secret is whsec_"):
        decode_secret(text, "secret")


def test_a_secret_is_read_with_and_without_its_prefix() -> None:
    text = base64.b64encode(SECRET).decode()
    assert decode_secret(f"whsec_{text}\n", "secret") == decode_secret(text, "secret") == SECRET
