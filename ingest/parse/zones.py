"""The time zones that dates name: offsets, abbreviations, cities in Arabic, regions of tzdata."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

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
# As JavaScript and Windows name them.
_WINDOWS_ZONES = {
    "arab standard time": "Asia/Riyadh",
    "arabian standard time": "Asia/Dubai",
    "arabic standard time": "Asia/Baghdad",
    "egypt standard time": "Africa/Cairo",
    "jordan standard time": "Asia/Amman",
    "morocco standard time": "Africa/Casablanca",
    "middle east standard time": "Asia/Beirut",
    "syria standard time": "Asia/Damascus",
    "turkey standard time": "Europe/Istanbul",
}


def one_of(names: str) -> str:
    """Return a pattern for any of the names, the longest first, as whole words.

    Args:
        names: with `|` between them.
    """
    ordered = sorted(names.split("|"), key=len, reverse=True)
    return rf"(?<![^\W\d_])({'|'.join(map(re.escape, ordered))})(?![^\W\d_])"


# Only behind a clock time is it an offset: elsewhere `-1446` is a year.
OFFSET = re.compile(
    r"(?:gmt|utc)\s?(?P<east>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?(?!\d)"
    r"|(?P<clock>:\d\d(?:[.,]\d{1,9})?)\s?(?P<sign>[+-])(?P<hh>0\d|1[0-4])"
    r"(?::?(?P<mm>[0-5]\d)(?![\d/-])|$)"
)
_ZONE_WORD = re.compile(one_of("|".join(_ZONE_MINUTES)))
_MILITARY = re.compile(r"(?<=\d)\s[a-ik-y]$")
_GREENWICH = re.compile(r"[غجق]ري?ني?تش|التوقيت العالمي")
_CITY = re.compile(r"توقيت\s(?:مدينه\s|دوله\s)?" + one_of("|".join(_CITY_ZONE)))

_REGION = re.compile(
    r"\b(?:africa|america|asia|atlantic|australia|europe|indian|pacific|etc)/[a-z_]{2,30}"
    r"(?:[+-]\d{1,2})?"
)
# What JavaScript writes behind an offset, in the language of the machine.
_IN_PARENTHESES = re.compile(r"\((?:gmt|utc)?[^()\d]{0,60}\)")
_WINDOWS_ZONE = re.compile(one_of("|".join(_WINDOWS_ZONES)))


def zone_of(plain: str) -> tzinfo | None:
    """Return the zone that a date names, or None.

    Args:
        plain: the date in lower case, as `ingest.parse.dates` spells it.
    """
    if found := OFFSET.search(plain):
        sign = -1 if (found["east"] or found["sign"]) == "-" else 1
        hours, minutes = found["hours"] or found["hh"], found["minutes"] or found["mm"] or 0
        if int(hours) > 14:
            return None
        return timezone(sign * timedelta(hours=int(hours), minutes=int(minutes)))
    if (found := _REGION.search(plain)) and (region := _region(found[0])):
        return region
    if found := _WINDOWS_ZONE.search(plain):
        return ZoneInfo(_WINDOWS_ZONES[found[1]])
    if found := _ZONE_WORD.search(plain):
        return timezone(timedelta(minutes=_ZONE_MINUTES[found[1]]))
    if _GREENWICH.search(plain) or _MILITARY.search(plain):
        return UTC  # of a military letter only UTC is sure (RFC 2822, section 4.3)
    if found := _CITY.search(plain):
        return ZoneInfo(_CITY_ZONE[found[1]])
    return None


def without_zones(plain: str) -> str:
    """Return a date without the zones that it names; the time of day stays.

    Args:
        plain: as for `zone_of`.
    """
    rest = _IN_PARENTHESES.sub(" ", OFFSET.sub(r"\g<clock> ", plain))
    return _ZONE_WORD.sub(" ", _WINDOWS_ZONE.sub(" ", _REGION.sub(" ", rest)))


def _region(name: str) -> ZoneInfo | None:
    """Return the zone of a name such as `asia/riyadh`, or None where there is none."""
    try:
        return ZoneInfo("_".join(part.title() for part in name.split("_")))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
