"""The `camel` recogniser: camel-tools' BERT `NERecognizer`, for who installed torch and its data.

Gives the labels that its `predict` gives, but one for every token, from batches that are padded to
their own longest sentence, and never reaches for the network. Loading takes seconds and labelling
keeps every core busy: the caller runs both in a thread. Cleaning the text is the caller's as well.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nabaa.errors import RecogniserError
from workers.entities.recognise.camel_data import (
    DATA_VARIABLE,
    VOCABULARY_FILE,
    default_data_dir,
    find_model,
    install_command,
    require_packages,
)
from workers.entities.recognise.iob import TYPES, iob2_to_spans
from workers.model import Span

LABELS = frozenset({"O"} | {f"{prefix}-{kind}" for prefix in ("B", "I") for kind in TYPES})

# camel-tools cuts a longer sentence at this many pieces, [CLS] and [SEP] included; the models were
# fine-tuned so.
_MAX_PIECES = 256


@dataclass(frozen=True, slots=True)
class Window:
    """As much of a sentence as the model reads at once.

    Attributes:
        sentence: index of the sentence.
        positions: index in the sentence of each token that has pieces here, rising.
        firsts: index in `pieces` of the first piece of each of these tokens.
        pieces: ids of word pieces, without [CLS] and [SEP].
    """

    sentence: int
    positions: tuple[int, ...]
    firsts: tuple[int, ...]
    pieces: tuple[int, ...]


def split_windows(
    sentence: int, pieces_of_tokens: Sequence[Sequence[int]], limit: int
) -> list[Window]:
    """Cut a sentence at token borders, as late as the limit allows, as camel-tools does.

    Args:
        sentence: index of the sentence, passed on.
        pieces_of_tokens: ids of the word pieces of each token; a token may have none.
        limit: most pieces in a window, at least 1; of a longer token only so many are read.

    Returns:
        Windows in reading order; each token that has pieces is in exactly one.
    """
    windows: list[Window] = []
    positions: list[int] = []
    firsts: list[int] = []
    pieces: list[int] = []
    for position, token_pieces in enumerate(pieces_of_tokens):
        read = token_pieces[:limit]
        if not read:
            continue
        if len(pieces) + len(read) > limit:
            windows.append(Window(sentence, tuple(positions), tuple(firsts), tuple(pieces)))
            positions, firsts, pieces = [], [], []
        positions.append(position)
        firsts.append(len(pieces))
        pieces.extend(read)
    if pieces:
        windows.append(Window(sentence, tuple(positions), tuple(firsts), tuple(pieces)))
    return windows


class CamelRecogniser:
    """Names by camel-tools' BERT; several threads may use one at once.

    Args:
        recognizer: a loaded `camel_tools.ner.NERecognizer`, on the CPU.
        batch_size: windows that the model reads at once; more take more memory.

    Raises:
        RecogniserError: the model's labels are not those of the four classes, or its tokeniser
            knows more pieces than the model.
    """

    name = "camel"

    def __init__(self, recognizer: Any, batch_size: int) -> None:
        self._torch: Any = importlib.import_module("torch")
        self._model: Any = recognizer.model.eval()
        self._tokenizer: Any = recognizer.tokenizer
        config: Any = self._model.config
        self._labels: dict[int, str] = dict(config.id2label)
        unknown = sorted(set(self._labels.values()) - LABELS)
        if unknown:
            raise RecogniserError(
                f"the model's labels must be O and B- or I- of {', '.join(TYPES)}, "
                f"but it has {', '.join(unknown)}"
            )
        if len(self._tokenizer) > config.vocab_size:
            raise RecogniserError(
                f"{VOCABULARY_FILE} has {len(self._tokenizer)} word pieces, but the model has "
                f"{config.vocab_size}: they do not belong together"
            )
        self._limit = min(_MAX_PIECES, config.max_position_embeddings) - 2
        self._batch_size = batch_size

    def recognise(self, sentences: Sequence[Sequence[str]]) -> list[list[Span]]:
        """Find the names of each sentence, as the protocol says.

        Args:
            sentences: tokens of each sentence.

        Returns:
            One list a sentence, in the same order.
        """
        return [iob2_to_spans(labels) for labels in self.label(sentences)]

    def label(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """Label each token as the model does its first word piece.

        Args:
            sentences: tokens of each sentence.

        Returns:
            For each sentence, in the same order, exactly one of `LABELS` for each token; `O`
            where the tokeniser leaves nothing of a token. An I- may stand alone.
        """
        labels = [["O"] * len(sentence) for sentence in sentences]
        pieces = self._pieces(sentences)
        windows = [
            window
            for index, sentence in enumerate(sentences)
            for window in split_windows(index, [pieces[t] for t in sentence], self._limit)
        ]
        windows.sort(key=lambda window: len(window.pieces))
        for start in range(0, len(windows), self._batch_size):
            batch = windows[start : start + self._batch_size]
            for window, label_ids in zip(batch, self._classify(batch), strict=True):
                for position, label_id in zip(window.positions, label_ids, strict=True):
                    labels[window.sentence][position] = self._labels[label_id]
        return labels

    def _pieces(self, sentences: Sequence[Sequence[str]]) -> dict[str, list[int]]:
        tokens = list(dict.fromkeys(token for sentence in sentences for token in sentence))
        if not tokens:
            return {}
        # Half of a surrogate pair, which JSON can carry, is no text to the tokeniser: it raises.
        texts = [t.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for t in tokens]
        encoded = self._tokenizer(texts, add_special_tokens=False)
        return dict(zip(tokens, encoded["input_ids"], strict=True))

    def _classify(self, batch: Sequence[Window]) -> list[list[int]]:
        """Return the best label's id of the first piece of each token of each window."""
        torch, tokenizer = self._torch, self._tokenizer
        width = max(len(window.pieces) for window in batch) + 2
        ids = torch.full((len(batch), width), tokenizer.pad_token_id)
        mask = torch.zeros_like(ids)
        for row, window in enumerate(batch):
            read = [tokenizer.cls_token_id, *window.pieces, tokenizer.sep_token_id]
            ids[row, : len(read)] = torch.tensor(read)
            mask[row, : len(read)] = 1
        with torch.inference_mode():
            logits = self._model(input_ids=ids, attention_mask=mask).logits
        best: list[list[int]] = logits.argmax(dim=-1).tolist()
        return [
            [row[first + 1] for first in window.firsts]
            for row, window in zip(best, batch, strict=True)
        ]


def load_camel(
    model_name: str = "arabert",
    data_dir: Path | None = None,
    batch_size: int = 16,
    threads: int | None = None,
) -> CamelRecogniser:
    """Load camel-tools' recogniser from disk: some seconds, on the calling thread.

    Args:
        model_name: name of a `NamedEntityRecognition` data set in camel-tools' catalogue.
        data_dir: folder of `catalogue.json` and `data/`; None: what `CAMELTOOLS_DATA` says, else
            camel-tools' own default, `~/.camel_tools`.
        batch_size: windows that the model reads at once.
        threads: cores that torch uses, in this whole process; None leaves torch as it is.

    Returns:
        The recogniser, ready to work.

    Raises:
        RecogniserError: packages, the catalogue or the model are missing or broken; says what to
            install.
    """
    require_packages()
    data_dir = (data_dir or default_data_dir()).expanduser().absolute()
    model_path = find_model(model_name, data_dir)
    try:
        recognizer = _load_recognizer(model_path, data_dir)
        if threads is not None:
            importlib.import_module("torch").set_num_threads(threads)
        return CamelRecogniser(recognizer, batch_size)
    except RecogniserError as error:
        raise RecogniserError(f"{model_path}: {error}") from error
    except Exception as error:  # torch, transformers and camel-tools raise what they like
        reason = (str(error).strip().splitlines() or [""])[0]
        raise RecogniserError(
            f"{model_path} cannot be loaded ({type(error).__name__}: {reason}): run "
            f"`make setup-neural` and `{install_command(model_name, data_dir, force=True)}`"
        ) from error


def _load_recognizer(model_path: Path, data_dir: Path) -> Any:
    before = os.environ.get(DATA_VARIABLE)
    os.environ[DATA_VARIABLE] = str(data_dir)  # read once, when camel_tools.data is imported
    try:
        ner: Any = importlib.import_module("camel_tools.ner")
    finally:
        if before is None:
            del os.environ[DATA_VARIABLE]
        else:
            os.environ[DATA_VARIABLE] = before
    # Else the progress of reading 200 tensors lands in the log.
    importlib.import_module("transformers.utils.logging").disable_progress_bar()
    return ner.NERecognizer(str(model_path), use_gpu=False)
