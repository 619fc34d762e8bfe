"""Reading cases. Every list here is scoped to the reader; row security holds the same line underneath."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from fahui.casework.cases.models import Case, CaseAccess, CaseParty
from fahui.casework.deadlines.models import CaseDeadline
from fahui.casework.deadlines.queries import CLOCKS
from fahui.casework.definitions.loader import RETENTION
from fahui.casework.definitions.plugin import Facts, Parameter
from fahui.casework.definitions.schema import Definition
from fahui.foundation import cities, clock
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.queries import local_parameters
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.models import Event
from fahui.foundation.errors import Invalid, Missing
from fahui.foundation.identifiers import read_tracking_number
from fahui.foundation.people.models import Institution, Party, Practitioner
from fahui.foundation.people.queries import parties_by_identity, parties_by_phone
from fahui.foundation.prelude import Plan, Statement, ask, columns, made


def visible(reader: Reader) -> QuerySet[Case]:
    """The cases a reader may see: their posts' services and jurisdictions, sealed ones only inside the circle."""
    if reader.kind == "system":
        return Case.objects.all()
    circle = CaseAccess.objects.filter(user_id=reader.circle_of).filter(Q(until=None) | Q(until__gt=clock.now()))
    if not reader.ranges:
        return Case.objects.filter(pk__in=circle.values("case_id"))
    # Whoever has a scope has most of their cases inside it: rows are asked one by one, only those outside.
    inside = Q()
    for low, high in reader.ranges:
        inside |= Q(scope_key__gte=low, scope_key__lt=high)
    open_to_scope = Q(sealed=False) | Q(institution_id__in=reader.cleared_institutions)
    # Row security has let only reachable rows through; few of them lie outside the ranges and ask this sub-select.
    within: Any = Exact(Subquery(circle.filter(case_id=OuterRef("pk")).values("user_id")[:1]), reader.circle_of)
    return Case.objects.filter((inside & open_to_scope) | Q(within))


def get(reader: Reader, case_id: int) -> Case:
    """One case. Raises Missing, which never says whether it exists."""
    found = visible(reader).select_related("applicant", "institution", "handler", "provider__institution")
    case = found.filter(pk=case_id).first()
    if case is None:
        raise Missing(_("没有找到这件事，或者您没有查看的权限。"))
    return case


_LOCKED = Plan(
    "fahui_locked", "bigint, timestamptz, bigint",
    "SELECT EXISTS (SELECT 1 FROM casework_caseaccess a WHERE a.case_id = casework_case.id AND a.user_id = %s "
    f"AND (a.until IS NULL OR a.until > %s)), {columns(Case)} FROM casework_case WHERE id = %s FOR UPDATE",
)  # fmt: skip
_PROPOSED = Plan("fahui_proposed", "bigint", "SELECT 1 FROM casework_proposal WHERE case_id = %s AND status = 'open'")
_REPLAYED = Plan(
    "fahui_replayed", "text, text",
    "SELECT request_digest, case_id FROM casework_idempotency WHERE actor = %s AND key = %s",
)  # fmt: skip


def replayed(actor: str, key: str) -> Statement:
    """The question for the first request that carried this key: (digest of the request, case)."""
    return _REPLAYED(actor, key)


@dataclass(frozen=True)
class Held:
    """A case with its row lock, and what whoever changes it must know: its clocks, whether a proposal waits for a
    second person, and the first request that carried the same key."""

    clocks: list[CaseDeadline]
    waiting: bool
    replayed: list[tuple[Any, ...]]
    _case: Case | None

    @property
    def case(self) -> Case:
        """Raises Missing, which never says whether the case exists."""
        if self._case is None:
            raise Missing(_("没有找到这件事，或者您没有查看的权限。"))
        return self._case


def hold(reader: Reader, case_id: int, actor: str = "", key: str = "") -> Held:
    """Look at a case and lock it, in one round trip: the same line as `visible`, drawn after the row is read."""
    seen, rows, proposed, clocks = ask(
        _REPLAYED(actor, key), _LOCKED(reader.circle_of, clock.now(), case_id), _PROPOSED(case_id), CLOCKS(case_id)
    )
    case = made(Case, rows[0][1:]) if rows else None
    if case is not None and not _sees(reader, case, rows[0][0]):
        case = None
    return Held([made(CaseDeadline, row) for row in clocks], bool(proposed), seen, case)


def locked(reader: Reader, case_id: int) -> Case:
    """One case with its row lock, for whoever is about to change it. Raises Missing like `get`."""
    return hold(reader, case_id).case


def still_sees(reader: Reader, case: Case) -> bool:
    """Whether the reader may see a case as it stands now, for instance after having changed it."""
    if _sees(reader, case, False):
        return True
    circle = CaseAccess.objects.filter(user_id=reader.circle_of, case=case)
    return circle.filter(Q(until=None) | Q(until__gt=clock.now())).exists()


def _sees(reader: Reader, case: Case, inside: bool) -> bool:
    unsealed = not case.sealed or case.institution_id in reader.cleared_institutions
    return reader.kind == "system" or inside or (unsealed and reader.sees(case.scope_key))


_FOLLOWED = Plan(
    "fahui_followed", "text",
    f"SELECT i.name, i.phone, h.name, h.phone, p.name, p.phone, pi.phone, {columns(Case, 'c')} FROM casework_case c "
    "LEFT JOIN foundation_institution i ON i.id = c.institution_id LEFT JOIN foundation_user h ON h.id = c.handler_id "
    "LEFT JOIN foundation_practitioner p ON p.id = c.provider_id "
    "LEFT JOIN foundation_institution pi ON pi.id = p.institution_id WHERE c.tracking_number = %s",
)  # fmt: skip
_STEPS = Plan(
    "fahui_steps", "text",
    f"SELECT {columns(Event)} FROM foundation_event WHERE case_id = (SELECT id FROM casework_case WHERE tracking_number = %s) "
    "AND kind IN ('case.opened', 'case.action') ORDER BY id",
)  # fmt: skip


def by_tracking_number(text: str) -> tuple[Case, list[Event]]:
    """A case by the number its applicant holds, and the steps it went, in one round trip; run as the system. Those in
    charge carry their names and phones only. Raises Invalid (mistyped) or Missing.
    """
    number = read_tracking_number(text)
    if number is None:
        raise Invalid(
            _("编号不对。编号以FH开头，共14位，请对照短信或回执再输一次。"), fields={"tracking_number": _("请核对编号")}
        )
    found, past = ask(_FOLLOWED(number), _STEPS(number))
    if not found:
        raise Missing(_("没有查到这个编号。请核对，或拨打12348。"))
    row = found[0]
    case = made(Case, row[7:])
    if case.institution_id:
        case.institution = Institution(id=case.institution_id, name=row[0], phone=row[1])
    if case.handler_id:
        case.handler = User(id=case.handler_id, name=row[2], phone=row[3])
    if case.provider_id:
        case.provider = Practitioner(id=case.provider_id, name=row[4], phone=row[5], institution=Institution(phone=row[6]))
    return case, [made(Event, step) for step in past]


_LOOK_FIRST = 200
_LOOK_AT = 2000  # newest matches of the whole city that are looked at
_NAMED = "SELECT * FROM fahui_cases_named(%s, %s, %s)"
_TITLED = "SELECT * FROM fahui_cases_titled(%s, %s)"


def search(reader: Reader, text: str, limit: int = 20, before: int | None = None) -> list[Case]:
    """Cases by tracking number, phone, identity number, name or title. Newest first, those before a key; never a count."""
    words = text.strip()
    if not words:
        return []
    base = visible(reader).filter(pk__lt=before or 2**63 - 1).select_related("handler", "provider", "applicant")
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
    by_name = _newest_of(base, [pk for pk, in named], limit)
    by_title = _newest_of(base, [pk for pk, in titled], limit) if len(by_name) < limit else []
    return sorted({case.pk: case for case in [*by_name, *by_title]}.values(), key=lambda case: -case.pk)[:limit]


def _newest_of(base: QuerySet[Case], keys: list[int], limit: int) -> list[Case]:
    """The newest of these the reader may see: mostly they are among the first few, so the others are asked only then."""
    ordered = sorted(keys, reverse=True)
    found: list[Case] = []
    for some in (ordered[:_LOOK_FIRST], ordered[_LOOK_FIRST:]):
        if some and len(found) < limit:
            found += base.filter(pk__in=some).order_by("-id")[: limit - len(found)]
    return found


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


_PARTS = Plan("fahui_parts", "bigint", "SELECT role, party_id FROM casework_caseparty WHERE case_id = %s")
_PAPERS = Plan(
    "fahui_papers", "bigint", "SELECT material, trust FROM casework_paper WHERE case_id = %s AND removed_at IS NULL"
)
_DONE = Plan(
    "fahui_done", "bigint",
    "SELECT data->>'action', actor_id, (data->>'proposed_by')::bigint FROM foundation_event WHERE case_id = %s AND kind = 'case.action' ORDER BY id",
)  # fmt: skip
_APPLICANT = Plan("fahui_applicant", "bigint", f"SELECT {columns(Party)} FROM foundation_party WHERE id = %s")


@dataclass(frozen=True)
class Around:
    """What stands beside a case: its clocks, whether a proposal waits for a second person, and what rules look at."""

    clocks: list[CaseDeadline]
    waiting: bool
    past: Past


@dataclass(frozen=True)
class Past:
    """(role, party), (material, trust) and (action, who did it, who proposed it), oldest first; and who applied."""

    parties: Sequence[tuple[Any, ...]]
    papers: Sequence[tuple[Any, ...]]
    done: Sequence[tuple[Any, ...]]
    applicant: Party | None


def around(case: Case) -> Around:
    """Everything an overview of a case asks for beside the case itself, in one round trip."""
    clocks, proposed, *past = ask(CLOCKS(case.pk), _PROPOSED(case.pk), *_past_of(case))
    return Around([made(CaseDeadline, row) for row in clocks], bool(proposed), _past(past))


def _past_of(case: Case) -> list[Statement]:
    return [_PARTS(case.pk), _PAPERS(case.pk), _DONE(case.pk), _APPLICANT(case.applicant_id or 0)]


def _past(rows: Sequence[list[tuple[Any, ...]]]) -> Past:
    parties, papers, done, applicant = rows
    return Past(parties, papers, done, made(Party, applicant[0]) if applicant else None)


def facts(
    case: Case, reader: Reader, payload: Mapping[str, Any], now: datetime,
    candidate: Mapping[str, Any] | None = None, fresh: Sequence[CaseParty] | None = None, past: Past | None = None,
) -> Facts:  # fmt: skip
    """The plain values a rule may look at. `fresh`: the parts of a case that is being opened, which has no past yet;
    `past`: that of a case, when it has been read already."""
    if fresh is not None:
        past = Past([(part.role, part.party_id) for part in fresh], [], [], case.applicant)
    elif past is None:
        past = _past(ask(*_past_of(case)))
    parts: dict[str, tuple[int, ...]] = {}
    for role, party in past.parties:
        parts[role] = (*parts.get(role, ()), party)
    papers: dict[str, str] = {}
    for material, trust in past.papers:
        papers[material] = min(trust, papers.get(material, "D"))
    doers: dict[str, frozenset[int]] = {}
    for action, *people in past.done:
        doers[action or ""] = doers.get(action or "", frozenset()) | {user for user in people if user}
    applicant = past.applicant
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
        parameters=parameters(case.service, now), history=tuple(action or "" for action, *_people in past.done),
        candidate=candidate, doers=doers,
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


def kept_for(service: str, definition: Definition) -> int | None:
    """Years a closed file is kept: by the definition's source, or as the city set it. None while nobody has."""
    held = parameters(service, clock.now()).get(RETENTION)
    return int(str(held.value)) if held else definition.retention.years


def _value(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, float) else value
