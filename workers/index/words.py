"""What of an article the full text index holds: folded words, and marks for what is no word. Pure.

A mark is a token such as `e=q1049` (the article names that entity): conditions on entities, outlets
or languages are answered by the same index as words, newest first. No folded word holds a `=`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from nabaa.filters.words import MIN_LETTERS, bare_forms, fold_words
from nabaa.search_key import search_key
from nabaa.types import Article

WORDS_VERSION = "3"
"""Changes when texts are cut or folded in another way: the index is then built again."""

ANY = "a="
"""Mark that every article has."""
QUOTES = "q="
"""Mark of articles with quotations."""
REPRINT = "r="
"""Mark of articles that were known as reprints when they were published."""

_LONGEST_WORD = 64  # code points; PostgreSQL takes 2,046 bytes
_MOST_WORDS, _MOST_BYTES = 40_000, 700_000  # of one text; PostgreSQL takes a megabyte of all
_MOST_MARKS = 1000
_POSITION_BYTES = 4
_SHORT_TEXT = 80_000  # code points: far from that many bytes
_NOT_IN_MARK = re.compile(r"\W+")
_CLITICS = tuple(
    conjunction + particle + article
    for conjunction in ("", "و", "ف")
    for particle, article in (
        *((particle, article) for particle in ("", "ب", "ل", "ك") for article in ("", "ال")),
        ("لل", ""),
    )
)
_ARTICLE = re.compile(rf"[وف]?(?:[بك]?ال|لل)(?=\w{{{MIN_LETTERS}}})")


@dataclass(frozen=True, slots=True)
class IndexedText:
    """The tokens of one article.

    Attributes:
        title: folded words of the headline.
        body: folded words of the summary and the text.
        marks: one for each thing that can be asked for.
    """

    title: tuple[str, ...]
    body: tuple[str, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry is what the full text index holds of one article.

    Attributes:
        id: its id.
        text: its tokens.
    """

    id: int
    text: IndexedText


def article_tokens(article: Article) -> IndexedText:
    """Return what the index holds of an article.

    Args:
        article: its current version; of a text of more than 40,000 words, these.
    """
    outlet = article.outlet
    marks = [
        ANY,
        *([QUOTES] if article.quotes else []),
        *([REPRINT] if article.duplicate_of else []),
        mark("c", outlet.country),
        mark("f", outlet.feed),
        mark("l", article.language),
        mark("o", outlet.name),
        mark("t", article.topic),
        *(mark("g", tag) for tag in article.tags),
        *(mark("e", entity.id) for entity in article.entities),
        *(mark("s", quote.speaker) for quote in article.quotes if quote.speaker),
    ]
    return IndexedText(
        cut_words(article.title),
        cut_words(f"{article.summary}\n{article.body_text}"),
        tuple(dict.fromkeys(marks))[:_MOST_MARKS],
    )


def cut_words(text: str) -> tuple[str, ...]:
    """Return the folded words of a text as the index has them, in order."""
    words = fold_words(text)[:_MOST_WORDS]
    cut = [word if len(word) <= _LONGEST_WORD else word[:_LONGEST_WORD] for word in words]
    if len(text) < _SHORT_TEXT:
        return tuple(cut)
    size = 0
    for place, word in enumerate(cut):
        size += len(word.encode()) + _POSITION_BYTES
        if size > _MOST_BYTES:
            return tuple(cut[:place])
    return tuple(cut)


@lru_cache(20_000)
def mark(kind: str, value: str) -> str:
    """Return the token of a condition.

    Args:
        kind: one letter: country, entity, feed, `g` for a tag, language, outlet, speaker, topic.
        value: spelling is folded as in names.
    """
    return f"{kind}={_NOT_IN_MARK.sub('_', search_key(value))[:_LONGEST_WORD]}"


def written_forms(word: str) -> tuple[str, ...]:
    """Return how a word may stand in a text: bare, and with و ف ب ل ك and ال before it.

    Each is a form of which `bare_forms` names the word.

    Args:
        word: folded.
    """
    if len(word) < MIN_LETTERS:
        return (word,)
    forms = [clitics + word for clitics in _CLITICS]
    if word.startswith("ال"):  # «للأمم» has lost the ا of «الأمم»
        forms += [f"{conjunction}لل{word[2:]}" for conjunction in ("", "و", "ف")]
    return (word, *(form for form in dict.fromkeys(forms) if word in bare_forms(form)))


def without_article(word: str) -> tuple[str, ...]:
    """Return what a word may be without ال and what stands before it; none where it has none.

    «السودان» and «وللسودان» are «سودان»; «للجنة» is «جنة» or, with the ل of «لجنة», «لجنة».

    Args:
        word: folded.
    """
    found = _ARTICLE.match(word)
    if not found:
        return ()
    rest = word[found.end() :]
    return (rest, f"ل{rest}") if found[0].endswith("لل") else (rest,)
