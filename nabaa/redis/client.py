"""The client of a wire: one server, a master under Sentinel and a cluster look the same outside.

In a cluster each command goes to the node of its key, and a pipeline is split by node. A script
that is `durable` counts as done once the replicas have what it wrote, where the address asks for
that.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from importlib.resources import files
from typing import Any

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.client import Pipeline
from redis.asyncio.connection import Connection
from redis.commands.core import AsyncScript
from redis.crc import key_slot
from redis.exceptions import NoScriptError, ResponseError

from nabaa.errors import QueueError
from nabaa.redis.errors import ServerStateError
from nabaa.redis.url import Address, Safety

MakePool = Callable[[int], ConnectionPool]
_SCRIPTS = ("EVALSHA", "EVAL")
_READS = ("XREAD", "XREADGROUP")
_TAKES = ("XREADGROUP", "XAUTOCLAIM")
_WITHOUT_KEY = ("PING", "TIME", "INFO", "SCRIPT", "CLIENT", "CONFIG", "ACL", "WAIT", "WAITAOF")


class _Node(Redis):
    """A client whose taking of messages is not tried again by itself.

    What a group was given in an answer that got lost, only who reads what is pending gets to see;
    a second XREADGROUP would go on behind it.
    """

    async def _close_connection(
        self,
        conn: Connection,
        error: BaseException | None = None,
        failure_count: int | None = None,
        start_time: float | None = None,
        command_name: str | None = None,
    ) -> None:
        # Called by redis between two tries.
        await super()._close_connection(conn, error, failure_count, start_time, command_name)
        if error is not None and command_name in _TAKES:
            raise error


class Client(_Node):
    """The client talks to the Redis of a wire, and answers in bytes.

    Args:
        pool: connections; in a cluster they lead to the node of some slot.
        address: address of what it talks to.
        make_pool: makes a pool of connections to the node of a slot, in a cluster.
        close: called when it is closed.
    """

    def __init__(
        self,
        pool: ConnectionPool,
        address: Address,
        make_pool: MakePool | None = None,
        close: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        super().__init__(connection_pool=pool)
        self.auto_close_connection_pool = True
        self.address = address
        self._make_pool = make_pool
        self._close = close
        self._of_slot: dict[int, Redis] = {}

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """Send a command; in a cluster to the node of its key.

        Raises:
            redis.exceptions.RedisError: the server refused it or cannot be used.
        """
        key = key_of(args) if self._make_pool else None
        if key is None:
            return await super().execute_command(*args, **options)  # type: ignore[no-untyped-call]
        return await self._bound(key).execute_command(*args, **options)  # type: ignore[no-untyped-call]

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        """Return a pipeline; a transaction is of one shard."""
        return _Pipeline(self, transaction)

    def pool_of(self, key: str | bytes) -> ConnectionPool:
        """Return the pool of connections to the node of a key."""
        return self._bound(key).connection_pool

    def _bound(self, key: str | bytes) -> Redis:
        if self._make_pool is None:
            return self
        slot = key_slot(key if isinstance(key, bytes) else key.encode())
        if slot not in self._of_slot:
            self._of_slot[slot] = _Node.from_pool(self._make_pool(slot))
        return self._of_slot[slot]

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        """Close all connections."""
        for bound in self._of_slot.values():
            await bound.aclose()
        if self._close:
            await self._close()
        await super().aclose(close_connection_pool)


class _Pipeline(Pipeline):
    """A pipeline that knows where its commands go and what its writes must have reached."""

    def __init__(self, client: Client, transaction: bool) -> None:
        super().__init__(client.connection_pool, client.response_callbacks, transaction, None)
        self._client = client
        self.durable = False

    def execute_command(self, *args: Any, **options: Any) -> Any:
        if args[0] == "WATCH":
            self.connection_pool = self._client.pool_of(args[1])
        return super().execute_command(*args, **options)

    async def execute(self, raise_on_error: bool = True) -> list[Any]:
        """Send what is queued.

        Returns:
            The answers, in order.

        Raises:
            ServerStateError: done, but the replicas do not have it yet.
            redis.exceptions.RedisError: something was refused or not sent; in a cluster, what goes
                to other nodes may have been done.
        """
        if self.watching:
            return await self._execute(raise_on_error)
        parts: dict[int, list[int]] = {}
        for number, (args, _) in enumerate(self.command_stack):
            key = key_of(args)
            pool = self._client.pool_of(key) if key is not None else self.connection_pool
            if not parts:
                self.connection_pool = pool
            parts.setdefault(id(pool), []).append(number)
        if len(parts) <= 1:
            return await self._execute(raise_on_error)
        answers: list[Any] = [None] * len(self.command_stack)
        stack, scripts = self.command_stack, self.scripts
        await self.reset()  # type: ignore[no-untyped-call]
        for numbers in parts.values():
            async with _Pipeline(self._client, self.is_transaction) as part:
                part.command_stack = [stack[number] for number in numbers]
                part.scripts = set(scripts)
                for number, answer in zip(numbers, await part.execute(raise_on_error), strict=True):
                    answers[number] = answer
        return answers

    async def _execute(self, raise_on_error: bool) -> list[Any]:
        safety = self._client.address.safety
        self.durable = self.durable or any(
            isinstance(each, Script) and each.durable for each in self.scripts
        )
        if not (safety.waits and self.durable):
            return await super().execute(raise_on_error)
        # In the same pipeline: the server waits for what this very connection has written.
        self.command_stack.append((_wait(safety), {}))
        *answers, reached = await super().execute(raise_on_error)
        _check(safety, reached)
        return answers


class Script(AsyncScript):
    """A script runs a piece of Lua on the server.

    Args:
        client: client that runs it, unless it is called with a pipeline.
        text: source of the script, Lua.
        durable: whether what it writes must reach the replicas, where the address asks for that.

    Raises:
        QueueError: it is durable, and the client does not know what its address asks for.
    """

    def __init__(self, client: Redis, text: str, durable: bool) -> None:
        if durable and not isinstance(client, Client):
            raise QueueError(
                "a client of redis-py does not wait until replicas and disks have what is written: "
                "open it with nabaa.redis.connection.connect"
            )
        super().__init__(client, text)
        self.durable = durable

    async def __call__(
        self,
        keys: Sequence[Any] | None = None,
        args: Iterable[Any] | None = None,
        client: Any = None,
    ) -> Any:
        """Run it, or queue it where `client` is a pipeline.

        Raises:
            ServerStateError: done, but the replicas do not have it yet.
            redis.exceptions.RedisError: refused, or the server cannot be used.
        """
        runner = client if client is not None else self.registered_client
        if isinstance(runner, Pipeline):
            return await super().__call__(keys, args, runner)
        keys = list(keys or ())
        rest = (len(keys), *keys, *(args or ()))
        try:
            return await self._run(runner, ("EVALSHA", self.sha, *rest))
        except NoScriptError:
            return await self._run(runner, ("EVAL", self.script, *rest))

    async def _run(self, client: Any, command: tuple[Any, ...]) -> Any:
        if not (self.durable and isinstance(client, Client) and client.address.safety.waits):
            return await client.execute_command(*command)
        async with _Pipeline(client, transaction=False) as pipe:
            pipe.durable = True
            pipe.execute_command(*command)
            [answer] = await pipe.execute()
        return answer


def script(
    client: Redis,
    package: str,
    name: str,
    *,
    durable: bool = False,
    functions: Sequence[tuple[str, str]] = (),
) -> Script:
    """Return the Lua script `name`.lua that lies beside the modules of `package`.

    It begins with the functions of `checks.lua`.

    Args:
        client: client that runs it.
        package: name of the package.
        name: name of the file, without `.lua`.
        durable: whether what it writes must reach the replicas, where the address asks for that.
        functions: package and name of further files whose functions stand before it.

    Raises:
        QueueError: it is durable, and the client is none of `nabaa.redis.connection.connect`.
    """
    parts = (("nabaa.redis", "checks"), *functions, (package, name))
    texts = [files(where).joinpath(f"{part}.lua").read_text("utf-8") for where, part in parts]
    return Script(client, "".join(texts), durable)


def key_of(args: Sequence[Any]) -> Any:
    """Return the first key of a command as redis-py sends it, or None where it has none."""
    name = str(args[0]).partition(" ")[0].upper()
    if name in _WITHOUT_KEY:
        return None
    if name in _SCRIPTS:
        return args[3] if int(args[2]) else None
    if name in _READS:
        at = next(i for i, each in enumerate(args) if each in ("STREAMS", b"STREAMS"))
        return args[at + 1]
    return args[1] if len(args) > 1 else None


def _wait(safety: Safety) -> tuple[Any, ...]:
    if safety.fsync:
        return ("WAITAOF", 1, safety.replicas, safety.milliseconds)
    return ("WAIT", safety.replicas, safety.milliseconds)


def _check(safety: Safety, reached: Any) -> None:
    if isinstance(reached, ResponseError):
        raise QueueError(f"the server cannot wait for what was written: {reached}") from reached
    local, replicas = reached if safety.fsync else (1, reached)
    if not local:
        raise ServerStateError(
            f"the disk of the server did not have it within {safety.milliseconds} ms"
        )
    if replicas < safety.replicas:
        raise ServerStateError(
            f"{replicas} of {safety.replicas} replicas had it within {safety.milliseconds} ms"
        )
