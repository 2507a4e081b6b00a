"""Which entries wait for the page of their article, as the scripts that commit entries take it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ingest.model import Entry
from nabaa.streams.keys import Keys


class PageWish(NamedTuple):
    """What an entry wants of the page of its article.

    Attributes:
        name: name of the page; empty where there is none to be had.
        is_wanted: whether it is to be fetched before the entry goes to the workers.
    """

    name: str = ""
    is_wanted: bool = False


@dataclass(frozen=True, slots=True)
class PagePlan:
    """How entries wait for the pages of their articles; by default none does.

    Attributes:
        wish: tells what an entry wants.
        wait_seconds: how long it waits at most.
    """

    wish: Callable[[Entry], PageWish] = lambda _: PageWish()
    wait_seconds: float = 0.0


NO_PAGES = PagePlan()


class NumberedPages:
    """The pages of the entries of one commit, as the scripts take them: by number.

    Args:
        keys: the shard's keys.
        plan: says which entries wait for a page.
    """

    def __init__(self, keys: Keys, plan: PagePlan) -> None:
        self._keys = keys
        self._plan = plan
        self._numbers: dict[str, int] = {}

    def number(self, entry: Entry) -> int:
        """Return the number of an entry's page; negative: it waits only behind others; or 0."""
        wish = self._plan.wish(entry)
        if not wish.name or not (wish.is_wanted or entry.is_revision):
            return 0
        number = self._numbers.setdefault(wish.name, len(self._numbers) + 1)
        return number if wish.is_wanted else -number

    @property
    def names(self) -> list[str]:
        """Names of the pages, by number."""
        return list(self._numbers)

    @property
    def keys(self) -> list[str]:
        """Keys that the scripts need for them, beside those of the queue."""
        keys = self._keys
        of_pages: Iterable[tuple[str, str]] = (
            (keys.page(name), keys.page_sent(name)) for name in self._numbers
        )
        return [keys.pages, keys.page_waits, *(key for pair in of_pages for key in pair)]


COMMIT_FUNCTIONS = (("ingest.streams", "route_entries"), ("ingest.streams", "count_taken"))
"""Functions that the scripts which commit entries share."""
