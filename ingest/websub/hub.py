"""What nabaa asks of a hub: one form, sent with all the caution that any fetch takes.

Whether and when to ask is decided in `subscription`; what the hub then verifies comes to
`server`.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.fetch.fetcher import Enter, Fetcher
from ingest.schedule.failures import kind_of_status
from ingest.schedule.publisher_hints import retry_after_seconds
from ingest.websub.subscription import WISHED_LEASE_SECONDS, HubSubscription
from nabaa.errors import FailureKind, FetchError

_LONGEST_ANSWER = 2_000


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request to a hub came to nothing.

    Attributes:
        reason: one clause.
        kind: kind of failure.
        asked_seconds: seconds for which the hub asks not to be asked (`Retry-After`), or 0.
    """

    reason: str
    kind: FailureKind
    asked_seconds: float = 0.0


async def ask_hub(
    fetcher: Fetcher,
    feed_id: str,
    subscription: HubSubscription,
    callback_url: str,
    enter: Enter | None = None,
) -> Refusal | None:
    """Send a request to subscribe or unsubscribe (WebSub, section 5.1).

    Args:
        fetcher: an open HTTP client; the hub's address is the publisher's word, so it goes through
            the same guard as a feed's.
        feed_id: names the feed in errors.
        subscription: says what is asked, of whom.
        callback_url: where the hub is to verify and to send.
        enter: awaited before each request with its address; what it raises ends the request.

    Returns:
        None where the hub is going to verify.
    """
    form = {
        "hub.callback": callback_url,
        "hub.mode": subscription.request,
        "hub.topic": subscription.topic,
    }
    if subscription.request == "subscribe":
        form["hub.lease_seconds"] = str(WISHED_LEASE_SECONDS)
        form["hub.secret"] = subscription.secret
    try:
        answer = await fetcher.post(feed_id, subscription.hub, form, _LONGEST_ANSWER, enter)
    except FetchError as error:
        return Refusal(error.reason, error.kind)
    if 200 <= answer.status < 300:
        return None
    said = " ".join(answer.body.decode("utf-8", "replace").split())[:100]
    return Refusal(
        f"HTTP status {answer.status}" + (f" ({said})" if said else ""),
        kind_of_status(answer.status),
        retry_after_seconds(answer),
    )
