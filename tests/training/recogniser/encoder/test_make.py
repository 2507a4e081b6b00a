"""From a small made-up data folder to models that load and read: every step of the recipe."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")
pytest.importorskip("pycrfsuite")

from tests.support.models.tiny_data import made_up_sentences, write_data
from tests.training.recogniser.encoder.tiny_encoder import PIECES, tiny_weights
from training.recogniser.encoder import make
from training.recogniser.encoder.arrays import load
from training.recogniser.encoder.learning import Settings
from training.recogniser.encoder.recipe import Recipe
from training.recogniser.encoder.wheel import E5
from training.recogniser.student.network import StudentSettings
from workers.entities.recognise.accurate import load_accurate
from workers.entities.recognise.crf import MODEL_PATH, load_crf

SHORT = Settings(1, 1e-4, pieces=512, limits=(64,))
QUICK = Recipe(
    guessed=10,
    adapt=SHORT,
    teach=SHORT,
    teachers=1,
    news=SHORT,
    finish=SHORT,
    rounding=SHORT,
    news_share=0.5,
    student=StudentSettings(1),
    student_end=StudentSettings(1),
    at_least=1,
    features=1000,
)


def tiny_model() -> E5:
    weights = tiny_weights(layers=5)  # four read pieces, the fifth words
    blocks = {
        name[3:]: array.astype(np.uint8)
        for name, array in weights.items()
        if name.startswith("q4:")
    }
    arrays = {
        name[3:]: array.astype(np.float32)
        for name, array in weights.items()
        if name.startswith("f4:")
    }
    scores = np.full(len(PIECES), -1.0, dtype=np.float32)
    begin, end, unknown = (PIECES.index(name) for name in ("<s>", "</s>", "<unk>"))
    return E5(list(PIECES), scores, begin, end, unknown, blocks, arrays)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = write_data(tmp_path_factory.mktemp("data"))
    for part in ("train", "dev"):
        text = (data / "ner" / "anercorp_train.conll").read_text("utf-8")
        (data / "ner" / f"wojood_{part}.conll").write_text(text, "utf-8")
    path = data / "prepared.npz"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make, "fetch", lambda folder: folder)
        patch.setattr(make, "read", lambda _: tiny_model())
        make.main(["--data", str(data), "--prepare", str(path)])
    return path


def test_encoder_and_student_are_made_and_the_default_model_stays(
    prepared: Path, tmp_path: Path
) -> None:
    default = MODEL_PATH.read_bytes()
    encoder, student = tmp_path / "accurate.npz", tmp_path / "student.npz"
    arrays = load(prepared)
    make.learn(arrays, QUICK, dev=False, encoder_path=encoder, model_path=student, limit=3)
    sentences = [tokens for tokens, _ in made_up_sentences()]
    assert len(load_accurate(encoder).recognise(sentences)) == len(sentences)
    assert len(load_crf(student).recognise(sentences)) == len(sentences)
    assert MODEL_PATH.read_bytes() == default
