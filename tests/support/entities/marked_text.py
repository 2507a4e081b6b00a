"""Articles for the tests of this folder, with the recogniser's names marked in the text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from nabaa.types import EntityType, TextField
from workers.entities.groups.group import group_mentions
from workers.entities.mentions.extract import extract_mentions
from workers.entities.mentions.name_words import load_name_words
from workers.entities.model import Group, TaggedSentence, TypedMention
from workers.model import Span
from workers.text.tokenise import sentences

_MARK = re.compile(r"\[(PERS|LOC|ORG|MISC) ([^\]]*)\]")


@dataclass(frozen=True)
class MarkedArticle:
    """Texts of an article and its sentences with the names that were marked."""

    texts: Mapping[TextField, str]
    sentences: Sequence[TaggedSentence]

    def mentions(self, known: frozenset[str] = frozenset()) -> list[TypedMention]:
        return extract_mentions(self.sentences, self.texts, load_name_words(), known.__contains__)

    def groups(self, known: frozenset[str] = frozenset()) -> list[Group]:
        return group_mentions(
            self.mentions(known), self.texts, load_name_words(), known.__contains__
        )


def article(body: str, title: str = "") -> MarkedArticle:
    """Read texts in which names stand as `[PERS name]`."""
    texts: dict[TextField, str] = {}
    tagged: list[TaggedSentence] = []
    for field, marked in (("title", title), ("body_text", body)):
        plain, names = _plain(marked)
        name = cast(TextField, field)
        texts[name] = plain
        for tokens in sentences(plain):
            spans = []
            for start, end, kind in names:
                inside = [
                    i for i, token in enumerate(tokens) if start < token.end and token.start < end
                ]
                if inside:
                    spans.append(Span(inside[0], inside[-1] + 1, kind))
            tagged.append(TaggedSentence(name, tokens, spans))
    return MarkedArticle(texts, tagged)


def _plain(marked: str) -> tuple[str, list[tuple[int, int, EntityType]]]:
    plain = ""
    names: list[tuple[int, int, EntityType]] = []
    last = 0
    for match in _MARK.finditer(marked):
        plain += marked[last : match.start()]
        kind = cast(EntityType, match[1])
        names.append((len(plain), len(plain) + len(match[2]), kind))
        plain += match[2]
        last = match.end()
    return plain + marked[last:], names
