"""`python -m tests.fuzz`: look for inputs that break nabaa, guided by the code that they reach.

atheris (libFuzzer) mutates the seeds. It ends at the first finding, which it writes into the
folder of findings: fixed, the file stays there as a test.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import atheris  # type: ignore[import-untyped]

FINDINGS = Path(__file__).with_name("findings")
LONGEST_BYTES = 16_384
SLOWEST_SECONDS = 60
MEMORY_MEGABYTES = 1_500


def main() -> None:
    """Fuzz for a while; the exit status is not 0 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="how long (default: 60)")
    parser.add_argument("--corpus", type=Path, help="a folder that keeps what reaches new code")
    parser.add_argument("--findings", type=Path, default=FINDINGS, help="where findings go")
    given = parser.parse_args()
    given.findings.mkdir(parents=True, exist_ok=True)
    with atheris.instrument_imports(include=["ingest", "workers", "feedparser", "protego"]):
        from tests.fuzz.seeds import seeds
        from tests.fuzz.targets import run

    with tempfile.TemporaryDirectory() as folder:
        corpus: Path = given.corpus or Path(folder)
        corpus.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds()):
            (corpus / f"seed-{number:03}").write_bytes(seed)
        atheris.Setup(
            [
                sys.argv[0],
                str(corpus),
                f"-artifact_prefix={given.findings}/",
                f"-max_total_time={given.seconds}",
                f"-max_len={LONGEST_BYTES}",
                f"-timeout={SLOWEST_SECONDS}",
                f"-rss_limit_mb={MEMORY_MEGABYTES}",
                "-print_final_stats=1",
            ],
            run,
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main()
