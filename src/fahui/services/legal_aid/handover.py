"""What a request for the duty lawyer already knows, in the words of an application for legal aid. Pure."""

from __future__ import annotations

from typing import Any

from fahui.casework.definitions.plugin import Facts
from fahui.casework.definitions.values import text_of

_SAME = ("birth_date", "charge", "criminal_stage", "organ", "detained", "detained_at", "own_lawyer", "access_needs", "other_side")
# Before a court the accused is a defendant; before that, a suspect.
_BEFORE_COURT = frozenset({"first_instance", "second_instance", "death_review", "retrial"})


# What decisions left in the file: a new application begins without them.
_NOTES = frozenset({"supplement_list", "supplement_due_on", "decided_on", "granted_at", "early_reason", "reconsider_until", "sue_until"})


def asked_again(facts: Facts) -> dict[str, Any]:
    """The answers of an application that is taken up again; what is known of the person's record stays there."""
    return {name: value for name, value in facts.details.items() if name not in _NOTES and not name.startswith("_")}


def application_from(facts: Facts) -> dict[str, Any]:
    """The answers of a criminal application that the duty lawyer passes on (法律援助法第三十九条); unknown answers stay out."""
    details = facts.details
    role = "defendant" if details.get("criminal_stage") in _BEFORE_COURT or details.get("organ") == "court" else "suspect"
    found = {
        "applies_for": "self", "criminal_role": role, "handling_organ": text_of(details, "organ_name"),
        "facts": text_of(facts.payload, "note"), "forwarded_by": "duty_lawyer",
        "forwarded_from_at": details.get("aid_asked_at"), **{name: details.get(name) for name in _SAME},
    }  # fmt: skip
    return {name: value for name, value in found.items() if value not in (None, "", [])}
