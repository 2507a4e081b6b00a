"""The whole wire on a web where six outlets tell of the same events: each event is one story."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.feed_list import save_feeds
from nabaa.message import article_of
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from nabaa.types import Article, Story
from tests.support.conditions import eventually
from tests.support.daemons import Daemon
from tests.support.farm.content.articles import SourceArticle, key_of
from tests.support.farm.server import Farm
from tests.support.farm.thread import run_farm_in_thread
from tests.support.servers import Server
from tests.support.stories.told import EACH_IN_ONE, Told, outcome_of, stories_now, told_in

KEYS = Keys(0)
TOLD = Path(__file__).parents[1] / "support" / "stories" / "six_outlets.jsonl"
"""Articles of our own: each event in the words of five outlets, and a reprint of the first."""

OUTLETS = 6


@dataclass(frozen=True, slots=True)
class Wire:
    """What the wire made of the web.

    Attributes:
        articles: those on the articles stream.
        told: events on the stories stream.
        event_of: address of an article → number of the event that it tells of.
    """

    articles: list[Article]
    told: list[Told]
    event_of: dict[str, int]

    @property
    def stories(self) -> list[Story]:
        return list(stories_now(self.told).values())


def read_told() -> list[tuple[int, SourceArticle]]:
    """Return the articles with their events; those of an event follow each other by a minute."""
    start = datetime.now(UTC) - timedelta(hours=1)
    found = []
    for number, line in enumerate(TOLD.read_text("utf-8").splitlines()):
        row = json.loads(line)
        at = (start + timedelta(minutes=number)).replace(microsecond=0)
        article = SourceArticle(
            *(f"{number}", f"https://told.example/{number}", "", "", row["title"], at, "", ""),
            row["text"],
        )
        found.append((row["event"], article))
    return found


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    folder = tmp_path_factory.mktemp("stories")
    told = read_told()
    server = Server(folder / "valkey")
    server.start()
    with run_farm_in_thread(Farm([article for _, article in told], OUTLETS)) as farm:
        save_feeds(folder / "feeds.yaml", [replace(feed, topic="news") for feed in farm.feeds()])
        settings = {
            "NABAA_REDIS_URL": server.url,
            "NABAA_FEEDS_FILE": str(folder / "feeds.yaml"),
            "NABAA_ALLOW_PRIVATE_ADDRESSES": "true",
            "NABAA_FULL_TEXT": "never",
            "NABAA_STORY_BREAKING_OUTLETS": "5",
        }
        with (
            Daemon("run", "--quiet", settings=settings, log=folder / "log"),
            server.client() as client,
        ):
            eventually(
                lambda: int(client.hget(KEYS.stories_stage, "articles") or 0) >= len(told), 120
            )
            messages = messages_of_range(client.xrange(KEYS.articles))
            events = told_in(client.xrange(KEYS.stories))
        event_of = {
            entry.key: event
            for entry in farm.expected()
            for event, article in told
            if entry.title == article.title
        }
    server.kill()
    yield Wire([article_of(message.fields) for message in messages], events, event_of)


def event_of(wire: Wire, url: str) -> int:
    key = key_of(url)
    assert key is not None
    return wire.event_of[key]


def test_every_article_is_in_one_story(wire: Wire) -> None:
    assert outcome_of(wire.told, [article.uri for article in wire.articles]) == EACH_IN_ONE


def test_each_event_is_one_story_of_all_outlets(wire: Wire) -> None:
    events: dict[int, set[str]] = defaultdict(set)
    for story in wire.stories:
        for report in story.articles:
            events[event_of(wire, report.url)].add(story.id)
    assert [len(stories) for stories in events.values()] == [1] * len(events)
    assert [story.outlet_count for story in wire.stories] == [OUTLETS] * len(events)


def test_the_reprint_of_each_event_is_known_in_its_story(wire: Wire) -> None:
    for story in wire.stories:
        titles = {report.id: report.title for report in story.articles}
        reprints = [report for report in story.articles if report.duplicate_of]
        assert len(reprints) == 1
        [reprint] = reprints
        assert reprint.duplicate_of is not None
        pair = {titles[reprint.id], titles[reprint.duplicate_of]}
        assert any(f"وكالات: {title}" in pair for title in pair)


def test_the_article_says_itself_that_it_is_a_reprint(wire: Wire) -> None:
    known = [article for article in wire.articles if article.duplicate_of]
    assert len(known) == len(wire.stories)


def test_news_that_all_have_within_an_hour_is_breaking(wire: Wire) -> None:
    breaking = [each for each in wire.told if each.kind == "nabaa.story.breaking"]
    assert len(breaking) == len(wire.stories)
