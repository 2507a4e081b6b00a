"""A BERT of two layers with random weights, in the files and folders that `camel_data` installs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئ"
WORDS = ("مصر", "القاهرة", "محمد", "علي", "في", "قال", "بغداد", "الأمم", "المتحدة")
MARKS = (".", "،", "-", "(", ")", "[", "]")
VOCABULARY = (
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"),
    *MARKS,
    *WORDS,
    *LETTERS,
    *(f"##{letter}" for letter in LETTERS),
)
LABELS = ("B-LOC", "B-ORG", "B-PERS", "B-MISC", "I-LOC", "I-ORG", "I-PERS", "I-MISC", "O")
CATALOGUE = {
    "version": "1",
    "packages": {},
    "components": {
        "NamedEntityRecognition": {
            "default": "arabert",
            "datasets": {"arabert": {"path": "ner/arabert"}},
        }
    },
}
SPECIAL_TOKENS = {
    "unk_token": "[UNK]",
    "sep_token": "[SEP]",
    "pad_token": "[PAD]",
    "cls_token": "[CLS]",
    "mask_token": "[MASK]",
}


def write_data(
    data_dir: Path,
    labels: tuple[str, ...] = LABELS,
    max_pieces: int = 512,
    embeddings: int = len(VOCABULARY),
) -> Path:
    """Write a data folder for camel-tools.

    Args:
        data_dir: folder to be made.
        labels: of the model.
        max_pieces: positions that the model has.
        embeddings: word pieces that the model knows.

    Returns:
        The model's folder.
    """
    torch: Any = pytest.importorskip("torch")
    transformers: Any = pytest.importorskip("transformers")
    path = data_dir / "data" / "ner" / "arabert"
    path.mkdir(parents=True)
    (data_dir / "catalogue.json").write_text(json.dumps(CATALOGUE), encoding="utf-8")
    (path / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n", encoding="utf-8")
    (path / "tokenizer_config.json").write_text('{"do_lower_case": false}', encoding="utf-8")
    (path / "special_tokens_map.json").write_text(json.dumps(SPECIAL_TOKENS), encoding="utf-8")
    config = transformers.BertConfig(
        vocab_size=embeddings,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=max_pieces,
        initializer_range=1.0,  # far enough from zero for most labels to occur
        id2label=dict(enumerate(labels)),
        label2id={label: index for index, label in enumerate(labels)},
        # Padding changes the order of additions: with 16 digits no label hangs on the last one.
        dtype="float64",
    )
    config.save_pretrained(path)
    torch.manual_seed(4)
    weights = transformers.BertForTokenClassification(config).double().state_dict()
    # The published file is of the year 2021, when transformers saved these too.
    weights["bert.embeddings.position_ids"] = torch.arange(max_pieces)[None]
    torch.save(weights, path / "pytorch_model.bin")
    return path
