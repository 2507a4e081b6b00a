"""What a poll found, as the schedule needs to know it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from ingest.model import Fetched
from ingest.schedule.publisher_hints import retry_after_seconds
from nabaa.errors import FailureKind


@dataclass(frozen=True, slots=True)
class News:
    """What a document brought that was read.

    Attributes:
        new: number of entries that were never seen.
        published: dates of these, where the feed gives them, aware UTC.
        hints: how often the publisher wants to be asked, as `ingest.schedule.publisher_hints`
            writes it.
    """

    new: int
    published: Sequence[datetime] = ()
    hints: str | None = None


@dataclass(frozen=True, slots=True)
class PollFailure:
    """Why a poll failed.

    Attributes:
        sentence: what a person reads, with the feed and the address.
        kind: kind of failure.
    """

    sentence: str
    kind: FailureKind


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What a poll found, before anything follows from it.

    Attributes:
        now: aware UTC time at which the answer was complete, or the poll had failed.
        fetched: the answer, or None where none came.
        failure: why the poll failed, or None where its answer was understood.
        is_partial: whether some of a document was kept although the poll failed.
        body_hash: hash of the body; None where nothing of it was read.
        news: what the document brought; None where none was read, for it is the same.
        withheld: new entries that are left to later polls.
    """

    now: datetime
    fetched: Fetched | None = None
    failure: PollFailure | None = None
    is_partial: bool = False
    body_hash: str | None = None
    news: News | None = None
    withheld: int = 0

    @property
    def retry_after_seconds(self) -> float:
        """Seconds for which a server that gave no document asks to be left alone, or 0."""
        refused = self.fetched is not None and self.fetched.status != HTTPStatus.OK
        return retry_after_seconds(self.fetched) if self.fetched and refused else 0.0
