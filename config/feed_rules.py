"""Judges what a person wrote of a feed and makes the record of it.

Works on keys and values alone; reading files and naming them is the callers' part.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from functools import cache
from importlib import resources
from typing import Final, Literal, cast, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from config.feed_yaml import Field, Mistake, Row, Value, did_you_mean, nearest
from config.model import Feed, FullText
from nabaa.errors import ConfigError, without_credentials

MIN_INTERVAL_SECONDS: Final = 1
MAX_INTERVAL_SECONDS: Final = 604_800
PAN_ARAB: Final = "XX"
MAX_MISTAKES: Final = 20

KEYS: Final = tuple(field.name for field in fields(Feed))
# What a feed has where the list does not state the key.
_UNSTATED: Final = (("interval_seconds", None), ("checked", ""), ("note", ""), ("full_text", ""))
_CHOICES: Final = {"insecure_tls": ("true", "false"), "full_text": get_args(FullText)}
_REQUIRED: Final = ("url", "title", "outlet", "country", "timezone")

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
# Neither YAML nor XML can carry these, or a log line would break at them.
_BAD_CHARACTER = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


def feed_id_from_url(url: str) -> str:
    """Derive the id of a feed that states none.

    What this returns for an address must never change: everything that is remembered of a feed is
    kept under its id. `http` or `https`, a slash at the end and a fragment make no difference.

    Args:
        url: absolute http or https address.

    Returns:
        The host, the first words of the path and ten hex digits of BLAKE2b over the address,
        such as `aawsat.com-feed-0123456789`; at most 100 ASCII characters.
    """
    key = address_key(url)
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()
    words = re.sub(r"[^a-z0-9.]+", "-", key.removeprefix("www.").lower()).strip("-.")
    return f"{words[:60].strip('-.') or 'feed'}-{digest}"


def address_key(url: str) -> str:
    """Return what two addresses of the same feed have in common; a text that is no URL as it is."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    host = (parts.hostname or "").removesuffix(".")
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{place}{parts.path.rstrip('/')}{query}"


def feed_from_row(row: Row, mistakes: list[Mistake]) -> Feed | None:
    """Make the feed that a row of the list states.

    Args:
        row: as read.
        mistakes: every mistake of the row is added to it.

    Returns:
        The feed, or None when there were mistakes.
    """
    before = len(mistakes)
    values: dict[str, Value] = {}
    mistyped: set[str | None] = set()
    for field in row.fields:
        if field.key not in KEYS:
            mistyped.add(nearest(field.key, KEYS))
            hint = did_you_mean(field.key, KEYS)
            mistakes.append(Mistake(field.line, f'unknown key "{field.key}"{hint}'))
        elif field.key in values:
            mistakes.append(Mistake(field.line, f'the key "{field.key}" stands twice'))
        else:
            values[field.key] = field.value
            if fault := _fault(field):
                mistakes.append(Mistake(field.line, fault))
    known = values.get("id") or values.get("url")
    whose = f' in feed "{known}"' if isinstance(known, str) else ""
    mistakes.extend(
        Mistake(row.line, f'missing key "{key}"{whose}')
        for key in _REQUIRED
        # One that was mistyped is told already, on its own line.
        if key not in values and key not in mistyped
    )
    return _build(values) if len(mistakes) == before else None


def duplicates(feeds: Iterable[tuple[int, Feed]]) -> list[Mistake]:
    """Find ids and addresses that stand twice.

    Args:
        feeds: each with the line it begins on.

    Returns:
        A mistake for each feed that repeats one before it; it names both lines.
    """
    mistakes: list[Mistake] = []
    ids: dict[str, int] = {}
    addresses: dict[str, int] = {}
    for line, feed in feeds:
        first = addresses.setdefault(address_key(feed.url), line)
        if first != line:
            url = without_credentials(feed.url)
            mistakes.append(Mistake(line, f'url "{url}" is already used on line {first}'))
        first = ids.setdefault(feed.id, line)
        if first != line:
            mistakes.append(Mistake(line, f'id "{feed.id}" is already used on line {first}'))
    return mistakes


def check_feed(feed: Feed) -> None:
    """Refuse a feed that the list could not hold.

    Args:
        feed: from anywhere but the list itself.

    Raises:
        ConfigError: names the feed, the key and what is wrong; one line a mistake.
    """
    stated: dict[str, Value] = {key: getattr(feed, key) for key in KEYS}
    interval = feed.interval_seconds
    stated["interval_seconds"] = None if interval is None else str(interval)
    stated["insecure_tls"] = str(feed.insecure_tls).lower()
    faults = [
        f'feed "{feed.id}": {fault}'
        for key, value in stated.items()
        if (key, value) not in _UNSTATED and (fault := _fault(Field(key, 0, value)))
    ]
    if faults:
        raise ConfigError("\n".join(faults))


def config_error(source: str, mistakes: Sequence[Mistake]) -> ConfigError:
    """Put all mistakes of a file into one error, a line each, in the order of the file.

    Args:
        source: the file's name as the person gave it.
        mistakes: at least one.

    Returns:
        The error to raise; beyond the first 20 mistakes only their number is told.
    """
    ordered = sorted(mistakes, key=lambda mistake: mistake.line)
    lines = [f"{source}, line {fault.line}: {fault.text}" for fault in ordered[:MAX_MISTAKES]]
    if len(ordered) > MAX_MISTAKES:
        lines.append(f"{source}: {len(ordered) - MAX_MISTAKES} more mistakes")
    return ConfigError("\n".join(lines))


def _build(values: dict[str, Value]) -> Feed:
    """Make the record of values that `_fault` found nothing wrong with."""
    texts = {key: value for key, value in values.items() if isinstance(value, str)}
    interval = texts.pop("interval_seconds", "")
    insecure = texts.pop("insecure_tls", "false")
    full_text = cast('FullText | Literal[""]', texts.pop("full_text", ""))
    texts.setdefault("id", feed_id_from_url(texts["url"]))
    tags = values.get("tags")
    return Feed(
        **texts,
        tags=tags if isinstance(tags, tuple) else (),
        interval_seconds=int(interval) if interval else None,
        insecure_tls=insecure == "true",
        full_text=full_text,
    )


def _fault(field: Field) -> str:
    """Return what is wrong with a value, or an empty string."""
    key, value = field.key, field.value
    if key == "tags":
        return _tags_fault(value)
    if not isinstance(value, str) or not value or value != value.strip():
        return f'"{key}" must be one line of text'
    if bad := _BAD_CHARACTER.search(value):
        return f'"{key}" must be one line of text: it contains U+{ord(bad[0]):04X}'
    match key:
        case "id":
            return (
                ""
                if _ID.fullmatch(value)
                else (
                    f'id "{value}" must be at most 100 letters a to z, digits, "-", "_" and ".", '
                    "and begin with a letter or digit"
                )
            )
        case "url":
            return _url_fault(value)
        case "country":
            return _country_fault(value)
        case "timezone":
            return _timezone_fault(value)
        case "language":
            return (
                ""
                if _LANGUAGE.fullmatch(value)
                else (f'language "{value}" must be a BCP 47 primary tag, such as "ar"')
            )
        case "topic":
            return "" if len(value.split()) == 1 else f'topic "{value}" must be one word'
        case "interval_seconds":
            return _interval_fault(value)
        case "checked":
            return _day_fault(value)
        case "insecure_tls" | "full_text":
            return _choice_fault(key, value)
    return ""


def _choice_fault(key: str, value: str) -> str:
    *most, last = choices = _CHOICES[key]
    fault = f'{key} "{value}" must be {", ".join(most)} or {last}'
    return "" if value in choices else fault


def _day_fault(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        return f'checked "{value}" must be a day, such as 2026-10-08'
    return ""


def _tags_fault(value: Value) -> str:
    if not isinstance(value, tuple):
        return '"tags" must be a list of words, such as [daily, print]'
    for tag in value:
        if not tag or tag != tag.strip() or "," in tag or _BAD_CHARACTER.search(tag):
            return f'tag "{tag}" must be text without a comma'
    return ""


def _url_fault(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return f'url "{without_credentials(url)}" is not a URL'
    if parts.scheme not in ("http", "https") or not usable or len(url.split()) != 1:
        return f'url "{without_credentials(url)}" must be an absolute http or https address'
    return ""


def _country_fault(code: str) -> str:
    known = _countries()
    if code in known:
        return ""
    hint = f' (did you mean "{code.upper()}"?)' if code.upper() in known else ""
    return f'country "{code}" must be an ISO 3166-1 alpha-2 code or "{PAN_ARAB}"{hint}'


def _timezone_fault(name: str) -> str:
    if _is_timezone(name):
        return ""
    return f'timezone "{name}" is no IANA time zone{did_you_mean(name, available_timezones())}'


@cache
def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@cache
def _countries() -> frozenset[str]:
    """Return the codes of the time zone database's own list of countries, and `XX`."""
    table = resources.files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text("utf-8")
    codes = {line.split("\t")[0] for line in table.splitlines() if not line.startswith("#")}
    return frozenset(codes | {PAN_ARAB})


def _interval_fault(value: str) -> str:
    is_number = re.fullmatch(r"[0-9]{1,7}", value) is not None
    if is_number and MIN_INTERVAL_SECONDS <= int(value) <= MAX_INTERVAL_SECONDS:
        return ""
    return (
        f'interval_seconds "{value}" must be a whole number from {MIN_INTERVAL_SECONDS} '
        f"to {MAX_INTERVAL_SECONDS}"
    )
