"""The search key: a form of a text for matching, never delivered.

camel-tools removes the diacritics and folds alef, alef maksura and teh marbuta; what it misses
(tatweel, marks beyond U+0652, digits) is dealt with here.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable
from functools import cache

from nabaa.composition import compose

# Combining marks that `dediac_ar` leaves: honorifics, U+0653 to U+065F, Quranic marks; and tatweel.
_MISSED = re.compile(
    "[\u0610-\u061a\u0640\u0653-\u065f\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]"
)
# What nine names in ten are written with: nothing but the alefs, ى and ة has another form.
_PLAIN = re.compile("[\u0621-\u063a\u0641-\u064a]+(?: [\u0621-\u063a\u0641-\u064a]+)*")
_LETTERS = str.maketrans("أإآىة", "ااايه")
_ARABIC_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def search_key(text: str) -> str:
    """Return the search key of a text.

    Args:
        text: a name, a title or any other text.

    Returns:
        Without diacritics and tatweel; alef of every kind as ا, ى as ي, ة as ه, digits as ASCII,
        Latin letters without case, runs of white space as one space. Idempotent.
    """
    if _PLAIN.fullmatch(text):
        return text.translate(_LETTERS)
    return _key_of_any(text)


def _key_of_any(text: str) -> str:
    key = _MISSED.sub("", _fold_case(_fold_case(compose(text))))
    for step in _steps():
        key = step(key)
    # Once more: letters that a mark kept apart may be composed now.
    return " ".join(unicodedata.normalize("NFKC", key).translate(_ARABIC_DIGITS).split())


def _fold_case(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@cache
def _steps() -> tuple[Callable[[str], str], ...]:
    # Imported at the first call: camel-tools' character sets take half a second.
    from camel_tools import utils  # noqa: PLC0415
    from camel_tools.utils.dediac import dediac_ar  # noqa: PLC0415
    from camel_tools.utils.normalize import (  # noqa: PLC0415
        normalize_alef_ar,
        normalize_alef_maksura_ar,
        normalize_teh_marbuta_ar,
    )

    # Sets of every Unicode letter, 25 MB that the functions do not use; another import reads them
    # again.
    if sys.modules.pop("camel_tools.utils.charsets", None):
        del utils.charsets
    return dediac_ar, normalize_alef_ar, normalize_alef_maksura_ar, normalize_teh_marbuta_ar
