"""How many new entries one feed may bring, at once and on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from config.settings import Settings
from ingest.model import FeedState


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
        """Return how many new entries a feed may bring now.

        Args:
            state: what is remembered of the feed.
            now: aware UTC.
        """
        is_today = state.entries_day == int(now.timestamp() // 86400)
        today = state.entries_today if is_today else 0
        return max(0, min(self.at_once, self.a_day - today))
