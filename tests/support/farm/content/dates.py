"""Dates as feeds write them, and what a careful reader can make of each.

Pure functions; which feed writes which style is decided elsewhere.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import blake2b
from typing import Literal
from zoneinfo import ZoneInfo

DateStyle = Literal[
    "rfc822", "iso", "arabic", "levantine", "maghrebi", "zoneless", "none", "nonsense"
]

WEEKDAYS = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
MONTHS = {
    "arabic": [
        "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو",
        "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
    ],
    "levantine": [
        "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران",
        "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول",
    ],
    "maghrebi": [
        "جانفي", "فيفري", "مارس", "أفريل", "ماي", "جوان",
        "جويلية", "أوت", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
    ],
}  # fmt: skip
NONSENSE = (
    "0000-00-00 00:00:00",
    "Mon, 32 Foo 2031 25:61:00 GMT",
    "قريبا",
    "٣١/٠٢/٢٠٩٩",
    "Thu, 01 Jan 2099 00:00:00 GMT",
    "2147-13-45T99:00:00Z",
)
_ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def write_date(instant: datetime, style: DateStyle, zone: str) -> str:
    """Write an instant as feeds do.

    Args:
        instant: aware.
        style: `rfc822` and `iso` carry their offset; `arabic` (٣ يوليو ٢٠١٨ - ٢:٠٥ م),
            `levantine` (٣ تموز ٢٠١٨ ١٤:٠٥), `maghrebi` (03 جويلية 2018 14:05) and `zoneless`
            (2018-07-03 14:05:09) are local time without a word of the zone.
        zone: IANA zone of the outlet.

    Returns:
        The date; an empty string for `none`; for `nonsense` one of six texts that are no date of
        news, picked by the instant.
    """
    local = instant.astimezone(ZoneInfo(zone))
    match style:
        case "rfc822":
            return format_datetime(local)
        case "iso":
            return local.isoformat(timespec="seconds")
        case "zoneless":
            return local.strftime("%Y-%m-%d %H:%M:%S")
        case "arabic":
            half = "ص" if local.hour < 12 else "م"
            text = (
                f"{WEEKDAYS[local.weekday()]}، {_day_month_year(local, style)}"
                f" - {(local.hour - 1) % 12 + 1}:{local.minute:02} {half}"
            )
            return text.translate(_ARABIC_INDIC)
        case "levantine":
            text = f"{_day_month_year(local, style)} {local.hour:02}:{local.minute:02}"
            return text.translate(_ARABIC_INDIC)
        case "maghrebi":
            return f"{_day_month_year(local, style)} {local.hour:02}:{local.minute:02}"
        case "none":
            return ""
        case "nonsense":
            digest = blake2b(instant.isoformat().encode(), digest_size=2).digest()
            return NONSENSE[int.from_bytes(digest, "big") % len(NONSENSE)]


def readable_date(instant: datetime, style: DateStyle, zone: str) -> datetime | None:
    """Return what can be read from the date that `write_date` writes with the same arguments.

    Returns:
        An aware UTC instant, to the second or, in the Arabic styles, to the minute; None where
        nothing can be read. Of the two instants that one local time means when clocks go back it
        is the earlier, as PEP 495 has it.
    """
    if style in ("none", "nonsense"):
        return None
    second = 0 if style in MONTHS else instant.second
    instant = instant.replace(second=second, microsecond=0)
    if style not in ("rfc822", "iso"):
        instant = instant.astimezone(ZoneInfo(zone)).replace(fold=0)
    return instant.astimezone(UTC)


def _day_month_year(local: datetime, style: str) -> str:
    return f"{local.day} {MONTHS[style][local.month - 1]} {local.year}"
