"""What the answer to a request for a page means: a page, a later try, or no page. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType

from ingest.fetch.refusals import (
    READABLE_STATUSES,
    Detour,
    describe_page_wall,
    find_detour,
)
from ingest.model import Fetched
from ingest.schedule.failures import kind_of_status
from ingest.schedule.publisher_hints import retry_after_seconds
from ingest.streams.page_troubles import TroubleKind

_LATER: frozenset[TroubleKind] = frozenset({"down", "dns", "busy", "cut"})
"""Troubles that may be over in a while."""

_DETOURS: Mapping[Detour, str] = MappingProxyType(
    {
        "consent": "the address leads to a page that asks for consent to cookies",
        "login": "the address leads to a page to log in",
        "front_page": "the address leads to the site's front page",
    }
)
_MARKUP = re.compile(
    rb"\s*+(?:\xef\xbb\xbf\s*+)?<(?:!doctype|!--|\?xml|html|head|body|meta|div|p)\b", re.IGNORECASE
)
_HTML_TYPE = re.compile(r"\s*(?:text/html|application/xhtml\+xml)\b", re.IGNORECASE)
_NO_TYPE = re.compile(
    r"\s*(?:$|text/plain\b|application/octet-stream\b|(?:application|text)/xml\b)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class PageTrouble:
    """Why an answer brought no page.

    Attributes:
        kind: kind of trouble.
        reason: one clause, for a person.
        wait_seconds: time for which the host asks to be left alone, or 0.
    """

    kind: TroubleKind
    reason: str
    wait_seconds: float = 0.0

    @property
    def may_pass(self) -> bool:
        """Whether it makes sense to ask again."""
        return self.kind in _LATER or (self.kind == "robots" and self.wait_seconds > 0)


def judge_answer(fetched: Fetched, most_bytes: int) -> PageTrouble | None:
    """Return why an answer is no page, or None where it is one.

    Args:
        fetched: any answer.
        most_bytes: of the body that were wanted; one that is cut there is whole enough.
    """
    if (wall := describe_page_wall(fetched)) is not None:
        return PageTrouble("bot_check", wall, retry_after_seconds(fetched))
    if fetched.status not in READABLE_STATUSES:
        return _refused(fetched)
    if (detour := find_detour(fetched)) is not None:
        return PageTrouble(detour, f"{_DETOURS[detour]}, {fetched.final_url}")
    if not is_html(fetched):
        given = fetched.headers.get("content-type", "").split(";")[0].strip()[:60]
        return PageTrouble("not_html", f"the answer is no web page ({given or 'no Content-Type'})")
    if not fetched.complete and len(fetched.body) < most_bytes:
        return PageTrouble("cut", "the connection ended in the middle of the page")
    return None


def is_html(fetched: Fetched) -> bool:
    """Tell whether an answer is a web page, by its type or, without a usable one, its beginning."""
    content_type = fetched.headers.get("content-type", "")
    if _HTML_TYPE.match(content_type):
        return True
    return bool(_NO_TYPE.match(content_type)) and bool(_MARKUP.match(fetched.body[:1000]))


def _refused(fetched: Fetched) -> PageTrouble:
    status = fetched.status
    kind = kind_of_status(status)
    try:
        reason = f"HTTP status {status} ({HTTPStatus(status).phrase})"
    except ValueError:
        reason = f"HTTP status {status}"
    asked = retry_after_seconds(fetched) if kind in ("busy", "down") else 0.0
    return PageTrouble(kind, reason, asked)
