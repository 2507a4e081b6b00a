"""`python -m tests.support.farm`: what `make farm` starts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.feed_list import load_feeds
from tests.support.daemons import REPOSITORY


@contextmanager
def farm(*options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.support.farm", *options]
    outside = {name: value for name, value in os.environ.items() if "NABAA_" not in name}
    with subprocess.Popen(
        command,
        cwd=REPOSITORY,
        env=outside,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


@pytest.fixture
def feeds_file(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "feeds.yaml"


def test_the_feed_list_that_it_writes_leads_to_its_feeds(feeds_file: Path) -> None:
    with farm("--json", "--feeds", "3", "--rate", "0", "--feeds-file", str(feeds_file)) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        feeds = load_feeds(feeds_file)
        with urllib.request.urlopen(feeds[2].url) as answer:
            body = answer.read()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert (ready["feeds"], ready["articles"], len(feeds)) == (3, 128, 3)
    assert b"<rss" in body or b"<feed" in body


def test_it_says_what_to_type_next(feeds_file: Path) -> None:
    with farm("--feeds", "2", "--limit", "5", "--feeds-file", str(feeds_file)) as process:
        assert process.stdout is not None
        head = process.stdout.readline()
        told = [process.stdout.readline() for _ in range(4)]
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert head.startswith("2 feeds with 5 articles at http://127.0.0.1:")
    command = "".join(told)
    assert f"NABAA_FEEDS_FILE={feeds_file}" in command
    assert command.rstrip().endswith("make run")


def test_articles_that_cannot_be_read_are_told_in_a_sentence(tmp_path: Path) -> None:
    with farm("--articles", str(tmp_path / "none.jsonl")) as process:
        _, told = process.communicate(timeout=30)
    assert process.returncode == 1
    assert told.startswith(f"{tmp_path}/none.jsonl: cannot be read:")
