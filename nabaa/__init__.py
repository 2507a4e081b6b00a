"""نبأ — an Arabic news wire on Redis streams; here is what a subscriber's program imports.

    from nabaa import Subscriber

    for article in Subscriber("unix://data/valkey.sock", group="desk"):
        print(article.title)

This package imports nothing of `config`, `ingest` and `workers` but in `main` and `services`, so
that a program may have modules of these names itself.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nabaa.filters.filter import Filter
    from nabaa.filters.story_filter import StoryFilter
    from nabaa.message import article_of, decode_article
    from nabaa.subscriber.client import Handler, Subscriber
    from nabaa.subscriber.follow import follow
    from nabaa.subscriber.group import GroupReader
    from nabaa.subscriber.received import Received
    from nabaa.subscriber.stories import StoryEvent, StorySubscriber
    from nabaa.types import (
        Article,
        Entity,
        Media,
        Mention,
        Outlet,
        Page,
        Picture,
        Quote,
        Report,
        Story,
        StoryEntity,
        StoryOutlet,
    )

__all__ = [
    "Article",
    "Entity",
    "Filter",
    "GroupReader",
    "Handler",
    "Media",
    "Mention",
    "Outlet",
    "Page",
    "Picture",
    "Quote",
    "Received",
    "Report",
    "Story",
    "StoryEntity",
    "StoryEvent",
    "StoryFilter",
    "StoryOutlet",
    "StorySubscriber",
    "Subscriber",
    "article_of",
    "decode_article",
    "follow",
]

_MODULES = {
    "nabaa.filters.filter": ("Filter",),
    "nabaa.filters.story_filter": ("StoryFilter",),
    "nabaa.message": ("article_of", "decode_article"),
    "nabaa.subscriber.client": ("Handler", "Subscriber"),
    "nabaa.subscriber.follow": ("follow",),
    "nabaa.subscriber.group": ("GroupReader",),
    "nabaa.subscriber.received": ("Received",),
    "nabaa.subscriber.stories": ("StoryEvent", "StorySubscriber"),
    "nabaa.types": (
        *("Article", "Entity", "Media", "Mention", "Outlet", "Page", "Picture", "Quote"),
        *("Report", "Story", "StoryEntity", "StoryOutlet"),
    ),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import what is asked for: the command line starts without the client."""
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'nabaa' has no attribute {name!r}")
