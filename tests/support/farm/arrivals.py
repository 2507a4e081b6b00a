"""Lets items appear when they are due: one task for the whole farm, asleep until the next item."""

from __future__ import annotations

import asyncio
import heapq
import time
from collections.abc import Mapping

from tests.support.farm.site import FeedSite


class Arrivals:
    """The clock of the farm.

    Args:
        sites: by feed id.
    """

    def __init__(self, sites: Mapping[str, FeedSite]) -> None:
        self._sites = sites
        self._due: dict[str, float] = {}
        self._heap: list[tuple[float, str]] = []
        self._sooner = asyncio.Event()
        self._appeared = asyncio.Condition()

    def look(self, feed: str) -> None:
        """Show what is due in a feed, and remember when its next item is.

        To be called when a feed is first asked for, when a document was sent, and when items
        appeared by themselves.
        """
        due = self._sites[feed].grow(time.time())
        if due is None:
            self._due.pop(feed, None)
        elif self._due.get(feed) != due:
            self._due[feed] = due
            heapq.heappush(self._heap, (due, feed))
        self._sooner.set()

    async def run(self) -> None:
        """Let items appear until cancelled."""
        while True:
            self._sooner.clear()
            async with self._appeared:
                self._appeared.notify_all()
            wait = max(0.0, self._heap[0][0] - time.time()) if self._heap else None
            try:
                await asyncio.wait_for(self._sooner.wait(), wait)
            except TimeoutError:
                self._show_due(time.time())

    async def all_shown(self) -> None:
        """Wait until every item of every feed has appeared."""
        async with self._appeared:
            await self._appeared.wait_for(
                lambda: all(site.unshown == 0 for site in self._sites.values())
            )

    def _show_due(self, now: float) -> None:
        while self._heap and self._heap[0][0] <= now:
            due, feed = heapq.heappop(self._heap)
            if self._due.get(feed) == due:  # else it was planned anew
                del self._due[feed]
                self.look(feed)
