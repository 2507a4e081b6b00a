"""How well stories agree with those of an annotator: B-cubed, pairwise, near-duplicates. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import combinations

Labels = Sequence[Hashable]


@dataclass(frozen=True, slots=True)
class Score:
    """A score holds precision and recall, 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def b_cubed(found: Labels, gold: Labels) -> Score:
    """Return the mean, over articles, of how pure and how whole the story of each is.

    Source: Bagga and Baldwin, Entity-based cross-document coreferencing, 1998.

    Args:
        found: story of each article.
        gold: that of the annotator, in the same order.
    """
    of_found, of_gold = Counter(found), Counter(gold)
    shared = Counter(zip(found, gold, strict=True))
    precision = sum(count * count / of_found[one] for (one, _), count in shared.items())
    recall = sum(count * count / of_gold[one] for (_, one), count in shared.items())
    return Score(precision / len(found), recall / len(found))


def pairwise(found: Labels, gold: Labels) -> Score:
    """Return how many of the pairs of one story are pairs of one story.

    Args:
        found: story of each article.
        gold: that of the annotator, in the same order.
    """
    hits = _pairs(list(zip(found, gold, strict=True)))
    return _score(hits, _pairs(found), _pairs(gold))


def duplicates(found: Labels, gold: Labels) -> Score:
    """Return how many of the pairs with one text are pairs with one text.

    Args:
        found: text of each article, None for one that no other has.
        gold: that of the annotator, in the same order.
    """
    groups: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for name, labels in (("found", found), ("gold", gold)):
        members: dict[Hashable, list[int]] = defaultdict(list)
        for place, label in enumerate(labels):
            if label is not None:
                members[label].append(place)
        groups[name] = {pair for each in members.values() for pair in combinations(each, 2)}
    return _score(len(groups["found"] & groups["gold"]), len(groups["found"]), len(groups["gold"]))


def _pairs(labels: Labels) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(labels).values())


def _score(hits: int, found: int, gold: int) -> Score:
    return Score(hits / found if found else 1.0, hits / gold if gold else 1.0)
