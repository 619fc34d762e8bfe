"""What a service folder may plug into the spine, and the words its rules speak.

A service's `rules.py` registers guards, its `actions.py` registers effects, its `details.py` holds the forms:

    from fahui.casework.definitions.plugin import Facts, Verdict, guard, no, yes

    @guard("urgent_ground", "有紧急情形", "There is an urgent ground", basis=["法律援助法第四十四条"])
    def urgent_ground(facts: Facts) -> Verdict:
        ...

A guard is pure: it sees Facts, plain values only, and answers with a Verdict that says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal


@dataclass(frozen=True)
class Verdict:
    """A guard's answer. `allowed` None means not yet known: ask for what `zh` names."""

    allowed: bool | None
    zh: str
    en: str
    basis: tuple[str, ...] = ()

    def text(self, language: str = "zh-hans") -> str:
        """The reason in the reader's language."""
        return self.en if language.startswith("en") else self.zh


def yes(zh: str = "可以办理", en: str = "Allowed", *basis: str) -> Verdict:
    """The guard holds."""
    return Verdict(True, zh, en, basis)


def no(zh: str, en: str, *basis: str) -> Verdict:
    """The guard does not hold, and why."""
    return Verdict(False, zh, en, basis)


def unknown(zh: str, en: str, *basis: str) -> Verdict:
    """Cannot be told yet, and what is missing."""
    return Verdict(None, zh, en, basis)


@dataclass(frozen=True)
class Parameter:
    """A value a province or city sets, with its source."""

    value: Decimal | str | int | bool
    unit: str
    source: str


@dataclass(frozen=True)
class LocalValue:
    """A value a service's rules look for and the law leaves to the locality. `rules.LOCAL_VALUES` lists them by name;
    a deadline's own local length is listed by its definition and needs no entry there.

    kind: `money` (whole fen), `number`, `count` (a whole number), `yes_no`, or `words`, of which only those in `among`
    are known. `instead`: words that may stand in place of a figure (不设).
    """

    zh: str
    en: str
    kind: Literal["money", "number", "count", "yes_no", "words"]
    basis: tuple[str, ...]
    unit: str = ""
    among: frozenset[str] = frozenset()
    instead: frozenset[str] = frozenset()

    def fits(self, value: Any) -> bool:
        """Whether a value can be used by the rules that ask for it."""
        if value in self.instead:
            return True
        if self.kind == "yes_no":
            return isinstance(value, bool)
        if self.kind == "words":
            parts = value if isinstance(value, list | tuple) else re.split(r"[\n、，,；;]+", str(value))
            named = {str(part).strip() for part in parts}
            return bool(named - {""}) and (not self.among or named <= self.among)
        try:
            figure = Decimal(str(value))
        except InvalidOperation:
            return False
        whole = figure.is_finite() and figure == figure.to_integral_value()
        return not isinstance(value, bool) and figure.is_finite() and figure >= 0 and (whole or self.kind == "number")


@dataclass(frozen=True)
class Facts:
    """What a rule may look at: plain values of one case at one moment."""

    service: str
    matter: str
    state: str
    region: int
    now: datetime
    today: date
    opened_at: datetime
    # The case's details and the action's form, as JSON-like values (dates are ISO texts, money integer fen).
    details: Mapping[str, Any]
    payload: Mapping[str, Any]
    flags: frozenset[str]
    sealed: bool
    # Ids of the actor and of people with a part in the case: role → party ids.
    actor_party: int | None
    parties: Mapping[str, tuple[int, ...]]
    # Kinds of papers handed in, with the best trust level of each.
    papers: Mapping[str, str]
    # Local values in force today: name → Parameter. A missing value is asked for, never invented.
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    # What was decided so far: action ids in order.
    history: tuple[str, ...] = ()
    # The practitioner an assignment is about, if any.
    candidate: Mapping[str, Any] | None = None
    channel: str = ""
    actor_user: int | None = None
    # User ids of those who did something on the case this one came from.
    origin_handlers: tuple[int, ...] = ()
    # Who did each action of `history`, those who proposed it included: action id → user ids.
    doers: Mapping[str, frozenset[int]] = field(default_factory=dict)


Guard = Callable[[Facts], Verdict]


@dataclass(frozen=True)
class NamedGuard:
    """A registered guard with the sentence people read."""

    name: str
    zh: str
    en: str
    basis: tuple[str, ...]
    test: Guard


@dataclass
class Registry:
    """Guards and effects by name. One for the spine's own (shared), one for each service."""

    guards: dict[str, NamedGuard] = field(default_factory=dict)
    effects: dict[str, Callable[..., None]] = field(default_factory=dict)


_BY_MODULE: dict[str, Registry] = {}


def registry_of(package: str) -> Registry:
    """The registry of a service package such as `fahui.services.legal_aid`, or of the spine (`fahui.casework`)."""
    return _BY_MODULE.setdefault(package, Registry())


def _package_of(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:3]) if parts[:2] == ["fahui", "services"] else ".".join(parts[:2])


def guard(name: str, zh: str, en: str, basis: list[str] | None = None) -> Callable[[Guard], Guard]:
    """Register a predicate under a name a definition can use. Twice the same name in one service is an error."""

    def register(test: Guard) -> Guard:
        guards = registry_of(_package_of(test.__module__)).guards
        if name in guards:
            raise ValueError(f"guard {name!r} is registered twice in {test.__module__}")
        guards[name] = NamedGuard(name, zh, en, tuple(basis or ()), test)
        return test

    return register


def effect(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register an effect: a function of one ActionContext that writes inside the action's transaction."""

    def register(run: Callable[..., None]) -> Callable[..., None]:
        effects = registry_of(_package_of(run.__module__)).effects
        if name in effects:
            raise ValueError(f"effect {name!r} is registered twice in {run.__module__}")
        effects[name] = run
        return run

    return register
