"""Precision and recall of the quotations on articles annotated by hand.

`python -m bench.quotes --articles ../shared/data/news/ant.jsonl.gz` makes the annotated articles
as a worker does, finds their quotations and prints one table a half. The annotations, offsets
without any text, are in bench/quotes/; docs/quotations.md says how they were made.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import platform
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast

from config.model import Feed
from ingest.model import Entry
from nabaa.types import Article, Entity, Quote, TextField
from workers.entities.recognise.choice import load_recogniser
from workers.pipeline import ArticleMaker
from workers.quotes.find import find_quotes

ARTICLES = Path("../shared/data/news/ant.jsonl.gz")
ANNOTATIONS = Path(__file__).parent / "quotes" / "ant.jsonl"
SEED = 3
ARTICLES_AN_OUTLET = 10
WORDS = range(80, 351)
LEAST_OVERLAP = 0.8
"""Part of the longer of two spans that both must share to be one quotation."""
Row = Mapping[str, Any]
Place = tuple[TextField, int, int]


@dataclass(frozen=True, slots=True)
class Gold:
    """A Gold is one annotated quotation: `speaker` holds every place that names the speaker."""

    field: TextField
    start: int
    end: int
    kind: Literal["direct", "reported"]
    speaker: tuple[Place, ...] | None


@dataclass(frozen=True, slots=True)
class Annotated:
    """An Annotated article has every quotation in it and the hash of the text that was read."""

    id: str
    half: str
    content_hash: str
    quotes: tuple[Gold, ...]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path, default=ARTICLES)
    parser.add_argument("--half", choices=("development", "held-out"), help="only this half")
    parser.add_argument("--choose", action="store_true", help="only print the chosen ids")
    options = parser.parse_args()
    rows = {row["id"]: row for row in read_rows(options.articles)}
    if options.choose:
        print("\n".join(choose(rows.values())))
        return
    annotated = read_annotations(ANNOTATIONS)
    maker = ArticleMaker(load_recogniser("crf"))
    made = maker.make([entry_of(rows[article.id]) for article in annotated])
    pairs = [
        (gold, article)
        for gold, article in zip(annotated, made, strict=True)
        if article is not None and article.content_hash == gold.content_hash
    ]
    if len(pairs) < len(annotated):
        print(f"{len(annotated) - len(pairs)} articles left out: their text is no longer the same")
    for half in ("development", "held-out"):
        if options.half in (None, half):
            of_half = [pair for pair in pairs if pair[0].half == half]
            print_table(half, len(of_half), score(of_half))
    print_speed([article for _, article in pairs])


def read_rows(path: Path) -> Iterable[Row]:
    """Read the articles of a corpus, one JSON document a line."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def choose(rows: Iterable[Row]) -> list[str]:
    """Return the ids of the articles to annotate: the same of each outlet, over its years."""
    strata: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row.get("source") and row.get("text") and len(row["text"].split()) in WORDS:
            strata[row["source"]][row["id"][-8:-4]].append(row["id"])
    rng = random.Random(SEED)
    chosen = []
    for outlet in sorted(strata):
        years = sorted(year for year, ids in strata[outlet].items() if len(ids) >= 20)
        for i in range(ARTICLES_AN_OUTLET):
            chosen.append(rng.choice(sorted(strata[outlet][years[i % len(years)]])))
    return chosen


def entry_of(row: Row) -> Entry:
    """Return a corpus article as a feed would have carried it, a paragraph a line."""
    feed = Feed("ant", "", "", "", "XX", "UTC")
    lines = (line for line in row["text"].split("\n") if line.strip())
    return Entry(
        feed=feed,
        fingerprint=row["id"],
        guid=row["id"],
        url=row["url"],
        title=html.escape(row["title"]),
        summary_html=html.escape(row.get("summary") or ""),
        content_html="".join(f"<p>{html.escape(line)}</p>" for line in lines),
        author="",
        published=None,
        updated=None,
        categories=(),
        media=(),
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def read_annotations(path: Path) -> list[Annotated]:
    """Read the annotated articles."""
    annotated = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        quotes = tuple(
            Gold(
                quote["field"],
                quote["start"],
                quote["end"],
                quote["kind"],
                None if quote["speaker"] is None else tuple(map(tuple, quote["speaker"])),
            )
            for quote in row["quotes"]
        )
        annotated.append(Annotated(row["id"], row["half"], row["content_hash"], quotes))
    return annotated


def texts_of(article: Article) -> dict[TextField, str]:
    """Return the delivered texts of an article."""
    return {"title": article.title, "summary": article.summary, "body_text": article.body_text}


def score(pairs: Sequence[tuple[Annotated, Article]]) -> Counter[tuple[str, str]]:
    """Count by kind: gold, found, hit (the span), speaker (and who spoke), open, named, wrong.

    `reachable` are hits whose speaker is None or is named by some entity of the article: the
    others are the recogniser's to find. `wrong` are hits that were given to somebody else.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for annotated, article in pairs:
        found = list(find_quotes(texts_of(article), article.entities))
        entities = {entity.id: entity for entity in article.entities}
        for quote in found:
            counts["found", quote.kind] += 1
        for gold in annotated.quotes:
            counts["gold", gold.kind] += 1
            hit = next((quote for quote in found if _is_same(gold, quote)), None)
            if hit is None:
                continue
            found.remove(hit)
            counts["hit", gold.kind] += 1
            speaker = entities[hit.speaker] if hit.speaker else None
            right = _is_speaker(gold, speaker)
            counts["speaker", gold.kind] += right
            counts["wrong", gold.kind] += speaker is not None and not right
            reachable = gold.speaker is None or any(
                _is_speaker(gold, entity) for entity in article.entities
            )
            counts["reachable", gold.kind] += reachable
    return counts


def _is_same(gold: Gold, quote: Quote) -> bool:
    overlap = min(gold.end, quote.end) - max(gold.start, quote.start)
    longer = max(gold.end - gold.start, quote.end - quote.start)
    return quote.field == gold.field and overlap >= LEAST_OVERLAP * longer


def _is_speaker(gold: Gold, entity: Entity | None) -> bool:
    if entity is None or gold.speaker is None:
        return entity is None and gold.speaker is None
    return any(
        mention.field == field and mention.start < end and start < mention.end
        for mention in entity.mentions
        for field, start, end in gold.speaker
    )


def print_table(half: str, articles: int, counts: Mapping[tuple[str, str], int]) -> None:
    """Print precision and recall by kind, without and with the speaker."""
    print(f"\n{half}: {articles} articles")
    print(f"{'':10} {'gold':>5} {'found':>5} {'hits':>5} | {'P':>5} {'R':>5} |", end=" ")
    print(f"{'P spk':>5} {'R spk':>5} | {'reachable':>9} {'wrong':>5}")
    for name in ("direct", "reported", "all"):
        kinds = ("direct", "reported") if name == "all" else (name,)
        gold, found, hit, speaker, reachable, wrong = (
            sum(counts.get((what, kind), 0) for kind in kinds)
            for what in ("gold", "found", "hit", "speaker", "reachable", "wrong")
        )
        print(f"{name:10} {gold:5} {found:5} {hit:5} |", end=" ")
        print(f"{_percent(hit, found)} {_percent(hit, gold)} |", end=" ")
        print(f"{_percent(speaker, found)} {_percent(speaker, gold)} |", end=" ")
        print(f"{reachable:9} {wrong:5}")


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:5.1f}" if whole else "    -"


def print_speed(articles: Sequence[Article]) -> None:
    """Print the CPU time that quotations cost an article of 200 words."""
    work = [(texts_of(article), article.entities) for article in articles]
    words = sum(len(text.split()) for texts, _ in work for text in texts.values())
    rounds = []
    for _ in range(15):
        start = time.process_time()
        for texts, entities in work:
            find_quotes(cast(Mapping[TextField, str], texts), entities)
        rounds.append(time.process_time() - start)
    best = min(rounds) * 1000 * 200 / words
    print(f"\n{best:.2f} ms CPU for 200 words (best of 15 rounds, {platform.machine()})")


if __name__ == "__main__":
    main()
