"""A subscriber's program whose process dies at one article: `python -m` ADDRESS CONSUMER TRIES."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from nabaa import Article, Subscriber

POISON = "مسموم"


def main() -> None:
    """Print the titles that it gets, each before it has dealt with it."""
    address, consumer, tries = sys.argv[1:]
    subscriber = Subscriber(
        address, "desk", consumer=consumer, tries=int(tries), redeliver_seconds=0.2
    )

    def handle(article: Article) -> None:
        print(article.title, flush=True)
        if article.title == POISON:
            os.kill(os.getpid(), signal.SIGKILL)
        if article.title == "last":
            subscriber.stop()

    asyncio.run(subscriber.run(handle))


if __name__ == "__main__":
    main()
