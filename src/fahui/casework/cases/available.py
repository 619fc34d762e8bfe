"""What may be done now, and why the rest may not."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from fahui.casework.cases.models import Case
from fahui.casework.cases.permissions import standing
from fahui.casework.cases.queries import Around, around, facts
from fahui.casework.definitions.loader import service
from fahui.casework.definitions.plugin import Verdict
from fahui.casework.definitions.queries import definition_of
from fahui.casework.definitions.schema import Action
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader


@dataclass(frozen=True)
class Offer:
    """One action for one reader at this moment. `reasons` say why not; empty when it may be done."""

    action: Action
    allowed: bool
    reasons: list[str] = field(default_factory=list)
    # What the guards of this action say, for those who decide.
    verdicts: list[Verdict] = field(default_factory=list)


def offers(reader: Reader, case: Case, *, with_refused: bool = True, beside: Around | None = None) -> list[Offer]:
    """The actions of the case's present state. Those the reader has no part in are left out, unless they are staff,
    who see whom to ask. Guards that look at the form are asked again when it is filled in. `beside`: what stands around
    the case, when it has been read already."""
    home, definition = service(case.service), definition_of(case.version_id)
    place = standing(reader, case)
    beside = beside or around(case)
    base = None
    found: list[Offer] = []
    if case.merged_into_id:
        return found
    for action in definition.actions:
        if case.state not in action.from_ or action.by == ["system"] or case.matter not in (action.matters or [case.matter]):
            continue
        if place.acting_role(action.by) is None:
            if with_refused and reader.kind == "staff":
                found.append(Offer(action, False, [place.refusal(action)]))
            continue
        reasons, verdicts = [], []
        if beside.waiting:
            reasons.append(_("有一项意见正等待另一位同事复核"))
        if action.guards:
            base = base or facts(case, reader, {}, clock.now(), past=beside.past)
            verdicts = [home.guard(name).test(base) for name in action.guards]
            reasons += [v.text(reader.language) for v in verdicts if v.allowed is False]
        found.append(Offer(action, not reasons, reasons, verdicts))
    return sorted(found, key=lambda offer: (not offer.allowed, not offer.action.primary))
