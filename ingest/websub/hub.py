"""What nabaa asks of a hub: one form, sent with all the caution that any fetch takes.

Whether and when to ask is decided in `subscription`; what the hub then verifies comes to
`callback`.
"""

from __future__ import annotations

from config.errors import FetchError
from ingest.fetch import Fetcher
from ingest.websub.subscription import WISHED_LEASE_SECONDS, Subscription

_LONGEST_ANSWER = 2_000


async def ask_hub(
    fetcher: Fetcher, feed_id: str, subscription: Subscription, callback_url: str
) -> str:
    """Send a request to subscribe or unsubscribe (WebSub, section 5.1).

    Args:
        fetcher: an open HTTP client; the hub's address is the publisher's word, so it goes through
            the same guard as a feed's.
        feed_id: names the feed in errors.
        subscription: says what is asked, of whom.
        callback_url: where the hub is to verify and to send.

    Returns:
        Why it came to nothing, one clause, or an empty string: the hub is going to verify.
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
        answer = await fetcher.post(feed_id, subscription.hub, form, _LONGEST_ANSWER)
    except FetchError as error:
        return error.reason
    if 200 <= answer.status < 300:
        return ""
    said = " ".join(answer.body.decode("utf-8", "replace").split())[:100]
    return f"HTTP status {answer.status}" + (f" ({said})" if said else "")
