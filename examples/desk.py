"""Prints who said what, as it is published, until Ctrl-C.

    python examples/desk.py [ADDRESS] [NAME]

ADDRESS is by default that of `nabaa run` in this folder. Readers of one group share the articles;
those that run at the same time need different names.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys

from nabaa import Article, Subscriber


def print_quotes(article: Article) -> None:
    """Print the quotations of an article, each with its speaker where the text names one."""
    names = {entity.id: entity.name for entity in article.entities}
    for quote in article.quotes:
        print(f"{names.get(quote.speaker or '', '—')}: «{quote.text}»", flush=True)


async def main(address: str = "unix://data/valkey.sock", name: str = socket.gethostname()) -> None:
    """Read until Ctrl-C.

    Args:
        address: of the wire's Redis.
        name: of this reader: what it had not dealt with when it died comes first.
    """
    logging.basicConfig(level=logging.INFO)
    subscriber = Subscriber(address, group="quotes", consumer=name, since="2h")
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, subscriber.stop)
    await subscriber.run(print_quotes)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
