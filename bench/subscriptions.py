"""What it costs to find the subscriptions that an article matches.

`python -m bench.subscriptions --articles FILE.jsonl.gz` makes articles as a worker does, draws
subscriptions from other articles of the same file, and prints CPU microseconds an article.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random

from config.feed_list import load_feeds
from config.model import Feed
from config.settings import DEFAULT_FEEDS_FILE
from ingest.identity.fingerprint import fingerprint
from ingest.model import Entry
from nabaa.filters.filter import Filter, check_filter
from nabaa.types import Article
from tests.support.farm.content.articles import SAMPLE, SourceArticle, read_articles
from workers.entities.recognise.choice import load_recogniser
from workers.pipeline import ArticleMaker
from workers.subscriptions.index import SavedFilterIndex
from workers.subscriptions.match import ArticleFacts, check_of

NOW = datetime(2026, 3, 2, tzinfo=UTC)
COUNTS = (100, 1_000, 10_000)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What subscriptions are made of, as often as articles have it.

    Attributes:
        entities: ids.
        words: four letters and more.
        phrases: two words in a row.
        feeds: of the list.
    """

    entities: Sequence[str]
    words: Sequence[str]
    phrases: Sequence[str]
    feeds: Sequence[Feed]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path, default=SAMPLE, help="JSONL or JSONL.gz")
    parser.add_argument(
        "--limit", type=int, default=6000, help="articles, a quarter of them measured"
    )
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    articles = make_articles(read_articles(options.articles, options.limit))
    gc.collect()
    gc.freeze()  # a worker does not hold thousands of articles for its collector to look at
    half = len(articles) // 2
    drawn = draw(articles[:half], load_feeds(DEFAULT_FEEDS_FILE))
    print(
        "| subscriptions | mean µs | p50 | p99 | longest | matches an article | one by one, µs | "
        "build, ms | one changed, ms | memory, MB |"
    )
    print("| ---: |" + " ---: |" * 9)
    for count in COUNTS:
        print_row(count, drawn, articles[half:], options.seed)


def make_articles(sources: Sequence[SourceArticle]) -> list[Article]:
    """Make articles as a worker does, spread over the feeds of the list."""
    feeds = load_feeds(DEFAULT_FEEDS_FILE)
    maker = ArticleMaker(load_recogniser("crf"))
    # Shuffled, so that the articles which filters are drawn from are of the same days.
    mixed = list(sources)
    Random(0).shuffle(mixed)
    entries = [_entry(each, feeds[i % len(feeds)]) for i, each in enumerate(mixed)]
    made: list[Article] = []
    for start in range(0, len(entries), 32):
        made += [each for each in maker.make(entries[start : start + 32]) if each is not None]
    return made


def _entry(source: SourceArticle, feed: Feed) -> Entry:
    mark = fingerprint("", source.url, source.title, source.text)
    text = source.text
    return Entry(
        feed, mark, "", source.url, source.title, "", text, "", NOW, None, (), (), NOW
    )  # fmt: skip


def draw(articles: Sequence[Article], feeds: Sequence[Feed]) -> Drawn:
    """Collect what the articles have."""
    texts = [f"{article.title} {article.body_text}".split() for article in articles]
    words = [word.strip("،.:؛\"'«»()") for text in texts for word in text]
    pairs = [f"{one} {two}" for text in texts for one, two in pairwise(text)]
    return Drawn(
        [entity.id for article in articles for entity in article.entities],
        [word for word in words if len(word) > 3 and word.isalpha()],
        [pair for pair in pairs if len(pair) > 8 and pair.replace(" ", "").isalpha()],
        feeds,
    )


def make_filter(random: Random, drawn: Drawn) -> Filter:
    """Draw a filter: a third each by entities, by words and by the source, many of them mixed."""
    some = partial(_some, random)
    feed = random.choice(drawn.feeds)
    narrower = random.choice(
        [Filter(), Filter(languages=("ar",)), Filter(countries=(feed.country,)),
         Filter(topics=(feed.topic,))]
    )  # fmt: skip
    countries, languages, topics = narrower.countries, narrower.languages, narrower.topics
    kind = random.random()
    if kind < 0.3:
        # Half of the values as often as they are in the news, half however rare they are.
        ids = drawn.entities if random.random() < 0.5 else sorted(set(drawn.entities))
        return Filter(
            entities=some(ids, 5), countries=countries, languages=languages, topics=topics
        )
    if kind < 0.35:
        return Filter(all_entities=tuple(sorted({*some(drawn.entities, 2)})))
    if kind < 0.55:
        return Filter(
            words=some(drawn.phrases, 3), countries=countries, languages=languages, topics=topics
        )
    if kind < 0.65:
        return Filter(words=some(sorted(set(drawn.words)), 3), languages=languages)
    if kind < 0.7:
        return Filter(all_words=some(drawn.words, 3))
    if kind < 0.72:
        return Filter(words=(random.choice(drawn.words)[:5] + "*",))
    if kind < 0.85:
        return Filter(outlets=(feed.outlet,), topics=topics)
    if kind < 0.9:
        return Filter(outlets=(feed.id,), none_of=(Filter(words=some(drawn.words, 3)),))
    if kind < 0.92:
        return Filter(countries=(feed.country,), topics=(feed.topic,))
    if kind < 0.93:
        return Filter(languages=(random.choice(["ar", "fa", "en", "ku"]),), countries=countries)
    return Filter(
        countries=countries,
        any_of=(Filter(entities=some(drawn.entities, 2)), Filter(words=some(drawn.phrases, 2))),
    )


def _some(random: Random, values: Sequence[str], most: int) -> tuple[str, ...]:
    return tuple(random.choice(values) for _ in range(random.randint(1, most)))


def print_row(count: int, drawn: Drawn, articles: Sequence[Article], seed: int) -> None:
    """Measure with so many subscriptions and print the row."""
    random = Random(seed)
    filters = {f"s{i}": check_filter(make_filter(random, drawn)) for i in range(count)}
    before = _resident_mb()
    built_ms, index = _timed(lambda: SavedFilterIndex(filters))
    changed = {**filters, "s0": Filter(words=("جديد",))}
    change_ms, _ = _timed(lambda: SavedFilterIndex(changed, index))
    warm_up = len(articles) // 2  # a worker that has run for a minute or two knows the usual words
    for article in articles[:warm_up]:
        index.match(article)
    measured = articles[warm_up:]
    took: list[float] = []
    matches = 0
    for article in measured:
        start = time.thread_time_ns()
        found = index.match(article)
        took.append((time.thread_time_ns() - start) / 1000)
        matches += len(found)
    memory = _resident_mb() - before
    checks = [check_of(wanted) for wanted in filters.values()]
    start = time.thread_time_ns()
    for article in measured[:10]:
        facts = ArticleFacts(article)
        sum(check(facts) for check in checks)
    alone = (time.thread_time_ns() - start) / 1000 / len(measured[:10])
    took.sort()
    print(
        f"| {count:,} | {statistics.mean(took):.0f} | {took[len(took) // 2]:.0f} "
        f"| {took[int(len(took) * 0.99)]:.0f} | {took[-1]:.0f} | {matches / len(measured):.0f} "
        f"| {alone:,.0f} | {built_ms:,.0f} | {change_ms:,.0f} | {memory:.0f} |"
    )


def _timed(make: Callable[[], SavedFilterIndex]) -> tuple[float, SavedFilterIndex]:
    """Return CPU milliseconds and what was made."""
    start = time.thread_time_ns()
    made = make()
    return (time.thread_time_ns() - start) / 1e6, made


def _resident_mb() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


if __name__ == "__main__":
    main()
