"""One exchange with a webhook: an article is posted, signed, and the answer is judged.

Signed as Standard Webhooks has it, an HTTP message of CloudEvents in the binary mode. When an
article is posted, and again, is the part of `webhook_sender`.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import responses
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Literal
from urllib.parse import quote

import httpx

from nabaa.errors import ConfigError, UsageError, without_credentials
from nabaa.message import event_attributes
from nabaa.subscriber.received import Received

DEADLINE_SECONDS = 15.0
"""For a whole exchange, from the connection to the answer."""

LONGEST_WAIT_SECONDS = 3600.0
"""Of what a receiver asks for with `Retry-After`."""

_PLAIN = " /:;,?!()+=@&-._~#*'"
"""Characters of a header that are not percent-encoded, beside letters and digits."""

_CONNECT_SECONDS = 8.0
_ANSWER_BYTES = 64 * 1024
_ANSWER_SECONDS = 1.0

Verdict = Literal["taken", "refused", "failed", "down", "gone"]
"""`refused`: this article; `down`: the receiver, for now; `gone`: the receiver, for good; `failed`:
the article or the receiver, which one answer does not tell."""

# Of the receiver or of this article: who is not let in (401, 403), whose address is wrong (404) or
# who overloads a gateway is not let in with any other article either.
_FAILED = frozenset({401, 403, 404, 405, 407, 408, 421, 425})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a posted article.

    Attributes:
        verdict: what the answer means.
        reason: a clause for logs and dead letters; names the receiver.
        wait_seconds: the time that the receiver asked for with `Retry-After`, or 0.
    """

    verdict: Verdict
    reason: str
    wait_seconds: float = 0.0


class Webhook:
    """An address that takes articles.

    Args:
        url: http or https, as `check_url` has it.
        secret: signs what is posted; empty: nothing is signed.
        http: open client, of `open_client`.
        deadline_seconds: for a whole exchange.
    """

    def __init__(
        self,
        url: str,
        secret: bytes,
        http: httpx.AsyncClient,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self.host = httpx.URL(url).host
        self._url = url
        self._secret = secret
        self._http = http
        self._deadline_seconds = deadline_seconds

    async def post(self, received: Received) -> Outcome:
        """Post an article; a second time it has the same `webhook-id`.

        The body of the answer is neither unpacked nor kept, and read up to 64 KB only, so that the
        connection can be used again.

        Raises:
            msgspec.MsgspecError: the message is not an article.
        """
        headers = self._headers(received)
        outcome: Outcome | None = None
        try:
            async with (
                asyncio.timeout(self._deadline_seconds),
                self._http.stream(
                    "POST", self._url, content=received.data, headers=headers
                ) as answer,
            ):
                outcome = judge(
                    self.host,
                    answer.status_code,
                    answer.headers.get("retry-after", ""),
                    datetime.now(UTC),
                )
                await _read_to_the_end(answer)
        except (TimeoutError, httpx.HTTPError) as error:
            return outcome or self._unanswered(error)
        return outcome

    def _headers(self, received: Received) -> dict[str, str]:
        attributes = _attributes(received)
        signature = signature_headers(
            self._secret, dict(attributes)["id"], int(time.time()), received.data
        )
        return {
            **{
                f"ce-{name}": quote(value, safe=" /:;,?!()+=@&-._~#*'")
                for name, value in attributes
            },
            "accept-encoding": "identity",
            "content-type": "application/json",
            "user-agent": "nabaa",
            **signature,
        }

    def _unanswered(self, error: Exception) -> Outcome:
        match error:
            case httpx.ConnectTimeout():
                return Outcome("down", f"{self.host}: no connection within {_CONNECT_SECONDS:g} s")
            case httpx.ConnectError() | httpx.ProxyError() | httpx.UnsupportedProtocol():
                return Outcome("down", f"{self.host} cannot be reached: {error or 'no connection'}")
            case TimeoutError() | httpx.TimeoutException():
                reason = f"no answer within {self._deadline_seconds:g} s"
            case httpx.ProtocolError():
                reason = f"the answer is no HTTP: {error or type(error).__name__}"
            case _:
                reason = f"the connection was lost: {error or type(error).__name__}"
        return Outcome("failed", f"{self.host}: {reason}")


def judge(host: str, status: int, retry_after: str, now: datetime) -> Outcome:
    """Return what an answer means (RFC 9110, section 15).

    Args:
        host: of the receiver.
        status: of the answer.
        retry_after: header field `Retry-After`, or empty.
        now: aware UTC.
    """
    reason = f"{host} answered {status} {responses.get(status, '')}".rstrip()
    wait_seconds = retry_after_seconds(retry_after, now)
    if 200 <= status < 300:
        return Outcome("taken", reason)
    if status == HTTPStatus.GONE:
        return Outcome("gone", f"{reason}: it wants no articles any more")
    if status == HTTPStatus.TOO_MANY_REQUESTS or (status >= 500 and wait_seconds):
        return Outcome("down", reason, wait_seconds)
    if status >= 500 or 300 <= status < 400 or status in _FAILED:
        return Outcome("failed", reason)
    return Outcome("refused", reason)


def retry_after_seconds(value: str, now: datetime) -> float:
    """Return for how long a receiver asks to be left alone: 0 to 3,600 seconds.

    Args:
        value: seconds or an HTTP date (RFC 9110, section 10.2.3); anything else asks for nothing.
        now: aware UTC.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(LONGEST_WAIT_SECONDS, float(value))
    try:
        at = parsedate_to_datetime(value)
        seconds = (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return 0.0
    return min(LONGEST_WAIT_SECONDS, max(0.0, seconds))


def check_url(url: str) -> str:
    """Return an address that can be posted to.

    Raises:
        UsageError: it is none.
    """
    try:
        parsed = httpx.URL(url)
        is_address = (
            parsed.scheme in ("http", "https")
            and bool(parsed.raw_host)
            and 0 < (parsed.port or 443) < 65536
        )
    except (httpx.InvalidURL, UnicodeError, ValueError):
        is_address = False
    if not is_address:
        raise UsageError(
            f"{without_credentials(url)}: the address of a webhook is https:// or http:// and a "
            "host, such as https://desk.example/nabaa"
        )
    return url


def open_client() -> httpx.AsyncClient:
    """Return a client that follows no redirect and keeps no cookie."""
    return httpx.AsyncClient(
        timeout=httpx.Timeout(None, connect=_CONNECT_SECONDS),
        follow_redirects=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )


def signature_headers(secret: bytes, event_id: str, at: int, body: bytes) -> dict[str, str]:
    """Return the headers by which a receiver knows who sent an article, and when.

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
    except (binascii.Error, ValueError):
        secret = b""
    if not 24 <= len(secret) <= 64:
        raise ConfigError(f"{source}: a secret is whsec_ and the base64 of 24 to 64 bytes")
    return secret


def _attributes(received: Received) -> list[tuple[str, str]]:
    """Return the attributes of the event that a message carries."""
    if not received.is_story:
        return event_attributes(received.article, received.at)
    given = {
        name.decode(): value.decode() for name, value in received.fields.items() if name != b"data"
    }
    return [(name, value) for name, value in given.items() if name != "datacontenttype"]


async def _read_to_the_end(answer: httpx.Response) -> None:
    """Read a short body, so that the connection can be used again; leave a long or slow one."""
    size = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(_ANSWER_SECONDS):
            async for chunk in answer.aiter_raw():
                size += len(chunk)
                if size > _ANSWER_BYTES:
                    return
