"""What the made-up press has to tell: `news.yaml`, read into records."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

from ruamel.yaml import YAML


@dataclass(frozen=True, slots=True)
class DemoOutlet:
    """An outlet that does not exist.

    Attributes:
        id: its part of an address.
        name: its name, Arabic.
        country: ISO 3166-1 alpha-2.
        timezone: IANA zone.
    """

    id: str
    name: str
    country: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Telling:
    """How one outlet tells an event; names in braces are filled in by the event.

    Attributes:
        title: headline.
        text: paragraphs, at least one.
    """

    title: str
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of news.

    Attributes:
        topic: section that it stands in, Arabic.
        told: how outlets tell it, in the order in which they do; at most one an outlet.
    """

    topic: str
    told: tuple[Telling, ...]


@dataclass(frozen=True, slots=True)
class DemoNews:
    """All that the made-up press has to tell.

    Attributes:
        outlets: those who tell it.
        places: for each place the names that `news.yaml` lists.
        men: names of men who do not exist.
        women: names of women who do not exist.
        kinds: what can happen.
    """

    outlets: tuple[DemoOutlet, ...]
    places: tuple[dict[str, str], ...]
    men: tuple[str, ...]
    women: tuple[str, ...]
    kinds: tuple[EventKind, ...]


def load_demo_news() -> DemoNews:
    """Return the news that ships with nabaa."""
    text = resources.files(__package__).joinpath("news.yaml").read_text("utf-8")
    data = YAML(typ="safe").load(text)
    return DemoNews(
        outlets=tuple(DemoOutlet(**outlet) for outlet in data["outlets"]),
        places=tuple(data["places"]),
        men=tuple(data["men"]),
        women=tuple(data["women"]),
        kinds=tuple(
            EventKind(
                event["topic"],
                tuple(Telling(told["title"], tuple(told["text"])) for told in event["told"]),
            )
            for event in data["events"]
        ),
    )
