"""Counts the words that open names in the news: `python -m training.names.count_names --data DATA`.

A recogniser tags the news; words that look like a particle before a commoner name are counted as
that name. Lists of names fill up what the news does not say.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from itertools import islice
from pathlib import Path

from training.names.recent import RECENT_NAMES
from workers.entities.mentions import name_words
from workers.entities.mentions.clitics import NO_CLITIC_AFTER, list_cuts, particle_share, with_hamza
from workers.entities.mentions.name_words import opening_key
from workers.entities.recognise import Recogniser
from workers.entities.recognise.choice import load_recogniser
from workers.text.tokenise import sentences

_FEWEST = 2
# A name stands after a preposition at least once in so many times ...
_WHOLE_ONE_IN = 25
# ... and a word that never does may be so much commoner than particles make it.
_DOUBT = 4
# A rare word in و that never stands after a preposition says nothing.
_FEWEST_UNSURE = 5
_LEAST_SHARE = 0.03
_BATCH_SENTENCES = 4000
# Weights of a list beside the news: a listed name counts as if it had been read so often.
_LISTED = 3
_RECENT = 50
_BUCKWALTER = dict(
    zip(
        "'|>&<}AbptvjHxd*rzs$SDTZEgfqklmnhwYyPVGJ{",
        "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپڤگچا",
        strict=True,
    )
)
_LETTERS = re.compile("[\u0620-\u064a]+")


def main() -> None:
    """Write `name_words.txt.gz` beside the code that reads it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    data = parser.parse_args().data
    lists = listed(data / "gazetteer")
    doubtful, whole, everywhere = openings(
        news(data / "news" / "ant.jsonl.gz"), load_recogniser("crf")
    )
    counts = often_names(merged(doubtful, whole, lists.keys()), everywhere, lists)
    path = Path(name_words.__file__).with_name("name_words.txt.gz")
    path.write_bytes(packed(counts))
    print(f"{path.name}: {path.stat().st_size} bytes")


def news(path: Path) -> Iterator[list[str]]:
    """Read the sentences of the news, texts that occur twice once.

    Args:
        path: articles, one JSON object a line, with `title` and `text`.

    Yields:
        Tokens of each sentence.

    Raises:
        OSError: the file cannot be read.
    """
    seen: set[int] = set()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            for text in (article["title"], article["text"]):
                if hash(text) not in seen:
                    seen.add(hash(text))
                    for sentence in sentences(text):
                        yield [token.text for token in sentence]


def openings(
    texts: Iterable[list[str]], recogniser: Recogniser
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Count the first words of the names in texts.

    Args:
        texts: tokens of each sentence.
        recogniser: finds the names.

    Returns:
        Opening keys that stand where a particle may stand, those where none can, and all words.
    """
    doubtful: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    everywhere: Counter[str] = Counter()
    rest = iter(texts)
    while batch := list(islice(rest, _BATCH_SENTENCES)):
        for tokens, spans in zip(batch, recogniser.recognise(batch), strict=True):
            everywhere.update(tokens)
            for span in spans:
                before = tokens[span.start - 1] if span.start else ""
                into = whole if before in NO_CLITIC_AFTER else doubtful
                into[tokens[span.start]] += 1
    return _by_key(doubtful), _by_key(whole), _by_key(everywhere)


def often_names(
    counts: Counter[str], everywhere: Counter[str], lists: Counter[str]
) -> Counter[str]:
    """Leave out the words that open names only by mistake.

    Args:
        counts: how often each word opens a name.
        everywhere: how often it is read at all.
        lists: weights of listed names, added to the counts.

    Returns:
        The words left. A listed one that would go, such as «والي», stays with the least count, so
        that nothing is parted from it.
    """
    counts = counts + lists
    kept = {
        word: number for word, number in counts.items() if number >= _LEAST_SHARE * everywhere[word]
    }
    return Counter({**dict.fromkeys(lists, _FEWEST), **kept})


def merged(
    doubtful: Counter[str], whole: Counter[str], known: Set[str] = frozenset()
) -> Counter[str]:
    """Count words that hide a commoner name behind a particle as that name.

    Args:
        doubtful: words where a particle may stand.
        whole: words where none can.
        known: words that a list has as names.

    Returns:
        How often each bare word opens a name.
    """
    counts: Counter[str] = Counter()
    # Shorter words first: a longer one may hide them.
    for word in sorted(doubtful | whole, key=lambda word: (len(word), word)):
        seen = doubtful[word] + whole[word]
        best, most = "", 0.0
        for way in list_cuts(word):
            bare = opening_key(way.name)
            expected = particle_share(way.clitics) * with_hamza(bare, counts.__getitem__)
            if way.clitics and expected > most:
                best, most = bare, expected
        never_whole = whole[word] * _WHOLE_ONE_IN < doubtful[word]
        unknown = word not in known
        if never_whole and unknown and (doubtful[word] <= most * _DOUBT or word.startswith("لل")):
            if best:
                counts[best] += seen
        elif doubtful[word] <= most and whole[word] <= most / 10:
            counts[best] += seen
        elif word[:1] != "و" or whole[word] or seen >= _FEWEST_UNSURE:
            counts[word] += seen
    return counts


def listed(folder: Path) -> Counter[str]:
    """Count the names of persons that lists know, and those of the years after the news.

    Args:
        folder: holds `camel_morph_nprop.csv` (CC BY 4.0) and `arwikicats_peoples.json` (MIT).

    Returns:
        Opening keys of single words.

    Raises:
        OSError: a file cannot be read.
    """
    counts: Counter[str] = Counter()
    with (folder / "camel_morph_nprop.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            lemma = "".join(_BUCKWALTER.get(letter, "") for letter in row["LEMMA"])
            counts[opening_key(lemma)] = _LISTED
    people = json.loads((folder / "arwikicats_peoples.json").read_text(encoding="utf-8"))
    for names, weight in ((people.values(), _LISTED), (RECENT_NAMES, _RECENT)):
        counts.update({opening_key(word): weight for name in names for word in name.split()})
    return counts


def packed(counts: Counter[str]) -> bytes:
    """Write counts as groups of words under their number, gzipped, the same bytes every time."""
    groups: dict[int, list[str]] = {}
    for word, number in counts.items():
        if number >= _FEWEST and _LETTERS.fullmatch(word) and len(word) > 1:
            # Two figures are enough, and make the groups few.
            rounded = int(float(f"{number:.1e}"))
            groups.setdefault(rounded, []).append(word)
    lines = (line for number in sorted(groups) for line in (str(number), *sorted(groups[number])))
    return gzip.compress("\n".join(lines).encode(), mtime=0)


def _by_key(counts: Counter[str]) -> Counter[str]:
    keys: Counter[str] = Counter()
    for word, number in counts.items():
        keys[opening_key(word)] += number
    return keys


if __name__ == "__main__":
    main()
