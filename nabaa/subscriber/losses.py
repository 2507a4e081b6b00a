"""What a reader logs of articles that were trimmed before its group had dealt with them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import msgspec
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from nabaa.redis.errors import TRANSIENT_ERRORS

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TrimLoss:
    """What a group lost to the trimming, the last time that it lost something.

    Attributes:
        after: id of the last article before the loss, or of the first that is lost.
        before: id of the first article that is left.
        unseen: number of articles that had never been delivered to the group; -1 where Redis cannot
            count them (before 7.0).
        unacknowledged: number of articles that had been delivered and not acknowledged, up to
            1,000.
        at: time of the trimming, Unix seconds.
    """

    after: str
    before: str
    unseen: int
    unacknowledged: int
    at: int


class _Stored(msgspec.Struct):
    """The record as trim.lua writes it."""

    after: str
    before: str
    unseen: int
    unfinished: int
    at: int


class TrimLossReporter:
    """Logs each loss of a group once, the last one of each stream at the start.

    Args:
        client: answers in bytes.
        group: name of the group.
        keys: stream → key of the hash where the workers record what its groups lost.
    """

    def __init__(self, client: Redis, group: str, keys: Mapping[str, str]) -> None:
        self._client = client
        self._group = group
        self._keys = dict(keys)
        self._reported: dict[str, TrimLoss] = {}

    async def report(self) -> None:
        """Log what was lost since the last call.

        Raises:
            redis.exceptions.RedisError: the server cannot be used.
        """
        for stream, key in self._keys.items():
            try:
                data = cast("bytes | None", await self._client.hget(key, self._group))
                loss = decode_loss(data) if data else None
            except (ResponseError, msgspec.MsgspecError) as error:
                if isinstance(error, TRANSIENT_ERRORS):
                    raise
                logger.warning(
                    "group %s cannot learn what it loses to the trimming: %s: %s",
                    self._group,
                    key,
                    error,
                )
                self._keys.clear()
                return
            if loss and loss != self._reported.get(stream):
                self._reported[stream] = loss
                logger.warning(
                    "group %s is slower than the trimming of %s: %s",
                    self._group,
                    stream,
                    describe_loss(loss),
                )


def decode_loss(data: bytes) -> TrimLoss:
    """Return the loss that trim.lua recorded.

    Args:
        data: JSON.

    Raises:
        msgspec.MsgspecError: it is no such record.
    """
    loss = msgspec.json.decode(data, type=_Stored)
    return TrimLoss(loss.after, loss.before, loss.unseen, loss.unfinished, loss.at)


def describe_loss(loss: TrimLoss) -> str:
    """Return a clause that says what was lost."""
    unseen = "an unknown number of" if loss.unseen < 0 else str(loss.unseen)
    return (
        f"from {loss.after} to before {loss.before} it lost {unseen} articles that had not been "
        f"delivered to it, and {loss.unacknowledged} that it had not acknowledged"
    )
