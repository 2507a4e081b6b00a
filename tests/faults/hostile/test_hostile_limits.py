"""Answers made to hold a slot, to fill the memory or to go on for ever meet their limit."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
import redis
import zstandard

from config.feed_list import save_feeds
from config.model import Feed
from config.settings import Settings
from ingest.fetch.fetcher import Fetcher
from nabaa.errors import FetchError
from nabaa.message import article_of
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from tests.support.conditions import eventually
from tests.support.daemons import Daemon
from tests.support.faults.hostile_documents import DOCUMENTS, zeros
from tests.support.faults.hostile_site import Chunks, answer, endless, serving
from tests.support.servers import Server

LIMIT = 2_000_000
PEAK_BYTES = 300_000_000
"""What an ingest process may take at most, and a worker without its models likewise."""

_OK = b"HTTP/1.1 200 OK\r\n"
_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n\r\n"
_BOMB = 50_000_000


def _nested(*codings: str) -> bytes:
    body = zeros(_BOMB, codings[0])
    for coding in codings[1:]:
        packed = {"gzip": gzip.compress, "br": brotli.compress, "zstd": zstandard.compress}
        body = packed[coding](body)
    return body


TOO_SLOW: dict[str, Chunks] = {
    "a byte now and then": endless(_OK + b"\r\n<rss>", b"x", 0.05),
    "a chunk of a byte now and then": endless(_CHUNKED, b"1\r\nx\r\n", 0.05),
    "a header that never ends": endless(_OK, b"X", 0.05),
    "headers now and then": endless(_OK, b"X-A: b\r\n", 0.05),
    "a status line byte by byte": endless(b"HTTP/1.1 200 ", b"O", 0.05),
}
TOO_MUCH: dict[str, tuple[Chunks, str]] = {
    "an endless body": (endless(_OK + b"\r\n", b"<a/>" * 20_000), "larger than 2,000,000 bytes"),
    "an endless body in chunks": (
        endless(_CHUNKED, b"10000\r\n" + b"x" * 65_536 + b"\r\n"),
        "larger than 2,000,000 bytes",
    ),
    "a chunk that says it is large": (
        endless(_CHUNKED + b"ffffffffff\r\n", b"x" * 65_536),
        "larger than 2,000,000 bytes",
    ),
    "endless headers": (endless(_OK, b"X-A: b\r\n" * 5_000), "not HTTP"),
    "one endless header": (endless(_OK + b"X-A: ", b"b" * 65_536), "not HTTP"),
    "an endless status line": (endless(b"HTTP/1.1 200 ", b"O" * 65_536), "not HTTP"),
    "a thousand headers": (
        answer(b"", *(f"X-{number}: {'b' * 8_000}" for number in range(1_000))),
        "not HTTP",
    ),
    "a redirect to itself": (
        answer(b"", "Location: /x", status="301 Moved Permanently"),
        "more than 5 redirects",
    ),
    **{
        f"a bomb of {coding}": (
            answer(zeros(_BOMB, coding), f"Content-Encoding: {coding}"),
            "larger than 2,000,000 bytes when decompressed",
        )
        for coding in ("gzip", "deflate", "br", "zstd")
    },
    "a text of 50 MB": (
        answer(
            gzip.compress(b"<rss><channel><item><title>" + b"x" * _BOMB), "Content-Encoding: gzip"
        ),
        "larger than 2,000,000 bytes when decompressed",
    ),
    "a bomb in a bomb": (
        answer(_nested("gzip", "gzip"), "Content-Encoding: gzip, gzip"),
        "when decompressed",
    ),
    "a bomb of three codings": (
        answer(_nested("br", "gzip", "zstd"), "Content-Encoding: br, gzip, zstd"),
        "when decompressed",
    ),
    "a thousand codings": (
        answer(b"x" * 1000, f"Content-Encoding: {', '.join(['gzip'] * 1_000)}"),
        "content codings",
    ),
}


def _fetcher(deadline_seconds: float) -> Fetcher:
    return Fetcher(
        Settings(
            allow_private_addresses=True,
            fetch_timeout_seconds=deadline_seconds,
            max_body_bytes=LIMIT,
        )
    )


@pytest.mark.anyio
@pytest.mark.parametrize("attack", TOO_SLOW)
async def test_an_answer_that_never_ends_is_given_up_at_the_deadline(attack: str) -> None:
    with serving({"/x": TOO_SLOW[attack]}) as site:
        async with _fetcher(1) as fetcher:
            with pytest.raises(FetchError, match="no complete answer within 1 seconds"):
                await fetcher.fetch("x", f"{site.base_url}/x")


@pytest.mark.anyio
@pytest.mark.parametrize("attack", TOO_MUCH)
async def test_an_answer_that_is_too_much_is_refused(attack: str) -> None:
    chunks, said = TOO_MUCH[attack]
    with serving({"/x": chunks}) as site:
        async with _fetcher(30) as fetcher:
            with pytest.raises(FetchError, match=said):
                await fetcher.fetch("x", f"{site.base_url}/x")


# ---- all at once, beside honest feeds ---------------------------------------------------------

_HONEST = (
    "<rss version='2.0'><channel><title>x</title><item><title>خبر</title>"
    "<guid>honest-{}</guid></item></channel></rss>"
)
_HONEST_FEEDS = 3
_POLLS = 12


def _hostile_html() -> dict[str, str]:
    return {
        "depth": "<div>" * 100_000 + "نص",
        "tags": "<p " * 200_000,
        "attributes": f"<p {' a=b' * 300_000}>نص",
        "ends": "<b>" * 50_000 + "</i>" * 50_000,
        "signs": "«" * 200_000,
        "marks": "ا" + "\u0650" * 200_000,
        "references": "&amp;lt;p&amp;gt;" * 50_000,
        "a word": "ن" * 500_000,
        "quotes": "قال سمير: «" * 20_000,
    }


def _pages() -> dict[str, Chunks]:
    hostile = [*TOO_SLOW.values(), *(chunks for chunks, _ in TOO_MUCH.values())]
    hostile += [answer(make(400_000)) for make in DOCUMENTS.values()]
    pages: dict[str, Chunks] = {}
    for name, markup in _hostile_html().items():
        document = (
            f"<rss version='2.0'><channel><title>x</title><item><title>{name}</title>"
            f"<guid>html-{name}</guid><description><![CDATA[{markup}]]></description></item>"
            "</channel></rss>"
        )
        pages[f"/html-{len(pages)}"] = answer(document.encode())
    pages |= {f"/hostile-{number}": chunks for number, chunks in enumerate(hostile)}
    for number in range(_HONEST_FEEDS):
        pages[f"/honest-{number}"] = answer(_HONEST.format(number).encode())
    return pages


@pytest.fixture
def running_server(server: Server) -> Iterator[Server]:
    server.start()
    yield server


@pytest.mark.load
def test_all_attacks_at_once_neither_fill_the_memory_nor_stop_honest_feeds(
    running_server: Server, tmp_path: Path
) -> None:
    pages = _pages()
    with serving(pages) as site:
        save_feeds(
            tmp_path / "feeds.yaml",
            [
                Feed(
                    path[1:],
                    site.base_url + path,
                    path,
                    "صحيفة",
                    "JO",
                    "UTC",
                    interval_seconds=1 if path.startswith("/honest") else 3600,
                )
                for path in pages
            ],
        )
        settings = {
            "NABAA_REDIS_URL": running_server.url,
            "NABAA_FEEDS_FILE": str(tmp_path / "feeds.yaml"),
            "NABAA_ALLOW_PRIVATE_ADDRESSES": "true",
            "NABAA_FULL_TEXT": "never",
            "NABAA_TICK_SECONDS": "0.1",
            "NABAA_FETCH_TIMEOUT_SECONDS": "5",
            "NABAA_MAX_BODY_BYTES": str(LIMIT),
        }

        markup_seen = [Keys(0).seen(path[1:]) for path in pages if path.startswith("/html")]

        def all_are_asked() -> bool:
            return all(site.asked[path] for path in pages)

        def honest_go_on() -> bool:
            asked = (site.asked[f"/honest-{number}"] for number in range(_HONEST_FEEDS))
            return all(times >= _POLLS for times in asked)

        with redis.Redis.from_url(running_server.url) as client:
            with Daemon("ingest", settings=settings, log=tmp_path / "ingest.log") as ingest:
                eventually(all_are_asked, 60)
                eventually(honest_go_on, 60)
                eventually(lambda: all(map(client.exists, markup_seen)), 60)
                assert ingest.process.poll() is None
                ingest_peak = ingest.peak_bytes()
                ingest.stop()
                printed = ingest.printed()
            with Daemon("work", settings=settings, log=tmp_path / "work.log") as work:
                eventually(lambda: client.xlen(Keys(0).entries) == 0, 60)
                assert work.process.poll() is None
                work_peak = work.peak_bytes()
            articles = messages_of_range(client.xrange(Keys(0).articles))
            titles = {article_of(each.fields).title for each in articles}
            assert client.xlen(Keys(0).dead) == 0
    assert _hostile_html().keys() <= titles
    assert "Traceback" not in printed
    assert ingest_peak < PEAK_BYTES, f"{ingest_peak:,} bytes"
    assert work_peak < PEAK_BYTES, f"{work_peak:,} bytes"
