"""When an article appeared and was changed: structured data held against what the reader sees.

Newspapers stamp local time as UTC, name no zone, write a sentence where a machine expects a date,
or say that an article was changed before it appeared. So each date is kept as it was written,
and one that carries a time of day and agrees with the visible one wins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from workers.text.page.document import Block, Element, find_elements
from workers.text.page.model import Dates
from workers.text.page.seen_dates import find_seen_dates
from workers.text.page.structured import StructuredArticle
from workers.text.page.written_dates import (
    WrittenDate,
    read_written,
)

_PUBLISHED_METAS = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished",
    "article:published", "publish-date", "publish_date", "publishdate", "pubdate",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "dc.date.issued",
    "dcterms.created", "article.published",
)  # fmt: skip
_WEAK_METAS = ("dc.date", "date")  # that of the answer, at some
_MODIFIED_METAS = (
    "article:modified_time", "og:article:modified_time", "datemodified", "og:updated_time",
    "last-modified", "dcterms.modified", "article:modified",
)  # fmt: skip
_MINUTE = timedelta(minutes=1)
_LEAST_OFFSET = timedelta(hours=1)


def find_dates(
    root: Element,
    blocks: Sequence[Block],
    beside: Sequence[Block],
    structured: StructuredArticle,
    metas: dict[str, list[str]],
    zone: ZoneInfo,
    now: datetime,
    ruled: str = "",
) -> Dates:
    """Find when an article was published and last changed.

    Args:
        root: the whole page.
        blocks: of text, from the headline on.
        beside: blocks just above the headline, for where there is no date below it.
        structured: JSON-LD of the article.
        metas: see `meta_values`.
        zone: of the outlet, for dates that name none.
        now: aware; later dates are nonsense.
        ruled: date that a rule selects in the page, or an empty string.

    Returns:
        The two with their sources.
    """
    seen, seen_changed = find_seen_dates(blocks, zone, now)
    if not seen:
        above, above_changed = find_seen_dates(beside, zone, now)
        seen, seen_changed = above, above_changed or seen_changed
    by_rule = read_written(ruled, "rule:date", zone, now)
    published = [*filter(None, [by_rule]), *_declared(root, structured, metas, zone, now)]
    modified = [*_declared_changes(structured, metas, zone, now), *seen_changed]
    stamped = _stamped_is_local([*published, *modified], seen + seen_changed, zone)
    if stamped:
        published = [_as_local(each, zone) for each in published]
        modified = [_as_local(each, zone) for each in modified]
    weak = [*_in_metas(_WEAK_METAS, metas, zone, now)]
    first = _choose(published, [*seen, *weak], zone)
    if first is None and seen_changed:
        first = seen_changed[0]  # all that the page tells
    changed = next(iter(modified), None)
    if first and changed and changed.instant < first.instant:
        # One of the two is wrong; what the reader sees decides.
        if any(_same_minute(each, changed) for each in seen):
            first = changed
        changed = None
    if not first:
        changed = None
    sources = {}
    if first:
        sources["published"] = first.source
    if changed:
        sources["modified"] = changed.source
    return Dates(first.instant if first else None, changed.instant if changed else None, sources)


def _declared(
    root: Element,
    structured: StructuredArticle,
    metas: dict[str, list[str]],
    zone: ZoneInfo,
    now: datetime,
) -> Iterator[WrittenDate]:
    for name in ("datePublished", "dateCreated"):
        for text in structured.texts(name)[:3]:
            if found := read_written(text, f"json-ld:{name}", zone, now):
                yield found
    yield from _in_metas(_PUBLISHED_METAS, metas, zone, now)
    marked = find_elements(
        root, "//*[@itemprop='datePublished' or @itemprop='datecreated'][not(self::meta)]"
    )
    for element in marked[:3]:
        shown = element.get("datetime") or element.get("content") or element.text
        if found := read_written(shown or "", "itemprop:datePublished", zone, now):
            yield found
    yield from _microformats(root, zone, now)


def _in_metas(
    keys: Sequence[str], metas: dict[str, list[str]], zone: ZoneInfo, now: datetime
) -> Iterator[WrittenDate]:
    for key in keys:
        for text in metas.get(key, ())[:2]:
            if found := read_written(text, f"meta:{key}", zone, now):
                yield found


def _microformats(root: Element, zone: ZoneInfo, now: datetime) -> Iterator[WrittenDate]:
    """Yield the one date that a page marks as that of its only entry (hAtom)."""
    marked = find_elements(
        root,
        "//*[self::abbr or self::time][contains(concat(' ', @class, ' '), ' published ')"
        " or contains(concat(' ', @class, ' '), ' entry-date ')]",
    )
    stamps = {each.get("datetime") or each.get("title") or "" for each in marked[:20]} - {""}
    if len(stamps) == 1 and (found := read_written(stamps.pop(), "class:published", zone, now)):
        yield found


def _declared_changes(
    structured: StructuredArticle, metas: dict[str, list[str]], zone: ZoneInfo, now: datetime
) -> Iterator[WrittenDate]:
    for text in structured.texts("dateModified")[:3]:
        if found := read_written(text, "json-ld:dateModified", zone, now):
            yield found
    yield from _in_metas(_MODIFIED_METAS, metas, zone, now)


def _choose(
    published: Sequence[WrittenDate], seen: Sequence[WrittenDate], zone: ZoneInfo
) -> WrittenDate | None:
    """Return the first declared date, made exact by one of the same day that has a time."""
    every = [*published, *seen]
    if not every:
        return None
    first = every[0]
    # Of a stamp and a date with an offset that show the same clock, the stamp is the wrong one.
    if first.is_stamped:
        for other in published:
            if other.is_zoned and not other.is_stamped and other.clock == first.clock:
                return other
    if first.has_clock and not _is_midnight(first, zone):
        return first
    day = _local(first, zone).date()
    for other in every[1:]:
        if other.has_clock and _local(other, zone).date() == day and not _is_midnight(other, zone):
            return other
    return first


def _stamped_is_local(
    declared: Sequence[WrittenDate], seen: Sequence[WrittenDate], zone: ZoneInfo
) -> bool:
    """Say whether what is stamped Z shows the clock that the reader sees in local time."""
    for each in declared:
        offset = zone.utcoffset(each.instant.replace(tzinfo=None)) or timedelta(0)
        if not each.is_stamped or abs(offset) < _LEAST_OFFSET:
            continue
        for other in seen:
            if (
                other.source == "text"
                and other.has_clock
                and not other.is_zoned
                and other.clock == each.clock
            ):
                return True
    return False


def _as_local(each: WrittenDate, zone: ZoneInfo) -> WrittenDate:
    if not each.is_stamped:
        return each
    local = each.instant.replace(tzinfo=zone).astimezone(UTC)
    return WrittenDate(
        local, each.clock, f"{each.source} (local time)", True, False, each.has_clock
    )


def _local(each: WrittenDate, zone: ZoneInfo) -> datetime:
    return each.instant.astimezone(zone)


def _is_midnight(each: WrittenDate, zone: ZoneInfo) -> bool:
    local = _local(each, zone)
    return (local.hour, local.minute, local.second) == (0, 0, 0) or (
        (each.instant.hour, each.instant.minute, each.instant.second) == (0, 0, 0)
    )


def _same_minute(one: WrittenDate, other: WrittenDate) -> bool:
    return one.has_clock and abs(one.instant - other.instant) < _MINUTE
