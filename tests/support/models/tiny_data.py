"""A made-up data folder in the layout of the real one, small enough to train on in a test."""

from __future__ import annotations

import gzip
import itertools
import json
from pathlib import Path

from nabaa.types import EntityType
from training.recogniser.corpora import Sentence
from workers.entities.recognise.iob import spans_to_iob2
from workers.model import Span

_PEOPLE = ("سليم حداد", "ليلى منصور", "عمر الخطيب", "هدى شاهين", "ياسر قباني")
_PLACES = ("طرابلس", "حلب", "الدوحة", "مراكش", "عدن", "بيروت")
_BODIES = ("شركة النور", "حزب العمل", "نادي الاتحاد")
_PARTS: tuple[tuple[tuple[str, EntityType | None], ...], ...] = (
    (("وصل", None), ("{person}", "PERS"), ("إلى", None), ("{place}", "LOC"), (".", None)),
    (("قال", None), ("{person}", "PERS"), ("إن", None), ("{body}", "ORG"), ("تأخرت", None)),
    (("افتتحت", None), ("{body}", "ORG"), ("مكتبا", None), ("في", None), ("{place}", "LOC")),
)


def made_up_sentences() -> list[Sentence]:
    """Return 90 labelled sentences in three patterns."""
    made: list[Sentence] = []
    for person, place, body in itertools.product(_PEOPLE, _PLACES, _BODIES):
        tokens: list[str] = []
        spans: list[Span] = []
        for text, kind in _PARTS[len(made) % len(_PARTS)]:
            words = text.format(person=person, place=place, body=body).split()
            if kind:
                spans.append(Span(len(tokens), len(tokens) + len(words), kind))
            tokens += words
        made.append((tokens, spans_to_iob2(spans, len(tokens))))
    return made


def write_data(folder: Path) -> Path:
    """Write a data folder.

    Args:
        folder: an empty folder.

    Returns:
        The same folder.
    """
    for name in ("ner", "gazetteer", "news"):
        (folder / name).mkdir(parents=True)
    sentences = made_up_sentences()
    conll = "\n\n".join(
        "\n".join(f"{token} {tag}" for token, tag in zip(*sentence, strict=True))
        for sentence in sentences
    )
    (folder / "ner" / "anercorp_train.conll").write_text(conll + "\n", encoding="utf-8")
    for part in ("train", "dev"):
        of_wikipedia = conll.replace("PERS", "PER").replace("B-LOC", "B-MIS")
        (folder / "ner" / f"aqmar_{part}.conll").write_text(of_wikipedia + "\n", encoding="utf-8")
    wiki = "".join(
        f"{token}\t{tag.replace('PERS', 'Artist').replace('ORG', 'Commercial')}\n"
        for token, tag in itertools.chain(*(zip(*s, strict=True) for s in sentences[:20]))
    )
    _gzip(folder / "ner" / "wikifane_gold.tsv.gz", wiki)
    articles = [
        json.dumps({"title": "", "summary": "", "text": " ".join(tokens)}, ensure_ascii=False)
        for tokens, _ in sentences
    ]
    _gzip(folder / "news" / "ant.jsonl.gz", "\n".join(articles))
    write_lists(folder / "gazetteer")
    return folder


def write_lists(folder: Path) -> None:
    """Write one or two names into a file of each format."""
    _gzip(
        folder / "dr5hn_ar.tsv.gz",
        "ar\tcountry\twikidata\tkind\tpopulation\n"
        "طرابلس\tLY\tQ3579\tcity\t1000\n"
        "بلدة صغيرة\tFR\tQ1\tcity\t900\n"
        "بلدة كبيرة\tFR\tQ2\tcity\t900000\n"
        "بلا رقم\tLY\t\tcity\t900000\n"
        "محافظة حلب (سوريا)\tSY\tQ4\tprovince\t\n"
        "قطر\tQA\tQ846\tcountry\t\n",
    )
    row = ["1", "Doha", "Doha", "الدوحة,الدوحه,Doha", *[""] * 4, "QA", *[""] * 5, "900000"]
    _gzip(folder / "geonames_cities15000.tsv.gz", "\t".join(row) + "\n")
    countries = [{"translations": {"ara": {"common": "قطر", "official": "دولة قطر"}}}]
    _gzip(folder / "mledoze_countries.json.gz", json.dumps(countries))
    (folder / "camel_morph_nprop.csv").write_text(
        "LEMMA,FEAT\nsaliym,gen:m rat:r\nlayolaY,gen:f rat:r\nEadan,gen:m rat:i\n",
        encoding="utf-8",
    )
    lists = {
        "peoples": {"salim haddad": "سليم حداد (كاتب)"},
        "clubs_teams_leagues": {"ittihad": "نادي الاتحاد"},
        "nationalities_data": {"qatar": {"male": "قطري", "female": "قطرية", "ar": "قطر"}},
        "regions": {"syria": {"aleppo": "محافظة حلب"}},
        "companies_data": {},
    }
    for name, content in lists.items():
        text = json.dumps(content, ensure_ascii=False)
        (folder / f"arwikicats_{name}.json").write_text(text, encoding="utf-8")


def _gzip(path: Path, text: str) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(text)
