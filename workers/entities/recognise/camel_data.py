"""What camel-tools' BERT recogniser needs on disk: packages, its catalogue and a model.

Looks without importing camel-tools: `camel_tools.ner` and `camel_tools.data` download a catalogue
when they are imported and find none. Loading what is found is left to `camel`.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shlex
import sys
import sysconfig
from pathlib import Path

from nabaa.errors import RecogniserError

# What importing `camel_tools.ner` needs on top of the default install: the `neural` extra.
PACKAGES = ("torch", "transformers", "muddler", "pyrsistent", "requests", "tqdm")
DATA_VARIABLE = "CAMELTOOLS_DATA"
VOCABULARY_FILE = "vocab.txt"
_WANTED_FILES = (
    ("config.json",),
    (VOCABULARY_FILE,),
    ("pytorch_model.bin", "model.safetensors"),  # either will do
)


def require_packages() -> None:
    """Check that torch and the rest can be imported, without importing them.

    Raises:
        RecogniserError: names those that cannot, and how to install them.
    """
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise RecogniserError(
            f"the camel recogniser needs {', '.join(missing)}: run `make setup-neural`"
        )


def default_data_dir() -> Path:
    """Return the folder that camel-tools itself would use.

    Raises:
        RecogniserError: it is in the home folder, and no home folder is known.
    """
    named = os.environ.get(DATA_VARIABLE)
    return Path(named) if named else _home_data_dir()


def find_model(model_name: str, data_dir: Path) -> Path:
    """Find the folder of a model on disk.

    Args:
        model_name: name of a `NamedEntityRecognition` data set in the catalogue.
        data_dir: folder of `catalogue.json` and `data/`, absolute.

    Returns:
        The model's folder, with a configuration, a vocabulary and weights in it.

    Raises:
        RecogniserError: something is missing or cannot be read; says what to install.
    """
    install = f"run `{install_command(model_name, data_dir)}` where there is a network"
    catalogue = data_dir / "catalogue.json"
    try:
        content = json.loads(catalogue.read_text(encoding="utf-8"))
        datasets = content["components"]["NamedEntityRecognition"]["datasets"]
        paths: dict[str, Path] = {
            name: data_dir / "data" / entry["path"] for name, entry in datasets.items()
        }
    except FileNotFoundError as error:
        raise RecogniserError(f"camel-tools' data is not in {data_dir}: {install}") from error
    except OSError as error:
        raise RecogniserError(f"{catalogue} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RecogniserError(
            f"{catalogue} is not a catalogue of camel-tools: delete it and {install}"
        ) from error
    if model_name not in paths:
        known = ", ".join(sorted(paths))
        raise RecogniserError(f"{catalogue} has no recogniser {model_name}, only {known}")
    path = paths[model_name]
    for names in _WANTED_FILES:
        if not any((path / name).is_file() for name in names):
            wanted = " or ".join(names)
            raise RecogniserError(
                f"camel-tools' model {model_name} has no {wanted} in {path}: {install}"
            )
    return path


def install_command(model_name: str, data_dir: Path, *, force: bool = False) -> str:
    """Return the shell command that downloads a model, of half a gigabyte.

    Args:
        model_name: name of the model in the catalogue.
        data_dir: where it shall be installed, absolute.
        force: download it again even where it was.

    Returns:
        One line; `camel_data` comes with camel-tools.

    Raises:
        RecogniserError: no home folder is known.
    """
    program = Path(sysconfig.get_path("scripts"), "camel_data")
    command = f"{shlex.quote(str(program))} -i {'-f ' if force else ''}ner-{model_name}"
    if data_dir == _home_data_dir():
        return command
    folder = shlex.quote(str(data_dir))
    # camel_data makes its default folder by itself, no other.
    return f"mkdir -p {folder} && {DATA_VARIABLE}={folder} {command}"


def _home_data_dir() -> Path:
    try:
        home = Path.home()
    except RuntimeError as error:  # camel-tools cannot be imported then, wherever its data is
        raise RecogniserError("camel-tools needs a home folder: set HOME") from error
    return home / ("AppData/Roaming/camel_tools" if sys.platform == "win32" else ".camel_tools")
