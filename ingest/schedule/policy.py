"""The settings that the schedule follows."""

from __future__ import annotations

from dataclasses import dataclass

from config.settings import Settings


@dataclass(frozen=True, slots=True)
class PollPolicy:
    """The settings that the schedule follows.

    Attributes:
        interval_seconds: time between polls of a feed that sets none and brings an article an hour.
        retry_base_seconds: wait after the first failure.
        retry_max_seconds: longest wait after failures.
        missing_max_seconds: longest wait for a feed that is not there, or whose host has no name.
        push_safety_seconds: time between polls of a feed whose news a hub sends.
        shortest_seconds: least time between polls of a feed that sets none, however much it brings;
            but never more than `interval_seconds`.
        longest_seconds: most time between them, however little it brings; but never less than
            `interval_seconds`.
        longest_floor_seconds: time up to which counts what headers and documents ask for.
    """

    interval_seconds: float
    retry_base_seconds: float
    retry_max_seconds: float
    missing_max_seconds: float = 7 * 86400.0
    push_safety_seconds: float = 0.0
    shortest_seconds: float = 120.0
    longest_seconds: float = 6 * 3600.0
    longest_floor_seconds: float = 86400.0

    @classmethod
    def of(cls, settings: Settings) -> PollPolicy:
        """Take the policy out of the settings."""
        return cls(
            settings.poll_interval_seconds,
            settings.retry_base_seconds,
            settings.retry_max_seconds,
            settings.missing_max_seconds,
            push_safety_seconds=settings.poll_longest_seconds,
            longest_seconds=settings.poll_longest_seconds,
            longest_floor_seconds=settings.publisher_floor_seconds,
        )
