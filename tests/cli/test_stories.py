"""`nabaa stories`: what is in the news now."""

from __future__ import annotations

import json

import pytest
import redis

from nabaa.streams.keys import Keys
from tests.cli.conftest import Nabaa
from tests.support.stories.told import make_story, story_fields

pytestmark = pytest.mark.parametrize("server_url", ["valkey"], indirect=True)
KEYS = Keys(0)


def test_stories_are_shown_with_their_titles(nabaa: Nabaa, server_url: str) -> None:
    with redis.Redis.from_url(server_url) as client:
        client.xadd(KEYS.stories, story_fields(make_story(title="خبر"), "nabaa.story.created"))
    done = nabaa("stories", redis_url=server_url)
    assert done.status == 0
    assert "خبر" in done.out
    assert "صحيفة الصباح: معرض الكتاب يفتح أبوابه في عمّان" in done.out


@pytest.mark.parametrize(
    ("options", "shown"),
    [(["--entity", "الاردن"], 1), (["--entity", "Q1"], 0), (["--min-outlets", "2"], 0)],
)
def test_stories_are_chosen_by_entity_and_size(
    nabaa: Nabaa, server_url: str, options: list[str], shown: int
) -> None:
    with redis.Redis.from_url(server_url) as client:
        client.xadd(KEYS.stories, story_fields(make_story(), "nabaa.story.created"))
    rows = nabaa("stories", "--json", *options, redis_url=server_url).out.splitlines()
    assert [json.loads(row)["story"]["outlet_count"] for row in rows] == [1] * shown


def test_a_subscription_to_stories_is_added_and_described(nabaa: Nabaa, server_url: str) -> None:
    done = nabaa(
        *("subscriptions", "add", "sudan", "--word", "السودان"),
        *("--each-story", "--min-outlets", "3", "--no-reprints"),
        redis_url=server_url,
    )
    assert done.out == "sudan: words السودان, no reprints, each story of 3 outlets once\n"
