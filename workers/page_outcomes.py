"""What came of the pages that the workers read, told a feed: a text, or why there was none."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import cast

from redis.exceptions import ResponseError

from ingest.streams.page_troubles import PageTroubles, Trouble, TroubleKind
from nabaa.redis.errors import TRANSIENT_ERRORS
from nabaa.types import Article

logger = logging.getLogger(__name__)

_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "paywall": "the page is for subscribers",
        "consent": "the page asks for consent to cookies first",
        "bot_check": "the page wants to know whether a person reads it",
        "javascript": "the page draws its article with a script",
        "empty": "the page holds no article",
        "list": "the page lists many articles",
        "too_long": "the page has more elements than are looked at",
    }
)


async def tell_outcomes(troubles: PageTroubles, articles: Sequence[Article]) -> None:
    """Tell what came of the pages of articles.

    Args:
        troubles: of the shard that they are of.
        articles: made with their pages.
    """
    found = [
        (article.outlet.feed, trouble) for article in articles if (trouble := trouble_of(article))
    ]
    troubled = {feed_id for feed_id, _ in found}
    well = {article.outlet.feed for article in articles} - troubled
    try:
        await troubles.end(well)
        await troubles.tell(found)
    except (*TRANSIENT_ERRORS, ResponseError) as error:
        logger.debug("what came of pages is not told: %s", error)


def trouble_of(article: Article) -> Trouble | None:
    """Return why the page of an article brought no text, or not all, or None where it did."""
    page = article.page
    if page is None or not page.problem:
        return None
    reason = _REASONS.get(page.problem, page.problem)
    return Trouble(cast("TroubleKind", page.problem), reason, article.url, page.extracted_at)
