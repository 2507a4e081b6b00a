"""From spans of tokens to entities of an article: mentions with offsets, grouped by name.

Names that differ only in what the search key leaves out (diacritics, hamza, final ya and teh
marbuta) are one entity. Linking to Wikidata and the parting of clitics are left to later rooms.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from workers.recognise import Recogniser
from workers.searchkey import search_key
from workers.tokenise import sentences
from workers.types import Entity, EntityType, Mention, TextField, Token

ArticleTexts = Mapping[TextField, str]


def find_entities(
    texts: Sequence[ArticleTexts], recogniser: Recogniser
) -> list[tuple[Entity, ...]]:
    """Find the entities of several articles with one call of the recogniser.

    Args:
        texts: for each article its delivered texts by field, in reading order.
        recogniser: finds the names.

    Returns:
        One tuple an article, in the order of the first mention of each entity.
    """
    owners: list[tuple[int, TextField, str]] = []
    pending: list[list[Token]] = []
    for article, fields in enumerate(texts):
        for field, text in fields.items():
            for sentence in sentences(text):
                owners.append((article, field, text))
                pending.append(sentence)
    found = recogniser.recognise([[token.text for token in sentence] for sentence in pending])
    mentions: list[list[tuple[EntityType, Mention]]] = [[] for _ in texts]
    for (article, field, text), sentence, spans in zip(owners, pending, found, strict=True):
        for span in spans:
            start, end = sentence[span.start].start, sentence[span.end - 1].end
            mentions[article].append((span.type, Mention(field, start, end, text[start:end])))
    return [group(of_article) for of_article in mentions]


def group(mentions: Iterable[tuple[EntityType, Mention]]) -> tuple[Entity, ...]:
    """Group the mentions of one article into entities.

    Args:
        mentions: in reading order.

    Returns:
        Entities in the order of their first mention; an entity's name is its first mention.
    """
    groups: dict[tuple[EntityType, str], list[Mention]] = {}
    for kind, mention in mentions:
        key = search_key(mention.text)
        if key:
            groups.setdefault((kind, key), []).append(mention)
    return tuple(
        Entity(
            id=local_id(kind, key),
            type=kind,
            name=" ".join(members[0].text.split()),
            name_en=None,
            mentions=tuple(members),
        )
        for (kind, key), members in groups.items()
    )


def local_id(kind: EntityType, key: str) -> str:
    """Return the stable id of an entity that no shipped list knows.

    Args:
        kind: its class.
        key: search key of its name.

    Returns:
        `local:` and 16 hex digits, the same in every article and version.
    """
    digest = hashlib.blake2b(f"{kind}\x1f{key}".encode(), digest_size=8)
    return f"local:{digest.hexdigest()}"
