"""Who may do an action on a case they can see: the one module that answers."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fahui.casework.cases.models import OWN_PARTS, Case, CaseParty
from fahui.casework.definitions.schema import Action
from fahui.foundation import clock
from fahui.foundation.accounts.models import HelperConsent
from fahui.foundation.accounts.roles import CASE_READERS, POST_ROLES, ROLE_NAMES, Role
from fahui.foundation.accounts.scope import Reader, covers
from fahui.foundation.errors import Forbidden

_OFFICE = frozenset(role.value for role in CASE_READERS) | {Role.HANDLER.value}


@dataclass(frozen=True)
class Standing:
    """A reader's parts in one case, looked up once and asked for many actions."""

    reader: Reader
    case: Case
    roles: frozenset[str]

    def acting_role(self, allowed: list[Role]) -> str | None:
        """The role under which the reader may act, in the order the definition lists them; None when there is none."""
        return next((role.value for role in allowed if role.value in self.roles), None)

    @property
    def works(self) -> bool:
        """Whether the reader works on the case: for the office, or as the one it was given to."""
        return self.of_office or Role.PROVIDER.value in self.roles

    @property
    def of_office(self) -> bool:
        """Whether the reader works on the case for the office."""
        return bool(self.roles & _OFFICE)

    def refusal(self, action: Action) -> str:
        """Why not, in words."""
        column = 1 if (get_language() or "").startswith("en") else 0
        names = _("、").join(ROLE_NAMES[role][column] for role in action.by)
        return _("“%(action)s”由%(roles)s办理。") % {"action": action.name.text(), "roles": names}


def must_decide(place: Standing, proposer: Reader, action: Action) -> None:
    """Of the two people who decide, one holds a post that may: the one who confirms, or else the one who proposed.

    Raises Forbidden.
    """
    case = place.case
    if not action.decided_by or place.acting_role(action.decided_by):
        return
    if not proposer.holds(action.decided_by, case.service, case.region_code):
        raise Forbidden(place.refusal(action.model_copy(update={"by": action.decided_by})))


def standing(reader: Reader, case: Case) -> Standing:
    """All roles the reader has towards a case: by post, by part, by charge."""
    roles: set[str] = set()
    if reader.kind == "system":
        roles.add(Role.SYSTEM)
    if reader.kind == "resident" and _is_party(reader, case):
        roles.add(Role.APPLICANT)
    if reader.kind == "staff":
        where = (case.service, case.region_code)
        roles |= {post.role.value for post in reader.posts if post.role in POST_ROLES and (post.reaches(*where) or post.lies_in(*where))}
        if case.handler_id and case.handler_id == reader.user_id and covers(reader.posts, case.service, case.region_code, case.institution_id):
            roles.add(Role.HANDLER)
        if case.provider_id and case.provider_id == reader.practitioner_id:
            roles.add(Role.PROVIDER)
    return Standing(reader, case, frozenset(str(role) for role in roles))


def _is_party(reader: Reader, case: Case) -> bool:
    own = CaseParty.objects.filter(case=case, role__in=OWN_PARTS)
    if reader.party_id and own.filter(party_id=reader.party_id).exists():
        return True
    consents = HelperConsent.objects.filter(
        helper_id=reader.user_id or 0, ended_at=None, expires_at__gt=clock.now(), party__in=own.values("party")
    )
    return consents.exists()
