"""Documents with a place for a text: where feeds carry what their authors write."""

from __future__ import annotations

from tests.support.documents.building import ATOM_HEAD, RSS_FOOT, RSS_HEAD

_RSS = RSS_HEAD + "<item>{}</item>" + RSS_FOOT
_ATOM = ATOM_HEAD + "<entry>{}</entry></feed>"
_DECLARED = '<?xml version="1.0" encoding="utf-8"?>'

FRAMES = (
    "{}",
    RSS_HEAD + "{}" + RSS_FOOT,
    _RSS,
    _RSS.replace("{}", "<title>{}</title><guid>1</guid>"),
    _RSS.replace("{}", "<guid>1</guid><description><![CDATA[{}]]></description>"),
    _RSS.replace("{}", "<guid>{}</guid>"),
    _RSS.replace("{}", "<link>https://mina.example/{}</link>"),
    _RSS.replace("{}", "<pubDate>{}</pubDate><guid>1</guid>"),
    _RSS.replace("{}", '<guid>1</guid><enclosure url="{}"/>'),
    _ATOM.replace("{}", '<id>1</id><content type="xhtml" xml:base="{}"><p>نص</p></content>'),
    _ATOM.replace("{}", '<id>1</id><link href="{}"/><title>نص</title>'),
    _DECLARED + "<!DOCTYPE rss [{}]>" + _RSS.replace("{}", "<guid>1</guid>"),
    '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "content_html": "{}"}]}',
    '{"version": "https://jsonfeed.org/version/1.1", "items": [{}]}',
    '<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>{}</loc>'
    "<news:news><news:title>{}</news:title></news:news></url></urlset>",
    "<html><head><title>نص</title></head><body>{}</body></html>",
)
