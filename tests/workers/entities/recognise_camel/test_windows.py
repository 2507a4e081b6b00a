"""How a sentence is cut into windows, without a model."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st

from workers.entities.recognise.camel import Window, split_windows

PIECES = st.lists(st.lists(st.integers(0, 9), max_size=8), max_size=30)
LIMIT = st.integers(1, 12)


@settings(deadline=None, max_examples=200)
@given(PIECES, LIMIT)
def test_every_token_with_pieces_is_in_one_window(pieces: list[list[int]], limit: int) -> None:
    windows = split_windows(0, pieces, limit)
    read = [position for window in windows for position in window.positions]
    assert read == [position for position, token in enumerate(pieces) if token]


@settings(deadline=None, max_examples=200)
@given(PIECES, LIMIT)
def test_no_window_is_empty_or_longer_than_the_limit(pieces: list[list[int]], limit: int) -> None:
    assert all(0 < len(window.pieces) <= limit for window in split_windows(0, pieces, limit))


@settings(deadline=None, max_examples=200)
@given(PIECES, LIMIT)
def test_first_pieces_point_at_their_token(pieces: list[list[int]], limit: int) -> None:
    for window in split_windows(0, pieces, limit):
        starts = zip(window.positions, window.firsts, strict=True)
        for position, first in starts:
            cut = pieces[position][:limit]
            assert window.pieces[first : first + len(cut)] == tuple(cut)


def test_a_window_is_filled_to_the_limit() -> None:
    assert split_windows(7, [[1, 2], [], [3], [4]], 3) == [
        Window(sentence=7, positions=(0, 2), firsts=(0, 2), pieces=(1, 2, 3)),
        Window(sentence=7, positions=(3,), firsts=(0,), pieces=(4,)),
    ]


def test_a_token_longer_than_a_window_is_read_as_far_as_it_fits() -> None:
    assert split_windows(0, [[1], [2, 3, 4, 5]], 3) == [
        Window(sentence=0, positions=(0,), firsts=(0,), pieces=(1,)),
        Window(sentence=0, positions=(1,), firsts=(0,), pieces=(2, 3, 4)),
    ]
