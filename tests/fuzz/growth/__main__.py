"""`python -m tests.fuzz.growth`: look for texts whose work grows faster than their length.

Every public function that reads what comes from the web gets texts of n, 2n and 4n characters,
first each piece of `shapes.PIECES` by itself, then combinations. What was found before is tried
first.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain, count
from pathlib import Path
from random import Random

from tests.fuzz.growth.process import Finding, Measurer
from tests.fuzz.growth.shapes import Shape, drawn, every_piece
from tests.fuzz.growth.subjects import subjects

FOUND = Path(__file__).with_name("found.jsonl")


def main() -> None:
    """Measure for a while; the exit status is not 0 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.growth", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long (default: 60)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the combinations")
    parser.add_argument("--only", default="", help="subjects whose names hold this")
    parser.add_argument("--all", action="store_true", help="do not end at the first finding")
    given = parser.parse_args()
    print(f"growth: seed {given.seed}", flush=True)
    end = time.monotonic() + given.seconds
    tried: Counter[str] = Counter()
    found: dict[str, Finding] = {}
    with Measurer() as measurer:
        for subject, shape in chain(found_before(), _cases(Random(given.seed))):
            if time.monotonic() > end:
                break
            if given.only not in subject or subject in found:
                continue
            tried[subject] += 1
            finding = measurer.try_shape(subject, shape)
            if finding is None:
                continue
            print(finding, flush=True)
            found[subject] = finding
            if not given.all:
                break
    print(f"growth: {tried.total()} measurements of {len(tried)} functions, {len(found)} found")
    if found:
        _keep(found)
        raise SystemExit(1)


def found_before() -> Iterator[tuple[str, Shape]]:
    """Yield what was found once, and is mended."""
    if FOUND.exists():
        for line in FOUND.read_text("utf-8").splitlines():
            case = json.loads(line)
            yield case["subject"], Shape(**case["shape"])


def _cases(random: Random) -> Iterator[tuple[str, Shape]]:
    """Yield a shape for each subject in turn: all pieces in any order, then combinations."""
    pieces = {each: list(every_piece(each.frames)) for each in subjects()}
    for shapes in pieces.values():
        random.shuffle(shapes)
    for turn in count():
        for subject, shapes in pieces.items():
            if turn < len(shapes):
                yield subject.name, shapes[turn]
            if turn % 2:
                yield subject.name, drawn(random, subject.frames)


def _keep(found: dict[str, Finding]) -> None:
    """Add findings to the file of what is tried first."""
    known = set(FOUND.read_text("utf-8").splitlines()) if FOUND.exists() else set()
    with FOUND.open("a", encoding="utf-8") as kept:
        for finding in found.values():
            case = {"subject": finding.subject, "shape": asdict(finding.shape)}
            line = json.dumps(case, ensure_ascii=False)
            if line not in known:
                print(line, file=kept)


if __name__ == "__main__":
    main()
