"""Reading people and organisations. Row security shows only parties of cases the reader may see."""

from __future__ import annotations

from django.db.models import QuerySet

from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.actions import record_look
from fahui.foundation.people.models import Institution, Party, Practitioner
from fahui.foundation.regions.rules import jurisdiction
from fahui.foundation.vault import identity as numbers
from fahui.foundation.vault.crypto import blind_index, decrypt


def parties_by_phone(phone: str) -> QuerySet[Party]:
    """Parties with this phone number, newest first. Empty when the text is no phone number."""
    try:
        plain = numbers.read_phone(phone)
    except ValueError:
        return Party.objects.none()
    return Party.objects.filter(phone_index=blind_index(plain, "party.phone"), merged_into=None).order_by("-id")


def parties_by_identity(identity: str) -> QuerySet[Party]:
    """Parties with this identity number, newest first. Empty when the text is no identity number."""
    try:
        plain = numbers.read_identity(identity)
    except ValueError:
        return Party.objects.none()
    index = blind_index(plain, "party.identity")
    return Party.objects.filter(identity_index=index, merged_into=None).order_by("-id")


def phone_of(party: Party) -> str:
    """The phone in clear. For sending; a screen that shows it uses `reveal`."""
    return decrypt(bytes(party.phone), f"party.phone:{party.pk}") if party.phone else ""


def identity_of(party: Party) -> str:
    """The identity number in clear. A screen that shows it uses `reveal`."""
    return decrypt(bytes(party.identity), f"party.identity:{party.pk}") if party.identity else ""


def masked_phone(party: Party) -> str:
    """`137****0001`."""
    return numbers.mask(phone_of(party)) if party.phone else ""


def masked_identity(party: Party) -> str:
    """`511************123`."""
    return numbers.mask(identity_of(party), 3, 3) if party.identity else ""


def reveal(reader: Reader, party: Party, case_id: int | None, why: str) -> dict[str, str]:
    """Phone and identity in clear, with the look written to the audit log."""
    record_look(reader, f"party:{party.pk}", case_id=case_id, why=why)
    return {"phone": phone_of(party), "identity": identity_of(party)}


def institutions(region_code: int | None = None, kind: str = "") -> QuerySet[Institution]:
    """Active institutions, public information, by key order."""
    found = Institution.objects.filter(active=True)
    if region_code:
        low, high = jurisdiction(region_code)
        found = found.filter(region_code__gte=low, region_code__lt=high)
    return (found.filter(kind=kind) if kind else found).order_by("id")


def name_of(kind: str, key: int) -> str:
    """The name of an institution or practitioner, by its key; "" for one that is not there."""
    if kind == "institution":
        return Institution.objects.filter(pk=key).values_list("name", flat=True).first() or ""
    return Practitioner.objects.filter(pk=key).values_list("name", flat=True).first() or ""
