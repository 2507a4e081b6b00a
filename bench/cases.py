"""Scores short texts with gold beside the repository: `python -m bench.cases [--show]`.

`text.jsonl` gives entities F1, ids and quotations with speakers; `lines_*.txt` are series of
sentences by kind, whose expectations stand in `bench/cases/lines.txt`. Our own annotated texts are
in `bench/cases`: `texts.jsonl`, which the rules were built on, `texts_apart.jsonl`, which nobody
looks at while building (`--apart` scores them), and quotations alone in `quotes.jsonl` and
`quotations.jsonl`.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from pathlib import Path

from nabaa.types import Article, Entity, Quote
from workers.entities.link.spelling import exact_key
from workers.entities.recognise.choice import load_recogniser
from workers.pipeline import ArticleMaker
from workers.text.html import html_to_text

CASES = Path("../shared/data/cases")
EXPECTED = Path(__file__).parent / "cases" / "lines.txt"
OWN_TEXTS = Path(__file__).parent / "cases" / "texts.jsonl"
KINDS = Path(__file__).parent / "cases" / "texts_of_kinds.jsonl"
APART = Path(__file__).parent / "cases" / "texts_apart.jsonl"
OWN_QUOTES = (
    Path(__file__).parent / "cases" / "quotes.jsonl",
    Path(__file__).parent / "cases" / "quotations.jsonl",
)
RECOGNISERS = ("crf", "accurate", "camel")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
LEAST_ALIKE = 0.8
"""Part of two quotations that must be the same words for them to be one."""

Row = Mapping[str, list[list[str | None]] | str | None]


@dataclass(frozen=True, slots=True)
class Case:
    """A Case is one line of a series with what is expected of it.

    Attributes:
        file: name of the file that the line stands in.
        label: its section and its number there, «S7.2».
        title: headline; empty for most.
        body: the sentence.
    """

    file: str
    label: str
    title: str
    body: str


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path, default=CASES)
    parser.add_argument("--apart", action="store_true", help="score the texts set apart, alone")
    parser.add_argument("--show", action="store_true", help="print what is wrong")
    parser.add_argument("--recogniser", choices=RECOGNISERS, default="crf")
    options = parser.parse_args()
    maker = ArticleMaker(load_recogniser(options.recogniser))
    if options.apart:
        print_texts(maker, APART, show=options.show)
        return
    for path in OWN_QUOTES:
        print_own_quotes(maker, path, show=options.show)
    print_texts(maker, OWN_TEXTS, show=options.show)
    print_texts(maker, KINDS, show=options.show)
    if not options.cases.is_dir():
        print(f"{options.cases} is absent: only our own texts were scored")
        return
    print_texts(maker, options.cases / "text.jsonl", show=options.show)
    print_lines(maker, sorted(options.cases.glob("lines_*.txt")), show=options.show)


def print_own_quotes(maker: ArticleMaker, path: Path, *, show: bool) -> None:
    """Print the scores of our own texts whose quotations alone are annotated."""
    counts: Counter[str] = Counter()
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        title, _, body = row["text"].partition("\n")
        wrong = list(score_quotes(row["quotes"], maker.make_plain(title, body, NOW), counts))
        if show and wrong:
            print(f"{row['id']}\n  " + "\n  ".join(wrong))
    print_quotes(path.name, counts)


def print_quotes(name: str, counts: Counter[str]) -> None:
    """Print how well quotations and their speakers were found."""
    gold, found = counts["quotes"], counts["quotes found"]
    print(f"{name} ({gold}), span {_rates(counts['span'], gold, found)}")
    print(f"  with their speaker {_rates(counts['speaker'], gold, found)}")


def print_texts(maker: ArticleMaker, path: Path, *, show: bool) -> None:
    """Print the scores of the texts with gold."""
    counts: Counter[str] = Counter()
    print(f"{path.name}:")
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = html_to_text(row["text"]) if row["text"].startswith("<!") else row["text"]
        title, _, body = text.partition("\n")
        article = maker.make_plain(title, body.strip(), NOW)
        wrong = [*score_entities(row["entities"], article, counts)]
        if row["quotes"] is not None:
            wrong += score_quotes(row["quotes"], article, counts)
        if show and wrong:
            print(f"{row['id']}\n  " + "\n  ".join(wrong))
    for kind in ("PERS", "LOC", "ORG", "MISC", "all"):
        kinds = ("PERS", "LOC", "ORG", "MISC") if kind == "all" else (kind,)
        hits, gold, found = (
            sum(counts[f"{what} {name}"] for name in kinds) for what in ("hit", "gold", "found")
        )
        print(f"entities {kind:5} {_rates(hits, gold, found)}")
    known = counts["id of gold"]
    print(f"ids: of {known} in gold {_share(counts['id right'], known)} right,", end=" ")
    print(f"{counts['id wrong']} wrong; of {counts['id open']} that gold leaves open", end=" ")
    print(f"{_share(counts['id given'], counts['id open'])} have a Wikidata id")
    both = counts["id right"] + counts["id given"]
    print(f"     all that have an entry: {_share(both, known + counts['id open'])}")
    if counts["quotes"]:
        print_quotes("quotations", counts)


def score_entities(
    gold: Sequence[Sequence[str]], article: Article, counts: Counter[str]
) -> Iterator[str]:
    """Count found and missed entities; adjectives of countries are no entities here.

    Args:
        gold: surface forms, classes and ids of each, alternatives parted by |; id `?` where it has
            an entry that gold does not name, `-` where it has none, `OPT` where it may be missing.
        article: the article.
        counts: takes the counts.

    Yields:
        What is wrong, a line each.
    """
    left = [
        entity
        for entity in article.entities
        if any(mention.kind == "name" for mention in entity.mentions)
    ]
    for forms, types, ids in gold:
        names = {exact_key(form) for form in forms.split("|")}
        hit = next(
            (
                entity
                for entity in left
                if (ids == "OPT" or entity.type in types.split("|"))
                and not names.isdisjoint(_names(entity))
            ),
            None,
        )
        if hit is not None:
            left.remove(hit)
        if ids == "OPT":
            continue
        kind = hit.type if hit is not None else types.split("|")[0]
        counts[f"gold {kind}"] += 1
        counts[f"hit {kind}"] += hit is not None
        counts[f"found {kind}"] += hit is not None
        if hit is None:
            yield f"missed {forms} {types}"
        yield from _score_id(ids, hit, counts)
    for entity in left:
        counts[f"found {entity.type}"] += 1
        yield f"spurious {entity.type} {entity.name} {[m.text for m in entity.mentions]}"


def _score_id(ids: str, hit: Entity | None, counts: Counter[str]) -> Iterator[str]:
    given = hit.id if hit is not None and hit.id.startswith("Q") else None
    allowed = ids.strip("?-|").split("|")
    if allowed != [""]:
        counts["id of gold"] += 1
        counts["id right"] += given in allowed
        if given is not None and given not in allowed and "?" not in ids:
            counts["id wrong"] += 1
            yield f"wrong id {given}, want {ids}"
    elif ids == "?":
        counts["id open"] += 1
        counts["id given"] += given is not None
    elif given is not None and "?" not in ids:
        counts["id wrong"] += 1
        yield f"wrong id {given}, has no entry"


def score_quotes(
    gold: Sequence[Sequence[str | None]], article: Article, counts: Counter[str]
) -> Iterator[str]:
    """Count found quotations, and those with the right speaker.

    Args:
        gold: words and speaker of each; None where nobody is named, `OPT` where it may be missing.
        article: the article.
        counts: takes the counts.

    Yields:
        What is wrong, a line each.
    """
    left = list(article.quotes)
    names = {entity.id: _names(entity) for entity in article.entities}
    for words, speaker in gold:
        forms = str(words).split("|")
        hit = next((q for q in left if any(_is_alike(form, q.text) for form in forms)), None)
        if hit is not None:
            left.remove(hit)
        if speaker == "OPT":
            continue
        counts["quotes"] += 1
        counts["span"] += hit is not None
        counts["quotes found"] += hit is not None
        right = hit is not None and _speaks(speaker, hit, names)
        counts["speaker"] += right
        if not right:
            has = f"{hit.text} > {names.get(hit.speaker or '')}" if hit else "nothing"
            yield f"quotation {words} > {speaker}; has {has}"
    for quote in left:
        counts["quotes found"] += 1
        yield f"spurious quotation {quote.text}"


def _speaks(speaker: str | None, quote: Quote, names: Mapping[str, set[str]]) -> bool:
    if speaker is None:
        return quote.speaker is None
    return quote.speaker is not None and exact_key(speaker) in names[quote.speaker]


def print_lines(maker: ArticleMaker, paths: Sequence[Path], *, show: bool) -> None:
    """Print how many lines of each file and section are as expected."""
    expected = dict(
        line.split(" ", 1)
        for line in EXPECTED.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    )
    passed: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for case in read_cases(paths):
        if case.label not in expected:
            continue
        article = maker.make_plain(case.title, case.body, NOW)
        wrong = [check for check in expected[case.label].split("; ") if not _holds(check, article)]
        passed[case.file][case.label.partition(".")[0]] += not wrong
        passed[case.file]["of " + case.label.partition(".")[0]] += 1
        if show and wrong:
            print(f"{case.label} {case.title} {case.body}\n    not: {'; '.join(wrong)}")
    for file, counts in passed.items():
        sections = [name for name in counts if not name.startswith("of ")]
        all_passed = sum(counts[name] for name in sections)
        print(f"{file}: {all_passed} of {sum(counts['of ' + name] for name in sections)} (", end="")
        print(", ".join(f"{name} {counts[name]}/{counts['of ' + name]}" for name in sections), ")")


def read_cases(paths: Sequence[Path]) -> Iterator[Case]:
    """Read the lines; one that begins with `#T` is the headline of the next."""
    for path in paths:
        section, number, title = "", 0, ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("##"):
                section, number = line.split()[1], 0
            elif line.startswith("#T "):
                title = line[3:]
            else:
                number += 1
                yield Case(path.name, f"{section}.{number}", title, line)
                title = ""


def _holds(check: str, article: Article) -> bool:
    """Tell whether a check of `bench/cases/lines.txt` holds for an article."""
    texts = {exact_key(mention.text) for entity in article.entities for mention in entity.mentions}
    if check == "no quotations":
        return not article.quotes
    if check.startswith("~"):
        return exact_key(check[1:]) not in texts
    if check.startswith('"'):
        words, _, speaker = check[1:].partition(" > ")
        names = {entity.id: _names(entity) for entity in article.entities}
        return any(
            _is_alike(words, quote.text) and _speaks(speaker.strip("-") or None, quote, names)
            for quote in article.quotes
        )
    if "|" in check:
        one, other = map(exact_key, check.split("|"))
        return any({one, other} <= _names(entity) for entity in article.entities)
    name, _, rest = check.partition(":")
    kind, _, id_ = rest.partition("=")
    return any(
        entity.type == kind
        and (not id_ or entity.id == id_)
        and any(
            exact_key(name) in exact_key(mention.text) or exact_key(mention.text) in exact_key(name)
            for mention in entity.mentions
            if mention.kind == "name"
        )
        for entity in article.entities
    )


def _names(entity: Entity) -> set[str]:
    texts = {mention.text for mention in entity.mentions if mention.kind == "name"}
    return {exact_key(text) for text in (entity.name, *texts)}


def _is_alike(one: str, other: str) -> bool:
    words, others = exact_key(one).split(), exact_key(other).split()
    return SequenceMatcher(None, words, others, autojunk=False).ratio() >= LEAST_ALIKE


def _rates(hits: int, gold: int, found: int) -> str:
    return f"P {_share(hits, found)} R {_share(hits, gold)} F1 {_share(2 * hits, gold + found)}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:5.1f}" if whole else "    -"


if __name__ == "__main__":
    main()
