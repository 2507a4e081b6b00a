"""An open story as the index knows it, and the bytes that it is stored as. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
import numpy as np
import numpy.typing as npt

from workers.stories.reprints import Sketch
from workers.stories.subjects import Subjects
from workers.stories.vectors import Vector, vector_of

STATE_VERSION = 2


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a story, under which its reprints are known.

    Attributes:
        article: id of the article that was first with it.
        sketch: what tells a reprint of it.
        keys: names of its addresses (`article_key`).
        subjects: whom and what it is about.
    """

    article: str
    sketch: Sketch
    keys: tuple[str, ...]
    subjects: Subjects


@dataclass(slots=True)
class OpenStory:
    """An open story takes in articles until it has had none for two days.

    Attributes:
        id: id of its first article.
        number: rises with each story that began.
        first: time of its first article, hours since 1970.
        last: time of its latest article, hours since 1970.
        middle: sum of the vectors of its texts.
        indexed: terms under which it is found, ascending.
        headline: id of the article whose title stands for it.
        headline_vector: vector of that article.
        texts: its texts, the latest ones, oldest first.
    """

    id: str
    number: int
    first: float
    last: float
    middle: Vector
    indexed: npt.NDArray[np.uint32]
    headline: str
    headline_vector: Vector
    texts: list[Text] = field(default_factory=list)

    @property
    def subjects(self) -> list[Subjects]:
        """Whom and what its texts are about."""
        return [text.subjects for text in self.texts]


class _Text(msgspec.Struct, array_like=True, frozen=True):
    article: str
    keys: tuple[str, ...]
    words: int
    sampling: int
    shingles: bytes
    in_title: tuple[int, ...]
    named: tuple[int, ...]


class _State(msgspec.Struct, array_like=True, frozen=True):
    version: int
    id: str
    number: int
    first: float
    last: float
    terms: bytes
    weights: bytes
    indexed: bytes
    headline: str
    headline_terms: bytes
    headline_weights: bytes
    texts: tuple[_Text, ...]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_State)


def encode_story(story: OpenStory) -> bytes:
    """Return a story as it is stored, MessagePack."""
    texts = tuple(
        _Text(
            text.article,
            text.keys,
            text.sketch.words,
            text.sketch.sampling,
            text.sketch.shingles.tobytes(),
            tuple(sorted(text.subjects.in_title)),
            tuple(sorted(text.subjects.named)),
        )
        for text in story.texts
    )
    is_single = story.headline_vector is story.middle
    return _encoder.encode(
        _State(
            STATE_VERSION,
            story.id,
            story.number,
            story.first,
            story.last,
            story.middle.terms.tobytes(),
            story.middle.weights.tobytes(),
            story.indexed.tobytes(),
            story.headline,
            b"" if is_single else story.headline_vector.terms.tobytes(),
            b"" if is_single else story.headline_vector.weights.tobytes(),
            texts,
        )
    )


def decode_story(data: bytes) -> OpenStory:
    """Read a story that was stored.

    Raises:
        msgspec.MsgspecError: it is no such state, or one of another version.
    """
    state = _decoder.decode(data)
    if state.version != STATE_VERSION:
        raise msgspec.ValidationError(f"state of version {state.version}, not {STATE_VERSION}")
    middle = _vector(state.terms, state.weights)
    headline = middle
    if state.headline_terms:
        headline = _vector(state.headline_terms, state.headline_weights)
    texts = [
        Text(
            text.article,
            Sketch(text.words, text.sampling, _unpacked(text.shingles)),
            text.keys,
            Subjects(frozenset(text.in_title), frozenset(text.named)),
        )
        for text in state.texts
    ]
    return OpenStory(
        state.id,
        state.number,
        state.first,
        state.last,
        middle,
        _unpacked(state.indexed),
        state.headline,
        headline,
        texts,
    )


def _unpacked(data: bytes) -> npt.NDArray[np.uint32]:
    return np.frombuffer(data, np.uint32)


def _vector(terms: bytes, weights: bytes) -> Vector:
    return vector_of(_unpacked(terms), np.frombuffer(weights, np.float32))
