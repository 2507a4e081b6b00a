"""Teaches the pretrained tagger labels: those of the newswire, and beside them another corpus'.

The second corpus has a last layer and labels of its own, so that what it calls a name differently
does no harm (Collobert and Weston, ICML 2008). Needs PyTorch.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from ingest.runtime.terminal import show_progress
from training.recogniser.corpora import Sentence
from training.recogniser.default.network import Numbers, Tagger, WordTypes, batches, padded
from workers.entities.recognise.model import LABELS

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TuneSettings:
    """How to tune.

    Attributes:
        epochs: how often to read the labelled sentences.
        rate: of learning (Adam) of the new layers, at its height.
        encoder_rate: of learning of the encoder.
        batch_tokens: of a batch.
        drop_words: share of words whose own row is left out.
        drop_values: share of the values of vectors that are left out.
        drop_states: share of the states that are left out.
        other_weight: what a sentence of the second corpus counts.
        longest: words of a sentence; a longer one is cut.
    """

    epochs: float = 3.0
    rate: float = 2e-3
    encoder_rate: float = 5e-4
    batch_tokens: int = 1024
    drop_words: float = 0.15
    drop_values: float = 0.2
    drop_states: float = 0.5
    other_weight: float = 0.5
    longest: int = 150


@dataclass(frozen=True, slots=True)
class _Task:
    words: list[Numbers]
    labels: list[Numbers]

    @classmethod
    def of(
        cls, sentences: Iterable[Sentence], names: Sequence[str], types: WordTypes, longest: int
    ) -> _Task:
        number = {name: index for index, name in enumerate(names)}
        words: list[Numbers] = []
        labels: list[Numbers] = []
        for tokens, tags in sentences:
            for first in range(0, len(tokens), longest):
                piece = slice(first, first + longest)
                words.append(types.sentence(tokens[piece]))
                labels.append(np.array([number[tag] for tag in tags[piece]], dtype=np.int64))
        return cls(words, labels)

    def batches(self, tokens: int, order: random.Random) -> list[list[int]]:
        return list(batches([len(row) for row in self.words], tokens, order))


def tune(
    tagger: Tagger,
    types: WordTypes,
    newswire: Sequence[Sentence],
    other: Sequence[Sentence],
    other_names: Sequence[str],
    settings: TuneSettings,
) -> None:
    """Train a tagger, with the seeds as the caller has set them.

    Args:
        tagger: is changed.
        types: numbers the words.
        newswire: tokens and IOB2 tags of the four classes.
        other: tokens and tags of the second corpus; may be empty.
        other_names: all tags of the second corpus.
        settings: how to train.
    """
    tasks = (
        _Task.of(newswire, LABELS, types, settings.longest),
        _Task.of(other, other_names, types, settings.longest),
    )
    inner = {id(parameter) for parameter in tagger.encoder.parameters()}
    outer = [parameter for parameter in tagger.parameters() if id(parameter) not in inner]
    rates = (settings.encoder_rate, settings.rate)
    adam = torch.optim.Adam(
        [{"params": list(tagger.encoder.parameters())}, {"params": outer}],
        fused=True,
        betas=(0.9, 0.99),
    )
    order = random.Random(1)
    each = sum(len(task.batches(settings.batch_tokens, random.Random(1))) for task in tasks)
    steps = int(settings.epochs * each)
    step, mean, began = 0, 0.0, time.monotonic()
    tagger.train()
    with show_progress("steps of tuning", steps) as advance:
        while step < steps:
            turns = [
                (task, part)
                for task in tasks
                for part in task.batches(settings.batch_tokens, order)
            ]
            order.shuffle(turns)
            for task, indices in turns[: steps - step]:
                factor = min(1.0, step / 100) * max(0.05, 1 - step / steps)
                for group, rate in zip(adam.param_groups, rates, strict=True):
                    group["lr"] = rate * factor
                loss = _loss(tagger, types, task, indices, settings, is_other=task is tasks[1])
                adam.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(tagger.parameters(), 2.0)
                adam.step()
                mean = 0.98 * mean + 0.02 * loss.item() if step else loss.item()
                step += 1
                advance(1)
                if step % 200 == 0:
                    seconds = time.monotonic() - began
                    log.info("%6.0f s  tuning %d of %d, loss %.3f", seconds, step, steps, mean)


def _loss(
    tagger: Tagger,
    types: WordTypes,
    task: _Task,
    indices: list[int],
    settings: TuneSettings,
    *,
    is_other: bool,
) -> torch.Tensor:
    batch, lengths = padded([task.words[index] for index in indices])
    labels = torch.from_numpy(padded([task.labels[index] for index in indices])[0])
    hidden = tagger(
        types,
        batch,
        lengths,
        settings.drop_words,
        settings.drop_values,
        settings.drop_states,
    )
    if not is_other:
        return 10 * tagger.loss(tagger.output(hidden), labels, lengths) / lengths.sum()
    inside = torch.from_numpy(np.arange(batch.shape[1])[None] < lengths[:, None])
    scores = tagger.other(hidden)[inside]
    return 10 * settings.other_weight * functional.cross_entropy(scores, labels[inside])
