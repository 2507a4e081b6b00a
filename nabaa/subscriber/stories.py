"""The subscriber of stories: typed events for one group, each until it was dealt with.

    for event in StorySubscriber("redis://localhost:6379/0", group="desk"):
        print(event.kind, event.story.title)

All that holds for a `Subscriber` of articles holds for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from redis.asyncio import Redis

from nabaa.errors import QueueError, UsageError
from nabaa.filters.filter import Filter
from nabaa.filters.story_filter import StoryEventKind, StoryFilter, check_story_filter
from nabaa.story_message import STORY_TYPES
from nabaa.subscriber.reading import GroupSubscriber
from nabaa.subscriber.received import Received
from nabaa.types import Story


@dataclass(frozen=True, slots=True)
class StoryEvent:
    """An event of a story says what happened to it.

    Attributes:
        kind: `created`, `updated`, `breaking`, or `merged` for the last event of a story that
            became another one (`story.merged_into`).
        story: the story as it is then.
    """

    kind: StoryEventKind
    story: Story


class StorySubscriber(GroupSubscriber[StoryEvent]):
    """One reader of a group of the stories; readers of one group share the events.

    Args:
        server: address of Redis, or an open client of redis.asyncio that answers in bytes.
        group: name of the subscriber; each group gets every event.
        consumer: name of this reader in the group, kept over restarts; empty for one that is new
            each time.
        start: where a group that is new begins: `beginning`, `now` or a message id.
        since: in place of `start`, how far back a new group begins: `2h`, a span, or a time.
        wanted: which events are wanted; the others are acknowledged unseen.
        subscription: name of a subscription that gives each story once, to read in place of all.
        filter: with `per="story"`, registered as the subscription named as the group.
        shards: how many the wire has; more are read where it says so itself.
        prefetch: events held at once at most.
        tries: number of attempts after which an event goes to the dead letters of the group.
        backoff_seconds: wait before the second try of a handler; doubles with each further one.
        redeliver_seconds: after so long an event of a reader that died is given to another.

    Raises:
        QueueError: the client cannot be used for this.
        UsageError: `since` is no span of time, or a time without a zone; a filter is wrong.
    """

    def __init__(
        self,
        server: str | Redis,
        group: str,
        *,
        consumer: str = "",
        start: str = "beginning",
        since: str | timedelta | datetime | None = None,
        wanted: StoryFilter | None = None,
        subscription: str = "",
        filter: Filter | None = None,  # noqa: A002 - the field's word for it
        shards: int = 1,
        prefetch: int = 64,
        tries: int = 5,
        backoff_seconds: float = 1.0,
        redeliver_seconds: float = 600.0,
    ) -> None:
        test = check_story_filter(wanted or StoryFilter())
        if filter is not None and filter.per != "story":
            raise UsageError('the filter of a StorySubscriber says per="story"')

        def decode(received: Received) -> StoryEvent | None:
            if not received.is_story:
                raise QueueError(f"{received.stream} holds articles: read it with a Subscriber")
            kind = cast("StoryEventKind", received.kind.removeprefix(STORY_TYPES))
            story = received.story
            return StoryEvent(kind, story) if test.wants(story, kind) else None

        super().__init__(
            server,
            group,
            consumer=consumer,
            start=start,
            since=since,
            subscription=subscription,
            filter=filter,
            shards=shards,
            prefetch=prefetch,
            tries=tries,
            backoff_seconds=backoff_seconds,
            redeliver_seconds=redeliver_seconds,
            stories=True,
            decode=decode,
            what="a story",
        )
