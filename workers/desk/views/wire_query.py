"""What a page of the wire shows: the filter in its address. Pure, but for what it is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

import msgspec
from multidict import MultiMapping

from nabaa.errors import NotFoundError, UsageError
from nabaa.filters.entity_id import is_entity_id
from nabaa.filters.filter import VALUES, Filter, check_filter
from nabaa.search_key import search_key
from nabaa.types import Article, Entity
from workers.desk.live.newest import Wanted
from workers.subscriptions.match import check_of

ENTITY = "entity"
"""Parameter of the form in which a person writes the name of an entity."""
_LONGEST_NAME = 24


@dataclass(frozen=True, slots=True)
class WireQuery:
    """A question to the wire.

    Attributes:
        filter: the filter; None for all articles.
        subscription: name of the subscription whose filter it is; empty: of none.
    """

    filter: Filter | None = None
    subscription: str = ""

    @property
    def is_wanted(self) -> Wanted:
        """The test of an article."""
        return check_of(self.filter) if self.filter else lambda _: True

    @property
    def values(self) -> dict[str, tuple[str, ...]]:
        """Condition → its values, of those that are stated."""
        if not self.filter:
            return {}
        return {name: values for name in VALUES if (values := getattr(self.filter, name))}

    @property
    def text(self) -> str:
        """The question as the query of an address, in a form that is the same for the same."""
        if self.subscription:
            return urlencode({"subscription": self.subscription})
        return urlencode(
            [(name, value) for name, values in self.values.items() for value in values]
        )

    def without(self, condition: str, value: str) -> str:
        """Return the query of the address that asks the same without one value."""
        return urlencode(
            [
                (name, each)
                for name, values in self.values.items()
                for each in values
                if (name, each) != (condition, value)
            ]
        )

    @property
    def name(self) -> str:
        """A name for a subscription to it, of the letters that such a name may have."""
        words = [
            word
            for values in self.values.values()
            for value in values
            if (word := "".join(letter for letter in value.lower() if letter in _OF_NAMES))
        ]
        return "-".join(["desk", *words])[:_LONGEST_NAME].strip("-")


_OF_NAMES = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def read_wire_query(query: MultiMapping[str], known: Iterable[Article]) -> WireQuery:
    """Read the filter in an address: every field of `Filter` that holds values, and `entity`.

    Args:
        query: parameters of the request; empty ones and those of other purposes are passed over.
        known: articles among whose entities a name is looked up, the newest first.

    Raises:
        UsageError: a value cannot be what it should be.
        NotFoundError: `entity` is the name of no entity of these articles.
    """
    stated = {
        name: [value.strip() for value in query.getall(name) if value.strip()]
        for name in query
        if name in VALUES
    }
    if name := query.get(ENTITY, "").strip():
        stated.setdefault("entities", []).append(find_entity(name, known))
    stated = {name: values for name, values in stated.items() if values}
    if not stated:
        return WireQuery()
    try:
        return WireQuery(check_filter(msgspec.convert(stated, Filter)))
    except msgspec.ValidationError as error:
        raise UsageError(f"the address holds no filter: {error}") from error


def find_entity(text: str, known: Iterable[Article]) -> str:
    """Return the id of an entity that a person names.

    Args:
        text: an id, or a name in any spelling.
        known: articles that may name it; of several of the name the one in most of them counts.

    Raises:
        NotFoundError: none of the articles has an entity of that name.
    """
    key = search_key(text)
    found = Counter(
        entity.id
        for article in known
        for entity in article.entities
        if text == entity.id or key in _names(entity)
    )
    if found:
        return found.most_common(1)[0][0]
    if is_entity_id(text):
        return text
    raise NotFoundError(f"{text!r} is the name of nobody and nothing in the articles that are here")


def _names(entity: Entity) -> set[str]:
    names = {entity.name, entity.name_en or "", *(mention.text for mention in entity.mentions)}
    return {search_key(name) for name in names if name}
