"""What a trained linear-chain model says of a text, on the device that the others train on."""

from __future__ import annotations

import numpy as np
import torch

from training.recogniser.student.network import REACH, Text, gathered
from workers.entities.recognise.model import LABELS, OFFSETS


@torch.no_grad()  # type: ignore[untyped-decorator]
def ask_linear(
    scores: torch.Tensor, transitions: torch.Tensor, text: Text, tokens: int = 500_000
) -> torch.Tensor:
    """Give the log-probabilities of a linear-chain model (forward-backward; Rabiner, 1989).

    Args:
        scores: what each word says: word by offset by label.
        transitions: score of going from a label (row) to a label (column).
        text: is read.
        tokens: of a batch.
    """
    boundary = len(scores) - 1
    found = torch.zeros(len(text.words), len(LABELS), device=text.words.device)
    order = np.argsort(text.lengths, kind="stable")
    cut = np.cumsum(text.lengths[order]) // tokens
    for rows in np.split(order, np.flatnonzero(np.diff(cut)) + 1):
        words, _, places, inside = gathered(text, rows, 1 << 30, boundary)
        steps = words.shape[1] - 2 * REACH
        emissions = sum(
            scores[words[:, REACH + offset : REACH + offset + steps], index].float()
            for index, offset in enumerate(OFFSETS)
        )
        forward = [emissions[:, 0] + transitions[0]]
        for step in range(1, steps):
            onward = torch.logsumexp(forward[-1][:, :, None] + transitions[None], 1)
            onward = onward + emissions[:, step]
            forward.append(torch.where(inside[:, step, None], onward, forward[-1]))
        behind = torch.zeros_like(forward[0])
        backward = [behind]
        for step in range(steps - 1, 0, -1):
            before = torch.logsumexp(
                transitions[None] + (emissions[:, step] + behind)[:, None, :], 2
            )
            behind = torch.where(inside[:, step, None], before, behind)
            backward.append(behind)
        both = torch.stack(forward, 1) + torch.stack(backward[::-1], 1)
        found[places[inside]] = both.log_softmax(-1)[inside]
    return found
