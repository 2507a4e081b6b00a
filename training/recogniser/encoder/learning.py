"""Teaches the encoder: first words of the news, then labels, hard ones or those of a teacher."""

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

from training.recogniser.encoder.encoder import SIZE, Encoder
from training.recogniser.encoder.streams import Batch, Stream, cut
from workers.entities.recognise.pieces import MASK

log = logging.getLogger(__name__)

READ_PIECES = 256
"""Pieces of a window when the encoder finds names."""


@dataclass(frozen=True, slots=True)
class Task:
    """A text to learn from.

    Attributes:
        stream: the text.
        heads: the output layers that learn, each from the stream's targets of its name.
        weight: what a batch counts.
        share: how much of the text an epoch reads.
    """

    stream: Stream
    heads: tuple[str, ...]
    weight: float = 1.0
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train.

    Attributes:
        epochs: how often to read.
        rate: of learning (AdamW) at its height; it rises and falls in a straight line.
        new_rate: of the output layers and the classes.
        pieces: of a batch.
        limits: pieces of a window, drawn for each.
        seconds: after which training ends, however far it is; the rate falls in time for it.
        warm: share of the steps in which the rate rises.
    """

    epochs: float
    rate: float
    new_rate: float = 1e-3
    pieces: int = 4096
    limits: tuple[int, ...] = (64, 128, 256)
    seconds: float = 1e9
    warm: float = 0.1


class Guess(nn.Module):  # type: ignore[misc]
    """From the state of a hidden word to the scores of frequent words."""

    def __init__(self, encoder: Encoder, stream: Stream, words: int) -> None:
        super().__init__()
        self.layer = nn.Linear(SIZE, SIZE)
        self.norm = nn.LayerNorm(SIZE)
        bounds = stream.vocabulary.bounds[: words + 1]
        pieces = torch.from_numpy(stream.vocabulary.pieces[: bounds[-1]])
        with torch.no_grad():
            means = functional.embedding_bag(
                pieces.to(encoder.pieces.device),
                encoder.pieces,
                torch.from_numpy(bounds[:-1]).to(encoder.pieces.device),
                mode="mean",
            )
            counts = torch.bincount(stream.words, minlength=words)[:words].float() + 1
        self.words = nn.Parameter(means.float().clone() * 0.5)
        self.bias = nn.Parameter((counts / counts.sum()).log().to(means.device))

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """Score."""
        hidden = self.norm(functional.gelu(self.layer(states)))
        return functional.linear(hidden, self.words, self.bias)


def _autocast(device: str) -> torch.autocast:
    return torch.autocast(device, dtype=torch.bfloat16, enabled=device == "cuda")


def _groups(encoder: Encoder, rate: float, new_rate: float) -> list[dict[str, object]]:
    new = [*encoder.heads.parameters(), *encoder.classes.parameters()]
    chosen = {id(parameter) for parameter in new}
    old = [parameter for parameter in encoder.parameters() if id(parameter) not in chosen]
    return [{"params": old, "lr": rate}, {"params": new, "lr": new_rate}]


class _Schedule:
    """Sets the rates by how far training is, in steps or in time."""

    def __init__(self, adam: torch.optim.Optimizer, steps: int, settings: Settings) -> None:
        self._adam, self._steps, self._settings = adam, max(1, steps), settings
        self._rates = [group["lr"] for group in adam.param_groups]
        self._began, self.step = time.monotonic(), 0

    def is_over(self) -> bool:
        """Set the rates of the next step; true where there is none."""
        far = (time.monotonic() - self._began) / self._settings.seconds
        far = max(far, self.step / self._steps)
        warm = self._settings.warm
        factor = min((self.step + 1) / (warm * self._steps + 1), 1 - far)
        for group, rate in zip(self._adam.param_groups, self._rates, strict=True):
            group["lr"] = rate * max(factor, 0.0)
        self.step += 1
        return far >= 1


def adapt(encoder: Encoder, streams: Sequence[Stream], words: int, settings: Settings) -> None:
    """Teach the encoder to guess hidden words of unlabelled text.

    Args:
        encoder: is changed.
        streams: the texts, the largest first.
        words: so many of the most frequent words are what is guessed.
        settings: how to train.
    """
    order = random.Random(1)
    guess = Guess(encoder, streams[0], words).to(streams[0].device)
    parameters = [*encoder.parameters(), *guess.parameters()]
    adam = torch.optim.AdamW(
        [{"params": parameters, "lr": settings.rate}],
        fused=True,
        weight_decay=0.01,
        betas=(0.9, 0.98),
    )
    encoder.train()
    mean, schedule = 0.0, None
    while True:
        turns = _turns([Task(stream, ()) for stream in streams], settings, order)
        if schedule is None:
            schedule = _Schedule(adam, int(len(turns) * settings.epochs), settings)
        for task, windows in turns:
            if schedule.is_over():
                log.info("adapted in %d steps, loss %.3f", schedule.step, mean)
                return
            batch = cut(task.stream, windows)
            drawn = (torch.rand(batch.words.shape, device=batch.words.device) < 0.2) & batch.counted
            wanted = drawn & (batch.words < words)
            with _autocast(task.stream.device):
                states = encoder(_hide(batch, drawn), task.stream.vocabulary.classes, drawn)
                # Boolean indexing waits for the device; a fixed number of places does not.
                chosen = wanted.flatten().float().topk(int(0.2 * wanted.numel()) + 1)[1]
                scores = guess(states.flatten(0, 1)[chosen])
            labels = torch.where(wanted, batch.words, -100).flatten()[chosen]
            loss = functional.cross_entropy(scores.float(), labels, ignore_index=-100)
            adam.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            adam.step()
            if schedule.step % 50 == 0:
                mean = loss.item()
                if schedule.step % 200 == 0:
                    log.info("  adapting, step %d, loss %.3f", schedule.step, mean)


def _hide(batch: Batch, drawn: torch.Tensor) -> Batch:
    """Put the mask for all pieces of the words drawn."""
    marks = torch.zeros((len(batch.pieces), batch.pieces.shape[1] + 1), device=drawn.device)
    # Where a drawn word begins the sum goes up, behind it down again.
    marks.scatter_add_(1, batch.first, drawn.float())
    marks.scatter_add_(1, batch.behind, -drawn.float())
    hidden = marks.cumsum(1)[:, :-1] > 0.5
    return Batch(
        torch.where(hidden, MASK, batch.pieces),
        batch.piece_inside,
        batch.first,
        batch.behind,
        batch.inside,
        batch.words,
        batch.places,
        batch.counted,
    )


def _turns(
    tasks: Sequence[Task], settings: Settings, order: random.Random
) -> list[tuple[Task, list[tuple[int, int]]]]:
    turns = []
    for task in tasks:
        windows = task.stream.windows(settings.limits, order)
        if task.share < 1:
            windows = order.sample(windows, max(1, int(task.share * len(windows))))
        turns += [(task, each) for each in task.stream.batches(windows, settings.pieces, order)]
    order.shuffle(turns)
    return turns


def teach(encoder: Encoder, tasks: Sequence[Task], settings: Settings, seed: int) -> None:
    """Teach the encoder labels.

    Args:
        encoder: is changed.
        tasks: what to learn from.
        settings: how to train.
        seed: of this training.
    """
    order = random.Random(seed)
    torch.manual_seed(seed)
    adam = torch.optim.AdamW(
        _groups(encoder, settings.rate, settings.new_rate),
        fused=True,
        weight_decay=0.01,
        betas=(0.9, 0.98),
    )
    encoder.train()
    schedule, began, loss = None, time.monotonic(), torch.zeros(())
    while True:
        turns = _turns(tasks, settings, order)
        if schedule is None:
            schedule = _Schedule(adam, int(len(turns) * settings.epochs), settings)
        for task, windows in turns:
            if schedule.is_over():
                took = time.monotonic() - began
                log.info(
                    "  taught in %d steps, %.0f s, loss %.3f", schedule.step, took, loss.item()
                )
                return
            batch = cut(task.stream, windows)
            with _autocast(task.stream.device):
                states = encoder(batch, task.stream.vocabulary.classes)
                loss = sum(_loss(encoder, states, batch, task, head) for head in task.heads)
            adam.zero_grad()
            (task.weight * loss).backward()
            nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            adam.step()


def _loss(
    encoder: Encoder, states: torch.Tensor, batch: Batch, task: Task, head: str
) -> torch.Tensor:
    scores = encoder.score(states, head).float()
    targets = task.stream.targets[head]
    if targets.dim() == 1:
        labels = torch.where(batch.counted, targets[batch.places], -1)
        return functional.cross_entropy(scores.flatten(0, 1), labels.flatten(), ignore_index=-1)
    wanted = torch.where(batch.counted[..., None], targets[batch.places].float(), 0)
    return -(wanted * scores.log_softmax(-1)).sum() / wanted.sum().clamp_min(1)


@torch.no_grad()  # type: ignore[untyped-decorator]
def find(
    encoder: Encoder, stream: Stream, heads: Sequence[str], pieces: int = 65_536
) -> dict[str, torch.Tensor]:
    """Give the log-probabilities of labels of every place of a text.

    Args:
        encoder: finds them.
        stream: the text.
        heads: the output layers to ask.
        pieces: of a batch.
    """
    encoder.eval()
    found = {
        head: torch.zeros(
            stream.size,
            encoder.heads[head].out_features,
            dtype=torch.float16,
            device=stream.device,
        )
        for head in heads
    }
    windows = stream.windows((READ_PIECES,), random.Random(1))
    for each in stream.batches(windows, pieces, None):
        batch = cut(stream, each)
        with _autocast(stream.device):
            states = encoder(batch, stream.vocabulary.classes)[batch.counted]
            for head in heads:
                scores = encoder.score(states, head).float().log_softmax(-1)
                found[head][batch.places[batch.counted]] = scores.clamp_min(-30).half()
    return found


def at_words(stream: Stream, scores: torch.Tensor) -> npt.NDArray[np.float32]:
    """Give the rows of words alone, without those of ends."""
    rows: npt.NDArray[np.float32] = scores.float().cpu().numpy()
    return rows[stream.places]
