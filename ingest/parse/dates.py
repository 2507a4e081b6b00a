"""The dates that feeds write, in every tradition of the Arab press, to UTC.

RFC 822, ISO 8601 and Arabic dates differ in words and order, not in kind: one reader takes them
all. Which date of an entry is used is decided in `ingest.parse.rss_atom`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

MAX_DATE = 100
"""Code points of a date that are read."""

_FUTURE = timedelta(hours=1)
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)

# Names after `_plain`: without hamza seats, diacritics and accents, ة as ه and ى as ي. Egypt and
# the Gulf, the Levant and Iraq, Tunisia and Algeria, Morocco, English, French.
_MONTHS = (
    "يناير|كانون الثاني|كانون ثاني|جانفي|january|janvier|janv|jan",
    "فبراير|شباط|فيفري|فيبري|february|fevrier|fevr|fev|feb",
    "مارس|اذار|march|mars|mar",
    "ابريل|نيسان|افريل|april|avril|avr|apr",
    "مايو|ايار|ماي|may|mai",
    "يونيو|يونيه|حزيران|جوان|june|juin|jun",
    "يوليو|يوليه|تموز|جويليه|يوليوز|july|juillet|juil|jul",
    "اغسطس|اوغسطس|اب|اوت|غشت|august|aout|aug",
    "سبتمبر|ايلول|شتنبر|september|septembre|sept|sep",
    "اكتوبر|تشرين الاول|تشرين اول|october|octobre|oct",
    "نوفمبر|تشرين الثاني|تشرين ثاني|نونبر|november|novembre|nov",
    "ديسمبر|كانون الاول|كانون اول|دجنبر|دسمبر|december|decembre|dec",
)
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split("|")}

# Minutes from UTC; the North American ones are of RFC 822, the others as the region uses them.
_ZONE_MINUTES = {
    "gmt": 0, "utc": 0, "ut": 0, "z": 0, "est": -300, "edt": -240, "cst": -360, "cdt": -300,
    "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "wet": 0, "west": 60, "bst": 60,
    "cet": 60, "cest": 120, "eet": 120, "eest": 180, "msk": 180, "ast": 180, "gst": 240,
}  # fmt: skip
_ZONE_CITIES = {
    "القاهره|مصر": "Africa/Cairo",
    "مكه|السعوديه|الرياض": "Asia/Riyadh",
    "الامارات|ابوظبي|ابو ظبي|دبي": "Asia/Dubai",
    "الدوحه|قطر": "Asia/Qatar",
    "الكويت": "Asia/Kuwait",
    "المنامه|البحرين": "Asia/Bahrain",
    "مسقط": "Asia/Muscat",
    "صنعاء|عدن|اليمن": "Asia/Aden",
    "بغداد|العراق": "Asia/Baghdad",
    "دمشق|سوريا|سوريه": "Asia/Damascus",
    "بيروت|لبنان": "Asia/Beirut",
    "الاردن": "Asia/Amman",
    "القدس|فلسطين|غزه": "Asia/Hebron",
    "الخرطوم|السودان": "Africa/Khartoum",
    "طرابلس|ليبيا": "Africa/Tripoli",
    "تونس": "Africa/Tunis",
    "الجزائر": "Africa/Algiers",
    "الرباط|المغرب|الدار البيضاء": "Africa/Casablanca",
    "نواكشوط": "Africa/Nouakchott",
    "مقديشو": "Africa/Mogadishu",
    "اسطنبول|انقره|تركيا": "Europe/Istanbul",
    "لندن": "Europe/London",
    "باريس": "Europe/Paris",
    "موسكو": "Europe/Moscow",
    "واشنطن|نيويورك": "America/New_York",
}
_CITY_ZONE = {
    _city.replace("ئ", "ي"): _key
    for _names, _key in _ZONE_CITIES.items()
    for _city in _names.split("|")
}


def _one_of(names: str) -> str:
    """Return a pattern for any of the names, the longest first, as whole words."""
    ordered = sorted(names.split("|"), key=len, reverse=True)
    return rf"(?<![^\W\d_])({'|'.join(map(re.escape, ordered))})(?![^\W\d_])"


_FOREIGN_LETTERS = str.maketrans("ةىکیڤ−‐‑–—", "هيكيف-----")
_MORNING = "ص|صباحا|فجرا|am|a\\.m\\."
_EVENING = "م|مساء|مساءا|عصرا|pm|p\\.m\\."
_HALF = rf"(?P<{{0}}>{_MORNING}|{_EVENING}|ظهرا|ليلا)(?![^\W\d_])"
_TIME = re.compile(
    rf"(?:(?<![^\W\d_]){_HALF.format('before')}\s*)?"
    r"(?<![\d:])(?P<hour>\d{1,2})\s?[:h]\s?(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?(?![\d:])"
    rf"(?:\s*{_HALF.format('after')})?"
)
_HOUR = re.compile(
    rf"(?:الساعه\s*(?P<hour>\d{{1,2}})(?:\.(?P<minute>\d{{2}}))?(?!\d)(?:\s*{_HALF.format('after')})?)"
    rf"|(?<![\d/.-])(?P<bare>\d{{1,2}})\s*(?P<word>صباحا|فجرا|مساء|مساءا|عصرا|ظهرا|ليلا|am|pm)(?![^\W\d_])"
)
# Only behind a clock time is it an offset: elsewhere `-1446` is a year.
_OFFSET = re.compile(
    r"(?:gmt|utc)\s?(?P<east>[+-])(?P<hours>\d{1,2})(?!\d)(?::(?P<minutes>\d{2}))?"
    r"|(?P<clock>:\d\d(?:[.,]\d{1,9})?)\s?(?P<sign>[+-])(?P<hh>0\d|1[0-4])"
    r"(?::?(?P<mm>[0-5]\d)(?![\d/-])|$)"
)
_ZONE_WORD = re.compile(_one_of("|".join(_ZONE_MINUTES)))
_MILITARY = re.compile(r"(?<=\d)\s[a-ik-y]$")
_GREENWICH = re.compile(r"[غجق]ري?ني?تش|التوقيت العالمي")
_CITY = re.compile(r"توقيت\s(?:مدينه\s|دوله\s)?" + _one_of("|".join(_CITY_ZONE)))

# RFC 3339 in full, which most machines write: read at a tenth of the cost, to the same instant.
_RFC3339 = re.compile(
    r"((?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]{1,9})?"
    r"(Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])"
)
_MONTH = re.compile(_one_of("|".join(_MONTHS)))
_COMPACT = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:t(\d\d)(\d\d)(\d\d)?)?(?!\d)")
_CHRISTIAN_ERA = re.compile(r"(\d{4})\s*(?:م|ميلادي|ميلاديه)(?![^\W\d_])")
_NUMERIC = re.compile(
    r"(?<!\d)(?<![\d][/.-])(\d{1,4})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{1,4})(?!\d)"
)
_FILLER = re.compile(_one_of("من|شهر|عام|لعام|سنه|لسنه|de|of|st|nd|rd|th|er"))
_WORD = re.compile(r"[^\W\d_]+")
_GAP = re.compile(r"[^\w@#]+")
_DAY_MONTH_YEAR = re.compile(r"(?<!\d)(\d{1,2}) ?@(\d\d)@(?: ?@\2@)? ?(\d{4}|\d{2})(?!\d)")
_YEAR_MONTH_DAY = re.compile(r"(?<!\d)(\d{4}) ?@(\d\d)@(?: ?@\2@)? ?(\d{1,2})(?!\d)")
_MONTH_DAY_YEAR = re.compile(r"@(\d\d)@(?: ?@\1@)? ?(\d{1,2}) (\d{4})(?!\d)")


def parse_date(text: str, zone: ZoneInfo) -> datetime | None:
    """Read a date; never fails, takes bounded time.

    Read are RFC 822 with its obsolete zones, ISO 8601 and what newspapers write: Arabic, English
    and French months, digits of any script, d/m/y, twelve hours with ص and م, zones in words. A
    date alone is its midnight. Of a Hijri and a Gregorian date side by side the latter is taken;
    a Hijri date alone is None, since the calendars of two states may differ by a day.

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
    plain = _COMPACT.sub(_spread, _plain(written))
    plain = _CHRISTIAN_ERA.sub(r"\1 ", plain)
    day = next(_days(plain), None)
    time = _time_of_day(plain)
    if day is None or time is None:
        return None
    try:
        local = day + time
        return local.replace(tzinfo=_zone_of(plain) or zone).astimezone(UTC)
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
    timeless = _TIME.sub(" ", _OFFSET.sub(r"\g<clock> ", plain))
    named = _MONTH.sub(lambda found: f" @{_MONTH_OF[found[1]]:02}@ ", _FILLER.sub(" ", timeless))
    # Any other word parts what stands before it from what stands after it.
    named = _GAP.sub(" ", _WORD.sub("#", named))
    for found in _DAY_MONTH_YEAR.finditer(named):
        yield from _day(found[3], found[2], found[1])
    for found in _YEAR_MONTH_DAY.finditer(named):
        yield from _day(found[1], found[2], found[3])
    for found in _MONTH_DAY_YEAR.finditer(named):
        yield from _day(found[3], found[1], found[2])
    for found in _NUMERIC.finditer(plain):
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
    found = _TIME.search(plain) or _HOUR.search(plain)
    if not found:
        return timedelta(0)
    parts = found.groupdict()
    hour = int(parts["hour"] or parts.get("bare") or 0)
    minute, second = int(parts.get("minute") or 0), int(parts.get("second") or 0)
    half = parts.get("after") or parts.get("before") or parts.get("word")
    hour = _in_24_hours(hour, half)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _in_24_hours(hour: int, half: str | None) -> int:
    if half is None or hour > 12:
        return hour
    if re.fullmatch(_MORNING, half) or (half == "ليلا" and not 6 <= hour <= 11):
        return hour % 12 if half != "ليلا" or hour == 12 else hour
    if half == "ظهرا" and hour == 11:
        return 11
    return hour % 12 + 12


def _zone_of(plain: str) -> tzinfo | None:
    """Return the zone that the text names, or None."""
    if found := _OFFSET.search(plain):
        sign = -1 if (found["east"] or found["sign"]) == "-" else 1
        hours, minutes = found["hours"] or found["hh"], found["minutes"] or found["mm"] or 0
        if int(hours) > 14:
            return None
        return timezone(sign * timedelta(hours=int(hours), minutes=int(minutes)))
    if found := _ZONE_WORD.search(plain):
        return timezone(timedelta(minutes=_ZONE_MINUTES[found[1]]))
    if _GREENWICH.search(plain) or _MILITARY.search(plain):
        return UTC  # of a military letter only UTC is sure (RFC 2822, section 4.3)
    if found := _CITY.search(plain):
        return ZoneInfo(_CITY_ZONE[found[1]])
    return None
