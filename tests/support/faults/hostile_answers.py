"""Answers of servers that keep to no rule: each holds a slot, fills memory or goes on for ever."""

from __future__ import annotations

import gzip

import brotli
import zstandard

from tests.support.faults.hostile_documents import zeros
from tests.support.faults.hostile_site import Chunks, answer, endless

BODY_LIMIT = 2_000_000
"""Largest body that the fetcher is to read, which is what `TOO_MUCH` says of it."""

_OK = b"HTTP/1.1 200 OK\r\n"
_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n\r\n"
_BOMB = 50_000_000


def _nested(*codings: str) -> bytes:
    body = zeros(_BOMB, codings[0])
    for coding in codings[1:]:
        packed = {"gzip": gzip.compress, "br": brotli.compress, "zstd": zstandard.compress}
        body = packed[coding](body)
    return body


TOO_SLOW: dict[str, Chunks] = {
    "a byte now and then": endless(_OK + b"\r\n<rss>", b"x", 0.05),
    "a chunk of a byte now and then": endless(_CHUNKED, b"1\r\nx\r\n", 0.05),
    "a header that never ends": endless(_OK, b"X", 0.05),
    "headers now and then": endless(_OK, b"X-A: b\r\n", 0.05),
    "a status line byte by byte": endless(b"HTTP/1.1 200 ", b"O", 0.05),
}
"""What never ends, by what is hostile about it."""

TOO_MUCH: dict[str, tuple[Chunks, str]] = {
    "an endless body": (endless(_OK + b"\r\n", b"<a/>" * 20_000), "larger than 2,000,000 bytes"),
    "an endless body in chunks": (
        endless(_CHUNKED, b"10000\r\n" + b"x" * 65_536 + b"\r\n"),
        "larger than 2,000,000 bytes",
    ),
    "a chunk that says it is large": (
        endless(_CHUNKED + b"ffffffffff\r\n", b"x" * 65_536),
        "larger than 2,000,000 bytes",
    ),
    "endless headers": (endless(_OK, b"X-A: b\r\n" * 5_000), "not HTTP"),
    "one endless header": (endless(_OK + b"X-A: ", b"b" * 65_536), "not HTTP"),
    "an endless status line": (endless(b"HTTP/1.1 200 ", b"O" * 65_536), "not HTTP"),
    "a thousand headers": (
        answer(b"", *(f"X-{number}: {'b' * 8_000}" for number in range(1_000))),
        "not HTTP",
    ),
    "a redirect to itself": (
        answer(b"", "Location: /x", status="301 Moved Permanently"),
        "more than 5 redirects",
    ),
    **{
        f"a bomb of {coding}": (
            answer(zeros(_BOMB, coding), f"Content-Encoding: {coding}"),
            "larger than 2,000,000 bytes when decompressed",
        )
        for coding in ("gzip", "deflate", "br", "zstd")
    },
    "a text of 50 MB": (
        answer(
            gzip.compress(b"<rss><channel><item><title>" + b"x" * _BOMB), "Content-Encoding: gzip"
        ),
        "larger than 2,000,000 bytes when decompressed",
    ),
    "a bomb in a bomb": (
        answer(_nested("gzip", "gzip"), "Content-Encoding: gzip, gzip"),
        "when decompressed",
    ),
    "a bomb of three codings": (
        answer(_nested("br", "gzip", "zstd"), "Content-Encoding: br, gzip, zstd"),
        "when decompressed",
    ),
    "a thousand codings": (
        answer(b"x" * 1000, f"Content-Encoding: {', '.join(['gzip'] * 1_000)}"),
        "content codings",
    ),
}
"""What is refused, by what is hostile about it, and what is said of it."""
