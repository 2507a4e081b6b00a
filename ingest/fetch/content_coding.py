"""Content codings of HTTP (RFC 9110, section 8.4): gzip, deflate, br and zstd, with a bound.

The body is read within its own bound first; here a few bytes may claim to be gigabytes. Whether
the plain body is whole is left to the parser: it sees where the document ends.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable

import brotli
import zstandard

ACCEPT_ENCODING = "gzip, deflate, br, zstd"

# Each costs up to the whole bound; nobody sends more than two.
_MAX_CODINGS = 5
# Each costs a copy of what is behind it; honest servers send one, or a few.
_MAX_GZIP_MEMBERS = 100


# What servers write that is no coding: of the text, of the transfer, or nothing at all.
_NO_CODINGS = frozenset(
    ("", "identity", "none", "utf-8", "utf8", "aws-chunked", "chunked", "8bit", "7bit", "binary")
)
_PLAIN = re.compile(rb"(?:\xef\xbb\xbf)?\s*[<{]")


class DecompressError(ValueError):
    """The body cannot be decompressed within the bound: one clause that says why."""


class TooLargeError(DecompressError):
    """The plain body is larger than the bound."""


def decompress(body: bytes, content_encoding: str, limit: int) -> bytes:
    """Undo the content codings of a body.

    Args:
        body: as it came over the wire.
        content_encoding: value of the header; codings in the order they were applied.
        limit: most bytes that any step may give.

    Returns:
        The plain body; of data that were cut off, what stands before the cut. A body that is
        declared compressed and is plainly markup is given back.

    Raises:
        TooLargeError: more than `limit` bytes.
        DecompressError: unknown coding, over five of them, or broken data.
    """
    parts = [part.strip().lower() for part in content_encoding.split(",")]
    codings = [part for part in parts if part not in _NO_CODINGS]
    if len(codings) > _MAX_CODINGS:
        raise DecompressError(f"the body has over {_MAX_CODINGS} content codings")
    for coding in reversed(codings):
        decode = _DECODERS.get(coding.removeprefix("x-"))
        if decode is None and _PLAIN.match(body):
            return body
        if decode is None:
            raise DecompressError(f"unknown content coding {coding[:40]!r}")
        try:
            plain = decode(body, limit)
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
                return body
            raise DecompressError(f"the body is not valid {coding}: {error}") from error
        if len(plain) > limit:
            raise TooLargeError(
                f"the body is larger than {limit:,} bytes when decompressed "
                "(NABAA_MAX_BODY_BYTES sets the limit)"
            )
        body = plain
    return body


def _gunzip(body: bytes, limit: int) -> bytes:
    # A gzip body may be several members, one behind the other (RFC 1952, section 2.2).
    members: list[bytes] = []
    room = limit + 1
    while room and len(members) < _MAX_GZIP_MEMBERS:
        inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)
        members.append(inflater.decompress(body, room))
        room -= len(members[-1])
        body = inflater.unused_data
        if not body.startswith(b"\x1f\x8b"):
            break
    return b"".join(members)


def _deflate(body: bytes, limit: int) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS).decompress(body, limit + 1)
    except zlib.error:
        # Some servers send raw deflate data under the name (RFC 9110, section 8.4.1.2).
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(body, limit + 1)


def _unbrotli(body: bytes, limit: int) -> bytes:
    decoder = brotli.Decompressor()
    plain = decoder.process(body, output_buffer_limit=limit + 1)
    while len(plain) <= limit and not decoder.is_finished():
        more = decoder.process(b"", output_buffer_limit=limit + 1 - len(plain))
        if not more:
            break
        plain += more
    return bytes(plain)


def _unzstd(body: bytes, limit: int) -> bytes:
    # RFC 9659 lets a server use windows up to 8 MB in a content coding.
    decoder = zstandard.ZstdDecompressor(max_window_size=8 * 1024 * 1024)
    with decoder.stream_reader(io.BytesIO(body), read_across_frames=True) as reader:
        return reader.read(limit + 1)


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzip,
    "deflate": _deflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
