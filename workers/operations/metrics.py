"""The metrics: how the wire stands, for Prometheus and whatever reads its text format.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from redis.asyncio import Redis
from redis.exceptions import RedisError

from nabaa.errors import NabaaError
from workers.operations.status import read_status
from workers.operations.status_model import WireStatus
from workers.outputs.http_server import Work

logger = logging.getLogger(__name__)

_MOST_WAITING = 8


class MetricsServer:
    """Answers `GET /metrics`.

    Args:
        client: answers in bytes.
        shards: how many shards the wire has.
    """

    announcement = "metrics are at {address}/metrics"

    def __init__(self, client: Redis, shards: int) -> None:
        self._client = client
        self._shards = shards
        self.stop = asyncio.Event()
        self._reading = asyncio.Lock()
        self._waiting = 0

    def application(self) -> web.Application:
        """Return what answers."""
        app = web.Application()
        app.router.add_get("/metrics", self._metrics)
        return app

    def work(self) -> Work:
        """Return what runs beside the answers: nothing."""
        return {}

    async def _metrics(self, _request: web.Request) -> web.Response:
        if self._waiting >= _MOST_WAITING:
            return web.Response(status=503, headers={"Retry-After": "60"})
        self._waiting += 1
        try:
            async with self._reading:  # it looks at every feed: one after the other
                status = await read_status(self._client, self._shards)
        except (NabaaError, RedisError, OSError) as error:
            logger.warning("no metrics for now: %s", error)
            return web.Response(status=503, text=f"Redis cannot be used: {error}\n")
        finally:
            self._waiting -= 1
        return web.Response(body=metrics_of(status), headers={"Content-Type": CONTENT_TYPE_LATEST})


def metrics_of(status: WireStatus) -> bytes:
    """Return a status as metrics.

    Args:
        status: what to tell.

    Returns:
        Text, UTF-8; every metric is a gauge whose name begins with `nabaa_`.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Status(status))
    return generate_latest(registry)


class _Status(Collector):
    def __init__(self, status: WireStatus) -> None:
        self._status = status

    def collect(self) -> Iterator[GaugeMetricFamily]:
        status = self._status
        numbers = {
            "feeds": ("feeds that are polled", status.feeds),
            "feeds_due": ("feeds that are due, late ones included", status.due),
            "feeds_late": ("feeds that have been due for more than a minute", status.late),
            "feeds_ended": ("feeds that were closed for good", len(status.ended)),
            "feeds_paused": ("feeds that a person has paused", len(status.paused)),
            "feeds_withheld": (
                "feeds with new entries that are left to later polls",
                len(status.withheld),
            ),
            "hosts_held": ("hosts that are not polled for a while", len(status.held_hosts)),
            "longest_wait_seconds": (
                "time for which the most overdue feed has been due",
                status.longest_wait_seconds,
            ),
            "entries_waiting": ("entries that no worker has taken", status.waiting),
            "entries_working": ("entries that a worker holds", status.working),
            "articles": ("articles on the streams", status.articles),
            "articles_bytes": ("memory of the articles in Redis, about", status.article_bytes),
            "dead_letters": ("entries that could not be processed", status.dead),
            "pages_waiting": ("pages that entries wait for", status.pages.waiting),
            "pages_late": ("pages that are fetched for updates", status.pages.late),
            "server_faults": (
                "properties of the server that no promise can be kept with",
                len(status.server_faults),
            ),
            "server_memory_bytes": (
                "memory that the server uses; 0 where not known",
                status.memory_bytes,
            ),
            "server_memory_limit_bytes": (
                "its maxmemory; 0 where it has none, or not known",
                status.memory_limit_bytes,
            ),
        }
        for name, (description, number) in numbers.items():
            yield GaugeMetricFamily(f"nabaa_{name}", description, value=number)
        yield _labelled(
            "feeds_failing",
            "feeds whose last poll failed",
            ("reason",),
            (((reason,), count) for reason, count in status.reasons.items()),
        )
        yield _labelled(
            "feeds_without_page_text",
            "feeds whose last page brought no text, or not all",
            ("reason",),
            (((reason,), count) for reason, count in status.pages.reasons.items()),
        )
        yield _labelled(
            "last_minute",
            "polls, entries, pages, articles and dead letters of the last minute",
            ("kind",),
            (((kind,), by_minutes[1]) for kind, by_minutes in status.rates.items()),
        )
        yield _labelled(
            "subscription_articles",
            "articles on the streams of a subscription",
            ("subscription",),
            (((name,), count) for name, count in status.subscriptions.items()),
        )
        yield from self._of_stories()
        yield from self._of_groups()

    def _of_stories(self) -> Iterator[GaugeMetricFamily]:
        stories = self._status.stories
        numbers = {
            "open": ("stories that are open", stories.open),
            "events": ("events on the stream of stories", stories.events),
            "articles_placed": ("articles placed in stories since the wire began", stories.placed),
            "lag_seconds": ("age of the oldest article that is not placed", stories.lag_seconds),
            "at_work": ("whether a process groups articles into stories", bool(stories.holder)),
        }
        if stories.lag is not None:  # before Redis 7.0 nobody knows it
            numbers["lag"] = ("articles that are not placed yet", stories.lag)
        for name, (description, number) in numbers.items():
            yield GaugeMetricFamily(f"nabaa_stories_{name}", description, value=number)

    def _of_groups(self) -> Iterator[GaugeMetricFamily]:
        groups = [((group.name, group.stream), group) for group in self._status.groups]
        of = ("group", "stream")
        # Before Redis 7.0 nobody knows a lag.
        lag = ((labels, group.lag) for labels, group in groups if group.lag is not None)
        yield _labelled("group_lag", "articles not delivered to a group yet", of, lag)
        pending = ((labels, group.pending) for labels, group in groups)
        yield _labelled(
            "group_unacknowledged",
            "articles delivered to a group and not acknowledged",
            of,
            pending,
        )
        dead = ((labels, group.dead) for labels, group in groups)
        yield _labelled("group_dead_letters", "dead letters of a group", of, dead)
        losses = [(labels, group.lost) for labels, group in groups if group.lost]
        yield _labelled(
            "group_lost",
            "articles of the last loss to the trimming; of unseen ones -1 where not known",
            (*of, "kind"),
            (
                ((*labels, kind), count)
                for labels, lost in losses
                for kind, count in (
                    ("unseen", lost.unseen),
                    ("unacknowledged", lost.unacknowledged),
                )
            ),
        )
        yield _labelled(
            "group_lost_timestamp_seconds",
            "when a group last lost articles to the trimming",
            of,
            ((labels, lost.at) for labels, lost in losses),
        )


def _labelled(
    name: str,
    description: str,
    labels: tuple[str, ...],
    samples: Iterable[tuple[tuple[str, ...], float]],
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"nabaa_{name}", description, labels=labels)
    for values, number in samples:
        family.add_metric(values, number)
    return family
