"""Reading plain values out of Facts, and writing figures the way people read them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from fahui.casework.definitions.plugin import Facts, Parameter
from fahui.casework.definitions.values import day_of
from fahui.foundation import money
from fahui.foundation.worktime.rules import full_years

COURT_RULES = "最高人民法院关于适用《中华人民共和国刑事诉讼法》的解释"


def yuan(fen: int | Decimal) -> str:
    """`1260000` becomes `12,600.00元`."""
    return f"{money.yuan(fen)}元"


def yuan_en(fen: int | Decimal) -> str:
    """`1260000` becomes `CNY 12,600.00`."""
    return f"CNY {money.yuan(fen)}"


def names_in(text: str) -> list[str]:
    """The names in an answer that lists people or companies, one a line or separated by 、，；."""
    return [name.strip() for name in re.split(r"[\n、，,；;]+", text) if name.strip()]


def amount(parameter: Parameter) -> Decimal:
    """A local value as a number. Raises ValueError when it is none."""
    if isinstance(parameter.value, bool):
        raise ValueError(f"{parameter.value!r} is not an amount")
    return Decimal(str(parameter.value))


def known_of_applicant(facts: Facts) -> Mapping[str, Any]:
    """What the applicant's own record tells (birth date, groups, nationality), so that it is not asked again."""
    known = facts.details.get("_applicant")
    return known if isinstance(known, Mapping) else {}


def is_minor(facts: Facts) -> bool | None:
    """Whether the person is under eighteen; None when neither birth date nor ground tells.

    In criminal matters an age is reached on the day after the birthday (法释〔2006〕1号第二条: 从周岁生日的第二天起算).
    """
    born = day_of(facts.details, "birth_date") or day_of(known_of_applicant(facts), "birth_date")
    if born is not None:
        return full_years(born, facts.today - timedelta(days=0 if facts.matter == "civil" else 1)) < 18
    if facts.details.get("ground") == "minor" or facts.details.get("exempt_group") == "no_income_minor":
        return True
    return None


def same_agency(region: int, place: int) -> bool:
    """Whether two regions belong to one legal-aid agency: the same county, or a city that holds the place.

    Region codes have 12 digits: four for the city, six for the county.
    """
    if region % 10**8 == 0:
        return region // 10**8 == place // 10**8
    return region // 10**6 == place // 10**6
