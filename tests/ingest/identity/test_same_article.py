"""The decision which entries are new: whatever their order, each article once and none lost."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings, strategies as st

from ingest.identity.canonical import address_key, number_key
from ingest.identity.fingerprint import Identity, own_addresses
from ingest.identity.former import former_fingerprints
from ingest.identity.same_article import article_keys, choose_new, choose_spoken

SITE = "https://sabah.example"
IDENTITIES = st.builds(
    Identity,
    guid=st.sampled_from(["", "0", "n/a", "7", "8", f"{SITE}/1#0", f"{SITE}/1#3", f"{SITE}/"]),
    url=st.sampled_from(
        [
            *("", f"{SITE}/1", "http://www.sabah.example/1/", f"{SITE}/live", f"{SITE}/live#2"),
            *(f"{SITE}/news/12345", f"{SITE}/news/12345/slug", f"{SITE}/n?id=1&PHPSESSID=a"),
            *(f"{SITE}/n?PHPSESSID=b&id=1", f"{SITE}/n?id=1&visit=q", f"{SITE}/"),
        ]
    ),
    title=st.sampled_from(["وصول الوفد", "إضراب المعلمين", "أمطار", ""]),
    date_text=st.sampled_from(["", "2026-03-01", "2026-03-02"]),
    text=st.sampled_from(["", "نص الخبر الأول", "نص الخبر الثاني"]),
)


def poll(items: Sequence[Identity], seen: set[str]) -> list[Identity]:
    """Show a document to a feed that has seen this; return what is published of it."""
    keys = article_keys(items)
    spoken = [(keys[index], items[index]) for index in choose_spoken(keys, items)]
    unknown = [(each, item) for each, item in spoken if each.fingerprint not in seen]
    chosen = choose_new([each for each, _ in unknown], seen)
    seen.update(unknown[index][0].fingerprint for index in chosen.indexes)
    seen.update(chosen.aliases)
    return [unknown[index][1] for index in chosen.indexes]


def words(items: Sequence[Identity]) -> list[tuple[str, str]]:
    return sorted((item.title, item.text) for item in items)


@settings(max_examples=400, deadline=None)
@given(st.lists(IDENTITIES, max_size=6), st.randoms())
def test_the_order_of_items_changes_nothing_that_is_published(items, random) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(items)
    random.shuffle(shuffled)
    assert words(poll(items, set())) == words(poll(shuffled, set()))


@settings(max_examples=400, deadline=None)
@given(st.lists(IDENTITIES, max_size=6))
def test_a_document_that_comes_again_brings_nothing(items: list[Identity]) -> None:
    seen: set[str] = set()
    poll(items, seen)
    assert poll(items, seen) == []
    assert poll(items[::-1], seen) == []


@settings(max_examples=400, deadline=None)
@given(st.lists(IDENTITIES, min_size=1, max_size=6))
def test_no_words_of_a_document_are_lost(items: list[Identity]) -> None:
    # Of the items with words of their own, each title is published by one of them.
    published = {item.title for item in poll(items, set())}
    by_name: dict[tuple[str, str], set[str]] = {}
    for item in items:
        by_name.setdefault((item.guid, address_key(item.url)), set()).add(item.text)
    for item in items:
        if by_name[item.guid, address_key(item.url)] == {""}:
            assert item.title in published


@settings(max_examples=200, deadline=None)
@given(st.lists(IDENTITIES, max_size=6))
def test_what_was_seen_before_an_upgrade_is_not_new_after_it(items: list[Identity]) -> None:
    former = former_fingerprints(items)
    seen = set(former)
    alone = [item for item, each in zip(items, former, strict=True) if former.count(each) == 1]
    new = poll(items, seen)
    assert not [item for item in new if item in alone and items.count(item) == 1]


def test_an_upgrade_remembers_the_new_fingerprint_of_what_was_seen() -> None:
    items = [Identity("", "http://www.sabah.example/1/", "خبر", "")]
    seen = set(former_fingerprints(items))
    assert poll(items, seen) == []
    [keys] = article_keys(items)
    assert keys.fingerprint in seen


@pytest.mark.parametrize(
    ("spelled", "key"),
    [
        ("http://www.Sabah.example:80/a/", f"{SITE}/a"),
        (f"{SITE}//a///b//", f"{SITE}/a/b"),
        (f"{SITE}/a?b=2&a=1&b=2", f"{SITE}/a?a=1&b=2"),
        (f"{SITE}/a;jsessionid=0A1B?id=7", f"{SITE}/a?id=7"),
        (f"{SITE}/a?PHPSESSID=0a1b&id=7", f"{SITE}/a?id=7"),
        (f"{SITE}/a?id=7;sid=3f9a8b7c6d5e4f3a2b1c", f"{SITE}/a?id=7"),
        (f"{SITE}/a?sid=123", f"{SITE}/a?sid=123"),
        (f"{SITE}/a?from=rss&id=7", f"{SITE}/a?id=7"),
        (f"{SITE}/a?from=beirut", f"{SITE}/a?from=beirut"),
        (f"{SITE}/a?_=1700000000&id=7", f"{SITE}/a?id=7"),
        (f"{SITE}/a?t=7", f"{SITE}/a?t=7"),
        (f"{SITE}/a+b?q=c+d", f"{SITE}/a%20b?q=c%20d"),
        (f"{SITE}/a%2Fb", f"{SITE}/a%2Fb"),
        (f"{SITE}/%C7%E1", f"{SITE}/%C7%E1"),
        ("https://user:word@sabah.example/a", f"{SITE}/a"),
        ("https://sabah.example./a#x", f"{SITE}/a"),
        (f"{SITE}:8443/a", "https://sabah.example:8443/a"),
        ("mailto:desk@sabah.example", "mailto:desk@sabah.example"),
    ],
)
def test_an_address_has_one_name(spelled: str, key: str) -> None:
    assert address_key(spelled) == key


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet=st.sampled_from("aA/?&=#%:@[]. 2fخ\t;+~'\u00a0\u0654"), max_size=40))
def test_the_name_of_an_address_is_final(rest: str) -> None:
    key = address_key(f"http://www.host.example/{rest}")
    assert address_key(key) == key


@pytest.mark.parametrize(
    ("key", "number"),
    [
        (f"{SITE}/news/12345", "sabah.example/news/12345"),
        (f"{SITE}/news/12345/slug", "sabah.example/news/12345"),
        (f"{SITE}/12345-slug", "sabah.example/12345"),
        (f"{SITE}/news/slug", ""),
        (f"{SITE}/2026/slug", ""),
        (f"{SITE}/news/12345/page/2", ""),
        (f"{SITE}/news/12345?page=2", ""),
        (f"{SITE}/?p=12345", "sabah.example?p=12345"),
        (f"{SITE}/2026/03/slug?p=12345", "sabah.example?p=12345"),
    ],
)
def test_the_number_of_an_article_is_found(key: str, number: str) -> None:
    assert number_key(key) == number


def test_the_feeds_own_address_identifies_nothing() -> None:
    own = own_addresses("http://www.sabah.example/rss.xml")
    items = [Identity(f"{SITE}/rss.xml", f"{SITE}/rss.xml", title, "") for title in "أب"]
    assert len({keys.fingerprint for keys in article_keys(items, own)}) == 2
