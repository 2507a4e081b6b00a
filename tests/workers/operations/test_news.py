"""What is in the news now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from nabaa.types import Story, StoryOutlet
from tests.support.stories.told import make_story, tell
from workers.operations.news import grow, read_news

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SPAN = timedelta(hours=6)


def story_of(number: int, *hours_ago: float) -> Story:
    """Return a story whose outlets began to report it so many hours ago."""
    outlets = tuple(
        StoryOutlet(f"outlet {place}", "JO", NOW - timedelta(hours=hours), 1)
        for place, hours in enumerate(sorted(hours_ago, reverse=True))
    )
    return make_story(
        id=f"urn:nabaa:story:{number:032x}",
        outlets=outlets,
        outlet_count=len(outlets),
        first_seen=outlets[0].first,
    )


def test_a_pace_is_that_of_the_last_third_of_the_span() -> None:
    grown = grow(story_of(1, 8, 6, 1.5, 1, 0.5, 0.1), SPAN, NOW)
    assert (grown.pace, grown.usual) == (2.0, 0.33)


@pytest.mark.anyio
async def test_what_grows_against_its_own_pace_comes_before_what_is_large(client: Redis) -> None:
    saga = story_of(1, *(hours / 2 for hours in range(1, 60)))
    fresh = story_of(2, 0.9, 0.6, 0.5, 0.3)
    over = story_of(3, 5, 4.5, 4)
    for story in (fresh, saga, over):
        await tell(client, story, "nabaa.story.created")
    now = datetime.now(UTC)
    later = [grow(story, SPAN, NOW).growth for story in (fresh, saga, over)]
    assert later == sorted(later, reverse=True)
    found = await read_news(client, SPAN, now, lambda _: True)
    assert {each.story.id for each in found} == {fresh.id, saga.id, over.id}


@pytest.mark.anyio
async def test_each_story_is_shown_as_it_was_told_last(client: Redis) -> None:
    first, second = story_of(1, 3), story_of(2, 3)
    await tell(client, first, "nabaa.story.created")
    await tell(client, second, "nabaa.story.created")
    await tell(client, make_story(id=first.id, title="later"), "nabaa.story.updated")
    await tell(client, make_story(id=second.id), "nabaa.story.merged")
    found = await read_news(client, SPAN, datetime.now(UTC), lambda _: True)
    assert [each.story.title for each in found] == ["later"]
