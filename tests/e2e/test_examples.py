"""The examples do what they say, each against a real server."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from nabaa.message import encode_article
from nabaa.streams.keys import Keys
from nabaa.types import Entity, Mention, Quote
from tests.support.articles import numbered_article
from tests.support.conditions import eventually
from tests.support.faults.proxy import Trouble, proxy_before

KEYS = Keys(0)
EXAMPLES = Path(__file__).parents[2] / "examples"
ARTICLES = 5
SPEAKER = Entity("Q1", "PERS", "ليلى حداد", None, (Mention("title", 0, 4, "ليلى"),))


@pytest.fixture
def published(server_url: str) -> Iterator[redis.Redis]:
    """A server with articles on the stream, each with a quotation."""
    with redis.Redis.from_url(server_url) as client:
        for number in range(ARTICLES):
            quote = Quote("body_text", 0, 4, f"قول {number}", "Q1", "قالت", "direct")
            article = replace(
                numbered_article(number),
                title=f"خبر رقم {number}",
                entities=(SPEAKER,),
                quotes=(quote,),
            )
            client.xadd(KEYS.articles, {"data": encode_article(article)})
        yield client


def until_acknowledged(client: redis.Redis, group: str) -> None:
    def is_done() -> bool:
        for each in client.xinfo_groups(KEYS.articles):
            if each["name"].decode() == group:
                return bool(each["lag"] == 0 and each["pending"] == 0)
        return False

    eventually(is_done, 60)


def output_until_acknowledged(command: list[str], client: redis.Redis, group: str) -> str:
    """Run an example until it has acknowledged everything, and return what it printed."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            until_acknowledged(client, group)
        finally:
            process.send_signal(signal.SIGTERM)
        printed, _ = process.communicate(timeout=30)
    return printed


@pytest.fixture(scope="session")
def node_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Node example with its packages."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node is not installed")
    folder = tmp_path_factory.mktemp("node")
    for name in ("package.json", "package-lock.json", ".npmrc", "subscribe.mjs"):
        shutil.copy(EXAMPLES / "node" / name, folder)
    command = ["npm", "ci", "--no-audit", "--no-fund"]
    done = subprocess.run(
        command, check=False, cwd=folder, capture_output=True, text=True, timeout=120
    )
    if done.returncode:
        pytest.skip(f"the packages of the Node example cannot be had: {done.stderr[-200:]}")
    return folder


@pytest.mark.parametrize("server_url", ["valkey"], indirect=True)
def test_the_node_example_prints_and_acknowledges_every_article(
    server_url: str, published: redis.Redis, node_folder: Path
) -> None:
    with proxy_before(Path(server_url.removeprefix("unix://")), Trouble()) as url:
        command = ["node", str(node_folder / "subscribe.mjs"), url, "desk"]
        printed = output_until_acknowledged(command, published, "desk")
    expected = [f"صحيفة الصباح: خبر رقم {number}" for number in range(ARTICLES)]
    assert printed.splitlines() == expected


def test_the_python_example_prints_the_quotations(server_url: str, published: redis.Redis) -> None:
    command = [sys.executable, str(EXAMPLES / "desk.py"), server_url]
    printed = output_until_acknowledged(command, published, "quotes")
    assert printed.splitlines() == [f"ليلى حداد: «قول {number}»" for number in range(ARTICLES)]


@pytest.mark.skipif(shutil.which("redis-cli") is None, reason="redis-cli is not installed")
@pytest.mark.parametrize("server_url", ["redis"], indirect=True)
def test_the_shell_example_prints_and_acknowledges_every_article(
    server_url: str, published: redis.Redis
) -> None:
    command = ["sh", str(EXAMPLES / "redis-cli.sh"), "-s", server_url.removeprefix("unix://")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    until_acknowledged(published, "shell")
    titles = [line.split('"title":"')[1].split('"')[0] for line in done.stdout.splitlines()]
    assert titles == [f"خبر رقم {number}" for number in range(ARTICLES)]
