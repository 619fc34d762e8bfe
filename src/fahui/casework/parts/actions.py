"""Who has a part in a case that is being opened, and whose accounts see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fahui.casework.cases.models import OWN_PARTS, Case, CaseParty, admit
from fahui.foundation import prelude
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.people.actions import Person, make_party
from fahui.foundation.people.models import Party

# Others with a part: (role, Person, extra values).
Others = tuple[tuple[str, Person, dict[str, Any]], ...]


def take_parts(case: Case, applicant: Party | None, others: Others) -> list[CaseParty]:
    """The parts people have in a new case, not written yet; people who are new are."""
    rows = [prelude.fresh(CaseParty, case=case, party=applicant, role="applicant")] if applicant else []
    for role, person, extra in others:
        party = make_party(person)
        prelude.write(party)
        rows.append(CaseParty(case=case, party=party, role=role, extra=extra))
    for name in _other_side(case.details):
        party = make_party(Person(name=name, kind="organisation"))
        prelude.write(party)
        rows.append(CaseParty(case=case, party=party, role="opponent"))
    present = {part.party.name for part in rows}
    for role, person in _acting_for(case.details):
        if person.name not in present or role == "guardian":
            party = make_party(person)
            prelude.write(party)
            rows.append(CaseParty(case=case, party=party, role=role))
    return rows


def all_new(parts: list[CaseParty], applicant: Party | None, new: Party | None) -> list[Party] | None:
    """Those who are told, when all of them are new to us; None when one may have an account already."""
    if applicant is not new:
        return None
    return [part.party for part in parts if part.role in OWN_PARTS]


def _acting_for(details: Mapping[str, Any]) -> list[tuple[str, Person]]:
    """Whoever asks for somebody else, and the guardian who agreed to be called: they are told, since the person who
    needs help may be in custody or a child. Somebody without a number cannot be."""
    named = [("agent", "representative"), ("guardian", "guardian")]
    found = [(role, str(details.get(f"{key}_name") or "").strip(), str(details.get(f"{key}_phone") or "").strip()) for role, key in named]
    return [(role, Person(name[:120] or "家属", phone=phone)) for role, name, phone in found if phone]


def _other_side(details: Mapping[str, Any]) -> list[str]:
    """The names under `other_side` (one a line): parties too, so that conflicts of interest can be found."""
    lines = str(details.get("other_side") or "").splitlines()
    return list(dict.fromkeys(line.strip()[:120] for line in lines if line.strip()))[:20]


def let_in(reader: Reader, case: Case, *, known: bool) -> None:
    """Whoever opened it, and the applicant's accounts (which a person who is new, not `known`, cannot have)."""
    users: dict[int, str] = {}
    if reader.user_id and reader.kind != "system":
        users[reader.user_id] = "opened"
    if case.applicant_id and known:
        for user in User.objects.filter(party_id=case.applicant_id).values_list("pk", flat=True):
            users[user] = "applicant"
    prelude.write(*(admit(case.pk, user, why) for user, why in users.items()))
