"""Where fuzzing begins: the feeds of the tests, and one of everything else."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import brotli
import zstandard

from tests.fuzz.targets import TARGETS
from tests.support.documents.odd_feeds import odd_feeds
from tests.support.documents.plain_feeds import plain_feeds

_JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "الميناء", "items": [
{"id": "1", "url": "https://mina.example/1", "title": "خبر", "content_text": "نص\\n\\nآخر",
"date_published": "2026-03-01T10:00:00+03:00", "tags": ["ميناء"], "authors": [{"name": "سمير"}],
"attachments": [{"url": "a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 12}]},
{"id": 1.0, "content_html": "<p>نص</p>", "image": "/a.png"}]}"""
_SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>
<loc>https://mina.example/1</loc><news:news><news:publication><news:name>الميناء</news:name>
<news:language>ar</news:language></news:publication><news:title><![CDATA[خبر]]></news:title>
<news:publication_date>2026-03-01</news:publication_date></news:news></url></urlset>"""
_HTML = """<html><head><title>الميناء</title><link rel="alternate" type="application/rss+xml"
 href="/rss.xml"></head><body><p onclick="x()">نص &amp; آخر<br>سطر</p><script>x</script>
<table><tr><td>أ</td><td>ب</td></tr></table><ul><li><a href="/feed/">خبر</a></ul>
&lt;p style="display: none"&gt;<![CDATA[نص]]> a<b x<info@mina.example></body></html>"""
_TEXTS = (
    "قال «سمير» إنّ الميـــناء مفتوح. \u202eabc\u202c \x1b[31mأحمر\x1b[0m ﷺ ﻻ ١٢٣ 3.5 أ.ف.ب",
    "كتابخانه\u200cها و سال ۱۴۰۴ هـ 1447 هـ https://mina.example/a?b=c هٔ ي ى ة",
)
_DATES = (
    "Sun, 01 Mar 2026 10:30:00 +0300",
    "2026-03-01T10:30:00.123Z",
    "الأحد ١ آذار/مارس ٢٠٢٦ - ١٠:٣٠ مساءً",
    "12 رمضان 1447 هـ",
    "1/3/2026 10:30 PM EST",
)
_ROBOTS = "User-agent: *\nDisallow: /a*b$\nAllow: /\nCrawl-delay: 2.5\nSitemap: https://a/\n"


def seeds() -> Iterator[bytes]:
    """Yield inputs of `tests.fuzz.targets.run`."""
    feeds = [body for _, body, _ in (*plain_feeds(), *odd_feeds())]
    plain = feeds[0]
    given: dict[str, list[bytes]] = {
        "feed": feeds,
        "document": [*feeds[:8], _JSON_FEED.encode(), _SITEMAP.encode()],
        "page": [_HTML.encode()],
        "html": [_HTML.encode()],
        "text": [text.encode() for text in _TEXTS],
        "date": [text.encode() for text in _DATES],
        "coding": [
            b"\0" + gzip.compress(plain, mtime=0),
            b"\1" + gzip.compress(plain, mtime=0)[10:],
            b"\2" + brotli.compress(plain),
            b"\3" + zstandard.compress(plain),
            b"\4" + brotli.compress(gzip.compress(plain, mtime=0)),
        ],
        "encoding": [
            b"text/xml; charset=windows-1256\n" + _SITEMAP.encode("windows-1256"),
            b"\n" + _SITEMAP.encode("utf-16"),
        ],
        "robots": [_ROBOTS.encode()],
    }
    for number, name in enumerate(TARGETS):
        for body in given[name]:
            yield bytes([number]) + body
