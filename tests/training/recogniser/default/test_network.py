"""What was trained with PyTorch and what is run with numpy give the same scores."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from training.recogniser.default.export import exported  # noqa: E402
from training.recogniser.default.network import Encoder, Tagger, WordTypes, batches, padded  # noqa: E402
from workers.entities.recognise.embedding import Rows  # noqa: E402
from workers.entities.recognise.features import BOUNDARY, word_features  # noqa: E402
from workers.entities.recognise.model import LABELS  # noqa: E402

SENTENCES = [["وصل", "سليم", "حداد", "إلى", "حلب"], ["قال", "سليم"], ["نعم"]]


def made() -> tuple[Tagger, WordTypes, Rows]:
    torch.manual_seed(1)
    rows = Rows.of(["سليم", "حلب"], ["c="])
    vectors = np.eye(2, dtype=np.float32)
    return Tagger(Encoder(rows.count, vectors), 2), WordTypes(rows, {}), rows


def test_numpy_gives_the_scores_of_pytorch() -> None:
    tagger, types, rows = made()
    tagger.eval()
    batch, lengths = padded([types.sentence(sentence) for sentence in SENTENCES])
    with torch.no_grad():
        wanted = tagger.output(tagger(types, batch, lengths)).numpy()
    context = exported(tagger, rows)
    words = sorted({word for sentence in SENTENCES for word in sentence})
    vectors = context.vectors((word, word_features(word, {})[0]) for word in (BOUNDARY, *words))
    places = [
        0,
        *itertools.chain.from_iterable(
            [*(words.index(word) + 1 for word in sentence), 0] for sentence in SENTENCES
        ),
    ]
    starts = np.array([1, 7, 10])
    found = context.scores(vectors, np.array(places), starts, lengths)
    for row, start, length in zip(wanted, starts, lengths, strict=True):
        np.testing.assert_allclose(found[start : start + length], row[:length], atol=0.02)


def test_the_loss_is_the_likelihood_of_the_path_among_all_paths() -> None:
    tagger, _, _ = made()
    steps = torch.randn(len(LABELS), len(LABELS))
    with torch.no_grad():
        tagger.transitions.copy_(steps)
    scores = torch.randn(1, 3, len(LABELS))

    def total(path: tuple[int, ...]) -> float:
        return sum(
            float(steps[before, label] + scores[0, place, label])
            for place, (before, label) in enumerate(itertools.pairwise((0, *path)))
        )

    everything = np.logaddexp.reduce(
        [total(path) for path in itertools.product(range(len(LABELS)), repeat=3)]
    )
    loss = tagger.loss(scores, torch.tensor([[1, 2, 0]]), np.array([3]))
    assert float(loss.detach()) == pytest.approx(everything - total((1, 2, 0)), abs=1e-3)


def test_batches_hold_every_sentence_once_within_their_size() -> None:
    lengths = [1, 5, 2, 9, 3, 3, 30]
    made_batches = list(batches(lengths, 10, random.Random(1)))
    assert sorted(itertools.chain.from_iterable(made_batches)) == list(range(len(lengths)))
    for batch in made_batches:
        assert len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= 10
