"""The labelled articles of `../shared/data/stories`, with texts from `../shared/data/news`."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workers.stories.model import StoryArticle

WINDOWS = ("A", "B", "E")
MOST_ALIKE = 2.0
"""Greatest mean score, 1 (the same) to 4, of two articles of SemEval-2022 that tell one story."""

_TITLE_WORDS = 10  # SemEval's texts begin with the title, which nothing parts from the rest
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Window:
    """A window holds the articles of some outlets in a day or two.

    Attributes:
        name: letter of the window.
        articles: in the order of their dates.
        stories: story of each, as the annotator marked it.
        texts: text of each that others have too, else None.
    """

    name: str
    articles: Sequence[StoryArticle]
    stories: Sequence[str]
    texts: Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair of articles, and whether people say that they tell one story."""

    first: StoryArticle
    second: StoryArticle
    is_one_story: bool


def read_windows(data: Path) -> list[Window]:
    """Read the labelled windows.

    Args:
        data: folder with `stories` and `news`.

    Raises:
        OSError: a file is not there.
        ValueError: a labelled article is not in the news.
    """
    rows = {name: list(_rows(data / "stories" / f"gold_{name}.jsonl")) for name in WINDOWS}
    wanted = {row["url"] for each in rows.values() for row in each}
    texts: dict[str, tuple[str, str]] = {}
    for row in _rows(data / "news" / "ant.jsonl.gz"):
        if row["url"] in wanted:
            summary, text = row["summary"] or "", row["text"]
            is_beginning = text.startswith(summary[:40])
            whole = text if is_beginning else f"{summary}\n\n{text}"
            texts[row["url"]] = (row["title"], whole)
    for row in _rows(data / "news" / "saudinewsnet.jsonl.gz"):
        if row["url"] in wanted:
            texts.setdefault(row["url"], (row["title"], row["content"]))
    return [_window(name, rows[name], texts) for name in WINDOWS]


def read_pairs(data: Path) -> list[Pair]:
    """Read the Arabic pairs of SemEval-2022, task 8.

    Args:
        data: folder with `stories`.

    Raises:
        OSError: the file is not there.
    """
    rows = _rows(data / "stories" / "semeval2022_task8_ar_pairs.jsonl")
    return [
        Pair(_of_text("1", row["text1"]), _of_text("2", row["text2"]), row["overall"] <= MOST_ALIKE)
        for row in rows
    ]


def _window(name: str, rows: Sequence[Row], texts: Mapping[str, tuple[str, str]]) -> Window:
    missing = [row["id"] for row in rows if row["url"] not in texts]
    if missing:
        raise ValueError(f"window {name}: {len(missing)} articles have no text: {missing[0]}")
    articles = [
        StoryArticle(
            row["id"],
            row["outlet"],
            "",
            row["url"],
            *texts[row["url"]],
            datetime.fromisoformat(row["time"]),
        )
        for row in rows
    ]
    return Window(name, articles, [row["story"] for row in rows], [row["dup"] for row in rows])


def _of_text(name: str, text: str) -> StoryArticle:
    words = text.split()
    title, rest = " ".join(words[:_TITLE_WORDS]), " ".join(words[_TITLE_WORDS:])
    return StoryArticle(name, "", "", "", title, rest, datetime(2022, 1, 1, tzinfo=UTC))


def _rows(path: Path) -> Iterator[Row]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
