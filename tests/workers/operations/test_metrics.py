"""The metrics say what the status says."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from redis.asyncio import Redis

from nabaa.message import encode_article
from nabaa.streams.keys import Keys
from nabaa.subscriber.losses import TrimLoss
from tests.support.articles import make_article
from workers.operations.metrics import MetricsServer, metrics_of
from workers.operations.status import read_status
from workers.operations.status_model import FailingFeed, GroupStatus, HeldHost, WireStatus
from workers.outputs.http_server import run_server

KEYS = Keys(0)
Samples = dict[tuple[str, *tuple[str, ...]], float]


def samples(text: str) -> Samples:
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_loss_of_a_group_is_a_metric() -> None:
    lost = TrimLoss("1-0", "9-0", unseen=7, unacknowledged=2, at=1_700_000_000)
    status = WireStatus(datetime(2026, 3, 1, tzinfo=UTC))
    status.groups.append(GroupStatus("desk", KEYS.articles, 1, 3, None, lost))
    found = samples(metrics_of(status).decode())
    assert found["nabaa_group_lost", "desk", "unseen", KEYS.articles] == 7
    assert found["nabaa_group_lost", "desk", "unacknowledged", KEYS.articles] == 2
    assert found["nabaa_group_lost_timestamp_seconds", "desk", KEYS.articles] == lost.at
    assert ("nabaa_group_lag", "desk", KEYS.articles) not in found


def test_failing_feeds_are_counted_by_reason() -> None:
    status = WireStatus(datetime(2026, 3, 1, tzinfo=UTC), feeds=3)
    status.failing += [FailingFeed(name, 1, "", None, "dns") for name in "ab"]
    found = samples(metrics_of(status).decode())
    assert (found["nabaa_feeds",], found["nabaa_feeds_failing", "dns"]) == (3, 2)


def test_what_is_held_back_by_hand_or_by_rule_is_counted() -> None:
    status = WireStatus(datetime(2026, 3, 1, tzinfo=UTC), paused=["a", "b"], withheld={"c": 900})
    status.held_hosts.append(HeldHost("a.example", "busy", datetime(2026, 3, 1, tzinfo=UTC)))
    found = samples(metrics_of(status).decode())
    names = ("feeds_paused", "feeds_withheld", "hosts_held")
    assert [found[f"nabaa_{name}",] for name in names] == [2, 1, 1]


@pytest.mark.anyio
async def test_the_memory_of_the_server_and_its_limit_are_told(client: Redis) -> None:
    await client.config_set("maxmemory", 2**30)
    try:
        found = samples(metrics_of(await read_status(client, 1)).decode())
    finally:
        await client.config_set("maxmemory", 0)
    assert found["nabaa_server_memory_limit_bytes",] == 2**30
    assert 10**5 < found["nabaa_server_memory_bytes",] < 2**30
    assert found["nabaa_server_faults",] == 1  # its append-only file is off


@pytest.mark.anyio
async def test_the_metrics_are_served(client: Redis) -> None:
    await client.xadd(KEYS.articles, {"data": encode_article(make_article())})
    await client.xgroup_create(KEYS.articles, "desk", id="0")
    async with (
        run_server(MetricsServer(client, 1), "127.0.0.1", 0) as port,
        httpx.AsyncClient() as http,
    ):
        answer = await http.get(f"http://127.0.0.1:{port}/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    found = samples(answer.text)
    assert found["nabaa_articles",] == 1
    assert found["nabaa_articles_bytes",] > 300
    assert found["nabaa_group_unacknowledged", "desk", KEYS.articles] == 0
