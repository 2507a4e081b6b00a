"""Words that stand among the same words come into the same cluster, the same each time."""

from __future__ import annotations

import numpy as np

from training.recogniser.clusters import kmeans, vectors

CITIES = ["حلب", "عدن", "بيروت", "مراكش"]
VERBS = ["وصل", "سافر", "عاد", "ذهب"]
TEXTS = [[verb, "الوفد", "إلى", city, "امس"] for verb in VERBS for city in CITIES] * 5


def grouped() -> dict[str, int]:
    words, points = vectors(TEXTS, words=50, contexts=20, size=5)
    return dict(zip(words, kmeans(points, 4, rounds=20, seed=1).tolist(), strict=True))


def test_words_in_the_same_places_share_a_cluster() -> None:
    groups = grouped()
    assert len({groups[city] for city in CITIES}) == 1
    assert len({groups[verb] for verb in VERBS}) == 1
    assert groups["حلب"] != groups["وصل"]


def test_clusters_are_the_same_each_time() -> None:
    assert grouped() == grouped()


def test_vectors_have_unit_length_and_frequent_words_come_first() -> None:
    words, points = vectors(TEXTS, words=3, contexts=20, size=5)
    assert set(words) == {"الوفد", "إلى", "امس"}
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 1.0, atol=1e-5)


def test_no_more_clusters_than_words_are_made() -> None:
    points = np.eye(3, dtype=np.float32)
    assert sorted(kmeans(points, 64, rounds=5, seed=1).tolist()) == [0, 1, 2]
