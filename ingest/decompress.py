"""Content codings of HTTP (RFC 9110, section 8.4): gzip, deflate, br and zstd, with a bound.

The body is read whole and within its own bound first; here a few bytes may claim to be gigabytes.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

import brotli
import zstandard

ACCEPT_ENCODING = "gzip, deflate, br, zstd"


class DecompressError(ValueError):
    """The body cannot be decompressed within the bound: one clause that says why."""


def decompress(body: bytes, content_encoding: str, limit: int) -> bytes:
    """Undo the content codings of a body.

    Args:
        body: as it came over the wire.
        content_encoding: value of the header; codings in the order they were applied.
        limit: most bytes that any step may give.

    Returns:
        The plain body. A body that is declared compressed and is plainly markup is given back.

    Raises:
        DecompressError: unknown coding, broken or cut data, or more than `limit` bytes.
    """
    codings = [part.strip().lower() for part in content_encoding.split(",")]
    for coding in reversed([part for part in codings if part not in ("", "identity")]):
        decode = _DECODERS.get(coding.removeprefix("x-"))
        if decode is None:
            raise DecompressError(f"unknown content coding {coding[:40]!r}")
        try:
            plain = decode(body, limit)
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
                return body
            raise DecompressError(f"the body is not valid {coding}: {error}") from error
        if len(plain) > limit:
            raise DecompressError(f"the body is larger than {limit:,} bytes when decompressed")
        body = plain
    return body


def _gunzip(body: bytes, limit: int) -> bytes:
    return _inflate(body, limit, zlib.MAX_WBITS | 32)


def _deflate(body: bytes, limit: int) -> bytes:
    try:
        return _inflate(body, limit, zlib.MAX_WBITS)
    except zlib.error:
        # Some servers send raw deflate data under the name (RFC 9110, section 8.4.1.2).
        return _inflate(body, limit, -zlib.MAX_WBITS)


def _inflate(body: bytes, limit: int, wbits: int) -> bytes:
    inflater = zlib.decompressobj(wbits)
    plain = inflater.decompress(body, limit + 1)
    if len(plain) <= limit and not inflater.eof:
        raise DecompressError("the compressed body was cut short")
    return plain


def _unbrotli(body: bytes, limit: int) -> bytes:
    decoder = brotli.Decompressor()
    plain = decoder.process(body, output_buffer_limit=limit + 1)
    while len(plain) <= limit and not decoder.is_finished():
        more = decoder.process(b"", output_buffer_limit=limit + 1 - len(plain))
        if not more:
            raise DecompressError("the compressed body was cut short")
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
