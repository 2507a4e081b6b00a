"""Feeds for the tests of the list: one by hand, and any that the list can hold."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from config.feed_rules import address_key
from config.model import Feed

EXAMPLE = Feed(
    id="example",
    url="https://news.example/ar/rss.xml",
    title="صحيفة المثال",
    outlet="المثال",
    country="EG",
    timezone="Africa/Cairo",
    language="ar",
    topic="news",
    tags=("daily", "طبعة القاهرة"),
    interval_seconds=600,
)
OTHER = replace(
    EXAMPLE, id="other", url="https://other.example/feed", tags=(), interval_seconds=None
)

_LETTERS = st.one_of(
    st.sampled_from(
        "ابتثجحخةىئؤ ـ\u064b\u064c٠٩\u200f\u200cabcXYZ09 -:#'\"[]{},&*!|>%@`\\?~.;–…😀"
    ),
    st.characters(
        exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufeff\ufffe\uffff"
    ),
)
TEXTS = st.text(_LETTERS, min_size=1, max_size=24).map(str.strip).filter(bool)
WORDS = TEXTS.filter(lambda text: len(text.split()) == 1)
TAGS = TEXTS.map(lambda text: text.replace(",", "").strip()).filter(bool)
URLS = st.builds(
    "{}://{}.example{}/{}?{}".format,
    st.sampled_from(["http", "https"]),
    st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True),
    st.sampled_from(["", ":8080"]),
    st.from_regex(r"[A-Za-z0-9/._%~-]{0,12}", fullmatch=True),
    st.from_regex(r"[a-z=&0-9]{0,12}", fullmatch=True),
)
FEEDS = st.builds(
    Feed,
    id=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,12}", fullmatch=True),
    url=URLS,
    title=TEXTS,
    outlet=TEXTS,
    country=st.sampled_from(["XX", "EG", "NO", "PS", "SD"]),
    timezone=st.sampled_from(["UTC", "Africa/Cairo", "America/Argentina/Ushuaia"]),
    language=st.sampled_from(["ar", "fa", "no", "ckb"]),
    topic=WORDS,
    tags=st.lists(TAGS, max_size=3).map(tuple),
    interval_seconds=st.none() | st.integers(1, 604_800),
    insecure_tls=st.booleans(),
    full_text=st.sampled_from(("", "auto", "always", "never")),
)
LISTS = st.lists(
    FEEDS,
    max_size=4,
    unique_by=(lambda feed: feed.id, lambda feed: address_key(feed.url)),
)
