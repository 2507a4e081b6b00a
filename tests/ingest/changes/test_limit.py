"""What is left of a document to later polls is new to them, and what is taken is not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings, strategies as st

from config.model import Feed
from ingest.changes.detect import DocumentChanges, detect_changes
from ingest.changes.limit import limit_new
from ingest.model import Fetched

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
FEED = Feed("sabah", "https://sabah.example/rss", "x", "x", "JO", "UTC")
ITEMS = st.lists(
    st.tuples(
        st.sampled_from(["", "a", "b", "c", "d"]),  # guid
        st.sampled_from(["/1", "/2", "/3", "/2026/03/4.html", "/2026/03/4.html?x=1"]),
        st.sampled_from(["وزير", "مدرسة", "مباراة"]),
    ),
    min_size=1,
    max_size=12,
)


def answer(items: Sequence[tuple[str, str, str]], more: str = "") -> Fetched:
    listed = more + "".join(
        f"<item><title>{title}</title><link>https://sabah.example{path}</link>"
        + (f'<guid isPermaLink="false">{guid}</guid>' if guid else "")
        + f"<description>{title}</description></item>"
        for guid, path, title in items
    )
    body = f'<rss version="2.0"><channel><title>x</title>{listed}</channel></rss>'
    return Fetched(FEED.url, FEED.url, None, 200, {}, body.encode(), 0.1, NOW)


def long_items(*letters: int) -> Fetched:
    listed = "".join(
        f"<item><title>خبر {number}</title><link>https://sabah.example/{number}</link>"
        f"<description>{'x' * count}</description></item>"
        for number, count in enumerate(letters)
    )
    return answer([], listed)


async def look(fetched: Fetched, seen: set[str]) -> DocumentChanges:
    async def known(keys: Sequence[str]) -> set[str]:
        return seen.intersection(keys)

    return await detect_changes(fetched, FEED, NOW, known)


@pytest.mark.anyio
@settings(deadline=None, max_examples=100)
@given(items=ITEMS, room=st.integers(1, 4))
async def test_all_entries_of_a_document_are_taken_in_the_end_and_none_twice(
    items: list[tuple[str, str, str]], room: int
) -> None:
    fetched = answer(items)
    at_once = [entry.fingerprint for entry in (await look(fetched, set())).new]
    seen: set[str] = set()
    taken: list[str] = []
    for _ in range(len(items) + 1):
        changes = limit_new(await look(fetched, seen), room)
        assert len(changes.new) <= room
        taken += [entry.fingerprint for entry in changes.new]
        seen.update(entry.fingerprint for entry in changes.new)
        seen.update(changes.aliases)
    assert sorted(taken) == sorted(at_once)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("letters", "room", "taken"),
    [  # the last item of a document is its oldest
        ([100] * 5, 4, 4),
        ([40_000] * 5, 4, 2),
        ([100, 40_000, 100_000, 100], 5, 2),
        ([100, 900_000], 4, 1),
        ([900_000], 1, 1),
        ([100], 0, 0),
    ],
    ids=str,
)
async def test_a_long_entry_counts_for_several_and_one_is_taken_however_long(
    letters: list[int], room: int, taken: int
) -> None:
    changes = limit_new(await look(long_items(*letters), set()), room)
    assert len(changes.new) == taken
