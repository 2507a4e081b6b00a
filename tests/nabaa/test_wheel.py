"""What a program gets that installs the wheel: `nabaa`, beside modules of its own of any name."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
import redis

from nabaa.message import encode_article
from nabaa.streams.keys import Keys
from tests.support.articles import make_article

REPOSITORY = Path(__file__).parents[2]
PROGRAM = """
import config
import ingest
import nabaa
from nabaa import Filter, Subscriber
from workers import jobs

assert config.OWNER == ingest.OWNER == jobs.OWNER == "the program"
for name in nabaa.__all__:
    getattr(nabaa, name)
for article in Subscriber(config.URL, group="desk", filter=Filter(words=("خبر",))):
    print(article.title)
    break
"""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without the network by the build backend of the development lock."""
    folder = tmp_path_factory.mktemp("wheel")
    offline = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "wheel", "-q", *offline, "-w"]
    done = subprocess.run(
        [*command, folder, REPOSITORY], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment with the wheel, which sees the libraries and no project."""
    folder = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps"]
    subprocess.run([*command, "--no-index", "--disable-pip-version-check", wheel], check=True)
    [packages] = folder.glob("lib/python*/site-packages")
    # A plain path: the .pth files there, that of an editable install among them, are not read.
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def test_the_wheel_holds_what_runs_and_no_training_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    folders = {name.partition("/")[0] for name in names if ".dist-info/" not in name}
    assert folders == {"nabaa", "config", "ingest", "workers"}
    assert not [name for name in names if "training" in name or "test" in name]
    desk = {name.removeprefix("workers/desk/") for name in names if "workers/desk/" in name}
    shown = {
        str(path.relative_to(REPOSITORY / "workers/desk"))
        for path in (REPOSITORY / "workers/desk").rglob("*.*")
        if path.suffix in {".html", ".css", ".js", ".svg", ".woff2", ".json"}
    }
    assert len(shown) > 20
    assert shown <= desk


def test_a_program_with_its_own_config_and_workers_subscribes(
    server_url: str, python: Path, tmp_path: Path
) -> None:
    with redis.Redis.from_url(server_url) as client:
        client.xgroup_create(Keys(0).subscription("desk"), "desk", "0", mkstream=True)
        client.xadd(Keys(0).subscription("desk"), {"data": encode_article(make_article())})
    (tmp_path / "config.py").write_text(f'OWNER = "the program"\nURL = "{server_url}"\n')
    (tmp_path / "ingest.py").write_text('OWNER = "the program"\n')
    (tmp_path / "workers").mkdir()
    (tmp_path / "workers" / "__init__.py").touch()
    (tmp_path / "workers" / "jobs.py").write_text('OWNER = "the program"\n')
    (tmp_path / "program.py").write_text(PROGRAM, "utf-8")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
    }
    done = subprocess.run(
        [python, "program.py"],
        cwd=tmp_path,
        env=environment | {"PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stderr, done.stdout.strip()) == ("", make_article().title)


def test_the_installed_command_runs(python: Path, tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text("raise AssertionError\n")
    command = [str(python.parent / "nabaa"), "feeds", "list"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)
