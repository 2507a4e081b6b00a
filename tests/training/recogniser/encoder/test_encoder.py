"""The encoder that is trained and the file that is shipped say the same."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

from tests.training.recogniser.encoder.tiny_encoder import PIECES, tiny_weights  # noqa: E402
from training.recogniser.encoder.encoder import Encoder as Trained, in_four_bits  # noqa: E402
from training.recogniser.encoder.graph import encoder_file  # noqa: E402
from training.recogniser.encoder.learning import Settings, Task, at_words, find, teach  # noqa: E402
from training.recogniser.encoder.streams import Stream, Vocabulary  # noqa: E402
from workers.entities.recognise.encoder import Encoder, load_encoder, save_encoder  # noqa: E402
from workers.entities.recognise.model import LABELS  # noqa: E402
from workers.entities.recognise.pieces import Pieces  # noqa: E402

WORDS = ["باب", "تاب", "ثابت", "نبات", "قات"]
SENTENCES = [[0, 1, 2], [3], [4, 0, 2, 1]]


def tiny_stream() -> Stream:
    pieces = Pieces(PIECES, [-1.0] * len(PIECES))
    rows = [pieces.of_word(word) for word in WORDS]
    vocabulary = Vocabulary.of(
        np.array([piece for row in rows for piece in row]),
        np.array([len(row) for row in rows]),
        np.zeros((len(WORDS), 2), dtype=np.int32),
        "cpu",
    )
    words = np.array([word for sentence in SENTENCES for word in sentence])
    lengths = np.array([len(sentence) for sentence in SENTENCES])
    return Stream(vocabulary, words, lengths, None, "cpu")


def test_the_shipped_file_gives_the_scores_of_training(tmp_path: Path) -> None:
    torch.manual_seed(1)
    trained = Trained(tiny_weights(), {"anercorp": len(LABELS)}, 3, pool_after=1)
    trained.quantise()
    stream = tiny_stream()
    wanted = at_words(stream, find(trained, stream, ["anercorp"])["anercorp"])
    values = {name: tensor.numpy() for name, tensor in trained.state_dict().items()}
    scores = np.full(len(PIECES), -1.0, dtype=np.float32)
    file = encoder_file(values, PIECES, scores, ["one", "two"], ["anercorp"], pool_after=1)
    save_encoder(file, tmp_path / "accurate.npz")
    shipped = Encoder(load_encoder(tmp_path / "accurate.npz"), {})
    texts = [[[WORDS[word] for word in sentence] for sentence in SENTENCES]]
    found = shipped.scores(texts)["anercorp"]
    found = found - np.log(np.exp(found).sum(axis=1, keepdims=True))
    # Vectors of pieces are rounded to 8 bits in the file, and batches are cut in another way.
    assert np.abs(found - wanted).max() < 0.1


def test_an_encoder_learns_the_labels_of_a_few_words() -> None:
    torch.manual_seed(1)
    trained = Trained(tiny_weights(), {"anercorp": len(LABELS)}, 3, pool_after=1)
    stream = tiny_stream()
    labels = np.array([0, 1, 0, 3, 0, 0, 0, 1])
    stream.label("anercorp", labels)
    teach(trained, [Task(stream, ("anercorp",))], Settings(60, 3e-4, limits=(64,)), seed=1)
    found = at_words(stream, find(trained, stream, ["anercorp"])["anercorp"]).argmax(axis=1)
    assert found.tolist() == labels.tolist()


def test_an_encoder_survives_the_wheels_four_bits() -> None:
    trained = Trained(tiny_weights(), {"anercorp": len(LABELS)}, 3, pool_after=1)
    again = Trained(in_four_bits(trained), {"anercorp": len(LABELS)}, 3, pool_after=1)
    for name, tensor in trained.state_dict().items():
        if name.startswith(("layers", "pieces")):
            assert torch.allclose(tensor, again.state_dict()[name], atol=0.03), name
