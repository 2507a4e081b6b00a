"""Items and markup that a publisher would never write, each made to cost its reader dearly."""

from __future__ import annotations

RSS = (
    '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><title>أ</title>'
)
MARKS = "\u0315\u0300" * 60_000
HOST = f"http://{MARKS}.example/"

PLACES = {
    "guid": f"<guid>{HOST}</guid>",
    "link": f"<guid>1</guid><link>{HOST}</link>",
    "origin": f"<guid>1</guid><feedburner:origLink>{HOST}</feedburner:origLink>",
    "enclosure": f'<guid>1</guid><enclosure url="{HOST}"/>',
    "media": f'<guid>1</guid><media:content url="{HOST}"/><media:thumbnail url="{HOST}"/>',
    "image": f"<guid>1</guid><image><url>{HOST}</url></image>",
    "picture of the text": f'<guid>1</guid><description>&lt;img src="{HOST}"&gt;</description>',
    "base": f'<guid xml:base="{HOST}">1</guid><link xml:base="{HOST}">a</link>',
}
"""Elements of an item with the host in each place where an address may stand."""

DEFAULTS = " ".join(f'a{number} CDATA "x"' for number in range(20_000))
SUBSETS = {
    "nested": f"<!ELEMENT rss {'(' * 100_000}a{')' * 100_000}>",
    "defaults": f"<!ATTLIST item {DEFAULTS}>",
    "entities": '<!ENTITY a "{}">'.format("x" * 100_000),
}
"""Internal subsets of a DOCTYPE."""


def document_of(items: str, subset: str = "") -> bytes:
    """Return an RSS document.

    Args:
        items: what stands within its one item.
        subset: internal subset of its DOCTYPE; it has none where this is empty.
    """
    doctype = f"<!DOCTYPE rss [{subset}]>" if subset else ""
    return f"{doctype}{RSS}<item>{items}</item></channel></rss>".encode()


def hostile_markup() -> dict[str, str]:
    """Return markup of a text by what is hostile about it."""
    return {
        "depth": "<div>" * 100_000 + "نص",
        "tags": "<p " * 200_000,
        "attributes": f"<p {' a=b' * 300_000}>نص",
        "ends": "<b>" * 50_000 + "</i>" * 50_000,
        "signs": "«" * 200_000,
        "marks": "ا" + "\u0650" * 200_000,
        "references": "&amp;lt;p&amp;gt;" * 50_000,
        "a word": "ن" * 500_000,
        "quotes": "قال سمير: «" * 20_000,
    }
