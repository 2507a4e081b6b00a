"""Events of our own, each told by six outlets in words of their own, one of them in another's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from nabaa.types import Article, Outlet
from tests.support.articles import make_article

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
OUTLETS = (
    ("صحيفة الصباح", "JO"),
    ("وكالة الساحل", "MA"),
    ("قناة المدينة", "EG"),
    ("موقع الخليج اليوم", "KW"),
    ("جريدة الشرق", "LB"),
    ("إذاعة الجنوب", "TN"),
)


@dataclass(frozen=True, slots=True)
class Telling:
    """One outlet's account of an event.

    Attributes:
        title: headline.
        text: body.
    """

    title: str
    text: str


def event(number: int) -> tuple[Telling, ...]:
    """Return one of many events: six accounts, the last of them a reprint of the first.

    Args:
        number: tells events apart; names and places follow from it.
    """
    town, thing, person, river, firm, street = (_name(6 * number + each) for each in range(6))
    first = Telling(
        f"{person} يفتتح {thing} في {town}",
        f"افتتحت {town} صباحا {thing} فوق {river} بعد عمل طويل. وقال {person} إن {thing} "
        f"يربط {town} "
        f"ببلدة {street}. وبلغت كلفة {thing} أربعين مليونا، دفعت {firm} ثلثها، وينتظر "
        f"{person} مرور "
        f"آلاف السيارات على {thing} كل يوم بين {town} وبلدة {street} القريبة من {river}.",
    )
    return (
        first,
        Telling(
            f"{town}: {thing} فوق {river} مفتوح",
            f"عبر أهالي {town} اليوم {thing} سيرا مع {person}، وذكرت {firm} أن {river} كان يفصل "
            f"{town} عن {street}.",
        ),
        Telling(
            f"{thing} يربط {town} وجارتها {street}",
            f"بات {thing} في {town} جاهزا، وأعلن {person} أن {river} لم يعد عائقا. وكانت {firm} قد "
            f"بدأت {thing} منذ أعوام.",
        ),
        Telling(
            f"صور: {town} تحتفل: {thing} {river}",
            f"احتفل أهالي {town} بحضور {person}، وعزفت فرقة {town} عند {river} وفي {street} "
            f"حتى المساء، "
            f"وأضاءت {firm} سماء {thing}.",
        ),
        Telling(
            f"{person}: {thing} هدية {firm} إلى {town}",
            f"شكر {person} عمال {firm} وأهل {town} على صبرهم، فقد انتظروا {thing} طويلا، "
            f"وعبور {river} "
            f"إلى {street} صار سهلا.",
        ),
        first,
    )


def articles_of(events: int, first: int = 0) -> Iterator[Article]:
    """Yield the articles of several events, the first accounts of all before the second ones.

    Args:
        events: how many.
        first: number of the first one.
    """
    for place, (outlet, country) in enumerate(OUTLETS):
        for number in range(first, first + events):
            telling = event(number)[place]
            name = number * len(OUTLETS) + place
            time = START + timedelta(minutes=5 * place, seconds=number % 60)
            yield make_article(
                uri=f"urn:nabaa:article:{name:032x}",
                url=f"https://outlet{place}.example/{number}",
                title=telling.title,
                body_text=telling.text,
                outlet=Outlet(outlet, country, f"outlet{place}"),
                published=time,
                first_seen=time + timedelta(minutes=1),
                entities=(),
            )


def number_of(uri: str) -> int:
    """Return the number of the event that an article of `articles_of` tells of."""
    return int(uri.rpartition(":")[2], 16) // len(OUTLETS)


def _name(number: int) -> str:
    """Return a name that nothing has: every event has words of its own."""
    first, second = "بتجدرزسش", "صطعفقكمن"
    found = "م"
    number += 512
    while number:
        number, digit = divmod(number, 8)
        found += first[digit] + second[(digit * 3 + number) % 8]
    return found
