"""The way from a raw entry to an article: clean text, language, entities, quotations.

The only I/O is reading the model files that ship with nabaa.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from config.model import Feed
from config.page_rules import PageRulesFile
from ingest.identity.fingerprint import fingerprint
from ingest.model import Entry
from nabaa.types import Article, Outlet, Page, TextField
from workers.article_page import PageReader, PageReading
from workers.entities.finder import ArticleTexts, EntityFinder, EntityInput
from workers.entities.recognise import Recogniser
from workers.publish.records import hash_texts, name_article
from workers.quotes.find import find_quotes
from workers.text.html import html_to_text
from workers.text.language import LanguageIdentifier
from workers.text.normalise import normalise, normalise_line
from workers.text.page.model import ArticlePage

# A headline has 60 to 120 letters; what is longer than this is a text in the wrong place.
LONGEST_TITLE = 500

MAX_ANALYSED = 100_000
"""Code points of an article in which names and quotations are sought; long reports have 30,000."""

logger = logging.getLogger(__name__)


class ArticleMaker:
    """Makes articles of entries; may be called from one thread at a time.

    Args:
        recogniser: finds the names in Arabic articles.
        languages: languages to publish; empty for all.
        page_rules: for the pages of outlets, or None.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        languages: Sequence[str] = (),
        page_rules: PageRulesFile | None = None,
    ) -> None:
        self._finder = EntityFinder(recogniser)
        self._languages = frozenset(languages)
        self._page_rules = page_rules
        self._identifier = LanguageIdentifier()

    def make(self, entries: Sequence[Entry], pages: Sequence[bytes] = ()) -> list[Article | None]:
        """Make an article of each entry.

        Args:
            entries: a batch, which the recogniser gets as a whole.
            pages: for each the page of its article as the queue has it, or nothing; may be left
                out.

        Returns:
            One article an entry, in order; None where its language is not published.
        """
        reader = PageReader(self._page_rules)
        drafts = []
        for entry, data in zip(entries, pages or [b""] * len(entries), strict=True):
            texts = plain_texts(entry)
            drafts.append(self._draft(entry, texts, reader.read(entry, data, "\n".join(texts))))
        articles = self._with_entities(drafts)
        return [article if self._is_published(article) else None for article in articles]

    def make_plain(self, title: str, body: str, now: datetime) -> Article:
        """Make an article of a plain text that came from no feed, whatever its language.

        Args:
            title: its headline.
            body: its text, paragraphs parted by empty lines.
            now: stands for every date of the article, aware UTC.
        """
        feed = Feed("none", "", "", "", "XX", "UTC")
        mark = fingerprint("", "", f"{title}\n{body}", "")
        entry = Entry(feed, mark, "", "", title, "", body, "", None, None, (), (), now)
        return self._with_entities([self._draft(entry, (title, "", body))])[0]

    def _with_entities(self, drafts: list[Article]) -> list[Article]:
        arabic = [i for i, draft in enumerate(drafts) if draft.language == "ar"]
        texts = [analysed_texts(drafts[i]) for i in arabic]
        entities = self._finder.find(
            [
                EntityInput(each, drafts[i].outlet.country)
                for i, each in zip(arabic, texts, strict=True)
            ]
        )
        for i, each, found in zip(arabic, texts, entities, strict=True):
            quotes = find_quotes(each, found)
            drafts[i] = replace(drafts[i], entities=found, quotes=quotes)
        return drafts

    def _is_published(self, draft: Article) -> bool:
        return not self._languages or draft.language in self._languages

    def _draft(
        self, entry: Entry, texts: tuple[str, str, str], reading: PageReading | None = None
    ) -> Article:
        """Return the article without its entities; `texts` are title, summary and content."""
        page_text = reading.text_beside(max(texts[1:], key=len)) if reading else ""
        if page_text:
            # Where the feed calls its summary the content, it still is one.
            texts = (texts[0], texts[1] or texts[2], page_text)
        said = reading.article if reading else ArticlePage()
        language = self._identifier.identify("\n".join(texts), entry.feed.language)
        title = normalise_line(texts[0] or said.title, language)
        summary, body = (normalise(text, language) for text in texts[1:])
        if not body or (len(summary) > len(body) and summary.startswith(body)):
            summary, body = "", summary
        if _repeats(summary, body):
            summary = ""
        if len(title) > LONGEST_TITLE:
            # Nothing is lost: the whole of it opens the text.
            body = f"{title}\n\n{body}".rstrip()
            title = title[:LONGEST_TITLE].rsplit(" ", 1)[0].rstrip() + "…"
        return Article(
            uri=name_article(entry.feed.id, entry.fingerprint),
            url=entry.url,
            version=1,
            title=title,
            summary=summary,
            body_text=body,
            language=language,
            published=entry.published or said.published or entry.fetched_at,
            updated=entry.updated or said.modified,
            first_seen=entry.fetched_at,
            by=normalise_line(html_to_text(entry.author) or said.by, language),
            outlet=Outlet(entry.feed.outlet, entry.feed.country, entry.feed.id),
            topic=entry.feed.topic,
            tags=entry.feed.tags,
            categories=tuple(
                category
                for raw in entry.categories or said.keywords
                if (category := normalise_line(html_to_text(raw), language))
            ),
            media=tuple(
                replace(
                    each,
                    type=normalise_line(each.type, language),
                    title=normalise_line(html_to_text(each.title), language),
                )
                for each in entry.media
            ),
            entities=(),
            content_hash=hash_texts(title, summary, body),
            feeds=(entry.feed.id,),
            body_source="page" if page_text else "feed",
            page=_normalised(reading.page, language) if reading else None,
        )


def plain_texts(entry: Entry) -> tuple[str, str, str]:
    """Return title, summary and content of an entry without their markup."""
    return (
        html_to_text(entry.title),
        html_to_text(entry.summary_html),
        html_to_text(entry.content_html),
    )


def analysed_texts(article: Article) -> ArticleTexts:
    """Return the texts in which names and quotations are sought: `MAX_ANALYSED` in all.

    Args:
        article: what lies beyond is delivered, and the log tells that it was not looked at.
    """
    texts: dict[TextField, str] = {
        "title": article.title,
        "summary": article.summary,
        "body_text": article.body_text,
    }
    if sum(map(len, texts.values())) <= MAX_ANALYSED:
        return texts
    logger.info(
        "names and quotations of %s (feed %s) are sought in its first %s characters only",
        article.url or article.uri,
        article.outlet.feed,
        f"{MAX_ANALYSED:,}",
    )
    room = MAX_ANALYSED
    for field, text in texts.items():
        if len(text) > room:
            # Not within a word, unless it is endless.
            texts[field] = text[: text.rfind(" ", 0, room) + 1 or room]
        room -= len(texts[field])
    return texts


def _normalised(page: Page, language: str) -> Page:
    """Return what a page says with its texts in the one form of all texts."""
    picture = page.picture
    if picture is not None:
        picture = replace(picture, caption=normalise_line(picture.caption, language))
    return replace(page, section=normalise_line(page.section, language), picture=picture)


def _repeats(summary: str, body: str) -> bool:
    """Tell whether a summary only repeats the beginning of the body."""
    opening = summary.removesuffix("[…]").rstrip(" .…\n")
    return bool(opening) and body.startswith(opening)
