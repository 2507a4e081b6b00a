"""Runs of one script that are asked for at about the same time go to Redis as one pipeline.

Each keeps its own answer or error: they share the way there and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import NoScriptError

from nabaa.redis.client import Script

_GATHER_SECONDS = 0.01


class BatchedScript:
    """Gathers calls of one script for 10 ms and sends them to Redis as one pipeline.

    Args:
        client: answers in bytes.
        script: runs once for each call, all or nothing for itself.
    """

    def __init__(self, client: Redis, script: Script) -> None:
        self._client = client
        self._script = script
        self._waiting: list[tuple[list[Any], asyncio.Future[Any]]] = []
        self._sending: set[asyncio.Task[None]] = set()

    async def __call__(self, keys: Sequence[str], args: Sequence[Any]) -> Any:
        """Run the script, within 10 ms, and return its answer.

        Raises:
            redis.exceptions.RedisError: refused, or the server cannot be used; where the connection
                broke, it may have been run.
        """
        answer = asyncio.get_running_loop().create_future()
        self._waiting.append(([len(keys), *keys, *args], answer))
        if len(self._waiting) == 1:
            sending = asyncio.create_task(self._send_soon())
            self._sending.add(sending)
            sending.add_done_callback(self._sending.discard)
        return await answer

    async def _send_soon(self) -> None:
        await asyncio.sleep(_GATHER_SECONDS)
        calls, self._waiting = self._waiting, []
        # Who was cancelled meanwhile knows that nothing was done.
        calls = [(rest, answer) for rest, answer in calls if not answer.done()]
        if not calls:
            return
        try:
            answers = await self._run([rest for rest, _ in calls])
        except BaseException as error:
            for _, answer in calls:
                if not answer.done():
                    _settle(answer, error)
            if not isinstance(error, Exception):
                raise
            return
        for (_, answer), outcome in zip(calls, answers, strict=True):
            if not answer.done():
                _settle(answer, outcome)

    async def _run(self, rests: list[list[Any]]) -> list[Any]:
        script = self._script
        if len(rests) == 1:
            [[count, *rest]] = rests
            return [await script(keys=rest[:count], args=rest[count:])]
        answers = await self._pipelined("EVALSHA", script.sha, rests)
        lost = [i for i, outcome in enumerate(answers) if isinstance(outcome, NoScriptError)]
        if lost:
            again = await self._pipelined("EVAL", script.script, [rests[i] for i in lost])
            for i, outcome in zip(lost, again, strict=True):
                answers[i] = outcome
        return answers

    async def _pipelined(self, command: str, which: Any, rests: list[list[Any]]) -> list[Any]:
        async with self._client.pipeline(transaction=False) as pipe:
            pipe.durable = self._script.durable  # type: ignore[attr-defined]
            for rest in rests:
                pipe.execute_command(command, which, *rest)
            return await pipe.execute(raise_on_error=False)


def _settle(answer: asyncio.Future[Any], outcome: Any) -> None:
    if isinstance(outcome, asyncio.CancelledError):
        answer.cancel()
    elif isinstance(outcome, BaseException):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)
