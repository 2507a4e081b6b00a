"""What makes an entry the same entry: golden values, because fingerprints are stored for months."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from ingest.identity.canonical import canonical_url
from ingest.identity.fingerprint import Identity, fingerprint, fingerprints


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://News.Example:443/A/b", "https://news.example/A/b"),
        ("http://news.example:80", "http://news.example/"),
        ("http://news.example:8080/a", "http://news.example:8080/a"),
        ("https://news.example/a#comments", "https://news.example/a"),
        ("https://news.example/a?utm_source=rss&id=7&UTM_Medium=x", "https://news.example/a?id=7"),
        ("https://news.example/a?fbclid=x", "https://news.example/a"),
        ("https://news.example/a?at_medium=RSS&at_campaign=x", "https://news.example/a"),
        ("https://news.example/a?ns_mchannel=rss&xtor=RSS-1", "https://news.example/a"),
        ("https://news.example/a?b=2&a=1", "https://news.example/a?b=2&a=1"),
        ("https://news.example/خبر", "https://news.example/%D8%AE%D8%A8%D8%B1"),
        ("https://news.example/%d8%ae%D8%a8%d8%b1", "https://news.example/%D8%AE%D8%A8%D8%B1"),
        ("https://news.example/%7Euser", "https://news.example/~user"),
        ("https://news.example/a%2Fb", "https://news.example/a%2Fb"),
        ("https://news.example/100%", "https://news.example/100%25"),
        ("\x1b\x85 https://news.example/a\n\u3000", "https://news.example/a"),
        ("https://[2001:DB8::1]:443/a", "https://[2001:db8::1]/a"),
        ("mailto:desk@news.example", "mailto:desk@news.example"),
        ("http://[bad", "http://[bad"),
        ("", ""),
    ],
)
def test_all_spellings_of_an_address_have_one_form(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


_URLS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=st.sampled_from("aA/?&=#%:@[]. 2fخ\t\ud800utm_İ;+~'\u00a0"), max_size=40).map(
        "HTTPS://Host:443".__add__
    ),
)


@settings(max_examples=500, deadline=None)
@given(_URLS)
def test_the_form_of_an_address_is_final(url: str) -> None:
    assert canonical_url(canonical_url(url)) == canonical_url(url)


@pytest.mark.parametrize(
    ("identity", "golden"),
    [
        (
            Identity("tag:news.example,2026:7", "https://a.example/", "خبر", ""),
            "1d2b66cc5fd7b0e38d90b3d7f1c13633",
        ),
        (
            Identity("", "https://news.example/خبر?id=7&utm_source=rss", "خبر", ""),
            "6491bd0ef4aba1f5aa3aa93838a12a40",
        ),
        (
            Identity("", "", "خبر عاجل", "Sun, 01 Mar 2026 10:30:00 +0300"),
            "a56e314bc8a849ce97c2e8908ea45232",
        ),
    ],
)
def test_a_fingerprint_never_changes(identity: Identity, golden: str) -> None:
    assert fingerprint(*identity) == golden


def test_fingerprints_of_a_guid_on_several_items_never_change() -> None:
    items = [Identity("7", f"https://news.example/{n}", "خبر", "") for n in range(2)]
    assert fingerprints(items) == [
        "2fd42e2140aaab95ee5d2721059ced8a",
        "2ce72f660c8fd5042b74b195c9cccb2f",
    ]


def test_the_guid_decides_before_the_address_and_the_title() -> None:
    assert fingerprint(" 7 ", "https://a.example/1", "خبر", "") == fingerprint("7", "", "", "")


def test_the_address_decides_before_the_title() -> None:
    url = "https://a.example/1"
    assert fingerprint("", f"{url}?utm_source=rss", "قديم", "") == fingerprint("", url, "جديد", "")


def test_a_guid_is_never_taken_for_the_same_address() -> None:
    url = "https://a.example/1"
    assert fingerprint(url, "", "", "") != fingerprint("", url, "", "")


def test_the_front_page_identifies_no_item() -> None:
    front = "https://a.example/?utm_source=rss"
    assert fingerprint("", front, "عاجل 1", "") != fingerprint("", front, "عاجل 2", "")


def test_a_guid_that_is_the_front_page_identifies_no_item() -> None:
    front = "https://a.example/"
    items = [Identity(front, front, f"عاجل {number}", "") for number in range(2)]
    assert len(set(fingerprints(items))) == 2
    assert fingerprints(items) == [fingerprint(*item) for item in items]


@pytest.mark.parametrize("guid", ["news/2026/7/", "https://a.example/#7", "https://a.example/?p=7"])
def test_a_guid_that_only_resembles_the_front_page_decides(guid: str) -> None:
    url = "https://a.example/1"
    assert fingerprint(guid, url, "", "") == fingerprint(guid, "", "", "")


def test_a_front_page_guid_leaves_the_decision_to_the_address() -> None:
    url = "https://a.example/1"
    assert fingerprint("https://a.example", url, "", "") == fingerprint("", url, "", "")


def test_title_and_date_decide_where_nothing_else_is() -> None:
    morning, evening = (fingerprint("", "", "النشرة", date) for date in ("08:00", "20:00"))
    assert morning != evening


def test_a_guid_with_one_address_in_several_spellings_still_decides() -> None:
    urls = ("https://a.example/1", "https://A.example/1#top")
    items = [Identity("7", url, "خبر", "") for url in urls]
    assert fingerprints(items) == [fingerprint("7", "", "", "")] * 2


def test_a_document_agrees_with_its_items_alone() -> None:
    items = [
        Identity("1", "https://a.example/1", "", ""),
        Identity("", "https://a.example/2", "", ""),
    ]
    assert fingerprints(items) == [fingerprint(*item) for item in items]
