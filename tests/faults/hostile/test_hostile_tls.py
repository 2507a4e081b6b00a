"""Certificates are checked; a bad one is told feed by feed; only the list makes an exception."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from aiohttp import web

from config.settings import Settings
from ingest.fetch.fetcher import Fetcher
from nabaa.errors import FetchError
from tests.support.farm.content.names import LoopbackResolver

pytestmark = pytest.mark.anyio

CA = trustme.CA()
NAME = "news.test"


class Secure:
    """A site with a certificate of the test's; counts what it is asked."""

    def __init__(self, certificate: trustme.LeafCert, redirect: str = "") -> None:
        self.asked = 0
        self.port = 0
        self._redirect = redirect
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(self._context)

    async def answer(self, _: web.Request) -> web.Response:
        self.asked += 1
        if self._redirect:
            raise web.HTTPFound(self._redirect)
        return web.Response(text="<rss/>")

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        app = web.Application()
        app.router.add_get("/", self.answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        # The failed handshakes that the tests are about are no news to the server's loop.
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=self._context).start()
        self.port = runner.addresses[0][1]
        try:
            yield f"https://{NAME}:{self.port}/"
        finally:
            await runner.cleanup()


EXPIRED = CA.issue_cert(NAME, not_after=datetime.now(UTC) - timedelta(days=1))
FOREIGN = CA.issue_cert("other.test")
UNKNOWN = trustme.CA().issue_cert(NAME)
GOOD = CA.issue_cert(NAME)


@pytest.fixture
async def fetcher(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Fetcher]:
    """A fetcher that trusts the test's authority as others trust those of the system."""
    with CA.cert_pem.tempfile() as authority:
        monkeypatch.setenv("SSL_CERT_FILE", authority)
        settings = Settings(allow_private_addresses=True, fetch_timeout_seconds=10)
        async with Fetcher(settings, resolver=LoopbackResolver()) as opened:
            yield opened


@pytest.mark.parametrize(
    ("certificate", "reason"),
    [
        (EXPIRED, "certificate has expired"),
        (FOREIGN, "Hostname mismatch"),
        (UNKNOWN, "unable to get local issuer certificate"),
    ],
    ids=["expired", "of another host", "of an unknown authority"],
)
async def test_a_certificate_that_is_not_valid_is_told_and_nothing_is_asked(
    fetcher: Fetcher, certificate: trustme.LeafCert, reason: str
) -> None:
    site = Secure(certificate)
    async with site.serving() as url:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch("a", url)
    assert f"the certificate of {NAME} is not valid" in caught.value.reason
    assert reason in caught.value.reason
    assert site.asked == 0


async def test_a_certificate_that_is_not_valid_is_passed_over_where_the_list_says_so(
    fetcher: Fetcher,
) -> None:
    async with Secure(EXPIRED).serving() as url:
        fetched = await fetcher.fetch("a", url, insecure_tls=True)
        with pytest.raises(FetchError):
            await fetcher.fetch("b", url)
    assert fetched.body == b"<rss/>"


async def test_the_exception_of_a_feed_does_not_hold_where_it_is_redirected_to(
    fetcher: Fetcher,
) -> None:
    elsewhere = Secure(EXPIRED)
    async with elsewhere.serving() as there:
        away = there.replace(NAME, "elsewhere.test")
        async with Secure(GOOD, redirect=away).serving() as url:
            with pytest.raises(FetchError, match=r"certificate of elsewhere\.test"):
                await fetcher.fetch("a", url, insecure_tls=True)
    assert elsewhere.asked == 0
