"""A site of fixed pages on loopback, in a thread of its own: any path answers with any bytes."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Reply:
    """What a path answers with.

    Attributes:
        body: bytes as they are; `{base}` in a text becomes the address of the site, without a
            slash at its end.
        content_type: of the body.
        status: HTTP status.
        location: where a redirect leads.
    """

    body: str | bytes = ""
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    location: str = ""


@dataclass(slots=True)
class PageSite:
    """A site that runs.

    Attributes:
        base: its address, without a slash at its end.
        asked: the paths that were asked for, with their queries, oldest first.
    """

    base: str
    asked: list[str] = field(default_factory=list)


@contextmanager
def serve_pages(pages: Mapping[str, Reply]) -> Iterator[PageSite]:
    """Serve pages while the block runs.

    Args:
        pages: by path and query; any other path is answered with 404.

    Yields:
        The site.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            reply = pages.get(self.path, Reply("<h1>لا توجد</h1>", status=404))
            body = reply.body
            if isinstance(body, str):
                body = body.replace("{base}", site.base).encode()
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(body)))
            if reply.location:
                self.send_header("Location", reply.location)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass  # standard error belongs to the command under test

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = PageSite(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), name="pages")
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
