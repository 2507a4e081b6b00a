"""Answers made to hold a slot, to fill the memory or to go on for ever meet their limit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

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
from tests.support.faults.hostile_answers import BODY_LIMIT, TOO_MUCH, TOO_SLOW
from tests.support.faults.hostile_documents import DOCUMENTS
from tests.support.faults.hostile_items import document_of, hostile_markup
from tests.support.faults.hostile_site import Chunks, answer, serving
from tests.support.servers import Server

PEAK_BYTES = 300_000_000
"""What an ingest process may take at most, and a worker without its models likewise."""


def _fetcher(deadline_seconds: float) -> Fetcher:
    return Fetcher(
        Settings(
            allow_private_addresses=True,
            fetch_timeout_seconds=deadline_seconds,
            max_body_bytes=BODY_LIMIT,
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


def _pages() -> dict[str, Chunks]:
    hostile = [*TOO_SLOW.values(), *(chunks for chunks, _ in TOO_MUCH.values())]
    hostile += [answer(make(400_000)) for make in DOCUMENTS.values()]
    pages: dict[str, Chunks] = {}
    for name, markup in hostile_markup().items():
        item = f"<guid>html-{name}</guid><description><![CDATA[{markup}]]></description>"
        pages[f"/html-{len(pages)}"] = answer(document_of(f"<title>{name}</title>{item}"))
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
            "NABAA_MAX_BODY_BYTES": str(BODY_LIMIT),
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
    assert hostile_markup().keys() <= titles
    assert "Traceback" not in printed
    assert ingest_peak < PEAK_BYTES, f"{ingest_peak:,} bytes"
    assert work_peak < PEAK_BYTES, f"{work_peak:,} bytes"
