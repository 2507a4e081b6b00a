"""The alert rules and the dashboard: valid, tested, and about metrics that there are."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard
from prometheus_client.parser import text_string_to_metric_families

from tests.support.daemons import REPOSITORY
from workers.operations.metrics import metrics_of
from workers.operations.status_model import WireStatus

DEPLOY = REPOSITORY / "deploy"
DASHBOARD = DEPLOY / "grafana" / "nabaa.json"
RULES = DEPLOY / "prometheus" / "alerts.yml"
METRIC = re.compile(r"\bnabaa_\w+")


def served_metrics() -> set[str]:
    text = metrics_of(WireStatus(datetime.now(UTC))).decode()
    return {family.name for family in text_string_to_metric_families(text)}


def expressions(found: Any) -> list[str]:
    """Return the queries of a dashboard, at any depth."""
    if isinstance(found, list):
        return [each for value in found for each in expressions(value)]
    if not isinstance(found, dict):
        return []
    own = [found[key] for key in ("expr", "query") if isinstance(found.get(key), str)]
    return own + expressions(list(found.values()))


def shown_metrics() -> set[str]:
    queries = expressions(json.loads(DASHBOARD.read_text()))
    return {name for query in queries for name in METRIC.findall(query)}


@pytest.mark.parametrize(
    "command",
    [("check", "rules", "alerts.yml"), ("check", "config", "prometheus.yml"),
     ("test", "rules", "alerts_test.yml")],
    ids=" ".join,
)  # fmt: skip
def test_promtool_finds_nothing_wrong(command: tuple[str, ...]) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("prometheus is not installed")
    done = subprocess.run(
        [promtool, *command], cwd=RULES.parent, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_understands_every_query_of_the_dashboard(tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("prometheus is not installed")
    queries = expressions(json.loads(DASHBOARD.read_text())["panels"])
    assert len(queries) > 30
    rules = [
        {"record": f"query:{number}", "expr": query.replace("$group", "desk")}
        for number, query in enumerate(queries)
    ]
    file = tmp_path / "rules.yml"
    file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))  # JSON is YAML
    done = subprocess.run(
        [promtool, "check", "rules", str(file)], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_rule_is_tested() -> None:
    rules = set(re.findall(r"alert: (\w+)", RULES.read_text()))
    tests = (RULES.parent / "alerts_test.yml").read_text()
    fire = set(re.findall(r"alertname: (\w+)\n        exp_alerts:\n          - exp_labels", tests))
    assert rules - fire == set()


def test_rules_and_dashboard_are_about_metrics_that_are_served() -> None:
    named = shown_metrics() | set(METRIC.findall(RULES.read_text()))
    assert named - served_metrics() == set()


def test_the_dashboard_shows_every_metric() -> None:
    when = "nabaa_group_lost_timestamp_seconds"  # of what nabaa_group_lost shows
    assert served_metrics() - shown_metrics() == {when}


def test_the_operators_page_is_about_metrics_that_are_served() -> None:
    page = (REPOSITORY / "docs" / "operations.md").read_text()
    assert set(re.findall(r"`(nabaa_\w+)", page)) - served_metrics() == set()


def test_every_alert_says_what_to_do_in_the_operators_page() -> None:
    rules = set(re.findall(r"alert: (\w+)", RULES.read_text()))
    page = (REPOSITORY / "docs" / "operations.md").read_text()
    assert rules - set(re.findall(r"`(Nabaa\w+)`", page)) == set()


def test_the_dashboard_is_one_by_grafanas_own_model() -> None:
    written = json.loads(DASHBOARD.read_text())
    read = json.loads(JSONEncoder(sort_keys=True).encode(Dashboard.from_json(written)))
    assert missing(written, read, "") == []


def missing(written: Any, read: Any, place: str) -> list[str]:
    """Return the places of a document that its model does not know."""
    if isinstance(written, dict) and isinstance(read, dict):
        unknown = [f"{place}.{key}" for key in written if key not in read]
        known = [key for key in written if key in read]
        return unknown + [
            each for key in known for each in missing(written[key], read[key], f"{place}.{key}")
        ]
    if isinstance(written, list) and isinstance(read, list) and len(read) == len(written):
        return [
            each
            for number, (one, other) in enumerate(zip(written, read, strict=True))
            for each in missing(one, other, f"{place}[{number}]")
        ]
    return [] if written == read else [place]


def test_panels_stand_side_by_side_without_overlapping() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert at["x"] + at["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells


def test_compose_mounts_what_there_is() -> None:
    compose = (REPOSITORY / "docker-compose.yml").read_text()
    mounted = re.findall(r"- \./([^:\s]+):", compose)
    assert [path for path in mounted if not Path(REPOSITORY / path).exists()] == []
