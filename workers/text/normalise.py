"""Cleans text for delivery in a fixed order of steps, none of which changes how it reads.

Each step is described with its reason and an example in docs/normalisation.md. Markup is taken
off before by `workers.text.html`; folding letters for matching is left to `nabaa.search_key`.
"""

from __future__ import annotations

import re
import unicodedata

from nabaa.composition import compose

_TATWEEL = "\u0640"
_ZWJ = "\u200d"

_MARKS = (
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u0897-\u089f\u08ca-\u08ff"
)
_LETTERS = (
    "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u06ff"
    "\u0750-\u077f\u0870-\u0887\u0889-\u088e\u08a0-\u08c9"
)
_LETTER = re.compile(f"[{_LETTERS}]")

# ESC [ ... letter (colours, cursor) and ESC ] ... BEL (titles, links): ECMA-48, 5.4 and 5.6.
_TERMINAL_ESCAPE = re.compile(
    "\x1b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1b\n]*(?:\x07|\x1b\\\\)|[@-Z\\\\^_])"
)

# Everything in the categories Cc, Cf and Cs and every noncharacter, except line ends and tab (see
# tidy_spaces) and the visible signs among Cf (U+0600 to U+0605, U+06DD and the like); also what
# Unicode calls default ignorable in other categories: combining grapheme joiner, Hangul fillers,
# Khmer and Mongolian selectors (DerivedCoreProperties.txt). Parted, as a set with characters beyond
# U+FFFF is looked through range by range.
_CONTROL = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"
    "\ud800-\udfff]+"
)
_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_CONTROL_BEYOND = re.compile(
    "[\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
    )
    + "]+"
)
_ANY_SELECTOR = re.compile("[\ufe00-\ufe0f]")
_SELECTOR = re.compile(
    "(?<![0-9#*©®‼⁉™ℹ\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "〰〽㊗㊙\U0001f000-\U0001faff])[\ufe0e\ufe0f]|[\ufe00-\ufe0d]"
)

# Arabic forms and ligatures up to ﷲ and its like, and the Latin ligatures ﬀ ﬁ ﬂ of printed pages.
_FORM_RANGES = ((0xFB00, 0xFB06), (0xFB50, 0xFDEF), (0xFDF2, 0xFDF9), (0xFE70, 0xFEFC))
# A mark's isolated form carries a space or a tatweel along; the mark belongs to the letter before.
_FORMS = {
    point: unicodedata.normalize("NFKC", chr(point)).strip(f" {_TATWEEL}")
    for first, last in _FORM_RANGES
    for point in range(first, last + 1)
    if unicodedata.decomposition(chr(point))
}
_FORM = re.compile("[" + "".join(f"{chr(a)}-{chr(b)}" for a, b in _FORM_RANGES) + "]+")

_IN_WORD = f"{_LETTERS}{_MARKS}\ufb50-\ufdff\ufe70-\ufefc"
_HIJRI_SIGN = re.compile(
    f"(?<![{_IN_WORD}{_TATWEEL}])"
    f"(?:\ufeeb|ه(?=[{_TATWEEL}\u200b-\u200f]*{_ZWJ}))[{_TATWEEL}\u200b-\u200f]*"
    f"(?![{_IN_WORD}{_TATWEEL}\u200b-\u200f])"
)
_TATWEELS = re.compile(f"{_TATWEEL}+")
_HALF_SPACE = re.compile(f"(?<=[{_LETTERS}])\u200c+(?=[{_LETTERS}])")

# Letters of other alphabets that differ from the Arabic one in nothing that a reader sees.
_LOOKALIKES = {"ک": "ك", "ڪ": "ك", "ی": "ي", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۃ": "ة"}
_LOOKALIKE = re.compile("[" + "".join(_LOOKALIKES) + "]")
_TO_ARABIC = str.maketrans(_LOOKALIKES)
_WORD = re.compile(f"[{_LETTERS}{_MARKS}]+")
_ARABIC_WORD = re.compile(
    f"(?=.*[\u0621-\u063a\u0641-\u064a])[\u0621-\u063a\u0641-\u064a{_MARKS}{''.join(_LOOKALIKES)}]+"
)
_MARK = re.compile(f"[{_MARKS}]")
_FINAL_YEH = re.compile(f"(?<=.)ی([{_MARKS}]*)\\Z")
# The dotless ی at the end of a word stands for ي or ى; these, of any length of proclitics, are 92 %
# of the words with ى in news text, and the rest of the words have ي 25 times as often.
_MAQSURA_WORD = re.compile(
    "[وف]?(?:بال|كال|لل|ال|[بلك])?(?:"
    "على|إلى|الى|حتى|لدى|سوى|متى|مدى|أخرى|اخرى|إحدى|احدى|أولى|اولى|كبرى|صغرى|وسطى|قصوى|عظمى|أعلى|أدنى"
    "|أقصى|أقوى|أغلى|مستوى|مستشفى|محتوى|منتدى|مبنى|مرمى|معنى|مسعى|قتلى|جرحى|مرضى|قرى|ذكرى|دعوى|شكوى"
    "|جدوى|فوضى|موسيقى|أدى|جرى|يرى|ترى|نرى|يسعى|تسعى|يبقى|تبقى|يسمى|تسمى|يدعى|يحظى|تحظى|يخشى|تخشى"
    "|انتهى|التقى|أبدى|أنهى|أدلى|أمضى|أتمنى|مصطفى|موسى|عيسى|يحيى|مرتضى|سلمى|ليلى|هدى|منى|سقطرى)"
)
_EMPTY_LINES = re.compile("\n{3,}")


def normalise(text: str, language: str = "ar") -> str:
    """Clean a text for delivery.

    Args:
        text: plain text, any Unicode.
        language: BCP 47 primary tag of the text; look-alikes of Arabic letters are replaced only
            where it is `ar`, and a zero-width non-joiner parts words only where it is not.

    Returns:
        NFC text without control, bidi or zero-width characters, lines trimmed, at most one empty
        line in a row. Normalising it again changes nothing.
    """
    text = compose(text)
    text = drop_terminal_escapes(text)
    text = spell_hijri_sign(text)
    if language == "ckb":
        text = spell_kurdish_vowel(text)
    if language != "ar":
        text = open_half_spaces(text)
    text = drop_controls(text)
    text = unfold_presentation_forms(text)
    text = drop_tatweel(text)
    text = compose(text)
    if language == "ar":
        text = restore_arabic_letters(text)
    return tidy_spaces(text)


def normalise_line(text: str, language: str = "ar") -> str:
    """Clean a text that is delivered on one line, such as a title.

    Args:
        text: plain text, any Unicode.
        language: as for `normalise`.

    Returns:
        What `normalise` gives, with each line end replaced by a space.
    """
    return " ".join(normalise(text, language).split())


def drop_terminal_escapes(text: str) -> str:
    """Remove whole escape sequences, which would leave `[31m` behind if only ESC were removed."""
    return _TERMINAL_ESCAPE.sub("", text) if "\x1b" in text else text


def spell_hijri_sign(text: str) -> str:
    """Write the sign of the Hijri era as هـ where its shape comes from a joiner or a form."""
    if _ZWJ not in text and "\ufeeb" not in text:
        return text
    return _HIJRI_SIGN.sub(f"ه{_TATWEEL}", text)


def spell_kurdish_vowel(text: str) -> str:
    """Write Sorani's vowel as ە where a non-joiner after ه shows it, as older sites do."""
    return text.replace("ه\u200c", "ە")


def open_half_spaces(text: str) -> str:
    """Turn the zero-width non-joiner between letters, Persian's half space, into a space."""
    return _HALF_SPACE.sub(" ", text) if "\u200c" in text else text


def drop_controls(text: str) -> str:
    """Remove control, bidi, zero-width and other invisible characters, and surrogates.

    An emoji keeps its variation selector (U+FE0E, U+FE0F); nothing else does. Emoji that a
    zero-width joiner holds together come apart.
    """
    text = _CONTROL.sub("", text)
    if _BEYOND.search(text):
        text = _CONTROL_BEYOND.sub("", text)
    return _SELECTOR.sub("", text) if _ANY_SELECTOR.search(text) else text


def unfold_presentation_forms(text: str) -> str:
    """Replace Arabic presentation forms by the letters that they show.

    The honorific signs ﷺ and ﷻ, the basmala, the rial sign and the Quranic stops (U+FDF0, U+FDF1)
    are signs of their own and stay.
    """
    return _FORM.sub(lambda forms: forms[0].translate(_FORMS), text)


def drop_tatweel(text: str) -> str:
    """Remove tatweel between and after letters.

    A run that touches no letter (a dash) and the one of هـ, the sign of the Hijri era, are kept as
    a single tatweel.
    """
    if _TATWEEL not in text:
        return text
    return _TATWEELS.sub(lambda run: _TATWEEL if _stands_alone(run) else "", text)


def restore_arabic_letters(text: str) -> str:
    """Replace look-alikes (ی ک ہ ھ ە ۃ ڪ) inside words that are otherwise Arabic.

    A word with any other letter that Arabic does not have (پ چ ژ گ ڤ ٹ) is left as it is.
    """
    return compose(_WORD.sub(_restore_word, text)) if _LOOKALIKE.search(text) else text


def tidy_spaces(text: str) -> str:
    """Make every space a plain one, trim lines, and leave at most one empty line in a row."""
    lines = "\n".join([" ".join(line.split()) for line in text.splitlines()])
    return _EMPTY_LINES.sub("\n\n", lines).strip("\n")


def _stands_alone(run: re.Match[str]) -> bool:
    text, start, end = run.string, run.start(), run.end()
    if _LETTER.match(text, end):
        return False
    if text[start - 1 : start] == "ه":
        return not _is_letter_or_mark(text[start - 2 : start - 1]) and not _is_mark(
            text[end : end + 1]
        )
    return not _is_letter_or_mark(text[start - 1 : start])


def _is_mark(character: str) -> bool:
    return bool(character) and unicodedata.combining(character) != 0


def _is_letter_or_mark(character: str) -> bool:
    return bool(_LETTER.match(character)) or _is_mark(character) or character == _TATWEEL


def _restore_word(match: re.Match[str]) -> str:
    word = match[0]
    if not _LOOKALIKE.search(word) or not _ARABIC_WORD.fullmatch(word):
        return word
    restored = word.translate(_TO_ARABIC)
    final_yeh = _FINAL_YEH.search(word)
    if final_yeh and _is_maqsura(restored, word[final_yeh.start() - 1] + final_yeh[1]):
        last = final_yeh.start()
        restored = f"{restored[:last]}ى{restored[last + 1 :]}"
    return restored


def _is_maqsura(word: str, marks: str) -> bool:
    """Say whether the yeh that ends a word is ى, from the word and the marks around the yeh."""
    if "\u064b" in marks or "\u0670" in marks:  # هدًى, علىٰ
        return True
    return bool(_MAQSURA_WORD.fullmatch(_MARK.sub("", word)[:-1] + "ى"))
