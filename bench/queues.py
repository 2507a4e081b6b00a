"""A wire as two stations in a row: workers that share a queue, then the Redis node of each shard.

First come, first served at both; arrivals are a Poisson process, service times are gamma
distributed with the measured mean. Nothing else is assumed, so that a run of it is a few lines.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Times:
    """Mean service times of an article, in seconds.

    Attributes:
        worker: of a worker's core.
        publish: of the server's, to queue its entry and to publish it.
        read: of the server's, for each group that reads and acknowledges it.
    """

    worker: float
    publish: float
    read: float

    def redis(self, load: Load) -> float:
        """Return what the server spends on an article, in seconds."""
        return self.publish + load.groups * self.read

    def most(self, load: Load) -> tuple[float, float]:
        """Return how many articles a second the workers can make, and Redis can take."""
        return load.workers / self.worker, load.shards / self.redis(load)


@dataclass(frozen=True, slots=True)
class Load:
    """What a wire is asked to do.

    Attributes:
        rate: articles a second that arrive.
        workers: processes, each with a core of its own.
        groups: that read every article.
        shards: each on a node of its own; articles fall on them evenly.
    """

    rate: float
    workers: int
    groups: int
    shards: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a run.

    Attributes:
        p50: median time from the queue to the stream, in seconds.
        p99: of the slowest hundredth.
        workers_busy: share of the time, 0 to 1.
        redis_busy: share of the time that a node is.
    """

    p50: float
    p99: float
    workers_busy: float
    redis_busy: float


def simulate(times: Times, load: Load, articles: int, seed: int, variation: float = 0.6) -> Found:
    """Let so many articles go through.

    Args:
        times: of the stations.
        load: on them.
        articles: how many.
        seed: of the random numbers.
        variation: standard deviation of a worker's time, as a part of the mean; 1 is exponential.
    """
    random = Random(seed)
    shape = 1 / variation**2
    free = [0.0] * load.workers
    at, worked = 0.0, 0.0
    made: list[tuple[float, float]] = []
    for _ in range(articles):
        at += random.expovariate(load.rate)
        cost = random.gammavariate(shape, times.worker / shape)
        worked += cost
        done = max(at, heapq.heappop(free)) + cost
        heapq.heappush(free, done)
        made.append((done, at))
    cost = times.redis(load)
    nodes = [0.0] * load.shards
    delays = []
    for done, arrived in sorted(made):
        shard = random.randrange(load.shards)
        nodes[shard] = max(done, nodes[shard]) + cost
        delays.append(nodes[shard] - arrived)
    delays.sort()
    end = max(nodes)
    return Found(
        delays[len(delays) // 2],
        delays[int(len(delays) * 0.99)],
        worked / (end * load.workers),
        articles * cost / (end * load.shards),
    )
