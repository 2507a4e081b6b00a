"""What fuzzing starts from and what it has found hold; `make fuzz` looks for more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.seeds import seeds
from tests.fuzz.targets import TARGETS, run

FINDINGS = sorted(Path(__file__).parent.glob("findings/*"))


def test_every_target_takes_its_seeds() -> None:
    started = set()
    for seed in seeds():
        run(seed)
        started.add(seed[0])
    assert started == set(range(len(TARGETS)))


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda path: path.name)
def test_what_was_found_is_found_no_more(finding: Path) -> None:
    run(finding.read_bytes())
