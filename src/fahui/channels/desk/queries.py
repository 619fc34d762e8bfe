"""Reads of the desk that no other room needs. Cases are always found through `cases.queries.visible`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat, Left
from django.utils.translation import gettext as _

from fahui.casework.cases.models import Assignment, Case, CaseParty, Message, Proposal, Referral, Urge
from fahui.casework.cases.queries import visible
from fahui.casework.deadlines.models import CaseDeadline
from fahui.casework.documents.models import Delivery, IssuedDocument, Paper
from fahui.casework.notices.models import Outgoing
from fahui.casework.scheduling.models import Booking
from fahui.foundation import clock
from fahui.foundation.accounts.models import ApiKey, LocalParameter, Post, User
from fahui.foundation.accounts.queries import posts_on
from fahui.foundation.accounts.roles import Role
from fahui.foundation.accounts.scope import Reader, as_system
from fahui.foundation.audit.models import Event
from fahui.foundation.directory.actions import MODELS
from fahui.foundation.directory.queries import Wanted, narrowed, read_cursor
from fahui.foundation.errors import Missing
from fahui.foundation.people.models import Party, Practitioner, PublicRecord
from fahui.foundation.regions.models import Region
from fahui.foundation.regions.queries import within
from fahui.foundation.regions.rules import ancestors, contains, jurisdiction

PAGE = 30


# --- my inbox, and what is offered to me


def unread(reader: Reader) -> int:
    """How many inbox lines the reader has not read."""
    return Outgoing.objects.filter(user_id=reader.user_id or 0, channel="inbox", read_at=None).count()


def inbox(reader: Reader, before: int | None = None) -> list[Outgoing]:
    """A page of the reader's inbox, newest first (one more than a page when there is a next)."""
    rows = Outgoing.objects.filter(user_id=reader.user_id or 0, channel="inbox")
    if before:
        rows = rows.filter(id__lt=before)
    return list(rows.order_by("-id")[: PAGE + 1])


def offered(reader: Reader) -> list[Case]:
    """Cases offered to the reader's practitioner record and not answered yet, oldest offer first."""
    if reader.practitioner_id is None:
        return []
    rows = visible(reader).filter(
        assignments__practitioner_id=reader.practitioner_id, assignments__status="offered", open=True
    )
    return list(rows.select_related("handler", "provider", "applicant").order_by("assignments__offered_at")[:50])


def numbers_of(reader: Reader, case_ids: Iterable[int | None]) -> dict[int, str]:
    """Case id → tracking number, for those the reader may see."""
    wanted = {pk for pk in case_ids if pk}
    return dict(visible(reader).filter(pk__in=wanted).values_list("pk", "tracking_number"))


# --- people of the house


def names(user_ids: Iterable[int | None]) -> dict[int, str]:
    """User id → name, in one query."""
    return dict(User.objects.filter(pk__in={u for u in user_ids if u}).values_list("pk", "name"))


def colleagues(case: Case, roles: Iterable[Role]) -> list[User]:
    """Active staff with a post for this case's service and region, by name."""
    found = posts_on(clock.today()).filter(
        Q(service="*") | Q(service=case.service), role__in=[r.value for r in roles], region_code__in=[*ancestors(case.region_code), case.region_code],
    )  # fmt: skip
    return list(User.objects.filter(is_active=True, kind="staff", pk__in=found.values("user_id")).order_by("name"))


def staff_of(reader: Reader, roles: Iterable[Role] | None = None) -> list[User]:
    """Active staff with a post inside the reader's regions, by name."""
    inside = Q()
    for low, high in reader.regions:
        inside |= Q(region_code__gte=low, region_code__lt=high)
    if not inside:
        return []
    posts = posts_on(clock.today()).filter(inside)
    if roles is not None:
        posts = posts.filter(role__in=[r.value for r in roles])
    return list(User.objects.filter(kind="staff", is_active=True, pk__in=posts.values("user_id")).order_by("name"))


# --- one case


def parts(case: Case) -> list[CaseParty]:
    """The people with a part in a case, applicants first."""
    order = {role: place for place, (role, _words) in enumerate(CaseParty.ROLES)}
    return sorted(case.parts.select_related("party"), key=lambda part: (order[part.role], part.pk))


def part(case: Case, part_id: int) -> CaseParty:
    """One part. Raises Missing."""
    found = case.parts.select_related("party").filter(pk=part_id).first()
    if found is None:
        raise Missing(_("没有找到这位当事人。"))
    return found


def clocks(case: Case) -> list[CaseDeadline]:
    """All clocks, those that still run first, by what is due."""
    far = datetime.max.replace(tzinfo=clock.SHANGHAI)
    return sorted(case.deadlines.all(), key=lambda row: (row.ended_at is not None, row.due_at or far))


def papers(case: Case) -> list[Paper]:
    """Papers handed in and not taken back, oldest first."""
    return list(case.papers.filter(removed_at=None).select_related("file", "added_by", "checked_by").order_by("id"))


def paper(case: Case, paper_id: int) -> Paper:
    """One paper. Raises Missing."""
    found = case.papers.filter(pk=paper_id, removed_at=None).select_related("file").first()
    if found is None:
        raise Missing(_("没有这份材料。"))
    return found


def documents(case: Case) -> list[IssuedDocument]:
    """Documents issued, with their deliveries, newest first."""
    return list(case.documents.prefetch_related(Prefetch("deliveries", Delivery.objects.order_by("id"))).order_by("-id"))


def document(case: Case, document_id: int) -> IssuedDocument:
    """One issued document. Raises Missing."""
    found = case.documents.filter(pk=document_id).first()
    if found is None:
        raise Missing(_("没有这份文书。"))
    return found


def messages(case: Case) -> list[Message]:
    """Notes and messages, oldest first."""
    return list(case.messages.select_related("author").order_by("id"))


def open_proposal(case: Case) -> Proposal | None:
    """The proposal that waits for a second pair of eyes."""
    return case.proposals.filter(status="open").select_related("proposed_by").first()


def urges(case: Case) -> list[Urge]:
    """督办 of a case, open ones first."""
    return sorted(case.urges.select_related("by", "to"), key=lambda u: (u.answered_at is not None, -u.pk))


def referrals(case: Case) -> list[Referral]:
    """Hand-overs, newest first."""
    return list(case.referrals.select_related("from_institution", "to_institution").order_by("-id"))


def assignment(case: Case) -> Assignment | None:
    """The live assignment, if any."""
    return case.assignments.filter(status__in=["offered", "accepted"]).select_related("practitioner").first()


@dataclass(frozen=True)
class Related:
    """Other cases that belong to one, as far as the reader may see them."""

    origin: Case | None
    follow_ups: list[Case]
    members: list[Case]
    merged_into: Case | None
    repeats: list[Case]


def related(reader: Reader, case: Case) -> Related:
    """Origin, follow-ups, group members and merged cases, in one query."""
    wanted = Q(origin_id=case.pk) | Q(group_id=case.pk) | Q(merged_into_id=case.pk)
    for pk in (case.origin_id, case.group_id, case.merged_into_id):
        if pk:
            wanted |= Q(pk=pk)
    found = list(visible(reader).filter(wanted).select_related("handler", "provider").order_by("-id")[:100])
    by_id = {row.pk: row for row in found}
    return Related(
        origin=by_id.get(case.origin_id or 0), follow_ups=[r for r in found if r.origin_id == case.pk],
        members=[r for r in found if r.group_id == case.pk or r.pk == case.group_id],
        merged_into=by_id.get(case.merged_into_id or 0), repeats=[r for r in found if r.merged_into_id == case.pk],
    )  # fmt: skip


def last_event(case: Case) -> int:
    """The id of a case's newest event: what a form had seen when it was opened."""
    found = Event.objects.filter(case_id=case.pk).exclude(kind="personal_data.read").order_by("-id").first()
    return found.pk if found else 0


def regions_for_choice(city_region: int) -> list[Region]:
    """The city itself, its counties and townships, in code order."""
    return list(within(city_region).filter(level__in=[2, 3, 4]).order_by("code"))


def party(party_id: int) -> Party | None:
    """A person the reader may see (row security), merged records aside."""
    return Party.objects.filter(pk=party_id, merged_into=None).first()


def parties_named(text: str, limit: int = 20) -> list[Party]:
    """People by name or pinyin, newest first."""
    rows = Party.objects.filter(Q(name__icontains=text) | Q(pinyin__startswith=text.lower()), merged_into=None)
    return list(rows.order_by("-id")[:limit])


# --- supervising


@dataclass(frozen=True)
class Load:
    """What one person has in hand."""

    user_id: int | None
    name: str
    open: int
    overdue: int
    due_soon: int


def loads(reader: Reader, now: datetime) -> list[Load]:
    """Open cases by the person in charge; those of nobody first, then the heaviest."""
    rows = visible(reader).filter(open=True).values("handler_id", "handler__name").annotate(
        open_count=Count("pk"), overdue=Count("pk", filter=Q(next_due__lt=now)),
        soon=Count("pk", filter=Q(next_due__gte=now, next_due__lt=now + timedelta(hours=48))),
    ).order_by()  # fmt: skip
    found = [Load(r["handler_id"], r["handler__name"] or "", r["open_count"], r["overdue"], r["soon"]) for r in rows]
    return sorted(found, key=lambda row: (row.user_id is not None, -row.overdue, -row.open))


def overdue(reader: Reader, now: datetime, limit: int = 50) -> list[Case]:
    """Cases past a limit, longest first."""
    rows = visible(reader).filter(open=True, next_due__lt=now).select_related("handler", "provider", "applicant")
    return list(rows.order_by("next_due", "id")[:limit])


def in_charge(reader: Reader, user_id: int, limit: int = 50) -> list[Case]:
    """Open cases of one person, by what is due first."""
    rows = visible(reader).filter(open=True, handler_id=user_id).select_related("handler", "provider", "applicant")
    return list(rows.order_by(F("next_due").asc(nulls_last=True), "id")[:limit])


def stuck(reader: Reader, since: datetime, limit: int = 50) -> list[Case]:
    """Open cases nobody has touched since a moment, longest first."""
    rows = visible(reader).filter(open=True, changed_at__lt=since).select_related("handler", "provider", "applicant")
    return list(rows.order_by("changed_at", "id")[:limit])


def waiting_urges(reader: Reader, limit: int = 50) -> list[Urge]:
    """督办 not answered yet in cases the reader sees, by what is due."""
    rows = Urge.objects.filter(answered_at=None, case__in=visible(reader).values("pk"))
    return list(rows.select_related("case", "to", "by").order_by("due")[:limit])


def referrals_in(reader: Reader) -> list[Referral]:
    """Hand-overs that wait for the reader's organisation."""
    mine = {p.institution_id for p in reader.posts if p.institution_id}
    rows = Referral.objects.filter(to_institution_id__in=mine, status="sent", case__in=visible(reader).values("pk"))
    return list(rows.select_related("case", "from_institution").order_by("sent_at")[:50])


# --- hotline


def missed_callbacks(queue: str, since: datetime, limit: int = 50) -> list[Booking]:
    """Call-backs that did not reach anybody, newest first."""
    rows = Booking.objects.filter(slot__queue=queue, kind="callback", status="missed", ended_at__gte=since)
    return list(rows.select_related("slot", "case__applicant", "case__handler").order_by("-ended_at")[:limit])


def booking_of(reader: Reader, booking_id: int) -> Booking:
    """A booking of a case the reader may see. Raises Missing."""
    found = Booking.objects.filter(pk=booking_id, case__in=visible(reader).values("pk")).first()
    if found is None:
        raise Missing(_("没有这个预约。"))
    return found


def open_groups(reader: Reader, limit: int = 10) -> list[Case]:
    """Group matters that others can still join, newest first."""
    return list(visible(reader).filter(open=True).exclude(share_code="").order_by("-id")[:limit])


# --- administration


def _posts(path: str) -> Prefetch[Any]:
    """Somebody's posts with their institutions, oldest first."""
    return Prefetch(path, Post.objects.select_related("institution").order_by("valid_from", "id"))


def accounts(reader: Reader) -> QuerySet[User]:
    """Staff accounts with a post, past or present, where the reader administers; and those without any post."""
    inside = Q()
    for post in reader.posts:
        if post.role == Role.SYSTEM_ADMIN:
            low, high = jurisdiction(post.region_code)
            inside |= Q(region_code__gte=low, region_code__lt=high)
    if not inside:
        return User.objects.none()
    own = Post.objects.filter(user=OuterRef("pk"))
    rows = User.objects.filter(Exists(own.filter(inside)) | ~Exists(own), kind="staff")
    return rows.prefetch_related(_posts("posts")).order_by("name", "id")


def accounts_page(reader: Reader, text: str = "", after: int | None = None) -> list[User]:
    """A page of those accounts whose name or sign-in name has these letters, by name (one more than a page when there is a next)."""
    rows = accounts(reader)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(username__icontains=text))
    if after and (last := User.objects.filter(pk=after).values_list("name", flat=True).first()):
        rows = rows.filter(Q(name__gt=last) | Q(name=last, pk__gt=after))
    return list(rows[: PAGE + 1])


def account(reader: Reader, user_id: int) -> User:
    """One staff account that the reader administers. Raises Missing."""
    found = accounts(reader).filter(pk=user_id).first()
    if found is None:
        raise Missing(_("没有这个工作人员账号。"))
    return found


def keys(reader: Reader) -> list[tuple[ApiKey, datetime | None]]:
    """Machine keys of the accounts the reader administers, live ones first, each with when it last changed something.

    What a key only read leaves no trace, so it is not known. Two queries; the log is read as the system, since an
    administrator sees no case, and only the moment leaves this function.
    """
    mine = list(accounts(reader).values_list("pk", flat=True))
    last = Event.objects.filter(
        actor_id=OuterRef("user_id"), at__gte=OuterRef("created_at"),
        actor_role=Left(Concat(Value("api:"), OuterRef("name")), 40),
    ).order_by("-id").values("at")[:1]  # fmt: skip
    with as_system():
        rows = list(
            ApiKey.objects.filter(user_id__in=mine).select_related("user").prefetch_related(_posts("user__posts"))
            .annotate(last=Subquery(last)).order_by(F("revoked_at").asc(nulls_first=True), "-created_at")
        )  # fmt: skip
    return [(row, row.last) for row in rows]


def practitioners_in(reader: Reader, text: str = "", untied: bool = False) -> list[Practitioner]:
    """Practitioners of the reader's regions by name, licence or institution, active ones first (at most 200)."""
    inside = Q()
    for low, high in reader.regions:
        inside |= Q(region_code__gte=low, region_code__lt=high)
    if not inside:
        return []
    rows = Practitioner.objects.filter(inside).select_related("institution", "user")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(licence__iexact=text) | Q(institution__name__icontains=text))
    if untied:
        rows = rows.filter(user=None, active=True)
    return list(rows.order_by("-active", "name", "id")[:200])


def practitioner(reader: Reader, practitioner_id: int) -> Practitioner:
    """One practitioner of the reader's regions. Raises Missing."""
    rows = Practitioner.objects.select_related("institution", "user").prefetch_related(_posts("user__posts"))
    found = rows.filter(pk=practitioner_id).first()
    if found is None or not in_regions(reader, found.region_code):
        raise Missing(_("没有这个人员。"))
    return found


def directory_rows(reader: Reader, what: str, text: str = "", after: str = "", limit: int = PAGE) -> list[Any]:
    """Institutions, practitioners or sites of the reader's regions by region and key, hidden ones too; one more than the
    limit when there is a next."""
    inside = Q()
    for low, high in reader.regions:
        inside |= Q(region_code__gte=low, region_code__lt=high)
    if not inside:
        return []
    rows: QuerySet[Any] = MODELS[what].objects.filter(inside)
    if what != "institution":
        rows = rows.select_related("institution")
    if text:
        known_as = "licence" if what == "practitioner" else "code"
        rows = rows.filter(Q(name__icontains=text) | Q(**{f"{known_as}__iexact": text}))
    return list(narrowed(rows, Wanted(), read_cursor(after)).order_by("region_code", "id")[: limit + 1])


def directory_row(reader: Reader, what: str, pk: int) -> Any:
    """One row of the directory in the reader's regions. Raises Missing."""
    found = MODELS[what].objects.filter(pk=pk).first() if what in MODELS else None
    if found is None or not in_regions(reader, found.region_code):
        raise Missing(_("目录里没有这一条，可能已经停用。"))
    return found


def directory_records(row: Any) -> list[PublicRecord]:
    """Everything entered about an institution or practitioner, withdrawn and expired ones too, newest first."""
    return list(row.records.order_by("-id")) if hasattr(row, "records") else []


def local_values(service: str) -> list[LocalParameter]:
    """Every value the bureau set for a service, newest first."""
    return list(LocalParameter.objects.filter(service=service).order_by("name", "-valid_from"))


def audit(reader: Reader, kind: str = "", actor_id: int | None = None, before: int | None = None) -> Sequence[Event]:
    """Events the reader may see, newest first (one more than a page when there is a next)."""
    rows: QuerySet[Event] = Event.objects.all()
    if kind:
        rows = rows.filter(kind=kind)
    if actor_id:
        rows = rows.filter(actor_id=actor_id)
    if before:
        rows = rows.filter(id__lt=before)
    return list(rows.order_by("-id")[: PAGE + 1])


def in_regions(reader: Reader, code: int) -> bool:
    """Whether a region lies inside one of the reader's posts."""
    return any(contains(post.region_code, code) for post in reader.posts)
