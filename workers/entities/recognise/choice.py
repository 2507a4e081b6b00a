"""Loads the recogniser that the settings name; slow, so call it off the event loop."""

from __future__ import annotations

from typing import Literal

from workers.entities.recognise import Recogniser
from workers.entities.recognise.camel import load_camel
from workers.entities.recognise.crf import load_crf


def load_recogniser(name: Literal["crf", "camel"]) -> Recogniser:
    """Load a recogniser.

    Args:
        name: `crf`, which ships with nabaa, or `camel`, camel-tools' BERT.

    Raises:
        RecogniserError: it cannot be loaded; says what to install.
    """
    return load_camel() if name == "camel" else load_crf()
