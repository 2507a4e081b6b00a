"""From the spans of a recogniser to mentions: bare names with offsets, their roles beside them.

What belongs together across an article is left to `group`; who it is, to `link`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import cache

from nabaa.types import Mention, TextField
from workers.entities.groups.name_parts import needs_another
from workers.entities.mentions.clitics import (
    NO_CLITIC_AFTER,
    ArticleWords,
    list_cuts,
    part_clitics,
)
from workers.entities.mentions.name_words import NameWords, opening_key, word_set
from workers.entities.mentions.roles import (
    cached_key,
    is_common_name,
    kind_length,
    person_title_length,
    role_after,
    role_before,
)
from workers.entities.model import TaggedSentence, TypedMention
from workers.model import Span

_NO_NAME = word_set("ان بان فان لان وان كان وكان بانه قد الذي التي عن وعن")
"""Search keys of words that recognisers take for an end of a name and never are."""

_NO_NAME_AT_END = _NO_NAME | word_set(
    """
    سوف لن لم لا لكن حيث بعد قبل خلال اثناء في من مع الي هو هي قال قالت وقال اكد واكد قوله هدفا
    ضاحكا استخدم استخدما امس اليوم الان
    """
)
_CLOSERS = frozenset(")]»”")
_SHORTEST_SECOND = 3
_FEWEST_LISTED = 2
"""Words of a name that keeps its kind, or its first word that looks like a particle."""
_COMMON = 20


def extract_mentions(
    sentences: Sequence[TaggedSentence],
    texts: Mapping[TextField, str],
    names: NameWords,
    is_known_name: Callable[[str], bool],
) -> list[TypedMention]:
    """Find the mentions of one article.

    Args:
        sentences: of all its texts, in reading order.
        texts: the delivered texts, into which the offsets of the tokens point.
        names: how often words open names.
        is_known_name: tells whether a list knows a name.

    Returns:
        In reading order, never overlapping. Spans that hold only a title or no letter are left
        out.
    """
    article = _article_words(sentences, texts)

    @cache
    def alone() -> frozenset[str]:
        return frozenset(
            cached_key(_text(sentence, span.start, span.end))
            for sentence in sentences
            for span in sentence.spans
        )

    def stands_alone(name: str) -> bool:
        return is_common_name(name, names) or cached_key(name) in alone() or is_known_name(name)

    found: list[TypedMention] = []
    for sentence in sentences:
        if not sentence.spans:
            continue
        tokens, text = sentence.tokens, texts[sentence.field]
        spans = [part for span in sentence.spans for part in _split(sentence, span, names)]
        named = {i for span in spans for i in range(span.start, span.end)}
        persons = {i for span in spans if span.type == "PERS" for i in range(span.start, span.end)}
        for span in spans:
            start, end = _bare(sentence, span, named, stands_alone, is_known_name)
            if start >= end:
                continue
            others, other_persons = named, persons
            if (start, end) != (span.start, span.end):
                own = range(span.start, span.end)
                others, other_persons = named.difference(own), persons.difference(own)
            first = tokens[start]
            rest = _text(sentence, start + 1, end)
            before = tokens[start - 1].text if start else ""
            cut = part_clitics(first.text, rest, before, article, names, is_known_name)
            role = ""
            if not cut.clitics:
                role = role_before(tokens, start, span.type, others, other_persons)
            if not role and span.type == "PERS":
                role = role_after(tokens, end, others, other_persons)
            left, right = first.start + cut.length, tokens[end - 1].end
            left += text[left] == "#"
            name = f"{cut.name} {rest}" if rest else cut.name
            if "#" in name:
                name = name.replace("#", "").replace("_", " ")
            mention = Mention(sentence.field, left, right, text[left:right], role)
            found.append(TypedMention(span.type, mention, name))
    return found


def _article_words(
    sentences: Sequence[TaggedSentence], texts: Mapping[TextField, str]
) -> ArticleWords:
    openings: dict[str, int] = {}
    whole: dict[str, int] = {}
    for sentence in sentences:
        for span in sentence.spans:
            key = opening_key(sentence.tokens[span.start].text)
            openings[key] = openings.get(key, 0) + 1
            if span.start and sentence.tokens[span.start - 1].text in NO_CLITIC_AFTER:
                whole[key] = whole.get(key, 0) + 1
            if span.type == "PERS":
                # Inside a name no word bears a particle: «تامي بروس» says that «بروس» is one.
                for token in sentence.tokens[span.start + 1 : span.end]:
                    if token.text[0] != "و":
                        key = opening_key(token.text)
                        whole[key] = whole.get(key, 0) + 1
    return ArticleWords(openings, whole, tuple(texts.values()))


def _split(sentence: TaggedSentence, span: Span, names: NameWords) -> Iterator[Span]:
    """Part «أحمد وإبراهيم», which the recogniser took for one person, before the conjunction."""
    start = span.start
    if span.type == "PERS":
        for place in range(span.start + 1, span.end):
            word = sentence.tokens[place].text
            if word[0] == "و" and len(word) > _SHORTEST_SECOND and _is_second(word, names):
                yield Span(start, place, "PERS")
                start = place
    yield Span(start, span.end, span.type)


def _is_second(word: str, names: NameWords) -> bool:
    """Tell whether a word in و is a conjunction and a given name."""
    if word[1] in "أإآ":
        return True
    return not names.count(opening_key(word)) and names.count(opening_key(word[1:])) >= _COMMON


def _bare(
    sentence: TaggedSentence,
    span: Span,
    named: Set[int],
    stands_alone: Callable[[str], bool],
    is_known_name: Callable[[str], bool],
) -> tuple[int, int]:
    """Leave out function words and marks at the ends of a span, and titles at its front.

    A person's name that cannot end where the recogniser ended it takes the next word.
    """
    start, end = span.start, span.end
    if (
        end - start > 1
        and _ends_like_a_particle(sentence, end)
        and is_known_name(_text(sentence, start, end))
    ):
        # «سي إن إن» ends with no particle.
        if span.type == "PERS":
            return start, end
        return start + _kind_length(sentence, start, end, stands_alone, is_known_name), end
    while start < end and _is_no_name(sentence.tokens[start].text):
        if _is_listed(sentence, start, end, is_known_name):
            break  # «وإن بي سي»
        start += 1
    while start < end and _is_no_name(sentence.tokens[end - 1].text, _NO_NAME_AT_END):
        if sentence.tokens[end - 1].text in _CLOSERS and end - start > 1:
            break
        if end - start > 1 and is_known_name(_text(sentence, end - 2, end)):
            break  # «السكك الحديدية دويتشه بان»
        end -= 1
    if start == end or (end - start == 1 and span.type != "PERS"):
        return start, end
    words = [token.text for token in sentence.tokens[start:end]]
    if span.type == "PERS":
        while (
            needs_another(sentence.tokens[end - 1].text)
            and end < len(sentence.tokens)
            and end not in named
            and sentence.tokens[end].text.isalpha()
        ):
            end += 1
        return start + person_title_length(words), end
    return start + _kind_length(sentence, start, end, stands_alone, is_known_name), end


def _kind_length(
    sentence: TaggedSentence,
    start: int,
    end: int,
    stands_alone: Callable[[str], bool],
    is_known_name: Callable[[str], bool],
) -> int:
    """Tell whether the kind comes off: not where the list has the name with it alone."""
    if _is_listed(sentence, start, end, is_known_name):
        rest = _text(sentence, start + 1, end)
        if not is_known_name(rest):
            return 0  # «وكالة الإمارات للفضاء»
    return kind_length([token.text for token in sentence.tokens[start:end]], stands_alone)


def _is_listed(
    sentence: TaggedSentence, start: int, end: int, is_known_name: Callable[[str], bool]
) -> bool:
    """Tell whether a list has a name, particles before it allowed."""
    if end - start < _FEWEST_LISTED:
        return False
    rest = _text(sentence, start + 1, end)
    return any(
        is_known_name(f"{cut.name} {rest}") for cut in list_cuts(sentence.tokens[start].text)
    )


def _ends_like_a_particle(sentence: TaggedSentence, end: int) -> bool:
    return cached_key(sentence.tokens[end - 1].text) in _NO_NAME_AT_END


def _is_no_name(word: str, no_name: Set[str] = _NO_NAME) -> bool:
    if word[0] == "آ":
        return False  # «آن غريو» is no «أن»
    return cached_key(word) in no_name or not any(letter.isalnum() for letter in word)


def _text(sentence: TaggedSentence, start: int, end: int) -> str:
    return " ".join([token.text for token in sentence.tokens[start:end]])
