"""Files of articles, one a line, and the story of each: what `nabaa cluster` reads and writes.

The stories come from the same index as on the wire. A file is read to its end before anything is
written, so an article has the story that it belongs to at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

from nabaa.errors import ConfigError
from workers.stories.index import StoryIndex
from workers.stories.model import StoryArticle

_OPENING = 40  # letters by which a summary is known as the beginning of its text


class ClusteredArticle(msgspec.Struct, frozen=True):
    """A clustered article is an article of a file with its story.

    Attributes:
        id: as in the file.
        story: id of the article that the story began with.
        dup: id of the article that was first with this text: its own where others reprint it, None
            where no other article has it.
    """

    id: str
    story: str
    dup: str | None


class _Row(msgspec.Struct, frozen=True):
    id: str | int
    date: str | None = None
    time: str | None = None
    title: str | None = None
    text: str | None = None
    summary: str | None = None
    url: str | None = None
    outlet: str | None = None
    country: str | None = None


def read_articles(lines: Iterable[bytes], name: str) -> Iterator[StoryArticle]:
    """Read articles, one JSON object a line; blank lines are left out.

    Args:
        lines: each with `id`, `date` (ISO 8601 or RFC 5322; UTC where it has no zone) and `title`,
            `text` or `summary`; `url`, `outlet` and `country` where they are known.
        name: name of the file, for what is wrong with it.

    Raises:
        ConfigError: a line is no such article, or has the id of an earlier one.
    """
    decoder = msgspec.json.Decoder(_Row)
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            article = _article(decoder.decode(line.removeprefix(b"\xef\xbb\xbf")))
        except RecursionError as error:
            raise ConfigError(f"{name}, line {number}: is nested too deeply") from error
        except (msgspec.MsgspecError, ValueError) as error:
            raise ConfigError(f"{name}, line {number}: {error}") from error
        if article.id in seen:
            raise ConfigError(f'{name}, line {number}: an earlier line has the id "{article.id}"')
        seen.add(article.id)
        yield article


def cluster_articles(
    articles: Iterable[StoryArticle], index: StoryIndex | None = None
) -> list[ClusteredArticle]:
    """Return the story of each article.

    Args:
        articles: in the order of their dates.
        index: without any stories; a new one where None.
    """
    index = StoryIndex() if index is None else index
    stories: dict[str, str] = {}
    originals: dict[str, str] = {}
    ended: dict[str, str] = {}
    for article in articles:
        while index.expire(article.time):
            pass
        placed = index.place(article)
        stories[article.id] = placed.story
        ended |= dict.fromkeys(placed.merged, placed.story)
        if placed.duplicate_of is not None:
            originals[article.id] = originals[placed.duplicate_of] = placed.duplicate_of
    return [
        ClusteredArticle(article, _at_the_end(story, ended), originals.get(article))
        for article, story in stories.items()
    ]


def _at_the_end(story: str, ended: dict[str, str]) -> str:
    while story in ended:
        story = ended[story]
    return story


def _article(row: _Row) -> StoryArticle:
    """Make an article of a line.

    Raises:
        ValueError: it has no text, or no date that can be read.
    """
    if not (row.title or row.text or row.summary):
        raise ValueError("needs a title, text or summary")
    summary, text = row.summary or "", row.text or ""
    if summary and not text.startswith(summary[:_OPENING]):
        text = f"{summary}\n\n{text}"
    return StoryArticle(
        id=str(row.id),
        outlet=row.outlet or "",
        country=row.country or "",
        url=row.url or "",
        title=row.title or "",
        text=text,
        time=_time(row.date or row.time or ""),
    )


def _time(written: str) -> datetime:
    """Read a date.

    Raises:
        ValueError: it is none.
    """
    if not written:
        raise ValueError("needs a date")
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            time = read(written)
            return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    raise ValueError(f'the date "{written}" is neither ISO 8601 nor RFC 5322')
