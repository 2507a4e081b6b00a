"""Questions to the archive, asked in threads so that no page waits for another one's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from workers.index.database import Archive

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")

_AT_ONCE = 4


class ArchiveQuestions:
    """Asks an archive.

    Args:
        archive: an open archive.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._free = asyncio.Semaphore(_AT_ONCE)

    def close(self) -> None:
        """Close the connections that nobody uses."""
        self._archive.close()

    async def ask(
        self,
        question: Callable[Concatenate[Connection, Arguments], Answer],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Answer:
        """Return what a function of `workers.index` answers.

        Args:
            question: takes a connection and the other arguments.
            args: the others.
            kwargs: the others that have names.

        Raises:
            OutputError: the database cannot be used.
            NabaaError: what the function raises.
        """

        def answer() -> Answer:
            with self._archive.reading() as connection:
                return question(connection, *args, **kwargs)

        async with self._free:
            return await asyncio.to_thread(answer)
