"""A text cut into passages: what is plain, what names an entity, what is a quotation. Pure.

Offsets are code points, as in the message.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nabaa.types import Article, Entity, Mention, Quote, TextField

_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage is a piece of a text.

    Attributes:
        text: its letters.
        entity: the entity that it names, or None.
    """

    text: str
    entity: Entity | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a paragraph: some passages, of a quotation or of none.

    Attributes:
        passages: its passages, in order.
        quote: the quotation that it is of, or None.
    """

    passages: tuple[Passage, ...]
    quote: Quote | None = None


def passages_of(
    article: Article, field: TextField, start: int = 0, end: int | None = None
) -> list[Passage]:
    """Cut a stretch of a text at the names in it.

    Args:
        article: the article.
        field: name of the text.
        start: place at which to begin, code points.
        end: place behind the last letter; None for the end of the text.
    """
    text: str = getattr(article, field)
    end = len(text) if end is None else end
    found, at = [], start
    for mention, entity in _mentions(article, field):
        if mention.start < at or mention.end > end:
            continue
        if mention.start > at:
            found.append(Passage(text[at : mention.start]))
        found.append(Passage(text[mention.start : mention.end], entity))
        at = mention.end
    if at < end:
        found.append(Passage(text[at:end]))
    return found


def lede_of(article: Article, length: int) -> list[Passage]:
    """Return how an article begins: its summary, else its body, up to a word's end.

    Where the quotation that is set off stands soon, it ends before it.

    Args:
        article: the article.
        length: code points at most, about.
    """
    field: TextField = "summary" if article.summary else "body_text"
    text: str = getattr(article, field)
    quote = leading_quote(article)
    if quote and quote.field == field and length // 3 < quote.start < length:
        length = quote.start
    if len(text) <= length:
        return passages_of(article, field)
    end = text.rfind(" ", 0, length)
    return [*passages_of(article, field, 0, end if end > 0 else length), Passage(_ELLIPSIS)]


def title_of(article: Article, length: int) -> list[Passage]:
    """Return the headline, cut where it is longer than any should be.

    Args:
        article: the article.
        length: code points at most.
    """
    if len(article.title) <= length:
        return passages_of(article, "title")
    return [*passages_of(article, "title", 0, length), Passage(_ELLIPSIS)]


def paragraphs_of(article: Article, field: TextField) -> list[list[Part]]:
    """Cut a text into paragraphs, and each where a quotation begins or ends.

    Args:
        article: the article.
        field: name of the text.
    """
    text: str = getattr(article, field)
    quotes = sorted((q for q in article.quotes if q.field == field), key=lambda q: q.start)
    paragraphs, at = [], 0
    for paragraph in text.split("\n\n"):
        end = at + len(paragraph)
        paragraphs.append(list(_parts(article, field, at, end, quotes)))
        at = end + 2
    return [paragraph for paragraph in paragraphs if paragraph]


def _parts(
    article: Article, field: TextField, start: int, end: int, quotes: Sequence[Quote]
) -> Iterator[Part]:
    at = start
    for quote in quotes:
        first, last = max(quote.start, at), min(quote.end, end)
        if first >= last:
            continue
        if first > at:
            yield Part(tuple(passages_of(article, field, at, first)))
        yield Part(tuple(passages_of(article, field, first, last)), quote)
        at = last
    if at < end:
        yield Part(tuple(passages_of(article, field, at, end)))


def _mentions(article: Article, field: TextField) -> list[tuple[Mention, Entity]]:
    found = [
        (mention, entity)
        for entity in article.entities
        for mention in entity.mentions
        if mention.field == field
    ]
    return sorted(found, key=lambda pair: (pair[0].start, -pair[0].end))


def speaker_of(article: Article, quote: Quote) -> Entity | None:
    """Return who says a quotation, None where the text does not say."""
    return next((entity for entity in article.entities if entity.id == quote.speaker), None)


def leading_quote(article: Article) -> Quote | None:
    """Return the quotation that a row sets off: the first in marks whose speaker is known."""
    said = [quote for quote in article.quotes if quote.speaker]
    return next((quote for quote in said if quote.kind == "direct"), said[0] if said else None)
