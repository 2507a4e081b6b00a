"""Loads the recogniser that the settings name; slow, so call it off the event loop."""

from __future__ import annotations

from typing import Literal

from workers.entities.recognise import Recogniser
from workers.entities.recognise.accurate import load_accurate
from workers.entities.recognise.camel import load_camel
from workers.entities.recognise.crf import load_crf


def load_recogniser(name: Literal["crf", "accurate", "camel"]) -> Recogniser:
    """Load a recogniser.

    Args:
        name: `crf` and `accurate`, which ship with nabaa, or `camel`, camel-tools' BERT.

    Raises:
        RecogniserError: it cannot be loaded; says what to install.
    """
    if name == "accurate":
        return load_accurate()
    return load_camel() if name == "camel" else load_crf()
