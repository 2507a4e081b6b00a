"""Dates as a page writes them: read with what they say of their zone, and lines that are dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from ingest.parse.dates import MAX_DATE, parse_date, sane_date
from workers.text.page.document import one_line

CHANGED = re.compile(
    r"(?:آخر|اخر)\s+(?:تحديث|تعديل)|(?:تاريخ\s+)?(?:ال)?تحديث|(?:تم|جرى)\s+(?:التحديث|التعديل|تحديثه)"
    r"|(?:تاريخ\s+)?التعديل|عُ?دّ?ل\s+في|حُ?دّ?ث\s+في|\b(?:last\s+)?(?:updated|modified)\b",
    re.IGNORECASE,
)
"""Words before the date of a change."""

HAS_YEAR = re.compile(r"(?:19|20)\d\d|[٠-٩]{4}")
"""A year of four digits."""

_UTC = ZoneInfo("UTC")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)\s?(?:Z|[+-]\d\d:?\d\d)$")
# What .NET writes where nobody has told it the country.
_AMERICAN = re.compile(r"(0?[1-9]|1[0-2])/(\d{1,2})/(\d{4}) (\d{1,2}:\d\d:\d\d [AP]M)$")
_AMERICAN_CLOCK_FIRST = re.compile(r"(\d{1,2}:\d\d:\d\d [AP]M) (\d{1,2}/\d{1,2}/\d{4})$")
_UTC_STAMP = re.compile(r"\d[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?\s?Z$")
_ZONED = re.compile(
    r":\d\d(?:\.\d+)?\s?(?:Z|[+-]\d\d:?\d\d)\b|\b(?:GMT|UTC|E[SD]T|C[SE]S?T)\b|توقيت|[غجق]رينتش",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\d\s?[:٫.]\s?\d\d(?!\d{2})|الساعة")
_UNIX = re.compile(r"^1\d{9}(?:\d{3})?$")
_DIGIT = re.compile(r"\d")
_DATE_WORDS = re.compile(
    r"\b(?:ال)?(?:سبت|[أا]حد|[إا]ثنين|اثنين|ثلاثاء|[أا]ربعاء|خميس|جمعة)\b"
    r"|\b(?:يناير|فبراير|مارس|[أا]بريل|مايو|يونيو|يونيه|يوليو|يوليه|[أا]غسطس|سبتمبر|[أا]كتوبر|نوفمبر|ديسمبر"
    r"|كانون|تشرين|شباط|[آا]ذار|نيسان|[أا]يار|حزيران|تموز|[آا]ب|[أا]يلول|جانفي|فيفري|[أا]فريل|ماي|جوان|جويلية"
    r"|[أا]وت|دجنبر|نونبر|شتنبر|غشت|يوليوز|ال[أا]ول|الثاني|محرم|صفر|ربيع|جمادى|رجب|شعبان|رمضان|شوال|ذو|القعدة|الموافق"
    r"|الحجة|الآخر|الآخرة|الثانية|الأولى)\b"
    r"|(?:تم\s+)?(?:ال)?(?:نشر(?:ت|ه|ها)?|منشور|تاريخ|تحديث|تعديل|[آا]خر|بتاريخ|يوم|في|على|الساعة|بتوقيت|توقيت|تم|نُ?شر(?:ت)?)\b"
    r"|\b(?:القاهرة|مكة|المكرمة|[غج]رين[يت]{1,2}ش|[أا]بو\s?ظبي|بيروت|بغداد|تونس|الرياض|الدوحة|ص|م|هـ|صباحا|صباحًا|مساء|مساءً|ظهرا)"
    r"(?![^\W\d_])|\b(?:GMT|UTC|AM|PM|KSA|published|updated|last|on|at|posted|date)\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
    r"|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?|(?:عدد\s+)?(?:ال)?(?:قراءات|مشاهدات|زيارات|زوار|القراء|مشاهدة)\s*:?\s*[\d٠-٩,.]*",
    re.IGNORECASE,
)
_AGENCY_SIGN = re.compile(
    r"(?<!\S)(?:واس|وام|قنا|كونا|بنا|بترا|سانا|وفا|واج|وات|شينخوا|سبأ|سونا|أ\.?ش\.?أ)\s*$"
)
_JOINT = re.compile(r"\s*[|•·:،,]\s*|\s+[\-–—]\s+")
_MAX_JOINTS = 5
_LETTERS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A WrittenDate is one date as a page writes it.

    Attributes:
        instant: aware, UTC.
        clock: what a clock shows there, naive, to the minute.
        source: place in the page.
        is_zoned: whether it names its zone.
        is_stamped: whether it is an ISO date that ends with Z.
        has_clock: whether it names a time of day.
    """

    instant: datetime
    clock: datetime
    source: str
    is_zoned: bool
    is_stamped: bool
    has_clock: bool


def read_written(text: str, source: str, zone: ZoneInfo, now: datetime) -> WrittenDate | None:
    """Read one date, or return None where the text holds none that can be that of news."""
    written = one_line(text)[:MAX_DATE]
    written = _AMERICAN_CLOCK_FIRST.sub(r"\2 \1", written)
    if american := _AMERICAN.match(written):
        month, day, year, clock = american.groups()
        written = f"{year}-{int(month):02}-{int(day):02} {clock}"
    if not written or not _DIGIT.search(written):
        return None
    instant = sane_date(parse_date(written, zone), now)
    if instant is None:
        return None
    is_unix = bool(_UNIX.match(written))
    as_written = (
        parse_date(written[: found.end(1)], _UTC) if (found := _ISO.match(written)) else None
    )
    clock = as_written or instant.astimezone(zone)
    return WrittenDate(
        instant,
        clock.replace(tzinfo=None, second=0, microsecond=0),
        source,
        is_unix or bool(_ZONED.search(written)),
        bool(_UTC_STAMP.search(written)),
        is_unix or bool(_CLOCK.search(written)),
    )


def date_behind(text: str) -> str:
    """Return the date that stands behind something else in a short line.

    Args:
        text: such as «سامي حداد | 8 فبراير 2019 14:30».

    Returns:
        The part of it that is a date line, or an empty string.
    """
    if len(text) > MAX_DATE + 60:
        return ""
    for joint in islice(_JOINT.finditer(text), _MAX_JOINTS):
        if is_date_line(rest := text[joint.end() :]):
            return rest
    return ""


def is_date_line(text: str) -> bool:
    """Say whether a line is nothing but a date, with or without words such as «نشر في»."""
    if len(text) > MAX_DATE + 60 or not _DIGIT.search(text):
        return False
    if not HAS_YEAR.search(text):
        return False
    parts = [part for part in CHANGED.split(text) if _DIGIT.search(part)]
    bare = text.replace("ـ", "")
    rest = _DATE_WORDS.sub(" ", _ASIDE.sub(" ", _AGENCY_SIGN.sub("", bare)))
    # Before the sign of an agency, the place may stand: «الرملة 8 فبراير 2019 م واس».
    allowed = 2 if _AGENCY_SIGN.search(bare) else 0
    return bool(parts) and len(_LETTERS.findall(rest)) <= allowed
