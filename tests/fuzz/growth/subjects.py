"""The public functions whose work is measured, each made to take a text.

Functions of plain arguments are found by themselves, one subject for each argument that a feed
fills; for the others `composed` says how their arguments come from a text.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from config.model import Feed
from ingest.identity.fingerprint import Identity
from ingest.model import Fetched
from tests.fuzz.growth.composed import COMPOSED, IN_DOCUMENT
from tests.fuzz.growth.documents import FRAMES

ROOMS = (
    "ingest.parse",
    "ingest.identity",
    "ingest.discovery.page",
    "ingest.fetch.address_guard",
    "ingest.pages.answer",
    "ingest.pages.choice",
    "nabaa.composition",
    "nabaa.search_key",
    "workers.article_page",
    "workers.text",
    "workers.entities",
    "workers.quotes",
)
EXCEPT: Mapping[str, str] = {
    "ingest.parse.dates.sane_date": "takes a date",
    "ingest.parse.newest.describe_omitted": "takes a number",
    "ingest.parse.feedparser_limits.describe_old_expat": "takes a version",
    "ingest.parse.rss_atom.open_feed": "measured in parse_feed",
    "ingest.parse.rss_atom.parse_document": "measured in parse_feed",
    "ingest.identity.credentials.without_userinfo": "takes an address that was split",
    "ingest.identity.credentials.origin": "takes an address that was split",
    "ingest.pages.choice.page_plan": "takes settings of ours",
    "workers.entities.groups.persons.families": "measured in persons",
    "workers.entities.groups.persons.full_name": "measured in group_mentions",
    "workers.entities.guideline.marks": "measured in EntityFinder.find",
    "workers.entities.guideline.not_names.real_names": "measured in EntityFinder.find",
    "workers.entities.guideline.not_names.without_adjectives": "measured in EntityFinder.find",
    "workers.entities.guideline.spans": "measured in EntityFinder.find",
    "workers.entities.link.catalogue": "reads a file of ours",
    "workers.entities.mentions.clitics.particle_share": "takes one of a few particles",
    "workers.entities.mentions.roles.bare_title": "takes one word, as is_title does",
    "workers.entities.mentions.name_words.load_name_words": "reads a file of ours",
    "workers.entities.recognise.accurate.load_accurate": "reads files of ours",
    "workers.entities.recognise.camel": "a model of others",
    "workers.entities.recognise.camel_data": "files of a model of others",
    "workers.entities.recognise.choice": "loads a model",
    "workers.entities.recognise.consistency": "measured in recognise",
    "workers.entities.recognise.crf.batches": "measured in recognise",
    "workers.entities.recognise.crf.load_crf": "reads a file of ours",
    "workers.entities.recognise.embedding": "measured in recognise",
    "workers.entities.recognise.encoder": "reads a file of ours",
    "workers.entities.recognise.features.phrase_attributes": "takes names of classes of ours",
    "workers.entities.recognise.features.phrase_features": "looks a few words ahead",
    "workers.entities.recognise.iob": "of training and of `nabaa tag`",
    "workers.entities.recognise.lstm": "measured in recognise",
    "workers.entities.recognise.model": "reads a file of ours",
    "workers.entities.recognise.viterbi": "measured in recognise",
    "workers.text.page.addresses": "measured in read_article_page",
    "workers.text.page.authors": "measured in read_article_page",
    "workers.text.page.body": "measured in read_article_page",
    "workers.text.page.boxes": "measured in read_article_page",
    "workers.text.page.bylines": "measured in read_article_page",
    "workers.text.page.captions": "measured in read_article_page",
    "workers.text.page.container": "measured in read_article_page",
    "workers.text.page.document": "measured in read_article_page",
    "workers.text.page.leads": "measured in read_article_page",
    "workers.text.page.lines": "measured in read_article_page",
    "workers.text.page.look": "measured in read_article_page",
    "workers.text.page.main_text": "measured in read_article_page",
    "workers.text.page.others": "measured in read_article_page",
    "workers.text.page.problems": "measured in read_article_page",
    "workers.text.page.published": "measured in read_article_page",
    "workers.text.page.rules": "takes a rule of ours",
    "workers.text.page.structured": "measured in read_article_page",
    "workers.text.page.seen_dates": "measured in read_article_page",
    "workers.text.page.written_dates": "measured in read_article_page",
    "workers.text.page.zones": "measured in read_article_page",
    "workers.quotes": "measured in find_quotes and read_passage",
    "ingest.identity.fingerprint.split_by_words": "measured in article_keys",
    "ingest.identity.same_article.choose_new": "takes keys of ours",
    "ingest.identity.same_article.choose_spoken": "takes keys of ours; measured in entries_of",
}
"""Public functions, and modules, that are no subject by themselves, and why."""

_NOW = datetime(2026, 3, 2, tzinfo=UTC)
_URL = "https://mina.example/rss.xml"
_FEED = Feed("mina", _URL, "الميناء", "صحيفة الميناء", "JO", "Asia/Amman")
_FIXED: Mapping[str, object] = {
    "Feed": _FEED,
    "datetime": _NOW,
    "ZoneInfo": ZoneInfo("Asia/Amman"),
}
_PLAIN: Mapping[str, Callable[[str], object]] = {
    "str": str,
    "str | None": str,
    "bytes": lambda text: text.encode("utf-8", "surrogatepass"),
    "Fetched": lambda text: answer(text.encode("utf-8", "surrogatepass")),
    "Sequence[str]": str.split,
    "Iterable[str]": str.split,
    "Sequence[Identity]": lambda text: [Identity(*[word] * 4) for word in text.split()],
}
_HARMLESS: Mapping[str, str] = {"language": "ar", "width": "1", "height": "1"}
_STARTS = ("", "https://", "https://mina.example/?a=")


@dataclass(frozen=True, slots=True)
class Subject:
    """Work that a text makes.

    Attributes:
        name: of the function, and of the argument that the text is for.
        prepare: takes a text and the number of a frame, and returns the work.
        frames: how many frames there are for it.
    """

    name: str
    prepare: Callable[[str, int], Callable[[], object]]
    frames: int = 1


def answer(body: bytes) -> Fetched:
    """Return an answer with a body."""
    return Fetched(_URL, _URL, None, 200, {}, body, 0.1, _NOW)


def subjects() -> list[Subject]:
    """Return all subjects."""
    found = [
        subject
        for name, function in public_functions()
        if name not in COMPOSED and not excepted(name)
        for subject in _plain_subjects(name, function)
    ]
    return found + [
        Subject(name, prepare, len(FRAMES) if name in IN_DOCUMENT else 1)
        for name, prepare in COMPOSED.items()
    ]


def unmeasured() -> list[str]:
    """Return the public functions that nothing makes a subject and nothing excepts."""
    return [
        name
        for name, function in public_functions()
        if name not in COMPOSED and not excepted(name) and not list(_plain_subjects(name, function))
    ]


def excepted(name: str) -> bool:
    """Tell whether a function is no subject by itself."""
    parts = name.split(".")
    return any(".".join(parts[:length]) in EXCEPT for length in range(1, len(parts) + 1))


def public_functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the public functions of the rooms that read what comes from the web, by their names."""
    for room in ROOMS:
        module = importlib.import_module(room)
        names = [room]
        if hasattr(module, "__path__"):
            walked = pkgutil.walk_packages(module.__path__, f"{room}.")
            names += [each.name for each in walked]
        for each in names:
            for name, member in vars(importlib.import_module(each)).items():
                if name.startswith("_") or getattr(member, "__module__", "") != each:
                    continue
                function = inspect.unwrap(member)  # not from a cache
                if inspect.isfunction(function):
                    yield f"{each}.{name}", function


def _plain_subjects(name: str, function: Callable[..., Any]) -> Iterator[Subject]:
    parameters = list(inspect.signature(function).parameters.values())
    needed = [each for each in parameters if each.default is inspect.Parameter.empty]
    if any(each.annotation not in {*_FIXED, *_PLAIN} for each in needed):
        return
    taken = [each for each in parameters if each.annotation in {*_FIXED, *_PLAIN}]
    for chosen in taken:
        if chosen.annotation in _PLAIN and chosen.name != "language":
            prepare = partial(_prepared, function, taken, chosen)
            in_document = chosen.annotation in ("bytes", "Fetched")
            frames = len(FRAMES) if in_document else len(_STARTS)
            yield Subject(f"{name}({chosen.name})", prepare, frames)


def _prepared(
    function: Callable[..., Any],
    parameters: Sequence[inspect.Parameter],
    chosen: inspect.Parameter,
    text: str,
    frame: int,
) -> Callable[[], object]:
    given = {each.name: _harmless(each) for each in parameters}
    if chosen.annotation in ("bytes", "Fetched"):
        text = FRAMES[frame % len(FRAMES)].replace("{}", text)
    else:
        text = _STARTS[frame % len(_STARTS)] + text
    given[chosen.name] = _PLAIN[chosen.annotation](text)
    return partial(call, function, given)


def _harmless(parameter: inspect.Parameter) -> object:
    if parameter.annotation in _FIXED:
        return _FIXED[parameter.annotation]
    if parameter.default is not inspect.Parameter.empty:
        return parameter.default
    if parameter.annotation in ("str", "str | None"):
        return _HARMLESS.get(parameter.name, _URL)
    return _PLAIN[parameter.annotation]("نص")


def call(function: Callable[..., Any], given: Mapping[str, object]) -> None:
    """Call a function to the end; what it raises is the business of other tests."""
    try:
        result = function(**given)
        if inspect.isgenerator(result):
            for _ in result:
                pass
    except Exception:
        pass
