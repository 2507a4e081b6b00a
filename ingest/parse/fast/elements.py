"""What each element of a feed does to feedparser, as far as a quick reader must know.

feedparser keeps state while it reads: elements that it handles in its own way may change what it
makes of the elements behind them. Here every name that it handles is judged once; names that it
does not know only add a field to their entry. `ingest.parse.fast.scanner` acts on the judgement.
"""

from __future__ import annotations

from feedparser.api import StrictFeedParser


class Kind:
    """What an element does; there is one of each, and they are compared by identity.

    An `Enum` would do, but its members cost ten times as much at each look.
    """

    __slots__ = ("_does",)

    def __init__(self, does: str) -> None:
        self._does = does

    def __repr__(self) -> str:
        return f"<Kind: {self._does}>"


ROOT = Kind("the root of a feed")
CHANNEL = Kind("the channel of RSS")
ITEM = Kind("makes an entry")
GUID = Kind("its text identifies the entry")
LINK = Kind("its text or attribute is an address of the entry")
ORIGIN = Kind("FeedBurner's: its text is the address of the entry")
PUBLISHED = Kind("its text is the date of publication")
CREATED = Kind("its text is the date of creation")
UPDATED = Kind("its text is the date of the last change")
TITLE = Kind("holds text or markup, at first hand the title")
TEXT = Kind("holds text or markup")
SUMMARY = Kind("holds text or markup; a description behind it is taken for a content")
DESCRIPTION = Kind("holds text or markup; behind a summary it is taken for a content")
CONTENT = Kind("holds text or markup; summaries behind it in the entry are taken another way")
SOURCE = Kind("where the entry was taken from: what stands in it is not about the entry")
IMAGE = Kind("of the feed: what stands in it is not about the entry, except a title")
PART = Kind("part of an image or text input, or harmless outside of items")
PLAIN = Kind("touches neither the identity of its entry nor anything behind the entry")
UNKNOWN = Kind("feedparser has no handler for it")
ODD = Kind("anything else, such as what may unbalance feedparser's stacks")

# What the scanner does with an element depends on which of these it is in.
TEXTS = frozenset({TITLE, TEXT, SUMMARY, DESCRIPTION, CONTENT})
SIMPLE_TEXTS = TEXTS - {TITLE}
ADDRESSES = frozenset({GUID, LINK, ORIGIN, SOURCE, IMAGE})
DATES = {PUBLISHED: 0, CREATED: 1, UPDATED: 2}
WORDS = frozenset({TITLE, *DATES})
CAPTURED = frozenset({GUID, LINK, ORIGIN, *DATES})
IN_IMAGE = frozenset({TITLE, TEXT, SUMMARY, DESCRIPTION, PART, PLAIN, UNKNOWN})
ONLY_BEFORE_ITEMS = frozenset({TITLE, IMAGE, PART})
NEVER_OUTSIDE = frozenset({ROOT, CONTENT, SOURCE, ODD})
NEVER_IN_ITEM = frozenset({ROOT, CHANNEL, ITEM, ODD})

NAMESPACES: dict[str, str] = {
    uri.lower(): prefix for uri, prefix in StrictFeedParser.namespaces.items() if uri
}
"""feedparser's own prefix of each namespace that it knows; the address in lower case."""

_NAMES = {
    ROOT: "rss rdf_rdf feed",
    CHANNEL: "channel",
    ITEM: "item entry",
    GUID: "guid id",
    LINK: "link",
    ORIGIN: "feedburner_origlink",
    TITLE: "title dc_title media_title",
    PUBLISHED: "published issued pubdate dcterms_issued",
    CREATED: "created dcterms_created",
    # feedparser files an unknown `date` under `updated`.
    UPDATED: "updated modified lastbuilddate dc_date dcterms_modified date",
    TEXT: (
        "abstract subtitle tagline rights copyright info feedburner_browserfriendly dc_rights"
        " itunes_subtitle media_description media_text"
    ),
    SUMMARY: "summary itunes_summary",
    DESCRIPTION: "description dc_description",
    CONTENT: "content content_encoded fullitem",
    SOURCE: "source",
    IMAGE: "image",
    PART: "width height textinput cloud",
    PLAIN: (
        "author managingeditor contributor name uri url homepage email category keywords enclosure"
        " expirationdate generator language webmaster dc_author dc_contributor dc_creator"
        " dc_language dc_publisher dc_subject dcterms_valid itunes_author itunes_block"
        " itunes_category itunes_email itunes_explicit itunes_image itunes_keywords itunes_name"
        " itunes_owner media_category media_content media_credit media_group media_keywords"
        " media_license media_player media_rating media_restriction media_thumbnail georss_point"
    ),
}
_KINDS = {name: kind for kind, names in _NAMES.items() for name in names.split()}
_HANDLED = frozenset(
    name.removeprefix("_start_").removeprefix("_end_").lower()
    for name in dir(StrictFeedParser)
    if name.startswith(("_start_", "_end_"))
)
# Fields of an entry that feedparser expects to be lists or dictionaries: an unknown element of
# such a name puts a text there.
_FIELDS = frozenset({"authors", "contributors", "links"})


def kind_of(name: str) -> Kind:
    """Return what an element does.

    Args:
        name: as feedparser calls it: local name in lower case, behind the prefix of its namespace
            and `_`, if there is one.
    """
    if kind := _KINDS.get(name):
        return kind
    drawing = name.rpartition("_")[2] == "svg"  # feedparser reads its inside in another way
    odd = name in _HANDLED or name in _FIELDS or name.endswith("_detail") or drawing
    return ODD if odd else UNKNOWN
