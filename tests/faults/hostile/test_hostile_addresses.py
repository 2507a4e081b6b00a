"""No feed, page, robots.txt or hub leads into the network that nabaa runs in."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from config.settings import Settings
from ingest.discovery.search import discover_feeds
from ingest.fetch.address_guard import PublicResolver, is_public
from ingest.fetch.clients import HttpClients
from ingest.fetch.fetcher import Fetcher
from ingest.fetch.ports import BAD_PORTS
from ingest.fetch.robots import RobotsGuard
from ingest.websub.hub import ask_hub
from ingest.websub.hub_links import Advert
from ingest.websub.subscription import on_advertised
from nabaa.errors import FetchError
from tests.support.farm.content.names import LoopbackResolver
from tests.support.farm.content.pages import PageSite, Reply, serve_pages

pytestmark = pytest.mark.anyio

INSIDE = (
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[::127.0.0.1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::a00:1]",
    "[2002:a9fe:a9fe::1]",
    "[2001:0:4136:e378:8000:63bf:f5ff:fffe]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[2001:db8::1]",
)
"""Loopback, private, link-local, shared, metadata, multicast, reserved; and IPv4 inside of IPv6."""

PUBLIC = "93.184.215.14"

SPELLINGS = ("2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0.0.1.", "localhost.", "0")
"""Names that the system's resolver takes for 127.0.0.1 or 0.0.0.0."""


class Names(AbstractResolver):
    """Answers each look-up with the next of the given lists of addresses, the last for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [
            ResolveResult(
                hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0
            )
            for address in answer
        ]

    async def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(Settings(fetch_timeout_seconds=5)) as opened:
        yield opened


async def on_refused(fetcher: Fetcher, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch("a", url)
    return caught.value


@pytest.mark.parametrize("host", INSIDE)
async def test_an_address_inside_is_not_connected_to(fetcher: Fetcher, host: str) -> None:
    error = await on_refused(fetcher, f"http://{host}/feed.xml")
    assert "is not a public address (NABAA_ALLOW_PRIVATE_ADDRESSES=true allows it)" in error.reason
    assert error.kind == "other"


@pytest.mark.parametrize("host", SPELLINGS)
async def test_another_spelling_of_an_address_inside_is_none_the_better(
    fetcher: Fetcher, host: str
) -> None:
    with serve_pages({"/": Reply("x")}) as site:
        port = site.base.rpartition(":")[2]
        await on_refused(fetcher, f"http://{host}:{port}/")
        assert site.asked == []


async def test_a_zone_makes_no_address_public() -> None:
    assert not is_public("fe80::1%eth0")


@pytest.mark.parametrize("name", ["metadata.google.internal", "localhost", "intern.corp"])
async def test_a_name_that_leads_inside_is_refused(name: str) -> None:
    async with Fetcher(Settings(), resolver=Names(["169.254.169.254"])) as fetcher:
        error = await on_refused(fetcher, f"http://{name}/")
    assert "169.254.169.254, which is not a public address" in error.reason


async def test_a_name_with_one_address_inside_is_refused_as_a_whole() -> None:
    async with Fetcher(Settings(), resolver=Names(["93.184.215.14", "10.0.0.1"])) as fetcher:
        error = await on_refused(fetcher, "http://two.example/")
    assert "10.0.0.1" in error.reason


@pytest.fixture
def connected_to(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that are connected to; no connection comes about."""
    addresses: list[str] = []

    async def sock_connect(_: object, __: socket.socket, address: tuple[str, int]) -> None:
        addresses.append(address[0])
        raise ConnectionRefusedError(111, "refused by the test")

    monkeypatch.setattr(asyncio.BaseEventLoop, "sock_connect", sock_connect, raising=False)
    monkeypatch.setattr(asyncio.SelectorEventLoop, "sock_connect", sock_connect)
    return addresses


async def test_the_address_that_was_checked_is_the_one_that_is_connected_to(
    connected_to: list[str],
) -> None:
    # Public when it is checked; inside for whoever would look it up again.
    async with Fetcher(Settings(), resolver=Names([PUBLIC], ["127.0.0.1"])) as fetcher:
        error = await on_refused(fetcher, "http://rebind.example/")
    assert connected_to == [PUBLIC]
    assert error.kind == "down"


async def test_a_name_that_leads_inside_later_is_refused_then(connected_to: list[str]) -> None:
    async with Fetcher(Settings(), resolver=Names([PUBLIC], ["127.0.0.1"])) as fetcher:
        await on_refused(fetcher, "http://rebind.example/")
        fetcher_later = Names(["127.0.0.1"])
    async with Fetcher(Settings(), resolver=fetcher_later) as fetcher:
        error = await on_refused(fetcher, "http://rebind.example/")
    assert "127.0.0.1, which is not a public address" in error.reason
    assert connected_to == [PUBLIC]


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "file:///etc/passwd",
        "http://inside.test/",
    ],
)
async def test_a_redirect_does_not_lead_inside(target: str) -> None:
    with serve_pages({"/": Reply(status=302, location=target)}) as site:
        async with OnlyTheSite() as fetcher:
            error = await on_refused(fetcher, site.base.replace("127.0.0.1", "site.test") + "/")
        assert site.asked == ["/"]
    assert "not a public address" in error.reason or "not an http or https" in error.reason


class ButForTheSite(PublicResolver):
    """Lets the site of a test in by its name; every other name is checked."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host == "site.test":
            return await self._inner.resolve(host, port, family)
        return await super().resolve(host, port, family)


class _SiteClients(HttpClients):
    def _guarded_resolver(self) -> AbstractResolver:
        return ButForTheSite(self._resolver)


class OnlyTheSite(Fetcher):
    """Reaches the site of a test by its name; every other address is checked."""

    def __init__(self) -> None:
        settings = Settings(fetch_timeout_seconds=5)
        super().__init__(settings)
        self._clients = _SiteClients(settings, LoopbackResolver())


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "ftp://example.com/feed",
        "data:application/rss+xml,<rss/>",
        "ws://example.com/",
        "javascript:alert(1)",
        "//example.com/feed",
        "http:///feed",
    ],
)
async def test_only_http_and_https_are_fetched(fetcher: Fetcher, url: str) -> None:
    assert "is not an http or https address" in (await on_refused(fetcher, url)).reason


@pytest.mark.parametrize("port", [*sorted(BAD_PORTS)[::12], 22, 25, 6379, 11211])
async def test_ports_of_other_services_are_not_asked(fetcher: Fetcher, port: int) -> None:
    error = await on_refused(fetcher, f"http://news.example:{port}/")
    assert error.reason == f"port {port} is not asked: no web server listens there"


async def test_a_setting_names_the_ports_that_are_asked() -> None:
    async with Fetcher(Settings(fetch_ports=(80, 443))) as fetcher:
        error = await on_refused(fetcher, "http://news.example:8080/")
    assert error.reason == "port 8080 is not asked: not one of NABAA_FETCH_PORTS"


async def test_a_proxy_of_the_surroundings_is_no_way_round_the_check(
    monkeypatch: pytest.MonkeyPatch, connected_to: list[str]
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:3128")
    async with Fetcher(Settings(), resolver=Names([PUBLIC])) as fetcher:
        await on_refused(fetcher, "http://169.254.169.254/")
        await on_refused(fetcher, "http://news.example/")
    assert connected_to == [PUBLIC]


Way = Callable[[Fetcher, str], Awaitable[object]]


async def by_page(fetcher: Fetcher, url: str) -> object:
    return await RobotsGuard(fetcher).fetch_page("a", url)


async def by_robots(fetcher: Fetcher, url: str) -> object:
    assert not await RobotsGuard(fetcher).allows(url)
    raise FetchError("a", url, "nothing was asked")


async def by_discovery(fetcher: Fetcher, url: str) -> object:
    return await discover_feeds(url, fetcher, 0)


async def by_hub(fetcher: Fetcher, url: str) -> object:
    held = on_advertised(
        None, Advert((url,), url, url), "https://wire.example/push", datetime.now(UTC)
    )
    assert held is not None
    refusal = await ask_hub(fetcher, "a", held, "https://wire.example/push/0/a/x")
    assert refusal is not None
    raise FetchError("a", url, refusal.reason)


@pytest.mark.parametrize("way", [by_page, by_robots, by_discovery, by_hub])
async def test_no_way_out_leads_inside(fetcher: Fetcher, way: Way) -> None:
    site: PageSite
    with serve_pages({"/": Reply("x"), "/robots.txt": Reply("", "text/plain")}) as site:
        with pytest.raises(FetchError):
            await way(fetcher, f"{site.base}/")
        assert site.asked == []
