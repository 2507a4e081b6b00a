"""The fast recogniser says the same in PyTorch and in the format that is shipped."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

torch = pytest.importorskip("torch")

from training.recogniser.student.export import calibrated, model_of  # noqa: E402
from training.recogniser.student.network import (  # noqa: E402
    Student,
    StudentSettings,
    Text,
    ask,
    number_features,
    train_student,
)
from training.recogniser.student.wordparts import word_parts  # noqa: E402
from workers.entities.recognise.crf import CrfRecogniser  # noqa: E402
from workers.entities.recognise.embedding import Rows  # noqa: E402
from workers.entities.recognise.model import LABELS, load_model, save_model  # noqa: E402

WORDS = ["قال", "بشار", "الأسد", "في", "دمشق", "."]
SENTENCES = [[0, 1, 2, 3, 4, 5], [1, 0, 5]]
TAGS = [[0, 1, 2, 0, 3, 0], [1, 0, 0]]


def test_the_shipped_model_gives_the_labels_and_scores_of_training(tmp_path: Path) -> None:
    torch.manual_seed(1)
    known = {"دمشق": "gl"}
    rows = Rows.of(["قال", "في"], ["gl", "c="])
    parts = word_parts(WORDS, known, rows, ["gl", "c="], None, processes=1)
    features, keys = number_features(parts, np.full(len(WORDS), 5), at_least=1, most=1000)
    student = Student(parts, features, len(keys), rows.count, 2, {"anercorp": len(LABELS)}, "cpu")
    words = torch.tensor([word for sentence in SENTENCES for word in sentence])
    labels = torch.tensor([tag for tags in TAGS for tag in tags])
    wanted = torch.nn.functional.one_hot(labels, len(LABELS)).float()
    lengths = np.array([len(sentence) for sentence in SENTENCES])
    text = Text(words, np.cumsum(lengths) - lengths, lengths, {"anercorp": wanted})
    train_student(student, [text], StudentSettings(80, rate=5e-3), seed=1)
    scores = ask(student, text, "anercorp")
    assert scores.argmax(1).tolist() == labels.tolist()

    values = {name: tensor.numpy() for name, tensor in student.state_dict().items()}
    save_model(model_of(values, keys, rows, known, {}), tmp_path / "crf.npz")
    shipped = CrfRecogniser(load_model(tmp_path / "crf.npz"))
    sentences = [[WORDS[word] for word in sentence] for sentence in SENTENCES]
    found = shipped.recognise(sentences)
    assert [(span.start, span.end, span.type) for span in found[0]] == [
        (1, 3, "PERS"),
        (4, 5, "LOC"),
    ]
    emissions, starts, _ = shipped._emissions(sentences, lengths)
    rows_of = np.concatenate(
        [emissions[start : start + length] for start, length in zip(starts, lengths, strict=True)]
    )
    again = torch.from_numpy(rows_of).softmax(1)
    # Vectors have 8 bits in the file.
    assert (again - scores.exp()).abs().max() < 0.05


def untrained_student() -> tuple[Student, npt.NDArray[np.uint64], Rows]:
    torch.manual_seed(1)
    rows = Rows.of(["قال", "في"], ["c="])
    parts = word_parts(WORDS, {}, rows, ["c="], None, processes=1)
    features, keys = number_features(parts, np.full(len(WORDS), 5), at_least=1, most=1000)
    heads = {"anercorp": len(LABELS)}
    return Student(parts, features, len(keys), rows.count, 2, heads, "cpu"), keys, rows


def test_learning_goes_on_with_the_largest_weights_of_features_alone() -> None:
    student, _, _ = untrained_student()
    with torch.no_grad():
        student.linear.normal_()
    largest = student.linear.abs().flatten().topk(7).indices.tolist()
    student.keep_largest(7)
    words = torch.tensor(SENTENCES[0])
    wanted = torch.nn.functional.one_hot(torch.tensor(TAGS[0]), len(LABELS)).float()
    text = Text(words, np.array([0]), np.array([len(words)]), {"anercorp": wanted})
    train_student(student, [text], StudentSettings(3), seed=1)
    assert student.linear.flatten().nonzero().flatten().tolist() == sorted(largest)


def test_calibration_makes_names_rarer_and_labels_follow_each_other_as_in_the_corpus() -> None:
    student, keys, rows = untrained_student()
    values = {name: tensor.numpy() for name, tensor in student.state_dict().items()}
    plain = model_of(values, keys, rows, {}, {})
    labels = np.array([tag for tags in TAGS for tag in tags] * 20)
    model = calibrated(plain, labels, np.array([len(tags) for tags in TAGS] * 20))
    moved = model.context.output_bias - plain.context.output_bias
    assert moved.tolist() == pytest.approx([0.3] + [0] * 8)
    steps = model.context.transitions
    assert steps[1, 2] > 0 > steps[0, 2]  # a second word of a name follows the first, never O
    # The last label of a sentence and the first of the next are no pair.
    assert steps[0, 1] == pytest.approx(0.2 * np.log((20.5 / 64.5) / (40.5 / 184.5)), abs=0.05)
