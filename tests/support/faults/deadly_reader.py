"""A subscriber's program whose processes die at one article: `python -m` ADDRESS CONSUMER TRIES."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from nabaa import Article, Subscriber

POISON = "مسموم"


def main() -> None:
    """Let one process read after the other until one ends well; exit with the number of deaths."""
    address, consumer, tries = sys.argv[1:]
    deaths = 0
    while True:
        process = os.fork()  # a new interpreter would import everything once more
        if not process:
            read(address, consumer, int(tries))
            os._exit(0)
        if not os.waitpid(process, 0)[1]:
            sys.exit(deaths)
        deaths += 1


def read(address: str, consumer: str, tries: int) -> None:
    """Print the titles that it gets, each before it has dealt with it, until the last."""
    subscriber = Subscriber(address, "desk", consumer=consumer, tries=tries, redeliver_seconds=0.2)

    def handle(article: Article) -> None:
        print(article.title, flush=True)
        if article.title == POISON:
            os.kill(os.getpid(), signal.SIGKILL)
        if article.title == "last":
            subscriber.stop()

    asyncio.run(subscriber.run(handle))


if __name__ == "__main__":
    main()
