"""The webhook: each article is posted to an address, signed, until it was taken.

Signed as Standard Webhooks has it, an HTTP message of CloudEvents in the binary mode. What a group
is given, and what becomes of an article that is refused too often, is the group reader's part.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import logging
import time
from contextlib import aclosing
from http import HTTPStatus
from urllib.parse import quote

import httpx
import msgspec

from nabaa.errors import ConfigError, NabaaError, OutputError
from nabaa.message import event_attributes
from nabaa.redis.errors import TRANSIENT_ERRORS
from nabaa.subscriber.group import GroupReader
from nabaa.subscriber.received import Received

logger = logging.getLogger(__name__)

AT_ONCE = 8
"""Articles that are posted at the same time."""

LONGEST_PAUSE_SECONDS = 60.0
"""Between two calls of an address that is down, unless it asks for more."""

_LONGEST_ASKED_SECONDS = 3600.0
_AWAY = frozenset({408, 429, 502, 503, 504})


class ArticleRefusedError(NabaaError):
    """The address does not take this article."""


class ReceiverDownError(NabaaError):
    """The address takes nothing for now.

    Attributes:
        wait_seconds: what it asked for with `Retry-After`, or 0.
    """

    def __init__(self, message: str, wait_seconds: float = 0.0) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds


class Webhook:
    """An address that takes articles.

    Args:
        url: http or https.
        secret: signs what is posted; empty: nothing is signed.
        http: open client.
    """

    def __init__(self, url: str, secret: bytes, http: httpx.AsyncClient) -> None:
        self.host = httpx.URL(url).host
        self._url = url
        self._secret = secret
        self._http = http

    async def post(self, received: Received) -> None:
        """Post an article; a second time it has the same `webhook-id`.

        Raises:
            ArticleRefusedError: it answered that it does not want this one, or fails at it.
            ReceiverDownError: it cannot be reached, or asks to be left alone.
            OutputError: it wants nothing any more (HTTP status 410).
            msgspec.MsgspecError: the message is not an article.
        """
        attributes = event_attributes(received.article, received.at)
        headers = {
            f"ce-{name}": quote(value, safe=" /:;,?!()+=@&-._~#*'") for name, value in attributes
        }
        headers |= {
            "content-type": "application/json",
            "user-agent": "nabaa",
            **signature_headers(
                self._secret, dict(attributes)["id"], int(time.time()), received.data
            ),
        }
        try:
            answer = await self._http.post(self._url, content=received.data, headers=headers)
        except httpx.HTTPError as error:
            raise ReceiverDownError(f"{self.host}: {error or type(error).__name__}") from error
        status = answer.status_code
        if status == HTTPStatus.GONE:
            raise OutputError(f"{self.host} answered 410: it wants no articles any more")
        if status in _AWAY:
            asked = answer.headers.get("retry-after", "")
            wait = min(_LONGEST_ASKED_SECONDS, float(asked)) if asked.isdecimal() else 0.0
            raise ReceiverDownError(f"{self.host} answered {status}", wait)
        if not answer.is_success:
            raise ArticleRefusedError(f"{self.host} answered {status}")


def signature_headers(secret: bytes, event_id: str, at: int, body: bytes) -> dict[str, str]:
    """Return the headers by which a receiver tells that we sent it, and when.

    Args:
        secret: shared with the receiver; empty: not signed.
        event_id: the same for each try.
        at: Unix seconds.
        body: as it is sent.
    """
    headers = {"webhook-id": event_id, "webhook-timestamp": str(at)}
    if secret:
        signed = b".".join((event_id.encode(), str(at).encode(), body))
        digest = hmac.digest(secret, signed, "sha256")
        headers["webhook-signature"] = f"v1,{base64.b64encode(digest).decode()}"
    return headers


def decode_secret(text: str, source: str) -> bytes:
    """Read a secret: `whsec_` and base64 of 24 to 64 bytes.

    Args:
        text: as it is written.
        source: names it in the error.

    Raises:
        ConfigError: it is no such secret.
    """
    try:
        secret = base64.b64decode(text.strip().removeprefix("whsec_"), validate=True)
    except binascii.Error:
        secret = b""
    if not 24 <= len(secret) <= 64:
        raise ConfigError(f"{source}: a secret is whsec_ and the base64 of 24 to 64 bytes")
    return secret


class WebhookSender:
    """Posts what a group is given.

    Args:
        reader: of the group.
        webhook: where.
        tries: an article that was refused so often goes to the dead letters of the group.
        backoff_seconds: before the second try of one that was refused; doubles with each.
    """

    def __init__(
        self, reader: GroupReader, webhook: Webhook, tries: int = 8, backoff_seconds: float = 5.0
    ) -> None:
        self._reader = reader
        self._webhook = webhook
        self._tries = tries
        self._backoff_seconds = backoff_seconds
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._gone: OutputError | None = None
        self._failures = 0  # in a row, of the address
        self._open = asyncio.Event()  # clear while the address is left alone
        self._open.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Post until `stop` is set; what has not been taken then goes back to the group.

        Raises:
            OutputError: the address wants nothing any more.
        """
        ended = asyncio.create_task(stop.wait())
        try:
            async with (
                asyncio.TaskGroup() as posting,
                aclosing(self._reader.read(stop)) as articles,
            ):
                async for received in articles:
                    await self._slots.acquire()
                    posting.create_task(self._deliver(received, stop, ended))
        finally:
            ended.cancel()
            await self._reader.hand_back()
        if self._gone:
            raise self._gone

    async def _deliver(
        self, received: Received, stop: asyncio.Event, ended: asyncio.Task[bool]
    ) -> None:
        try:
            while not ended.done():
                await self._until_open(ended)
                try:
                    await self._webhook.post(received)
                except ReceiverDownError as error:
                    await self._pause(error, ended)
                except (ArticleRefusedError, msgspec.MsgspecError) as error:
                    return await self._refused(received, error)
                except OutputError as error:
                    self._gone = error
                    stop.set()
                    return None
                else:
                    self._is_there()
                    return await self._reader.acknowledge(received)
        finally:
            self._slots.release()

    async def _until_open(self, ended: asyncio.Task[bool]) -> None:
        waiting = asyncio.create_task(self._open.wait())
        await asyncio.wait((waiting, ended), return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()

    async def _pause(self, error: ReceiverDownError, ended: asyncio.Task[bool]) -> None:
        """Leave the address alone for a while; the first of those that failed decides."""
        if not self._open.is_set():
            return
        self._open.clear()
        self._failures += 1
        if self._failures == 1:
            logger.warning("webhook %s; articles wait for it", error)
        wait = max(
            error.wait_seconds, min(LONGEST_PAUSE_SECONDS, 0.5 * 2.0 ** min(self._failures, 20))
        )
        await asyncio.wait((ended,), timeout=wait)
        self._open.set()

    def _is_there(self) -> None:
        if self._failures:
            logger.info("webhook %s takes articles again", self._webhook.host)
        self._failures = 0

    async def _refused(self, received: Received, error: Exception) -> None:
        # What cannot be read now cannot be read later.
        tries = self._tries if isinstance(error, ArticleRefusedError) else 0
        try:
            is_dead = await self._reader.fail(received, str(error), tries, self._backoff_seconds)
        except TRANSIENT_ERRORS as passing:
            logger.warning("article %s is given again: %s", received.message_id, passing)
            return
        end = "it went to the dead letters of the group" if is_dead else "it is tried again"
        logger.warning("webhook %s for article %s; %s", error, received.message_id, end)
