"""Texts that may cost more than their length: one piece, again and again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random

_LETTERS = "ابتثجحخدرزسشصضطظعغفقكلمنهوي"

PIECES = (
    # letters and marks
    *("ا", "a", "ـ", "\u064b", "\u0301"),
    *("a\u0301", "e\u0323\u0307", "😀", "ﷺ", "\u200f", "\u200c"),
    # spaces and marks of sentences
    *(" ", "\n", "\t", "\u00a0", ".", "،", ":", "؟"),
    *("…", "-", "!", "'", '"', "«", "»", "(", ")"),
    *("[", "]", "“", "”", ". ", '" ', "« ", "- ", "أ.", "أ. "),
    # words
    *(
        "و",
        "ال",
        "وال",
        "لل",
        "كلمة{} ",
        "محمد ",
        "محمد {} ",
        "{} علي ",
        "محمد {} علي ",
        "بن ",
        "أبو ",
    ),
    *(
        "قال ",
        "قالت إن ",
        "وأضاف ",
        "قال {}: ",
        "الدكتور ",
        "رئيس ",
        "وزير {} ",
        "وزارة ",
        "القاهرة ",
    ),
    *(
        "وفقا ل",
        "بحسب ",
        "هـ ",
        "هٔ",
        "كتاب\u200cها ",
        "إن ",
        "أن ",
        "الذي ",
        "مصر والأردن ",
        "المصرية ",
    ),
    # digits and dates
    *("1", "1 ", "١", "1/", "2026-01-01 ", "12:30 ", "مساء ", "رمضان ", "Mon, ", "+0300 "),
    # markup
    *(
        "<",
        ">",
        "&",
        ";",
        "<b>",
        "</b>",
        "<p>",
        "<br>",
        "<a href='",
        "<a href='{}'>x</a>",
        "<img src={}>",
    ),
    *(
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?",
        "?>",
        "<!",
        "&amp;",
        "&#1575;",
        "&#x627;",
        "&nbsp;",
        "&x",
    ),
    *(
        "<table><tr><td>",
        "<div>",
        "<ul><li>",
        "<item>",
        "</item>",
        "<item><title>",
        "<guid>{}</guid>",
    ),
    *(
        "<link>{}</link>",
        "<category>{}</category>",
        "<x:a xmlns:x='{}'>",
        " a{}='1'",
        "<!ENTITY a '",
        "=",
    ),
    # addresses
    *(
        "http://",
        "https://a.example/",
        "/",
        "../",
        "./",
        "//",
        "?",
        "?a=",
        "&a{}=1",
        "#",
        "%41",
        "%",
        "@",
    ),
    *("a@b.example ", "a.", "xn--", "[::1]", "\\", "javascript:", "utm_{}=1&"),
    # JSON
    *("{{", '{{"a":', '"a{}":1,', "[1,", '"\\u0627', '{{"id":"{}"}},', "\\", "null,"),
    # terminals
    *("\x1b[", "\x1b]", "\x00", "\ufeff", "\u202e"),
)
ENDS = ("", " ", "x", "«", ">", "»", "</", "!", "\n", ".", '"', "\x00")


@dataclass(frozen=True, slots=True)
class Shape:
    """A text of any length.

    Attributes:
        before: what it begins with.
        piece: what follows, as often as there is room; a word that is never the same stands for
            each `{}`.
        after: what it ends with.
        frame: number of the document that it stands in, where it has to stand in one.
    """

    before: str
    piece: str
    after: str
    frame: int = 0

    def text(self, length: int) -> str:
        """Return a text of about so many characters."""
        if "{}" not in self.piece:
            piece = self.piece.replace("{{", "{")
            return self.before + piece * max(1, length // len(piece)) + self.after
        count = max(1, length // (len(self.piece) + 3))
        pieces = (
            self.piece.replace("{{", "{").replace("{}", word(number)) for number in range(count)
        )
        return self.before + "".join(pieces) + self.after


def word(number: int) -> str:
    """Return the word of a number: another for each."""
    letters = ""
    number += len(_LETTERS)
    while number:
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    return letters


def every_piece(frames: int) -> Iterator[Shape]:
    """Yield each piece by itself, in each document."""
    for frame, piece in product(range(frames), PIECES):
        yield Shape("", piece, "", frame)


def drawn(random: Random, frames: int) -> Shape:
    """Return a combination: up to three pieces in turn, something before and behind them."""
    piece = "".join(random.choices(PIECES, k=random.choice((1, 2, 2, 3))))
    opening = random.choice(PIECES).replace("{}", "x").replace("{{", "{")
    before = random.choice(("", "", opening))
    return Shape(before, piece, random.choice(ENDS), random.randrange(frames))
