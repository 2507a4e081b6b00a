"""Who tells what at which moment: the same seed and beginning always give the same news.

Something happens every 25 seconds, and outlets tell it one after the other; before the beginning
lie five hours of news. Every third event is reprinted word for word by one more outlet, and the
first article about every fourth one is continued a minute later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from ingest.demo.news import DemoNews, DemoOutlet, Telling

EVENT_SECONDS = 25.0
PAST_EVENTS = 20
PAST_EVENT_SECONDS = 900.0
TOLD_AFTER_SECONDS = (0.0, 9.0, 21.0, 38.0, 52.0)
_PAST_PACE = 20.0  # outlets took minutes in the past, where they take seconds now
_CONTINUED_AFTER = timedelta(seconds=60)
_CONTINUATION = "وفي وقت لاحق أفاد مراسل {outlet} بأن الأوضاع في {city} عادت إلى طبيعتها."
_IN_A_FEED = 30
_EVENTS_BACK = 80  # among which a feed finds its newest articles


@dataclass(frozen=True, slots=True)
class PressArticle:
    """An article of the made-up press as its page has it at one moment.

    Attributes:
        outlet: who tells it.
        number: its number at the outlet; addresses hold it.
        topic: section, Arabic.
        title: headline.
        text: paragraphs.
        author: who wrote it.
        published: moment of its publication, aware UTC.
        updated: moment at which it was continued, or None.
    """

    outlet: DemoOutlet
    number: int
    topic: str
    title: str
    text: tuple[str, ...]
    author: str
    published: datetime
    updated: datetime | None


class Press:
    """The made-up press.

    Args:
        news: what it has to tell.
        began: the beginning, aware UTC.
        seed: of all that is drawn by chance.
    """

    def __init__(self, news: DemoNews, began: datetime, seed: int = 1) -> None:
        self._news = news
        self._began = began
        self._seed = seed

    @property
    def outlets(self) -> tuple[DemoOutlet, ...]:
        """Those who tell the news."""
        return self._news.outlets

    def newest(self, outlet: str, now: datetime) -> list[PressArticle]:
        """Return the newest articles of an outlet, the newest first, at most 30.

        Args:
            outlet: its id.
            now: the moment, aware UTC.
        """
        last = PAST_EVENTS + int((now - self._began).total_seconds() // EVENT_SECONDS)
        found = [
            article
            for event in range(max(0, last - _EVENTS_BACK), last + 1)
            for article in self._articles_about(event, now)
            if article.outlet.id == outlet
        ]
        return sorted(found, key=lambda article: article.published, reverse=True)[:_IN_A_FEED]

    def article(self, outlet: str, number: int, now: datetime) -> PressArticle | None:
        """Return one article, or None where there is none yet.

        Args:
            outlet: id of the outlet.
            number: of the article.
            now: the moment, aware UTC.
        """
        found = (
            article
            for article in self._articles_about(number // 10, now)
            if (article.outlet.id, article.number) == (outlet, number)
        )
        return next(found, None)

    def _articles_about(self, event: int, now: datetime) -> Iterator[PressArticle]:
        news, chance = self._news, Random(f"{self._seed} {event}")
        kinds = Random(f"{self._seed} {event // len(news.kinds)}").sample(
            news.kinds, len(news.kinds)
        )
        kind = kinds[event % len(kinds)]
        man, other_man = chance.sample(news.men, 2)
        names = {
            **chance.choice(news.places),
            "man": man,
            "man2": other_man,
            "woman": chance.choice(news.women),
            "n": str(chance.randrange(12, 99)),
        }
        told = kind.told + kind.told[:1] if event % 3 == 0 else kind.told
        outlets = chance.sample(news.outlets, len(told))
        for place, (outlet, telling) in enumerate(zip(outlets, told, strict=True)):
            published = self._moment(event, TOLD_AFTER_SECONDS[place])
            if published > now:
                continue
            is_continued = event % 4 == 0 and place == 0 and now >= published + _CONTINUED_AFTER
            yield PressArticle(
                outlet=outlet,
                number=event * 10 + place,
                topic=kind.topic,
                title=telling.title.format_map(names),
                text=_paragraphs(telling, names, outlet, is_continued),
                author=chance.choice(news.women + news.men),
                published=published,
                updated=published + _CONTINUED_AFTER if is_continued else None,
            )

    def _moment(self, event: int, after_seconds: float) -> datetime:
        if event < PAST_EVENTS:
            before = (PAST_EVENTS - event) * PAST_EVENT_SECONDS
            seconds = min(after_seconds * _PAST_PACE - before, 0.0)
        else:
            seconds = (event - PAST_EVENTS) * EVENT_SECONDS + after_seconds
        return self._began + timedelta(seconds=seconds)


def _paragraphs(
    telling: Telling, names: dict[str, str], outlet: DemoOutlet, is_continued: bool
) -> tuple[str, ...]:
    told = telling.text + ((_CONTINUATION,) if is_continued else ())
    return tuple(text.format_map({**names, "outlet": outlet.name}) for text in told)
