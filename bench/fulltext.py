"""The main text of article pages, beside other extractors: `python -m bench.fulltext`.

Two sets: our own pages (`tests/support/pages`), and the 181 English pages of Scrapinghub's article
extraction benchmark (MIT), which stand beside the repository; without them only ours are scored.
The other extractors live in an environment of their own, so that the locks do not grow:

    uv venv /tmp/peers && uv pip install --python /tmp/peers/bin/python -r bench/fulltext_peers.txt
    python -m bench.fulltext --peers /tmp/peers/bin/python [--show]

English pages are scored as that benchmark does: precision and recall of runs of four words, each
page counting the same, then F1 of their means. Of ours it is told how many begin, end and are
exactly as they should, and the mean F1 of their words.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import fulltext_peers
from ingest.parse.charset import decode_feed
from tests.support.pages.kinds import KINDS
from tests.support.pages.templates import TEMPLATES, Template
from workers.text.page.read import read_article_page

PAGES = Path("../shared/data/pages/aeb")
SHINGLE = 4
"""Words of a run."""

EDGE = 8
"""Words by which a text begins or ends right."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Page:
    """A Page is one of a set.

    Attributes:
        name: of the file or the template.
        url: where it came from.
        markup: HTML.
        gold: its article's text.
    """

    name: str
    url: str
    markup: str
    gold: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A Reading is what one extractor made of one page.

    Attributes:
        text: that it found.
        seconds: CPU time.
    """

    text: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Score:
    """A Score compares one text with its gold, by runs of words.

    Attributes:
        precision: share of the found runs that are in the gold; None where nothing was found.
        recall: share of the gold's runs that were found.
    """

    precision: float | None
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        precision = self.precision or 0.0
        total = precision + self.recall
        return 2 * precision * self.recall / total if total else 0.0


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, default=PAGES)
    parser.add_argument("--peers", help="interpreter of the environment of the others")
    parser.add_argument("--show", action="store_true", help="print the pages read badly")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    own = own_pages()
    print(f"{len(own)} pages of ours | begin | end | whole | word F1 | ms p50 | ms p95")
    for name, readings in read_all(own, options.peers).items():
        print(f"{name} | {describe_own(own, readings)}")
        if options.show:
            _show_own(own, readings)
    _print_metadata()
    if not options.pages.is_dir():
        print(f"{options.pages} is absent: nothing more to score")
        return
    pages = read_pages(options.pages)
    print(f"{len(pages)} English pages | precision | recall | F1 | ms p50 | ms p95")
    for name, readings in read_all(pages, options.peers).items():
        scores = [score(each.text, page.gold) for each, page in zip(readings, pages, strict=True)]
        print(f"{name} | {describe(scores)} | {times(readings)}")
        if options.show and name == "nabaa":
            _show(pages, scores)


def own_pages() -> list[Page]:
    """Return the pages of the tests that hold an article."""
    made = {name: make() for name, make in {**TEMPLATES, **KINDS}.items()}
    return [Page(name, each.url, each.markup, each.body) for name, each in made.items()]


def read_pages(folder: Path) -> list[Page]:
    """Read the pages of the benchmark and their gold.

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


def read_all(pages: Sequence[Page], peers: str | None) -> Mapping[str, list[Reading]]:
    """Read pages with nabaa and the others.

    Args:
        pages: at least one.
        peers: interpreter of the environment of the others; None for trafilatura alone, which
            nabaa uses and is therefore here.

    Returns:
        For each extractor a reading a page.
    """
    read_article_page(pages[0].markup, pages[0].url)  # imports and tables
    found = {"nabaa": [_nabaa(page) for page in pages]}
    lines = "".join(json.dumps({"url": p.url, "markup": p.markup}) + "\n" for p in pages)
    interpreter = peers or sys.executable
    done = subprocess.run(
        [interpreter, "-W", "ignore", fulltext_peers.__file__],
        input=lines,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    for line in done.stdout.splitlines():
        for name, (text, seconds) in json.loads(line).items():
            found.setdefault(name, []).append(Reading(text, seconds))
    return found


def score(text: str, gold: str) -> Score:
    """Compare a text with its gold."""
    found, wanted = _shingles(text), _shingles(gold)
    common = (found & wanted).total()
    return Score(
        common / found.total() if found else None,
        common / wanted.total() if wanted else 1.0,
    )


def describe(scores: Sequence[Score]) -> str:
    """Return the means of scores as the cells of a row."""
    precision = statistics.mean(each.precision for each in scores if each.precision is not None)
    recall = statistics.mean(each.recall for each in scores)
    f1 = 2 * precision * recall / (precision + recall)
    return f"{precision:.3f} | {recall:.3f} | {f1:.4f}"


def describe_own(pages: Sequence[Page], readings: Sequence[Reading]) -> str:
    """Return how many of our pages were read exactly as the cells of a row."""
    begin = end = whole = 0
    words = []
    for page, reading in zip(pages, readings, strict=True):
        found, gold = _WORD.findall(reading.text), _WORD.findall(page.gold)
        begin += found[:EDGE] == gold[:EDGE]
        end += found[-EDGE:] == gold[-EDGE:]
        whole += found == gold
        common = (Counter(found) & Counter(gold)).total()
        words.append(2 * common / (len(found) + len(gold)))
    return f"{begin} | {end} | {whole} | {statistics.mean(words):.3f} | {times(readings)}"


def times(readings: Iterable[Reading]) -> str:
    """Return the median and the 95th percentile of CPU milliseconds as cells."""
    ordered = sorted(each.seconds * 1000 for each in readings)
    return f"{ordered[len(ordered) // 2]:.0f} | {ordered[len(ordered) * 95 // 100]:.0f}"


def _print_metadata() -> None:
    """Print how many of our pages have the right date and author; only nabaa reads them all."""
    made: list[Template] = [make() for make in {**TEMPLATES, **KINDS}.values()]
    read = [(each, read_article_page(each.markup, each.url)) for each in made]
    dates = sum(page.published == each.published for each, page in read)
    authors = sum(page.by == each.by for each, page in read)
    wrong = sum(page.by not in ("", each.by) for each, page in read)
    print(f"nabaa: published {dates}, author {authors}, a wrong author {wrong} of {len(read)}")


def _nabaa(page: Page) -> Reading:
    began = time.process_time()
    text = read_article_page(page.markup, page.url).body_text
    return Reading(text, time.process_time() - began)


def _show_own(pages: Sequence[Page], readings: Sequence[Reading]) -> None:
    for page, reading in zip(pages, readings, strict=True):
        if _WORD.findall(reading.text) != _WORD.findall(page.gold):
            print(f"  {page.name}")


def _show(pages: Sequence[Page], scores: Sequence[Score]) -> None:
    for page, each in sorted(zip(pages, scores, strict=True), key=lambda pair: pair[1].f1):
        if each.f1 < 0.95:
            precision = each.precision or 0.0
            print(f"  {page.name[:12]} P {precision:.3f} R {each.recall:.3f} {page.url}")


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    length = max(1, len(words) - SHINGLE + 1)
    return Counter(run for i in range(length) if (run := tuple(words[i : i + SHINGLE])))


if __name__ == "__main__":
    main()
