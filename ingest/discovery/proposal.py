"""From the feeds that were found to the entries of the list that a person would write for them.

Title and language are the document's; country and time zone are guesses from the address.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from http import HTTPStatus
from importlib import resources
from typing import Final
from urllib.parse import urlsplit

from config.feed_rules import PAN_ARAB, address_key, feed_id_from_url
from config.feed_yaml import write_feed
from config.model import Feed
from ingest.discovery.page import Page
from ingest.model import ParsedFeed
from ingest.runtime.terminal import printable
from nabaa.errors import without_credentials

_LONGEST_NAME = 200
_TAG = re.compile(r"<[^<>]{0,500}>")
_PRIMARY_TAG = re.compile(r"[A-Za-z]{2,3}(?![A-Za-z])")
_ARABIC_LETTER = re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff]")
_LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f]")
_ARABIC_SCRIPT: Final = frozenset(
    {"ar", "arz", "apc", "ary", "azb", "ckb", "fa", "ku", "ps", "sd", "ug", "ur"}
)
_UNDETERMINED: Final = "und"  # BCP 47
# Sold to everybody (https://developers.google.com/search/docs/specialty/international/
# managing-multi-regional-sites), so they say nothing of a country.
# fmt: off
_FOR_ALL: Final = frozenset((
    "ac", "ad", "ag", "ai", "as", "bz", "cc", "cd", "co", "fm", "gg", "gl", "gs", "im", "io", "la",
    "lc", "me", "ms", "nu", "pw", "sc", "sh", "sr", "st", "su", "tk", "to", "tv", "vc", "ws",
))
# fmt: on
_OTHER_CODES: Final = {"uk": "GB"}
# The top-level domains in Arabic letters (https://www.iana.org/domains/root/db).
_ARABIC_DOMAINS: Final = {
    "امارات": "AE",
    "البحرين": "BH",
    "الجزائر": "DZ",
    "مصر": "EG",
    "ایران": "IR",
    "عراق": "IQ",
    "الاردن": "JO",
    "المغرب": "MA",
    "موريتانيا": "MR",
    "عمان": "OM",
    "پاکستان": "PK",
    "فلسطين": "PS",
    "قطر": "QA",
    "السعودية": "SA",
    "سودان": "SD",
    "سورية": "SY",
    "تونس": "TN",
    "اليمن": "YE",
}


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that answered.

    Attributes:
        proposed: its entry for the list.
        parsed: its document.
        articles: what identifies its entries across formats.
    """

    proposed: Feed
    parsed: ParsedFeed
    articles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a site has.

    Attributes:
        url: that was asked first.
        found: its feeds, the surest evidence first; none that another one contains.
        asked: addresses that were asked.
        status: HTTP status of the answer to the first.
    """

    url: str
    found: tuple[FoundFeed, ...]
    asked: int
    status: int


def proposals(discovery: Discovery, listed: Collection[Feed] = ()) -> str:
    """Write what was found as entries of a list, each with a comment on what it showed.

    Args:
        discovery: with at least one feed.
        listed: the list as it is; what it holds already is named, not proposed.

    Returns:
        YAML lines that end in LF, safe to print.
    """
    known = {address_key(feed.url): feed.id for feed in listed}
    lines = ["# Country and timezone are guesses from the address: mend them first.\n"]
    proposed: list[FoundFeed] = []
    for found in discovery.found:
        note = _note(found, proposed)
        if listed_as := known.get(address_key(found.proposed.url)):
            url = without_credentials(found.proposed.url)
            lines.append(f"# in the list already, as {listed_as}: {url}\n")
        else:
            lines.append(f"# {note}\n{write_feed(found.proposed)}")
        proposed.append(found)
    return "".join(f"{printable(line)}\n" for line in "".join(lines).splitlines())


def nothing_found(discovery: Discovery) -> str:
    """Return the sentence that says that a site has no feed, and where one was looked for."""
    refused = f" (HTTP status {discovery.status})" if discovery.status != HTTPStatus.OK else ""
    return (
        f"no feed found at {printable(without_credentials(discovery.url))}{refused}: addresses "
        f"asked, none of which holds one: {discovery.asked} "
        "(the page, its links, common places, sitemaps)"
    )


def propose(url: str, parsed: ParsedFeed, page: Page | None) -> Feed:
    """Write the entry of the list for a feed.

    Args:
        url: of the feed.
        parsed: its document.
        page: of the site that it was found on, if any.

    Returns:
        A feed that a list can hold; its id is the one that the list would derive.
    """
    host = urlsplit(url).hostname or ""
    title = one_line(parsed.title)
    country = country_of(host)
    return Feed(
        id=feed_id_from_url(url),
        url=url,
        title=title or (one_line(page.site_name) if page else "") or host,
        outlet=(one_line(page.site_name) if page else "") or title or host,
        country=country,
        timezone=timezone_of(country),
        language=language_of(parsed, page.language if page else ""),
    )


def _note(found: FoundFeed, before: Sequence[FoundFeed]) -> str:
    """Return what a person wants to know before a feed goes into the list."""
    parsed = found.parsed
    dates = [entry.published for entry in parsed.entries if entry.published]
    newest = f"the newest of {max(dates):%Y-%m-%d %H:%M}Z" if dates else "none with a date"
    note = f"{parsed.format}, entries: {len(parsed.entries)}"
    note += f", {newest}" if parsed.entries else ""
    shared = [
        f"; also in {other.proposed.id}: {len(common)}"
        for other in before
        if (common := found.articles & other.articles)
    ]
    return note + "".join(shared)


def one_line(text: str) -> str:
    """Return a title or name as plain text on one line, without marks that cannot be seen."""
    plain = unescape(_TAG.sub(" ", unescape(text[: 10 * _LONGEST_NAME])))
    seen = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter
        for letter in plain
        if unicodedata.category(letter) not in ("Cf", "Cs", "Co", "Cn")
    )
    return " ".join(seen.split())[:_LONGEST_NAME].strip()


def language_of(parsed: ParsedFeed, page_language: str) -> str:
    """Guess the language of a feed: what is declared, unless the letters are of another script.

    Many Arabic sites run on software that declares English and was never told otherwise.

    Args:
        parsed: the document.
        page_language: what the page declares that it was found on, or an empty string.

    Returns:
        A BCP 47 primary tag; `und` where nothing tells.
    """
    tags = [
        found[0].lower()
        for declared in (parsed.language, page_language)
        if (found := _PRIMARY_TAG.match(declared.strip()))
    ]
    titles = " ".join(entry.title[:500] for entry in parsed.entries[:100]) or parsed.title[:500]
    arabic, latin = len(_ARABIC_LETTER.findall(titles)), len(_LATIN_LETTER.findall(titles))
    if arabic > latin:
        return next((tag for tag in tags if tag in _ARABIC_SCRIPT), "ar")
    if latin > arabic:
        return next((tag for tag in tags if tag not in _ARABIC_SCRIPT), _UNDETERMINED)
    return next(iter(tags), _UNDETERMINED)


def country_of(host: str) -> str:
    """Return the country that a host's top-level domain stands for, or `XX`.

    Args:
        host: in lower case; a domain in Arabic letters may be written so or in Punycode.
    """
    last = host.rstrip(".").rpartition(".")[2]
    if last.startswith("xn--"):
        try:
            last = last[4:].encode("ascii").decode("punycode")
        except UnicodeError:
            return PAN_ARAB
    if last in _ARABIC_DOMAINS:
        return _ARABIC_DOMAINS[last]
    code = _OTHER_CODES.get(last, last.upper())
    return code if last not in _FOR_ALL and code in _zones() else PAN_ARAB


def timezone_of(country: str) -> str:
    """Return the time zone of a country, of several the first; `UTC` for `XX`.

    Args:
        country: ISO 3166-1 alpha-2.
    """
    return _zones().get(country, "UTC")


@cache
def _zones() -> dict[str, str]:
    """Return the zone of each country after the time zone database's own table."""
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8")
    zones: dict[str, str] = {}
    for line in table.splitlines():
        if not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            zones.setdefault(country, zone)
    return zones
