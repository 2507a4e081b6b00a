"""The main text of article pages, beside trafilatura alone: `python -m bench.fulltext [--show]`.

Reads the 181 English pages of Scrapinghub's article extraction benchmark (MIT), which stand beside
the repository, and scores as that benchmark does: precision and recall of runs of four words, each
page counting the same, then F1 of their means. Prints that there is nothing to score where the
pages are absent.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import trafilatura

from ingest.parse.charset import decode_feed
from workers.text.page.read import read_article_page

PAGES = Path("../shared/data/pages/aeb")
SHINGLE = 4
"""Words of a run."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Page:
    """A Page is one file of the benchmark.

    Attributes:
        name: of the file, without its ending.
        url: where it came from.
        markup: HTML.
        gold: its article's text.
    """

    name: str
    url: str
    markup: str
    gold: str


@dataclass(frozen=True, slots=True)
class Score:
    """A Score compares one text with its gold.

    Attributes:
        precision: share of the found runs that are in the gold; None where nothing was found.
        recall: share of the gold's runs that were found.
        seconds: CPU time.
    """

    precision: float | None
    recall: float
    seconds: float

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        precision = self.precision or 0.0
        total = precision + self.recall
        return 2 * precision * self.recall / total if total else 0.0


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, default=PAGES)
    parser.add_argument("--show", action="store_true", help="print the pages read badly")
    options = parser.parse_args()
    if not options.pages.is_dir():
        print(f"{options.pages} is absent: nothing to score")
        return
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    pages = read_pages(options.pages)
    extractors: Mapping[str, Callable[[Page], str]] = {
        "nabaa": _nabaa,
        "trafilatura": lambda page: _trafilatura(page, precision=False),
        "trafilatura, favor_precision": lambda page: _trafilatura(page, precision=True),
    }
    print(f"{len(pages)} pages | precision | recall | F1 | ms p50 | ms p95")
    for name, extract in extractors.items():
        extract(pages[0])  # imports and tables
        scores = [score_page(extract, page) for page in pages]
        print(f"{name} | {describe(scores)}")
        if options.show and name == "nabaa":
            for page, score in sorted(zip(pages, scores, strict=True), key=lambda pair: pair[1].f1):
                if score.f1 < 0.95:
                    precision = score.precision or 0.0
                    print(f"  {page.name[:12]} P {precision:.3f} R {score.recall:.3f} {page.url}")


def read_pages(folder: Path) -> list[Page]:
    """Read the pages and their gold.

    Args:
        folder: holds `ground-truth.json` and `html/*.html.gz`.

    Returns:
        The pages, by name.
    """
    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    pages = []
    for name, gold in sorted(truth.items()):
        data = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        markup, _ = decode_feed(data, None)
        pages.append(Page(name, gold["url"], markup, gold["articleBody"]))
    return pages


def score_page(extract: Callable[[Page], str], page: Page) -> Score:
    """Time one extractor on one page and compare what it found with the gold."""
    began = time.process_time()
    text = extract(page)
    seconds = time.process_time() - began
    found, gold = _shingles(text), _shingles(page.gold)
    common = (found & gold).total()
    return Score(
        common / found.total() if found else None,
        common / gold.total() if gold else 1.0,
        seconds,
    )


def describe(scores: Sequence[Score]) -> str:
    """Return the means of the scores as the cells of a row."""
    precision = statistics.mean(each.precision for each in scores if each.precision is not None)
    recall = statistics.mean(each.recall for each in scores)
    f1 = 2 * precision * recall / (precision + recall)
    times = sorted(each.seconds * 1000 for each in scores)
    p50, p95 = times[len(times) // 2], times[len(times) * 95 // 100]
    return f"{precision:.3f} | {recall:.3f} | {f1:.4f} | {p50:.0f} | {p95:.0f}"


def _nabaa(page: Page) -> str:
    return read_article_page(page.markup, page.url).body_text


def _trafilatura(page: Page, *, precision: bool) -> str:
    found = trafilatura.extract(
        page.markup, url=page.url, favor_precision=precision, include_comments=False
    )
    return found or ""


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    length = max(1, len(words) - SHINGLE + 1)
    return Counter(run for i in range(length) if (run := tuple(words[i : i + SHINGLE])))


if __name__ == "__main__":
    main()
