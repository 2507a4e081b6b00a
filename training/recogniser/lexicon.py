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
from sys import intern

from training.recogniser.clusters import Matrix, kmeans, vectors
from training.recogniser.gazetteer import compile_names, names
from workers.entities.recognise.embedding import without_digits
from workers.entities.recognise.features import fold
from workers.text.tokenise import sentences

VOCABULARY = 60_000
CONTEXT_WORDS = 1_000
VECTOR_SIZE = 100
CLUSTER_COUNTS = (64, 256, 1024)
_SEED = 1
_ROUNDS = 20
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known of words.

    Attributes:
        words: classes of folded words, parted by spaces.
        phrases: classes of folded names of several words, parted by spaces.
        frequent: the most frequent folded words of the news, the most frequent first.
        vectors: one for each of them.
    """

    words: Mapping[str, str]
    phrases: Mapping[str, str]
    frequent: Sequence[str]
    vectors: Matrix


def compile_lexicon(data: Path, texts: Iterable[Sequence[str]]) -> Lexicon:
    """Compile the lists and cluster the words of the news.

    Args:
        data: holds the folder `gazetteer`.
        texts: tokens of each sentence of the news.

    Returns:
        The lexicon, its words and phrases in alphabetical order.

    Raises:
        OSError: a file cannot be read.
    """
    words, phrases = compile_names(names(data / "gazetteer"))
    shape = cache(_shape)
    folded = ([shape(token) for token in tokens] for tokens in texts)
    frequent, points = vectors(folded, words=VOCABULARY, contexts=CONTEXT_WORDS, size=VECTOR_SIZE)
    for word, classes in clusters(frequent, points).items():
        words.setdefault(word, set()).update(classes)
    return Lexicon(_joined(words), _joined(phrases), frequent, points)


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
                    tokens = tuple(intern(token.text) for token in sentence)
                    key = hash(tokens)
                    if len(tokens) >= _SHORTEST and key not in seen:
                        seen.add(key)
                        yield tokens


def clusters(words: Sequence[str], points: Matrix) -> dict[str, set[str]]:
    """Cluster words at several granularities.

    Args:
        words: the most frequent first.
        points: one vector a word.

    Returns:
        Classes `k64=...`, `k256=...` and so on of each word.
    """
    classes: dict[str, set[str]] = {word: set() for word in words}
    for count in CLUSTER_COUNTS:
        groups = kmeans(points, count, rounds=_ROUNDS, seed=_SEED).tolist()
        for word, group in zip(words, groups, strict=True):
            classes[word].add(f"k{count}={group}")
    return classes


def _shape(token: str) -> str:
    return without_digits(fold(token))


def _joined(classes: Mapping[str, set[str]]) -> dict[str, str]:
    return {key: " ".join(sorted(classes[key])) for key in sorted(classes)}
