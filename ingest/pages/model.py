"""The records of the stage that fetches pages."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.streams.page_troubles import PageTroubles
from ingest.streams.pages import PageQueue
from nabaa.streams.keys import Keys


@dataclass(frozen=True, slots=True)
class PageShard:
    """The pages of a shard, as the stage that fetches them sees them."""

    keys: Keys
    queue: PageQueue
    troubles: PageTroubles


@dataclass(slots=True)
class PageProgress:
    """What one ingest process has done with pages since it started.

    Attributes:
        fetched: pages that went to the workers.
        given_up: pages that were given up: their articles have the feeds' texts.
        failed: tries that brought no page.
        released: entries that went to the workers before their page came.
    """

    fetched: int = 0
    given_up: int = 0
    failed: int = 0
    released: int = 0
