"""Dates as the Arab press writes them, each tradition there and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from ingest.parse.dates import parse_date, sane_date

AMMAN = ZoneInfo("Asia/Amman")  # UTC+3 in summer, UTC+2 in winter until 2022
JULY = datetime(2018, 7, 3, 11, 5, tzinfo=UTC)
MIDNIGHT = datetime(2018, 7, 2, 21, 0, tzinfo=UTC)

TRADITIONS = {
    "Egypt and the Gulf": (
        "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"
    ),
    "without hamza": ("يناير فبراير مارس ابريل مايو يونيه يوليه اغسطس سبتمبر اكتوبر نوفمبر ديسمبر"),
    "Levant": (
        "كانون_الثاني شباط آذار نيسان أيار حزيران "
        "تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول"
    ),
    "Levant without hamza": (
        "كانون_ثاني شباط اذار نيسان ايار حزيران تموز اب ايلول تشرين_اول تشرين_ثاني كانون_اول"
    ),
    "Tunisia and Algeria": (
        "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر"
    ),
    "Morocco": ("يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر"),
    "marked": ("يَنايِر فِبراير مَارس أبْريل مَايُو يُونيو يُوليو أُغسطس سِبتمبر أُكتوبر نُوفمبر دِيسمبر"),
    "stretched": (
        "ينـاير فبـراير مـارس أبـريل مـايو يـونيو يـوليو أغـسطس سبـتمبر أكـتوبر نوفـمبر ديسـمبر"
    ),
    "English": (
        "January February March April May June July August September October November December"
    ),
    "short English": ("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
    "French": (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
    ),
}
WEEKDAYS = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
DIGITS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")
SHAPES = (
    "{weekday} {day} {month} {year} {clock}",
    "{weekday}، {day} {month}، {year} - {clock}",
    "{day} {month} {year} الساعة {clock}",
    "{clock} | {day}-{month}-{year}",
    "{day}/{month}/{year} {clock}",
    "{clock} {weekday} {day} من {month} عام {year}",
    "{month} {day}, {year} {clock}",
    "{year} {month} {day} {clock}",
    "\u200f{weekday}\u200f {day} \u202b{month}\u202c {year} {clock}\u200e",
    "{weekday} {day}/{number}/{year} {clock}",
    "{year}/{number}/{day} {clock}",
    "{day}-{number}-{year}، {clock}",
    "{day}.{number}.{year} {clock}",
)
CLOCKS = (
    "{hour24:02}:{minute:02}",
    "{hour24:02}:{minute:02}:00",
    "{hour12}:{minute:02} {short}",
    "{hour12:02}:{minute:02}{short}",
    "{hour12}:{minute:02} {long}",
    "{hour12}:{minute:02} {english}",
)
PIECES = [
    *("3", "31", "99", "2018", "1446", "0001", "9999", "/", "-", ":", ".", ",", "،", "T"),
    *("Z", "م", "ص", "الساعة", "بتوقيت", "القاهرة", "يوليو", "آب", "كانون"),
    *(
        "الأول",
        "Jul",
        "GMT",
        "+0300",
        "-1400",
        "+9999",
        "14:05",
        "24:00",
        "99:99",
        "٣",
        "۳",
        "\u200f",
        "²",
        "@",
        "#",
    ),
]
instants = st.datetimes(datetime(1990, 1, 1), datetime(2049, 12, 31)).map(
    lambda local: local.replace(second=0, microsecond=0, fold=0)
)


@settings(max_examples=1500, deadline=None)
@given(
    instants,
    st.sampled_from(sorted(TRADITIONS)),
    st.sampled_from(SHAPES),
    st.sampled_from(CLOCKS),
    st.sampled_from(DIGITS),
)
def test_a_date_of_every_tradition_comes_back(
    local: datetime, tradition: str, shape: str, clock: str, digits: str
) -> None:
    morning = local.hour < 12
    written = shape.format(
        weekday=WEEKDAYS[local.weekday()],
        day=local.day,
        number=local.month,
        month=TRADITIONS[tradition].split()[local.month - 1].replace("_", " "),
        year=local.year,
        clock=clock.format(
            hour24=local.hour,
            hour12=(local.hour - 1) % 12 + 1,
            minute=local.minute,
            short="ص" if morning else "م",
            long="صباحاً" if morning else "مساءً",
            english="AM" if morning else "p.m.",
        ),
    ).translate(str.maketrans(DIGITS[0], digits))
    assert parse_date(written, AMMAN) == local.replace(tzinfo=AMMAN).astimezone(UTC)


@settings(max_examples=300, deadline=None)
@given(instants, st.integers(-12 * 60, 14 * 60))
def test_dates_of_standards_come_back(local: datetime, offset: int) -> None:
    instant = (local - timedelta(minutes=offset)).replace(tzinfo=UTC)
    zone = datetime.fromisoformat(
        f"2000-01-01T00:00{'-' if offset < 0 else '+'}{abs(offset) // 60:02}:{abs(offset) % 60:02}"
    ).tzinfo
    written = instant.astimezone(zone)
    assert parse_date(format_datetime(written), AMMAN) == instant
    assert parse_date(written.isoformat(), AMMAN) == instant
    assert parse_date(f"{instant:%Y%m%dT%H%M%SZ}", AMMAN) == instant


@pytest.mark.parametrize(
    "text",
    [
        "Tue, 03 Jul 2018 11:05:00 GMT",
        "Fri, 03 Jul 2018 11:05:00 GMT",  # it was a Tuesday
        "Tue, 3 Jul 18 11:05 UT",
        "3 Jul 2018 07:05:00 EDT",
        "Tue, 03 Jul 2018 14:05 +0300",
        "Tue, 03 Jul 2018 14:05:00 GMT+3",
        "Tue, 03 Jul 2018 11:05:00 A",
        "Tue Jul  3 14:05:00 2018",
        "Tue Jul 03 11:05:00 +0000 2018",
        "2018-07-03 14:05:00+03",
        "19-شوال-1439 - 3-يوليو-2018 14:05",
        "July 3, 2018, 2:05 pm",
        "3 juillet 2018 à 14h05",
        "2018-07-03T11:05Z",
        "2018-07-03T14:05:00.123456+03:00",
        "2018-07-03 14:05:00",
        "٣ تموز/يوليو ٢٠١٨ ٢:٠٥ م",
        "3 يوليو (تموز) 2018 14:05",
        "الثلاثاء 3 يوليو 2018 م 2:05 مساءا",
        "الثلاثاء ٣ يوليو ٢٠١٨ ٠٢:٠٥ ظهراً",
        "نشر في: الثلاثاء 03 جويلية 2018 14:05",
        "3 يوليو 2018 - 11:05 بتوقيت غرينتش",
        "3 يوليو 2018 الساعة 11:05 (جرينتش)",
        "3 يوليو 2018 الساعة 2:05 م بتوقيت مكة المكرمة",
        "3 يوليو 2018 13:05 بتوقيت القاهرة",
        "3 يوليو 2018 15:05 بتوقيت أبوظبي",
        "3 يوليو 2018 13:05 EET",
        "الثلاثاء 19 شوال 1439 هـ الموافق 3 يوليو 2018 م 14:05",
        "3 يوليو 2018 الموافق 19 شوال 1439 هـ 14:05",
        "1439/10/19هـ - 2018/07/03م 14:05",
    ],
)
def test_a_moment_is_read(text: str) -> None:
    assert parse_date(text, AMMAN) == JULY


@pytest.mark.parametrize(
    "text",
    ["2018-07-03", "20180703", "3/7/2018", "03-07-18", "2018/7/3م", "٣ تموز ٢٠١٨", "07/13/2018"],
)
def test_a_day_alone_is_its_midnight_at_the_outlet(text: str) -> None:
    day = MIDNIGHT + timedelta(days=10) if "13" in text else MIDNIGHT
    assert parse_date(text, AMMAN) == day


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("3 يوليو 2018 الساعة 5 مساءً", 17),
        ("3 يوليو 2018 الساعة 5.30 فجراً", 5.5),
        ("3 يوليو 2018 12:00 ظهرا", 12),
        ("3 يوليو 2018 12:00 ص", 0),
        ("3 يوليو 2018 10:00 ليلا", 22),
        ("3 يوليو 2018 1:00 ليلا", 1),
        ("3 يوليو 2018 4 عصرا", 16),
        ("Tue, 03 Jul 2018 24:00:00", 24),
    ],
)
def test_hours_are_read(text: str, hour: float) -> None:
    assert parse_date(text, AMMAN) == MIDNIGHT + timedelta(hours=hour)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "قريبا",
        "19 شوال 1439",
        "1439/10/19",
        "0000-00-00 00:00:00",
        "31/02/2018",
        "2018-13-45T99:00:00Z",
        "Mon, 32 Foo 2031 25:61:00 GMT",
        "3 يوليو 2018 25:00",
        "3 يوليو",
        "14:05",
        "2018",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text, AMMAN) is None


@pytest.mark.parametrize(
    ("offset", "kept"),
    [(timedelta(minutes=59), True), (timedelta(minutes=61), False), (-timedelta(days=400), True)],
)
def test_a_date_is_at_most_an_hour_ahead(offset: timedelta, kept: bool) -> None:
    assert (sane_date(JULY + offset, JULY) is not None) is kept


def test_a_date_before_the_web_is_none() -> None:
    assert sane_date(datetime(1970, 1, 1, tzinfo=UTC), JULY) is None


def test_no_date_stays_none() -> None:
    assert sane_date(None, JULY) is None


@settings(max_examples=800, deadline=None)
@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(
            st.sampled_from(PIECES),
            max_size=20,
        ).map("".join),
    )
)
def test_no_text_raises(text: str) -> None:
    parsed = parse_date(text, AMMAN)
    assert parsed is None or parsed.tzinfo is UTC


def test_a_long_text_is_read_to_its_limit() -> None:
    assert parse_date("3 يوليو 2018 14:05 " + "1:" * 500_000, AMMAN) == JULY


@settings(max_examples=300, deadline=None)
@given(
    st.integers(1890, 2099),
    *(st.integers(0, last) for last in (13, 32, 25, 61, 61)),
    st.sampled_from(["Z", "+03:00", "-11:30", "+14:00", "-00:00", "+00:60"]),
)
def test_the_quick_form_of_a_machine_is_the_same_date_as_any_other(
    year: int, month: int, day: int, hour: int, minute: int, second: int, zone: str
) -> None:
    day_text = f"{year}-{month:02}-{day:02}"
    time_text = f"{hour:02}:{minute:02}:{second:02}{zone}"
    quick = parse_date(f"{day_text}T{time_text}", AMMAN)
    assert quick == parse_date(f"{day_text} , {time_text}", AMMAN)
