"""Labelled corpora in the folder `ner`, each brought to tokens and IOB2 tags.

Training on them, and judging on what part, is left to `train`.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

from workers.entities.recognise.iob import iob2_to_spans, read_conll, spans_to_iob2

Sentence = tuple[list[str], list[str]]
"""Tokens and their IOB2 tags."""

_MARKS = str.maketrans("", "", "\u200e\u200f\ufeff")
_PROCLITICS = frozenset("وفبلك")
_ENCLITICS = frozenset(("ه", "ها", "هم", "هما", "هن", "نا", "كم", "ني"))
_CLASSES = {
    "PERS": """Politician Religious_PER Artist Scientist Athlete Businessperson Engineer Lawyer
        Police Other_PER""",
    "LOC": """Population-Center Nation Water-Body State-or-Province Continent Land-Region-Natural
        Land GPE-Cluster County-or-District Path Airport Building-Grounds Subarea-Facility
        Celestial Plant""",
    "ORG": """Non-Governmental Commercial Government Educational Media Sports Religious_ORG
        Medical-Science Entertainment""",
    "MISC": "Book Movie Software Hardware Sound",
}
_WIKIFANE = {fine: kind for kind, names in _CLASSES.items() for fine in names.split()}


def anercorp(folder: Path) -> list[Sentence]:
    """Read the training part of ANERcorp; an `I-` that stands alone becomes a `B-`.

    Args:
        folder: holds `anercorp_train.conll`.

    Returns:
        Sentences in the order of the corpus.

    Raises:
        OSError: the file cannot be read.
    """
    with (folder / "anercorp_train.conll").open(encoding="utf-8") as lines:
        return [_repaired(tokens, tags) for tokens, tags in read_conll(lines)]


def wikifane(folder: Path) -> list[Sentence]:
    """Read WikiFANE with its 50 classes and its clitics joined to their words.

    Args:
        folder: holds `wikifane_gold.tsv.gz`.

    Returns:
        Sentences in the order of the corpus.

    Raises:
        OSError: the file cannot be read.
    """
    with gzip.open(folder / "wikifane_gold.tsv.gz", "rt", encoding="utf-8") as lines:
        clean = (line.translate(_MARKS) for line in lines)
        whole = (line for line in clean if len(line.split()) != 1)
        return [_joined(tokens, tags) for tokens, tags in read_conll(whole)]


def in_four_classes(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Map WikiFANE's 50 classes to the four; weapons and vehicles, no names there, become `O`.

    Args:
        sentences: as `wikifane` gives them.
    """
    return [(tokens, [_mapped(tag) for tag in tags]) for tokens, tags in sentences]


def aqmar(folder: Path) -> list[Sentence]:
    """Read AQMAR's train and development parts; its MIS, different in each article, becomes `O`.

    Args:
        folder: holds `aqmar_train.conll` and `aqmar_dev.conll`.

    Returns:
        Sentences in the order of the corpora.

    Raises:
        OSError: a file cannot be read.
    """
    sentences = []
    for part in ("aqmar_train.conll", "aqmar_dev.conll"):
        with (folder / part).open(encoding="utf-8") as lines:
            for tokens, tags in read_conll(lines):
                four = [t.replace("PER", "PERS") if t[2:] != "MIS" else "O" for t in tags]
                sentences.append(_repaired(tokens, four))
    return sentences


def _mapped(tag: str) -> str:
    kind = _WIKIFANE.get(tag[2:])
    return f"{tag[:2]}{kind}" if kind else "O"


def _repaired(tokens: list[str], tags: list[str]) -> Sentence:
    return tokens, spans_to_iob2(iob2_to_spans(tags), len(tokens))


def _joined(tokens: list[str], tags: list[str]) -> Sentence:
    """Put `و` and its like before the next word, `ها` and its like behind the last."""
    words: list[str] = []
    labels: list[str] = []
    waiting = ""
    for token, tag in zip(tokens, tags, strict=True):
        if token in _PROCLITICS and tag == "O":
            waiting += token
        elif token in _ENCLITICS and tag == "O" and not waiting and words and words[-1].isalpha():
            words[-1] += token
        else:
            words.append(waiting + token)
            labels.append(tag)
            waiting = ""
    if waiting:
        words.append(waiting)
        labels.append("O")
    return words, labels
