"""The articles that the farm serves: read from JSON lines, spread over feeds, given addresses.

Says nothing of formats or HTTP; everything here is decided by the input alone, so that two runs
with the same file serve the same articles in the same feeds in the same order.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from pathlib import Path
from typing import IO, Literal, get_args
from urllib.parse import quote

from nabaa.errors import ConfigError

SAMPLE = Path(__file__).with_name("sample.jsonl")

Oddity = Literal["none", "giant title", "no text", "no title"]
LinkStyle = Literal["ascii", "percent", "iri"]

GIANT_TITLE_BYTES = 1024 * 1024
_FIELDS = ("id", "url", "source", "category", "title", "date", "author", "summary", "text")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_SLUG = re.compile(r"[\W_]+")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(frozen=True, slots=True)
class SourceArticle:
    """One article of the input file.

    Attributes:
        id: unique in the file.
        url: where the article was found; unique among the articles that are read.
        source: the outlet.
        category: the outlet's section; may be empty.
        title: one line; may be empty.
        published: aware UTC instant, or None where the file gives no usable date.
        author: may be empty.
        summary: plain text; may be empty.
        text: plain text, one paragraph a line.
    """

    id: str
    url: str
    source: str
    category: str
    title: str
    published: datetime | None
    author: str
    summary: str
    text: str


@dataclass(frozen=True, slots=True)
class PlacedArticle:
    """An article in the feed that shows it.

    Attributes:
        article: what it says.
        feed: id of its feed.
        key: names it in the farm's addresses, such as `farm-007.12`; unique in the farm.
        url: the farm's address of its page, as the feed writes it.
    """

    article: SourceArticle
    feed: str
    key: str
    url: str

    @property
    def picture(self) -> str:
        """The farm's address of the picture that goes with it, a GIF."""
        return f"{self.url.partition('/articles/')[0]}/media/{self.key}.gif"


def read_articles(path: Path = SAMPLE, limit: int | None = None) -> tuple[SourceArticle, ...]:
    """Read articles from JSON lines.

    Args:
        path: a file of one JSON object a line, gzipped when its name ends in `.gz`, with the keys
            id, url, source, category, title, date, author, summary and text, all of them strings.
        limit: read at most so many; they are picked by a hash of their address, so that every
            outlet and year of a sorted file has its share.

    Returns:
        The articles in the order of the file, each address once: of several articles with one
        address the first is kept. Characters that no XML document can carry are dropped.

    Raises:
        ConfigError: the file cannot be read, or a line is not such an article; names the line.
    """
    articles: dict[str, SourceArticle] = {}
    try:
        with _opened(path) as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    article = _article(line, f"{path}: line {number}")
                    articles.setdefault(article.url, article)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    if limit is None or len(articles) <= limit:
        return tuple(articles.values())
    chosen = set(sorted(articles, key=_hash)[:limit])
    return tuple(article for url, article in articles.items() if url in chosen)


def share_out(articles: Iterable[SourceArticle], feeds: int) -> list[tuple[SourceArticle, ...]]:
    """Deal articles out to feeds as one deals cards, oldest first.

    Args:
        articles: any number; those without a date count as oldest.
        feeds: how many feeds, at least 1.

    Returns:
        One tuple a feed, in the order in which the feed will show them. Each article is in exactly
        one, and the sizes differ by one at most.
    """
    oldest = datetime.min.replace(tzinfo=UTC)
    ordered = sorted(articles, key=lambda article: article.published or oldest)
    return [tuple(ordered[index::feeds]) for index in range(feeds)]


def make_odd(articles: Sequence[SourceArticle], oddity: Oddity) -> tuple[SourceArticle, ...]:
    """Make the first article of a feed a strange one.

    Args:
        articles: of one feed.
        oddity: `giant title` gives it a title of 1 MiB of UTF-8, `no text` takes its summary and
            text away, `no title` its title; `none` leaves it alone.

    Returns:
        The articles, with the first one changed.
    """
    if not articles or oddity == "none":
        return tuple(articles)
    first = articles[0]
    match oddity:
        case "giant title":
            words = f"{first.title or first.id} "
            times = GIANT_TITLE_BYTES // len(words.encode()) + 1
            first = replace(first, title=(words * times).strip())
        case "no text":
            first = replace(first, summary="", text="")
        case "no title":
            first = replace(first, title="")
    return (first, *articles[1:])


def place(
    articles: Sequence[SourceArticle], feed: str, base_url: str, links: LinkStyle
) -> tuple[PlacedArticle, ...]:
    """Give the articles of one feed their addresses.

    Args:
        articles: of one feed.
        feed: its id.
        base_url: of the farm, without a slash at the end.
        links: `ascii` for plain paths, `percent` for percent-encoded Arabic words in the path,
            `iri` for the bare Arabic letters that some sites put into their links.

    Returns:
        The articles in the same order, each with an address of its own.
    """
    placed = []
    for number, article in enumerate(articles):
        key = f"{feed}.{number}"
        slug = _slug(article, links)
        placed.append(PlacedArticle(article, feed, key, f"{base_url}/articles/{key}/{slug}"))
    return tuple(placed)


def key_of(url: str) -> str | None:
    """Return the key in an article's address, however its path is encoded; else None."""
    _, found, rest = url.partition("/articles/")
    return rest.partition("/")[0] if found else None


def _slug(article: SourceArticle, links: LinkStyle) -> str:
    assert links in get_args(LinkStyle)
    if links == "ascii":
        return f"{article.category or 'news'}.html"
    words = _NOT_SLUG.sub("-", article.title[:60]).strip("-") or "news"
    return words if links == "iri" else quote(words)


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _article(line: str, where: str) -> SourceArticle:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise ConfigError(f"{where}: not JSON: {error.msg}") from error
    if not isinstance(record, dict):
        raise ConfigError(f"{where}: not a JSON object")
    for key in _FIELDS:
        if not isinstance(record.get(key), str):
            raise ConfigError(f"{where}: key {key}: a string is missing")
    clean = {key: _NOT_XML.sub("", record[key]) for key in _FIELDS}
    published = _instant(clean.pop("date"))
    return SourceArticle(**clean, published=published)


def _instant(text: str) -> datetime | None:
    """Read the three forms of date that such files hold; a missing zone is UTC."""
    day_first = _DAY_FIRST.fullmatch(text.strip())
    try:
        if day_first:
            day, month, year = map(int, day_first.groups())
            return datetime(year, month, day, tzinfo=UTC)
        if text[:4].isdigit():
            moment = datetime.fromisoformat(text.strip())
        else:
            moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _hash(url: str) -> bytes:
    return blake2b(url.encode(), digest_size=8).digest()
