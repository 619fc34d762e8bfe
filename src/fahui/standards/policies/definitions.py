"""The policies of the cities and what the platform has for them, read from their files."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from fahui.foundation import cities
from fahui.standards.indicators.definitions import indicators
from fahui.standards.policies.schema import Answer, Capability, Clause, Demand, Part, Policy

DATA = Path(__file__).parent / "data"


class BadPolicy(Exception):
    """A file of policies cannot be used; the message names the file, the entry and what to do."""


@cache
def policy(city_id: str) -> Policy:
    """The policy of a city; without clauses when the city has no `policy.yaml` yet. Raises BadPolicy."""
    path = cities.ROOT / city_id / "policy.yaml"
    if not path.exists():
        return Policy(document=cities.load_city(city_id).policy)
    return _read(path, TypeAdapter(Policy))


@cache
def capabilities() -> dict[str, Capability]:
    """Every capability by its id. Raises BadPolicy."""
    return _by(_read(DATA / "capabilities.yaml", TypeAdapter(list[Capability])), "id")


@cache
def parts() -> dict[str, Part]:
    """What the platform has, by reference. Raises BadPolicy."""
    return _by(_read(DATA / "parts.yaml", TypeAdapter(list[Part])), "ref")


def answer(demand: Demand, city_id: str) -> Answer:
    """What the platform has for a demand: its own words, else those of its capability; and the targets that measure it.

    Raises BadPolicy for a capability, part or target that is not there.
    """
    told = demand if demand.said else capabilities().get(demand.capability)
    if told is None:
        raise BadPolicy(
            f"{demand.id}: there is no capability {demand.capability!r}; choose one of capabilities.yaml or add it there."
        )
    found = []
    for ref in told.answered:
        part = parts().get(ref)
        if part is None:
            raise BadPolicy(f"{demand.id}: {ref} has no line in parts.yaml; say there what it does.")
        found.append(part)
    known = {indicator.id: indicator.name for indicator in indicators(city_id).indicators}
    for name in demand.indicators:
        if name not in known:
            raise BadPolicy(f"{demand.id}: there is no target {name!r} in indicators.yaml.")
        found.append(Part(ref=f"indicator:{name}", zh=known[name].zh, en=known[name].en))
    return Answer(tuple(found), told.not_yet, told.outside)


def demands(city_id: str) -> list[tuple[Clause, Demand]]:
    """Every demand with its clause, in the document's order."""
    return [(clause, demand) for clause in policy(city_id).clauses for demand in clause.demands]


def _by(rows: list[Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in rows:
        name = getattr(one, key)
        if name in found:
            raise BadPolicy(f"{name!r} stands twice in the policies' data; remove one.")
        found[name] = one
    return found


def _read(path: Path, adapter: TypeAdapter[Any]) -> Any:
    try:
        return adapter.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")) or [])
    except (yaml.YAMLError, ValidationError) as error:
        raise BadPolicy(f"{path.parent.name}/{path.name}: {error}") from error
