"""The dates that feeds write, in every tradition of the Arab press, to UTC.

RFC 822, ISO 8601 and Arabic dates differ in words and order, not in kind: one reader takes them
all. Which date of an entry is used is decided in `ingest.parse.rss_atom`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from ingest.parse.zones import one_of, without_zones, zone_of

MAX_DATE = 100
"""Code points of a date that are read."""

_FUTURE = timedelta(hours=1)
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)

# Names after `_plain`: without hamza seats, diacritics and accents, ة as ه and ى as ي. Egypt and
# the Gulf, the Levant and Iraq, Tunisia and Algeria, Morocco, English, French.
_MONTHS = (
    "يناير|كانون الثاني|كانون ثاني|كانون 2|كانون2|جانفي|january|janvier|janv|jan",
    "فبراير|شباط|فيفري|فيبري|february|fevrier|fevr|fev|feb",
    "مارس|اذار|march|mars|mar",
    "ابريل|نيسان|افريل|april|avril|avr|apr",
    "مايو|ايار|ماي|may|mai",
    "يونيو|يونيه|حزيران|جوان|june|juin|jun",
    "يوليو|يوليه|تموز|جويليه|يوليوز|july|juillet|juil|jul",
    "اغسطس|اوغسطس|اب|اوت|غشت|august|aout|aug",
    "سبتمبر|ايلول|شتنبر|september|septembre|sept|sep",
    "اكتوبر|تشرين الاول|تشرين اول|تشرين 1|تشرين1|october|octobre|oct",
    "نوفمبر|تشرين الثاني|تشرين ثاني|تشرين 2|تشرين2|نونبر|november|novembre|nov",
    "ديسمبر|كانون الاول|كانون اول|كانون 1|كانون1|دجنبر|دسمبر|december|decembre|dec",
)
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split("|")}

_FOREIGN_LETTERS = str.maketrans("ةىکیڤ−‐‑–—", "هيكيف-----")
_MORNING = "ص|صباحا|فجرا|am|a\\.m\\."
_EVENING = "م|مساء|مساءا|عصرا|pm|p\\.m\\."
_HALF = rf"(?P<{{0}}>{_MORNING}|{_EVENING}|ظهرا|ليلا)(?![^\W\d_])"
_TIME = re.compile(
    rf"(?:(?<![^\W\d_]){_HALF.format('before')}\s*)?"
    r"(?<![\d:])(?P<hour>\d{1,2})\s?[:h]\s?(?P<minute>\d{1,2})"
    r"(?::(?P<second>\d{1,2})(?:[.,:]\d{1,9})?)?(?![\d:])"
    rf"(?:\s*{_HALF.format('after')})?"
)
_HOUR = re.compile(
    rf"(?:الساعه\s*(?P<hour>\d{{1,2}})(?:\.(?P<minute>\d{{2}}))?(?!\d)(?:\s*{_HALF.format('after')})?)"
    rf"|(?<![\d/.-])(?P<bare>\d{{1,2}})\s*(?P<word>صباحا|فجرا|مساء|مساءا|عصرا|ظهرا|ليلا|am|pm)(?![^\W\d_])"
)
_WHOLE_DATE = re.compile(
    r"(?<!\d)(?:\d{4}([./-])\d{1,2}\1\d{1,2}|\d{1,2}([./-])\d{1,2}\2\d{4})(?!\d)"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DOTTED_TIME = re.compile(
    r"(?<![\d.])(?P<hour>[01]?\d|2[0-3])\.(?P<minute>[0-5]\d)"
    rf"(?:\.(?P<second>[0-5]\d))?(?![\d.])(?:\s*{_HALF.format('after')})?"
)
_UNREAD_TIME = re.compile(r"\d\s?:\s?\d")
_UNIX = re.compile(r"(1\d{9})(?:\.\d{1,9})?|(1\d{12})")

# RFC 3339 in full, which most machines write: read at a tenth of the cost, to the same instant.
_RFC3339 = re.compile(
    r"((?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]{1,9})?"
    r"(Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])"
)
_MONTH = re.compile(one_of("|".join(_MONTHS)))
_COMPACT = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:t(\d\d)(\d\d)(\d\d)?)?(?!\d)")
_CHRISTIAN_ERA = re.compile(r"(\d{4})\s*(?:م|ميلادي|ميلاديه)(?![^\W\d_])")
_NUMERIC = re.compile(
    r"(?<!\d)(?<![\d][/.-])(\d{1,4})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{1,4})(?!\d)"
)
_FILLER = re.compile(one_of("من|شهر|عام|لعام|سنه|لسنه|de|of|st|nd|rd|th|er"))
_WORD = re.compile(r"[^\W\d_]+")
_GAP = re.compile(r"[^\w@#]+")
_DAY_MONTH_YEAR = re.compile(r"(?<!\d)(\d{1,2}) ?@(\d\d)@(?: ?@\2@)? ?(\d{4}|\d{2})(?!\d)")
_YEAR_MONTH_DAY = re.compile(r"(?<!\d)(\d{4}) ?@(\d\d)@(?: ?@\2@)? ?(\d{1,2})(?!\d)")
_MONTH_DAY_YEAR = re.compile(r"@(\d\d)@(?: ?@\1@)? ?(\d{1,2}) (\d{4})(?!\d)")


def parse_date(text: str, zone: ZoneInfo) -> datetime | None:
    """Read a date; never fails, takes bounded time.

    Read are RFC 822 with its obsolete zones, ISO 8601, Unix time in seconds or milliseconds, what
    Java and JavaScript print, and what newspapers write: Arabic, English and French months, digits
    of any script, d/m/y, twelve hours with ص and م, zones in words. A date alone is its midnight;
    a date with a time that cannot be read is None. Of a Hijri and a Gregorian date side by side the
    latter is taken; a Hijri date alone is None, since the calendars of two states may differ by a
    day.

    Args:
        text: the date as the feed writes it; the first `MAX_DATE` code points are read.
        zone: of the outlet, for a date that names none.

    Returns:
        An aware UTC instant, to the second, or None where there is no date. A local time that
        occurs twice is the earlier of the two (PEP 495).
    """
    written = text.strip()[:MAX_DATE]
    if found := _RFC3339.fullmatch(written):
        with suppress(ValueError):
            return datetime.fromisoformat(found[1] + found[2]).astimezone(UTC)
    plain = _plain(written)
    if found := _UNIX.fullmatch(plain):
        return datetime.fromtimestamp(int(found[1] or int(found[2]) // 1000), UTC)
    plain = _COMPACT.sub(_spread, plain)
    plain = _CHRISTIAN_ERA.sub(r"\1 ", plain)
    day = next(_days(plain), None)
    time = _time_of_day(plain)
    if day is None or time is None:
        return None
    try:
        local = day + time
        return local.replace(tzinfo=zone_of(plain) or zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def sane_date(parsed: datetime | None, now: datetime) -> datetime | None:
    """Return the date, or None for one that cannot be that of news.

    Args:
        parsed: aware, or None.
        now: aware; a date more than an hour after it is nonsense, as is one before 1990.
    """
    if parsed is None or parsed > now + _FUTURE or parsed < _OLDEST:
        return None
    return parsed


def _plain(text: str) -> str:
    """Return the text in the spelling of the tables: see `_MONTHS`; digits are ASCII."""
    decomposed = unicodedata.normalize("NFKD", text).translate(_FOREIGN_LETTERS).lower()
    kept = (
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
        for letter in decomposed
        if unicodedata.category(letter) not in ("Mn", "Cf", "Cc") and letter != "ـ"
    )
    return " ".join("".join(kept).split())


def _spread(found: re.Match[str]) -> str:
    year, month, day, hour, minute, second = found.groups()
    return f"{year}-{month}-{day}" + (f" {hour}:{minute}:{second or '00'}" if hour else "")


def _days(plain: str) -> Iterator[datetime]:
    """Yield the Gregorian days that the text names, the surest first."""
    timeless = _TIME.sub(" ", without_zones(plain))
    named = _MONTH.sub(lambda found: f" @{_MONTH_OF[found[1]]:02}@ ", _FILLER.sub(" ", timeless))
    # Any other word parts what stands before it from what stands after it.
    named = _GAP.sub(" ", _WORD.sub("#", named))
    for found in _DAY_MONTH_YEAR.finditer(named):
        yield from _day(found[3], found[2], found[1])
    for found in _YEAR_MONTH_DAY.finditer(named):
        yield from _day(found[1], found[2], found[3])
    for found in _MONTH_DAY_YEAR.finditer(named):
        yield from _day(found[3], found[1], found[2])
    numeric = list(_NUMERIC.finditer(plain))
    # Before a clock with points, such as 21.05.00, a date with its whole year.
    numeric.sort(key=lambda found: max(len(found[1]), len(found[4])) != 4)
    for found in numeric:
        first, middle, last = found[1], found[3], found[4]
        year, day = (first, last) if len(first) == 4 else (last, first)
        yield from _day(year, middle, day)
        if int(middle) > 12:
            yield from _day(year, day, middle)


def _day(year: str, month: str, day: str) -> Iterator[datetime]:
    if len(year) not in (2, 4):
        return
    number = int(year)
    if len(year) == 2:  # RFC 2822, section 4.3
        number += 2000 if number < 50 else 1900
    # Hijri years of our time are 1400 to 1500.
    if number >= 1900:
        try:
            yield datetime(number, int(month), int(day))
        except ValueError:
            return


def _time_of_day(plain: str) -> timedelta | None:
    """Return the time since midnight, zero where none is written, None where it is impossible."""
    found = _TIME.search(plain) or _HOUR.search(plain) or _dotted_time(plain)
    if not found:
        return None if _UNREAD_TIME.search(plain) else timedelta(0)
    parts = found.groupdict()
    hour = int(parts["hour"] or parts.get("bare") or 0)
    minute, second = int(parts.get("minute") or 0), int(parts.get("second") or 0)
    half = parts.get("after") or parts.get("before") or parts.get("word")
    hour = _in_24_hours(hour, half)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _dotted_time(plain: str) -> re.Match[str] | None:
    """Find a time such as 21.05.00 beside a date with its whole year."""
    rest, dates = _WHOLE_DATE.subn(" ", plain)
    return _DOTTED_TIME.search(rest) if dates or _YEAR.search(plain) else None


def _in_24_hours(hour: int, half: str | None) -> int:
    if half is None or hour > 12:
        return hour
    if re.fullmatch(_MORNING, half) or (half == "ليلا" and not 6 <= hour <= 11):
        return hour % 12 if half != "ليلا" or hour == 12 else hour
    if half == "ظهرا" and hour == 11:
        return 11
    return hour % 12 + 12
