"""Teaches the encoder to guess each word of unlabelled news from what stands around it.

The word at a place is to be told from the state of the left LSTM before it and of the right LSTM
behind it (Melamud et al., "context2vec", CoNLL 2016), against words drawn at random. So the encoder
knows what kind of word can stand where before it sees a label. Needs PyTorch.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from ingest.runtime.terminal import show_progress
from training.recogniser.default.network import (
    STATE_SIZE,
    VECTOR_SIZE,
    Encoder,
    WordTypes,
    batches,
    padded,
)
from workers.entities.recognise.embedding import Rows, without_digits
from workers.entities.recognise.features import fold

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PretrainSettings:
    """How to pretrain.

    Attributes:
        epochs: how often to read the news.
        rate: of learning (Adam), at its height; it falls to nothing at the end.
        batch_tokens: of a batch.
        drawn: words drawn at random for each batch.
        drop_words: share of words whose own row is left out.
        drop_values: share of the values of vectors that are left out.
        longest: words of a sentence that are read.
    """

    epochs: float = 1.6
    rate: float = 2e-3
    batch_tokens: int = 4096
    drawn: int = 1024
    drop_words: float = 0.1
    drop_values: float = 0.05
    longest: int = 100


class _Guess(nn.Module):  # type: ignore[misc]
    """From two states to the scores of words."""

    def __init__(self, counts: npt.NDArray[np.float64]) -> None:
        super().__init__()
        self.layer = nn.Linear(2 * STATE_SIZE, VECTOR_SIZE)
        self.words = nn.Embedding(len(counts), VECTOR_SIZE)
        nn.init.normal_(self.words.weight, std=0.1)
        frequency = np.log(counts / counts.sum() + 1e-9)
        self.bias = nn.Parameter(torch.tensor(frequency, dtype=torch.float32))
        share = counts**0.75
        share /= share.sum()
        self._drawn_until = np.cumsum(share)
        self._log_share = torch.tensor(np.log(share + 1e-12), dtype=torch.float32)

    def loss(self, states: torch.Tensor, wanted: torch.Tensor, count: int) -> torch.Tensor:
        """Give the mean loss against `count` words drawn by their frequency to the 0.75."""
        context = torch.tanh(self.layer(states))
        places = np.searchsorted(self._drawn_until, np.random.random(count))
        drawn = torch.from_numpy(np.unique(places.clip(0, len(self._drawn_until) - 1)))
        offset = self.bias[drawn] - self._log_share[drawn] - float(np.log(count))
        others = context @ self.words(drawn).T + offset
        others = others.masked_fill(wanted[:, None] == drawn[None], -1e4)
        right = (context * self.words(wanted)).sum(1) + self.bias[wanted]
        scores = torch.cat([right[:, None], others], 1)
        return functional.cross_entropy(scores, torch.zeros(len(scores), dtype=torch.long))


def pretrain(
    encoder: Encoder,
    types: WordTypes,
    rows: Rows,
    sentences: Sequence[Sequence[str]],
    settings: PretrainSettings,
) -> None:
    """Train an encoder on unlabelled sentences, with the seeds as the caller has set them.

    Args:
        encoder: is changed.
        types: numbers the words.
        rows: the frequent words among them are what is guessed; the others are one word.
        sentences: tokens of each.
        settings: how to train.
    """
    texts = [types.sentence(sentence[: settings.longest]) for sentence in sentences]
    unknown = len(rows.words)
    targets = np.array(
        [rows.words.get(without_digits(fold(word)), unknown) for word in types.numbers]
    )
    counts = np.bincount(targets[np.concatenate(texts)], minlength=unknown + 1)
    guess = _Guess(counts.astype(np.float64))
    parameters = [*encoder.parameters(), *guess.parameters()]
    adam = torch.optim.Adam(parameters, fused=True, betas=(0.9, 0.99))
    order = random.Random(1)
    lengths = [len(text) for text in texts]
    steps = int(
        settings.epochs * sum(1 for _ in batches(lengths, settings.batch_tokens, random.Random(1)))
    )
    step, mean, began = 0, 0.0, time.monotonic()
    encoder.train()
    with show_progress("steps of pretraining", steps) as advance:
        while step < steps:
            for indices in batches(lengths, settings.batch_tokens, order):
                rise, fall = min(1.0, step / 200), max(0.02, 1 - step / steps)
                for group in adam.param_groups:
                    group["lr"] = settings.rate * rise * fall
                batch, ends = padded([texts[index] for index in indices])
                *_, before, behind = encoder(
                    types, batch, ends, settings.drop_words, settings.drop_values
                )
                inside = torch.from_numpy(np.arange(batch.shape[1])[None] < ends[:, None])
                wanted = torch.from_numpy(targets[batch])[inside]
                loss = guess.loss(torch.cat([before, behind], 2)[inside], wanted, settings.drawn)
                adam.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(parameters, 5.0)
                adam.step()
                mean = 0.98 * mean + 0.02 * loss.item() if step else loss.item()
                step += 1
                advance(1)
                if step % 200 == 0:
                    seconds = time.monotonic() - began
                    log.info("%6.0f s  pretraining %d of %d, loss %.3f", seconds, step, steps, mean)
                if step == steps:
                    break
