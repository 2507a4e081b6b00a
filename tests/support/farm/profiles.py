"""The behaviours of a whole farm: all healthy, or with the troubles that one meets on the web.

Decided by the number of the feed alone. In both profiles a reader that keeps trying gets every
article.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from tests.support.farm.behaviour import (
    Arrival,
    Behaviour,
    Coding,
    Cut,
    EmptyBody,
    EmptyFeed,
    Flood,
    Refuse,
    Slow,
    Spell,
    Stall,
    Truncated,
    Validators,
    WebPage,
)
from tests.support.farm.content.render import Style

Profile = Literal["plain", "mixed"]

# Ten styles as they are met: most feeds are RSS 2.0 in UTF-8, some are old, a few Atom.
STYLES: tuple[Style, ...] = (
    Style(),
    Style(content="cdata", guid="opaque", links="percent"),
    Style(format="atom10", dates="iso", guid="opaque"),
    Style(encoding="windows-1256", content="escaped", guid="none", declaration="xml"),
    Style(content="plain", dates="arabic", links="iri"),
    Style(encoding="utf-8-sig", content="cdata", dates="zoneless", declaration="http"),
    Style(format="rss10", dates="iso", declaration="none", encoding="utf-8"),
    Style(format="atom03", dates="iso", content="escaped"),
    Style(format="rss092", encoding="iso-8859-6", content="escaped"),
    Style(format="rss091", content="plain", dates="none", guid="none"),
)

# Styles whose documents deceive or are hard to read; in the mixed profile one feed in four.
HARD_STYLES: tuple[Style, ...] = (
    Style(encoding="windows-1256", declaration="none", content="cdata"),
    Style(encoding="windows-1256", declaration="wrong xml", dates="levantine"),
    Style(encoding="utf-8", declaration="wrong http", content="escaped", guid="opaque"),
    Style(encoding="windows-1256", declaration="wrong both", content="plain"),
    Style(encoding="utf-8", declaration="wrong both", dates="nonsense", mime="text/html"),
    Style(format="atom10", encoding="windows-1256", declaration="xml", dates="iso"),
    Style(dates="none", guid="none", mime="text/xml"),
)

_VALIDATORS: tuple[Validators, ...] = ("both", "etag", "last-modified", "both", "none", "lying")
_CODINGS: tuple[Coding, ...] = ("gzip", "gzip", "br", "identity", "zstd")
_REDIRECTS: tuple[tuple[int, ...], ...] = ((301,), (302,), (308, 301), (307, 302, 301), (301, 302))

_SPELLS: tuple[tuple[Spell, ...], ...] = (
    (Spell(Refuse(500), every=3),),
    (Spell(Slow(2.0), every=4),),
    (Spell(Cut(700), every=3),),
    (Spell(Truncated(0.6), every=3),),
    (Spell(Refuse(429, retry_after="2"), first=1),),
    (Spell(WebPage(), every=4),),
    (Spell(Refuse(503, retry_after="1"), first=2),),
    (Spell(EmptyBody(), every=4),),
    (Spell(EmptyFeed(), every=3),),
    (Spell(Cut(300, chunked=True), every=3),),
    (Spell(Refuse(404), first=1),),
    (Spell(Stall(500), every=5),),
    (Spell(Flood(), every=4),),
    (Spell(Flood(gzipped=True), every=4),),
)


def profile_behaviours(
    profile: Profile, sizes: Sequence[int], window: int, per_second: float
) -> list[Behaviour]:
    """Decide how each feed of a farm behaves.

    Args:
        profile: `plain`: every feed healthy, in a mix of formats, encodings, validators and
            codings; `mixed`: besides, one feed in five behind redirects, one in four hard to
            read, one in three with a trouble that passes, and a few strange articles.
        sizes: how many articles each feed has.
        window: how many of the newest items a feed shows.
        per_second: items that appear each second in the whole farm; 0 for all at once, which
            widens the window of a feed that has more items than it would show.

    Returns:
        One behaviour a feed. With a rate, a quarter of the window is there from the start, and
        the feeds begin one after another, so that items come evenly.
    """
    rate = per_second / max(1, len(sizes))
    result = []
    for number, size in enumerate(sizes):
        behaviour = Behaviour(
            style=STYLES[number % len(STYLES)],
            validators=_VALIDATORS[number % len(_VALIDATORS)],
            coding=_CODINGS[number // 2 % len(_CODINGS)],
            window=window if rate else max(window, size),
        )
        if rate:
            behaviour = replace(
                behaviour,
                arrival=Arrival(
                    initial=min(max(1, window // 4), size // 2),
                    per_second=rate,
                    delay_seconds=-(number / len(sizes)) / rate,
                ),
            )
        if profile == "mixed":
            behaviour = _with_trouble(behaviour, number)
        result.append(behaviour)
    return result


def _with_trouble(behaviour: Behaviour, number: int) -> Behaviour:
    if number % 4 == 3:
        style = HARD_STYLES[number // 4 % len(HARD_STYLES)]
        behaviour = replace(behaviour, style=style)
    if number % 5 == 1:
        redirects = _REDIRECTS[number // 5 % len(_REDIRECTS)]
        behaviour = replace(behaviour, redirects=redirects)
    if number % 3 == 2:
        behaviour = replace(behaviour, spells=_SPELLS[number // 3 % len(_SPELLS)])
    match number % 40:
        case 4:
            return replace(behaviour, oddity="giant title")
        case 14:
            return replace(behaviour, oddity="no text")
        case 24:
            return replace(behaviour, oddity="no title")
        case _:
            return behaviour
