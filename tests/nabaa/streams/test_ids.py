"""Message ids are instants, compare as on the stream, and are read strictly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from nabaa.streams.ids import first_id_at, id_before, instant_of, is_message_id, order_of

INSTANTS = st.datetimes(
    datetime(1970, 1, 2), datetime(9999, 12, 1), timezones=st.just(UTC)
)  # fmt: skip


@given(INSTANTS)
def test_the_first_id_of_an_instant_is_at_that_instant(instant: datetime) -> None:
    assert abs(instant_of(first_id_at(instant)) - instant) <= timedelta(milliseconds=1)


@given(INSTANTS)
def test_the_id_before_an_instant_is_below_all_of_it(instant: datetime) -> None:
    assert order_of(id_before(instant)) < order_of(first_id_at(instant))


def test_ids_compare_as_numbers_and_not_as_texts() -> None:
    assert order_of("9-0") < order_of("10-0") < order_of("10-9") < order_of("10-10")


def test_an_instant_before_1970_counts_as_1970() -> None:
    assert first_id_at(datetime(1960, 1, 1, tzinfo=UTC)) == "0-0"


@pytest.mark.parametrize("text", ["", "1", "1-", "-1", "1-2-3", "a-b", "18446744073709551616-0"])
def test_what_is_no_message_id_is_told_apart(text: str) -> None:
    assert not is_message_id(text)


def test_an_id_beyond_all_years_is_at_no_time() -> None:
    with pytest.raises(ValueError, match="is at no time"):
        instant_of("18446744073709551615-0")
