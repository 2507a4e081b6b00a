"""What went wrong with a fetch, in words that a person reads, and of which kind it is."""

from __future__ import annotations

import os
import re
import socket

import aiohttp
import httpx

from ingest.fetch.address_guard import AddressRefusedError
from nabaa.errors import FailureKind

# What a feed, its host and the way to it can do wrong. The transport translates most of aiohttp's
# errors into those of httpx; ValueError is that of an address or a header.
FETCH_FAILURES = (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError, ValueError)


def describe(error: BaseException) -> str:
    """Return one clause: a refusal of ours, else what happened in plain words, else the library's.

    Args:
        error: as it was caught; the errors that led to it are looked through as well.
    """
    causes = _causes(error)
    refused = (str(cause) for cause in causes if isinstance(cause, AddressRefusedError))
    described = filter(None, map(_describe, causes))
    library = " ".join(str(error).split()) or type(error).__name__
    return next(refused, None) or next(described, library)


def classify(error: BaseException) -> FailureKind:
    """Return whether the host is down or unknown, or it is something else about the address."""
    causes = _causes(error)
    if any(isinstance(cause, AddressRefusedError) for cause in causes):
        return "other"
    for cause in causes:
        if isinstance(cause, aiohttp.ClientConnectorDNSError):
            # A resolver that is away says nothing about the name.
            return "down" if cause.os_error.errno == socket.EAI_AGAIN else "dns"
    return "other" if isinstance(error, ValueError | httpx.InvalidURL) else "down"


def _causes(error: BaseException) -> list[BaseException]:
    """Return an error and those that led to it."""
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    return causes


def _describe(cause: BaseException) -> str:
    match cause:
        # The library quotes what it took for the port or host: it may be a piece of a password.
        case httpx.InvalidURL() if re.search("(?i)port|host|IDNA|IPv", str(cause)):
            return (
                "the address has no valid host and port (marks such as / ? # @ : in a user or "
                "password are percent-encoded, %2F for /)"
            )
        case aiohttp.ClientConnectorDNSError():
            return f"the name {cause.host} cannot be looked up ({cause.strerror})"
        case aiohttp.ClientConnectorCertificateError():
            return f"the certificate of {cause.host} is not valid ({cause.certificate_error})"
        case aiohttp.ClientConnectorError():
            errno = cause.os_error.errno
            why = os.strerror(errno) if errno else cause.strerror
            return f"{cause.host}, port {cause.port}, cannot be connected to ({why})"
        case aiohttp.ServerDisconnectedError():
            return "the server closed the connection without an answer"
        case aiohttp.ClientResponseError():
            return f"the answer is not HTTP ({' '.join(cause.message.split())[:100]})"
    return ""
