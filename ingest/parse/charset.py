"""The bytes of a feed to text, whatever they claim to be.

Arabic sites send UTF-8, UTF-16, windows-1256 and ISO-8859-6, and of the HTTP header, the XML
declaration and the bytes any may lie. So the bytes decide; what is declared only breaks ties.
"""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter

_UNICODE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, with whose mark it begins
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_SINGLE_BYTE = ("windows-1256", "iso-8859-6", "windows-1252")
_NAMES = {"cp1256": "windows-1256", "cp1252": "windows-1252", "iso8859-6": "iso-8859-6"}
# Encodings of 8-bit text that a declaration may name; Python knows others that are no text at all.
_TRUSTED = re.compile(r"iso8859[-_]|cp\d+$|mac[-_]|koi8[-_]|gb|big5|euc_|shift_jis|tis-620")
_ONE_BYTE = re.compile(r"(?:windows-|cp)125\d$|iso-?8859-\d+$")

_SAMPLE_BYTES = 128 * 1024
_PIECES = 16

_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]{1,40})")
_XML_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_ASCII = bytes(range(0x80))
_LONG_ASCII = re.compile(rb"[\x00-\x7f]{24,}")
# One whole sequence of UTF-8 beyond ASCII (RFC 3629).
_UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)

# What stands between tags, quotation marks of attributes and of JSON: one encoding at a time.
_FIELD = re.compile(rb"[^<>\"\r\n]+")
# In an 8-bit encoding so many pairs and triples of UTF-8 in a row are no chance.
_MANY_SEQUENCES = re.compile(
    rb"(?:(?:[\xd8-\xdb][\x80-\xbf]|\xef[\xad-\xbb][\x80-\xbf])[\x20-\x3b]?){6}"
)

_ARABIC_WORD = re.compile("[\u0621-\u0652]{2,}")
_ARTICLE = re.compile("(?:^|[وفبك])ال|^لل|^ولل")
# The commonest words of Arabic news.
# fmt: off
_COMMON_WORDS = frozenset((
    "في", "من", "على", "إلى", "الى", "أن", "ان", "إن", "عن", "مع", "بعد", "قبل", "هذا", "هذه",
    "التي", "الذي", "كان", "كانت", "قد", "لا", "ما", "أو", "او", "كما", "بين", "خلال", "حول",
    "منذ", "عند", "كل", "غير", "يوم", "ثم", "لم", "لن", "هو", "هي", "ذلك", "حتى", "أكثر",
    "وقال", "قال", "وفي", "ومن", "عام", "أمام", "ضد", "تم",
))
# fmt: on
# How often each letter stands in a thousand letters of Arabic news, as the logarithm of its ratio
# to thirty: the sum over a text is its likelihood, positive where the table fits and negative where
# letters come as if by chance, such as those of another script.
_LETTERS = {
    letter: math.log(int(per_mille) / 30)
    for letter, per_mille in re.findall(
        r"(\w)(\d+)",
        "ا130ل112ي78م65ن60و60ر55ت45ب40ة40ع38د36س30ف30ق28ه34أ25ك22ح22ج16ش14ص12ط12إ10خ11ى10"
        "ض9ز9ذ8ث7ء5غ5ئ5آ3ظ2ؤ2",
    )
}
# What no Arabic word holds, but a wrong table makes of one: teh marbuta, alef maqsura, hamza alone
# before another letter or a tanween inside; Arabic glued to Latin; controls; unassigned bytes.
_IMPOSSIBLE = re.compile(
    "[ةىٌٍ](?=[\u0621-\u063a\u0641-\u064a])"
    "|[\u0621-\u0652][A-Za-z\u00aa\u00b5\u00ba\u00c0-\u024f]"
    "|[A-Za-z\u00aa\u00b5\u00ba\u00c0-\u024f](?=[\u0621-\u0652])"
    "|[\x80-\x9f\ufffd]"
    "|(?<![A-Za-z])[\u00c0-\u00ff]{2}"
)


def decode_feed(body: bytes, content_type: str | None) -> tuple[str, str]:
    """Decode the body of a feed; never fails, linear in its length.

    A document may hold texts of two encodings, where a publisher pastes what others have written:
    each field is decoded for itself then.

    Args:
        body: as fetched, after decompression.
        content_type: the `Content-Type` header, or None.

    Returns:
        The text, without the characters that XML 1.0 forbids and without a byte order mark, and
        the name of the encoding (WHATWG's label for the common ones); of two encodings, the names
        with `+` between them.
    """
    encoding = _encoding_of(body, content_type)
    if encoding == "utf-8":
        text, encoding = _decode_utf8(body, content_type)
    elif encoding in _SINGLE_BYTE and _MANY_SEQUENCES.search(body):
        text, encoding = _decode_fields(body, _encoding_of_broken(body, content_type) or encoding)
    else:
        text = body.decode(encoding, "replace")
    return _XML_ILLEGAL.sub("", text.lstrip("\ufeff")), encoding


def decode_part(part: bytes, encoding: str) -> str:
    """Decode a part of a body whose encoding is known.

    Args:
        part: whole fields of the body.
        encoding: as `decode_feed` names it.
    """
    first, _, second = encoding.partition("+")
    if not second:
        return part.decode(encoding, "replace")
    return _decode_fields(part, second if first == "utf-8" else first)[0]


def describe_encodings(encoding: str) -> tuple[str, ...]:
    """Return the notice of a document in two encodings; empty where there is one.

    Args:
        encoding: as `decode_feed` names it.
    """
    if "+" not in encoding:
        return ()
    return (f"the document is in two encodings, {encoding.replace('+', ' and ')}",)


def _decode_utf8(body: bytes, content_type: str | None) -> tuple[str, str]:
    """Decode UTF-8, a few fields of which may be in an 8-bit encoding."""
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        other = _encoding_of_broken(body, content_type)
    if other is None:
        return body.decode("utf-8", "replace"), "utf-8"
    text, _ = _decode_fields(body, other)
    return text, f"utf-8+{other}"


def _encoding_of_broken(body: bytes, content_type: str | None) -> str | None:
    """Return the 8-bit encoding of the fields that are not UTF-8, or None where all are."""
    broken = b" ".join(field for field in _FIELD.findall(body) if not _is_sound(field))
    if not broken:
        return None
    candidates = dict.fromkeys((*_declared(body, content_type), *_SINGLE_BYTE))
    sample = _sample(_LONG_ASCII.sub(b" ", broken))
    return max(candidates, key=lambda name: _plausibility(sample.decode(name, "replace")))


def _decode_fields(body: bytes, other: str) -> tuple[str, str]:
    """Decode each field in UTF-8 where it is that, else in another encoding."""
    mixed = False

    def decoded(found: re.Match[bytes]) -> bytes:
        nonlocal mixed
        field = found[0]
        if field.isascii() or not _is_sound(field):
            return field.decode(other, "replace").encode()
        mixed = True
        return field.decode("utf-8", "replace").encode()

    text = _FIELD.sub(decoded, body).decode("utf-8", "replace")
    return text, f"{other}+utf-8" if mixed else other


def _is_sound(field: bytes) -> bool:
    """Tell whether a field is UTF-8, or was before a character of it was cut in half."""
    try:
        field.decode("utf-8")
    except UnicodeDecodeError:
        rest, good = _UTF8_SEQUENCE.subn(b"", field.translate(None, delete=_ASCII))
        return good > 3 * len(rest)
    return True


def is_single_byte(body: bytes, content_type: str | None) -> bool:
    """Tell whether `decode_feed` takes one byte for each character; much cheaper than which.

    Args:
        body: as fetched, after decompression.
        content_type: the `Content-Type` header, or None.

    Returns:
        Whether the body is sure to be read in an encoding that has ASCII in it and one byte for
        every other character.
    """
    if body.startswith(tuple(mark for mark, _ in _UNICODE_MARKS)):
        return False
    beyond_ascii = body.translate(None, delete=_ASCII)
    if not beyond_ascii or _is_utf8(body, beyond_ascii):
        return False
    return all(_ONE_BYTE.match(encoding) for encoding in _declared(body, content_type))


def _encoding_of(body: bytes, content_type: str | None) -> str:
    for mark, encoding in _UNICODE_MARKS:
        if body.startswith(mark):
            return encoding
    beyond_ascii = body.translate(None, delete=_ASCII)
    if not beyond_ascii or _is_utf8(body, beyond_ascii):
        return "utf-8"
    sample = _sample(_LONG_ASCII.sub(b" ", body))
    candidates = dict.fromkeys((*_declared(body, content_type), *_SINGLE_BYTE))
    # max() keeps the first of equals: the declared ones stand first.
    return max(candidates, key=lambda encoding: _plausibility(sample.decode(encoding, "replace")))


def _is_utf8(body: bytes, beyond_ascii: bytes) -> bool:
    """Tell UTF-8, whole or with a few broken sequences among many good ones."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        sample = _sample(beyond_ascii)
        rest, good = _UTF8_SEQUENCE.subn(b"", sample)
        broken = len(rest)
        # In windows-1256 pairs that could be UTF-8, such as a letter and a comma, are rare.
        return good > 3 * broken
    return True


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """Return the 8-bit encodings that the header and the XML declaration name."""
    labels = _HTTP_CHARSET.findall(content_type or "")[:1]
    labels += [label.decode("ascii") for label in _XML_ENCODING.findall(body[:1000])[:1]]
    found = []
    for label in labels:
        try:
            name = codecs.lookup(label).name
        except (LookupError, ValueError):
            continue
        if name in ("iso8859-1", "ascii"):
            name = "cp1252"  # what these labels mean on the web (WHATWG Encoding, section 4.2)
        if _TRUSTED.match(name):
            found.append(_NAMES.get(name, name))
    return found


def _sample(body: bytes) -> bytes:
    """Return the body, or pieces from all over a long one."""
    if len(body) <= _SAMPLE_BYTES:
        return body
    size, step = _SAMPLE_BYTES // _PIECES, len(body) // _PIECES
    return b" ".join(body[start : start + size] for start in range(0, _PIECES * step, step))


def _plausibility(text: str) -> float:
    """Return how much a text looks like Arabic; comparable between readings of the same bytes."""
    score = -4.0 * len(_IMPOSSIBLE.findall(text))
    for word, times in Counter(_ARABIC_WORD.findall(text)).items():
        found = (word in _COMMON_WORDS) * 3 + bool(_ARTICLE.search(word)) * 2
        score += times * (found + sum(_LETTERS.get(letter, -1.0) for letter in word))
    return score
