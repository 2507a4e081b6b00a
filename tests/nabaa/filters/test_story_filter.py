"""What a filter of stories wants."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from nabaa.errors import UsageError
from nabaa.filters.story_filter import StoryFilter, check_story_filter
from nabaa.types import StoryEntity, StoryOutlet
from tests.support.stories.told import make_story

FIRST = datetime(2026, 3, 1, tzinfo=UTC)
STORY = make_story(
    outlet_count=3,
    outlets=(
        StoryOutlet("صحيفة الصباح", "JO", FIRST, 2),
        StoryOutlet("قناة المدينة", "EG", FIRST, 1),
    ),
    countries=("JO", "EG"),
    entities=(
        StoryEntity("Q85", "LOC", "القاهرة", "Cairo", 1.0),
        StoryEntity("Q810", "LOC", "الأردن", "Jordan", 0.5),
    ),
)


@pytest.mark.parametrize(
    ("conditions", "is_wanted"),
    [
        ({}, True),
        ({"entities": ("Q85", "Q1")}, True),
        ({"entities": ("Q1",)}, False),
        ({"all_entities": ("Q85", "Q810")}, True),
        ({"all_entities": ("Q85", "Q1")}, False),
        ({"countries": ("EG", "MA")}, True),
        ({"countries": ("MA",)}, False),
        ({"outlets": ("صحيفه الصباح",)}, True),
        ({"outlets": ("الشرق",)}, False),
        ({"min_outlets": 3}, True),
        ({"min_outlets": 4}, False),
        ({"events": ("breaking",)}, False),
        ({"entities": ("Q85",), "min_outlets": 4}, False),
    ],
)
def test_every_condition_that_is_stated_must_hold(
    conditions: dict[str, Any], is_wanted: bool
) -> None:
    assert StoryFilter(**conditions).wants(STORY, "updated") is is_wanted


@pytest.mark.parametrize(
    "conditions",
    [
        {"entities": ("Cairo",)},
        {"countries": ("eg",)},
        {"min_outlets": -1},
        {"events": ("ended",)},
        {"outlets": ("",)},
    ],
)
def test_a_value_that_makes_no_sense_is_refused(conditions: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        check_story_filter(StoryFilter(**conditions))
