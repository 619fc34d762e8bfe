"""What the holder of a tracking number may know: the same answer for the page and the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from fahui.casework.cases.models import Case
from fahui.casework.cases.queries import by_tracking_number
from fahui.casework.definitions.queries import definition_of
from fahui.casework.definitions.schema import Definition
from fahui.foundation import cities
from fahui.foundation.accounts.scope import as_system
from fahui.foundation.audit.models import Event


def tracked(text: str, language: str = "zh-hans") -> dict[str, Any]:
    """Where a matter is, who has it, by when, and what happened. Raises Invalid (mistyped) or Missing.

    The number is a secret of 55 bits, so it opens this much without signing in; names of the people in the matter,
    facts and papers are not part of it. A sealed matter says only that it is being handled and whom to call.
    """
    with as_system():
        case, past = by_tracking_number(text)
        definition = definition_of(case.version_id)
        state = definition.state(case.state)
        steps = [] if case.sealed else [step for event in past if (step := _step(event, definition, language))]
        deadline = definition.deadline(case.next_deadline) if case.next_deadline else None
        name, phone = person_in_charge(case)
    bureau = cities.current().bureau
    due_for = deadline.name.text(language) if deadline else ""
    return {
        "tracking_number": case.tracking_number, "service": definition.name.text(language),
        "state": state.name.text(language), "explanation": state.public.text(language), "open": case.open,
        "person_in_charge": name, "phone": phone,
        "institution": case.institution.name if case.institution else bureau.text(language),
        "due": None if case.sealed else case.next_due, "due_for": "" if case.sealed else due_for, "steps": steps,
    }  # fmt: skip


def person_in_charge(case: Case) -> tuple[str, str]:
    """Name and phone of whoever answers for a case; the institution and the hotline while nobody has it yet."""
    hotline = cities.current().hotline
    if case.sealed:
        return "", hotline
    if case.provider:
        return case.provider.name, case.provider.phone or case.provider.institution.phone or hotline
    if case.handler:
        return case.handler.name, case.handler.phone or (case.institution.phone if case.institution else "") or hotline
    return (case.institution.name if case.institution else ""), (case.institution.phone if case.institution else "") or hotline


def _step(event: Event, definition: Definition, language: str) -> dict[str, Any] | None:
    if event.kind == "case.opened":
        return {"at": event.at, "text": _("已收到")}
    told = definition.told(str(event.data.get("action")), language) if event.kind == "case.action" else ""
    return {"at": event.at, "text": told} if told else None
