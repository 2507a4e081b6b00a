"""Articles in the words of the news, as many as are wanted, of any number of stories."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from nabaa.types import Article, Entity, Mention, Outlet
from tests.support.articles import make_article
from tests.support.farm.content.articles import SAMPLE, read_articles

START = datetime(2026, 3, 1, tzinfo=UTC)
OUTLETS = 40
_LETTERS = 1_500


@dataclass(frozen=True, slots=True)
class Words:
    """A title and a text of the news."""

    title: str
    text: str


def read_words(file: Path | None, limit: int) -> list[Words]:
    """Read titles and texts, of the sample that ships with the tests where no file is given.

    Args:
        file: lines of JSON with `title` and `text`, gzip.
        limit: how many at most.
    """
    if file is None:
        return [Words(each.title, each.text) for each in read_articles(SAMPLE, limit)]
    found = []
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            each = json.loads(line)
            if len(each.get("text") or "") > 300:
                found.append(Words(each["title"], each["text"]))
            if len(found) == limit:
                break
    return found


def make_articles(
    words: Sequence[Words], count: int, per_story: float, hours: float, first: int = 0
) -> Iterator[Article]:
    """Yield articles in the order of their publication.

    A new story is told in the words of two articles of the news that nothing else joins; a further
    report of it has its title and half of its sentences.

    Args:
        words: of the news.
        count: how many.
        per_story: articles of a story, on average.
        hours: over which they are spread.
        first: number of the first one.
    """
    random = Random(first + 1)
    stories: list[tuple[Words, Words]] = []
    for number in range(first, first + count):
        if not stories or random.random() < 1 / per_story:
            stories.append((random.choice(words), random.choice(words)))
            stories = stories[-5_000:]
            one, other = stories[-1]
            title, text = f"{one.title} {other.title}", one.text[:700] + " " + other.text[:800]
        else:
            one, other = random.choice(stories)
            sentences = f"{one.text[:900]} {other.text[:900]}".split(".")
            random.shuffle(sentences)
            title, text = other.title, ".".join(sentences[: 1 + len(sentences) // 2])
        at = START + timedelta(hours=hours * (number - first) / count)
        yield _article(number, title, text[:_LETTERS], at)


def _article(number: int, title: str, text: str, at: datetime) -> Article:
    names = [word for word in title.split() if len(word) > 3][:6]
    entities = tuple(
        Entity(f"Q{abs(hash(name)) % 10**6 + 1}", "MISC", name, None, (_mention(title, name),))
        for name in dict.fromkeys(names)
    )
    outlet = number % OUTLETS
    return make_article(
        uri=f"urn:nabaa:article:{number:032x}",
        url=f"https://outlet{outlet}.example/news/{number}",
        title=title,
        body_text=text,
        outlet=Outlet(f"outlet {outlet}", "XX", f"outlet{outlet}"),
        published=at,
        first_seen=at,
        entities=entities,
    )


def _mention(title: str, name: str) -> Mention:
    start = title.index(name)
    return Mention("title", start, start + len(name), name)
