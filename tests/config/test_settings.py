"""What may be set: a default each, its section, its place in the documents."""

from __future__ import annotations

from config.loading import DAEMON, SECTIONS, section_of
from config.settings import Settings
from config.settings_table import settings_table
from docs.generate import ROOT, readme_with_settings


def test_the_tables_have_a_row_for_every_setting() -> None:
    rows = [line for line in settings_table().splitlines() if line.startswith("| `")]
    assert len(rows) == len(Settings.model_fields)


def test_no_two_settings_have_one_place_in_the_file() -> None:
    places = {section_of(name) for name in Settings.model_fields}
    assert len(places) == len(Settings.model_fields)


def test_only_settings_of_the_process_itself_are_in_no_section_of_their_own() -> None:
    general = {name for name in Settings.model_fields if section_of(name)[0] == DAEMON}
    assert general == {"data_dir", "feeds_file", "shards", "log_level", "heartbeat_file"}


def test_every_section_has_settings() -> None:
    assert {section_of(name)[0] for name in Settings.model_fields} == {DAEMON, *SECTIONS}


def test_the_readme_shows_the_settings_of_today() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert readme == readme_with_settings(readme), "run `make docs`"
