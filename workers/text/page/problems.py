"""Pages that hold no article for us: walls of consent, of payment, of scripts, and empty ones."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workers.text.page.document import Block, Element, find_elements, is_unseen, text_of
from workers.text.page.model import Problem
from workers.text.page.structured import StructuredArticle

LEAST_TEXT = 120
"""Code points of a text that can be an article."""

LEAST_NEWS = 50
"""The same where a headline and a date show that it is one."""

LIST = 4
"""Other articles on a page from which on one without an article is a list of them."""

TEASER = 1_500
"""Code points below which a text of a page that names a paywall is only its beginning."""

_PAYWALL = re.compile(
    r"للمشتركين\s+فقط|(?:هذا\s+)?المحتوى\s+(?:متاح|مخصص|حصري)\s+للمشتركين|(?:لمتابعة|لمواصلة|لإكمال|لاستكمال)\s+(?:ال)?قراءة\S*\s+(?:هذا\s+)?(?:\S+\s+){0,2}(?:اشترك|سجل|يرجى)"
    r"|اشترك\s+(?:الآن\s+)?(?:لقراءة|للقراءة|لمواصلة|لمتابعة)|مقال\s+للمشتركين|سجل(?:\s+دخولك|\s+الدخول)?\s+(?:لقراءة|لمتابعة|لمواصلة)"
    r"|subscribe\s+to\s+(?:read|continue)|to\s+continue\s+reading|subscribers?\s+only|already\s+a\s+subscriber",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"نحن\s+وشركاؤنا|قبل\s+المتابعة|(?:الموافقة|أوافق|قبول)\s+(?:على|الكل|جميع|المتابعة)|نستخدم\s+ملفات\s+تعريف|ملفات\s+تعريف\s+الارتباط"
    r"|before\s+you\s+continue|we\s+and\s+our\s+.{0,20}partners|accept\s+all|cookie\s+consent|your\s+privacy",
    re.IGNORECASE,
)
_BOT_CHECK = re.compile(
    r"just\s+a\s+moment|checking\s+your\s+browser|verify(?:ing)?\s+(?:that\s+)?you\s+are\s+(?:a\s+)?human|attention\s+required"
    r"|are\s+you\s+a\s+robot|captcha|access\s+denied|لست\s+(?:روبوت|برنامج)|التحقق\s+من\s+أنك\s+(?:إنسان|بشر)|cf-browser-verification",
    re.IGNORECASE,
)
_SCRIPT = re.compile(
    r"(?:enable|requires?|need)\s+(?:to\s+enable\s+)?javascript|javascript\s+(?:is\s+)?(?:disabled|required)|(?:تفعيل|تشغيل|يتطلب)\s+(?:ال)?(?:جافا\s?سكريبت|javascript)",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"^\W*(?:404\b|(?:عذر[اً]+\W+)?(?:هذه\s+)?الصفحة\s+(?:\S+\s+){0,3}غير\s+(?:موجودة|متوفرة|متاحة)|لم\s+يتم\s+العثور|صفحة\s+غير\s+موجودة|خطأ\s+404"
    r"|(?:page|article)\s+not\s+found)",
    re.IGNORECASE,
)
_SHORT_LIST = 400
_MOUNT_POINTS = ("root", "app", "__next", "__nuxt", "main-app", "application")
_SEEN = 4_000
_OFFER = 300


def find_problem(
    root: Element,
    blocks: Sequence[Block],
    structured: StructuredArticle,
    text: str,
    *,
    title: str,
    cards: int,
    scripts: int,
    has_article: bool,
) -> Problem | None:
    """Say what keeps a page from being read.

    Args:
        root: of the whole page.
        blocks: of text, from the headline on.
        structured: JSON-LD of the article.
        text: what was found of it.
        title: headline of the page.
        cards: how many other articles it shows.
        scripts: how many there were in the page.
        has_article: whether the metadata describe an article, or a date stands at its headline.

    Returns:
        The problem, or None.
    """
    seen = _seen_text(root)
    is_short = len(text) < (LEAST_NEWS if has_article else LEAST_TEXT)
    if len(text) < TEASER and (not structured.is_free or (has_article and _offers(blocks))):
        return "paywall"
    if not has_article and len(seen) < _SEEN:
        if is_short and _BOT_CHECK.search(seen):
            return "bot_check"
        if _CONSENT.search(text[:_SEEN] if text else seen) and len(text) < TEASER:
            return "consent"
    if _MISSING.match(title):
        return "empty"
    if cards >= LIST and not has_article and (is_short or len(text) < _SHORT_LIST):
        return "list"
    if not is_short:
        return None
    if _is_drawn_by_script(root, seen, scripts):
        return "javascript"
    return "empty" if not text or not has_article else None


def _offers(blocks: Sequence[Block]) -> bool:
    """Say whether a short block beside the text asks for a subscription to read on."""
    return any(
        len(text) < _OFFER and _PAYWALL.search(text) and not is_unseen(element)
        for element, text in blocks
    )


def without_offers(paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    """Return paragraphs without those that ask for a subscription."""
    return tuple(each for each in paragraphs if not (len(each) < _OFFER and _PAYWALL.search(each)))


def _seen_text(root: Element) -> str:
    pieces: list[str] = []
    length = 0
    for element in root.iter():
        if element.tag in ("script", "style", "template") or not isinstance(element.tag, str):
            piece = ""
        else:
            piece = element.text or ""
        for each in (piece, element.tail or ""):
            if each.strip():
                pieces.append(each)
                length += len(each)
        if length > 200_000:
            break
    return " ".join(" ".join(pieces).split())


def _is_drawn_by_script(root: Element, seen: str, scripts: int) -> bool:
    if _SCRIPT.search(seen):
        return True
    for name in _MOUNT_POINTS:
        element = next(iter(find_elements(root, f"//*[@id='{name}']")), None)
        if element is not None and len(text_of(element)) < LEAST_TEXT:
            return scripts > 0
    return len(seen) < 400 and scripts >= 3
