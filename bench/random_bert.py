"""A data folder for camel-tools with a BERT base of random weights: as slow as the published model.

Nothing needs to be downloaded for it. What it labels is worthless; speed and memory do not depend
on the weights.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from workers.entities.recognise.iob import TYPES

VOCABULARY_SIZE = 64_000
# Trained on so little text, a larger vocabulary would hold each word whole; this leaves 1.4 pieces
# a word.
LEARNT_PIECES = 8_000
SPECIAL_PIECES = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
LABELS = ("O", *(f"{prefix}-{kind}" for prefix in ("B", "I") for kind in TYPES))


def write_random_bert(data_dir: Path, texts: Iterable[str]) -> Path:
    """Write the folder.

    Args:
        data_dir: an empty folder.
        texts: what the word pieces are learnt from.

    Returns:
        The model's folder.
    """
    torch: Any = importlib.import_module("torch")
    transformers: Any = importlib.import_module("transformers")
    path = data_dir / "data" / "ner" / "arabert"
    path.mkdir(parents=True)
    datasets = {"arabert": {"path": "ner/arabert"}}
    components = {"NamedEntityRecognition": {"default": "arabert", "datasets": datasets}}
    catalogue = {"version": "1", "packages": {}, "components": components}
    (data_dir / "catalogue.json").write_text(json.dumps(catalogue), encoding="utf-8")
    pieces = _learn_pieces(texts)
    pieces += [f"[unused{number}]" for number in range(VOCABULARY_SIZE - len(pieces))]
    (path / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")
    (path / "tokenizer_config.json").write_text('{"do_lower_case": false}', encoding="utf-8")
    config = transformers.BertConfig(
        vocab_size=VOCABULARY_SIZE,
        id2label=dict(enumerate(LABELS)),
        label2id={label: index for index, label in enumerate(LABELS)},
    )
    torch.manual_seed(1)
    importlib.import_module("transformers.utils.logging").disable_progress_bar()
    transformers.BertForTokenClassification(config).save_pretrained(path)
    return path


def _learn_pieces(texts: Iterable[str]) -> list[str]:
    """Learn a WordPiece vocabulary, by id."""
    tokenizers: Any = importlib.import_module("tokenizers")
    models: Any = importlib.import_module("tokenizers.models")
    trainers: Any = importlib.import_module("tokenizers.trainers")
    split: Any = importlib.import_module("tokenizers.pre_tokenizers")
    tokenizer = tokenizers.Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = split.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=LEARNT_PIECES, special_tokens=list(SPECIAL_PIECES), show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    identifiers: dict[str, int] = tokenizer.get_vocab()
    return sorted(identifiers, key=identifiers.__getitem__)
