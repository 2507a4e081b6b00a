"""Which hub a feed names, and under which topic: the Link header first, then the document.

Whether nabaa subscribes there is `ingest.websub.subscription`'s part.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ingest.items import web_address
from ingest.types import Fetched, ParsedFeed

LONGEST_ADDRESS = 1_000
"""Code points of a hub's or topic's address; both are kept in Redis for as long as the feed is."""

_LONGEST_HEADER = 8_000
# One parameter and one link-value of RFC 8288, section 3; a quoted value may hold any mark.
_PARAMETER = r'\s*+;\s*+([^\s=;,"<>]++)(?:\s*+=\s*+(?:"([^"]*+)"|([^\s;,"<>]*+)))?+'
_LINK = re.compile(rf"<([^<>]*+)>((?:{_PARAMETER})*+)")
_PARAMETERS = re.compile(_PARAMETER)


class Advert(NamedTuple):
    """A hub that a feed names.

    Attributes:
        hub: absolute http or https address.
        topic: what to subscribe to there: the feed's own address, as the publisher writes it.
        base_url: where the document was found; relative links of it are resolved against that.
    """

    hub: str
    topic: str
    base_url: str


def advertised(fetched: Fetched, parsed: ParsedFeed) -> Advert | None:
    """Return the first hub that an answer names (WebSub, section 4), or None.

    Args:
        fetched: the answer; its `Link` headers count before the document.
        parsed: what its document says. Where no self link is given, the topic is the address that
            answered.
    """
    links = _links(fetched.headers.get("link", ""))
    hub = _first(links, "hub", fetched.final_url) or _usable(parsed.hub, fetched.final_url)
    if not hub:
        return None
    topic = _first(links, "self", fetched.final_url) or _usable(parsed.self_url, fetched.final_url)
    return Advert(hub, topic or fetched.final_url, fetched.final_url)


def _links(header: str) -> list[tuple[str, list[str]]]:
    return [(found[1], _relations(found[2])) for found in _LINK.finditer(header[:_LONGEST_HEADER])]


def _relations(parameters: str) -> list[str]:
    """Return the words of the first `rel`; any further one does not count."""
    found = _PARAMETERS.finditer(parameters)
    relations = (each[2] or each[3] or "" for each in found if each[1].lower() == "rel")
    return next(relations, "").lower().split()


def _first(links: list[tuple[str, list[str]]], relation: str, base_url: str) -> str:
    found = (_usable(address, base_url) for address, relations in links if relation in relations)
    return next(filter(None, found), "")


def _usable(address: str, base_url: str) -> str:
    """Return an absolute address without a fragment, or an empty string where it is none."""
    absolute = web_address(address, base_url).partition("#")[0] if address else ""
    return absolute if len(absolute) <= LONGEST_ADDRESS else ""
