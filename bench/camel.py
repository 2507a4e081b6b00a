"""Sentences a second of the `camel` recogniser against camel-tools' own `predict`, in the same run.

The weights are random but of the published size (BERT base, 64,000 word pieces), so nothing needs
to be downloaded; the sentences are real, for their lengths decide the ratio. Needs
`make setup-neural`. Run: `.venv/bin/python -m bench.camel [--sentences N] [--rounds N]`.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from workers.recognise.camel import CamelRecogniser, load_camel
from workers.recognise.iob import TYPES, read_conll

VOCABULARY_SIZE = 64_000
# Trained on so little text, a larger vocabulary would hold each word whole; this leaves 1.4 pieces
# a word.
LEARNT_PIECES = 8_000
SPECIAL_PIECES = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
LABELS = ("O", *(f"{prefix}-{kind}" for prefix in ("B", "I") for kind in TYPES))


def main() -> None:
    """Make the model, measure, print the table."""
    parser = argparse.ArgumentParser(description="the camel recogniser against camel-tools")
    parser.add_argument("--sentences", type=int, default=64, help="sentences read in a round")
    parser.add_argument("--rounds", type=int, default=3, help="rounds; the best one counts")
    parser.add_argument("--batch-size", type=int, default=16, help="sentences in a batch, of both")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="its data folder")
    options = parser.parse_args()

    corpus = options.data / "ner" / "anercorp_train.conll"
    with corpus.open(encoding="utf-8") as lines:
        corpus_sentences = [tokens for tokens, _ in read_conll(lines)]
    sentences = random.Random(1).sample(corpus_sentences, options.sentences)  # same every time

    with tempfile.TemporaryDirectory() as folder:
        model_path = write_model(Path(folder), corpus_sentences)
        recogniser = load_camel(data_dir=Path(folder), batch_size=options.batch_size)
        ner: Any = importlib.import_module("camel_tools.ner")
        peer: Any = ner.NERecognizer(str(model_path), use_gpu=False)
        compare(recogniser, peer, sentences, options.batch_size, options.rounds)
    torch: Any = importlib.import_module("torch")
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, ", end="")
    print(f"{torch.get_num_threads()} threads, torch {torch.__version__}")


def compare(
    recogniser: CamelRecogniser,
    peer: Any,
    sentences: list[list[str]],
    batch_size: int,
    rounds: int,
) -> None:
    """Print a table of both, each at its best round, and how far their labels agree."""
    ours: list[float] = []
    theirs: list[float] = []
    expected: list[list[str]] = []
    labels: list[list[str]] = []
    recogniser.label(sentences[:2])
    for _ in range(rounds):
        theirs.append(seconds(lambda: expected.extend(peer.predict(sentences, batch_size))))
        ours.append(seconds(lambda: labels.extend(recogniser.label(sentences))))
    tokens = sum(map(len, sentences))
    print(f"{len(sentences)} sentences, {tokens} tokens, best of {rounds} rounds\n")
    print("| | sentences/s | tokens/s | ratio |\n| --- | ---: | ---: | ---: |")
    for name, best in (("camel-tools predict", min(theirs)), ("camel recogniser", min(ours))):
        rate = len(sentences) / best
        print(f"| {name} | {rate:.1f} | {tokens / best:.0f} | {min(theirs) / best:.1f} |")
    pairs = [pair for pair in zip(expected, labels, strict=True) if len(pair[0]) == len(pair[1])]
    equal = sum(a == b for row in pairs for a, b in zip(*row, strict=True))
    compared = sum(len(a) for a, _ in pairs)
    print(f"\nsame label: {equal} of {compared} tokens, of the sentences that predict kept whole")


def seconds(work: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def write_model(data_dir: Path, sentences: Sequence[Sequence[str]]) -> Path:
    """Write a data folder for camel-tools with a random BERT base in it.

    Args:
        data_dir: an empty folder.
        sentences: what the word pieces are learnt from.

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
    pieces = learn_pieces(sentences)
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


def learn_pieces(sentences: Sequence[Sequence[str]]) -> list[str]:
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
    tokenizer.train_from_iterator((" ".join(tokens) for tokens in sentences), trainer)
    identifiers: dict[str, int] = tokenizer.get_vocab()
    return sorted(identifiers, key=identifiers.__getitem__)


if __name__ == "__main__":
    main()
