"""The reference of the site has everything that the code has."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from config.settings import Settings
from docs.reference_pages import commands_page, messages_page, metrics_page, settings_page
from nabaa.main import app
from tests.support.snippets import ROOT
from workers.operations.metrics import metrics_of
from workers.operations.status_model import WireStatus


@pytest.fixture(scope="module")
def commands() -> str:
    return commands_page()


def test_every_command_is_there_with_its_options(commands: str) -> None:
    plain = {each.callback.__name__ for each in app.registered_commands if each.callback}
    groups = {
        f"{group.name} {command.name or command.callback.__name__}"
        for group in app.registered_groups
        if group.typer_instance
        for command in group.typer_instance.registered_commands
        if command.callback
    }
    assert len(groups) > 15
    headings = set(re.findall(r"^## nabaa (.+)$", commands, re.MULTILINE))
    assert plain | groups <= headings
    for option in ("--quotations", "--rebuild", "--min-outlets", "-h, --help"):
        assert option in commands


def test_every_setting_metric_and_record_is_there() -> None:
    settings = settings_page()
    assert [
        name for name in Settings.model_fields if f"`NABAA_{name.upper()}`" not in settings
    ] == []
    metrics = metrics_page()
    served = re.findall(r"^# TYPE (\w+)", metrics_of(WireStatus(datetime.now(UTC))).decode(), re.M)
    assert [name for name in served if f"`{name}`" not in metrics] == []
    messages = messages_page(ROOT / "docs" / "schema")
    for record in ("Article", "Entity", "Quote", "Story"):
        assert f"## {record}\n" in messages
