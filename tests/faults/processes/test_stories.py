"""The stage of stories is killed, stopped in its tracks, without Redis: each article in a story."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from random import Random

import pytest
import redis

from nabaa.message import encode_article
from nabaa.streams.keys import Keys
from tests.support.conditions import eventually
from tests.support.daemons import Daemon
from tests.support.servers import Server
from tests.support.stories.events import articles_of
from tests.support.stories.told import EACH_IN_ONE, outcome_of, told_in

pytestmark = pytest.mark.load

KEYS = Keys(0)
EVENTS = 200
SEED = 20261126
TAKEOVER_SECONDS = 10.0


def placed(server: Server) -> int:
    """Return how many articles have been placed; 0 while Redis cannot be asked."""
    try:
        with server.client() as client:
            return int(client.hget(KEYS.stories_stage, "articles") or 0)
    except (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError):
        return 0


def holder(server: Server) -> int:
    """Return the process id of the one at work."""
    with server.client() as client:
        return int(client.hget(KEYS.stories_stage, "holder").decode().split("-")[-2])


def test_stages_that_are_killed_and_stopped_place_every_article_once(
    server: Server, tmp_path: Path
) -> None:
    server.start()
    settings = {"NABAA_REDIS_URL": server.url}
    logs = [tmp_path / f"{number}.log" for number in range(2)]
    stages = [Daemon("work", "--stories", settings=settings, log=log) for log in logs]
    articles = list(articles_of(EVENTS))
    random = Random(SEED)
    part = len(articles) // 5
    takeovers = []
    with stages[0], stages[1], server.client() as client:
        for number in range(5):
            for article in articles[number * part : (number + 1) * part]:
                client.xadd(KEYS.articles, {"data": encode_article(article)})
            goal = number * part + random.randrange(1, part)
            eventually(lambda goal=goal: placed(server) >= goal)  # type: ignore[misc]
            at_work = holder(server)
            victim = next(stage for stage in stages if stage.process.pid == at_work)
            began = time.monotonic()
            match number:
                case 0 | 3:  # it dies
                    victim.kill()
                    victim.start()
                case 1:  # it stands still for longer than its lease, and wakes up
                    victim.process.send_signal(signal.SIGSTOP)
                    eventually(lambda at_work=at_work: holder(server) != at_work)  # type: ignore[misc]
                    victim.process.send_signal(signal.SIGCONT)
                case 2:  # Redis goes away
                    server.kill()
                    server.start()
                case 4:  # all die
                    for stage in stages:
                        stage.kill()
                        stage.start()
            eventually(lambda number=number: placed(server) >= (number + 1) * part)  # type: ignore[misc]
            takeovers.append(time.monotonic() - began)
        told = told_in(client.xrange(KEYS.stories))
    assert outcome_of(told, [article.uri for article in articles]) == EACH_IN_ONE
    assert max(takeovers) < 3 * TAKEOVER_SECONDS, takeovers
