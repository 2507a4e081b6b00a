"""Trains the linear scores of the `crf` recogniser: what features of words say of labels.

Sentences of the newswire and of other corpora are learnt from together: each feature has a weight
that all share and one that is the newswire's own, so that what the others label in another way
does no harm (Daumé, "Frustratingly Easy Domain Adaptation", ACL 2007). The model keeps their sum.
Needs python-crfsuite (the `train` extra). What the features are is left to `features`.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pycrfsuite

from training.recogniser.corpora import Sentence
from training.recogniser.lexicon import Lexicon
from workers.entities.recognise.features import (
    BOUNDARY,
    MAX_PHRASE_WORDS,
    fold,
    phrase_attributes,
    phrase_features,
    word_features,
)
from workers.entities.recognise.model import LABELS, OFFSETS, Linear, feature_key

_OWN = "N"
"""Before the attributes of the newswire's own weights; offsets, digits, begin the shared ones."""


@dataclass(frozen=True, slots=True)
class LinearSettings:
    """How to train.

    Attributes:
        l1: weight of the sum of absolute weights; what is of little use becomes exactly zero.
        l2: weight of the sum of squared weights.
        iterations: of L-BFGS, at most.
    """

    l1: float = 0.05
    l2: float = 0.1
    iterations: int = 60


def attributes(sentences: Iterable[Sequence[str]], lexicon: Lexicon) -> Iterator[list[list[str]]]:
    """Describe sentences for CRFsuite: each feature behind the index of its offset.

    Args:
        sentences: tokens of each.
        lexicon: classes of words and phrases.

    Yields:
        For each sentence one list of attributes a token.
    """
    cache: dict[str, list[list[str]]] = {}

    def of_word(word: str) -> list[list[str]]:
        if word not in cache:
            wide, near = word_features(word, lexicon.words)
            cache[word] = [
                [f"{row}{name}" for name in (wide if abs(offset) > 1 else wide + near)]
                for row, offset in enumerate(OFFSETS)
            ]
        return cache[word]

    pad = [BOUNDARY] * max(OFFSETS)
    for tokens in sentences:
        rows = [of_word(word) for word in (*pad, *tokens, *pad)]
        items = [
            [name for row in range(len(OFFSETS)) for name in rows[place + row][row]]
            for place in range(len(tokens))
        ]
        _add_phrases(items, [fold(token) for token in tokens], lexicon)
        yield items


def _add_phrases(items: list[list[str]], folded: list[str], lexicon: Lexicon) -> None:
    here = OFFSETS.index(0)
    place = 0
    while place < len(folded):
        found = phrase_features(folded[place : place + MAX_PHRASE_WORDS], 0, lexicon.phrases)
        length, classes = found or (1, "")
        for index in range(place, place + length):
            part = "i" if index > place else "b"
            items[index] += [f"{here}{name}" for name in phrase_attributes(classes, part)]
        place += length


def fit(
    newswire: Iterable[Sentence],
    others: Iterable[Sentence],
    lexicon: Lexicon,
    settings: LinearSettings,
    path: Path,
) -> None:
    """Train with CRFsuite (L-BFGS; OWL-QN where there is an L1 weight).

    Args:
        newswire: tokens and IOB2 tags of the texts that the model is for.
        others: the same of other texts.
        lexicon: classes of words and phrases.
        settings: how to train.
        path: CRFsuite's model file, written.
    """
    trainer = pycrfsuite.Trainer(verbose=False)
    for is_own, sentences in ((True, newswire), (False, others)):
        tokens, tags = zip(*sentences, strict=True)
        for items, labels in zip(attributes(tokens, lexicon), tags, strict=True):
            if is_own:
                for names in items:
                    names += [_OWN + name for name in names]
            trainer.append(pycrfsuite.ItemSequence(items), labels)
    trainer.select("lbfgs")
    trainer.set_params(
        {"c1": settings.l1, "c2": settings.l2, "max_iterations": settings.iterations}
    )
    trainer.train(str(path))


def export(path: Path) -> Linear:
    """Turn CRFsuite's model into ours.

    Args:
        path: CRFsuite's model file.

    Returns:
        The scores.
    """
    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    info = tagger.info()
    label_index = {label: index for index, label in enumerate(LABELS)}
    transitions = np.zeros((len(LABELS), len(LABELS)), dtype=np.float32)
    for (before, after), weight in info.transitions.items():
        transitions[label_index[before], label_index[after]] = weight
    cells: defaultdict[str, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
    for (attribute, label), weight in info.state_features.items():
        offset, name = attribute.removeprefix(_OWN)[0], attribute.removeprefix(_OWN)[1:]
        cells[name][int(offset) * len(LABELS) + label_index[label]] += weight
    names = sorted(cells, key=feature_key)
    pairs = [pair for name in names for pair in sorted(cells[name].items())]
    return Linear(
        features=np.array([feature_key(name) for name in names], dtype=np.uint64),
        bounds=np.cumsum([0, *(len(cells[name]) for name in names)], dtype=np.int32),
        cells=np.array([cell for cell, _ in pairs], dtype=np.uint8),
        weights=np.array([weight for _, weight in pairs], dtype=np.float32),
        transitions=transitions,
    )


def train_linear(
    newswire: Iterable[Sentence],
    others: Iterable[Sentence],
    lexicon: Lexicon,
    settings: LinearSettings,
) -> Linear:
    """Train and export.

    Args:
        newswire: tokens and IOB2 tags of the texts that the model is for.
        others: the same of other texts.
        lexicon: classes of words and phrases.
        settings: how to train.

    Returns:
        The scores.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crfsuite.model"
        fit(newswire, others, lexicon, settings, path)
        return export(path)
