"""Prints who said what, as it is published; run it twice and the two share the articles.

python examples/desk.py redis://localhost:6379/0
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

from nabaa import Article, Subscriber


def print_quotes(article: Article) -> None:
    """Print the quotations of an article, each with its speaker where the text names one."""
    names = {entity.id: entity.name for entity in article.entities}
    for quote in article.quotes:
        print(f"{names.get(quote.speaker or '', '—')}: «{quote.text}»")


async def main() -> None:
    """Read until Ctrl-C."""
    logging.basicConfig(level=logging.INFO)
    subscriber = Subscriber(sys.argv[1], group="quotes", since="2h")
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, subscriber.stop)
    await subscriber.run(print_quotes)


if __name__ == "__main__":
    asyncio.run(main())
