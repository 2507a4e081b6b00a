"""The dates that a reader sees beside an article, and what their elements tell machines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from workers.text.page.document import Block, Element, text_of
from workers.text.page.written_dates import (
    CHANGED,
    HAS_YEAR,
    WrittenDate,
    date_behind,
    is_date_line,
    read_written,
)

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


def find_seen_dates(
    blocks: Sequence[Block], zone: ZoneInfo, now: datetime
) -> tuple[list[WrittenDate], list[WrittenDate]]:
    """Find the dates in the first blocks of a page.

    Args:
        blocks: of text, from the headline on or just above it.
        zone: of the outlet, for dates that name none.
        now: aware; later dates are nonsense.

    Returns:
        Those of publication in their order, and those of changes.
    """
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
