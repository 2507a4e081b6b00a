"""A server and a web of feeds of one test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.farm.articles import read_articles
from tests.farm.behaviour import Arrival, Behaviour
from tests.farm.server import Farm
from tests.farm.thread import run_farm_in_thread
from tests.faults.small_wire import ARTICLES, FEEDS
from tests.servers import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "valkey")
    yield server
    server.kill()


@pytest.fixture
def farm() -> Iterator[Farm]:
    """Feeds that show half of their articles at once and the rest when told to."""
    sample = read_articles(limit=ARTICLES)
    behaviours = [Behaviour(arrival=Arrival(initial=ARTICLES // FEEDS // 2))]
    with run_farm_in_thread(Farm(sample, FEEDS, behaviours=behaviours)) as farm:
        yield farm
