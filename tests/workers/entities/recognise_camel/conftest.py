"""A data folder with a tiny model in it, and the recogniser loaded from there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.models.tiny_bert import write_data
from workers.entities.recognise.camel import CamelRecogniser, load_camel


@pytest.fixture(scope="session")
def camel_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data_dir = tmp_path_factory.mktemp("camel") / "data folder"
    write_data(data_dir)
    return data_dir


@pytest.fixture(scope="session")
def recogniser(camel_data: Path) -> CamelRecogniser:
    # camel-tools makes a folder in the home folder when it is imported.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(camel_data.parent))
        return load_camel(data_dir=camel_data, batch_size=3, threads=1)
