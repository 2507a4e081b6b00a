"""Whether a receiver is down, or one article is what it does not take: decided from outcomes.

One failed exchange does not tell. What failed waits while other articles are tried: if the receiver
takes one of them soon, it was not down, what failed is suspected, and the next failure of a
suspected article is its own. Where many articles fail in a row the receiver is down; then one at a
time is tried, after a pause that grows. Nothing here waits or sends; the time is handed in.
"""

from __future__ import annotations

LONGEST_PAUSE_SECONDS = 60.0
"""Between two calls of a receiver that is down, unless it asks for more."""

MOST_FAILED = 16
"""Articles that fail in a row before the receiver counts as down."""

_FIRST_PAUSE_SECONDS = 1.0
_MOST_SUSPECTS = 10_000


class ReceiverHealth:
    """What is known of a receiver.

    Attributes:
        resumes_at: when an article that failed may be tried again, or any where the receiver is
            down; by the clock of the caller, in seconds.
    """

    def __init__(self) -> None:
        self.resumes_at = 0.0
        self._is_away = False  # it says so itself, or is not reached
        self._pauses = 0
        self._paused_at = 0.0
        self._alive_at = -1.0
        self._failed: set[str] = set()  # since it took or refused an article
        self._suspects: dict[str, None] = {}

    @property
    def is_down(self) -> bool:
        """Whether only one article at a time may be tried."""
        return self._is_away or self._pauses > 1 or len(self._failed) >= MOST_FAILED

    def is_suspect(self, message_id: str) -> bool:
        """Return whether a failure of the article would be its own."""
        return message_id in self._suspects

    def note_alive(self, message_id: str, now: float) -> None:
        """Note that the receiver took or refused an article.

        Args:
            message_id: of the article.
            now: seconds.
        """
        if self._pauses == 1 and not self._is_away:
            for failed in self._failed - {message_id}:
                self._suspect(failed)
        self._is_away, self._pauses, self._alive_at = False, 0, now
        self._failed.clear()

    def note_failure(
        self, message_id: str, began: float, now: float, wait_seconds: float, own: bool
    ) -> bool:
        """Note that an exchange failed.

        Args:
            message_id: of the article.
            began: when the exchange began, in seconds.
            now: when it failed.
            wait_seconds: the time that the receiver asked for, or 0.
            own: whether the article may be the reason, not only the receiver.

        Returns:
            Whether the article is to blame. If not, it is suspected and may be tried at once, or it
            waits until the receiver takes another.
        """
        if own and not self.is_down and self.is_suspect(message_id):
            return True
        if own and not self.is_down and self._alive_at >= began:  # it took others meanwhile
            self._suspect(message_id)
            return False
        was_tried_in_a_pause = self.is_down or message_id in self._failed
        if own:
            self._failed.add(message_id)
        else:
            self._is_away = True
        pause = 0.0
        # What was on its way when a pause began tells nothing new.
        if not self._pauses or (was_tried_in_a_pause and began > self._paused_at):
            pause = min(LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 2.0 ** min(self._pauses, 20))
            self._pauses += 1
            self._paused_at = now
        self.resumes_at = max(self.resumes_at, now + max(pause, wait_seconds))
        return False

    def _suspect(self, message_id: str) -> None:
        self._suspects[message_id] = None
        if len(self._suspects) > _MOST_SUSPECTS:
            del self._suspects[next(iter(self._suspects))]

    def forget(self, message_id: str) -> None:
        """Forget an article that was taken or given up."""
        self._suspects.pop(message_id, None)
        self._failed.discard(message_id)
