"""The index of open stories: it places each article in the story that it belongs to.

Pure and deterministic: the same articles in the same order give the same stories, in one process
or in several that hand each other the states of the open stories.

An article is a sparse vector of its terms. It joins the story whose middle is nearest, if that is
near enough; a story counts for less the longer ago its latest article was, and, from its second day
on, the older it is: else the reports of a long affair chain together. Two stories that have grown
alike become one. docs/stories.md has what each of these rules is worth.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import numpy.typing as npt

from workers.stories.model import Placement, StoryArticle
from workers.stories.open_story import OpenStory, Text, decode_story, encode_story
from workers.stories.postings import Postings
from workers.stories.rarity import PastShares, Rarity, load_past_shares
from workers.stories.reprints import Sketch, are_versions, article_key, resemblance, sketch_text
from workers.stories.subjects import Subjects, is_apart, subjects_of
from workers.stories.terms import term_weights
from workers.stories.vectors import NO_TERMS, Vector, add, cosines, heaviest_terms, make_vector

SAME_TEXT = 0.6
"""Resemblance from which an article belongs where its text is; with less it may be an update that
reports something else first, and goes where its own words lead."""

SAME_WORDS = 0.8
"""Resemblance from which a reprint is not kept to know further reprints by."""

_DENSE = 8  # numbers between the first and the last, for each that was found
_FLATTENING = 0.7  # power of the weight of a term in its article: the second time counts less


@dataclass(frozen=True, slots=True)
class StoryRules:
    """The rules of the index; the defaults were chosen on labelled windows.

    Attributes:
        join: least cosine at which an article joins a story.
        merge: least cosine at which two stories become one.
        reprint: least cosine of an article to a story whose texts it is compared with.
        open_hours: hours without an article after which a story is closed.
        quiet_hours: hours without an article after which a story's cosine counts 0.6 times.
        young_hours: hours from its first article in which a story does not age.
        ageing_hours: hours behind that after which its cosine counts 0.37 times.
        terms: terms of an article that are compared.
        story_terms: terms of a story that are kept.
        indexed: terms of an article under which its story is found.
        postings: newest stories that are looked at for each term.
        candidates: stories whose cosine is computed.
        texts: texts of a story that later ones are compared with for reprints.
        hysteresis: times nearer to the middle than the headline that another title must be.
    """

    join: float = 0.39
    merge: float = 0.55
    reprint: float = 0.2
    open_hours: float = 48.0
    quiet_hours: float = 24.0
    young_hours: float = 24.0
    ageing_hours: float = 48.0
    terms: int = 100
    story_terms: int = 300
    indexed: int = 24
    postings: int = 64
    candidates: int = 24
    texts: int = 12
    hysteresis: float = 1.1


@dataclass(frozen=True, slots=True)
class _Original:
    """A text that an article reprints, its story, and how much of both is the same."""

    story: OpenStory
    text: Text
    resemblance: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A story near an article: the cosine of both, and that with its age considered."""

    story: OpenStory
    cosine: float
    score: float


class StoryIndex:
    """A story index holds the open stories and says which of them an article belongs to.

    Args:
        rules: thresholds and bounds.
        past: how rare terms were in the news of the past; what ships where None.
    """

    def __init__(self, rules: StoryRules | None = None, past: PastShares | None = None) -> None:
        self._rules = rules or StoryRules()
        self._rarity = Rarity(past or load_past_shares())
        self._stories: dict[str, OpenStory] = {}
        self._numbered: dict[int, OpenStory] = {}
        self._postings = Postings()
        self._keys: dict[str, str] = {}  # of an address → its story
        self._ends: list[tuple[float, int]] = []  # heap: latest article, number of the story
        self._next = 0

    def __len__(self) -> int:
        return len(self._stories)

    def __contains__(self, story: str) -> bool:
        return story in self._stories

    def place(self, article: StoryArticle) -> Placement:
        """Put an article into the story that it belongs to, or begin one with it.

        Args:
            article: published later than the articles before it, or a little earlier.
        """
        now = article.time.timestamp() / 3600
        vector = self._vector(article)
        sketch = sketch_text(article.title, article.text)
        key = article_key(article.url)
        subjects = subjects_of(article.entities)
        candidates = self._candidates(vector, now, subjects)
        original = self._original(sketch, key, candidates)
        if original is not None and original.resemblance >= SAME_TEXT:
            return self._place_reprint(article, original, sketch, key, subjects)
        best = max(candidates, key=_rank, default=None)
        if best is None or best.score < self._rules.join:
            text = _text(article.id, sketch, key, subjects)
            return self._place_first(article, vector, text, candidates)
        duplicate_of = None
        if original is not None and original.story is best.story:
            duplicate_of = original.text.article
        text = _text(duplicate_of or article.id, sketch, key, subjects)
        self._extend(best.story, article.id, now, vector, text)
        story, merged = self._merge(best.story, [each.story for each in candidates])
        return Placement(story.id, False, merged, duplicate_of, story.headline)

    def expire(self, now: datetime, limit: int = 500) -> tuple[str, ...]:
        """Close stories that have had no article for two days.

        Args:
            now: UTC.
            limit: most stories to close in this call, so that no call takes long (50 ms for
                500); call again while it closes that many.

        Returns:
            The ids of the stories that are closed now, oldest first.
        """
        end = now.timestamp() / 3600 - self._rules.open_hours
        closed: list[str] = []
        while self._ends and self._ends[0][0] < end and len(closed) < limit:
            last, number = heapq.heappop(self._ends)
            story = self._numbered.get(number)
            if story is not None and story.last == last:
                self._remove(story)
                closed.append(story.id)
        return tuple(closed)

    def dump(self, story: str) -> bytes:
        """Return all that the index knows of an open story, to be stored and loaded elsewhere.

        Args:
            story: id of an open story.

        Returns:
            MessagePack: two kilobytes for a story of one article, 20 at most; what stands in it is
            the index's affair.

        Raises:
            KeyError: no such story is open.
        """
        return encode_story(self._stories[story])

    def load(self, data: bytes) -> str:
        """Open a story as `dump` gave it, in place of one of the same id; in any order.

        Args:
            data: MessagePack.

        Returns:
            The id of the story.

        Raises:
            msgspec.MsgspecError: it is no such state, or one of another version.
        """
        story = decode_story(data)
        if story.id in self._stories:
            self._remove(self._stories[story.id])
        self._open(story)
        self._postings.add(story.indexed.tolist(), story.number)
        for text in story.texts:
            self._keys |= dict.fromkeys(text.keys, story.id)
        self._next = max(self._next, story.number + 1)
        return story.id

    def _vector(self, article: StoryArticle) -> Vector:
        weights = term_weights(article.title, article.text)
        rarities = self._rarity.weigh(weights)
        flattened = {
            term: weight**_FLATTENING * rarity
            for (term, weight), rarity in zip(weights.items(), rarities, strict=True)
        }
        return make_vector(flattened, self._rules.terms)

    def _candidates(self, vector: Vector, now: float, subjects: Subjects) -> list[_Candidate]:
        """Return the stories that may have an article: not too old, nor about other subjects."""
        stories = [
            story
            for story in map(self._numbered.__getitem__, self._near(vector))
            if now - story.last <= self._rules.open_hours
            and not is_apart([subjects], story.subjects)
        ]
        return [
            _Candidate(story, cosine, cosine * self._fade(story, now))
            for story, cosine in zip(
                stories, cosines(vector, [story.middle for story in stories]), strict=True
            )
        ]

    def _near(self, vector: Vector) -> list[int]:
        """Return the numbers of the stories with most of an article's weight, heaviest first."""
        most = self._rules.candidates
        found, counts = self._postings.newest(vector.terms.tolist(), self._rules.postings)
        if not len(found):
            return []
        numbers, places = _numbered_densely(found)
        shared = np.bincount(places, np.repeat(vector.weights * vector.weights, counts))
        # Few of them are sorted: those that share no less than the last one that is wanted.
        least = np.partition(shared, -most)[-most] if len(shared) > most else 0.0
        wanted = np.flatnonzero(shared >= least if least else shared)
        heaviest = wanted[np.lexsort((wanted, -shared[wanted]))[:most]]
        return [int(each) for each in numbers[heaviest]]

    def _fade(self, story: OpenStory, now: float) -> float:
        rules = self._rules
        quiet = max(now - story.last, 0.0) / rules.quiet_hours
        age = max(now - story.first - rules.young_hours, 0.0) / rules.ageing_hours
        return math.exp(-quiet * quiet / 2 - age)

    def _original(self, sketch: Sketch, key: str, candidates: list[_Candidate]) -> _Original | None:
        """Return the text that an article reprints, the one most like it, and its story."""
        if key in self._keys:
            story = self._stories[self._keys[key]]
            for text in reversed(story.texts):
                if key in text.keys and are_versions(sketch, text.sketch):
                    return _Original(story, text, 1.0)
        near = [each for each in candidates if each.cosine >= self._rules.reprint]
        return max(
            (
                _Original(candidate.story, text, likeness)
                for candidate in sorted(near, key=_nearness, reverse=True)
                for text in candidate.story.texts
                if (likeness := resemblance(sketch, text.sketch))
            ),
            key=lambda original: original.resemblance,
            default=None,
        )

    def _place_reprint(
        self,
        article: StoryArticle,
        original: _Original,
        sketch: Sketch,
        key: str,
        subjects: Subjects,
    ) -> Placement:
        """Put an article with the text of an earlier one into its story, which stays as it is."""
        story, text = original.story, original.text
        story.last = max(story.last, article.time.timestamp() / 3600)
        self._note_end(story)
        keys = (key,) if key and key not in self._keys else ()
        if original.resemblance < SAME_WORDS:
            self._add_text(story, Text(text.article, sketch, keys, subjects))
        elif keys and len(text.keys) < self._rules.texts:
            # The very one: texts have arrays, which do not compare as a whole.
            place = next(at for at, each in enumerate(story.texts) if each is text)
            story.texts[place] = replace(text, keys=text.keys + keys)
            self._keys[key] = story.id
        return Placement(story.id, False, (), text.article, story.headline)

    def _place_first(
        self,
        article: StoryArticle,
        vector: Vector,
        text: Text,
        candidates: list[_Candidate],
    ) -> Placement:
        """Begin a story with an article."""
        now = article.time.timestamp() / 3600
        story = OpenStory(article.id, self._next, now, now, vector, NO_TERMS, article.id, vector)
        self._next += 1
        self._open(story)
        self._index(story, heaviest_terms(vector, self._rules.indexed))
        self._add_text(story, text)
        nearest = max(candidates, key=_nearness, default=None)
        is_near = nearest is not None and nearest.cosine >= self._rules.join
        continues = nearest.story.id if nearest is not None and is_near else None
        return Placement(story.id, True, headline=article.id, continues=continues)

    def _open(self, story: OpenStory) -> None:
        self._stories[story.id] = self._numbered[story.number] = story
        self._rarity.add_story()
        self._rarity.add_terms(story.middle.terms.tolist())
        self._note_end(story)

    def _extend(
        self, story: OpenStory, article: str, now: float, vector: Vector, text: Text
    ) -> None:
        self._set_middle(story, add(story.middle, vector, self._rules.story_terms))
        story.last = max(story.last, now)
        self._note_end(story)
        self._index(story, heaviest_terms(vector, self._rules.indexed))
        self._add_text(story, text)
        own, nearest = cosines(story.middle, [vector, story.headline_vector])
        if own > self._rules.hysteresis * nearest:
            story.headline, story.headline_vector = article, vector

    def _add_text(self, story: OpenStory, text: Text) -> None:
        story.texts.append(text)
        self._keys |= dict.fromkeys(text.keys, story.id)
        self._drop_texts(story)

    def _index(self, story: OpenStory, terms: npt.NDArray[np.uint32]) -> None:
        """Let a story be found under further terms."""
        known, wanted = set(story.indexed.tolist()), set(terms.tolist())
        self._postings.add(wanted - known, story.number)
        story.indexed = np.array(sorted(known | wanted), np.uint32)

    def _drop_texts(self, story: OpenStory) -> None:
        """Forget the oldest texts of a story that has too many."""
        surplus = len(story.texts) - self._rules.texts
        if surplus > 0:
            self._forget_keys(story, story.texts[:surplus])
            del story.texts[:surplus]

    def _forget_keys(self, story: OpenStory, texts: list[Text]) -> None:
        for text in texts:
            for key in text.keys:
                if self._keys.get(key) == story.id:
                    del self._keys[key]

    def _set_middle(self, story: OpenStory, middle: Vector) -> None:
        before, after = set(story.middle.terms.tolist()), set(middle.terms.tolist())
        self._rarity.add_terms(after - before)
        self._rarity.remove_terms(before - after)
        story.middle = middle

    def _merge(
        self, story: OpenStory, others: list[OpenStory]
    ) -> tuple[OpenStory, tuple[str, ...]]:
        """Join a story that has grown with those that it has become like."""
        merged: list[str] = []
        while True:
            subjects = story.subjects
            near = [
                other
                for other in others
                if other is not story and not is_apart(subjects, other.subjects)
            ]
            likeness, _, other = max(
                zip(
                    cosines(story.middle, [other.middle for other in near]),
                    (-other.number for other in near),
                    near,
                    strict=True,
                ),
                default=(0.0, 0, story),
            )
            if likeness < self._rules.merge:
                return story, tuple(merged)
            others = [each for each in others if each is not story and each is not other]
            story, ended = (story, other) if story.number < other.number else (other, story)
            self._take_in(story, ended)
            merged.append(ended.id)

    def _take_in(self, story: OpenStory, ended: OpenStory) -> None:
        self._remove(ended)
        self._set_middle(story, add(story.middle, ended.middle, self._rules.story_terms))
        story.first = min(story.first, ended.first)
        story.last = max(story.last, ended.last)
        self._note_end(story)
        self._index(story, ended.indexed)
        story.texts += ended.texts
        for text in ended.texts:
            self._keys |= dict.fromkeys(text.keys, story.id)
        self._drop_texts(story)

    def _remove(self, story: OpenStory) -> None:
        del self._stories[story.id], self._numbered[story.number]
        self._postings.remove(story.indexed.tolist(), story.number)
        self._rarity.remove_story(story.middle.terms.tolist())
        self._forget_keys(story, story.texts)

    def _note_end(self, story: OpenStory) -> None:
        heapq.heappush(self._ends, (story.last, story.number))


def _numbered_densely(
    found: npt.NDArray[np.uint64],
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.intp]]:
    """Return numbers in ascending order, and for each of those found its place among them.

    Where they lie close together, all between the first and the last: sorting takes longer.
    """
    first, last = found.min(), found.max()
    if last - first < _DENSE * len(found):
        return np.arange(first, last + 1), (found - first).astype(np.intp)
    numbers, places = np.unique(found, return_inverse=True)
    return numbers, places


def _rank(candidate: _Candidate) -> tuple[float, int]:
    return candidate.score, -candidate.story.number


def _nearness(candidate: _Candidate) -> tuple[float, int]:
    return candidate.cosine, -candidate.story.number


def _text(article: str, sketch: Sketch, key: str, subjects: Subjects) -> Text:
    return Text(article, sketch, (key,) if key else (), subjects)
