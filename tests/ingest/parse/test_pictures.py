"""Pictures and captions: whatever carries them, they belong to the picture and not to the text."""

from __future__ import annotations

import pytest

from ingest.parse.pictures import first_picture
from tests.support.parsed_feeds import CLOSE, OPEN, only, parse

MEDIA = '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" '
ROOT = f'{MEDIA}xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>'
CAPTION = "صورة من الأرشيف لمطار بيروت الدولي التقطت قبل سنوات وتظهر فيها الطائرات على المدرج"
TEXT = "<description>وصل الوفد.</description>"
PICTURE = "https://sabah.example/i.jpg"
CAPTIONED = {
    "inside, before the text": (
        f'<media:content url="{PICTURE}"><media:description>{CAPTION}</media:description>'
        f"</media:content>{TEXT}"
    ),
    "inside, behind the text": (
        f'{TEXT}<media:content url="{PICTURE}"><media:description>{CAPTION}</media:description>'
        "</media:content>"
    ),
    "beside, behind the text": (
        f'{TEXT}<media:content url="{PICTURE}"/><media:description>{CAPTION}</media:description>'
    ),
    "beside, before everything": (
        f'<media:description>{CAPTION}</media:description>{TEXT}<media:content url="{PICTURE}"/>'
    ),
    "media:text": (
        f'<media:group><media:content url="{PICTURE}"><media:text type="plain">{CAPTION}'
        f"</media:text></media:content></media:group>{TEXT}"
    ),
    "thumbnail": (
        f'<media:thumbnail url="{PICTURE}"/><media:description type="html">{CAPTION}'
        f"</media:description>{TEXT}"
    ),
}


@pytest.mark.parametrize("name", CAPTIONED)
def test_a_caption_belongs_to_its_picture(name: str) -> None:
    entry = only(f"<item><title>خبر</title>{CAPTIONED[name]}</item>", ROOT)
    assert (entry.summary_html, entry.content_html) == ("وصل الوفد.", "")
    assert [(media.url, media.title) for media in entry.media] == [(PICTURE, CAPTION)]


def test_a_caption_alone_is_no_text() -> None:
    item = f"<item><title>خبر</title><media:description>{CAPTION}</media:description></item>"
    entry = only(item, ROOT)
    assert (entry.summary_html, entry.content_html) == ("", "")


def test_a_credit_stands_with_the_caption() -> None:
    media = (
        f'<media:content url="{PICTURE}"><media:description>مطار</media:description>'
        "<media:credit>وكالة</media:credit></media:content>"
    )
    assert only(f"<item><title>خبر</title>{media}</item>", ROOT).media[0].title == "مطار (وكالة)"


PICTURES = {
    "image with url": f"<image><url>{PICTURE}</url><title>x</title></image>",
    "image with text": f"<image>{PICTURE}</image>",
    "itunes": f'<itunes:image href="{PICTURE}"/>',
    "group": f'<media:group><media:content url="{PICTURE}" type="image/jpeg"/></media:group>',
    "first of the text": f'<description>&lt;p&gt;&lt;img src="{PICTURE}"&gt; نص</description>',
    "relative": '<description>&lt;img src="/i.jpg"/&gt; نص</description>',
    "loaded late": (
        f'<description>&lt;img src="data:image/gif;base64,R0" data-src="{PICTURE}"&gt;'
        "</description>"
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_found(name: str) -> None:
    entry = only(f"<item><title>خبر</title>{PICTURES[name]}</item>", ROOT)
    assert [media.url for media in entry.media] == [PICTURE]


def test_the_picture_of_the_feed_is_of_no_item() -> None:
    channel = f"<image><url>{PICTURE}</url></image><item><title>خبر</title></item>"
    assert parse(ROOT + channel + CLOSE).entries[0].media == ()


def test_the_text_is_searched_only_where_nothing_else_is() -> None:
    item = (
        f'<item><title>خبر</title><enclosure url="{PICTURE}" type="image/jpeg"/>'
        '<description>&lt;img src="https://sabah.example/other.jpg"&gt;</description></item>'
    )
    assert [media.url for media in only(item, OPEN).media] == [PICTURE]


@pytest.mark.parametrize(
    "image",
    [
        '<img src="https://pixel.wp.com/b.gif">',
        '<img src="https://a.example/x.gif" width="1" height="1">',
        '<img src="https://s.w.org/images/core/emoji/14/72x72/1f600.png">',
        '<img src="javascript:alert(1)">',
        "<img alt='x'>",
    ],
)
def test_a_counter_or_a_sign_is_no_picture(image: str) -> None:
    assert first_picture(image, "https://a.example/") == ""


def test_media_are_resolved_against_the_base_of_their_element() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"'
        ' xml:base="https://base.example/ar/"><title>ص</title><id>f</id><entry xml:base="posts/">'
        '<id>1</id><title>خبر</title><link href="a.html"/><link rel="enclosure" href="a.mp3"/>'
        '<media:thumbnail url="t.jpg"/><media:content url="c.jpg"/></entry></feed>'
    )
    entry = parse(body).entries[0]
    posts = "https://base.example/ar/posts/"
    assert entry.url == f"{posts}a.html"
    assert [media.url for media in entry.media] == [
        f"{posts}{n}" for n in ("a.mp3", "c.jpg", "t.jpg")
    ]
