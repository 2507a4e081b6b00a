"""Parts the particles و ف ب ل ك from the first word of a name, where what is left is the name.

«لماكرون» is ل and «ماكرون», «بوتين» is one word. The letters do not tell: the counts of words that
open names, the catalogue and the rest of the article do. س is parted from verbs alone and «ال» is
part of the name, so both stay on.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from workers.entities.mentions.name_words import NAME_NOUNS, NameWords, opening_key, word_set

SHORTEST_NAME = 2
"""Letters that must be left of the word."""

SHORTEST_WITH_ARTICLE = 5
"""Letters that must be left where they begin with «ال»."""

NO_CLITIC_AFTER = word_set(
    """
    في من إلى الى على عن مع بين ضد عند لدى حول خلال نحو تجاه لدي حتى منذ عبر غير دون رغم سوى
    """
)
"""Words that a noun without particles must follow."""

WHOLE_GIVEN = word_set(
    """
    لمى لمياء لجين لبنى لميس لطيفة لطفي لؤي وجيه وجيهة وديع وديعة وصفي وضاح وفيق وهيب وهبي واصف
    فريال فضيلة فواز فيحاء باهر بهيج بهيجة بديع بثينة بدرية كارم كنعان كوثر كاظم كميل
    """
)
"""Given names whose first letter is a particle's and which the counts hide; as written."""

# One letter with the marks and tatweels that belong to it.
_LETTER = re.compile("[\u0621-\u064a\u0671-\u06d3][\u0610-\u061a\u0640\u064b-\u065f\u0670]*")

# How often a particle stands before a name, times the doubt that a rarer word is left: a word seen
# oftener than this share of the name that it would hide is a name itself. Shares: news of 2012-18.
_SHARES = {"و": 0.4, "ف": 0.02, "ب": 0.25, "ل": 0.35, "ك": 0.02}
# A word that nothing is known of: share of rare names beginning so in which it is a particle.
_ODDS_UNKNOWN = {"و": 0.8, "ف": 0.02, "ب": 0.1, "ل": 0.3, "ك": 0.01}
_UNKNOWN_WEIGHT = 0.5
# «ويندراش», «واتكينز»: what is left of a foreign W begins with ي, or with ا that bears no hamza.
_FOREIGN_W = re.compile("ي|ا(?!ل)")
_KNOWN_WEIGHT = 20.0
_ARTICLE_WEIGHT = 500.0
_GIVEN_WEIGHT = 100.0
_NOUN_WEIGHT = 5000.0
_NO_HAMZA = 0.3
_SURE_WITHOUT_HAMZA = 4


@dataclass(frozen=True, slots=True)
class Cut:
    """A Cut is one way to part the first word of a name.

    Attributes:
        clitics: what is parted, such as «و», «ل» or «وب»; empty where the word is left whole.
        length: code points that come off the front of the word as written.
        name: the bare word for matching. Where «لل» has swallowed an alef it has it again, and
            `length` leaves «لل» in the text: «للأمم» gives the name «الأمم» and cuts nothing.
    """

    clitics: str
    length: int
    name: str


@dataclass(frozen=True)  # without slots, for what is kept of the texts
class ArticleWords:
    """ArticleWords counts the words that open the names of one article.

    Attributes:
        openings: how often a word (opening key) opens a name of the article, as written.
        whole: how often it does so after a preposition, where no particle can stand.
        texts: the texts of the article.
    """

    openings: Mapping[str, int] = field(default_factory=dict)
    whole: Mapping[str, int] = field(default_factory=dict)
    texts: Sequence[str] = ()

    def has_word(self, word: str) -> bool:
        """Tell whether a word of the article with a space before it begins so."""
        place = bisect_left(self._words, word)
        return place < len(self._words) and self._words[place].startswith(word)

    @cached_property
    def _words(self) -> list[str]:
        """The words behind a space, sorted: each name is looked for in all of them."""
        return sorted({word for text in self.texts for word in text.split(" ")[1:]})


def list_cuts(word: str) -> Iterator[Cut]:
    """List the ways to part particles from a word, the whole word first.

    Args:
        word: a word as written, diacritics and tatweel allowed.

    Yields:
        The whole word; then what is left after و or ف, after ب ل ك, and after both.
    """
    yield Cut("", 0, word)
    letters = [match.span() for match in _LETTER.finditer(word)]
    bounds = [start for start, _ in letters] + [len(word)]
    if not letters or letters[0][0] != 0:
        return
    conjunctions: tuple[int, ...] = (0,)
    if word[0] in "وف" and _may_be_name(word[bounds[1] :]):
        conjunctions = (0, 1)
        yield Cut(word[0], bounds[1], word[bounds[1] :])
    for skipped in conjunctions:
        if len(letters) - skipped <= SHORTEST_NAME:
            continue
        prefix = word[:skipped]
        head = word[bounds[skipped]]
        bare = word[bounds[skipped + 1] :]
        if head == "ل" and bare.startswith("ل") and len(letters) - skipped > SHORTEST_NAME + 1:
            yield Cut(prefix + "ل", bounds[skipped], "ال" + word[bounds[skipped + 2] :])
            yield Cut(prefix + "ل", bounds[skipped + 1], bare)
        elif head in "بلك" and _may_be_name(bare):
            yield Cut(prefix + head, bounds[skipped + 1], bare)


def _may_be_name(bare: str) -> bool:
    """Tell whether enough is left: «بي», but not the «الي» of «والي»."""
    return len(bare) >= (SHORTEST_WITH_ARTICLE if bare.startswith("ال") else SHORTEST_NAME)


def part_clitics(
    word: str,
    rest: str,
    before: str,
    article: ArticleWords,
    names: NameWords,
    is_known_name: Callable[[str], bool],
) -> Cut:
    """Decide how the first word of a name is read.

    Args:
        word: first word of the name as written.
        rest: the other words of the name, parted by spaces; empty where there are none.
        before: the word that stands before the name; empty where there is none.
        article: what the article says of its words.
        names: how often words open names.
        is_known_name: tells whether a list knows a name.

    Returns:
        The likeliest reading; the whole word where nothing speaks for another.
    """
    if word[:1] not in _SHARES:
        return Cut("", 0, word)
    ways = list(list_cuts(word))
    if len(ways) == 1:
        return ways[0]
    swallowed = [way for way in ways if way.name != word[way.length :]]
    if before in NO_CLITIC_AFTER and not swallowed:
        return ways[0]

    def weight(way: Cut) -> float:
        key = opening_key(way.name)
        known = with_hamza(key, names.count) + _ARTICLE_WEIGHT * article.whole.get(key, 0)
        known += _NOUN_WEIGHT * (key.removeprefix("ال") in NAME_NOUNS)
        if not way.clitics and before.startswith("ال") and word in WHOLE_GIVEN:
            known += _GIVEN_WEIGHT
        if way.clitics:
            known += _ARTICLE_WEIGHT * article.openings.get(key, 0)
            if not known and not swallowed and article.has_word(way.name):
                known += _ARTICLE_WEIGHT
        return known

    def listed(way: Cut) -> float:
        name = f"{way.name} {rest}" if rest else way.name
        return weight(way) + _KNOWN_WEIGHT * is_known_name(name)

    if swallowed:
        # No Arabic name begins with لل: only what it hides is in question.
        return max((way for way in ways if way.clitics[-1:] == "ل"), key=listed)
    best, most = _likeliest(ways, weight)
    # The lists take time to ask, and cannot outweigh what is read often.
    return best if most >= _KNOWN_WEIGHT else _likeliest(ways, listed)[0]


def _likeliest(ways: Sequence[Cut], weight: Callable[[Cut], float]) -> tuple[Cut, float]:
    best, most = ways[0], weight(ways[0])
    most += _UNKNOWN_WEIGHT * (1 - _odds(ways[-1].clitics[:1], _ODDS_UNKNOWN))
    for way in ways[1:]:
        found = particle_share(way.clitics) * weight(way)
        if not _FOREIGN_W.match(way.name):
            found += _UNKNOWN_WEIGHT * _odds(way.clitics, _ODDS_UNKNOWN)
        if found > most:
            best, most = way, found
    return best, most


def with_hamza(key: str, count: Callable[[str], int]) -> float:
    """Count a word that opens names, and part of those that only differ by its first hamza.

    Some outlets write none: «واسيا» is «و» and «آسيا».

    Args:
        key: its opening key.
        count: says how often an opening key opens a name.
    """
    if key.startswith("ا") and not key.startswith("ال") and len(key) >= _SURE_WITHOUT_HAMZA:
        return count(key) + _NO_HAMZA * max(count(alef + key[1:]) for alef in "أإآ")
    return count(key)


def particle_share(clitics: str) -> float:
    """Return the share of a name beyond which a word that may hide it is a name of its own.

    Args:
        clitics: particles that would be parted; empty for the whole word, whose share is 1.
    """
    return _odds(clitics, _SHARES)


def _odds(clitics: str, table: Mapping[str, float]) -> float:
    product = 1.0
    for letter in clitics:
        product *= table.get(letter, 0.0)
    return product
