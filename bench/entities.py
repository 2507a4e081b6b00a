"""The recognisers side by side: F1 by class, speed on one core, memory, time to the first article.

`python -m bench.entities --articles FILE.jsonl.gz --held-out-model FILE.npz` measures `crf`, beside
it `accurate` where onnxruntime is installed, and `camel` and camel-tools' own `predict` where
`make setup-neural` has been run. Each runs in a process of its own, reads articles as a worker does
(normalise, tokenise, recognise in batches), and is timed by CPU time, so that other programs on the
machine count little.
"""

from __future__ import annotations

import argparse
import importlib
import json
import multiprocessing
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from tests.support.farm.content.articles import SAMPLE, read_articles
from training.recogniser.corpora import anercorp
from training.recogniser.evaluation import DEV_BLOCKS, held_out, table
from workers.entities.recognise.accurate import load_accurate
from workers.entities.recognise.crf import MODEL_PATH, load_crf
from workers.entities.recognise.encoder import ENCODER_PATH
from workers.text.normalise import normalise
from workers.text.tokenise import sentences

CRF, ACCURATE, CAMEL, PREDICT = "crf", "accurate", "camel", "camel-tools predict"
CRF_BATCH = 32
"""Articles in a batch, as a worker takes them."""

CAMEL_BATCH = 16
"""Sentences that BERT reads at once."""

Recognise = Callable[[list[list[str]]], object]
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Figures:
    """What one recogniser took.

    Attributes:
        articles: how many it has read.
        tokens: how many were in them.
        first_seconds: CPU time from the start of its process to the first article.
        all_seconds: CPU time to normalise, tokenise and recognise the others.
        recognise_seconds: the part of it that recognising took.
        late_seconds: what the second half of the articles took, when most words are known.
        late_tokens: tokens in that half.
        start_mb: memory of the process before anything was loaded, modules included.
        end_mb: memory with the model and all that it keeps of the articles, start included.
        peak_mb: the most that it had.
    """

    articles: int
    tokens: int
    first_seconds: float
    all_seconds: float
    recognise_seconds: float
    late_seconds: float
    late_tokens: int
    start_mb: float
    end_mb: float
    peak_mb: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="the recognisers: F1, speed, memory")
    parser.add_argument("--articles", type=Path, default=SAMPLE, help="JSONL or JSONL.gz")
    parser.add_argument("--limit", type=int, default=3000, help="articles that crf reads")
    parser.add_argument("--camel-limit", type=int, default=16, help="articles that BERT reads")
    parser.add_argument("--accurate-limit", type=int, default=300, help="that `accurate` reads")
    parser.add_argument("--held-out-model", type=Path, help="made by `train --dev --out`")
    parser.add_argument("--held-out-encoder", type=Path, help="made by `make --dev --encoder`")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="data folder")
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print_f1(options.held_out_model, options.held_out_encoder, options.data)
    # Libraries read it when they are loaded, in the processes that follow: one core for each.
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
    texts = [
        f"{each.title}\n{each.text}" for each in read_articles(options.articles, options.limit)
    ]
    with tempfile.TemporaryDirectory(prefix="nabaa-bench-") as folder:
        print_costs(texts, options.accurate_limit, options.camel_limit, Path(folder))


def print_f1(model: Path | None, encoder: Path | None, data: Path) -> None:
    """Print strict F1 of models that have not seen the held-out blocks of the newswire."""
    blocks = ", ".join(f"{first:.0%} to {last:.0%}" for first, last in DEV_BLOCKS)
    print(f"\n## Names found in newswire that was held out ({blocks})\n")
    if model is None:
        print(
            "Left out: the shipped model has seen these sentences. Make one that has not with "
            "`python -m training.recogniser.default.train --dev --out FILE` and give it as "
            "`--held-out-model`."
        )
        return
    _, dev = held_out(anercorp(data / "ner"))
    print(f"{len(dev)} sentences; a name counts only with exactly its bounds and class.\n")
    print(table(load_crf(model), dev))
    if encoder is not None:
        print(f"\n`{ACCURATE}`:\n\n{table(load_accurate(encoder, model), dev)}")


def print_costs(texts: list[str], accurate_limit: int, camel_limit: int, folder: Path) -> None:
    """Measure each recogniser in a process of its own and print them side by side.

    Args:
        texts: raw texts of articles.
        accurate_limit: how many of them `accurate` reads.
        camel_limit: how many of them BERT reads.
        folder: an empty one, for what the processes need.
    """
    print("\n## Cost on one core, normalising and tokenising included\n")
    read = {CRF: _written(texts, folder / "all.jsonl")}
    if find_spec("onnxruntime") is not None:
        read[ACCURATE] = _written(texts[:accurate_limit], folder / "some.jsonl")
    if missing := [name for name in ("torch", "transformers") if find_spec(name) is None]:
        print(f"Without {' and '.join(missing)} `{CAMEL}` is left out: `make setup-neural`.\n")
    else:
        step = max(1, len(texts) // camel_limit)
        few = _written(texts[::step][:camel_limit], folder / "few.jsonl")
        _in_child(_write_model, few, folder)
        read |= {CAMEL: few, PREDICT: few}
    found = {name: _in_child(measure, name, path, folder) for name, path in read.items()}
    rows: list[tuple[str, Callable[[Figures], str]]] = [
        ("articles", lambda each: f"{each.articles:,}"),
        ("tokens", lambda each: f"{each.tokens:,}"),
        ("**tokens/s**", lambda each: f"**{each.tokens / each.all_seconds:,.0f}**"),
        ("… second half of the articles", lambda each: _rate(each.late_tokens, each.late_seconds)),
        ("… recognising alone", lambda each: _rate(each.tokens, each.recognise_seconds)),
        ("articles/s", lambda each: f"{each.articles / each.all_seconds:,.1f}"),
        ("start of the process to first article, s", lambda each: f"{each.first_seconds:.2f}"),
        ("memory with the model, all articles read, MB", lambda each: f"{each.end_mb:,.0f}"),
        ("… at its peak", lambda each: f"{each.peak_mb:,.0f}"),
        ("… of the empty process", lambda each: f"{each.start_mb:,.0f}"),
    ]
    print(f"| | {' | '.join(f'`{name}`' for name in found)} |")
    print("| --- |" + " ---: |" * len(found))
    for title, shown in rows:
        print(f"| {title} | {' | '.join(map(shown, found.values()))} |")
    of_crf, besides = (path.stat().st_size / 1e6 for path in (MODEL_PATH, ENCODER_PATH))
    print(f"\nModel files: `{CRF}` {of_crf:.1f} MB, `{ACCURATE}` {besides:.1f} MB more.", end=" ")
    if PREDICT in found:
        ours, theirs = (found[name].tokens / found[name].all_seconds for name in (CRF, PREDICT))
        print(f"`{CRF}` is {ours / theirs:,.0f} times as fast as camel-tools' `predict`.", end=" ")
        print("BERT base of the published size with random weights.", end="")
    print()


def measure(name: str, articles: Path, folder: Path) -> Figures:
    """Read articles with one recogniser, in a fresh process.

    Args:
        name: which one.
        articles: raw texts, each in JSON on a line of its own; at least two.
        folder: holds the data folder of camel-tools.
    """
    start_mb = _memory_mb("VmRSS")
    recognise, batch = _loaded(name, folder)
    batches = _batches(articles, batch)
    recognise(_words(next(batches)))
    first_seconds = time.process_time()
    count, tokens, totals, alone = 0, [], [], []
    for each in batches:
        began = time.process_time()
        words = _words(each)
        middle = time.process_time()
        recognise(words)
        ended = time.process_time()
        count += len(each)
        tokens.append(sum(map(len, words)))
        totals.append(ended - began)
        alone.append(ended - middle)
    half = len(totals) // 2
    return Figures(
        articles=count,
        tokens=sum(tokens),
        first_seconds=first_seconds,
        all_seconds=sum(totals),
        recognise_seconds=sum(alone),
        late_seconds=sum(totals[half:]),
        late_tokens=sum(tokens[half:]),
        start_mb=start_mb,
        end_mb=_memory_mb("VmRSS"),
        peak_mb=_memory_mb("VmHWM"),
    )


def _loaded(name: str, folder: Path) -> tuple[Recognise, int]:
    """Return the recogniser and how many articles it reads at once."""
    if name == CRF:
        return load_crf().recognise, CRF_BATCH
    if name == ACCURATE:
        return load_accurate().recognise, CRF_BATCH
    if name == CAMEL:
        camel: Any = importlib.import_module("workers.entities.recognise.camel")
        recogniser: Any = camel.load_camel(data_dir=folder, batch_size=CAMEL_BATCH)
        return recogniser.recognise, 1
    os.environ["CAMELTOOLS_DATA"] = str(folder)  # its import looks for a catalogue there
    importlib.import_module("transformers.utils.logging").disable_progress_bar()
    ner: Any = importlib.import_module("camel_tools.ner")
    peer: Any = ner.NERecognizer(str(_model_path(folder)), use_gpu=False)
    return lambda words: peer.predict([each for each in words if each], CAMEL_BATCH), 1


def _words(texts: Sequence[str]) -> list[list[str]]:
    """Return the sentences of articles as words, an empty sentence after each article."""
    return [
        words
        for text in texts
        for words in (
            *([token.text for token in each] for each in sentences(normalise(text, "ar"))),
            [],
        )
    ]


def _in_child(work: Callable[..., R], *args: object) -> R:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as child:
        return child.submit(work, *args).result()


def _write_model(articles: Path, folder: Path) -> None:
    random_bert: Any = importlib.import_module("bench.random_bert")
    texts = [text for batch in _batches(articles, 1) for text in batch]
    random_bert.write_random_bert(folder, texts)


def _model_path(folder: Path) -> Path:
    return folder / "data" / "ner" / "arabert"


def _written(texts: Sequence[str], path: Path) -> Path:
    path.write_text("\n".join(map(json.dumps, texts)), encoding="ascii")
    return path


def _batches(path: Path, size: int) -> Iterator[list[str]]:
    """Yield the texts of a file, the first by itself; no more than a batch is in memory."""
    with path.open(encoding="ascii") as lines:
        texts = map(json.loads, lines)
        yield list(islice(texts, 1))
        while batch := list(islice(texts, size)):
            yield batch


def _rate(tokens: int, seconds: float) -> str:
    return f"{tokens / seconds:,.0f}"


def _memory_mb(key: str) -> float:
    """Return a line of the process's status; `getrusage` would tell its parent's peak as well."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith(f"{key}:"))
    return int(line.split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    main()
