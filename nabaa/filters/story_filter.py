"""The filter of a reader of stories. Pure; subscriptions are filtered by the stage of stories."""

from __future__ import annotations

from typing import Literal

import msgspec

from nabaa.errors import UsageError
from nabaa.filters.filter import MAX_VALUES, check_value
from nabaa.filters.moved_ids import load_moved_ids, with_moved
from nabaa.search_key import search_key
from nabaa.types import Story

StoryEventKind = Literal["created", "updated", "breaking", "merged"]
KINDS: tuple[StoryEventKind, ...] = ("created", "updated", "breaking", "merged")


class StoryFilter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A filter wants the events of stories for which every condition that is stated holds.

    Attributes:
        entities: ids as in `Story.entities`, at least one of which the story names.
        all_entities: ids, all of which it names.
        outlets: names of outlets, at least one of which reports it.
        countries: countries, ISO 3166-1 alpha-2, an outlet of at least one of which reports it.
        min_outlets: number of outlets that report it at least.
        events: what must have happened to it: `created`, `updated`, `breaking`, `merged`.
    """

    entities: tuple[str, ...] = ()
    all_entities: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    min_outlets: int = 0
    events: tuple[StoryEventKind, ...] = KINDS

    def wants(self, story: Story, kind: str) -> bool:
        """Return whether an event is wanted.

        Args:
            story: as the event tells it.
            kind: what happened to it.
        """
        if kind not in self.events or story.outlet_count < self.min_outlets:
            return False
        named = with_moved([entity.id for entity in story.entities], load_moved_ids())
        if self.entities and named.isdisjoint(self.entities):
            return False
        if not named.issuperset(self.all_entities):
            return False
        if self.countries and not set(self.countries).intersection(story.countries):
            return False
        wanted = set(map(search_key, self.outlets))
        return not wanted or any(search_key(outlet.name) in wanted for outlet in story.outlets)


def check_story_filter(wanted: StoryFilter) -> StoryFilter:
    """Return the filter unless it makes no sense.

    Args:
        wanted: the filter.

    Raises:
        UsageError: a value cannot be what it should be, or there are too many; names the field.
    """
    count = 0
    for field in ("entities", "all_entities", "outlets", "countries"):
        for value in getattr(wanted, field):
            count += 1
            check_value(field, field, value)
    if count > MAX_VALUES:
        raise UsageError(f"the filter has {count} values and may have {MAX_VALUES}")
    if wanted.min_outlets < 0:
        raise UsageError("min_outlets: it cannot be below 0")
    for kind in wanted.events:
        if kind not in KINDS:
            raise UsageError(f"events: {kind!r} is none of {', '.join(KINDS)}")
    return wanted
