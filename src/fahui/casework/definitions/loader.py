"""Finding and reading service folders, and resolving the names they use."""

from __future__ import annotations

import functools
import hashlib
import importlib
import json
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml
from pydantic import ValidationError

from fahui.casework.definitions.plugin import LocalValue, NamedGuard, Registry, registry_of
from fahui.casework.definitions.schema import Definition
from fahui.casework.forms.fields import CaseDetails, FormModel

SERVICES_PACKAGE = "fahui.services"
# Rooms of the spine that register guards and effects every service may use.
_SHARED = ["fahui.casework.cases.effects"]
RETENTION = "retention_years"
_RETENTION = LocalValue("案卷保存年限（照本局经批准的保管期限表填）", "Years a closed file is kept, as in the bureau's approved schedule",
                        "count", (), "years")  # fmt: skip


class BadDefinition(Exception):
    """A service folder cannot be used; the message lists every problem with its place."""


@dataclass(frozen=True)
class Service:
    """A service folder, loaded: its definition, its Python parts, and its files."""

    definition: Definition
    package: str
    folder: Path
    details: ModuleType
    rules: ModuleType

    def form(self, class_name: str) -> type[FormModel]:
        """A form class of details.py; KeyError when there is none."""
        found = getattr(self.details, class_name, None)
        if not (isinstance(found, type) and issubclass(found, FormModel)):
            raise KeyError(class_name)
        return found

    def details_form(self, matter: str) -> type[CaseDetails]:
        """The details model of a matter."""
        found = self.form(self.definition.matter(matter).details)
        if not issubclass(found, CaseDetails):
            raise KeyError(matter)
        return found

    @property
    def local_values(self) -> Mapping[str, LocalValue]:
        """What the law leaves to the locality and the service's rules look for, by name, beside its deadlines' lengths."""
        own: Mapping[str, LocalValue] = getattr(self.rules, "LOCAL_VALUES", {})
        return {**own, **({} if self.definition.retention.years else {RETENTION: _RETENTION})}

    def guard(self, name: str) -> NamedGuard:
        """A guard of the service, or of the spine."""
        own, shared = registry_of(self.package), shared_registry()
        return own.guards[name] if name in own.guards else shared.guards[name]

    def effect(self, name: str) -> Any:
        """An effect of the service, or of the spine."""
        own, shared = registry_of(self.package), shared_registry()
        return own.effects[name] if name in own.effects else shared.effects[name]

    def has_effect(self, name: str) -> bool:
        """Whether an optional effect such as `on_open` is registered."""
        return name in registry_of(self.package).effects


def shared_registry() -> Registry:
    """Guards and effects of the spine itself."""
    for module in _SHARED:
        importlib.import_module(module)
    return registry_of("fahui.casework")


def digest_of(definition: Definition) -> str:
    """The SHA-256 of the definition's canonical JSON: what makes a published version recognisable."""
    content = definition.model_dump(mode="json", by_alias=True)
    for action in content["actions"]:  # versions from before there were such words stay what they were
        if action["public"] is None:
            del action["public"]
        if not action["decided_by"]:
            del action["decided_by"]
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def read_definition(path: Path) -> Definition:
    """Read and validate one definition.yaml. Raises BadDefinition naming every wrong key and value."""
    try:
        return Definition.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise BadDefinition(f"{path}: not valid YAML: {error}") from error
    except ValidationError as error:
        lines = [f"  {'.'.join(map(str, e['loc']))}: {e['msg']} (found {e.get('input')!r:.80})" for e in error.errors()]
        raise BadDefinition(f"{path}:\n" + "\n".join(lines)) from error


@functools.cache
def services() -> dict[str, Service]:
    """Every service folder by id, in the order of the residents' first page. Read once."""
    found: dict[str, Service] = {}
    numbers: dict[int, str] = {}
    package = importlib.import_module(SERVICES_PACKAGE)
    for module in pkgutil.iter_modules(package.__path__):
        name = f"{SERVICES_PACKAGE}.{module.name}"
        folder = Path(str(importlib.import_module(name).__file__)).parent
        if not (folder / "definition.yaml").exists():
            continue
        service = load_service(name, folder)
        definition = service.definition
        if definition.id != module.name:
            raise BadDefinition(f"{folder}: the id is {definition.id!r} but the folder is {module.name!r}")
        if definition.number in numbers:
            raise BadDefinition(f"{definition.id} and {numbers[definition.number]} both have number {definition.number}")
        numbers[definition.number] = definition.id
        found[definition.id] = service
    return dict(sorted(found.items(), key=lambda item: (item[1].definition.order, item[0])))


def load_service(package: str, folder: Path) -> Service:
    """Load one service folder: definition.yaml, details.py, rules.py and, if there is one, actions.py."""
    definition = read_definition(folder / "definition.yaml")
    details = importlib.import_module(f"{package}.details")
    rules = importlib.import_module(f"{package}.rules")
    if (folder / "actions.py").exists():
        importlib.import_module(f"{package}.actions")
    return Service(definition, package, folder, details, rules)


def service(service_id: str) -> Service:
    """One service; KeyError when there is no such folder."""
    return services()[service_id]


def service_numbers() -> dict[str, int]:
    """Service id → number, for scope keys."""
    return {name: s.definition.number for name, s in services().items()}
