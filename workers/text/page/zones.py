"""The time zone of the dates of a page that name none, as far as the page tells it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from workers.text.page.addresses import site_of
from workers.text.page.document import Element
from workers.text.page.structured import StructuredArticle

_ZONES = {
    "eg": "Africa/Cairo", "sa": "Asia/Riyadh", "ae": "Asia/Dubai", "qa": "Asia/Qatar",
    "kw": "Asia/Kuwait", "bh": "Asia/Bahrain", "om": "Asia/Muscat", "ye": "Asia/Aden",
    "iq": "Asia/Baghdad", "sy": "Asia/Damascus", "lb": "Asia/Beirut", "jo": "Asia/Amman",
    "ps": "Asia/Hebron", "sd": "Africa/Khartoum", "ly": "Africa/Tripoli", "tn": "Africa/Tunis",
    "dz": "Africa/Algiers", "ma": "Africa/Casablanca", "mr": "Africa/Nouakchott",
}  # fmt: skip
_REGION = re.compile(r"ar[-_]([a-z]{2})(?![a-z])", re.IGNORECASE)
_OFFSET = re.compile(r"T\d\d:\d\d(?::\d\d(?:\.\d+)?)?([+-])(0\d|1[0-4]):?00$")
_DATES = (
    "article:published_time", "article:modified_time", "og:updated_time", "datepublished",
    "datemodified", "pubdate", "lastmod",
)  # fmt: skip


def zone_of_page(
    url: str,
    root: Element,
    structured: StructuredArticle,
    metas: Mapping[str, Sequence[str]],
) -> ZoneInfo:
    """Return the time zone that a page is written in.

    Args:
        url: of the page.
        root: of it.
        structured: JSON-LD of the article.
        metas: see `meta_values`.

    Returns:
        That of the Arab country that the address ends with, else that its language names, else the
        offset that a date in the page has, else UTC.
    """
    countries = [site_of(url).rpartition(".")[2], *_regions(root, structured, metas)]
    for country in countries:
        if zone := _ZONES.get(country.lower()):
            return ZoneInfo(zone)
    dates = [*structured.texts("datePublished"), *structured.texts("dateModified")]
    dates += [text for key in _DATES for text in metas.get(key, ())]
    for date in dates:
        if (found := _OFFSET.search(date)) and int(found[2]):
            # POSIX counts to the west.
            return ZoneInfo(f"Etc/GMT{'-' if found[1] == '+' else '+'}{int(found[2])}")
    return ZoneInfo("UTC")


def _regions(
    root: Element, structured: StructuredArticle, metas: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """Yield the countries of languages such as `ar-EG`, and those named as such."""
    tags = [root.get("lang") or "", *metas.get("og:locale", ()), *structured.texts("inLanguage")]
    for tag in tags:
        if found := _REGION.match(tag):
            yield found[1]
    for key in ("geo.region", "geo.country"):
        yield from (value.partition("-")[0] for value in metas.get(key, ()))
