from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest

from nabaa.errors import ConfigError
from training.names import sources
from training.names.compile import (
    HERE,
    compile_catalogue,
    main,
    merge,
    pack,
    phrase_lines,
    phrases,
)
from training.names.sources import ListedEntity, sounds_like
from workers.entities.link.catalogue import Catalogue


def place(id_: str, name: str, country: str = "TN", weight: float = 1.0) -> ListedEntity:
    return ListedEntity(id_, "LOC", (name,), name, country, weight)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a few rows of each list."""
    folder = tmp_path / "gazetteer"
    folder.mkdir()
    rows = [
        ("country", "تونس", "Tunisia", "Q948", "TN", "12000000"),
        ("country", "أيرلندا", "Ireland", "Q27", "IE", "5000000"),
        ("city", "قابس", "Gabes", "Q9001", "TN", "130000"),
        ("province", "قابس", "Gabès", "Q9002", "TN", ""),
        ("city", "الفلين", "Cork", "Q9003", "IE", "222000"),
        ("city", "سليغو", "Sligo", "Q9004", "IE", "19000"),
        ("city", "مطماطة", "Matmata", "Q9005", "TN", ""),
        ("city", "شنني", "Chenini", "Q9005", "TN", ""),
    ]
    with gzip.open(folder / "dr5hn_ar.tsv.gz", "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerow(("kind", "ar", "en", "wikidata", "country", "population"))
        writer.writerows(rows)
    city = ["1", "Gabès", "Gabes", "Gabes,قابس,ڨابس", "0", "0", "P", "PPL", "TN"]
    city += ["", "", "", "", "", "130000", "", "", "", ""]
    with gzip.open(folder / "geonames_cities15000.tsv.gz", "wt", encoding="utf-8") as file:
        file.write("\t".join(city) + "\n")
    countries = [
        {
            "name": {"common": english, "native": {}},
            "cca2": code,
            "independent": True,
            "translations": {"ara": {"common": arabic, "official": arabic}},
        }
        for english, code, arabic in (("Tunisia", "TN", "تونس"), ("Ireland", "IE", "أيرلندا"))
    ]
    (folder / "mledoze_countries.json.gz").write_bytes(
        gzip.compress(json.dumps(countries).encode())
    )
    lists = {
        "peoples": {"ada lovelace": "آدا لوفلايس", "plato": "أفلاطون"},
        "clubs_teams_leagues": {"a league": "دوري الدرجة الأولى"},
        "nationalities_data": {
            "tunisian": {"male": "تونسي", "males": "تونسيون", "en": "tunisia", "ar": "تونس"}
        },
    }
    for name, content in lists.items():
        (folder / f"arwikicats_{name}.json").write_text(json.dumps(content), encoding="utf-8")
    write_known_ids(tmp_path / "entities")
    return tmp_path


def write_known_ids(folder: Path) -> None:
    folder.mkdir()
    files = {
        "every_politician_scrapers_ar.tsv": (
            "qid\tname_ar\tname_en\trepo\tsource",
            "Q9100\tالشيخ طارق الريحان\t\tkuwait-ministers\tx",
            "Q9101\tطارق الريحان->طارق ريحان\t\tkuwait-ministers\tx",
        ),
        "everypolitician2015_ar.tsv": ("qid\tname_ar\tname_en\tcountry", "\tهدى\t\tIraq"),
        "ror_ar_names.tsv": (
            "ror\tqid\tname_ar\tname\tcountry\ttype",
            "x\tQ9200\tجامعة الشاطئ\tShati University\tTN\teducation",
        ),
        "nsi_brands_operators_ar.tsv": (
            "qid\tname_ar\tname_en\tkind\tcountries\tlang_tag",
            "Q9300\tبنك الساحل\tSahel Bank\tbrands/amenity/bank\ttn\tar",
        ),
    }
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def hand(tmp_path: Path) -> Path:
    path = tmp_path / "variants.tsv"
    path.write_text("# note\n@TN\tLOC\tTN\t400\tTunisia\tتونس|الخضراء\n", encoding="utf-8")
    return path


def test_the_same_lists_give_the_same_bytes(data: Path, hand: Path) -> None:
    assert compile_catalogue(data, [hand]) == compile_catalogue(data, [hand])


def test_hand_kept_names_lead_to_the_country(data: Path, hand: Path) -> None:
    catalogue = Catalogue(compile_catalogue(data, [hand]), "test")
    assert [each.id for each in catalogue.lookup("الخضراء")] == ["Q948"]


def test_a_code_of_no_country_is_refused(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "wrong.tsv"
    path.write_text("@QQ\tLOC\tQQ\t1\tNowhere\tلا مكان\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="@QQ"):
        compile_catalogue(data, [path])


def test_a_city_comes_before_the_province_called_after_it(data: Path, hand: Path) -> None:
    catalogue = Catalogue(compile_catalogue(data, [hand]), "test")
    assert [each.id for each in catalogue.lookup("قابس")] == ["Q9001", "Q9002"]


@pytest.mark.parametrize("name", ["الفلين", "سليغو", "مطماطة", "أفلاطون"])
def test_doubtful_rows_are_left_out(name: str, data: Path, hand: Path) -> None:
    assert not Catalogue(compile_catalogue(data, [hand]), "test").lookup(name)


def test_persons_have_local_ids(data: Path, hand: Path) -> None:
    (person,) = Catalogue(compile_catalogue(data, [hand]), "test").lookup("آدا لوفلايس")
    assert person.id.startswith("local:")
    assert person.name_en == "Ada Lovelace"


def test_demonyms_lead_to_their_country(data: Path, hand: Path) -> None:
    demonyms = Catalogue(compile_catalogue(data, [hand]), "test").demonyms
    assert demonyms["تونسي"].id == "Q948"


def test_the_command_writes_the_file(
    data: Path, hand: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "names.bin"
    main(["--data", str(data), "--names", str(hand), "--output", str(output)])
    assert Catalogue(output.read_bytes(), "test").lookup("تونس")
    assert "entities" in capsys.readouterr().out


def test_names_of_one_id_are_joined() -> None:
    (one,) = merge([[place("Q5", "صفاقس")], [place("Q5", "سفاقس")]])
    assert one.names == ("صفاقس", "سفاقس")


def test_a_name_stays_with_the_better_list() -> None:
    made = merge([[place("Q5", "صفاقس")], [place("Q6", "صفاقس")]])
    assert [each.id for each in made] == ["Q5"]


def test_namesakes_in_different_countries_stay_apart() -> None:
    made = merge([[place("Q5", "طرابلس", "LY")], [place("Q6", "طرابلس", "LB")]])
    assert [each.id for each in made] == ["Q5", "Q6"]


def test_a_place_without_id_joins_its_namesake_of_the_country() -> None:
    made = merge([[place("Q5", "صفاقس")], [place("", "صفاقس")]])
    assert [each.id for each in made] == ["Q5"]


def test_the_order_of_the_input_does_not_show_in_the_bytes() -> None:
    one, two = place("Q5", "صفاقس"), place("Q6", "قفصة")
    assert pack(merge([[one, two]]), {}) == pack(merge([[two, one]]), {})


@pytest.mark.parametrize(
    ("arabic", "english", "sounds"),
    [
        ("غرينوك", "Greenock", True),
        ("شيكاغو", "Chicago", True),
        ("الفلين", "Cork", False),
        ("قراءة", "Reading", False),
        ("حمام", "Bath", False),
    ],
)
def test_translations_are_told_from_transliterations(
    arabic: str, english: str, *, sounds: bool
) -> None:
    assert sounds_like(arabic, english) is sounds


@pytest.mark.parametrize(
    "line",
    [
        "Q1\tLOC\tTN\t1\tتونس",
        "Q1\tPLACE\tTN\t1\tTunis\tتونس",
        "Q1\tLOC\tTN\tgreat\tTunis\tتونس",
        "1\tLOC\tTN\t1\tTunis\tتونس",
        "Q1\tLOC\tTN\t1\tTunis\tتونس||",
    ],
)
def test_a_wrong_line_of_the_variants_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "variants.tsv"
    path.write_text(f"# names\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="line 2"):
        list(sources.variants(path))


def test_the_hand_kept_names_are_well_formed_and_name_each_id_once() -> None:
    kept = list(sources.variants(HERE / "variants.tsv"))
    ids = [each.id for each in kept if each.id]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("name", "id_", "country"),
    [
        ("طارق الريحان", "Q9100", "KW"),
        ("جامعة الشاطئ", "Q9200", "TN"),
        ("بنك الساحل", "Q9300", "TN"),
    ],
)
def test_persons_and_institutions_have_the_ids_of_their_files(
    name: str, id_: str, country: str, data: Path, hand: Path
) -> None:
    [known] = Catalogue(compile_catalogue(data, [hand]), "test").lookup(name)
    assert (known.id, known.country) == (id_, country)


def test_a_hand_kept_name_takes_the_id_that_a_file_has_for_it(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "kept.tsv"
    path.write_text("-\tPERS\tKW\t5\tTariq\tطارق ريحان|طارق الريحان\n", encoding="utf-8")
    [known] = Catalogue(compile_catalogue(data, [path]), "test").lookup("طارق ريحان")
    assert known.id == "Q9100"


def test_a_file_of_another_country_gives_no_id(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "kept.tsv"
    path.write_text("-\tPERS\tEG\t5\tTariq\tطارق الريحان\n", encoding="utf-8")
    ids = [
        each.id for each in Catalogue(compile_catalogue(data, [path]), "x").lookup("طارق الريحان")
    ]
    assert ids[0].startswith("local:")


def test_a_town_has_the_coordinates_of_the_gazetteer(data: Path, hand: Path) -> None:
    town = Catalogue(compile_catalogue(data, [hand]), "test").lookup("قابس")[0]
    assert town.geo is not None
    assert (town.geo.latitude, town.geo.longitude) == (0.0, 0.0)


def test_names_that_mean_other_things_are_looked_for_beside_a_word_only() -> None:
    kept = [
        ListedEntity("Q1", "ORG", ("صحيفة المرسى", "المرسى"), "", "", 1.0),
        ListedEntity("Q2", "LOC", ("المرسى",), "", "", 9.0),
        ListedEntity("Q3", "ORG", ("نوتيكا",), "", "", 1.0),
        ListedEntity("Q4", "ORG", ("الفجر",), "", "", 1.0),
    ]
    sure = phrases(kept, kept, frozenset({"الفجر"}))
    assert sure == {"صحيفه المرسي": "ORG", "نوتيكا": "ORG"}
    doubtful = {line for line in phrase_lines(sure, kept) if line[0].endswith("?")}
    assert doubtful == {("ORG?", "المرسي"), ("LOC?", "المرسي"), ("ORG?", "الفجر")}
