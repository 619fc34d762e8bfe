"""The registers of this installation, read from `data/` and from the city's own folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from django.utils.translation import gettext as _
from pydantic import TypeAdapter, ValidationError

from fahui.casework.registers.schema import Register
from fahui.foundation import cities
from fahui.foundation.errors import Missing

DATA = Path(__file__).parent / "data"
_MANY = TypeAdapter(list[Register])


class BadRegister(Exception):
    """A file of registers cannot be used; the message names the file, the register, the field and what to do."""


def read(path: Path) -> list[Register]:
    """The registers of one file. Raises BadRegister."""
    try:
        return _MANY.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")) or [])
    except (yaml.YAMLError, ValidationError) as error:
        raise BadRegister(f"{path.parent.name}/{path.name}: {error}") from error


@cache
def registers(city_id: str) -> dict[str, Register]:
    """Every register by its id: those that ship and those of the city. Raises BadRegister when two share an id."""
    found: dict[str, Register] = {}
    own = cities.ROOT / city_id / "registers.yaml"
    for path in [*sorted(DATA.glob("*.yaml")), *([own] if own.exists() else [])]:
        for register in read(path):
            if register.id in found:
                raise BadRegister(f"{path.name}: there are two registers {register.id!r}; rename one.")
            found[register.id] = register
    return found


def current() -> dict[str, Register]:
    """The registers of the city this installation serves."""
    return registers(cities.current().id)


def register_of(register_id: str) -> Register:
    """One register. Raises Missing."""
    found = current().get(register_id)
    if found is None:
        raise Missing(_("没有这本台账。"))
    return found
