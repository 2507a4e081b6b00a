"""Words are cut into the likeliest pieces."""

from workers.entities.recognise.pieces import MAX_PIECES, SPECIALS, START, UNKNOWN, Pieces

TEXTS = [*SPECIALS, START, START + "كتاب", "كتاب", "ك", "ت", "ا", "ب", START + "ك"]
SCORES = [0.0] * 4 + [-2.0, -8.0, -9.0, -5.0, -5.0, -5.0, -5.0, -6.0]


def cut(word: str) -> list[str]:
    return [TEXTS[number] for number in Pieces(TEXTS, SCORES).of_word(word)]


def test_a_known_word_is_one_piece() -> None:
    assert cut("كتاب") == [START + "كتاب"]


def test_diacritics_and_tatweel_do_not_matter() -> None:
    assert cut("كِتَــاب") == [START + "كتاب"]


def test_another_word_falls_into_the_likeliest_pieces() -> None:
    assert cut("كب") == [START + "ك", "ب"]
    assert cut("بكتاب") == [START, "ب", "كتاب"]


def test_a_letter_without_a_piece_is_unknown() -> None:
    assert Pieces(TEXTS, SCORES).of_word("كش")[-1] == UNKNOWN


def test_a_word_of_any_length_and_kind_has_some_pieces() -> None:
    pieces = Pieces(TEXTS, SCORES)
    for word in ("", " ", "\u0640", "ب" * 10_000, "\ud800", "\u200f", "😀"):
        assert 1 <= len(pieces.of_word(word)) <= MAX_PIECES
