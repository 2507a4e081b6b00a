"""Turns corpora, news, lists and the encoder of the wheel into one file of numbers to learn from.

What depends on texts alone is done here, on a CPU and once; learning, which wants a GPU, reads the
file and nothing else.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from sys import intern

import numpy as np

from training.recogniser.corpora import Sentence, anercorp, aqmar, wikifane
from training.recogniser.encoder.arrays import Arrays, lines
from training.recogniser.encoder.wheel import BLOCK, BLOCK_BYTES, E5
from training.recogniser.evaluation import DEV_BLOCKS
from workers.entities.recognise.embedding import Rows
from workers.entities.recognise.iob import iob2_to_spans, read_conll, spans_to_iob2
from workers.entities.recognise.pieces import SPECIALS, Pieces
from workers.text.normalise import normalise
from workers.text.tokenise import sentences

SIZE = 384
_ROW_BYTES = SIZE // BLOCK * BLOCK_BYTES
_RARE = 4  # occurrences that a piece of several letters needs to be kept
_SHORTEST = 3
_WOJOOD = {"PERS": "PERS", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC"}


def news(path: Path) -> Iterator[list[tuple[str, ...]]]:
    """Read the news as a worker does, each sentence once.

    Args:
        path: articles, one JSON object a line, with `title`, `summary` and `text`.

    Yields:
        The sentences of each article that has any of three or more tokens.
    """
    seen: set[int] = set()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            article = []
            for field in ("title", "summary", "text"):
                for sentence in sentences(normalise(record[field], "ar")):
                    tokens = tuple(intern(token.text) for token in sentence)
                    key = hash(tokens)
                    if len(tokens) >= _SHORTEST and key not in seen:
                        seen.add(key)
                        article.append(tokens)
            if article:
                yield article


def wojood(folder: Path) -> list[Sentence]:
    """Read Wojood's sample with the outermost names of persons, places and organisations.

    Args:
        folder: holds `wojood_train.conll` and `wojood_dev.conll`.
    """
    found: list[Sentence] = []
    for part in ("wojood_train.conll", "wojood_dev.conll"):
        lines = (folder / part).read_text(encoding="utf-8-sig").splitlines()
        outer = (" ".join(line.split()[:2]) for line in lines if not line.startswith("$#$"))
        for tokens, tags in read_conll(outer):
            kinds = [f"{tag[:2]}{_WOJOOD[tag[2:]]}" if tag[2:] in _WOJOOD else "O" for tag in tags]
            found.append((tokens, spans_to_iob2(iob2_to_spans(kinds), len(tokens))))
    return found


def corpora(folder: Path) -> dict[str, tuple[list[Sentence], list[bool]]]:
    """Read the labelled corpora.

    Args:
        folder: holds them.

    Returns:
        Of each its sentences and which of them development runs hold out.
    """
    newswire = anercorp(folder)
    count = len(newswire)
    blocks = [range(int(first * count), int(last * count)) for first, last in DEV_BLOCKS]
    wiki = wikifane(folder)
    others = {"aqmar": aqmar(folder), "wojood": wojood(folder)}
    found = {
        "anercorp": (newswire, [any(i in block for block in blocks) for i in range(count)]),
        "wikifane": (wiki, [False] * len(wiki)),
    }
    for name, of_corpus in others.items():
        with (folder / f"{name}_dev.conll").open(encoding="utf-8-sig") as lines:
            words = (line if not line.startswith("$#$") else "" for line in lines)
            dev = sum(1 for _ in read_conll(" ".join(line.split()[:2]) for line in words))
        found[name] = (of_corpus, [i >= len(of_corpus) - dev for i in range(len(of_corpus))])
    return found


def cut_vocabulary(model: E5, counts: Mapping[str, int]) -> list[int]:
    """Choose the pieces to keep.

    Args:
        model: with all of its pieces.
        counts: how often each word occurs.

    Returns:
        Numbers of the pieces in the model, those of `SPECIALS` first.
    """
    firsts = [model.begin, model.end, model.unknown, model.pieces.index("<mask>")]
    rest = [number for number in range(len(model.pieces)) if number not in firsts]
    whole = Pieces(
        [*SPECIALS, *(model.pieces[number] for number in rest)],
        [0.0] * len(SPECIALS) + [float(model.scores[number]) for number in rest],
    )
    uses: Counter[int] = Counter()
    for word, count in counts.items():
        for piece in whole.of_word(word):
            uses[piece] += count
    letters = {
        number
        for number, used in enumerate(rest, len(SPECIALS))
        if len(model.pieces[used]) == 1
        and (model.pieces[used].isascii() or "\u0600" <= model.pieces[used] <= "\u06ff")
    }
    kept = sorted(
        number
        for number in {*uses, *letters}
        if number >= len(SPECIALS) and (uses[number] >= _RARE or number in letters)
    )
    return firsts + [rest[number - len(SPECIALS)] for number in kept]


def prepare(
    data: Path,
    model: E5,
    known: Mapping[str, str],
    phrases: Mapping[str, str],
    rows: Rows,
    limit: int | None = None,
) -> Arrays:
    """Make the arrays that learning needs, but for the linear model.

    Args:
        data: the data folder.
        model: the encoder of the wheel.
        known: classes of folded words.
        phrases: classes of folded names of several words.
        rows: of the student's table of vectors.
        limit: articles of the news to read; None reads all.
    """
    labelled = corpora(data / "ner")
    articles = []
    for article in news(data / "news" / "ant.jsonl.gz"):
        articles.append(article)
        if len(articles) == limit:
            break
    texts: dict[str, list[Sequence[str]]] = {
        name: [tokens for tokens, _ in pairs] for name, (pairs, _) in labelled.items()
    }
    texts["news"] = [sentence for article in articles for sentence in article]
    counts = Counter(word for part in texts.values() for sentence in part for word in sentence)
    words = [word for word, _ in counts.most_common()]
    number = {word: index for index, word in enumerate(words)}
    kept = cut_vocabulary(model, counts)
    pieces = [*SPECIALS, *(model.pieces[index] for index in kept[len(SPECIALS) :])]
    scores = model.scores[kept].copy()
    cutter = Pieces(pieces, scores.tolist())
    of_words = [cutter.of_word(word) for word in words]
    arrays: Arrays = {
        "words": lines(words),
        "pieces": lines(pieces),
        "piece_scores": scores,
        "word_pieces": np.array([p for row in of_words for p in row], dtype=np.uint16),
        "word_piece_counts": np.array([len(row) for row in of_words], dtype=np.uint8),
        "known": lines(f"{word}\t{classes}" for word, classes in known.items()),
        "phrases": lines(f"{name}\t{classes}" for name, classes in phrases.items()),
        "row_words": lines(rows.words),
        "row_classes": lines(rows.classes),
        "news_articles": np.array([len(article) for article in articles], dtype=np.uint16),
    }
    for name, part in texts.items():
        arrays[f"{name}_words"] = np.array([number[w] for s in part for w in s], dtype=np.uint32)
        arrays[f"{name}_lengths"] = np.array([len(s) for s in part], dtype=np.uint16)
    for name, (pairs, dev) in labelled.items():
        names = sorted({tag for _, tags in pairs for tag in tags})
        arrays[f"{name}_names"] = lines(names)
        arrays[f"{name}_tags"] = np.array(
            [names.index(tag) for _, tags in pairs for tag in tags], dtype=np.uint8
        )
        arrays[f"{name}_dev"] = np.array(dev, dtype=np.bool_)
    vectors = model.blocks["emb.word"].reshape(-1, _ROW_BYTES)[kept]
    arrays["q4:emb.word"] = vectors.reshape(-1, BLOCK_BYTES)
    for key, blocks in model.blocks.items():
        if key != "emb.word":
            arrays[f"q4:{key}"] = blocks
    for key, array in model.arrays.items():
        arrays[f"f4:{key}"] = array
    return arrays
