"""Feeds that nobody writes, drawn by chance, most of them well-formed.

Elements that feedparser handles in its own way stand where they may, under odd names and
namespaces, in items that are identified in every way.
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

from tests.support.documents.building import RSS090, RSS10

# What stands in feeds, and what feedparser handles in its own way but stands in few.
# fmt: off
_COMMON = (
    "title", "link", "guid", "pubDate", "description", "content:encoded", "dc:creator", "category",
    "media:content", "id", "updated", "author", "enclosure", "source", "summary", "content",
)
_RARE = (
    "dc:date", "dc:description", "dc:title", "dcterms:created", "dcterms:valid", "contributor",
    "feedburner:origLink", "fullitem", "generator", "georss:point", "image", "info",
    "itunes:summary", "language", "media:credit", "media:description", "media:group",
    "media:keywords", "media:rating", "media:thumbnail", "media:title", "modified", "name",
    "published", "rights", "subtitle", "tags", "url", "x:date", "x:thing", "date", "itunes:image",
    "abstract", "span", "email", "expirationDate", "itunes:keywords", "p", "div",
)
_ODD = (
    "body", "channel", "cloud", "div", "entry", "item", "links", "rss", "svg", "textInput", "width",
    "authors", "author_detail", "itunes:link", "image", "dc_date", "georss:where", "newlocation",
)
# fmt: on
_NAMESPACES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "georss": "http://www.georss.org/georss",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "x": "urn:x",
}
_URIS = (
    *_NAMESPACES.values(),
    "http://www.w3.org/2005/Atom",
    "http://www.w3.org/1999/xhtml",
    "urn:y",
)
_ATTRIBUTES = {
    "isPermaLink": ("true", "false", "True"),
    "type": ("html", "xhtml", "text", "text/html", "application/xml", "image/png", ""),
    "rel": ("alternate", "self", "enclosure", "ALTERNATE", ""),
    "href": ("/a", "https://a.example/b/c", "", "https://a.example/"),
    "url": ("https://a.example/u", "", "u"),
    "xml:base": ("/base/", "https://b.example/", "javascript:x", ""),
    "xml:lang": ("ar", "fr_FR", ""),
    "base": ("/odd/",),
    "mode": ("base64", "escaped"),
    "domain": ("d",),
    "term": ("t",),
}
_CONTAINERS = frozenset(
    {"author", "contributor", "source", "image", "media:group", "media:content"}
)
_XHTML = (
    '<div xmlns="http://www.w3.org/1999/xhtml">نص <b>غامق</b></div>',
    "<div>نص<div lang='fr'>آخر</div></div>",
    "<p>نص<br/></p>",
    '<h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:title>x</h:title></h:div>',
    "<div><title>x</title></div>",
)
_IDENTIFIED = (
    "<guid>n-{0}</guid>",
    '<guid isPermaLink="false">n-{0}</guid>',
    "<id>https://a.example/x/y/{0}</id>",
    "<link>/n/{0}</link>",
    '<link href="https://a.example/n/{0}"/>',
    "<title>خبر {0}</title>",
    "<guid>7</guid><link>/n/{0}</link>",
    "",
)
_SAID = ["خبر", "7", " 8 ", "9", "7", "8", "", "<b>غامق</b>", "a&b", "Ø§Ù", "\x85\u00a0", "/n/3"]
_SAID += [f"https://a.example/{rest}" for rest in ("", "n/1", "n/2")] + ["2026-03-01T10:00:00Z"]
_WORDS = st.sampled_from(_SAID)
_TEXTS = st.one_of(_WORDS, _WORDS.map(lambda text: f"<![CDATA[{text}]]>"))


@st.composite
def _attributes(draw: st.DrawFn) -> str:
    names = draw(st.lists(st.sampled_from(sorted(_ATTRIBUTES)), max_size=2, unique=True))
    return "".join(
        f" {name}={quoteattr(draw(st.sampled_from(_ATTRIBUTES[name])))}" for name in names
    )


@st.composite
def _elements(draw: st.DrawFn, depth: int = 2) -> str:
    chance = draw(st.integers(0, 99))
    name = draw(st.sampled_from(_COMMON if chance < 60 else _RARE if chance < 98 else _ODD))
    attributes = draw(_attributes()) if draw(st.integers(0, 4)) == 0 else ""
    if draw(st.integers(0, 29)) == 0:
        prefix = draw(st.sampled_from(["", "", "x", "dc", "y", "y"]))
        uri = draw(st.sampled_from(_URIS))
        attributes += f' xmlns{":" if prefix else ""}{prefix}="{uri}"'
    inside = draw(_TEXTS)
    if not inside.startswith("<!"):
        inside = escape(inside)
    if name in _CONTAINERS or (depth and draw(st.integers(0, 29)) == 0):
        inside += "".join(draw(st.lists(_elements(depth - 1), max_size=2))) if depth else ""
    elif name == "content" and draw(st.booleans()):
        attributes, inside = ' type="xhtml"', draw(st.sampled_from(_XHTML))
    return f"<{name}{attributes}>{inside}</{name}>"


@st.composite
def wild_feeds(draw: st.DrawFn) -> bytes:
    """Draw a feed that is well-formed but for chance, of items alike and unlike."""
    root, item = draw(st.sampled_from([("rss", "item"), ("feed", "entry"), ("rdf:RDF", "item")]))
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
    own = {
        "rss": ' version="2.0"',
        "feed": ' xmlns="http://www.w3.org/2005/Atom"',
        "rdf:RDF": ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        f' xmlns="{draw(st.sampled_from([RSS10, RSS10, RSS090, "urn:z"]))}"',
    }[root]
    between = st.sampled_from(
        ["", "", "\n", "<!--7-->", "<?x y?>", "<ttl>1</ttl>", "<!--<item>-->"]
    )
    parts = []
    for number in range(draw(st.integers(1, 6))):
        named = draw(st.sampled_from(_IDENTIFIED)).format(number)
        elements = draw(st.lists(_elements(), max_size=4))
        elements.insert(draw(st.integers(0, len(elements))), named)
        start = draw(st.sampled_from(["", "", "", ' xml:base="/i/"', ' xml:lang="fr"']))
        if root == "rdf:RDF":
            start = f" rdf:about={quoteattr(draw(_WORDS))}"
        parts.append(f"<{item}{start}>{''.join(elements)}</{item}>{draw(between)}")
    odd = draw(st.integers(0, 5)) == 0
    head = "".join(draw(st.lists(_elements(), max_size=3))) if odd else "<title>ميناء</title>"
    tail = "".join(draw(st.lists(_elements(1), max_size=1))) if odd else ""
    body = f"{head}{''.join(parts)}{tail}"
    if root == "rss":
        body = f"<channel>{body}</channel>"
    document = f"<{root}{own}{declared}>{body}</{root}>"
    if draw(st.integers(0, 29)) == 0:
        document = document[: draw(st.integers(0, len(document)))]
    return document.encode(draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig"])))
