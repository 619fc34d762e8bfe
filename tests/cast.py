"""The fixed cast of the tests: who they are never changes, so that a test reads as a sentence.

Two neighbouring counties of Leshan (五通桥区 511112, 犍为县 511123), the city above them, and people of every kind.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fahui.casework.cases.actions import Opening, open_case
from fahui.casework.cases.models import Case
from fahui.casework.definitions.loader import service_numbers
from fahui.foundation.accounts.actions import make_staff
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.queries import reader_of
from fahui.foundation.accounts.scope import SYSTEM, Reader, as_system
from fahui.foundation.people.actions import Person, make_party
from fahui.foundation.people.models import Institution, Practitioner

CITY, COUNTY, NEIGHBOUR = 511100000000, 511112000000, 511123000000
TOWNSHIP = 511112101000
PASSWORD = "cast-password-1"


@dataclass
class Cast:
    """Accounts by name, and readers made from them."""

    users: dict[str, User] = field(default_factory=dict)
    institutions: dict[str, Institution] = field(default_factory=dict)
    lawyers: dict[str, Practitioner] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Reader:
        """The reader of a member of the cast."""
        with as_system():
            return reader_of(User.objects.get(pk=self.users[name].pk), service_numbers())


def assemble() -> Cast:
    """Make the cast (inside a transaction that reads as the system)."""
    cast = Cast()
    for key, kind, name, region in [
        ("bureau", "justice_bureau", "乐山市司法局", CITY), ("hotline", "hotline_centre", "乐山市热线中心", CITY),
        ("aid_city", "legal_aid_agency", "乐山市法律援助中心", CITY),
        ("aid", "legal_aid_agency", "五通桥区法律援助中心", COUNTY),
        ("aid_neighbour", "legal_aid_agency", "犍为县法律援助中心", NEIGHBOUR),
        ("firm", "law_firm", "五通桥甲律师事务所", COUNTY), ("firm_b", "law_firm", "五通桥乙律师事务所", COUNTY),
    ]:  # fmt: skip
        cast.institutions[key] = Institution.objects.create(
            code=f"T-{key}", kind=kind, name=name, short_name="乐", region_code=region, phone="0833-2100000"
        )
    posts: dict[str, list[tuple[str, int, str, str, bool]]] = {
        "agent": [("hotline_agent", CITY, "consultation", "hotline", False)],
        "lead": [("hotline_lead", CITY, "consultation", "hotline", False)],
        "clerk": [("window_clerk", COUNTY, "*", "aid", False)],
        "reviewer": [("aid_reviewer", COUNTY, "legal_aid", "aid", True), ("dispatcher", COUNTY, "legal_aid", "aid", True)],
        "approver": [("aid_approver", COUNTY, "legal_aid", "aid", True), ("dispatcher", COUNTY, "legal_aid", "aid", True)],
        "neighbour": [("aid_reviewer", NEIGHBOUR, "legal_aid", "aid_neighbour", True)],
        "city": [("aid_reviewer", CITY, "legal_aid", "aid_city", False)],
        "officer": [("bureau_officer", CITY, "*", "bureau", False), ("supervisor", CITY, "*", "bureau", False)],
        "leader": [("bureau_leader", CITY, "*", "bureau", False)],
        "evaluator": [("evaluator", CITY, "legal_aid", "bureau", False)],
        "admin": [("system_admin", CITY, "*", "bureau", False)],
        "lawyer": [("duty_lawyer", COUNTY, "*", "firm", False)],
        "lawyer_b": [("duty_lawyer", COUNTY, "*", "firm_b", False)],
    }  # fmt: skip
    for name, held in posts.items():
        made: list[dict[str, Any]] = [
            {"role": role, "region_code": region, "service": service, "institution": cast.institutions[where],
             "cleared": cleared, "valid_from": date(2020, 1, 1)}
            for role, region, service, where, cleared in held
        ]  # fmt: skip
        cast.users[name] = make_staff(SYSTEM, f"t-{name}", name, PASSWORD, made)
    for name, firm, fields, tags in [
        ("lawyer", "firm", ["劳动", "刑事"], ["juvenile_skilled"]), ("lawyer_b", "firm_b", ["婚姻家庭"], []),
    ]:  # fmt: skip
        cast.lawyers[name] = Practitioner.objects.create(
            licence=f"T-{name}", kind="lawyer", name=name, institution=cast.institutions[firm], region_code=COUNTY,
            phone="0833-2100010", licensed_on=date(2012, 1, 1), criminal_since=date(2013, 1, 1), fields=fields,
            tags=tags, user=cast.users[name],
        )  # fmt: skip
    party = make_party(Person(name="李小婶", phone="17000000011"))
    party.save(force_insert=True)
    cast.users["resident"] = User(username="t-resident", kind="resident", name="李小婶", party=party)
    cast.users["resident"].set_unusable_password()
    cast.users["resident"].save(force_insert=True)
    return cast


def wage_claim(reader: Reader, **more: Any) -> Case:
    """A wage claim for legal aid in the county, opened by this reader."""
    details = {
        "matter_kind": "wages", "facts": "在滨江二期工地干活，工资没有结清。", "claim_fen": 1_260_000,
        "still_working": False, "left_on": "2025-06-18", "exempt_group": "migrant_worker", "other_side": "A建设公司\nB劳务公司",
    } | more.pop("details", {})  # fmt: skip
    opening = Opening(
        service="legal_aid", matter="civil", channel=more.pop("channel", "window"),
        region_code=more.pop("region_code", TOWNSHIP), title="讨薪 · 滨江二期",
        person=more.pop("person", Person(name="申请人甲", phone="17000000001")), details=details, **more,
    )  # fmt: skip
    return open_case(reader, opening)
