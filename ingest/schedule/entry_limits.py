"""How many new entries one feed may bring, at once and on a day.

A long entry costs the workers more than a short one, so it counts for several.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from config.settings import Settings
from ingest.model import FeedState

ENTRY_BYTES = 32 * 1024
"""An entry counts once for each part of such a length, as JSON; count_taken.lua does the same."""


@dataclass(frozen=True, slots=True)
class EntryLimits:
    """The limits of every feed.

    Attributes:
        at_once: most new entries of one document.
        a_day: most new entries on one day (UTC).
    """

    at_once: int = 250
    a_day: int = 5000

    @classmethod
    def of(cls, settings: Settings) -> EntryLimits:
        """Take the limits out of the settings: at once a twentieth of those of a day."""
        a_day = settings.feed_entries_per_day
        return cls(max(1, a_day // 20), a_day)

    def room(self, state: FeedState, now: datetime) -> int:
        """Return for how many entries that what a feed brings now may count.

        Args:
            state: what is remembered of the feed.
            now: aware UTC.
        """
        is_today = state.entries_day == int(now.timestamp() // 86400)
        today = state.entries_today if is_today else 0
        return max(0, min(self.at_once, self.a_day - today))


def entry_count(size_bytes: int) -> int:
    """Return for how many entries one counts.

    Args:
        size_bytes: length of the entry as JSON.
    """
    return max(1, math.ceil(size_bytes / ENTRY_BYTES))
