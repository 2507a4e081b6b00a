"""How one feed of the farm behaves: what it writes, when its items appear, what goes wrong.

Records only, and the small decisions that follow from them; `answers` acts them out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from tests.support.farm.content.articles import Oddity
from tests.support.farm.content.dressed import PageKind
from tests.support.farm.content.render import Style

Validators = Literal["etag", "last-modified", "both", "none", "lying"]
Coding = Literal["identity", "gzip", "br", "zstd"]

FIVE_GIGABYTES = 5 * 1024**3
REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Slow:
    """Nothing for `seconds`, then the healthy answer."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Drip:
    """The healthy answer, `bytes_at_once` every `seconds`: no single read ever waits long."""

    seconds: float = 1.0
    bytes_at_once: int = 1


@dataclass(frozen=True, slots=True)
class Stall:
    """The head and the first `after_bytes` of the body, then silence on an open connection."""

    after_bytes: int


@dataclass(frozen=True, slots=True)
class Refuse:
    """An error status; `retry_after` is the header's value, seconds or an HTTP date."""

    status: int
    retry_after: str | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection closes after `after_bytes` of a longer body.

    Attributes:
        after_bytes: of the body as it goes over the wire, after compression.
        chunked: no Content-Length; the last chunk is missing instead.
    """

    after_bytes: int
    chunked: bool = False


@dataclass(frozen=True, slots=True)
class Truncated:
    """A complete HTTP answer whose document ends after `share` of its bytes."""

    share: float = 0.6


@dataclass(frozen=True, slots=True)
class WebPage:
    """An HTML page with status 200, as a captive portal or an error page has it."""


@dataclass(frozen=True, slots=True)
class EmptyBody:
    """Status 200 and no body."""


@dataclass(frozen=True, slots=True)
class EmptyFeed:
    """A feed without items."""


@dataclass(frozen=True, slots=True)
class Flood:
    """A body that begins as a feed and goes on and on, made while it is sent.

    Attributes:
        total_bytes: length after decompression; None never ends.
        gzipped: sent as a gzip bomb, about 1,000 times smaller than what it becomes.
    """

    total_bytes: int | None = FIVE_GIGABYTES
    gzipped: bool = False


Trouble = Slow | Drip | Stall | Refuse | Cut | Truncated | WebPage | EmptyBody | EmptyFeed | Flood


@dataclass(frozen=True, slots=True)
class Spell:
    """When a trouble strikes.

    Attributes:
        trouble: what goes wrong.
        every: each so-manyth request: 1 is each request, 3 the third, sixth and so on.
        first: strike only among the first so many requests; None for ever.
    """

    trouble: Trouble
    every: int = 1
    first: int | None = None

    def strikes(self, request: int) -> bool:
        """Return whether the trouble strikes a request, counted from 1."""
        return request % self.every == 0 and (self.first is None or request <= self.first)

    @property
    def passes(self) -> bool:
        """Whether healthy answers come between or after, or the trouble itself delivers."""
        return self.every > 1 or self.first is not None or isinstance(self.trouble, Slow)


@dataclass(frozen=True, slots=True)
class Arrival:
    """When the items of a feed appear.

    Attributes:
        initial: items there from the start; None for all of them.
        per_second: items that appear each second after the feed was first asked for; 0 for none
            but those of `Farm.advance`.
        delay_seconds: added to the time of each of them; may be negative, so that feeds of one
            rate do not all gain an item at once.
        hold: an item waits while a quarter of the window has not yet been sent in a complete
            answer. So no item scrolls away unseen, however slowly the feed is polled, and not
            even when three answers in a row are lost after they were sent.
    """

    initial: int | None = None
    per_second: float = 0.0
    delay_seconds: float = 0.0
    hold: bool = True

    def due(self, seconds: float) -> int:
        """Return how many items are due so many seconds after the first request, beside `initial`.

        Args:
            seconds: since the feed was first asked for.
        """
        return max(0, int((seconds - self.delay_seconds) * self.per_second + 1e-9))

    def due_after(self, count: int) -> float:
        """Return how many seconds after the first request `count` items are due."""
        return self.delay_seconds + count / self.per_second


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Everything about one feed but its articles.

    Attributes:
        style: how it writes.
        window: how many of the newest items it shows.
        arrival: when items appear.
        validators: which it sends and honours; `lying` sends a new ETag and Last-Modified with
            each answer and never a 304.
        coding: Content-Encoding, where the client accepts it.
        redirects: statuses of the hops before the feed itself, from 301, 302, 303, 307, 308.
        redirect_loop: the hops go round and never reach the feed.
        spells: what goes wrong and when; the first that strikes a request has it.
        oddity: what is strange about the feed's first article.
        pages: how the pages of its articles are.
    """

    style: Style = field(default_factory=Style)
    window: int = 50
    arrival: Arrival = field(default_factory=Arrival)
    validators: Validators = "both"
    coding: Coding = "gzip"
    redirects: tuple[int, ...] = ()
    redirect_loop: bool = False
    spells: tuple[Spell, ...] = ()
    oddity: Oddity = "none"
    pages: PageKind = "plain"

    def __post_init__(self) -> None:
        if self.window < 1:
            raise ValueError("a window shows at least one item")
        if not set(self.redirects) <= set(REDIRECTS):
            raise ValueError(f"a redirect is one of {REDIRECTS}")
        if self.validators not in get_args(Validators) or self.coding not in get_args(Coding):
            raise ValueError("no such validators or coding")

    def trouble(self, request: int) -> Trouble | None:
        """Return what goes wrong with a request, counted from 1, or None."""
        return next((spell.trouble for spell in self.spells if spell.strikes(request)), None)

    def redirect(self, hop: int) -> tuple[int, int] | None:
        """Return the status and the next hop of a redirect, or None where the feed itself is.

        Args:
            hop: 0 for the address in the feed list.
        """
        if self.redirect_loop:
            statuses = self.redirects or (302,)
            return statuses[hop % len(statuses)], (hop + 1) % max(2, len(statuses))
        return (self.redirects[hop], hop + 1) if hop < len(self.redirects) else None

    @property
    def delivers(self) -> bool:
        """Whether a reader that keeps trying gets every item in a healthy answer."""
        return not self.redirect_loop and all(spell.passes for spell in self.spells)
