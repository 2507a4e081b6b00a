"""Functions whose arguments are made of a text: its words, its names, its items."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from typing import Any

from config.model import Feed
from ingest.model import Entry, Fetched
from ingest.pages.answer import judge_answer
from ingest.pages.choice import choose_page, is_short
from ingest.parse.fast.reader import open_new_items, parse_new_items, read_fast
from ingest.parse.item import Item, entries_of
from ingest.parse.newest import ItemSpans, cut_to_newest
from nabaa.types import Entity, EntityType, Mention
from tests.fuzz.growth.documents import FRAMES
from workers.article_page import is_about
from workers.entities.finder import EntityFinder, EntityInput
from workers.entities.groups.group import group_mentions
from workers.entities.groups.persons import persons
from workers.entities.groups.unrecognised_mentions import find_unrecognised_mentions
from workers.entities.guideline.announced_names import find_announced
from workers.entities.guideline.buildings import find_buildings
from workers.entities.guideline.construct import find_head
from workers.entities.guideline.context_names import as_clubs, is_sport
from workers.entities.guideline.events import find_events
from workers.entities.guideline.group_words import HEADS as GROUP_HEADS
from workers.entities.guideline.institutions import find_institutions
from workers.entities.guideline.named_groups import find_groups
from workers.entities.guideline.unmarked_persons import UnmarkedPersons
from workers.entities.link.catalogue import load_catalogue
from workers.entities.link.demonyms import Demonyms
from workers.entities.link.evidence import NO_EVIDENCE
from workers.entities.link.national import may_be_of_another_state, national_institution
from workers.entities.link.resolve import local_id, resolve, resolve_unlisted
from workers.entities.mentions.clitics import ArticleWords, part_clitics, with_hamza
from workers.entities.mentions.extract import extract_mentions
from workers.entities.mentions.name_words import load_name_words
from workers.entities.mentions.roles import is_common_name, kind_length, role_after, role_before
from workers.entities.model import TaggedSentence, TypedMention
from workers.entities.recognise.crf import load_crf
from workers.entities.recognise.features import word_features
from workers.model import Span
from workers.pipeline import ArticleMaker
from workers.quotes.find import find_quotes
from workers.quotes.passage import read_passage
from workers.text.language import LanguageIdentifier
from workers.text.page.model import ArticlePage
from workers.text.tokenise import sentences, tokenise

Work = Callable[[], object]
_URL = "https://mina.example/rss.xml"
_NOW = datetime(2026, 3, 2, tzinfo=UTC)
_FEED = Feed("mina", _URL, "الميناء", "صحيفة الميناء", "JO", "Asia/Amman")
_TYPES: tuple[EntityType, ...] = ("PERS", "PERS", "LOC", "ORG")
_NAME_EVERY = 4
"""Tokens from one name to the next; each is one to three tokens long."""

_crf = cache(load_crf)
_identifier = cache(LanguageIdentifier)


def _town_spans(words: Sequence[str]) -> list[Span]:
    return [Span(i, i + 1, ("LOC", "ORG")[i % 2]) for i in range(1, len(words))]


@cache
def _finder() -> EntityFinder:
    return EntityFinder(EveryWord())


@cache
def _demonyms() -> Demonyms:
    return Demonyms(load_catalogue())


@cache
def _maker() -> ArticleMaker:
    return ArticleMaker(EveryWord())


class EveryWord:
    """A recogniser that takes every few words for a name."""

    name = "every word"

    def recognise(self, sentences: Sequence[Sequence[str]]) -> list[list[Span]]:
        """Return one to three words of every four as a name, of each class in turn."""
        return [_spans(len(words)) for words in sentences]


def _spans(count: int) -> list[Span]:
    starts = range(0, count, _NAME_EVERY)
    return [
        Span(start, min(count, start + 1 + number % 3), _TYPES[number % len(_TYPES)])
        for number, start in enumerate(starts)
    ]


def _tagged(text: str) -> list[TaggedSentence]:
    return [TaggedSentence("body_text", tokens, _spans(len(tokens))) for tokens in sentences(text)]


def _mentions(text: str) -> list[TypedMention]:
    found = []
    for sentence in _tagged(text):
        for span in sentence.spans:
            start, end = sentence.tokens[span.start].start, sentence.tokens[span.end - 1].end
            mention = Mention("body_text", start, end, text[start:end])
            found.append(TypedMention(span.type, mention, " ".join(text[start:end].split())))
    return found


def _entities(text: str) -> list[Entity]:
    by_name: dict[str, list[Mention]] = {}
    for each in _mentions(text):
        by_name.setdefault(each.name, []).append(each.mention)
    return [
        Entity(f"Q{number}", _TYPES[number % len(_TYPES)], name, None, tuple(mentions))
        for number, (name, mentions) in enumerate(by_name.items())
    ]


def _always(value: Any) -> Callable[..., Any]:
    return lambda *_: value


def _knows_some(name: str) -> bool:
    return len(name) % 2 == 0


def _counts_some(name: str) -> int:
    return len(name) % 20


def _answer(text: str, frame: int) -> Fetched:
    body = FRAMES[frame % len(FRAMES)].replace("{}", text).encode("utf-8", "surrogatepass")
    return Fetched(_URL, _URL, None, 200, {}, body, 0.1, _NOW)


def _new_items(function: Callable[..., Any], *rest: object) -> Callable[[str, int], Work]:
    def prepare(text: str, frame: int) -> Work:
        fetched = _answer(text, frame)
        with suppress(Exception):
            if (reading := read_fast(fetched, _FEED)) is not None:
                return _quiet(lambda: function(reading, frozenset(), fetched, _FEED, *rest))
        return lambda: None

    return prepare


def _quiet(work: Work) -> Work:
    def run() -> None:
        with suppress(Exception):
            work()

    return run


def _of(make: Callable[[str], Work]) -> Callable[[str, int], Work]:
    return lambda text, _frame: _quiet(make(text))


def _items(text: str) -> Work:
    items = [Item(guid=word, url=_URL + word, title=word) for word in text.split()]
    return lambda: entries_of(items, _FEED, _answer("", 0), _NOW)


def _item(text: str) -> Work:
    item = Item(text, _URL, text, text, text, text, (text,), text, tuple(text.split()), (), _URL)
    return lambda: entries_of([item], _FEED, _answer("", 0), _NOW)


def _article(text: str) -> Work:
    item = Item(guid="1", url=_URL, title=text[:100], content_html=text)
    [*entries] = entries_of([item], _FEED, _answer("", 0), _NOW).entries
    return lambda: _maker().make(entries)


def _cut(text: str) -> Work:
    part = max(1, len(text) // 1_000)
    spans = ItemSpans(0, [*range(part, len(text), part)], "\n")
    return lambda: cut_to_newest(text, spans, 10)


def _group(text: str) -> Work:
    mentions, texts, names = _mentions(text), {"body_text": text}, load_name_words()
    return lambda: group_mentions(mentions, texts, names, _knows_some)  # type: ignore[arg-type]


def _persons(text: str) -> Work:
    mentions = _mentions(text)
    return lambda: persons(mentions, [""] * len(mentions), _knows_some)


def _unrecognised(text: str) -> Work:
    mentions, names = _mentions(text), load_name_words()
    groups = [[number] for number in range(len(mentions))]
    return lambda: find_unrecognised_mentions(mentions, groups, {"body_text": text}, names)


def _extract(text: str) -> Work:
    tagged, names = _tagged(text), load_name_words()
    return lambda: extract_mentions(tagged, {"body_text": text}, names, _knows_some)


def _quotes(text: str) -> Work:
    entities = _entities(text)
    return lambda: find_quotes({"body_text": text}, entities)


def _roles(function: Callable[..., str], at_end: bool) -> Callable[[str], Work]:
    def make(text: str) -> Work:
        tokens = tokenise(text)
        place = len(tokens) if at_end else 0
        rest = ("PERS",) if at_end else ()
        return lambda: function(tokens, place, *rest, frozenset(), frozenset())

    return make


def _clitics(text: str) -> Work:
    article = ArticleWords(texts=(text,))
    names = load_name_words()
    return lambda: part_clitics(text, text, "", article, names, _knows_some)


def _recognise(text: str) -> Work:
    words = [[token.text for token in sentence] for sentence in sentences(text)]
    return lambda: _crf().recognise(words)


def _judged(text: str) -> Work:
    body = text.encode("utf-8", "surrogatepass")
    headers = {"content-type": text[:1000]}
    return lambda: judge_answer(Fetched(_URL, _URL, None, 403, headers, body, 0.1, _NOW), 10**7)


def _paged(text: str) -> Entry:
    return Entry(
        _FEED, "f" * 32, "", f"{_URL}?{text}", "", text, text, "", None, None, (), (), _NOW
    )


def _chosen(text: str) -> Work:
    return lambda: choose_page(_paged(text), "auto", 10**9)


def _short(text: str) -> Work:
    return lambda: is_short(_paged(text), 10**9)


COMPOSED: Mapping[str, Callable[[str, int], Work]] = {
    "ingest.pages.answer.judge_answer": _of(_judged),
    "ingest.pages.choice.choose_page": _of(_chosen),
    "ingest.pages.choice.is_short": _of(_short),
    "workers.article_page.is_about": _of(
        lambda text: lambda: is_about(ArticlePage(text[:200], body_text=text), text)
    ),
    "ingest.parse.item.entries_of": _of(_items),
    "ingest.parse.item.entries_of (one item)": _of(_item),
    "ingest.parse.newest.cut_to_newest": _of(_cut),
    "ingest.parse.fast.reader.parse_new_items": _new_items(parse_new_items, _NOW),
    "ingest.parse.fast.reader.open_new_items": _new_items(open_new_items),
    "workers.entities.finder.EntityFinder.find": _of(
        lambda text: lambda: _finder().find([EntityInput({"body_text": text}, "JO")])
    ),
    "workers.entities.groups.group.group_mentions": _of(_group),
    "workers.entities.groups.persons.persons": _of(_persons),
    "workers.entities.groups.unrecognised_mentions.find_unrecognised_mentions": _of(_unrecognised),
    "workers.entities.guideline.construct.find_head": _of(
        lambda text: lambda: find_head(text, GROUP_HEADS)
    ),
    "workers.entities.guideline.announced_names.find_announced": _of(
        lambda text: lambda: find_announced(text.split(), range(len(text.split())), (), _knows_some)
    ),
    "workers.entities.guideline.events.find_events": _of(
        lambda text: lambda: find_events(text.split(), range(len(text.split())), (), _knows_some)
    ),
    "workers.entities.guideline.buildings.find_buildings": _of(
        lambda text: (
            lambda: find_buildings(text.split(), range(len(text.split())), (), _counts_some)
        )
    ),
    "workers.entities.guideline.named_groups.find_groups": _of(
        lambda text: (
            lambda: find_groups(
                text.split(), range(len(text.split())), (), _knows_some, _knows_some
            )
        )
    ),
    "workers.entities.guideline.context_names.as_clubs": _of(
        lambda text: lambda: as_clubs(text.split(), _town_spans(text.split()), _knows_some)
    ),
    "workers.entities.guideline.context_names.is_sport": _of(
        lambda text: lambda: is_sport(text.split(), 0)
    ),
    "workers.entities.guideline.unmarked_persons.UnmarkedPersons.find": _of(
        lambda text: (
            lambda: UnmarkedPersons(load_name_words(), _knows_some, _knows_some).find(
                text.split(), ()
            )
        )
    ),
    "workers.entities.guideline.institutions.find_institutions": _of(
        lambda text: (
            lambda: find_institutions(
                text.split(), range(len(text.split())), frozenset(), _knows_some
            )
        )
    ),
    "workers.entities.link.national.may_be_of_another_state": _of(
        lambda text: lambda: may_be_of_another_state([f"وزارة {text}"], "JO", _demonyms())
    ),
    "workers.entities.link.national.national_institution": _of(
        lambda text: lambda: national_institution([text], _demonyms())
    ),
    "workers.entities.link.resolve.resolve": _of(
        lambda text: lambda: resolve("PERS", [text, *text.split()], NO_EVIDENCE, load_catalogue())
    ),
    "workers.entities.link.resolve.resolve_unlisted": _of(
        lambda text: lambda: resolve_unlisted("PERS", text)
    ),
    "workers.entities.link.resolve.local_id": _of(lambda text: lambda: local_id("PERS", text)),
    "workers.entities.mentions.clitics.part_clitics": _of(_clitics),
    "workers.entities.mentions.clitics.with_hamza": _of(
        lambda text: lambda: with_hamza(text, _always(1))
    ),
    "workers.entities.mentions.extract.extract_mentions": _of(_extract),
    "workers.entities.mentions.roles.is_common_name": _of(
        lambda text: lambda: is_common_name(text, load_name_words())
    ),
    "workers.entities.mentions.roles.kind_length": _of(
        lambda text: lambda: kind_length(text.split(), _knows_some)
    ),
    "workers.entities.mentions.roles.role_after": _of(_roles(role_after, at_end=False)),
    "workers.entities.mentions.roles.role_before": _of(_roles(role_before, at_end=True)),
    "workers.entities.recognise.crf.CrfRecogniser.recognise": _of(_recognise),
    "workers.entities.recognise.features.word_features": _of(
        lambda text: lambda: word_features(text, {})
    ),
    "workers.pipeline.ArticleMaker.make": _of(_article),
    "workers.quotes.find.find_quotes": _of(_quotes),
    "workers.quotes.passage.read_passage": _of(
        lambda text: lambda: read_passage("body_text", text)
    ),
    "workers.text.language.LanguageIdentifier.identify": _of(
        lambda text: lambda: _identifier().identify(text, "ar")
    ),
}
"""Prepares the work of a function, by its name."""

IN_DOCUMENT = frozenset(
    {
        "ingest.parse.fast.reader.parse_new_items",
        "ingest.parse.fast.reader.open_new_items",
    }
)
"""Those that take a document with the text in it."""
