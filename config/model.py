"""The record of one feed of the list, as a person writes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FullText = Literal["auto", "always", "never"]
"""When the page of an article is fetched for its text: where the feed's is short, or not."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed of the list, as `config/feeds.yaml` states it.

    Attributes:
        id: unique in the list; letters, digits, `-`, `_` and `.`; never reused for another feed.
        url: absolute http or https address.
        title: what the feed is called, in its own language.
        outlet: who publishes it, in its own language.
        country: ISO 3166-1 alpha-2 of the outlet, or `XX` for a pan-Arab outlet.
        timezone: IANA zone in which the outlet writes dates that name none.
        language: BCP 47 primary tag that the feed is expected to be in; a hint, not a promise.
        topic: one word, such as `news`, `politics`, `business`, `sport`.
        tags: free words of the person who keeps the list.
        interval_seconds: seconds between polls, in place of the default.
        insecure_tls: the certificate of the feed's own host is not checked.
        full_text: whether the pages of its articles are fetched: `auto` where the feed's text is
            short, `always` or `never`; empty for what the setting `full_text` says.
        checked: day on which somebody saw the address serve the feed, `YYYY-MM-DD`, or an empty
            string where nobody is known to have.
        note: what the publisher's robots.txt or terms ask of readers; may be empty.
    """

    id: str
    url: str
    title: str
    outlet: str
    country: str
    timezone: str
    language: str = "ar"
    topic: str = "news"
    tags: tuple[str, ...] = ()
    interval_seconds: int | None = None
    insecure_tls: bool = False
    full_text: FullText | Literal[""] = ""
    checked: str = ""
    note: str = ""
