"""Every encoding that Arabic sites send, under every declaration that they write."""

from __future__ import annotations

import codecs
from itertools import product

import pytest
from hypothesis import given, settings, strategies as st

from ingest.parse.charset import decode_feed

SENTENCES = (
    "افتتح وزير الثقافة معرض الكتاب في العاصمة الأردنية عمّان، وقال إن الدورة تشهد مشاركة واسعة.",
    "ارتفعت أسعار الخبز والطحين في الأسواق المحلية بنسبة 5% خلال شهر؛ ما السبب؟",
    "فاز المنتخب بهدفين مقابل هدف في المباراة التي حضرها آلاف المشجعين مساء أمس.",
    "أعلنت الهيئة العامة للأرصاد أن أمطارا غزيرة ستهطل على المناطق الساحلية غدا.",
)
WORDS = sorted({word.strip("،.؛؟") for sentence in SENTENCES for word in sentence.split()} - {"5%"})
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "windows-1256", "iso-8859-6")
LABELS = (None, "utf-8", "utf-16", "windows-1256", "iso-8859-6", "iso-8859-1", "x-unknown", "rot13")

composed = st.lists(st.sampled_from(WORDS), min_size=12, max_size=40, unique=True).map(" ".join)


def document(text: str, label: str | None) -> str:
    declared = f' encoding="{label}"' if label else ""
    return f'<?xml version="1.0"{declared}?>\n<rss><title>{text}</title></rss>'


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_sentence_survives_any_declaration(encoding: str) -> None:
    damaged = []
    for sentence, label, header in product(SENTENCES, LABELS, LABELS):
        text = document(sentence, label)
        content_type = f'application/rss+xml; charset="{header}"' if header else None
        if decode_feed(text.encode(encoding), content_type)[0] != text:
            damaged.append((label, header, sentence))
    assert damaged == []


@settings(max_examples=300, deadline=None)
@given(composed, st.sampled_from(ENCODINGS), st.sampled_from(LABELS), st.sampled_from(LABELS))
def test_any_sentence_survives_any_declaration(
    sentence: str, encoding: str, label: str | None, header: str | None
) -> None:
    text = document(sentence, label)
    content_type = f"text/xml; charset={header}" if header else None
    assert decode_feed(text.encode(encoding), content_type)[0] == text


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("windows-1256", "windows-1256"),
        ("iso-8859-6", "iso-8859-6"),
    ],
)
def test_the_encoding_is_named(encoding: str, name: str) -> None:
    assert decode_feed(document(SENTENCES[0], None).encode(encoding), None)[1] == name


@settings(max_examples=300, deadline=None)
@given(composed.map(str.encode), st.data())
def test_cut_or_scratched_utf8_is_never_taken_for_windows_1256(
    body: bytes, data: st.DataObject
) -> None:
    at = data.draw(st.integers(len(body) // 2, len(body) - 1))
    assert decode_feed(body[:at], "text/xml; charset=windows-1256")[1] == "utf-8"
    scratched = body[:at] + b"\xff" + body[at + 1 :]
    assert decode_feed(scratched, "text/xml; charset=windows-1256")[1] == "utf-8"


@pytest.mark.parametrize(
    "text", ["Le café à côté d'été", "Réunion à Genève : l'élève français naïf", "plain ASCII"]
)
@pytest.mark.parametrize("label", [None, "iso-8859-1", "windows-1256"])
def test_french_survives(text: str, label: str | None) -> None:
    body = document(text, label).encode("windows-1252")
    assert decode_feed(body, None)[0] == document(text, label)


def test_a_declared_encoding_of_other_scripts_is_believed() -> None:
    text = document("Заголовок новости на русском языке", "koi8-r")
    assert decode_feed(text.encode("koi8-r"), None)[0] == text


def test_arabic_far_into_a_long_latin_body_is_found() -> None:
    body = b"<a href='x'>plain words</a>\n" * 40_000 + SENTENCES[0].encode("windows-1256")
    assert decode_feed(body, None)[0].endswith(SENTENCES[0])


def test_characters_that_xml_forbids_are_removed() -> None:
    assert decode_feed("\0خ\x0bبر\x1f\ufffe\uffff\t\n".encode(), None)[0] == "خبر\t\n"


def test_the_mark_of_utf8_before_windows_1256_is_not_believed() -> None:
    body = codecs.BOM_UTF8 + SENTENCES[0].encode("windows-1256")
    assert decode_feed(body, None)[1] == "windows-1256"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.one_of(st.none(), st.text(max_size=40)))
def test_no_bytes_raise(body: bytes, content_type: str | None) -> None:
    text, encoding = decode_feed(body, content_type)
    assert "\0" not in text
    assert all(map(codecs.lookup, encoding.split("+")))
