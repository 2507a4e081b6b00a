"""`nabaa tag`: for each line one line, whatever the file holds."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from tests.cli.conftest import Nabaa
from workers.cli.offline import write_tags
from workers.model import Span

SENTENCES = "زار\nالوزير\nالقاهرة\n.\n\nوصل\nسامي\nالحداد\nإلى\nبيروت\n.\n"
LINE = re.compile(r"[^\t]+\t(?:O|[BI]-(?:PERS|LOC|ORG|MISC))")


class FirstWord:
    """Calls the first word of each sentence a place."""

    name = "first"

    def recognise(self, sentences: Sequence[Sequence[str]]) -> list[list[Span]]:
        return [[Span(0, 1, "LOC")] if sentence else [] for sentence in sentences]


def tagged(data: bytes) -> bytes:
    out = io.BytesIO()
    write_tags(io.BytesIO(data), FirstWord(), out)
    return out.getvalue()


def test_each_token_gets_a_tag_and_blank_lines_stay(nabaa: Nabaa) -> None:
    done = nabaa("tag", "-", stdin=SENTENCES.encode())
    lines = done.out.split("\n")
    assert [line.split("\t")[0] for line in lines] == SENTENCES.split("\n")
    assert all(LINE.fullmatch(line) for line in lines if line)
    assert (done.status, done.err) == (0, "")


def test_places_are_found(nabaa: Nabaa) -> None:
    out = nabaa("tag", "-", stdin=SENTENCES.encode()).out
    assert "القاهرة\tB-LOC\n" in out
    assert "بيروت\tB-LOC\n" in out


def test_a_file_is_read_as_standard_input_is(nabaa: Nabaa, tmp_path: Path) -> None:
    (tmp_path / "tokens").write_text(SENTENCES, "utf-8")
    assert nabaa("tag", "tokens") == nabaa("tag", "-", stdin=SENTENCES.encode())


@pytest.mark.parametrize("command", ["tag", "extract"])
@pytest.mark.parametrize(("name", "reason"), [("none", "No such file"), (".", "Is a directory")])
def test_a_file_that_cannot_be_read_is_named(
    nabaa: Nabaa, command: str, name: str, reason: str
) -> None:
    done = nabaa(command, name)
    assert done.status == 2
    assert done.out == ""
    assert re.fullmatch(rf"nabaa: {re.escape(name)}: cannot be read: {reason}.*\n", done.err)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (b"", b""),
        (b"\n", b"\n"),
        (b"\n\n\na\n\n", b"\n\n\na\tB-LOC\n\n"),
        (b"a\nb", b"a\tB-LOC\nb\tO\n"),
        (b"\xef\xbb\xbfa\nb\n", b"a\tB-LOC\nb\tO\n"),
        (b"a\r\nb\r\n\r\nc\r\n", b"a\tB-LOC\nb\tO\n\nc\tB-LOC\n"),
        (b"a B-PERS\nb\tx\ty z\n", b"a\tB-LOC\nb\tO\n"),
        (b" \t \n  a\n", b"\na\tB-LOC\n"),
        (b"a\n\xff\xd8\n", b"a\tB-LOC\n\xff\xd8\tO\n"),
    ],
    ids=["empty", "blank", "blanks", "no end", "bom", "crlf", "columns", "spaces", "not utf-8"],
)
def test_what_goes_in_and_what_comes_out(given: bytes, wanted: bytes) -> None:
    assert tagged(given) == wanted


def test_a_line_of_a_million_letters_is_one_token(nabaa: Nabaa) -> None:
    token = "ا" * 1_000_000
    out = nabaa("tag", "-", stdin=f"قال\n{token}\nسامي\n".encode()).out
    assert [line.split("\t")[0] for line in out.splitlines()] == ["قال", token, "سامي"]


def test_a_sentence_of_twenty_thousand_tokens_keeps_every_line(nabaa: Nabaa) -> None:
    out = nabaa("tag", "-", stdin=("كلمة\n" * 20_000).encode()).out
    assert out.count("\n") == 20_000


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [b"", b"\r", b" ", "القاهرة".encode(), b"a\tB-LOC", "\u2028\x85x".encode()]
        ),
        st.binary(max_size=6).map(lambda line: line.replace(b"\n", b"")),
    )
)


@given(LINES)
@settings(deadline=None, max_examples=100)
def test_any_file_comes_out_with_as_many_lines(lines: list[bytes]) -> None:
    assert tagged(b"".join(line + b"\n" for line in lines)).count(b"\n") == len(lines)


def test_the_guideline_of_the_corpus_leaves_institutions_out(nabaa: Nabaa) -> None:
    words = "أعلنت\nوزارة\nالعدل\nالألمانية\nالنتائج\n".encode()
    assert "وزارة\tB-ORG\n" in nabaa("tag", "-", stdin=words).out
    assert "B-ORG" not in nabaa("tag", "--guideline", "anercorp", "-", stdin=words).out
