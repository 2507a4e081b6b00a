"""The programs in README and docs read a wire, each against a real server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import redis

from nabaa.message import encode_article
from nabaa.streams.keys import Keys
from tests.support.articles import numbered_article
from tests.support.conditions import eventually
from tests.support.daemons import REPOSITORY
from tests.support.snippets import Snippet, snippets

KEYS = Keys(0)
PRINTED_ADDRESS = "redis://localhost:6379/0"


@pytest.mark.parametrize("server_url", ["valkey"], indirect=True)
@pytest.mark.parametrize("snippet", snippets("python"), ids=str)
def test_a_program_in_python_gets_and_acknowledges_articles(
    server_url: str, snippet: Snippet, tmp_path: Path
) -> None:
    code = snippet.text
    assert PRINTED_ADDRESS in code
    program = tmp_path / "program.py"
    program.write_text(code.replace(PRINTED_ADDRESS, server_url), "utf-8")
    group = code.partition('group="')[2].partition('"')[0]
    wanted = code.partition('subscription="')[2].partition('"')[0]
    wanted = wanted or (group if "filter=" in code else "")
    stream = KEYS.subscription(wanted) if wanted else KEYS.articles
    articles = [numbered_article(number) for number in range(3)]
    with redis.Redis.from_url(server_url) as client:
        client.xgroup_create(stream, group, "0", mkstream=True)
        for article in articles:
            client.xadd(stream, {"data": encode_article(article)})
        with (tmp_path / "printed").open("wb") as printed:
            environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
            process = subprocess.Popen([sys.executable, program], stdout=printed, env=environment)

        def two_are_acknowledged() -> bool:
            # The third is acknowledged when the next one is asked for and comes.
            [state] = client.xinfo_groups(stream)
            return bool(state["entries-read"] == 3 and state["pending"] <= 1)

        try:
            eventually(two_are_acknowledged)
        finally:
            process.kill()
            process.wait()
