"""Where a feed lives: a permanent redirect is believed when it has been seen three times in a row.

Until then each poll asks the listed address and follows. A redirect that a broken site answers to
everything for an hour moves no feed.
"""

from __future__ import annotations

from config.model import Feed
from ingest.identity.credentials import with_credentials_of
from ingest.model import FeedState, Fetched

POLLS_TO_MOVE = 3


def choose_address(feed: Feed, state: FeedState) -> str:
    """Return where a feed is asked for: where it has moved to, else its address in the list."""
    if state.moved_to and has_moved(state):
        return with_credentials_of(state.moved_to, feed.url)
    return feed.url


def state_for_address(feed: Feed, state: FeedState) -> FeedState:
    """Return what is remembered of a feed at its address in the list.

    Args:
        feed: as the list has it now.
        state: what is remembered, perhaps of an older address; a new one knows nothing of that
            one's validators and moves.
    """
    if state.url == feed.url:
        return state
    return FeedState(
        url=feed.url,
        failures=state.failures,
        last_error=state.last_error,
        failure=state.failure,
    )


def has_moved(state: FeedState) -> bool:
    """Tell whether a feed's new address is believed."""
    return state.moved_to is not None and state.moved_seen >= POLLS_TO_MOVE


def after_failed_poll(state: FeedState) -> tuple[str | None, int]:
    """Weigh what a failed poll says of where the feed lives.

    Args:
        state: before the poll.

    Returns:
        `moved_to` and `moved_seen` of the state after the poll. Where a feed that has moved fails,
        its address in the list is asked next; where that fails as well, the new one again: one of
        them may be gone for good, and it is not known which.
    """
    if has_moved(state):
        return state.moved_to, 0
    if _in_doubt(state):
        return state.moved_to, POLLS_TO_MOVE
    return None, 0


def has_ended(state: FeedState) -> bool:
    """Tell whether HTTP status 410 means the end: every address of the feed has said it.

    Args:
        state: before the poll that was answered so.
    """
    if has_moved(state):
        return False
    return not _in_doubt(state) or state.failure == "gone"


def _in_doubt(state: FeedState) -> bool:
    """Tell whether a feed has moved to where it failed last."""
    return state.moved_to is not None and state.moved_seen == 0


def after_redirects(state: FeedState, fetched: Fetched) -> tuple[str | None, int]:
    """Weigh what a good poll says of where the feed lives.

    Args:
        state: before the poll.
        fetched: its answer; the request went to `choose_address` the feed.

    Returns:
        `moved_to` and `moved_seen` of the state after the poll. A feed that has moved and is
        redirected on stays where it is until that, too, has been seen three times in a row.
    """
    seen = state.moved_seen
    if has_moved(state):
        if fetched.moved_to is None:
            return state.moved_to, POLLS_TO_MOVE
        if seen + 1 < 2 * POLLS_TO_MOVE:
            return state.moved_to, seen + 1
        return fetched.moved_to, POLLS_TO_MOVE
    if fetched.moved_to is None:
        return None, 0
    if fetched.moved_to != state.moved_to:
        return fetched.moved_to, 1
    return fetched.moved_to, POLLS_TO_MOVE if _in_doubt(state) else seen + 1
