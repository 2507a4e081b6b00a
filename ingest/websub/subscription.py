"""A subscription's life, as pure decisions: wanted, asked for, verified, renewed, denied, left.

What is stored where is `store`'s part, what is sent `hub`'s, what is answered `server`'s.
Sections are those of the W3C Recommendation of 23 January 2018 (https://www.w3.org/TR/websub/).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from ingest.websub.hub_links import Advert

Mode = Literal["subscribe", "unsubscribe"]

WISHED_LEASE_SECONDS = 10 * 86400
"""How long a subscription is asked for; the hub may grant another time."""

SHORTEST_LEASE_SECONDS = 300.0
"""A hub that grants less is not worth its renewals: its lease counts, and polling goes on."""

LONGEST_LEASE_SECONDS = 30 * 86400.0
"""A lease that is longer is renewed as if it were this long."""

VERIFICATION_SECONDS = 600.0
"""How long a hub has to verify; it doubles with each time that it did not."""

RETRY_SECONDS = 900.0
"""Wait after a hub refused or could not be asked; it doubles with each further time."""

LONGEST_WAIT_SECONDS = 86400.0
"""Longest wait before a hub is asked again, also after it denied."""

UNSUBSCRIBE_TRIES = 3
TRIES_OF_A_HUB = 3
"""Requests in a row that came to nothing after which another hub of the feed is tried."""

MISSES = 2
"""Polls in a row that brought news which the hub had not told: then it is trusted no more."""


@dataclass(frozen=True, slots=True)
class HubSubscription:
    """What is remembered of one feed's hub.

    Attributes:
        hub: its address.
        topic: what is subscribed to there.
        base_url: where the feed's document was found.
        callback: the public address that the hub's callback begins with.
        token: the part of the callback's path that cannot be guessed; never reused.
        secret: key of the signatures of what the hub sends (section 7.1).
        act_at: aware UTC time at which something is to be done next: ask, renew, leave or forget.
        status: `wanted` until the hub has verified, `active` while its lease lasts.
        asked_at: time at which the request that the hub has not verified yet was sent, or None.
        lease_until: time at which the hub stops sending, or None.
        failures: requests in a row that came to nothing.
        misses: polls in a row that brought news which the hub had not told.
        last_error: reason why the last request came to nothing, or an empty string.
    """

    hub: str
    topic: str
    base_url: str
    callback: str
    token: str
    secret: str
    act_at: datetime
    status: Literal["wanted", "active", "denied", "leaving"] = "wanted"
    asked_at: datetime | None = None
    lease_until: datetime | None = None
    failures: int = 0
    misses: int = 0
    last_error: str = ""

    @property
    def pushed_until(self) -> datetime | None:
        """The time until which polling may be slow, or None where it may not."""
        trusted = self.status == "active" and self.misses < MISSES
        return self.lease_until if trusted else None

    @property
    def request(self) -> Mode:
        """The request that is sent to the hub when one is."""
        return "unsubscribe" if self.status == "leaving" else "subscribe"


def on_advertised(
    subscription: HubSubscription | None, advert: Advert | None, callback: str, now: datetime
) -> HubSubscription | None:
    """Decide what follows from a document of the feed.

    Args:
        subscription: the feed's subscription, if any.
        advert: the hubs that the document names, if any.
        callback: the public address that callbacks begin with.
        now: aware UTC.

    Returns:
        The subscription from now on: to the first hub, or to the one after that which failed. One
        to another hub or topic begins anew, with a callback and secret of its own; what the old
        hub still sends finds nobody.
    """
    if advert is None:
        return unsubscribe(subscription, now)
    hub = _chosen(subscription, advert.hubs)
    if subscription is None or (subscription.hub, subscription.topic) != (hub, advert.topic):
        token, secret = secrets.token_urlsafe(24), secrets.token_urlsafe(32)
        return HubSubscription(
            hub, advert.topic, advert.base_url, callback, token, secret, act_at=now
        )
    return resume(replace(subscription, base_url=advert.base_url), callback, now)


def _chosen(subscription: HubSubscription | None, hubs: tuple[str, ...]) -> str:
    """Return the hub to subscribe at: the current one, unless it has gone or failed."""
    if subscription is None or subscription.hub not in hubs:
        return hubs[0]
    has_failed = subscription.status == "denied" or (
        subscription.status == "wanted" and subscription.failures >= TRIES_OF_A_HUB
    )
    return hubs[(hubs.index(subscription.hub) + has_failed) % len(hubs)]


def postpone(subscription: HubSubscription | None, until: datetime) -> HubSubscription | None:
    """Decide that what is due with a hub waits, for the hub has no place for it now."""
    return replace(subscription, act_at=until) if subscription else None


def unsubscribe(subscription: HubSubscription | None, now: datetime) -> HubSubscription | None:
    """Decide that a subscription ends: the feed has left the list, or names no hub any more."""
    if subscription is None or subscription.status == "leaving":
        return subscription
    return replace(subscription, status="leaving", asked_at=None, act_at=now, failures=0)


def resume(subscription: HubSubscription, callback: str, now: datetime) -> HubSubscription:
    """Decide that a subscription goes on.

    It is asked for anew where it was to end, or where the hub has an old callback of ours.
    """
    if subscription.status != "leaving" and subscription.callback == callback:
        return subscription
    return replace(
        subscription,
        callback=callback,
        status="wanted",
        asked_at=None,
        lease_until=None,
        act_at=now,
        failures=0,
    )


def prepare_request(subscription: HubSubscription | None, now: datetime) -> HubSubscription | None:
    """Decide what is asked of the hub now that something is due.

    The answer is stored before the request goes out: a hub may verify before it answers.

    Returns:
        The subscription with `asked_at` set, whose `request` is to be sent; one whose time has
        not come, as it is; or None where it is over and to be forgotten.
    """
    if subscription is None or subscription.act_at > now:
        return subscription
    # A request that was sent and never verified has failed.
    failures = subscription.failures + (subscription.asked_at is not None)
    is_over = subscription.lease_until is None or subscription.lease_until <= now
    if subscription.status == "leaving" and (is_over or failures >= UNSUBSCRIBE_TRIES):
        return None
    wait = min(VERIFICATION_SECONDS * 2.0 ** min(failures, 20), LONGEST_WAIT_SECONDS)
    return replace(
        subscription,
        status="wanted" if subscription.status == "active" and is_over else subscription.status,
        lease_until=None if is_over else subscription.lease_until,
        asked_at=now,
        act_at=now + timedelta(seconds=wait),
        failures=failures,
    )


def on_refused(
    subscription: HubSubscription | None, asked_at: datetime | None, error: str, now: datetime
) -> HubSubscription | None:
    """Decide what follows when a request came to nothing; a running lease stays.

    Args:
        subscription: the subscription, which may have been verified or changed meanwhile.
        asked_at: of the request.
        error: one clause.
        now: aware UTC.
    """
    if subscription is None or asked_at is None or subscription.asked_at != asked_at:
        return subscription
    wait = min(RETRY_SECONDS * 2.0 ** min(subscription.failures, 20), LONGEST_WAIT_SECONDS)
    return replace(
        subscription,
        asked_at=None,
        act_at=now + timedelta(seconds=wait),
        failures=subscription.failures + 1,
        last_error=error[:200],
    )


def is_intended(subscription: HubSubscription | None, mode: str, topic: str) -> bool:
    """Tell whether what a hub wants verified is what was asked of it (section 5.3).

    Args:
        subscription: the subscription that the callback belongs to.
        mode: `hub.mode` as it came.
        topic: `hub.topic` as it came.
    """
    if subscription is None or topic != subscription.topic:
        return False
    if mode == "denied":
        return subscription.status != "leaving"
    return subscription.asked_at is not None and mode == subscription.request


def on_verified(
    subscription: HubSubscription, lease_seconds: float | None, now: datetime, random: Random
) -> HubSubscription | None:
    """Decide what follows when the hub verified what was asked.

    Args:
        subscription: a subscription of which `is_intended` said yes.
        lease_seconds: what the hub grants; None where it does not say.
        now: aware UTC.
        random: source of the jitter, so that ten thousand leases do not end at once.

    Returns:
        The subscription, to be renewed when three to four fifths of the lease have passed; None
        where it was the end of one.
    """
    if subscription.status == "leaving":
        return None
    lease = min(lease_seconds or 86400.0, LONGEST_LEASE_SECONDS)
    renewal = max(lease * random.uniform(0.6, 0.8), SHORTEST_LEASE_SECONDS)
    return replace(
        subscription,
        status="active",
        asked_at=None,
        lease_until=now + timedelta(seconds=lease),
        act_at=now + timedelta(seconds=renewal),
        failures=0,
        last_error="",
    )


def on_denied(subscription: HubSubscription, reason: str, now: datetime) -> HubSubscription:
    """Decide what follows when the hub denied (section 5.2): poll as ever, ask again in a day."""
    return replace(
        subscription,
        status="denied",
        asked_at=None,
        lease_until=None,
        act_at=now + timedelta(seconds=LONGEST_WAIT_SECONDS),
        last_error=f"the hub denied: {reason[:150] or 'it gives no reason'}",
    )


def on_missed(subscription: HubSubscription | None) -> HubSubscription | None:
    """Decide what follows when a poll brought news that the hub had not told."""
    if subscription is None or subscription.status != "active" or subscription.misses >= MISSES:
        return subscription
    return replace(subscription, misses=subscription.misses + 1)


def on_delivered(subscription: HubSubscription | None) -> HubSubscription | None:
    """Decide what follows when the hub brought news: it is trusted again."""
    return (
        replace(subscription, misses=0)
        if subscription is not None and subscription.misses
        else subscription
    )
