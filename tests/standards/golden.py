"""A city's assessment as plain values, line by line, to be held against a file that was checked by hand."""

from __future__ import annotations

import json
import os
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from fahui.foundation.models import Region
from fahui.insight.reports.actions import compose
from fahui.standards.actions import measure


def report(city: int, as_of: date) -> dict[str, Any]:
    """The assessment's figures of the city: how many stand how, and every line with its parts and trend."""
    content = compose("assessment", Region.objects.get(code=city), measure(as_of, "postgres"), None, "")
    lines = {
        line.id: {
            "name": line.name, "value": line.value, "of": [plain(line.upper), plain(line.lower)], "unit": line.unit, "aim": line.aim, "by": line.by.isoformat(),
            "status": line.status, "parts": {name: [value, *map(plain, numbers)] for name, numbers, value in line.parts if numbers},
            "trend": {day.isoformat(): value for day, value in line.trend},
        }
        for line in content.lines
    }  # fmt: skip
    return {"counts": {status: number for status, number in content.counts if number}, "lines": lines}


def plain(number: Fraction | None) -> int | str | None:
    """A number as JSON keeps it exactly."""
    return None if number is None else int(number) if number.denominator == 1 else str(number)


def kept(path: Path, told: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the file says; with FAHUI_GOLDEN=write it is first written from what is `told`, one line a target."""
    if told is not None and os.environ.get("FAHUI_GOLDEN") == "write":
        lines = ",\n".join(
            f"  {json.dumps(name)}: {json.dumps(line, ensure_ascii=False)}" for name, line in told["lines"].items()
        )
        counts = json.dumps(told["counts"], ensure_ascii=False)
        path.write_text(f'{{"counts": {counts},\n "lines": {{\n{lines}\n }}}}\n', encoding="utf-8")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
