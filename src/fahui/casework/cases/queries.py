"""Reading cases. Every list here is scoped to the reader; row security holds the same line underneath."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import Exact

from fahui.casework.cases.models import Case, CaseAccess, CaseParty
from fahui.casework.definitions.plugin import Facts, Parameter
from fahui.foundation import cities, clock
from fahui.foundation.accounts.queries import local_parameters
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.models import Event
from fahui.foundation.errors import Invalid, Missing
from fahui.foundation.identifiers import read_tracking_number
from fahui.foundation.people.queries import parties_by_identity, parties_by_phone
from fahui.foundation.prelude import ask

PAGE = 30


def visible(reader: Reader) -> QuerySet[Case]:
    """The cases a reader may see: their posts' services and jurisdictions, sealed ones only inside the circle."""
    if reader.kind == "system":
        return Case.objects.all()
    circle = CaseAccess.objects.filter(user_id=reader.user_id or 0).filter(Q(until=None) | Q(until__gt=clock.now()))
    if not reader.ranges:
        return Case.objects.filter(pk__in=circle.values("case_id"))
    # Whoever has a scope has most of their cases inside it: rows are asked one by one, only those outside.
    inside = Q()
    for low, high in reader.ranges:
        inside |= Q(scope_key__gte=low, scope_key__lt=high)
    open_to_scope = Q(sealed=False) | Q(institution_id__in=reader.cleared_institutions)
    # Row security has let only reachable rows through; few of them lie outside the ranges and ask this sub-select.
    within: Any = Exact(Subquery(circle.filter(case_id=OuterRef("pk")).values("user_id")[:1]), reader.user_id or 0)
    return Case.objects.filter((inside & open_to_scope) | Q(within))


def get(reader: Reader, case_id: int) -> Case:
    """One case. Raises Missing, which never says whether it exists."""
    found = visible(reader).select_related("applicant", "institution", "handler", "provider__institution")
    case = found.filter(pk=case_id).first()
    if case is None:
        raise Missing("没有找到这件事，或者您没有查看的权限。")
    return case


_INSIDE = (
    "EXISTS (SELECT 1 FROM casework_caseaccess a WHERE a.case_id = casework_case.id AND a.user_id = %s "
    "AND (a.until IS NULL OR a.until > %s))"
)


def locked(reader: Reader, case_id: int) -> Case:
    """One case with its row lock, for whoever is about to change it. Raises Missing like `get`; the same line as
    `visible`, drawn after the row is read so that one short statement does for looking and locking.
    """
    rows = Case.objects.raw(
        f"SELECT *, {_INSIDE} AS inside FROM casework_case WHERE id = %s FOR UPDATE",
        [reader.user_id or 0, clock.now(), case_id],
    )
    case = next(iter(rows), None)
    if case is None or not _sees(reader, case, case.inside):  # type: ignore[attr-defined]
        raise Missing("没有找到这件事，或者您没有查看的权限。")
    return case


def still_sees(reader: Reader, case: Case) -> bool:
    """Whether the reader may see a case as it stands now, for instance after having changed it."""
    if _sees(reader, case, False):
        return True
    circle = CaseAccess.objects.filter(user_id=reader.user_id or 0, case=case)
    return circle.filter(Q(until=None) | Q(until__gt=clock.now())).exists()


def _sees(reader: Reader, case: Case, inside: bool) -> bool:
    unsealed = not case.sealed or case.institution_id in reader.cleared_institutions
    return reader.kind == "system" or inside or (unsealed and reader.sees(case.scope_key))


def by_tracking_number(text: str) -> Case:
    """A case by the number its applicant holds; run as the system. Raises Invalid (mistyped) or Missing."""
    number = read_tracking_number(text)
    if number is None:
        raise Invalid(
            "编号不对。编号以FH开头，共14位，请对照短信或回执再输一次。", fields={"tracking_number": "请核对编号"}
        )
    case = Case.objects.select_related("institution", "handler", "provider__institution").filter(
        tracking_number=number
    ).first()
    if case is None:
        raise Missing("没有查到这个编号。请核对，或拨打12348。")
    return case


@dataclass(frozen=True)
class Page:
    """One keyset page: the rows, and the cursor of the next page ("" at the end)."""

    rows: list[Case]
    following: str


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to. Empty values narrow nothing."""

    service: str = ""
    matter: str = ""
    state: str = ""
    owner: str = ""
    flag: str = ""
    region: tuple[int, int] | None = None
    handler_id: int | None = None
    institution_id: int | None = None
    open_only: bool = False
    overdue_at: datetime | None = None
    unassigned: bool = False


def work_list(reader: Reader, wanted: Filter, cursor: str = "", size: int = PAGE) -> Page:
    """Open cases by what is due first (those without a due moment last). Keyset pages, no count."""
    return _by_due(_narrowed(visible(reader).filter(open=True), wanted), cursor, size)


def newest(reader: Reader, wanted: Filter, cursor: str = "", size: int = PAGE) -> Page:
    """Cases newest first. Keyset pages, no count."""
    rows = _narrowed(visible(reader), wanted).select_related("handler", "provider", "applicant")
    after = _read_cursor(cursor)
    if after:
        rows = rows.filter(id__lt=int(after["id"]))
    found = list(rows.order_by("-id")[: size + 1])
    return Page(found[:size], _cursor({"id": found[size - 1].pk}) if len(found) > size else "")


def mine(reader: Reader, cursor: str = "", size: int = PAGE) -> Page:
    """What I am in charge of or provide, by what is due first."""
    who = Q(handler_id=reader.user_id or 0)
    if reader.practitioner_id:
        who |= Q(provider_id=reader.practitioner_id)
        who |= Q(assignments__practitioner_id=reader.practitioner_id, assignments__status="offered")
    return _by_due(visible(reader).filter(who, open=True).distinct(), cursor, size)


def _by_due(rows: QuerySet[Case], cursor: str, size: int) -> Page:
    """One page of these cases by what is due first, then by key; those without a due moment last."""
    rows = rows.select_related("handler", "provider", "applicant")
    after = _read_cursor(cursor)
    if after:
        due, last = after.get("due"), int(after["id"])
        if due is None:
            rows = rows.filter(next_due=None, id__gt=last)
        else:
            rows = rows.filter(Q(next_due__gt=due) | Q(next_due=due, id__gt=last) | Q(next_due=None))
    found = list(rows.order_by(F("next_due").asc(nulls_last=True), "id")[: size + 1])
    if len(found) <= size:
        return Page(found, "")
    edge = found[size - 1]
    return Page(found[:size], _cursor({"due": edge.next_due.isoformat() if edge.next_due else None, "id": edge.pk}))


_LOOK_AT = 2000  # newest matches of the whole city that are looked at
_NAMED = "SELECT * FROM fahui_cases_named(%s, %s, %s)"
_TITLED = "SELECT * FROM fahui_cases_titled(%s, %s)"


def search(reader: Reader, text: str, limit: int = 20) -> list[Case]:
    """Cases by tracking number, phone, identity number, name or title. Newest first; never a count."""
    words = text.strip()
    if not words:
        return []
    base = visible(reader).select_related("handler", "provider", "applicant")
    number = read_tracking_number(words)
    if number:
        return list(base.filter(tracking_number=number))
    parties = list(parties_by_identity(words).values_list("pk", flat=True)[:50]) or list(
        parties_by_phone(words).values_list("pk", flat=True)[:50]
    )
    if parties:
        return list(base.filter(parts__party_id__in=parties).distinct().order_by("-id")[:limit])
    if len(words) < 2 or "\x00" in words:
        return []
    # The functions look past row security and give numbers only; `base` lets through what the reader may see.
    part = "%" + words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    named, titled = ask((_NAMED, [part, part[1:].lower(), _LOOK_AT]), (_TITLED, [part, _LOOK_AT]))
    by_name = list(base.filter(pk__in=[pk for pk, in named]).order_by("-id")[:limit])
    by_title = list(base.filter(pk__in=[pk for pk, in titled]).order_by("-id")[:limit]) if len(by_name) < limit else []
    return sorted({case.pk: case for case in [*by_name, *by_title]}.values(), key=lambda case: -case.pk)[:limit]


def matters_of(reader: Reader, party_ids: Sequence[int], limit: int = 20) -> list[Case]:
    """A person's matters, newest first, as far as the reader may see them."""
    rows = visible(reader).filter(parts__party_id__in=party_ids).distinct()
    return list(rows.select_related("handler", "provider").order_by("-id")[:limit])


def timeline(case: Case) -> list[Event]:
    """What happened to a case, oldest first (looks at personal data are not part of it)."""
    return list(Event.objects.filter(case_id=case.pk).exclude(kind="personal_data.read").order_by("id"))


def looks(case: Case, limit: int = 100) -> list[Event]:
    """Who looked at this case's personal data, newest first."""
    return list(Event.objects.filter(case_id=case.pk, kind="personal_data.read").order_by("-id")[:limit])


def possible_repeats(case: Case, limit: int = 5) -> list[Case]:
    """Open cases of the same service by the same person, which this one may repeat."""
    if case.applicant_id is None:
        return []
    person = case.applicant
    same = Q(applicant_id=case.applicant_id)
    if person and person.phone_index:
        same |= Q(applicant__phone_index=bytes(person.phone_index))
    if person and person.identity_index:
        same |= Q(applicant__identity_index=bytes(person.identity_index))
    rows = Case.objects.filter(same, service=case.service, open=True, sealed=False).exclude(pk=case.pk)
    return list(rows.order_by("-id")[:limit])


_PROPOSED = "SELECT 1 FROM casework_proposal WHERE case_id = %s AND status = 'open'"


def awaits_second(case: Case) -> bool:
    """Whether a proposal on this case waits for another person's decision."""
    return bool(ask((_PROPOSED, [case.pk]))[0])


_REPLAYED = "SELECT request_digest, case_id FROM casework_idempotency WHERE actor = %s AND key = %s"


def replayed(actor: str, key: str) -> tuple[bytes, int] | None:
    """(digest of the request, case) of the first request that carried this key, if any."""
    (rows,) = ask((_REPLAYED, [actor, key]))
    return (bytes(rows[0][0]), rows[0][1]) if rows else None


_PARTS = "SELECT role, party_id FROM casework_caseparty WHERE case_id = %s"
_PAPERS = "SELECT material, trust FROM casework_paper WHERE case_id = %s AND removed_at IS NULL"
_DONE = "SELECT data->>'action' FROM foundation_event WHERE case_id = %s AND kind = 'case.action' ORDER BY id"


def facts(
    case: Case, reader: Reader, payload: Mapping[str, Any], now: datetime,
    candidate: Mapping[str, Any] | None = None, fresh: Sequence[CaseParty] | None = None,
) -> Facts:  # fmt: skip
    """The plain values a rule may look at. `fresh`: the parts of a case that is being opened, which has no past yet."""
    if fresh is not None:
        parties, handed, done = [(part.role, part.party_id) for part in fresh], [], []
    else:
        parties, handed, done = ask((_PARTS, [case.pk]), (_PAPERS, [case.pk]), (_DONE, [case.pk]))
    parts: dict[str, tuple[int, ...]] = {}
    for role, party in parties:
        parts[role] = (*parts.get(role, ()), party)
    papers: dict[str, str] = {}
    for material, trust in handed:
        papers[material] = min(trust, papers.get(material, "D"))
    applicant = case.applicant
    details = dict(case.details)
    if applicant is not None:
        details["_applicant"] = {
            "birth_date": applicant.birth_date.isoformat() if applicant.birth_date else None,
            "groups": applicant.groups, "nationality": applicant.nationality, "has_identity": bool(applicant.identity),
            "languages": applicant.languages,
        }  # fmt: skip
    return Facts(
        service=case.service, matter=case.matter, state=case.state, region=case.region_code,
        channel=case.channel, now=now,
        today=now.astimezone(clock.SHANGHAI).date(), opened_at=case.opened_at, details=details, payload=payload,
        flags=frozenset(case.flags), sealed=case.sealed, actor_user=reader.user_id,
        actor_party=reader.party_id, origin_handlers=_origin_handlers(case), parties=parts, papers=papers,
        parameters=parameters(case.service, now), history=tuple(action or "" for action, in done),
        candidate=candidate,
    )  # fmt: skip


def _origin_handlers(case: Case) -> tuple[int, ...]:
    """Everyone who did something on the case this one came from."""
    if case.origin_id is None:
        return ()
    rows = Event.objects.filter(case_id=case.origin_id, kind__in=["case.action", "case.taken", "case.handed"])
    users = {user for user in rows.values_list("actor_id", flat=True) if user}
    handler = Case.objects.filter(pk=case.origin_id).values_list("handler_id", flat=True).first()
    return tuple(sorted(users | ({handler} if handler else set())))


def parameters(service: str, now: datetime) -> dict[str, Parameter]:
    """Local values in force: the city folder's, and over them what the bureau set itself."""
    day = now.astimezone(clock.SHANGHAI).date()
    city = cities.current()
    names = {p.name for p in city.services[service].parameters} if service in city.services else set()
    found = {}
    for name in names:
        held = cities.parameter(city, service, name, day)
        if held:
            source = f"{held.source.title} {held.source.clause}"
            found[name] = Parameter(_value(held.value), held.unit or "", source)
    for name, row in local_parameters(service, day).items():
        found[name] = Parameter(_value(row.value), row.unit, row.source)
    return found


def _value(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, float) else value


def _narrowed(rows: QuerySet[Case], wanted: Filter) -> QuerySet[Case]:
    exact = {"service": wanted.service, "matter": wanted.matter, "state": wanted.state, "owner": wanted.owner,
             "handler_id": wanted.handler_id, "institution_id": wanted.institution_id}  # fmt: skip
    rows = rows.filter(**{key: value for key, value in exact.items() if value})
    if wanted.flag:
        rows = rows.filter(flags__contains=[wanted.flag])
    if wanted.region:
        rows = rows.filter(region_code__gte=wanted.region[0], region_code__lt=wanted.region[1])
    if wanted.open_only:
        rows = rows.filter(open=True)
    if wanted.overdue_at:
        rows = rows.filter(next_due__lt=wanted.overdue_at)
    if wanted.unassigned:
        rows = rows.filter(handler=None)
    return rows


def _cursor(place: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _read_cursor(text: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        place = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        int(place["id"])
        if place.get("due") is not None:
            place["due"] = datetime.fromisoformat(place["due"])
        return dict(place)
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid("翻页标记不对，请从第一页重新开始。", fields={"cursor": "请去掉这个参数"}) from error
