"""Loading regions from a city's file."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from fahui.foundation.accounts.scope import SYSTEM, Reader
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.errors import Invalid
from fahui.foundation.regions.models import Region
from fahui.foundation.regions.rules import level_of, parse_code


@dataclass(frozen=True)
class Extra:
    """What a city folder knows of a region beyond the file."""

    ethnic_autonomous: bool = False
    population: int | None = None


def load_file(path: Path, extras: dict[int, Extra] | None = None, reader: Reader = SYSTEM, source: str = "") -> int:
    """Load or refresh regions from a CSV with columns code, name, level and optional urban_rural, valid_from, valid_to,
    renamed_from. All rows or none; returns how many. Raises Invalid naming row, column and value."""
    extras = extras or {}
    found: list[Region] = []
    with path.open(encoding="utf-8-sig", newline="") as handle:
        for number, row in enumerate(csv.DictReader(handle), start=2):
            found.append(_row(number, row, extras, source))
    return save(found, reader)


@transaction.atomic
def save(regions: list[Region], reader: Reader) -> int:
    """Write regions, updating those that exist."""
    Region.objects.bulk_create(
        regions, batch_size=2000, update_conflicts=True, unique_fields=["code"],
        update_fields=["name", "level", "urban_rural", "ethnic_autonomous", "population", "valid_from", "valid_to",
                       "former_code", "source"],
    )  # fmt: skip
    append(reader, Entry("regions.loaded", data={"rows": len(regions)}))
    return len(regions)


def _row(number: int, row: dict[str, str], extras: dict[int, Extra], source: str) -> Region:
    try:
        code = parse_code(row["code"])
        extra = extras.get(code, Extra())
        return Region(
            code=code, name=row["name"].strip(), level=int(row.get("level") or level_of(code)),
            urban_rural=row.get("urban_rural") or "", ethnic_autonomous=extra.ethnic_autonomous,
            population=extra.population, valid_from=_day(row.get("valid_from")), valid_to=_day(row.get("valid_to")),
            former_code=parse_code(row["renamed_from"]) if row.get("renamed_from") else None, source=source,
        )  # fmt: skip
    except (KeyError, ValueError) as error:
        raise Invalid(_("第%(number)s行：%(error)s") % {"number": number, "error": error}, fields={"row": str(number)}) from error


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
