"""An article that kills every worker that reads it: it is buried, and all others come once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from config.feed_list import save_feeds
from ingest.streams.entries import decode_entry
from nabaa.message import article_of
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from tests.support.conditions import eventually
from tests.support.daemons import Daemon
from tests.support.farm.content.articles import key_of
from tests.support.farm.server import Farm
from tests.support.farm.thread import run_farm_in_thread
from tests.support.faults.loaded_wire import many_articles
from tests.support.faults.poisoned_worker import POISON

pytestmark = pytest.mark.load

KEYS = Keys(0)
ARTICLES = 120
TRIES = 5


@pytest.mark.parametrize("server_url", ["valkey"], indirect=True)
def test_an_article_that_kills_its_workers_is_buried_after_five_tries(
    server_url: str, tmp_path: Path
) -> None:
    articles = many_articles(ARTICLES)
    articles[ARTICLES // 2] = replace(articles[ARTICLES // 2], title=f"خبر {POISON}")
    farm = Farm(articles, feeds=1, window=ARTICLES)
    settings = {
        "NABAA_REDIS_URL": server_url,
        "NABAA_FEEDS_FILE": str(tmp_path / "feeds.yaml"),
        "NABAA_ALLOW_PRIVATE_ADDRESSES": "true",
        "NABAA_FULL_TEXT": "never",
        "NABAA_RECLAIM_IDLE_SECONDS": "0.5",
        "NABAA_MAX_ATTEMPTS": str(TRIES),
    }
    worker = Daemon(
        settings=settings, log=tmp_path / "work.log", module="tests.support.faults.poisoned_worker"
    )
    deaths = 0
    with (
        run_farm_in_thread(farm),
        redis.Redis.from_url(server_url) as client,
        Daemon("ingest", settings=settings, log=tmp_path / "ingest.log"),
        worker,
    ):
        save_feeds(tmp_path / "feeds.yaml", farm.feeds())

        def is_over() -> bool:
            """Start the worker again, as systemd would, until nothing is left to do."""
            nonlocal deaths
            if worker.process.poll() is not None:
                deaths += 1
                worker.start()
            return bool(client.xlen(KEYS.dead)) and client.xlen(KEYS.articles) >= ARTICLES - 1

        eventually(is_over, 120)
        eventually(lambda: client.xlen(KEYS.entries) == 0)
        arrived = Counter(
            key_of(article_of(message.fields).url)
            for message in messages_of_range(client.xrange(KEYS.articles))
        )
        [letter] = messages_of_range(client.xrange(KEYS.dead))
    poisoned = {entry.key for entry in farm.expected() if entry.key not in arrived}
    assert (set(arrived.values()), len(poisoned)) == ({1}, 1)
    assert deaths == TRIES
    assert key_of(decode_entry(letter.fields[b"data"]).url) in poisoned
