"""How slow polling may be while a hub sends a feed's news."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from ingest.model import FeedState


def apply_push_pacing(planned: FeedState, safety_seconds: float, random: Random) -> FeedState:
    """Put the next poll off where news are pushed.

    Args:
        planned: the state after a good poll, its `next_due` set.
        safety_seconds: between the polls that catch what a hub has missed.
        random: source of the jitter of ±10 %.

    Returns:
        The state with its next poll at the safety net's time, and no later than the end of the
        lease; never sooner than it was planned.
    """
    due, until, now = planned.next_due, planned.pushed_until, planned.polled_at
    if due is None or until is None or now is None:
        return planned
    net = now + timedelta(seconds=safety_seconds * random.uniform(0.9, 1.1))
    return replace(planned, next_due=max(due, min(net, until)))
