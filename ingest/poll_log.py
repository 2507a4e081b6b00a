"""What the log says of polls, once they are committed."""

from __future__ import annotations

import logging

from config.model import Feed
from ingest.connectivity import SILENT_KINDS, Connectivity
from ingest.fetch.hosts.names import host_of_address
from ingest.model import FeedState, ParsedFeed
from ingest.schedule.relocation import choose_address, has_moved
from nabaa.errors import without_credentials

logger = logging.getLogger(__name__)


class PollLog:
    """Logs what a person wants to know of polls.

    The first failure of a feed that this process sees is news; `nabaa status` shows all of them.

    Args:
        connectivity: holds back what may be the fault of this machine's network.
    """

    def __init__(self, connectivity: Connectivity) -> None:
        self._connectivity = connectivity
        self._failing: set[str] = set()
        self._crowded: set[str] = set()
        self._notices: dict[str, tuple[str, ...]] = {}

    def log_poll(
        self,
        feed: Feed,
        before: FeedState,
        after: FeedState,
        delay_seconds: float,
        parsed: ParsedFeed | None,
        is_silent: bool = False,
    ) -> None:
        """Log a poll that was committed.

        Args:
            feed: the feed.
            before: its state before the poll.
            after: its state after the poll.
            delay_seconds: seconds until the next one.
            parsed: what its document says, where one was read.
            is_silent: whether no answer came.
        """
        if after.last_error:
            self._log_failure(feed, after, delay_seconds, is_silent)
        else:
            self._failing.discard(feed.id)
            if before.failures and self._connectivity.was_logged(feed.id):
                polls = (
                    "1 failed poll" if before.failures == 1 else f"{before.failures} failed polls"
                )
                logger.info("feed %s works again after %s", feed.id, polls)
        if has_moved(after) and not (has_moved(before) and after.moved_to == before.moved_to):
            moved_to = without_credentials(after.moved_to or "")
            logger.info("feed %s has moved for good to %s", feed.id, moved_to)
        if parsed is not None:
            _log_document(feed, parsed)

    def log_notices(self, feed: Feed, notices: tuple[str, ...]) -> None:
        """Log what is odd about a document, when it is odd in another way than the last one.

        Args:
            feed: the feed.
            notices: sentences, as the answer and the document have them.
        """
        if notices != self._notices.get(feed.id, ()):
            for notice in notices:
                logger.warning("feed %s: %s", feed.id, notice)
        if notices:
            self._notices[feed.id] = notices
        else:
            self._notices.pop(feed.id, None)

    def log_withheld(self, feed: Feed, taken: int, withheld: int) -> None:
        """Log that a feed has brought more new entries than one feed may: once, and at the end.

        Args:
            feed: the feed.
            taken: number of its entries that were taken.
            withheld: number of those that are left to later polls.
        """
        if withheld and feed.id not in self._crowded:
            logger.warning(
                "feed %s brings more new entries than one feed may: %d are taken now, %d are left "
                "to later polls (NABAA_FEED_ENTRIES_PER_DAY)",
                feed.id,
                taken,
                withheld,
            )
            self._crowded.add(feed.id)
        elif not withheld and feed.id in self._crowded:
            logger.info("feed %s: no new entries are left to later polls any more", feed.id)
            self._crowded.discard(feed.id)

    def _log_failure(
        self, feed: Feed, after: FeedState, delay_seconds: float, is_silent: bool
    ) -> None:
        if after.ended:
            logger.warning("%s; it is not polled any more", after.last_error)
        else:
            sentence = f"{after.last_error}; trying again in {delay_seconds:.0f} s"
            if feed.id in self._failing:
                logger.debug("%s", sentence)
            elif is_silent and after.failure in SILENT_KINDS:
                self._connectivity.hold(
                    feed.id, host_of_address(choose_address(feed, after)), sentence
                )
            else:
                logger.warning("%s", sentence)
        self._failing.add(feed.id)


def _log_document(feed: Feed, parsed: ParsedFeed) -> None:
    if not parsed.entries and not parsed.skipped:
        logger.info("feed %s: the document holds no entries", feed.id)
