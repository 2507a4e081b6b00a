"""What is said where torch, camel-tools' data or a part of it is missing; never a download."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import config
from nabaa.errors import RecogniserError
from tests.support.models.tiny_bert import CATALOGUE
from workers.entities.recognise.camel import load_camel
from workers.entities.recognise.camel_data import default_data_dir, find_model

TORCH_IS_HERE = importlib.util.find_spec("torch") is not None
MODEL_FILES = ("config.json", "vocab.txt", "pytorch_model.bin")

# Audit hooks see every import and every connection of the process, camel-tools' own included.
WATCHED_LOAD = """
import sys
from pathlib import Path

network, imported = [], []

def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        network.append((event, arguments))
    if event == "import":
        imported.append(arguments[0])

sys.addaudithook(watch)
from nabaa.errors import RecogniserError
from workers.entities.recognise.camel import load_camel

try:
    load_camel(data_dir=Path(sys.argv[1])).recognise([["مصر"]])
    print("loaded")
except RecogniserError as error:
    print("refused:", error)
print("network:", network)
print("imported:", sorted({"camel_tools.data", "camel_tools.ner", "torch"} & set(imported)))
"""


def watched_load(data_dir: Path, home: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED_LOAD, str(data_dir)],
        cwd=Path(config.__file__).parent.parent,
        env=os.environ | {"HOME": str(home), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def write_catalogue(data_dir: Path) -> Path:
    model = data_dir / "data" / "ner" / "arabert"
    model.mkdir(parents=True)
    for name in MODEL_FILES:
        (model / name).touch()
    (data_dir / "catalogue.json").write_text(json.dumps(CATALOGUE), encoding="utf-8")
    return model


def refusal(data_dir: Path, model_name: str = "arabert") -> str:
    with pytest.raises(RecogniserError) as caught:
        find_model(model_name, data_dir)
    return str(caught.value)


@pytest.mark.skipif(TORCH_IS_HERE, reason="torch is installed")
def test_without_torch_it_says_how_to_install_it(tmp_path: Path) -> None:
    with pytest.raises(RecogniserError, match=r"needs torch, .*: run `make setup-neural`$"):
        load_camel(data_dir=tmp_path)


@pytest.mark.skipif(not TORCH_IS_HERE, reason="torch is not installed: make setup-neural")
def test_with_torch_but_without_data_it_says_how_to_install_it(tmp_path: Path) -> None:
    with pytest.raises(RecogniserError, match=r"data is not in .*camel_data -i ner-arabert`"):
        load_camel(data_dir=tmp_path)


def test_a_missing_part_is_told_without_importing_camel_tools(tmp_path: Path) -> None:
    refused, network, imported = watched_load(tmp_path / "none", tmp_path)
    assert (refused[:8], network, imported) == ("refused:", "network: []", "imported: []")


def test_loading_what_is_there_never_uses_the_network(camel_data: Path, tmp_path: Path) -> None:
    assert watched_load(camel_data, tmp_path)[:2] == ["loaded", "network: []"]


def test_the_message_names_the_folder_and_makes_it(tmp_path: Path) -> None:
    folder = tmp_path / "two words"
    message = refusal(folder)
    assert f"mkdir -p '{folder}' && CAMELTOOLS_DATA='{folder}' " in message


def test_the_message_for_the_home_folder_is_the_bare_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("CAMELTOOLS_DATA", raising=False)
    assert "CAMELTOOLS_DATA" not in refusal(default_data_dir())


def test_camel_tools_own_variable_names_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    assert default_data_dir() == tmp_path


def test_a_model_is_found_through_the_catalogue(tmp_path: Path) -> None:
    model = write_catalogue(tmp_path)
    assert find_model("arabert", tmp_path) == model


@pytest.mark.parametrize("name", MODEL_FILES)
def test_a_model_without_one_of_its_files_is_told(tmp_path: Path, name: str) -> None:
    (write_catalogue(tmp_path) / name).unlink()
    assert f"has no {name}" in refusal(tmp_path)


def test_weights_may_be_safetensors(tmp_path: Path) -> None:
    model = write_catalogue(tmp_path)
    (model / "pytorch_model.bin").rename(model / "model.safetensors")
    assert find_model("arabert", tmp_path) == model


def test_a_model_that_the_catalogue_does_not_have_is_told(tmp_path: Path) -> None:
    write_catalogue(tmp_path)
    assert "has no recogniser arabort, only arabert" in refusal(tmp_path, "arabort")


@pytest.mark.parametrize("content", ["", "[]", '{"components": []}', '{"components": {}}'])
def test_a_broken_catalogue_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "catalogue.json").write_text(content, encoding="utf-8")
    assert "is not a catalogue of camel-tools: delete it" in refusal(tmp_path)
