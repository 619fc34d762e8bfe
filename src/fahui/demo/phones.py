"""Telephone numbers nobody answers."""

from __future__ import annotations

from random import Random

from fahui.foundation import cities


def landline(random: Random) -> str:
    """A number of this city's area; eight digits long where the area code is short."""
    area, number = cities.current().area_code, random.randrange(2_000_000, 2_999_999)
    return f"{area}-{'6' if len(area) == 3 else ''}{number}".lstrip("-")
