"""Static checks of a service folder: what would strand a case is found before anything is published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fahui.casework.definitions.loader import RETENTION, Service
from fahui.casework.definitions.schema import Definition
from fahui.foundation.accounts.roles import Role


def problems(service: Service) -> list[str]:
    """Everything wrong with a service folder, in words that name the place. Empty when it may be published."""
    definition = service.definition
    found = [
        *_doubles(definition),
        *_unknown_states(definition),
        *_dead_ends(definition),
        *_ownerless(definition),
        *_sourceless(definition),
        *_unknown_names(service),
        *_papers(service),
    ]
    return [f"{definition.id}: {problem}" for problem in found]


def _doubles(d: Definition) -> Iterator[str]:
    groups: list[tuple[str, Iterable[str]]] = [
        ("matter", [m.id for m in d.matters]), ("state", [s.id for s in d.states]),
        ("action", [a.id for a in d.actions]), ("deadline", [x.id for x in d.deadlines]),
        ("material", [m.id for m in d.materials]), ("document", [x.id for x in d.documents]),
        ("notice", [n.id for n in d.notices]), ("outcome", [o.id for o in d.outcomes]),
    ]  # fmt: skip
    for kind, ids in groups:
        listed = list(ids)
        yield from (f"{kind} {i} is defined twice" for i in sorted(set(listed)) if listed.count(i) > 1)


def _unknown_states(d: Definition) -> Iterator[str]:
    states = {s.id for s in d.states}
    for matter in d.matters:
        if matter.start not in states:
            yield f"matter {matter.id} starts in {matter.start}, which is no state"
    for action in d.actions:
        for state in [*action.from_, *([action.to] if action.to else [])]:
            if state not in states:
                yield f"action {action.id} names state {state}, which does not exist"
    for deadline in d.deadlines:
        for state in [*deadline.starts, *deadline.meets, *deadline.cancels, *deadline.suspends]:
            if state not in states:
                yield f"deadline {deadline.id} names state {state}, which does not exist"


def _dead_ends(d: Definition) -> Iterator[str]:
    ends = {s.id for s in d.states if s.end}
    steps: dict[str, set[str]] = {s.id: set() for s in d.states}
    for action in d.actions:
        for origin in action.from_:
            if origin in ends and action.to and action.to not in ends:
                yield f"end state {origin} can be left by {action.id}: reopening is a new case that names the old one"
            if action.to and origin in steps:
                steps[origin].add(action.to)
    reached = _closure({m.start for m in d.matters if m.start in steps}, steps)
    for state in d.states:
        if state.id not in reached:
            yield f"state {state.id} cannot be reached from any start"
        if not state.end and not _closure({state.id}, steps) & ends:
            yield f"state {state.id} can never come to an end"


def _sourceless(d: Definition) -> Iterator[str]:
    if d.retention.years and not d.retention.basis:
        yield "retention: years without a basis; name the source, or leave them out and the city sets retention_years"


def _closure(begin: set[str], steps: dict[str, set[str]]) -> set[str]:
    seen, todo = set(begin), list(begin)
    while todo:
        for following in steps.get(todo.pop(), set()) - seen:
            seen.add(following)
            todo.append(following)
    return seen


def _ownerless(d: Definition) -> Iterator[str]:
    timed = {state for deadline in d.deadlines for state in deadline.starts}
    by_action = {deadline for action in d.actions for deadline in action.starts}
    reached_timed = {a.to for a in d.actions if a.to and a.starts} | timed
    for state in d.states:
        if state.end:
            if state.owner:
                yield f"end state {state.id} has an owner; nobody must move a case that has ended"
            continue
        if state.owner is None:
            yield f"open state {state.id} has no owner"
        if state.id not in reached_timed and state.no_deadline_because is None:
            yield f"open state {state.id} has neither a deadline nor a reason for having none"
    for deadline in d.deadlines:
        if not deadline.starts and deadline.id not in by_action:
            yield f"deadline {deadline.id} is never started"
        receipts = {document.id for document in d.documents if document.receipt and Role.APPLICANT in document.to}
        for document in sorted(set(deadline.from_receipt) - receipts):
            yield f"deadline {deadline.id} counts from receipt of {document}, which no applicant signs for"
        if any(not 0 < part < 1 for part in deadline.warn_at):
            yield f"deadline {deadline.id}: warn_at holds parts of the time left, between 0 and 1"


def _unknown_names(service: Service) -> Iterator[str]:
    d = service.definition
    known = {
        "deadline": {x.id for x in d.deadlines}, "document": {x.id for x in d.documents},
        "notice": {n.id for n in d.notices}, "outcome": {o.id for o in d.outcomes},
    }  # fmt: skip
    for action in d.actions:
        where = f"action {action.id}"
        for deadline in [*action.starts, *action.meets, *action.suspends, *action.resumes,
                         *([action.on_missed] if action.on_missed else [])]:  # fmt: skip
            if deadline not in known["deadline"]:
                yield f"{where} names deadline {deadline}, which does not exist"
        yield from (f"{where} issues {x}, which is no document" for x in action.documents if x not in known["document"])
        yield from (f"{where} sends {x}, which is no notice" for x in action.notices if x not in known["notice"])
        matters = {m.id for m in d.matters}
        yield from (f"{where} names matter {m}, which does not exist" for m in action.matters if m not in matters)
        if action.outcome and action.outcome not in known["outcome"]:
            yield f"{where} has outcome {action.outcome}, which does not exist"
        yield from _missing_form(service, action.form, where)
        yield from _missing_guards(service, action.guards, where)
        for effect in action.effects:
            try:
                service.effect(effect)
            except KeyError:
                yield f"{where} names effect {effect}, which is not registered"
    for matter in d.matters:
        yield from _missing_form(service, matter.details, f"matter {matter.id}")
        yield from _missing_guards(service, [matter.sealed_when] if matter.sealed_when else [], f"matter {matter.id}")
    for spec in d.deadlines:
        yield from _missing_guards(service, [spec.when] if spec.when else [], f"deadline {spec.id}")
    for material in d.materials:
        yield from _missing_guards(service, [material.when] if material.when else [], f"material {material.id}")
    if d.assignment:
        yield from _missing_guards(service, d.assignment.guards, "assignment")
    for kind in ("document", "notice"):
        used = {x for a in d.actions for x in (a.documents if kind == "document" else a.notices)}
        spare = known[kind] - used - _sent_elsewhere(service)
        yield from (f"{kind} {x} is never issued by any action" for x in sorted(spare))


def _sent_elsewhere(service: Service) -> set[str]:
    """Documents and notices that the service's own effects issue, found by name in actions.py."""
    actions = service.folder / "actions.py"
    text = actions.read_text(encoding="utf-8") if actions.exists() else ""
    names = [d.id for d in service.definition.documents] + [n.id for n in service.definition.notices]
    return {name for name in names if f'"{name}"' in text}


def _missing_form(service: Service, name: str | None, where: str) -> Iterator[str]:
    if name:
        try:
            service.form(name)
        except KeyError:
            yield f"{where} names form {name}, which is not in details.py"


def _missing_guards(service: Service, names: Iterable[str], where: str) -> Iterator[str]:
    for name in names:
        try:
            service.guard(name)
        except KeyError:
            yield f"{where} names guard {name}, which is not registered"


def _papers(service: Service) -> Iterator[str]:
    for document in service.definition.documents:
        if not (service.folder / "documents" / f"{document.template}.yaml").exists():
            yield f"document {document.id} has no template documents/{document.template}.yaml"


def awaited(service: Service) -> list[str]:
    """What no source gives and the bureau has to say: how long files are kept, and lengths that are our proposal."""
    d = service.definition
    found = [] if d.retention.years else [f"{d.id}: {RETENTION}, how long closed files are kept, has no source"]
    return found + [
        f"{d.id}: {x.local_parameter}, {x.name.en.lower()}, is {x.length} by proposal only" for x in d.deadlines if x.proposed
    ]


def citations(service: Service) -> list[tuple[str, str]]:
    """Every citation of a service with its place: [("legal_aid: deadline review", "法律援助法第四十三条"), …]."""
    d = service.definition
    found = [(f"{d.id}", c) for c in d.basis] + [(f"{d.id}: retention", c) for c in d.retention.basis]
    for kind, parts in (("action", d.actions), ("deadline", d.deadlines), ("material", d.materials),
                        ("document", d.documents)):  # fmt: skip
        found += [(f"{d.id}: {kind} {part.id}", c) for part in parts for c in part.basis]
    return found
