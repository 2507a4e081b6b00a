"""The whole wire as a user runs it: `nabaa run`, its embedded server, and a web of feeds."""

from __future__ import annotations

import os
import re
import signal
import socket
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import httpx
import pytest
import redis

from config.feed_list import save_feeds
from config.model import Feed
from ingest.runtime.embedded import EmbeddedServer, embedded_url
from ingest.streams.feed_state import decode_state
from nabaa.message import article_of
from nabaa.streams.keys import WORKERS_GROUP, Keys
from nabaa.streams.messages import messages_of_range
from nabaa.types import Article
from tests.support.conditions import eventually
from tests.support.daemons import Daemon
from tests.support.farm.behaviour import Arrival, Behaviour, Refuse, Spell
from tests.support.farm.content.articles import SourceArticle, key_of, read_articles
from tests.support.farm.profiles import STYLES
from tests.support.farm.server import Farm
from tests.support.farm.site import Expected
from tests.support.farm.thread import run_farm_in_thread
from workers.text.normalise import normalise_line

KEYS = Keys(0)
FINGERPRINT_DIGITS = 32
FEEDS = len(STYLES)
ARTICLES = 12 * FEEDS
SHOWN_AT_FIRST = 6  # of the 12 articles of each feed


def many_articles(count: int) -> list[SourceArticle]:
    """Return `count` different articles made of the sample's, by numbering them."""
    sample = read_articles()
    articles = []
    for number in range(count):
        one = sample[number % len(sample)]
        name = f"{one.id}-{number}"
        articles.append(
            replace(one, id=name, url=f"{one.url}-{number}", title=f"{one.title} {number}")
        )
    return articles


def settings_of(folder: Path, feeds: Sequence[Feed]) -> dict[str, str]:
    save_feeds(folder / "feeds.yaml", [replace(feed, interval_seconds=None) for feed in feeds])
    return {
        "NABAA_DATA_DIR": str(folder / "data"),
        "NABAA_FEEDS_FILE": str(folder / "feeds.yaml"),
        "NABAA_HEARTBEAT_FILE": str(folder / "alive"),
        "NABAA_ALLOW_PRIVATE_ADDRESSES": "true",
        "NABAA_FULL_TEXT": "never",
        "NABAA_TICK_SECONDS": "0.1",
        "NABAA_POLL_INTERVAL_SECONDS": "0.5",
        "NABAA_RETRY_BASE_SECONDS": "0.2",
        "NABAA_RECLAIM_IDLE_SECONDS": "1",
    }


@contextmanager
def server_of(folder: Path) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(embedded_url(folder / "data")) as client:
        yield client


def failures(client: redis.Redis, feed_id: str) -> int:
    stored = cast("dict[bytes, bytes]", client.hgetall(KEYS.feed(feed_id)))
    return decode_state(stored).failures


def published(client: redis.Redis) -> int:
    try:
        return int(client.xlen(KEYS.articles))
    except redis.exceptions.ConnectionError:
        return 0  # it is only just starting


@dataclass(frozen=True)
class Story:
    """What came of a wire that was started, stopped while it worked, and started again.

    Attributes:
        statuses: exit statuses of the two stops.
        half_done: what the first stop left half done, or an empty string.
        printed: by both runs.
        alive: whether the file of the heartbeat was there.
        articles: on the stream in the end.
        expected: what the feeds showed.
        ill: the feed that refused at first.
        shown: what the desk showed of it in the end, HTML; its port was taken during the first run.
    """

    statuses: tuple[int | None, int | None]
    half_done: str
    printed: str
    alive: bool
    articles: list[Article]
    expected: tuple[Expected, ...]
    ill: Feed
    shown: str


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("wire")
    behaviours = [
        Behaviour(style=style, arrival=Arrival(initial=SHOWN_AT_FIRST)) for style in STYLES
    ]
    behaviours[0] = replace(behaviours[0], spells=(Spell(Refuse(503), first=2),))
    farm = Farm(many_articles(ARTICLES), FEEDS, behaviours=behaviours)
    with run_farm_in_thread(farm), server_of(folder) as client:
        feeds = farm.feeds()
        gone = replace(feeds[0], id="gone", url="http://127.0.0.1:1/rss")
        nowhere = replace(feeds[0], id="nowhere", url="http://nowhere.invalid/rss")
        settings = settings_of(folder, [*feeds, gone, nowhere])
        taken = socket.create_server(("127.0.0.1", 0))
        settings["NABAA_DESK_LISTEN"] = desk = f"127.0.0.1:{taken.getsockname()[1]}"
        with taken, Daemon("run", settings=settings, log=folder / "log") as wire:
            eventually(lambda: published(client) > 0)
            eventually(lambda: "the desk is not shown: cannot listen" in wire.printed())
            taken.close()
            wire.stop(signal.SIGINT)
            first = wire.process.returncode
            half_done = what_is_half_done(folder)
            for feed in feeds:
                farm.advance(feed.id, ARTICLES)
            wire.start()
            eventually(lambda: published(client) >= ARTICLES, 60)
            asked = farm.counters().requests
            eventually(lambda: farm.counters().requests >= asked + 2 * FEEDS)
            eventually(lambda: "feed nowhere: " in wire.printed())
            eventually(lambda: failures(client, "gone") > 2)
            messages = messages_of_range(client.xrange(KEYS.articles))
            shown = httpx.get(f"http://{desk}/wire", timeout=30).text
            wire.stop(signal.SIGINT)
        return Story(
            statuses=(first, wire.process.returncode),
            half_done=half_done,
            printed=wire.printed(),
            alive=(folder / "alive").exists(),
            articles=[article_of(message.fields) for message in messages],
            expected=farm.expected(),
            ill=feeds[0],
            shown=shown,
        )


def what_is_half_done(folder: Path) -> str:
    """Say what a wire that has ended left half done, or nothing."""
    with EmbeddedServer(folder / "data"), server_of(folder) as client:
        # One fingerprint an entry; its other keys are shorter.
        kept = [
            key for name in client.scan_iter(KEYS.seen("*")) for key in client.zrange(name, 0, -1)
        ]
        seen = sum(len(key) == FINGERPRINT_DIGITS for key in kept)
        there = client.xlen(KEYS.entries) + client.xlen(KEYS.articles)
        held = client.xpending(KEYS.entries, WORKERS_GROUP)["pending"]
        seconds, _ = client.time()
        lease_seconds = 120  # the setting's default; what is due sooner is not leased
        leased = client.zcount(KEYS.due, seconds + lease_seconds / 2, "+inf")
    if not seen or seen != there:
        return f"{seen} entries were seen, {there} are queued or published"
    return f"{held} entries are held, {leased} feeds are leased" if held or leased else ""


def test_every_article_arrives_once_through_a_stop_and_a_second_start(story: Story) -> None:
    arrived = Counter(key_of(article.url) for article in story.articles)
    assert arrived == Counter(entry.key for entry in story.expected)
    assert len({article.uri for article in story.articles}) == ARTICLES


def test_the_desk_shows_what_arrived_and_no_taken_port_stops_the_wire(story: Story) -> None:
    assert story.articles[-1].uri.rpartition(":")[2] in story.shown
    assert "the desk is at" in story.printed


def test_each_article_is_delivered_as_its_feed_meant_it(story: Story) -> None:
    meant = {entry.key: entry for entry in story.expected}
    for article in story.articles:
        entry = meant[key_of(article.url) or ""]
        assert article.title == normalise_line(entry.title, article.language)
        assert article.body_text
        assert article.published == (entry.published or article.first_seen)
        assert article.outlet.feed == entry.feed


def test_each_mention_cuts_exactly_its_text(story: Story) -> None:
    mentions = 0
    for article in story.articles:
        for entity in article.entities:
            for mention in entity.mentions:
                text = getattr(article, mention.field)
                assert text[mention.start : mention.end] == mention.text
                mentions += 1
    assert mentions > ARTICLES


def test_ctrl_c_is_a_clean_end(story: Story) -> None:
    assert story.statuses == (0, 0), story.printed
    assert "Traceback" not in story.printed


def test_a_stop_leaves_nothing_half_done(story: Story) -> None:
    assert story.half_done == ""


def test_a_wire_that_lives_touches_its_heartbeat_file(story: Story) -> None:
    assert story.alive


def test_a_feed_that_cannot_be_reached_is_named_with_the_reason(story: Story) -> None:
    assert "feed gone: http://127.0.0.1:1/rss: " in story.printed
    assert "feed nowhere: http://nowhere.invalid/rss: " in story.printed
    assert f"feed {story.ill.id}: {story.ill.url}: HTTP status 503" in story.printed


def test_a_feed_that_failed_is_tried_again(story: Story) -> None:
    assert f"feed {story.ill.id} works again after 2 failed polls" in story.printed


def test_progress_of_feeds_and_workers_is_told(story: Story) -> None:
    progress = rf"feeds: {FEEDS + 2} listed, \d+ polls, .* · workers: \d+ articles published, "
    assert re.search(progress, story.printed)


def test_a_wire_whose_screen_is_gone_ends_and_loses_nothing(tmp_path: Path) -> None:
    farm = Farm(read_articles(limit=4), 1, behaviours=[Behaviour()])
    read_end, write_end = os.pipe()
    os.close(read_end)
    with run_farm_in_thread(farm):
        settings = settings_of(tmp_path, farm.feeds())
        with Daemon("run", settings=settings, log=tmp_path / "log", out=write_end) as wire:
            os.close(write_end)
            assert wire.process.wait(30) == 0, wire.printed()
    assert "Traceback" not in wire.printed()
    assert what_is_half_done(tmp_path) == ""
