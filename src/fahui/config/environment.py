"""Readers of environment variables that refuse a bad value at start, naming the variable and what to do."""

import os
from pathlib import Path


class BadSetting(Exception):
    """A setting cannot be used; the message says which, what it was and what it should be."""


def text(name: str, default: str = "") -> str:
    """The variable as text; `NAME_FILE` may instead point to a file that holds it (for secrets)."""
    file = os.environ.get(f"{name}_FILE")
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadSetting(f"{name}_FILE={file}: cannot be read ({error.strerror}). Point it to a readable file.") from error
    return os.environ.get(name, default)


def integer(name: str, default: int, *, least: int = 0) -> int:
    """The variable as a whole number of at least `least`."""
    raw = os.environ.get(name)
    if raw is None or raw == "":
        return default
    try:
        value = int(raw)
    except ValueError as error:
        raise BadSetting(f"{name}={raw!r} is not a whole number. Write digits only.") from error
    if value < least:
        raise BadSetting(f"{name}={value} is too small. The least is {least}.")
    return value


def flag(name: str, default: bool = False) -> bool:
    """The variable as yes or no: 1/0, true/false, yes/no, on/off."""
    raw = os.environ.get(name, "").strip().lower()
    if raw == "":
        return default
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    raise BadSetting(f"{name}={raw!r} is neither yes nor no. Write 1 or 0.")


def folder(name: str, default: Path) -> Path:
    """The variable as an absolute folder path (which need not exist yet)."""
    return Path(os.environ.get(name) or default).expanduser().resolve()
