"""Each corpus comes to tokens and IOB2 tags of the four classes."""

from __future__ import annotations

import gzip
from pathlib import Path

from training.recogniser.corpora import anercorp, aqmar, wikifane


def test_a_lone_inside_tag_of_anercorp_begins_a_name(tmp_path: Path) -> None:
    (tmp_path / "anercorp_train.conll").write_text("في O\nحلب I-LOC\n\nنعم O\n", encoding="utf-8")
    assert anercorp(tmp_path) == [(["في", "حلب"], ["O", "B-LOC"]), (["نعم"], ["O"])]


def test_wikifane_keeps_its_classes_and_has_its_clitics_joined(tmp_path: Path) -> None:
    rows = "\u200fزار\tO\nسامي\tB-Artist\nو\tO\nحلب\tB-Population-Center\nمدن\tO\nها\tO\n\t\n"
    with gzip.open(tmp_path / "wikifane_gold.tsv.gz", "wt", encoding="utf-8") as file:
        file.write(rows)
    assert wikifane(tmp_path) == [
        (["زار", "سامي", "وحلب", "مدنها"], ["O", "B-Artist", "B-Population-Center", "O"])
    ]


def test_the_changing_class_of_aqmar_is_no_name(tmp_path: Path) -> None:
    (tmp_path / "aqmar_train.conll").write_text("سامي B-PER\nذرة B-MIS\n", encoding="utf-8")
    (tmp_path / "aqmar_dev.conll").write_text("حلب B-LOC\n", encoding="utf-8")
    assert [tags for _, tags in aqmar(tmp_path)][1] == ["B-LOC"]
    assert aqmar(tmp_path)[0][1][0] == "B-PERS"
