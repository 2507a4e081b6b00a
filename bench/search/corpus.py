"""A million articles out of some thousand: real ones, a third of each another one's paragraphs.

Each paragraph brings its names and quotations. Every article has some words and a person that no
other one has, as in the news, where words and names never end. Nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random

from config.feed_list import load_feeds
from config.settings import DEFAULT_FEEDS_FILE
from nabaa.types import Article, Entity, Mention, Outlet, Quote
from tests.support.farm.content.articles import read_articles
from workers.entities.recognise.choice import load_recogniser
from workers.pipeline import ArticleMaker

END = datetime(2026, 11, 1, tzinfo=UTC)
YEAR = timedelta(days=365)

_OTHERS = 0.3  # of the paragraphs are those of other articles
NEW_WORDS = 3
"""Words that each article has alone; the first two are the name of a person."""
_LETTERS = "ابتجحدرسشصطعفقكلمنهي"


@dataclass(frozen=True, slots=True)
class Part:
    """A headline or a paragraph with what it names and quotes; offsets are its own."""

    text: str
    entities: tuple[Entity, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """What articles are put together of."""

    articles: Sequence[tuple[Part, Sequence[Part]]]
    paragraphs: Sequence[Part]
    base: Article
    outlets: Sequence[Outlet]


def read_corpus(path: Path, limit: int) -> Corpus:
    """Read articles and find what they name, as a worker does.

    Args:
        path: articles of the farm's form, JSON lines.
        limit: articles at most.
    """
    maker = ArticleMaker(load_recogniser("crf"))
    made = [
        maker.make_plain(each.title, each.text.replace("\n", "\n\n"), END)
        for each in read_articles(path, limit)
    ]
    articles = [
        (next(_parts(article, "title")), list(_parts(article, "body_text")))
        for article in made
        if article.title
    ]
    feeds = load_feeds(DEFAULT_FEEDS_FILE)
    outlets = [Outlet(feed.outlet, feed.country, feed.id) for feed in feeds]
    paragraphs = [part for _, parts in articles for part in parts]
    return Corpus(articles, paragraphs, made[0], outlets)


def make_articles(
    corpus: Corpus,
    count: int,
    begin: datetime = END - YEAR,
    step: timedelta = timedelta(),
    seed: int = 1,
) -> Iterator[Article]:
    """Yield articles, the oldest first.

    Args:
        corpus: what they are put together of.
        count: how many.
        begin: instant of the first.
        step: time between two.
        seed: of the chance.
    """
    random = Random(seed)
    for number in range(count):
        yield _article(corpus, number, begin + number * step, random)


def new_words(random: Random) -> list[str]:
    """Return words that hardly another article has."""
    return ["".join(random.choices(_LETTERS, k=random.randint(4, 8))) for _ in range(NEW_WORDS)]


def text_bytes(article: Article) -> int:
    """Return the size of the texts of an article, UTF-8."""
    return len(f"{article.title}{article.summary}{article.body_text}".encode())


def batches(messages: Iterator[Article], size: int) -> Iterator[list[Article]]:
    """Yield lists of articles."""
    while batch := list(islice(messages, size)):
        yield batch


def _article(corpus: Corpus, number: int, at: datetime, random: Random) -> Article:
    title, own = random.choice(corpus.articles)
    parts = [
        random.choice(corpus.paragraphs) if random.random() < _OTHERS else part for part in own
    ]
    words = new_words(random)
    person = f"{words[0]} {words[1]}"
    new = Entity(f"local:{number:016x}", "PERS", person, None, (Mention("title", 0, 1, person),))
    body, entities, quotes = "", {new.id: new}, list[Quote]()
    for part in (title, *parts):
        start = 0 if part is title else len(body)
        for entity in part.entities:
            mentions = tuple(
                replace(each, start=each.start + start, end=each.end + start)
                for each in entity.mentions
            )
            known = entities.get(entity.id)
            before = known.mentions if known else ()
            entities[entity.id] = replace(entity, mentions=before + mentions)
        quotes += [
            replace(each, start=each.start + start, end=each.end + start) for each in part.quotes
        ]
        body += "" if part is title else part.text + "\n\n"
    return replace(
        corpus.base,
        uri=f"urn:nabaa:article:{random.getrandbits(128):032x}",
        url=f"https://press.example/{number}",
        title=title.text,
        body_text=f"{body}{' '.join(words)}",
        published=at,
        first_seen=at + timedelta(seconds=random.expovariate(1 / 300)),
        outlet=random.choice(corpus.outlets),
        entities=tuple(entities.values()),
        quotes=tuple(quotes),
        content_hash=f"{random.getrandbits(128):032x}",
    )


def _parts(article: Article, field: str) -> Iterator[Part]:
    text, start = getattr(article, field), 0
    for paragraph in text.split("\n\n"):
        end = start + len(paragraph)
        if paragraph.strip():
            yield _part(article, field, start, end, paragraph)
        start = end + 2


def _part(article: Article, field: str, start: int, end: int, text: str) -> Part:
    entities = []
    for entity in article.entities:
        mentions = tuple(
            replace(each, start=each.start - start, end=each.end - start)
            for each in entity.mentions
            if each.field == field and start <= each.start and each.end <= end
        )
        if mentions:
            entities.append(replace(entity, mentions=mentions))
    ids = {entity.id for entity in entities}
    quotes = tuple(
        replace(
            each,
            start=each.start - start,
            end=each.end - start,
            speaker=each.speaker if each.speaker in ids else None,
        )
        for each in article.quotes
        if each.field == field and start <= each.start and each.end <= end
    )
    return Part(text, tuple(entities), quotes)
