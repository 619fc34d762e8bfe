"""What the desk changes beyond one room's own actions."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from fahui.casework.cases.models import Case, CaseAccess
from fahui.foundation.accounts.actions import tie_practitioner, untie_practitioner
from fahui.foundation.accounts.scope import Reader, as_system
from fahui.foundation.people.models import Practitioner


@transaction.atomic
def tie(reader: Reader, practitioner_id: int, username: str) -> Practitioner:
    """Tie a practitioner to an account, which then sees what the practitioner provides or is offered.

    Raises what `tie_practitioner` raises.
    """
    practitioner, user = tie_practitioner(reader, practitioner_id, username)
    with as_system():
        CaseAccess.objects.bulk_create(
            [CaseAccess(case_id=pk, user=user, why="provider") for pk in _cases_of(practitioner)], ignore_conflicts=True
        )
    return practitioner


@transaction.atomic
def untie(reader: Reader, practitioner_id: int) -> Practitioner:
    """Part them again; the account sees none of the practitioner's cases any more. Raises what `untie_practitioner` raises."""
    practitioner, user = untie_practitioner(reader, practitioner_id)
    with as_system():
        CaseAccess.objects.filter(user=user, why="provider", case_id__in=_cases_of(practitioner)).delete()
    return practitioner


def _cases_of(practitioner: Practitioner) -> list[int]:
    """The cases a practitioner provides, or has an open offer of."""
    waiting = Q(assignments__practitioner=practitioner, assignments__status__in=["offered", "accepted"])
    return list(Case.objects.filter(Q(provider=practitioner) | waiting).values_list("pk", flat=True).distinct())
