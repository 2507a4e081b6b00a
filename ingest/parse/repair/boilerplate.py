"""What a publisher's software adds below every text of a feed, and is no part of the news."""

from __future__ import annotations

import re

_SEARCHED = 2_000  # code points at the end of a text
# WordPress ends the texts of its feeds so, in the language of the site. A link may stand in it, and
# it may be the last paragraph or stand alone behind a line break.
_NOTICE = re.compile(
    r"(?:<p\b[^<>]{0,200}>|<div\b[^<>]{0,200}>|<br\s*/?>|\n|^|(?<=[>.!?؟…\]»\"]))\s*"
    r"(?:The (?:post|article)\b|(?:L(?:['’]|&#\d+;)|Cet )article\b"
    r"|(?:(?:لقد\s+)?(?:ظهرت?|نُ?شرت?)\s+(?:هذا\s+|هذه\s+)?)?(?:ال)?"
    r"(?:مقالة?|تدوينة|خبر|موضوع|منشور|مشاركة|بوست)\s)"
    r"(?:(?!</p>|</div>|\n).){0,1500}?"
    r"(?:(?:first )?appeared(?: first)? on\b|est apparue?(?: en premier)? sur\b"
    r"|(?:ظهرت?|نُ?شرت?)?\s*(?:أولا[ًا]?|أولًا|لأول مرة|للمرة الأولى|اولا)\s+(?:على|في|عبر|ب))"
    r"(?:(?!</p>|</div>).){0,500}(?:</p>|</div>|\s|<br\s*/?>|</a>|\.)*\Z",
    re.IGNORECASE | re.DOTALL,
)

_LIKELY = ("appeared", "apparu", "أولا", "أولًا", "اولا", "لأول مرة", "للمرة الأولى")


def without_syndication_notice(markup: str) -> str:
    """Return a text without the sentence that says where it appeared first.

    Args:
        markup: HTML or plain text; only its end is looked at.
    """
    start = max(0, len(markup) - _SEARCHED)
    tail = markup[start:]
    if not any(word in tail for word in _LIKELY):
        return markup
    found = _NOTICE.search(tail)
    return markup[: start + found.start()].rstrip() if found else markup
