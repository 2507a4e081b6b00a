"""The `accurate` recogniser: an encoder beside the default network, which errs in other places.

The logarithms of what both think of each label are averaged, weighted; what the same word is
elsewhere in the document and the best valid labels are found as in `crf`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workers.entities.recognise.consistency import agreement
from workers.entities.recognise.crf import MODEL_PATH, CrfRecogniser, batches
from workers.entities.recognise.encoder import ENCODER_PATH, Encoder, load_encoder
from workers.entities.recognise.model import Scores, load_model
from workers.entities.recognise.viterbi import constraints, decode, label_spans, marginals
from workers.model import Span

ENCODER_SHARE = 0.7
"""What the encoder's scores count; the network's count the rest."""

_LEAST = -30.0

Numbers = npt.NDArray[np.int64]


def load_accurate(
    path: Path = ENCODER_PATH, model_path: Path = MODEL_PATH, threads: int = 1
) -> AccurateRecogniser:
    """Load the recogniser.

    Args:
        path: the encoder's file.
        model_path: the default recogniser's file.
        threads: cores that the encoder uses.

    Raises:
        RecogniserError: ONNX Runtime or a file is missing, or a file is damaged.
    """
    model = load_model(model_path)
    return AccurateRecogniser(
        Encoder(load_encoder(path), model.known, threads), CrfRecogniser(model)
    )


class AccurateRecogniser:
    """Finds names with an encoder and a network; see the `Recogniser` protocol.

    Args:
        encoder: scores the labels of the guideline `anercorp`.
        network: the default recogniser.
        share: what the encoder's scores count, 0 to 1.
    """

    name = "accurate"

    def __init__(
        self, encoder: Encoder, network: CrfRecogniser, share: float = ENCODER_SHARE
    ) -> None:
        self._encoder, self._network, self._share = encoder, network, np.float32(share)
        self._guideline = "anercorp"

    def recognise(self, sentences: Sequence[Sequence[str]]) -> list[list[Span]]:
        """Find the names of each sentence.

        Args:
            sentences: tokens of each sentence, any script and length; an empty one parts documents.

        Returns:
            One list a sentence, in the same order: spans by position, never overlapping.
        """
        found: list[list[Span]] = [[] for _ in sentences]
        steps = constraints()
        for batch, documents in batches(sentences):
            lengths = np.array([len(sentences[index]) for index in batch])
            chosen = [sentences[index] for index in batch]
            said, keys = self._network.probabilities(chosen, lengths)
            read = self._read(sentences, batch, documents.tolist(), lengths)
            scores = self._share * read + (1 - self._share) * said
            starts = np.cumsum(lengths) - lengths
            likely = marginals(scores, starts, lengths, steps)
            scores += agreement(likely, keys, np.repeat(documents, lengths))
            for index, row in zip(batch, decode(scores, starts, lengths, steps), strict=True):
                found[index] = label_spans(row)
        return found

    def _read(
        self,
        sentences: Sequence[Sequence[str]],
        batch: Sequence[int],
        documents: Sequence[int],
        lengths: Numbers,
    ) -> Scores:
        """Log-probabilities of the encoder, in the order of the batch."""
        reading = sorted(range(len(batch)), key=lambda place: batch[place])
        texts = [
            [sentences[batch[place]] for place in places]
            for _, places in groupby(reading, key=lambda place: documents[place])
        ]
        scores = self._encoder.scores(texts)[self._guideline]
        scores = scores - scores.max(axis=1, keepdims=True)
        scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
        ends = np.cumsum(lengths[reading])
        order = np.argsort(reading)
        pieces = np.split(np.maximum(scores, _LEAST), ends[:-1])
        return np.concatenate([pieces[place] for place in order])
