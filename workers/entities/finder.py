"""From the texts of articles to their entities: recognise, extract, group, link. No I/O.

Composes the recogniser with `mentions`, `groups` and `link`; which spans are names is the
recogniser's work, what becomes of them is decided in its rooms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from nabaa.types import Entity, Mention, TextField
from workers.entities.groups.group import group_mentions
from workers.entities.guideline.product import ProductRecogniser
from workers.entities.link.catalogue import load_catalogue
from workers.entities.link.demonyms import Demonyms
from workers.entities.link.evidence import ArticleCountries
from workers.entities.link.national import may_be_of_another_state, national_institution
from workers.entities.link.resolve import Resolved, local_id, resolve, resolve_unlisted
from workers.entities.mentions.extract import extract_mentions
from workers.entities.mentions.name_words import load_name_words
from workers.entities.model import Group, TaggedSentence
from workers.entities.recognise import Recogniser
from workers.model import Token
from workers.text.tokenise import sentences

_SURE_OF_COUNTRY = 0.9
"""Confidence from which an entity speaks for the others of its country."""

_NEGLIGIBLE = 0.1
"""Prominence below which a namesake in another country leaves no doubt."""

ArticleTexts = Mapping[TextField, str]


@dataclass(frozen=True, slots=True)
class EntityInput:
    """An EntityInput holds the texts of one article and what its outlet tells about them.

    Attributes:
        texts: the delivered texts by field, in reading order.
        country: ISO 3166-1 alpha-2 of its outlet, `XX` where it has none.
    """

    texts: ArticleTexts
    country: str


class EntityFinder:
    """Finds the entities of articles; safe to call from one thread at a time.

    Args:
        recogniser: finds the names.

    Raises:
        ConfigError: the lists of names that are shipped are damaged.
    """

    def __init__(self, recogniser: Recogniser) -> None:
        self._catalogue = load_catalogue()
        self._recogniser = ProductRecogniser(recogniser, self._catalogue)
        self._demonyms = Demonyms(self._catalogue)
        self._name_words = load_name_words()

    def find(self, articles: Sequence[EntityInput]) -> list[tuple[Entity, ...]]:
        """Find the entities of several articles with one call of the recogniser.

        Args:
            articles: any number.

        Returns:
            One tuple an article, in the order of the first mention of each entity.
        """
        owners: list[tuple[int, TextField]] = []
        pending: list[list[Token]] = []
        for number, article in enumerate(articles):
            owners.append((number, "title"))
            pending.append([])  # parts documents
            for field, text in article.texts.items():
                for sentence in filter(_has_word, sentences(text)):
                    owners.append((number, field))
                    pending.append(sentence)
        found = self._recogniser.recognise(
            [[token.text for token in sentence] for sentence in pending]
        )
        tagged: list[list[TaggedSentence]] = [[] for _ in articles]
        for (number, field), sentence, spans in zip(owners, pending, found, strict=True):
            tagged[number].append(TaggedSentence(field, sentence, spans))
        return [
            self._entities(article, of_article)
            for article, of_article in zip(articles, tagged, strict=True)
        ]

    def _entities(
        self, article: EntityInput, tagged: Sequence[TaggedSentence]
    ) -> tuple[Entity, ...]:
        knows = self._catalogue.knows
        mentions = extract_mentions(tagged, article.texts, self._name_words, knows)
        groups = group_mentions(mentions, article.texts, self._name_words, knows)
        adjectives = self._countries(article.texts, tagged, groups)
        countries = ArticleCountries(tagged, article.country, self._catalogue.regions)
        for entity in adjectives:
            if entity.country:
                countries.add(entity.country, entity.mentions)
        sure: dict[int, Resolved] = {}
        for i, group in enumerate(groups):
            known = self._resolved(group, countries)
            if known.confidence >= _SURE_OF_COUNTRY and self._is_only_of(known.country, group):
                countries.add(known.country, group.mentions)
                sure[i] = known
        linked = [
            self._linked(group, sure.get(i) or self._resolved(group, countries))
            for i, group in enumerate(groups)
        ]
        return _joined([*linked, *adjectives], list(article.texts))

    def _is_only_of(self, country: str, group: Group) -> bool:
        """Tell whether no place of another country has the names of a group."""
        return bool(country) and all(
            candidate.country == country or candidate.weight < _NEGLIGIBLE
            for name in group.names
            for candidate in self._catalogue.lookup(name)
        )

    def _resolved(self, group: Group, countries: ArticleCountries) -> Resolved:
        evidence = countries.of(group.mentions)
        known = resolve(group.type, group.names, evidence, self._catalogue)
        if known.type != "ORG" or not known.country or known.country in evidence.factors:
            return known
        if not may_be_of_another_state(group.names, known.country, self._demonyms):
            return known
        return resolve_unlisted(group.type, max(group.names, key=len))

    def _linked(self, group: Group, known: Resolved) -> Entity:
        if known.type == "ORG" and not known.confidence:
            known = self._with_country(group, known)
        return Entity(
            id=known.id,
            type=known.type,
            name=known.name if known.confidence else group.name,
            name_en=known.name_en,
            mentions=group.mentions,
            confidence=known.confidence,
            country=known.country,
            geo=known.geo,
        )

    def _with_country(self, group: Group, known: Resolved) -> Resolved:
        """Return an institution that no list has by its whole name with its country."""
        institution = national_institution(group.names, self._demonyms)
        if institution is None:
            return known
        for candidate in self._catalogue.lookup(institution.name):
            if (candidate.type, candidate.country) == ("ORG", institution.country):
                return Resolved(
                    id=candidate.id,
                    name=candidate.name,
                    name_en=candidate.name_en,
                    country=candidate.country,
                    confidence=1.0,
                    type="ORG",
                )
        id_ = local_id("ORG", institution.name, institution.country)
        return replace(known, id=id_, country=institution.country)

    def _countries(
        self, texts: ArticleTexts, tagged: Sequence[TaggedSentence], groups: Sequence[Group]
    ) -> list[Entity]:
        """Return an entity for each adjective that names a country, outside of all mentions."""
        covered: dict[TextField, set[int]] = {}
        for group in groups:
            for mention in group.mentions:
                covered.setdefault(mention.field, set()).update(range(mention.start, mention.end))
        found = []
        for sentence in tagged:
            inside: Set[int] = covered.get(sentence.field, set())

            def is_taken(
                place: int, tokens: Sequence[Token] = sentence.tokens, inside: Set[int] = inside
            ) -> bool:
                # Clitics and titles were parted: any letter of a word may lie in a mention.
                token = tokens[place]
                return not inside.isdisjoint(range(token.start, token.end))

            for demonym in self._demonyms.find(sentence.tokens, is_taken):
                text = texts[sentence.field][demonym.start : demonym.end]
                mention = Mention(
                    sentence.field, demonym.start, demonym.end, text, kind="adjective"
                )
                country = demonym.country
                found.append(
                    Entity(
                        id=country.id,
                        type=country.type,
                        name=country.name,
                        name_en=country.name_en,
                        mentions=(mention,),
                        confidence=1.0,
                        country=country.country,
                        geo=country.geo,
                    )
                )
        return found


def _has_word(sentence: Sequence[Token]) -> bool:
    """Tell whether a recogniser has anything to read: a megabyte of marks names nobody."""
    return any(len(token.text) > 1 or token.text.isalpha() for token in sentence)


def _joined(entities: Sequence[Entity], fields: Sequence[TextField]) -> tuple[Entity, ...]:
    """Join those of one id: an article names a country as «أمريكا» and by «الأمريكية»."""
    by_id: dict[str, Entity] = {}
    for entity in entities:
        known = by_id.get(entity.id)
        by_id[entity.id] = (
            replace(known, mentions=known.mentions + entity.mentions) if known else entity
        )

    def place(mention: Mention) -> tuple[int, int]:
        return fields.index(mention.field), mention.start

    ordered = [
        replace(entity, mentions=tuple(sorted(entity.mentions, key=place)))
        for entity in by_id.values()
    ]
    return tuple(sorted(ordered, key=lambda entity: place(entity.mentions[0])))
