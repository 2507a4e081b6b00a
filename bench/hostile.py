"""What honest feeds notice of hostile ones: lateness and peak memory while each attack runs.

    python -m bench.hostile [--only NAME] [--seconds 20]

Thirty honest feeds, each with a new item every few seconds, are polled by one `nabaa ingest` and
published by one `nabaa work`; beside them the feeds of one kind of attack, then those of all. All
is on loopback, and each kind is bounded in time.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import redis

from config.feed_list import save_feeds
from config.model import Feed
from nabaa.streams.keys import Keys
from nabaa.streams.messages import messages_of_range
from tests.support.daemons import Daemon
from tests.support.faults.hostile_answers import TOO_MUCH, TOO_SLOW
from tests.support.faults.hostile_documents import DOCUMENTS
from tests.support.faults.hostile_items import (
    PLACES,
    RSS,
    SUBSETS,
    document_of,
    hostile_markup,
)
from tests.support.faults.hostile_site import Chunks, answer, serving
from tests.support.servers import Server

KEYS = Keys(0)
HONEST_FEEDS = 30
HONEST_SECONDS = 2
"""Between two polls of an honest feed."""

HOSTILE_SECONDS = 10
"""Between two polls of a hostile one; a list's feeds are polled every 15 minutes."""

NEW_SECONDS = 5
"""Between two items of an honest feed."""

DOCUMENT_BYTES = 1_000_000
MOST_SECONDS = 240.0
WAITED_SECONDS = 60.0
"""For the articles of honest feeds, after an attack: what is not there then counts as late."""

_ITEM = "<guid>{count}</guid><title>{count}</title>"
Pages = dict[str, Chunks]


def main() -> None:
    """Run each attack and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="length of each attack")
    parser.add_argument("--only", default="", help="attacks whose names hold this")
    options = parser.parse_args()
    print(
        f"machine: {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f}; {HONEST_FEEDS} honest feeds polled every "
        f"{HONEST_SECONDS} s, hostile ones every {HOSTILE_SECONDS} s"
    )
    print("| attack | feeds | late p50, s | p99 | longest | ingest, MB | worker, MB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    attacks = {"none": Pages(), **_attacks()}
    attacks["all at once"] = {
        path: page for pages in attacks.values() for path, page in pages.items()
    }
    for name, pages in attacks.items():
        if options.only in name:
            measure(name, pages, options.seconds)


def measure(name: str, pages: Pages, seconds: float) -> None:
    """Run one attack beside the honest feeds and print its row."""
    with tempfile.TemporaryDirectory(prefix="nabaa-hostile-") as made:
        folder = Path(made)
        server = Server(folder / "redis")
        server.start({"appendfsync": "everysec"})
        try:
            began = time.time()
            honest = {f"/honest-{n}": _honest(n, began) for n in range(HONEST_FEEDS)}
            with (
                serving(honest) as good,
                serving(pages) as bad,
                redis.Redis.from_url(server.url) as client,
            ):
                feeds = [_feed(good.base_url, path, HONEST_SECONDS) for path in honest]
                feeds += [_feed(bad.base_url, path, HOSTILE_SECONDS) for path in pages]
                save_feeds(folder / "feeds.yaml", feeds)
                settings = {
                    "NABAA_REDIS_URL": server.url,
                    "NABAA_FEEDS_FILE": str(folder / "feeds.yaml"),
                    "NABAA_ALLOW_PRIVATE_ADDRESSES": "true",
                    "NABAA_FULL_TEXT": "never",
                    "NABAA_TICK_SECONDS": "0.2",
                    "NABAA_RETRY_BASE_SECONDS": "1",
                    "NABAA_RETRY_MAX_SECONDS": "2",
                    "NABAA_HOST_DOWN_AFTER": "1000",  # the hostile feeds share an address here
                }
                with (
                    Daemon("ingest", settings=settings, log=folder / "ingest.log") as ingest,
                    Daemon("work", settings=settings, log=folder / "work.log") as work,
                ):
                    _wait(lambda: all(bad.asked[path] for path in pages))
                    _wait(lambda: client.xlen(KEYS.articles) >= HONEST_FEEDS)
                    since = time.time()
                    time.sleep(seconds)
                    items = range(
                        int((since - began) / NEW_SECONDS) + 1,
                        int((time.time() - began) / NEW_SECONDS) + 1,
                    )
                    expected = {(feed, item) for feed in range(HONEST_FEEDS) for item in items}
                    with suppress(TimeoutError):
                        _wait(lambda: expected <= _published(client).keys(), WAITED_SECONDS)
                    peaks = ingest.peak_bytes() / 1e6, work.peak_bytes() / 1e6
                published, ended = _published(client), time.time()
        finally:
            server.kill()
    late = sorted(published.get(each, ended) - began - each[1] * NEW_SECONDS for each in expected)
    missing = len(expected - published.keys())
    p50, p99 = late[len(late) // 2], late[int(len(late) * 0.99)]
    print(
        f"| {name} | {len(pages)} | {p50:.1f} | {p99:.1f} | {late[-1]:.1f} "
        f"| {peaks[0]:.0f} | {peaks[1]:.0f} |"
        + (f" {missing} of {len(expected)} were not there yet" if missing else ""),
        flush=True,
    )


def _attacks() -> dict[str, Pages]:
    """Return what is served by the kind of attack, each feed at a path of its own."""
    much = {name: chunks for name, (chunks, _) in TOO_MUCH.items()}
    bombs = {name for name in much if "bomb" in name or name == "a text of 50 MB"}
    return {
        "answers that never end": _numbered("slow", dict(_times(TOO_SLOW, 10))),
        "bodies and headers without end": _numbered(
            "much", dict(_times({n: c for n, c in much.items() if n not in bombs}, 3))
        ),
        "decompression bombs": _numbered("bomb", {name: much[name] for name in bombs}),
        "documents made to cost": _numbered(
            "cost", {name: answer(make(DOCUMENT_BYTES)) for name, make in DOCUMENTS.items()}
        ),
        "hosts of combining marks": _numbered(
            "host",
            {name: _again(f"{items}<title>{{count}}</title>") for name, items in PLACES.items()},
        ),
        "DOCTYPEs": _numbered(
            "doctype",
            {
                name: answer(document_of("<guid>1</guid><title>&a;</title>", subset))
                for name, subset in SUBSETS.items()
            },
        ),
        "2,000 new items at each poll": _numbered(
            "crowd", {str(number): _items(number) for number in range(5)}
        ),
        "fields without limit": _numbered(
            "field", {name: _again(items) for name, items in _fields().items()}
        ),
        "markup made to cost": _numbered(
            "markup",
            {
                name: _again(f"{_ITEM}<description><![CDATA[{markup}]]></description>")
                for name, markup in hostile_markup().items()
            },
        ),
        "4,000 persons of one given name": _numbered(
            "names", {str(number): _again(_persons()) for number in range(3)}
        ),
    }


def _persons() -> str:
    names = "، و".join(f"محمد {_word(number)} علي" for number in range(4_000))
    return f"{_ITEM}<description>قال الرئيس محمد علي إن {names} وصلوا.</description>"


def _word(number: int) -> str:
    letters = "ابتثجحخدرزسشصضطظعغفقكلمنهوي"
    return "".join(letters[number // len(letters) ** place % len(letters)] for place in range(3))


def _fields() -> dict[str, str]:
    pictures = "".join(f'<media:content url="https://a.example/{n}.jpg"/>' for n in range(40_000))
    return {
        "author": f"{_ITEM}<author>{'م' * 1_000_000}</author>",
        "guid": f"<guid>{{count}}{'g' * 2_000_000}</guid><title>{{count}}</title>",
        "text": f"{_ITEM}<description>{'نص من الكلمات ' * 150_000}</description>",
        "media": f"{_ITEM}{pictures}",
    }


def _numbered(kind: str, pages: Mapping[str, Chunks]) -> Pages:
    return {f"/{kind}-{number}": chunks for number, chunks in enumerate(pages.values())}


def _times(pages: Mapping[str, Chunks], times: int) -> Iterator[tuple[str, Chunks]]:
    for number in range(times):
        for name, chunks in pages.items():
            yield f"{name} {number}", chunks


def _made(make: Callable[[int], bytes]) -> Chunks:
    """Serve a body that is made anew for each request, by its number."""
    numbers = itertools.count()

    async def chunks() -> AsyncIterator[bytes]:
        async for chunk in answer(make(next(numbers)))():
            yield chunk

    return chunks


def _again(items: str) -> Chunks:
    """Serve a document whose item is another at each poll: its number stands for `{count}`."""
    return _made(lambda count: document_of(items.replace("{count}", str(count))))


def _items(feed: int) -> Chunks:
    def make(count: int) -> bytes:
        items = "".join(
            f"<item><guid>{feed}-{count}-{n}</guid><title>خبر {count} {n}</title></item>"
            for n in range(2_000)
        )
        return f"{RSS}{items}</channel></rss>".encode()

    return _made(make)


def _honest(feed: int, began: float) -> Chunks:
    """Serve a feed of the last three items, a new one every `NEW_SECONDS`."""

    def make(_: int) -> bytes:
        newest = int((time.time() - began) / NEW_SECONDS)
        items = "".join(
            f"<item><guid>honest-{feed}-{n}</guid><title>خبر {feed} رقم {n}</title>"
            f"<link>https://honest-{feed}.example/{n}</link></item>"
            for n in range(max(0, newest - 2), newest + 1)
        )
        return f"{RSS}{items}</channel></rss>".encode()

    return _made(make)


def _feed(base_url: str, path: str, seconds: int) -> Feed:
    name = path[1:]
    return Feed(name, base_url + path, name, "صحيفة", "JO", "UTC", interval_seconds=seconds)


def _published(client: redis.Redis) -> dict[tuple[int, int], float]:
    """Return when the article of each honest feed and item came onto the stream."""
    found: dict[tuple[int, int], float] = {}
    for message in messages_of_range(client.xrange(KEYS.articles)):
        _, _, rest = message.fields.get(b"subject", b"").decode().partition("https://honest-")
        if rest:
            feed, _, item = rest.partition(".example/")
            found[int(feed), int(item)] = int(message.id.partition("-")[0]) / 1000
    return found


def _wait(condition: Callable[[], bool], seconds: float = MOST_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:g} seconds")
        time.sleep(0.05)


if __name__ == "__main__":
    main()
