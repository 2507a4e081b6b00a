"""The web site of the made-up press on loopback: a feed an outlet, and a page an article."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import blake2b
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from config.model import Feed
from ingest.demo.press import Press, PressArticle

_HOST = "127.0.0.1"
_POLL_SECONDS = 5


@contextmanager
def serve_press(press: Press) -> Iterator[list[Feed]]:
    """Serve the press on a free port of loopback while the block runs.

    Args:
        press: what is told when.

    Yields:
        Its feeds, as a feed list has them.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            now = datetime.now(UTC)
            host = f"http://{_HOST}:{server.server_address[1]}"
            kind, body = _answer(press, self.path, host, now)
            tag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
            status = 404 if not body else 304 if self.headers["If-None-Match"] == tag else 200
            self.send_response(status)
            self.send_header("ETag", tag)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body) if status == 200 else 0))
            self.end_headers()
            if status == 200:
                self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing: the daemon's log tells of polls."""

    with ThreadingHTTPServer((_HOST, 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        yield [
            Feed(
                id=f"demo-{outlet.id}",
                url=f"http://{_HOST}:{server.server_address[1]}/{outlet.id}/rss.xml",
                title=outlet.name,
                outlet=outlet.name,
                country=outlet.country,
                timezone=outlet.timezone,
                interval_seconds=_POLL_SECONDS,
                full_text="always",
            )
            for outlet in press.outlets
        ]
        server.shutdown()


def _answer(press: Press, path: str, host: str, now: datetime) -> tuple[str, bytes]:
    """Return media type and body of what lies at a path; an empty body where nothing does."""
    outlet, _, name = path.strip("/").partition("/")
    if name == "rss.xml":
        return "application/rss+xml; charset=utf-8", _rss(press.newest(outlet, now), host).encode()
    number = name.removesuffix(".html")
    if number.isdecimal() and (article := press.article(outlet, int(number), now)):
        return "text/html; charset=utf-8", _page(article, _url(article, host)).encode()
    return "text/plain", b""


def _url(article: PressArticle, host: str) -> str:
    return f"{host}/{article.outlet.id}/{article.number}.html"


def _rss(articles: list[PressArticle], host: str) -> str:
    """Return a feed with the first sentence of each article, as most feeds of the press are."""
    items = "".join(
        f"<item><title>{escape(each.title)}</title><link>{_url(each, host)}</link>"
        f"<guid>{_url(each, host)}</guid><description>{escape(each.text[0])}</description>"
        f"<category>{each.topic}</category>"
        f"<pubDate>{format_datetime(each.updated or each.published)}</pubDate></item>"
        for each in articles
    )
    name = articles[0].outlet.name if articles else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>{name}</title><link>{host}</link><description/>{items}</channel></rss>"
    )


def _page(article: PressArticle, url: str) -> str:
    """Return the page of an article, with what stands around the text on such pages."""
    about = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": article.published.isoformat(),
        "dateModified": (article.updated or article.published).isoformat(),
        "author": {"@type": "Person", "name": article.author},
        "articleSection": article.topic,
        "mainEntityOfPage": url,
    }
    script = json.dumps(about, ensure_ascii=False).replace("<", "\\u003c")
    name, title = escape(article.outlet.name), escape(article.title)
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in article.text)
    return (
        '<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8">'
        f'<title>{title} - {name}</title><link rel="canonical" href="{url}">'
        f'<script type="application/ld+json">{script}</script></head><body>'
        f"<header><nav><a href='/'>الرئيسية</a> <a href='/'>سياسة</a> <a href='/'>رياضة</a></nav>"
        f"</header><main><article><h1>{title}</h1><p class='byline'>كتب: {article.author}</p>"
        f"{paragraphs}</article></main><footer>جميع الحقوق محفوظة لدى {name}</footer></body></html>"
    )
