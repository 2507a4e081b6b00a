"""A secret of a command: from its setting or from a file, and never an empty one."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from nabaa.errors import ConfigError


def read_secret(name: str, value: SecretStr | None, file: Path | None) -> str | None:
    """Return a secret that a setting or a file holds, so that no list of processes shows it.

    Args:
        name: of the variable that holds the secret; that of the file has `_FILE` behind it.
        value: what the setting holds.
        file: UTF-8; white space around the secret is not part of it.

    Returns:
        The secret, or None where neither is set.

    Raises:
        ConfigError: both are set, the file cannot be read, or the secret is empty.
    """
    if value is not None and file is not None:
        raise ConfigError(f"{name} and {name}_FILE are both set: keep one")
    if file is not None:
        return read_secret_file(file, f"{name}_FILE")
    if value is None:
        return None
    return _check(value.get_secret_value(), name)


def read_secret_file(file: Path, source: str) -> str:
    """Return the secret that a file holds.

    Args:
        file: UTF-8; white space around the secret is not part of it.
        source: option or variable that names the file, for the error.

    Raises:
        ConfigError: the file cannot be read or is empty.
    """
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{source}: {file} is not UTF-8 text") from error
    except OSError as error:
        raise ConfigError(f"{source}: {file} cannot be read: {error.strerror}") from error
    return _check(text, f"{source}: {file}")


def _check(text: str, source: str) -> str:
    if not text.strip():
        raise ConfigError(f"{source} is empty: put the secret there, or do not set it")
    return text.strip()
