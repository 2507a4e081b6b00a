"""The errors that a person can act on; anything else keeps its traceback in the log.

NabaaError
├── ConfigError      a setting or the feed list is wrong: names the file, line and key
├── UsageError       a command or a request asks for what makes no sense: names the option and value
├── NotFoundError    what a command names is not there: names it
├── FetchError       a feed could not be fetched: names the feed and the address
├── ParseError       a body is not a feed: names the feed
├── RecogniserError  a recogniser or its model cannot be loaded: says what to install
├── OutputError      an article cannot be written, posted or served: names the place and says why
└── QueueError       Redis refused or cannot be used: says which and why
"""

from __future__ import annotations

import re
from typing import Literal

FailureKind = Literal[
    "down",
    "dns",
    "missing",
    "gone",
    "busy",
    "refused",
    "redirects",
    "robots",
    "unreadable",
    "other",
]
"""What kind of failure a poll met: the host does not answer or answers 5xx (`down`), its name is
unknown (`dns`), 404, 410 (`gone`), 429 or 503 (`busy`), another status (`refused`), too many
redirects, robots.txt forbids it, no feed came, or something else, such as a limit of ours."""


class NabaaError(Exception):
    """The root of all: its text is one clear sentence that is enough as a log line."""


class ConfigError(NabaaError):
    """A setting, the feed list or an input file is wrong."""


class UsageError(NabaaError):
    """An option, an argument or a query asks for what makes no sense."""


class NotFoundError(NabaaError):
    """What a command or a request names does not exist: a feed, a subscription, a dead letter."""


class FetchError(NabaaError):
    """A feed could not be fetched.

    Args:
        feed_id: which feed.
        url: the address that was being fetched when it failed; a user and a password in it are left
            out.
        reason: one clause, without a full stop.
        kind: of the failure.
    """

    def __init__(self, feed_id: str, url: str, reason: str, kind: FailureKind = "other") -> None:
        url = without_credentials(url)
        super().__init__(f"feed {feed_id}: {url}: {reason}")
        self.kind: FailureKind = kind
        self.feed_id = feed_id
        self.url = url
        self.reason = reason


class ParseError(NabaaError):
    """A body was fetched but is not a feed.

    Args:
        feed_id: which feed.
        reason: one clause, without a full stop.
    """

    def __init__(self, feed_id: str, reason: str) -> None:
        super().__init__(f"feed {feed_id}: {reason}")
        self.feed_id = feed_id
        self.reason = reason


class RecogniserError(NabaaError):
    """A recogniser or its model cannot be loaded."""


class OutputError(NabaaError):
    """An output cannot do its work: a disk, a receiver, a port or standard output refuses it."""


class QueueError(NabaaError):
    """Redis refused a command, or the server cannot be used."""


def without_credentials(url: str) -> str:
    """Return an address without the user and the password before its host (RFC 3986, 3.2.1).

    A password that holds a mark which must be percent-encoded there ends an address' host too soon.
    Where that may be so, all is left out up to the last `@`: rather too much than a secret.

    Args:
        url: any text; what is no address comes back as it is.
    """
    scheme, separator, rest = url.partition("://")
    if not separator or "@" not in rest:
        return url
    end = min((place for mark in "/?#\\" if (place := rest.find(mark)) >= 0), default=len(rest))
    login, _, host = rest[:end].rpartition("@")
    path, _, query = re.sub("[?#]", "?", rest[end:]).partition("?")
    # `/@name` in a path and `?mail=a@b` are no logins. A mark in a user or password leaves a host
    # that has a port, or is a word.
    is_odd_host = not login and (":" in host.rpartition("]")[2] or not re.search(r"[.\]]", host))
    in_path = "@" in path if login or is_odd_host else re.search("[^/]@", path)
    in_query = "@" in query if is_odd_host else re.search("(?:^|[?&;])[^=&;]*@", query)
    shown = rest.rpartition("@")[2] if in_path or in_query else host + rest[end:]
    return f"{scheme}{separator}{shown}"
