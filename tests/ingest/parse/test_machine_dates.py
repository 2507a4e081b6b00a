"""Dates as programs print them, and times that cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ingest.parse.dates import parse_date

AMMAN = ZoneInfo("Asia/Amman")
JULY = datetime(2018, 7, 3, 11, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Tue, 03 Jul 2018 14:05:00 GMT+0300",
        "Tue Jul 03 2018 14:05:00 GMT+0300 (Arabian Standard Time)",
        "Tue Jul 03 2018 14:05:00 GMT+0300 (توقيت العربية الرسمي)",
        "Tue, 03 Jul 2018 06:05:00 UTC-05:00",
        "Tue Jul 03 14:05:00 AST 2018",
        "Tue Jul 03 14:05:00 GMT+03:00 2018",
        "Tue Jul 03 14:05:00 Asia/Riyadh 2018",
        "2018-07-03 14:05 Asia/Riyadh",
        "2018-07-03 14:05 (Asia/Riyadh)",
        "2018-07-03 14:05:00 Arab Standard Time",
        "Tue, 3 Jul 2018 11:5:0 GMT",
        "2018-7-3 14:5",
        "Jul 3 2018 02:05:00:000PM",
        "3.7.2018 14.05.00",
        "14.05.00 3.7.2018",
        "03.07.2018, 14.05",
        "3 يوليو 2018 14.05",
        "1530615900",
        "1530615900.25",
        "1530615900000",
        "١٥٣٠٦١٥٩٠٠",
    ],
)
def test_what_programs_print_is_read(text: str) -> None:
    assert parse_date(text, AMMAN) == JULY


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("24 تشرين 2 2025", 11),
        ("24 تشرين 1 2025", 10),
        ("24 كانون 2 2025", 1),
        ("24 كانون1 2025", 12),
        ("24 كانون ٢ ٢٠٢٥", 1),
    ],
)
def test_numbered_months_of_the_levant_are_read(text: str, month: int) -> None:
    parsed = parse_date(f"{text} 14:05", AMMAN)
    assert parsed == datetime(2025, month, 24, 14, 5, tzinfo=AMMAN)


@pytest.mark.parametrize(
    "text",
    ["3 Jul 2018 14:5:99", "3 Jul 2018 10:00:0:0:0", "3 Jul 2018 99:99", "3/7/2018 10:000"],
)
def test_a_time_that_cannot_be_read_is_not_midnight(text: str) -> None:
    assert parse_date(text, AMMAN) is None
