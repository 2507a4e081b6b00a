"""Stories in the archive: the last state of each, with its articles, whatever comes when."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from nabaa.errors import NotFoundError
from nabaa.story_message import STORY_UPDATED, encode_story, story_attributes
from nabaa.streams.keys import STORIES
from nabaa.subscriber.group import GroupReader
from nabaa.types import Story
from tests.support.archived import NOW, news, store
from tests.support.conditions import until
from workers.index.articles import read_article
from workers.index.backfill import fill, find_files
from workers.index.database import Archive, open_archive
from workers.index.indexer import index_group
from workers.index.model import Span, Written
from workers.index.retention import remove_old_stories
from workers.index.stories import newest_stories, read_story, write_stories


def story_of(number: int) -> str:
    return f"urn:nabaa:story:{number:032x}"


def event(
    number: int, revision: int, *added: int, hours_ago: float = 1, **changes: object
) -> Story:
    """Return a state of a story in an event that adds articles of some numbers."""
    at = NOW - timedelta(hours=hours_ago)
    values: dict[str, object] = {
        "id": story_of(number),
        "revision": revision,
        "title": f"القصة {number} في حالتها {revision}",
        "first_seen": at,
        "last_seen": at,
        "outlets": (),
        "outlet_count": 1,
        "countries": (),
        "article_count": len(added),
        "duplicate_count": 0,
        "articles": (),
        "added": tuple(news(each).uri for each in added),
        "entities": (),
    }
    return Story(**{**values, **changes})  # type: ignore[arg-type]


def tell(archive: Archive, *events: Story) -> int:
    with archive.writing() as connection:
        return write_stories(connection, events)


def told(archive: Archive, number: int) -> tuple[int, list[str]]:
    """Return the revision of a story and the uris of its articles."""
    with archive.reading() as connection:
        found = read_story(connection, story_of(number))
    return found.story.revision, sorted(article.uri[-1] for article in found.articles)


def test_a_story_has_its_last_state_and_all_its_articles(archive: Archive) -> None:
    store(archive, *(news(number) for number in (1, 2, 3)))
    assert tell(archive, event(7, 1, 1), event(7, 2, 2, 3)) == 2
    assert told(archive, 7) == (2, ["1", "2", "3"])
    with archive.reading() as connection:
        assert read_article(connection, news(1).uri).story == story_of(7)


def test_events_may_come_again_and_in_any_order(archive: Archive) -> None:
    store(archive, *(news(number) for number in (1, 2, 3)))
    events = [event(7, 1, 1), event(7, 2, 2), event(7, 3, 3)]
    for order in permutations(events):
        tell(archive, *order)
        assert told(archive, 7) == (3, ["1", "2", "3"])
    assert tell(archive, *events) == 0


def test_articles_of_a_story_that_ended_in_another_belong_to_that(archive: Archive) -> None:
    store(archive, *(news(number) for number in (1, 2, 3)))
    ending = event(8, 2, merged_into=story_of(7))
    events = [event(7, 1, 1), event(8, 1, 2), event(7, 2, 3, merged=(story_of(8),)), ending]
    for order in (events, events[::-1], [events[2], events[3], events[1], events[0]]):
        tell(archive, *order)
        assert told(archive, 7) == told(archive, 8) == (2, ["1", "2", "3"])


def test_the_stories_of_a_span_come_the_latest_first(archive: Archive) -> None:
    tell(archive, *(event(hours, 1, hours_ago=hours) for hours in (30, 2, 5)))
    with archive.reading() as connection:
        found = newest_stories(connection, Span(since=NOW - timedelta(days=1)))
    assert [story.id for story in found] == [story_of(2), story_of(5)]


def test_a_story_that_is_not_there_is_told(archive: Archive) -> None:
    with pytest.raises(NotFoundError, match="no story"):
        told(archive, 1)


def test_stories_whose_last_report_is_old_are_removed(archive: Archive) -> None:
    tell(archive, event(1, 1, 1, hours_ago=50), event(2, 1, 2))
    assert remove_old_stories(archive, NOW - timedelta(days=1)) == 1
    with archive.reading() as connection:
        assert [story.id for story in newest_stories(connection, Span())] == [story_of(2)]


@pytest.mark.anyio
@pytest.mark.parametrize("server_url", ["valkey"], indirect=True)
async def test_the_indexer_keeps_the_stories_of_the_stream(client: Redis, tmp_path: Path) -> None:
    for state in (event(7, 1, 1), event(7, 2, 2)):
        fields: dict[Any, Any] = dict(story_attributes(state, STORY_UPDATED, NOW))
        await client.xadd(STORIES.stories, {**fields, "data": encode_story(state)})
    archive, stop, written = open_archive(tmp_path / "a.sqlite3"), asyncio.Event(), list[Written]()
    reader = GroupReader(client, 1, "index", "a", stories=True)
    indexing = asyncio.ensure_future(
        index_group(reader, archive, stop, on_written=written.append, max_wait_seconds=0.02)
    )

    async def is_written() -> bool:
        return sum(each.stories for each in written) == 2

    await until(is_written)
    stop.set()
    await indexing
    assert told(archive, 7) == (2, [])
    assert (await client.xpending(STORIES.stories, "index"))["pending"] == 0


def test_files_of_stories_fill_the_archive(tmp_path: Path) -> None:
    from nabaa.subscriber.received import Received
    from workers.outputs.archive import Archive as Files
    from workers.outputs.ndjson import NdjsonHour

    Files(tmp_path / "files", NdjsonHour).add(
        [Received("s", f"1764137261000-{n}", encode_story(event(7, n, n))) for n in (1, 2)]
    )
    archive, written = open_archive(tmp_path / "a.sqlite3"), list[Written]()
    for file in find_files([tmp_path / "files"]):
        fill(archive, file, written.append)
    assert written == [Written(0, 0, 0, stories=2)]
    assert told(archive, 7) == (2, [])
