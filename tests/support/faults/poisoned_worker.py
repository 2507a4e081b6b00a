"""`nabaa work` as it is, but one text kills the process that reads it, without a farewell."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from unittest.mock import patch

from ingest.model import Entry
from nabaa.types import Article
from workers.pipeline import ArticleMaker

POISON = "سم قاتل"


def main() -> None:
    """Run `nabaa work`."""
    from nabaa.main import main as run_nabaa

    make = ArticleMaker.make

    def make_or_die(
        self: ArticleMaker, entries: Sequence[Entry], pages: Sequence[bytes] = ()
    ) -> list[Article | None]:
        if any(POISON in entry.title for entry in entries):
            os._exit(139)  # as after a segmentation fault
        return make(self, entries, pages)

    with patch.object(ArticleMaker, "make", make_or_die):
        sys.argv = ["nabaa", "work"]
        run_nabaa()


if __name__ == "__main__":
    main()
