"""Which hub a feed names, and under which topic: the Link header first, then the document.

Whether nabaa subscribes there is `ingest.websub.subscription`'s part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ingest.identity.addresses import web_address
from ingest.model import Fetched, ParsedFeed

LONGEST_ADDRESS = 1_000
"""Code points of a hub's or topic's address; both are kept in Redis for as long as the feed is."""

_LONGEST_HEADER = 8_000
# One parameter and one link-value of RFC 8288, section 3; a quoted value may hold any mark.
_PARAMETER = r'\s*+;\s*+([^\s=;,"<>]++)(?:\s*+=\s*+(?:"([^"]*+)"|([^\s;,"<>]*+)))?+'
_LINK = re.compile(rf"<([^<>]*+)>((?:{_PARAMETER})*+)")
_PARAMETERS = re.compile(_PARAMETER)


MAX_HUBS = 5
"""Hubs of one feed that are considered; real feeds name one or two."""


class Advert(NamedTuple):
    """The hubs that a feed names.

    Attributes:
        hubs: absolute http or https addresses, each once, at least one.
        topic: what to subscribe to there: the feed's own address, as the publisher writes it.
        base_url: where the document was found; relative links of it are resolved against that.
    """

    hubs: tuple[str, ...]
    topic: str
    base_url: str


def advertised(fetched: Fetched, parsed: ParsedFeed) -> Advert | None:
    """Return the hubs that an answer names (WebSub, section 4), or None.

    Args:
        fetched: the answer; its `Link` headers count before the document.
        parsed: what its document says. Where no self link is given, the topic is the address that
            answered.
    """
    links = _links(fetched.headers.get("link", ""))
    url = fetched.final_url
    hubs = _usable(_related(links, "hub"), url) or _usable(parsed.hubs, url)
    if not hubs:
        return None
    topic = next(iter(_usable([*_related(links, "self"), parsed.self_url], url)), "")
    return Advert(hubs[:MAX_HUBS], topic or fetched.final_url, fetched.final_url)


def _links(header: str) -> list[tuple[str, list[str]]]:
    return [(found[1], _relations(found[2])) for found in _LINK.finditer(header[:_LONGEST_HEADER])]


def _relations(parameters: str) -> list[str]:
    """Return the words of the first `rel`; any further one does not count."""
    found = _PARAMETERS.finditer(parameters)
    relations = (each[2] or each[3] or "" for each in found if each[1].lower() == "rel")
    return next(relations, "").lower().split()


def _related(links: list[tuple[str, list[str]]], relation: str) -> list[str]:
    return [address for address, relations in links if relation in relations]


def _usable(addresses: Iterable[str], base_url: str) -> tuple[str, ...]:
    """Return those that are addresses of the web: absolute, without a fragment, each once."""
    absolute = (web_address(each, base_url).partition("#")[0] if each else "" for each in addresses)
    return tuple(dict.fromkeys(each for each in absolute if 0 < len(each) <= LONGEST_ADDRESS))
