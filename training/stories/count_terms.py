"""Counts how many articles have each term: `python -m training.stories.count_terms --data DATA`.

Of the texts nothing is kept but, for each term, the share of articles that have it.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from workers.stories import rarity
from workers.stories.terms import term_weights

_FEWEST = 3
"""Articles that a term must be in; rarer ones are as rare as one that is in none."""


def main() -> None:
    """Write `term_shares.npz` beside the code that reads it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    data = parser.parse_args().data
    counts, articles = count_terms(read_articles(data / "news" / "ant.jsonl.gz"))
    path = Path(rarity.__file__).with_name("term_shares.npz")
    np.savez_compressed(path, **rarity.pack_shares(counts, articles))  # type: ignore[arg-type]
    print(f"{path.name}: {len(counts)} terms of {articles} articles, {path.stat().st_size} bytes")


def read_articles(path: Path) -> Iterator[tuple[str, str]]:
    """Read the articles of the corpus, those at one address once.

    Args:
        path: gzip, one JSON object a line, with `url`, `title`, `summary` and `text`.

    Yields:
        The title and the text of each.

    Raises:
        OSError: the file cannot be read.
    """
    seen: set[str] = set()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["url"] not in seen:
                seen.add(row["url"])
                yield row["title"], f"{row['summary'] or ''} {row['text']}"


def count_terms(articles: Iterable[tuple[str, str]]) -> tuple[dict[int, int], int]:
    """Count the articles that have each term.

    Args:
        articles: title and text of each.

    Returns:
        Term → number of articles, for those of three and more; the number of all articles.
    """
    counts: Counter[int] = Counter()
    number = 0
    for title, text in articles:
        counts.update(term_weights(title, text).keys())
        number += 1
    return {term: count for term, count in counts.items() if count >= _FEWEST}, number


if __name__ == "__main__":
    main()
