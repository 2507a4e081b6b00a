"""Names in tokens: the recogniser protocol; its implementations are `crf`, `accurate`, `camel`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Protocol

from workers.model import Span

# Before numpy is loaded, which reads it once: on busy cores a second thread only makes the first
# wait (docs/recogniser.md). Whoever has set it otherwise keeps it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


class Recogniser(Protocol):
    """Finds names in sentences of tokens."""

    name: str

    def recognise(self, sentences: Sequence[Sequence[str]]) -> list[list[Span]]:
        """Find the names of each sentence.

        Args:
            sentences: tokens of each sentence, any script and length. Sentences of one document
                stand together, and an empty sentence parts documents: a recogniser may use what the
                others of a document say.

        Returns:
            One list a sentence, in the same order: spans by position, never overlapping. Never
            raises for any input.
        """
        ...
