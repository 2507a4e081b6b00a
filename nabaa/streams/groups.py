"""Consumer groups: one way to make one that may be there already."""

from __future__ import annotations

from redis.asyncio import Redis
from redis.exceptions import ResponseError


async def create_group(
    client: Redis, stream: str, group: str, start: str, *, make_stream: bool = True
) -> bool:
    """Make a consumer group unless the stream has it.

    Args:
        client: answers in bytes.
        stream: key of the stream.
        group: name of the group.
        start: message id behind which a new group begins; `$` for what comes from now on.
        make_stream: whether a stream that does not exist is made, too.

    Returns:
        Whether the group is new.

    Raises:
        redis.exceptions.ResponseError: the stream does not exist and is not to be made, or the key
            holds something else.
    """
    try:
        await client.xgroup_create(stream, group, id=start, mkstream=make_stream)
    except ResponseError as error:
        if not str(error).startswith("BUSYGROUP"):
            raise
        return False
    return True
