"""When an article appeared and was changed: structured data held against what the reader sees.

Newspapers stamp local time as UTC, name no zone, write a sentence where a machine expects a date,
or say that an article was changed before it appeared. So each date is kept as it was written,
and one that carries a time of day and agrees with the visible one wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from workers.text.page.document import Block, Element, find_elements, text_of
from workers.text.page.model import Dates
from workers.text.page.structured import StructuredArticle
from workers.text.page.written_dates import (
    CHANGED,
    HAS_YEAR,
    WrittenDate,
    date_behind,
    is_date_line,
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
_MARKED = re.compile(r"date|time|publish|posted|created|tarikh|info|meta|تاريخ", re.IGNORECASE)
_NOT_OF_ARTICLE = re.compile(
    r"(?<!has-)(?<!with-)(?<!no-)(?:related|sidebar|widget|comment|footer|copyright|latest|most|recommend"
    r"|ticker|breaking)|(?<![a-z])nav(?:bar|igation|-?menu)?(?![a-z-])",
    re.IGNORECASE,
)
_MARKED_LENGTH = 160  # code points of a block whose class says that it holds a date
_PARAGRAPH = 150  # code points of a block that is of the text
_LONG = 400  # code points of a block that holds no date line
_MAX_INLINE = 12
_BLOCKS_BELOW = 60  # blocks below the headline among which the date stands
_CLOCK = re.compile(
    r"\d{1,2}:\d\d(?::\d\d)?(?:\s*(?:ص|م|صباحا|مساء|صباحًا|مساءً|am|pm))?", re.IGNORECASE
)
_STAMP_ATTRIBUTES = (
    "datetime", "data-seconds", "data-unixtime", "data-timestamp", "data-time", "data-date",
    "title",
)  # fmt: skip
_INLINE = frozenset(("time", "span", "b", "strong", "em", "small", "i", "a"))
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
    seen, seen_changed = _visible(blocks, zone, now)
    if not seen:
        above, above_changed = _visible(beside, zone, now)
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


def _visible(
    blocks: Sequence[Block], zone: ZoneInfo, now: datetime
) -> tuple[list[WrittenDate], list[WrittenDate]]:
    """Return the dates that stand in the first blocks, those of changes apart."""
    published: list[WrittenDate] = []
    changed: list[WrittenDate] = []
    times = 0
    is_above = True
    for number, (element, text) in enumerate(blocks):
        if number >= _BLOCKS_BELOW or len(published) >= 5:
            break
        if len(text) > _LONG:
            published += [*_inline_dates(element, zone, now)]
            continue
        if _is_of_others(element):
            continue
        is_above = is_above and len(text) < _PARAGRAPH
        is_marked = len(text) <= _MARKED_LENGTH and _is_marked(element)
        if not (is_marked or is_date_line(text)):
            text = date_behind(text) if is_above else ""  # noqa: PLW2901
            if not text:
                continue
        label = f"{_label_before(element)} {text}" if element.tag == "time" else text
        stamps = [*_stamps_of(element, zone, now)] if times < 3 else []
        if stamps:
            times += 1
            (changed if CHANGED.search(label) else published).extend(stamps[:1])
        if any(each.has_clock for each in [*stamps, *_stamps_inside(element, zone, now)]):
            continue  # the text shows the same, without its zone
        text = label  # noqa: PLW2901
        changes = CHANGED.search(text)
        before, after = (text[: changes.start()], text[changes.end() :]) if changes else (text, "")
        if before and not after and number + 1 < len(blocks) and not _CLOCK.search(before):
            clock = blocks[number + 1][1]  # in a block of its own
            before += f" {clock}" if _CLOCK.fullmatch(clock) else ""
        if HAS_YEAR.search(before) and (found := read_written(before, "text", zone, now)):
            published.append(found)
        if HAS_YEAR.search(after) and (found := read_written(after, "text", zone, now)):
            changed.append(found)
    return published, changed


def _inline_dates(element: Element, zone: ZoneInfo, now: datetime) -> Iterator[WrittenDate]:
    """Yield the dates that stand in one block with the text, in `font` and the like."""
    for child in islice(element, _MAX_INLINE):
        text = text_of(child) if child.tag in ("font", "span", "small", "b", "i", "em") else ""
        if is_date_line(text) and (found := read_written(text, "text", zone, now)):
            yield found


def _stamps_of(element: Element, zone: ZoneInfo, now: datetime) -> Iterator[WrittenDate]:
    """Yield what an element tells machines: `datetime`, `title` of `abbr`, `data-…`."""
    for each in element.iter():
        for name in _STAMP_ATTRIBUTES:
            stamp = each.get(name) if each is element or each.tag != "time" else ""
            if name == "title" and not HAS_YEAR.search(stamp or ""):
                continue
            source = "time" if name == "datetime" else name
            if stamp and (found := read_written(stamp, source, zone, now)):
                yield found


def _stamps_inside(element: Element, zone: ZoneInfo, now: datetime) -> Iterator[WrittenDate]:
    for time in element.iter("time"):
        if time is not element:
            yield from _stamps_of(time, zone, now)


def _label_before(element: Element) -> str:
    """Return the words just before an element in its line, or those in the element before it."""
    for each in (element, element.getparent()):
        if each is None or each.tag not in _INLINE:
            break
        previous = each.getprevious()
        if previous is not None:
            words = (previous.tail or "").strip() or text_of(previous)
        else:
            parent = each.getparent()
            words = (parent.text or "").strip() if parent is not None else ""
        if words:
            return words[-60:]
    return ""


def _is_marked(element: Element) -> bool:
    if element.tag == "time":
        return True
    marks = (
        f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
    )
    return bool(_MARKED.search(marks[:300]))


def _is_of_others(element: Element) -> bool:
    for depth, each in enumerate((element, *element.iterancestors())):
        if depth > 8 or each.tag in ("body", "article", "main"):
            return False
        if each.tag in ("nav", "footer", "aside"):
            return True
        if _NOT_OF_ARTICLE.search(f"{each.get('class') or ''} {each.get('id') or ''}"[:300]):
            return True
    return False


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
