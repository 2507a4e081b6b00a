"""The filter of a subscription: the record, how it is read and checked, and how it is described.

What a filter means for an article is `workers.subscriptions.match`'s part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from nabaa.errors import QueueError, UsageError
from nabaa.filters.entity_id import ENTITY_ID
from nabaa.filters.words import read_words

MAX_VALUES = 1000
"""Values in one filter, over all of its parts."""
MAX_LENGTH = 200
"""Code points of one value."""
MAX_DEPTH = 4
"""Filters within filters."""

_NAME = re.compile(r"[a-z0-9_-]{1,64}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


class Filter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True,
             omit_defaults=True):  # fmt: skip
    """A filter wants the articles for which every condition that is stated holds.

    A word stands for itself in any spelling that the search key folds, bare or with و ف ب ل ك ال
    before it; `=word` for that form alone; `word*` for all that begin so; several words for a
    phrase.

    Attributes:
        entities: ids as in `Article.entities`, at least one of which the article names.
        all_entities: ids, all of which it names.
        outlets: names of outlets or ids of feeds, one of which it is from.
        countries: countries of the outlet, ISO 3166-1 alpha-2.
        languages: languages of the text, BCP 47 primary tags.
        topics: topics of its feed.
        tags: tags, at least one of which its feed has.
        words: words, at least one of which stands in title, summary or text.
        all_words: words, all of which stand there.
        any_of: filters, at least one of which matches.
        none_of: filters, none of which matches.
        reprints: whether it must be a reprint, True, or must not, False; as far as that was known
            when it was published.
        per: what the subscription gives: each `article`, or each `story`, once, as soon as one of
            its articles matches; of the whole filter only.
        min_outlets: number of outlets that must report a story before it is given.
    """

    entities: tuple[str, ...] = ()
    all_entities: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    all_words: tuple[str, ...] = ()
    any_of: tuple[Filter, ...] = ()
    none_of: tuple[Filter, ...] = ()
    reprints: bool | None = None
    per: Literal["article", "story"] = "article"
    min_outlets: int = 0


_WITHOUT_VALUES = {"any_of", "none_of", "reprints", "per", "min_outlets"}
VALUES = tuple(name for name in Filter.__struct_fields__ if name not in _WITHOUT_VALUES)
"""The fields that hold values, in the order in which they are described."""

_FORMS = {
    "entities": (ENTITY_ID, "an entity's id, such as Q142"),
    "all_entities": (ENTITY_ID, "an entity's id, such as Q142"),
    "countries": (_COUNTRY, "a country's code of two capital letters, such as EG"),
    "languages": (_LANGUAGE, "a language's code in small letters, such as ar"),
}


def check_name(name: str) -> str:
    """Return the name of a subscription unless it is none.

    Args:
        name: as a person wrote it.

    Raises:
        UsageError: it is not 1 to 64 of a-z, 0-9, `_` and `-`.
    """
    if _NAME.fullmatch(name):
        return name
    raise UsageError(
        f"{name!r} cannot name a subscription: write 1 to 64 of the characters a-z, 0-9, _ and -"
    )


def check_filter(wanted: Filter) -> Filter:
    """Return the filter unless it makes no sense.

    Args:
        wanted: the filter.

    Raises:
        UsageError: a value cannot be what it should be, a part states nothing, or there is too
            much of it; names the field.
    """
    if wanted.min_outlets < 0 or (wanted.min_outlets and wanted.per != "story"):
        raise UsageError("min_outlets: it is 1 or more, and for a filter with per: story")
    values = sum(_checked(wanted, "", 1))
    if values > MAX_VALUES:
        raise UsageError(f"the filter has {values} values and may have {MAX_VALUES}")
    return wanted


def _checked(wanted: Filter, place: str, depth: int) -> Iterator[int]:
    """Check a part of a filter; yield how many values each of its fields has."""
    if depth > MAX_DEPTH:
        raise UsageError(f"the filter is more than {MAX_DEPTH} filters deep at {place[:-1]}")
    if wanted == Filter():
        where = place.removesuffix(".") or "the filter"
        raise UsageError(
            f"{where} states no condition; who wants every article reads the wire itself"
        )
    if place and (wanted.per != "article" or wanted.min_outlets):
        raise UsageError(f"{place[:-1]}: per and min_outlets stand in the whole filter only")
    for field in VALUES:
        values: tuple[str, ...] = getattr(wanted, field)
        yield len(values)
        for value in values:
            check_value(place + field, field, value)
    for field in ("any_of", "none_of"):
        for number, part in enumerate(getattr(wanted, field)):
            yield from _checked(part, f"{place}{field}[{number}].", depth + 1)


def check_value(place: str, field: str, value: str) -> None:
    """Refuse a value of a filter that cannot be what it should be.

    Args:
        place: what to call it in the error.
        field: name of the field that it stands in.
        value: as a person wrote it.

    Raises:
        UsageError: it is empty, too long, or not of the field's form.
    """
    if not value.strip():
        raise UsageError(f"{place}: an empty value")
    if len(value) > MAX_LENGTH:
        raise UsageError(f"{place}: {value[:40]!r}… is longer than {MAX_LENGTH} characters")
    form, meant = _FORMS.get(field, (None, ""))
    if form and not form.fullmatch(value):
        raise UsageError(f"{place}: {value!r} is not {meant}")
    if field in {"words", "all_words"}:
        try:
            read_words(value)
        except ValueError as error:
            raise UsageError(f"{place}: {value!r} {error}") from error


def encode_filter(wanted: Filter) -> bytes:
    """Return a filter as JSON, UTF-8, without the fields that state nothing."""
    return msgspec.json.encode(wanted)


def decode_filter(data: bytes) -> Filter:
    """Read a filter that was stored.

    Args:
        data: JSON, UTF-8.

    Raises:
        QueueError: it is not a filter of this version.
    """
    try:
        return msgspec.json.decode(data, type=Filter)
    except msgspec.MsgspecError as error:
        raise QueueError(f"not a filter: {_sentence(error)}") from error


def read_filter(text: str, source: str) -> Filter:
    """Read a filter that a person wrote.

    Args:
        text: YAML or JSON with the fields of `Filter`.
        source: what to call it in errors.

    Raises:
        UsageError: it is no filter, or a value in it is wrong; names the source and the field.
    """
    from ruamel.yaml import YAML  # noqa: PLC0415 - slow to import
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    try:
        found = YAML(typ="safe", pure=True).load(text)
        return check_filter(msgspec.convert(found, type=Filter))
    except YAMLError as error:
        raise UsageError(f"{source}: not YAML or JSON: {' '.join(str(error).split())}") from error
    except msgspec.MsgspecError as error:
        raise UsageError(f"{source}: {_sentence(error)}") from error
    except UsageError as error:
        raise UsageError(f"{source}: {error}") from error


def _sentence(error: msgspec.MsgspecError) -> str:
    what = str(error)
    if what.startswith("Object contains unknown field"):
        what += f"; there are {', '.join(Filter.__struct_fields__)}"
    return what[0].lower() + what[1:]


def describe_filter(wanted: Filter) -> str:
    """Return a filter in one line for a person: `countries EG|JO, words …, not (…)`."""
    parts = [
        f"{field.replace('_', ' ')} {(' + ' if field.startswith('all_') else '|').join(values)}"
        for field in VALUES
        if (values := getattr(wanted, field))
    ]
    if wanted.any_of:
        parts.append("(" + " or ".join(describe_filter(part) for part in wanted.any_of) + ")")
    parts += [f"not ({describe_filter(part)})" for part in wanted.none_of]
    if wanted.reprints is not None:
        parts.append("reprints only" if wanted.reprints else "no reprints")
    if wanted.per == "story":
        size = f" of {wanted.min_outlets} outlets" if wanted.min_outlets else ""
        parts.append(f"each story{size} once")
    return ", ".join(parts)
