"""The `crf` recogniser: tokens a second on one core, memory, load time, and F1 by class.

`taskset -c 0 python -m bench.recogniser --news FILE.jsonl.gz` times normalising, tokenising and
recognising of whole articles, as a worker does it. The shipped model has seen all labelled
newswire, so the F1 is that of a model which has not seen the held-out blocks: make one with
`python -m workers.recognise.train --dev --out FILE.npz` and name it with `--held-out-model`.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import time
from pathlib import Path

from tests.farm.articles import SAMPLE, read_articles
from workers.normalise import normalise
from workers.recognise.corpora import anercorp
from workers.recognise.crf import MODEL_PATH, load_crf
from workers.recognise.evaluation import DEV_BLOCKS, held_out, table
from workers.tokenise import sentences


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="speed, memory and F1 of the crf recogniser")
    parser.add_argument("--news", type=Path, default=SAMPLE, help="articles, JSONL or JSONL.gz")
    parser.add_argument("--limit", type=int, default=3000, help="articles to read")
    parser.add_argument("--batch", type=int, default=32, help="articles in a batch")
    parser.add_argument("--held-out-model", type=Path, help="made by `train --dev --out`")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="data folder")
    options = parser.parse_args()
    print(
        f"{platform.machine()}, {len(os.sched_getaffinity(0))} of {os.cpu_count()} cores, "
        f"Python {platform.python_version()}\n"
    )
    articles = read_articles(options.news, options.limit)
    texts = [f"{article.title}\n{article.text}" for article in articles]
    measure(texts, options.batch)
    if options.held_out_model:
        _, dev = held_out(anercorp(options.data / "ner"))
        blocks = ", ".join(f"{first:.0%} to {last:.0%}" for first, last in DEV_BLOCKS)
        print(f"\nheld-out newswire, {len(dev)} sentences ({blocks}):")
        print(table(load_crf(options.held_out_model), dev))


def measure(texts: list[str], batch: int) -> None:
    """Print load time, tokens a second of each step, and the memory that the recogniser takes.

    Args:
        texts: raw texts of articles.
        batch: how many go to the recogniser at once.
    """
    before = _resident_mb()
    began = time.perf_counter()
    recogniser = load_crf()
    recogniser.recognise([["القاهرة"]])
    _row("model file, MB", MODEL_PATH.stat().st_size / 1e6)
    _row("load and first sentence, s", time.perf_counter() - began)
    _row("memory added by loading, MB", _resident_mb() - before)
    times: dict[str, list[float]] = {"normalise": [], "tokenise": [], "recognise": []}
    tokens = names = 0
    for first in range(0, len(texts), batch):
        marks = [time.process_time()]
        clean = [normalise(text, "ar") for text in texts[first : first + batch]]
        marks.append(time.process_time())
        words = [[t.text for t in s] for text in clean for s in sentences(text)]
        marks.append(time.process_time())
        found = recogniser.recognise(words)
        marks.append(time.process_time())
        for step, begin, end in zip(times.values(), marks, marks[1:], strict=False):
            step.append(end - begin)
        tokens += sum(map(len, words))
        names += sum(map(len, found))
    print(f"\n{len(texts):,} articles, {tokens:,} tokens, {names:,} names, batches of {batch}")
    for name, step in times.items():
        _row(f"{name}, tokens/s", tokens / sum(step))
    total = [sum(parts) for parts in zip(*times.values(), strict=True)]
    _row("all three, tokens/s", tokens / sum(total))
    half = len(total) // 2
    if half:
        per_batch = statistics.mean(total[half:])
        _row("all three, second half of them, articles/s", batch / per_batch)
    _row("memory added by loading and all articles, MB", _resident_mb() - before)


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def _row(name: str, value: float) -> None:
    print(f"  {name:<50} {value:>12,.2f}")


if __name__ == "__main__":
    main()
