"""What the model knows of words before it sees a label: clusters and lists of names.

The clusters come from unlabelled news, the lists from `gazetteer`.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workers.recognise.clusters import kmeans, vectors
from workers.recognise.features import fold
from workers.recognise.gazetteer import compile_names, names
from workers.tokenise import sentences

VOCABULARY = 60_000
CONTEXT_WORDS = 1_000
VECTOR_SIZE = 100
CLUSTER_COUNTS = (64, 256, 1024)
_SEED = 1
_ROUNDS = 20
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Classes of folded words and of folded phrases, parted by spaces."""

    words: Mapping[str, str]
    phrases: Mapping[str, str]


def compile_lexicon(data: Path) -> Lexicon:
    """Compile the lists and cluster the words of the news.

    Args:
        data: holds the folders `gazetteer` and `news`.

    Returns:
        The lexicon, in alphabetical order.

    Raises:
        OSError: a file cannot be read.
    """
    words, phrases = compile_names(names(data / "gazetteer"))
    for word, classes in clusters(news(data / "news" / "ant.jsonl.gz")).items():
        words.setdefault(word, set()).update(classes)
    return Lexicon(_joined(words), _joined(phrases))


def news(path: Path) -> Iterator[tuple[str, ...]]:
    """Read the different sentences of the news.

    Args:
        path: articles, one JSON object a line, with `title`, `summary` and `text`.

    Yields:
        Tokens of each sentence of three or more, each sentence once.

    Raises:
        OSError: the file cannot be read.
    """
    seen: set[int] = set()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            for field in ("title", "summary", "text"):
                for sentence in sentences(article[field]):
                    tokens = tuple(token.text for token in sentence)
                    key = hash(tokens)
                    if len(tokens) >= _SHORTEST and key not in seen:
                        seen.add(key)
                        yield tokens


def clusters(texts: Iterable[Sequence[str]]) -> dict[str, set[str]]:
    """Cluster the frequent words of sentences at several granularities.

    Args:
        texts: tokens of each sentence.

    Returns:
        Classes `k64=...`, `k256=...` and so on of each folded word.
    """
    shape = cache(_without_digits)
    folded = ([shape(token) for token in tokens] for tokens in texts)
    words, points = vectors(folded, words=VOCABULARY, contexts=CONTEXT_WORDS, size=VECTOR_SIZE)
    classes: dict[str, set[str]] = {word: set() for word in words}
    for count in CLUSTER_COUNTS:
        for word, group in zip(
            words, kmeans(points, count, rounds=_ROUNDS, seed=_SEED).tolist(), strict=True
        ):
            classes[word].add(f"k{count}={group}")
    return classes


def _without_digits(token: str) -> str:
    folded = fold(token)
    return "".join("0" if c.isdigit() else c for c in folded) if folded[0].isdigit() else folded


def _joined(classes: Mapping[str, set[str]]) -> dict[str, str]:
    return {key: " ".join(sorted(classes[key])) for key in sorted(classes)}
