"""A wire that an earlier version began is read and continued by this one, on the same Redis."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from config.feed_list import save_feeds
from config.model import Feed
from ingest.streams.feed_state import decode_state, encode_state
from ingest.websub.store import decode_subscription
from nabaa import Subscriber
from nabaa.streams.keys import Keys
from tests.support.conditions import eventually
from tests.support.daemons import Daemon
from tests.support.servers import Server
from tests.support.wires.saved_wire import restore

GOLDEN = Path(__file__).with_name("golden") / "wire_0_1.json"
KEYS = Keys(0)
ITEMS = 6  # the earlier version saw five of them, and published three
TITLES = (
    "افتتاح معرض الكتاب في عمّان",
    "وزير الصحة يزور مستشفى في القاهرة",
    "فريق النجم يفوز بكأس المدينة",
    "أمطار غزيرة على الساحل",
    "جامعة بيروت تعلن عن برنامج جديد",
    "ميناء جدة يستقبل سفينة أبحاث",
)
PATHS = {
    "sabah": "sabah.xml",
    "masa": "hubbed.xml",
    "qadima": "moved.xml",
    "rahila": "gone.xml",
    "mutia": "broken.xml",
}


def sabah() -> str:
    items = [
        f"<item><title>{title} {number}</title><link>https://sabah.example/{number}</link>"
        f'<guid isPermaLink="false">sabah-{number}</guid>'
        f"<pubDate>Sun, 01 Mar 2026 {8 + number:02}:00:00 GMT</pubDate>"
        f"<description>خبر رقم {number} من صحيفة الصباح عن {title} كما روى مراسلنا."
        "</description></item>"
        for number, title in enumerate(TITLES)
    ]
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>الصباح</title>'
        f"<link>https://sabah.example/</link><ttl>30</ttl>{''.join(reversed(items))}"
        "</channel></rss>"
    )


@dataclass
class Web:
    """The sites of the feeds, and what was asked of them.

    Attributes:
        base: address of the server.
        asked: path of each GET, with the validator that it carried.
    """

    base: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()

    class Site(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

        def do_GET(self) -> None:
            web.asked.append((self.path, self.headers.get("If-None-Match", "")))
            if self.path.startswith("/sabah.xml"):
                self._answer(200, sabah().encode(), '"sabah-6"')
            elif self.path == "/hubbed.xml" and self.headers.get("If-None-Match") == '"hubbed"':
                self._answer(304, b"", '"hubbed"')
            else:
                self._answer(500, b"", "")

        def _answer(self, status: int, body: bytes, etag: str) -> None:
            self.send_response(status)
            self.send_header("ETag", etag)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    web.base = f"http://127.0.0.1:{server.server_address[1]}"
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield web
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def server(tmp_path: Path, web: Web) -> Iterator[Server]:
    server = Server(tmp_path / "r")
    server.start()
    with server.client() as client:
        restore(client, GOLDEN, web.base)
    yield server
    server.stop()


def settings_of(folder: Path, server: Server, web: Web) -> dict[str, str]:
    feeds = [
        Feed(feed_id, f"{web.base}/{path}", feed_id, feed_id, "JO", "Asia/Amman")
        for feed_id, path in PATHS.items()
    ]
    save_feeds(folder / "feeds.yaml", feeds)
    return {
        "NABAA_REDIS_URL": server.url,
        "NABAA_FEEDS_FILE": str(folder / "feeds.yaml"),
        "NABAA_ALLOW_PRIVATE_ADDRESSES": "true",
        "NABAA_FULL_TEXT": "never",
        "NABAA_WEBSUB_CALLBACK_URL": "https://wire.example/push",
        "NABAA_RECLAIM_IDLE_SECONDS": "0.5",
        # What was saved is as old as this test.
        "NABAA_SEEN_RETENTION_SECONDS": "1e9",
        "NABAA_ARTICLES_MAX_AGE_SECONDS": "1e9",
    }


def test_a_wire_of_an_earlier_version_goes_on_where_it_stood(
    tmp_path: Path, server: Server, web: Web
) -> None:
    settings = settings_of(tmp_path, server, web)
    with (
        server.client() as client,
        Daemon("run", "--quiet", settings=settings, log=tmp_path / "log") as daemon,
    ):

        def created() -> Counter[str]:
            messages = [fields for _, fields in client.xrange(KEYS.articles)]
            return Counter(
                fields[b"subject"].decode()
                for fields in messages
                if fields[b"type"] == b"nabaa.article.created"
            )

        expected = {"https://masa.example/1", *(f"https://sabah.example/{n}" for n in range(ITEMS))}
        eventually(lambda: set(created()) == expected and client.xlen(KEYS.entries) == 0, 60)
        assert daemon.stop() < 10
        assert set(created().values()) == {1}
        assert "dead letters" not in daemon.printed()
        pushed = decode_subscription(client.get(KEYS.push("masa")))
        assert pushed is not None
        assert pushed.topic == f"{web.base}/hubbed.xml"
    asked = dict(web.asked)
    assert asked["/sabah.xml"] == '"sabah-5"', "validators are sent back"
    assert "/moved.xml" not in asked, "a feed that has moved is asked where it lives"
    assert asked["/sabah.xml?moved"] == '"sabah-5"'
    assert "/gone.xml" not in asked, "a feed that has ended is not asked"


@pytest.mark.usefixtures("web")
def test_a_group_of_an_earlier_version_reads_on_behind_what_it_acknowledged(
    server: Server,
) -> None:
    with server.client() as client:
        stored = [message_id.decode() for message_id, _ in client.xrange(KEYS.articles)]
    desk = Subscriber(server.url, "desk", consumer="me")
    articles = iter(desk)
    read = [next(articles).url for _ in stored[1:]]
    desk.stop()
    assert next(articles, None) is None
    assert "https://masa.example/1" not in read
    assert len(read) == len(stored) - 1


def test_the_state_of_a_feed_is_read_and_written_in_the_names_of_the_first_version() -> None:
    saved = json.loads(GOLDEN.read_text("utf-8"))["keys"]
    for feed_id in PATHS:
        stored = saved[KEYS.feed(feed_id)]["fields"]["state"].encode()
        assert json.loads(encode_state(decode_state({b"state": stored}))) == json.loads(stored)
    state = decode_state({b"state": saved[KEYS.feed("sabah")]["fields"]["state"].encode()})
    assert state.arrival_rate is not None
    assert state.publisher_hints == "1800;;"
