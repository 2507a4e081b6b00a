"""Finds who speaks in a heading.

«فلان: كلامه», «فلان لـ"الصحيفة": كلامه», «الرئيس الفلاني: كلامه»; but «مصر: حملة» names a place.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from workers.entities.mentions.roles import is_title
from workers.quotes.cues import cue_words, fold
from workers.quotes.lexicon import HEADING_SOURCES_FOLDED, PREPOSITIONS
from workers.quotes.mention_index import MentionIndex
from workers.quotes.noun_phrases import belongs
from workers.quotes.passage import Passage
from workers.quotes.quote_marks import MARKS
from workers.quotes.roles import Roles, titles_folded

MAX_HEADING = 10
"""Words before the colon of a heading, marks among them."""
_LONGEST_LEAD = 4
_LONGEST_ROLE = 6
_BULLETS = frozenset("-–—•*")


@dataclass(frozen=True, slots=True)
class Heading:
    """A Heading is the part of a line before its colon.

    Attributes:
        colon: index of the colon.
        speaker: entity that speaks, or None where it has no name («مصادر: …»).
    """

    colon: int
    speaker: str | None


def heading_at(passage: Passage, start: int, index: MentionIndex, roles: Roles) -> Heading | None:
    """Read the heading that begins a line.

    Args:
        passage: the text.
        start: index of the first word of the line.
        index: the names of the article.
        roles: what it calls them.

    Returns:
        None where the line has none, or where it names a place or a subject and no speaker
        («مصر: حملة ضد التسول»).
    """
    if passage.word(start) in _BULLETS:
        start += 1
    head_words = passage.words[start : start + MAX_HEADING]
    colon = start + head_words.index(":") if ":" in head_words else start
    if colon <= start or passage.sentence_end(start) <= colon:
        return None
    named = index.between(passage, start, colon)
    if named:
        first = named[0]
        lead = [
            fold(word) for word in passage.words[start : bisect_left(passage.starts, first.start)]
        ]
        rest = bisect_left(passage.starts, first.end)
        known = first.entity.type in ("PERS", "ORG") and "عن" not in lead
        if known and len(lead) <= _LONGEST_LEAD and not belongs(lead) and not _says(lead):
            if (
                first.entity.type == "ORG"
                and lead
                and lead[0].removeprefix("ال") in titles_folded()
            ):
                return _role_at(passage, start, colon, roles)  # «مدرب الهلال: …» is not the club
            if rest >= colon or _is_addressee(passage, rest, colon):
                return Heading(colon, first.entity.id)
            return None
    head = fold(passage.words[start])
    if colon == start + 1 or passage.words[start + 1] == "عن":
        speaker = index.by_name([head])
        if speaker is not None:
            return Heading(colon, speaker)
    if colon - start <= 3 and head in HEADING_SOURCES_FOLDED:
        return Heading(colon, None)
    return _role_at(passage, start, colon, roles)


def _role_at(passage: Passage, start: int, colon: int, roles: Roles) -> Heading | None:
    """Read a heading that names an office: «الرئيس السنغالي: …», «محافظ البصرة لـ"الساحل": …»."""
    end = next(
        (j for j in range(start + 1, colon) if _is_addressee(passage, j, colon)),
        colon,
    )
    words = [fold(word) for word in passage.words[start:end]]
    if len(words) > _LONGEST_ROLE or not is_title(passage.words[start]):
        return None
    definite = [word.startswith("ال") for word in words]
    named = any(map(passage.starts_name, range(start + 1, end)))
    if not named and not any(definite):
        return None
    if not PREPOSITIONS.isdisjoint(passage.words[start:end]) or _says(words[1:]):
        return None
    return Heading(colon, roles.holder(words, named=named))


def _is_addressee(passage: Passage, rest: int, colon: int) -> bool:
    """Tell whether «عن كذا» or «لـ"الصحيفة"» stands between the speaker and the colon."""
    word = passage.words[rest]
    if word == "عن":
        return True
    if not word.startswith("ل") and word not in ("في", "عبر", "من"):
        return False
    return all(
        other in MARKS or (other not in cue_words() and other not in PREPOSITIONS)
        for other in passage.words[rest + 1 : colon]
    )


def _says(lead: list[str]) -> bool:
    return any(word in cue_words() for word in lead)
