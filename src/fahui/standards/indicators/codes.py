"""Whether the codes that a measure is given are codes of the house: a register, category, kind, role, service or outcome that is not
there would be counted as none for ever, and nobody would see why."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from fahui.casework.activities.models import Activity, Taking
from fahui.casework.cases.models import CHANNELS
from fahui.casework.definitions.loader import services
from fahui.casework.registers.definitions import registers
from fahui.foundation.models import Institution, Posting, Practitioner, Site
from fahui.standards.measures.schema import Condition, Shape, Share, codes_in, counts_of


def unknown(shape: Shape, city_id: str) -> list[str]:
    """One line for every code in a shape that does not exist in a city's installation."""
    found = []
    for fact, where in conditions(shape):
        for column, value in where.items():
            known = _known(fact, column, where, city_id)
            if known is not None:
                found += [f"{fact}.{column}: there is no code {code!r}" for code in codes_in(value) if code not in known]
    return found


def choices(fact: str, column: str, of: str, city_id: str) -> set[str] | None:
    """The codes a column of a fact may hold in a city's installation; None where anything goes.

    `of` is the row's register or service, on which categories, grades, matters and outcomes depend.
    """
    return _known(fact, column, {"register": of, "service": of}, city_id)


def conditions(shape: Shape) -> Iterator[tuple[str, Condition]]:
    """Every fact with every condition on it; a narrower condition is told together with the wider one it narrows."""
    for count in counts_of(shape):
        narrower = [*count.either]
        if isinstance(count, Share):
            narrower += [count.part, *count.part_either]
        yield count.of, count.where
        for condition in narrower:
            yield count.of, {**count.where, **condition}


def _known(fact: str, column: str, where: Condition, city_id: str) -> set[str] | None:
    """The codes a column may hold; None where anything goes."""
    if fact == "entry" and column in ("register", "category", "grade"):
        return _of_registers(column, where, city_id)
    if fact == "case" and column in ("service", "matter", "outcome"):
        return _of_services(column, where)
    return _choices().get((fact, column))


def _of_registers(column: str, where: Condition, city_id: str) -> set[str]:
    every = registers(city_id)
    if column == "register":
        return set(every)
    named = [every[code] for code in codes_in(where.get("register")) if code in every]
    held = [register.category if column == "category" else register.grade for register in named]
    return {code for choices in held if choices for code in choices.choices}


def _of_services(column: str, where: Condition) -> set[str]:
    every = services()
    if column == "service":
        return set(every)
    named = [every[code] for code in codes_in(where.get("service")) if code in every] or list(every.values())
    if column == "matter":
        return {matter.id for service in named for matter in service.definition.matters}
    return {"", *(outcome.id for service in named for outcome in service.definition.outcomes)}


@cache
def _choices() -> dict[tuple[str, str], set[str]]:
    bodies, professions, sites = ({code for code, _name in model.KINDS} for model in (Institution, Practitioner, Site))
    activities = {code for code, _name in Activity.KINDS}
    return {
        ("institution", "kind"): bodies,
        ("practitioner", "kind"): professions,
        ("posting", "role"): {code for code, _name in Posting.ROLES},
        ("posting", "practitioner_kind"): professions,
        ("posting", "institution_kind"): bodies,
        ("site", "kind"): sites,
        ("entry", "institution_kind"): bodies,
        ("entry", "practitioner_kind"): professions,
        ("entry", "site_kind"): sites,
        ("activity", "kind"): activities,
        ("activity", "form"): {code for code, _name in Activity.FORMS},
        ("taking", "kind"): activities,
        ("taking", "part"): {code for code, _name in Taking.PARTS},
        ("taking", "practitioner_kind"): professions,
        ("case", "channel"): {code for code, _name in CHANNELS},
        ("case", "provider_kind"): professions,
        ("seat", "practitioner_kind"): professions,
    }
