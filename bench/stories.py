"""How well and how fast articles are grouped into stories.

    python -m bench.stories --data ../shared/data            # the labelled windows
    python -m bench.stories --data ../shared/data --ideas    # what each rule is worth
    python -m bench.stories --scale 1000 10000 100000        # many open stories; needs no data

The first prints B-cubed and pairwise F1 beside two simple ways, near-duplicates, SemEval-2022's
pairs and the CPU time; the last one places made-up articles among so many open stories.
"""

from __future__ import annotations

import argparse
import math
import platform
import time
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from bench.story_scale import print_scale
from bench.story_scores import Labels, Score, b_cubed, duplicates, pairwise
from bench.story_windows import Pair, Window, read_pairs, read_windows
from nabaa.filters.words import fold_words
from workers.stories.clusters import cluster_articles
from workers.stories.index import StoryIndex, StoryRules
from workers.stories.model import StoryArticle

PLAIN_JOIN = 0.25
"""Cosine at which plain TF-IDF joins: the best of 0.15, 0.2 … 0.35, by the sum of both means."""

_JOIN = StoryRules().join

IDEAS: Mapping[str, Mapping[str, float]] = {
    "as shipped": {},
    "a story does not fade while it is quiet": {"quiet_hours": math.inf},
    "a story does not age": {"ageing_hours": math.inf},
    "neither": {"quiet_hours": math.inf, "ageing_hours": math.inf},
    "stories never merge": {"merge": 1.1},
    "50 terms an article": {"terms": 50},
    "200 terms an article": {"terms": 200},
    "joins 0.02 earlier": {"join": _JOIN - 0.02},
    "joins 0.02 later": {"join": _JOIN + 0.02},
}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--ideas", action="store_true", help="what each rule is worth")
    parser.add_argument("--scale", type=int, nargs="+", metavar="STORIES")
    options = parser.parse_args()
    if options.scale:
        print_scale(options.scale)
        return
    windows = read_windows(options.data)
    if options.ideas:
        for name, changes in IDEAS.items():
            print_scores(name, windows, partial(grouped, changes=changes))
        return
    print_scores("nabaa", windows, grouped)
    print_scores("plain TF-IDF without time", windows, plain)
    print_scores("every article alone", windows, lambda each: range(len(each)))
    print_duplicates(windows)
    print_pairs(read_pairs(options.data))
    print_speed(windows)


def grouped(articles: Sequence[StoryArticle], changes: Mapping[str, float] | None = None) -> Labels:
    """Return the story of each article, with some of the rules changed."""
    rules = replace(StoryRules(), **(changes or {}))  # type: ignore[arg-type]
    return [each.story for each in cluster_articles(articles, StoryIndex(rules))]


def plain(articles: Sequence[StoryArticle], join: float = PLAIN_JOIN) -> Labels:
    """Group by the cosine of TF-IDF vectors of all words to the middle of a story, in one pass."""
    counts = [Counter(fold_words(f"{each.title} {each.text}")) for each in articles]
    having = Counter(word for each in counts for word in each)
    middles: list[dict[str, float]] = []
    labels: list[Hashable] = []
    for each in counts:
        vector = {word: n * math.log(len(counts) / having[word]) for word, n in each.items()}
        length = math.hypot(*vector.values()) or 1.0
        likeness = [
            sum(weight * middle.get(word, 0.0) for word, weight in vector.items())
            / (length * (math.hypot(*middle.values()) or 1.0))
            for middle in middles
        ]
        best = max(range(len(middles)), key=likeness.__getitem__, default=-1)
        if best < 0 or likeness[best] < join:
            best = len(middles)
            middles.append({})
        for word, weight in vector.items():
            middles[best][word] = middles[best].get(word, 0.0) + weight / length
        labels.append(best)
    return labels


def print_scores(
    name: str, windows: Sequence[Window], group: Callable[[Sequence[StoryArticle]], Labels]
) -> None:
    """Print B-cubed and pairwise F1 of each window and their means."""
    scores = [(group(each.articles), each.stories) for each in windows]
    print(f"{name:40}", end="")
    for measure in (b_cubed, pairwise):
        f1 = [100 * measure(found, gold).f1 for found, gold in scores]
        shown = "  ".join(
            f"{each.name} {value:4.1f}" for each, value in zip(windows, f1, strict=True)
        )
        print(f" | {measure.__name__} {shown}  mean {sum(f1) / len(f1):4.1f}", end="")
    print()


def print_duplicates(windows: Sequence[Window]) -> None:
    """Print how many pairs with one text are found, over all windows."""
    found: list[Hashable] = []
    gold: list[Hashable] = []
    for window in windows:
        texts = [each.dup for each in cluster_articles(window.articles)]
        found += [each and f"{window.name} {each}" for each in texts]
        gold += window.texts
    print_score("near-duplicates", duplicates(found, gold))


def print_pairs(pairs: Sequence[Pair]) -> None:
    """Print how many pairs of SemEval that tell one story are put in one."""
    hits = found = gold = 0
    for pair in pairs:
        index = StoryIndex()
        is_found = index.place(pair.first).story == index.place(pair.second).story
        hits += is_found and pair.is_one_story
        found += is_found
        gold += pair.is_one_story
    print_score(
        f"SemEval-2022, {len(pairs)} pairs", Score(hits / max(found, 1), hits / max(gold, 1))
    )


def print_score(name: str, score: Score) -> None:
    """Print precision, recall and F1 in per cent."""
    numbers = (100 * each for each in (score.precision, score.recall, score.f1))
    print(f"{name:40} | P {next(numbers):4.1f}  R {next(numbers):4.1f}  F1 {next(numbers):4.1f}")


def print_speed(windows: Sequence[Window]) -> None:
    """Print the CPU time that an article takes, the best of five rounds."""
    articles = [article for window in windows for article in window.articles]
    best = math.inf
    for _ in range(5):
        before = time.process_time()
        for window in windows:
            cluster_articles(window.articles)
        best = min(best, time.process_time() - before)
    print(
        f"{'CPU time':40} | {1000 * best / len(articles):.2f} ms an article, {platform.machine()}"
    )


if __name__ == "__main__":
    main()
