"""Which items of a document say something else than before."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st

from ingest.changes.content_digest import MOST_AT_ONCE, MOST_ITEMS, compare, words_digest

ITEMS = {f"{number:x}".rjust(32, "a")[::-1]: f"خبر رقم {number}".encode() for number in range(20)}
TEXTS = st.text(alphabet="<>&;ltgt![CDATA]/ \nخبر", max_size=80).map(str.encode)


def after(changes: dict[int, bytes]) -> list[int]:
    """Return the numbers of the items that are found to have changed."""
    content_digests = list(ITEMS)
    now = ITEMS | {content_digests[number]: text for number, text in changes.items()}
    return [
        content_digests.index(mark)
        for mark in compare(now, compare(ITEMS, b"").content_digests).changed
    ]


def test_nothing_has_changed_in_the_first_document() -> None:
    assert compare(ITEMS, b"").changed == []


def test_the_same_document_has_not_changed() -> None:
    assert after({}) == []


def test_an_item_that_says_something_else_has_changed() -> None:
    assert after({3: "خبر عاجل".encode()}) == [3]


def test_a_changed_number_is_a_change() -> None:
    assert after({3: "خبر رقم 4".encode()}) == [3]


def test_markup_and_spaces_do_not_count() -> None:
    texts = (
        '<p class="a">خبر رقم 3</p>',
        "<![CDATA[<p>خبر  رقم\n3</p>]]>".replace("]]>", ""),
        "&lt;p data-n=&quot;7&quot;&gt;خبر رقم 3&lt;/p&gt;",
    )
    assert [after({3: text.encode()}) for text in texts] == [[], [], []]


def test_a_new_item_is_no_change() -> None:
    before = compare(dict(list(ITEMS.items())[1:]), b"").content_digests
    assert compare(ITEMS, before).changed == []


def test_a_feed_that_writes_everything_otherwise_has_no_changed_items() -> None:
    assert after({number: b"views: %d" % number for number in range(20)}) == []


def test_half_of_the_items_may_change_at_once() -> None:
    assert len(after({number: b"news %d" % number for number in range(10)})) == 10


def test_in_a_short_feed_all_items_may_change_at_once() -> None:
    few = dict(list(ITEMS.items())[:MOST_AT_ONCE])
    now = dict.fromkeys(few, b"news")
    assert len(compare(now, compare(few, b"").content_digests).changed) == MOST_AT_ONCE


def test_what_is_kept_is_bounded() -> None:
    many = {f"{number:x}".rjust(32, "0")[::-1]: b"" for number in range(MOST_ITEMS + 5)}
    assert len(compare(many, b"").content_digests) == 7 * MOST_ITEMS


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_a_text_has_one_mark(text: bytes) -> None:
    assert words_digest(text) == words_digest(b" " + text + b"\n")
