"""What `fahui check` looks at: services, cities, registers, indicators, policies, guided checks, citations."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml
from django.urls import URLResolver, get_resolver

from fahui.casework.activities.models import Activity
from fahui.casework.definitions.checks import awaited, citations, problems
from fahui.casework.definitions.loader import BadDefinition, Service, services
from fahui.casework.definitions.plugin import registry_of
from fahui.casework.registers.definitions import BadRegister, registers
from fahui.channels import guided
from fahui.channels.api.api import api
from fahui.foundation import cities
from fahui.insight.reports.actions import TITLES
from fahui.knowledge.citations.check import CitedPlace, check_citations
from fahui.standards.indicators import definitions as indicators
from fahui.standards.policies import checks as policies
from fahui.standards.policies.definitions import BadPolicy


@dataclass
class Report:
    """Counts, problems, values that await the bureau, and citations that only a document outside the law source can prove."""

    services: int = 0
    cities: int = 0
    citations: int = 0
    problems: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    # What is no fault yet: data whose review is due.
    warnings: list[str] = field(default_factory=list)
    awaited: list[str] = field(default_factory=list)


def examine() -> Report:
    """Check everything that ships as data."""
    report = Report()
    try:
        found = services()
    except BadDefinition as error:
        report.problems.append(str(error))
        found = {}
    cited: list[CitedPlace] = []
    for service in found.values():
        report.problems += problems(service)
        report.awaited += awaited(service)
        report.problems += _templates(service)
        cited += [CitedPlace(place, text) for place, text in citations(service)]
        for guard in registry_of(service.package).guards.values():
            cited += [CitedPlace(f"{service.definition.id}: guard {guard.name}", text) for text in guard.basis]
        for name, value in service.local_values.items():
            cited += [CitedPlace(f"{service.definition.id}: local value {name}", text) for text in value.basis]
    for city in cities.available():
        report.problems += cities.check_city(city) + standards(city) + demanded(city)
    report.problems += answering(found)
    if found:
        checks = guided.examine()
        report.problems, report.warnings, cited = (
            report.problems + checks.problems,
            checks.warnings,
            cited + checks.cited,
        )
    checked = check_citations(cited)
    report.services, report.cities = len(found), len(cities.available())
    report.citations = len(checked.resolved)
    report.problems += [f"{c.place.place}: “{c.place.text}”: {c.reason}" for c in checked.failing]
    report.outside = sorted({f"{c.place.place}: {c.place.text}" for c in checked.outside})
    return report


def standards(city_id: str) -> list[str]:
    """What is wrong with the registers a city uses and with what it measures."""
    try:
        registers(city_id)
        faults = indicators.check(city_id)
    except (BadRegister, indicators.BadIndicators) as error:
        return [str(error)]
    return [f"cities/{city_id}/indicators.yaml: {fault.indicator}: {fault.problem}" for fault in faults]


def demanded(city_id: str) -> list[str]:
    """What is wrong with a city's policy."""
    try:
        return [f"{fault.place}: {fault.problem}" for fault in policies.check_city(city_id)]
    except (BadPolicy, indicators.BadIndicators) as error:
        return [str(error)]


def answering(found: dict[str, Service]) -> list[str]:
    """What is wrong with what the platform is said to have for policies: a page, register or service that is not there."""
    matters = {f"{name}.{matter.id}" for name, service in found.items() for matter in service.definition.matters}
    known = {
        "page": pages(get_resolver()),
        "register": set(registers(cities.current().id)),
        "activity": {kind for kind, _name in Activity.KINDS},
        "service": {*found, *matters},
        "command": {path.stem.rstrip("_") for path in Path(__file__).parent.glob("*.py")},
        "api": set(api.get_openapi_schema()["paths"]),
        "report": set(TITLES),
    }
    try:
        return [f"standards/policies/data/{fault.place}: {fault.problem}" for fault in policies.check_parts(known)]
    except BadPolicy as error:
        return [str(error)]


def pages(resolver: URLResolver) -> set[str]:
    """The names of all pages."""
    names: set[str] = set()
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            names |= pages(pattern)
        elif pattern.name:
            names.add(pattern.name)
    return names


def _templates(service: Service) -> list[str]:
    """Document templates must be YAML mappings with known keys."""
    known = {"title", "addressee", "body", "plain", "reasons", "remedy", "closing"}
    found = []
    for path in (
        sorted((service.folder / "documents").glob("*.yaml")) if (service.folder / "documents").exists() else []
    ):
        found += _template(path, known)
    used = {document.template for document in service.definition.documents}
    spare = {p.stem for p in (service.folder / "documents").glob("*.yaml")} - used
    return found + [
        f"{service.definition.id}: template documents/{name}.yaml belongs to no document" for name in sorted(spare)
    ]


def _template(path: Path, known: set[str]) -> list[str]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        return [f"{path.name}: not valid YAML: {error}"]
    if not isinstance(content, dict):
        return [f"{path.name}: must be a mapping"]
    return [f"{path.name}: unknown key {key!r}" for key in sorted(set(content) - known)]
