"""Every change to a case: opening it, and doing an action on it. Web, API, import and jobs call the same functions.

One short transaction each: lock, right, state, guards, effects, clocks, event, documents, notices. The second of two
concurrent actors gets Conflict; a repeated idempotency key gets the first answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from psycopg.errors import UniqueViolation

from fahui.casework.assignment.actions import finish
from fahui.casework.cases.context import ActionContext
from fahui.casework.cases.models import Case, Proposal
from fahui.casework.cases.permissions import Standing, must_decide, standing
from fahui.casework.cases.queries import hold, locked, replayed
from fahui.casework.deadlines.actions import Clocks, local_length
from fahui.casework.definitions.loader import Service, service, service_numbers
from fahui.casework.definitions.plugin import Facts, Verdict
from fahui.casework.definitions.queries import current_version_id, definition_of
from fahui.casework.definitions.schema import Action, Definition, State
from fahui.casework.documents.actions import issue
from fahui.casework.forms.validation import clean
from fahui.casework.notices.actions import Named, tell, write
from fahui.casework.parts.actions import Others, all_new, let_in, take_parts
from fahui.foundation import cities, clock, prelude
from fahui.foundation.accounts.queries import reader_of
from fahui.foundation.accounts.roles import INTAKE
from fahui.foundation.accounts.scope import SYSTEM, Reader, as_system, scope_key
from fahui.foundation.audit.actions import Entry, append, free_end, going_on_from
from fahui.foundation.clock import SHANGHAI, month_day
from fahui.foundation.data import Words
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Missing
from fahui.foundation.people.actions import Person, make_party
from fahui.foundation.people.models import Institution, Party
from fahui.foundation.prelude import Plan, ask, columns, made
from fahui.foundation.regions.rules import ancestors, contains, level_of
from fahui.foundation.vault.crypto import sm3

_REGION = Plan("fahui_region", "bigint", "SELECT 1 FROM foundation_region WHERE code = %s")
_HANDLING = Plan(
    "fahui_handling", "text, bigint[]",
    f"SELECT {columns(Institution)} FROM foundation_institution WHERE kind = %s AND region_code = ANY (%s) AND active",
)  # fmt: skip
_REMEMBER = Plan(
    "fahui_remember", "text, text, bytea, bigint, timestamptz",
    "INSERT INTO casework_idempotency (actor, key, request_digest, case_id, made_at) VALUES (%s, %s, %s, %s, %s)",
)  # fmt: skip
_REMEMBER_NOW = Plan("fahui_remember_now", _REMEMBER.takes, f"{_REMEMBER.text} ON CONFLICT (actor, key) DO NOTHING RETURNING id")


@dataclass(frozen=True)
class Opening:
    """What is needed to open a case. `person` is new; `party_id` is someone known already; neither: anonymous."""

    service: str
    matter: str
    channel: str
    region_code: int
    title: str = ""
    person: Person | None = None
    party_id: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    others: Others = ()
    institution_id: int | None = None
    origin_id: int | None = None
    group_id: int | None = None
    handler_id: int | None = None
    key: str = ""


@prelude.whole
def open_case(reader: Reader, opening: Opening) -> Case:
    """Open a case. Raises Invalid (field by field), Forbidden, or Conflict (key reused for something else)."""
    request = _digest(opening) if opening.key else b""
    home, definition = _wanted(opening)
    places = [opening.region_code, *ancestors(opening.region_code)] if _inside(opening) else []
    seen, known, handling, end = ask(
        replayed(_actor(reader), opening.key), _REGION(opening.region_code), _HANDLING(definition.handled_by, places), free_end()
    )
    first = _answered(seen, request)
    if first is not None:
        return first
    _may_open(reader, opening, definition, known=bool(known))
    desk = reader.kind in {"staff", "system"}
    form = clean(home.details_form(opening.matter), opening.details, reader.language, desk=desk)
    details = form.model_dump(mode="json")
    now = clock.now()
    applicant, new = _applicant(reader, opening)
    matter = definition.matter(opening.matter)
    state = definition.state(matter.start)
    case = prelude.fresh(
        Case, service=opening.service, matter=opening.matter, version_id=current_version_id(opening.service),
        region_code=opening.region_code, scope_key=scope_key(definition.number, opening.region_code),
        channel=opening.channel, title=opening.title.strip()[:120] or matter.name.zh, applicant=applicant,
        institution=_institution(opening, handling), handler_id=opening.handler_id, state=state.id,
        owner=state.owner or "", details=details, opened_at=now, changed_at=now, origin_id=opening.origin_id,
        group_id=opening.group_id,
    )  # fmt: skip
    ctx = ActionContext(case, home, definition, None, None, reader, now, Clocks(case, definition, now, ()))
    # The right to open was decided above; writing must not depend on what the opener may read.
    with as_system(), prelude.gathering(), going_on_from(end):
        if new is not None:
            prelude.write(new)
        prelude.write(case)
        ctx.fresh = take_parts(case, applicant, opening.others)
        prelude.write(*ctx.fresh)
        let_in(reader, case, known=new is None)
        if matter.sealed_when and home.guard(matter.sealed_when).test(ctx.facts).allowed:
            ctx.seal()
        if home.has_effect("on_open"):
            home.effect("on_open")(ctx)
        _enter(ctx, state)
        ctx.entries.insert(0, Entry("case.opened", case_id=case.pk, data={
            "service": case.service, "matter": case.matter, "channel": case.channel, "state": case.state,
        }))  # fmt: skip
        _settle(ctx, None, applicants=all_new(ctx.fresh, applicant, new))
        remember(reader, opening.key, request, case)
    return case


@prelude.whole
def perform(
    reader: Reader, case_id: int, action_id: str, payload: Mapping[str, Any] | None = None, *,
    expected_revision: int | None = None, key: str = "",
) -> Case:  # fmt: skip
    """Do an action on a case.

    Raises Missing, Forbidden, Invalid (form), Conflict (state, revision, guard, or a proposal that waits).
    """
    request = sm3(json.dumps([case_id, action_id, payload or {}], sort_keys=True, default=str).encode()) if key else b""
    held = hold(reader, case_id, _actor(reader) if key else "", key)
    first = _answered(held.replayed, request)
    if first is not None:
        return first
    case = held.case
    if expected_revision is not None and case.revision != expected_revision:
        raise Conflict(_("这件事刚刚被别人改动过。请看过最新情况再决定。"), code="revision")
    home, definition = service(case.service), definition_of(case.version_id)
    action = _action(definition, action_id)
    place = standing(reader, case)
    role = _allowed(place, definition, action, waiting=held.waiting)
    acting = replace(reader, acting_as=role)
    desk = reader.kind in {"staff", "system"}
    form = clean(home.form(action.form), payload or {}, reader.language, desk=desk) if action.form else None
    if form is None and payload:
        raise Invalid(_("这个操作不需要填写内容。"), fields=dict.fromkeys(payload, _("没有这个栏目")))
    now = clock.now()
    ctx = ActionContext(case, home, definition, action, form, acting, now, Clocks(case, definition, now, held.clocks))
    before = prelude.snapshot(case)
    with as_system(), prelude.gathering():  # what an effect changes must not depend on what the actor may read
        refuse_unless(home, action, ctx.facts if action.guards else None)
        if action.four_eyes:
            _propose(ctx, before)
        else:
            _do(ctx, before)
        remember(reader, key, request, case)
    _follow(ctx)
    return case


@transaction.atomic
def decide_proposal(reader: Reader, proposal_id: int, confirm: bool, comment: str = "") -> Case:
    """Confirm or reject what another person proposed. Raises Forbidden (same person, no right), Missing or Conflict."""
    found = Proposal.objects.filter(pk=proposal_id).values_list("case_id", flat=True).first()
    if found is None:
        raise Missing(_("没有这条待复核的事项。"))
    case = locked(reader, found)
    proposal = Proposal.objects.select_for_update().get(pk=proposal_id)
    if proposal.status != "open":
        raise Conflict(_("这条事项已经处理过了。"))
    if proposal.proposed_by_id == reader.user_id:
        raise Forbidden(_("提出人不能复核自己的意见，请由另一位同事复核。"))
    home, definition = service(case.service), definition_of(case.version_id)
    action = _action(definition, proposal.action)
    place = standing(reader, case)
    role = _allowed(place, definition, action, waiting=False)
    if confirm:
        must_decide(place, reader_of(proposal.proposed_by, service_numbers()), action)
    now = clock.now()
    proposal.status, proposal.decided_by_id = ("confirmed" if confirm else "rejected"), reader.user_id
    proposal.decided_at, proposal.comment = now, comment.strip()[:400]
    proposal.save()
    form = home.form(action.form).model_validate(proposal.payload) if action.form else None
    acting = replace(reader, acting_as=role)
    ctx = ActionContext(case, home, definition, action, form, acting, now, Clocks(case, definition, now))
    if not confirm and not comment.strip():
        raise Invalid(_("退回请写明意见。"), fields={"comment": _("请写明为什么退回")})
    before = prelude.snapshot(case)
    with as_system(), prelude.gathering():
        if confirm:
            refuse_unless(home, action, ctx.facts if action.guards else None)
            _do(ctx, before, proposed_by=proposal.proposed_by_id)
        else:
            ctx.record("proposal.rejected", action=action.id)
            ctx.tell(proposal.proposed_by_id, Words(
                zh=f"{case.tracking_number}：“{action.name.zh}”被退回，请看意见。",
                en=f"{case.tracking_number}: “{action.name.en}” was sent back. See the comment.",
            ))  # fmt: skip
            _settle(ctx, before)
    _follow(ctx)
    return case


def verdicts(home: Service, action: Action, facts: Facts) -> list[Verdict]:
    """What each guard of an action says."""
    return [home.guard(name).test(facts) for name in action.guards]


def refuse_unless(home: Service, action: Action, facts: Facts | None) -> None:
    """Raise Conflict with every reason when a guard does not hold."""
    if facts is None:
        return
    against = [v for v in verdicts(home, action, facts) if v.allowed is not True]
    if against:
        language = get_language() or "zh-hans"
        sentences = [
            _("%(said)s（%(basis)s）") % {"said": v.text(language), "basis": "、".join(v.basis)} if v.basis else v.text(language)
            for v in against
        ]
        raise Conflict(_("；").join(sentences), code="guard")


def _digest(opening: Opening) -> bytes:
    plain = {**opening.__dict__, "person": opening.person.__dict__ if opening.person else None,
             "others": [[role, person.__dict__, extra] for role, person, extra in opening.others]}  # fmt: skip
    return sm3(json.dumps(plain, sort_keys=True, default=str).encode())


def _actor(reader: Reader) -> str:
    return f"{reader.kind}:{reader.user_id or 0}"


def first_answer(reader: Reader, key: str, request: bytes) -> Case | None:
    """The case an earlier request with this key was about. Raises Conflict when that was another request."""
    return _answered(ask(replayed(_actor(reader), key))[0], request) if key else None


def _answered(seen: list[tuple[Any, ...]], request: bytes) -> Case | None:
    if not seen:
        return None
    digest, case_id = seen[0]
    if bytes(digest) != request:
        raise Conflict(_("这个请求编号已用于另一件事，请换一个新的编号。"), code="key_reused")
    with as_system():
        return Case.objects.get(pk=case_id)


def remember(reader: Reader, key: str, request: bytes, case: Case) -> None:
    """Keep that this request has been answered. Raises Conflict when the same one is being answered right now.

    Where writes may wait for COMMIT, the database refuses there, and `repeated` tells that from other faults.
    """
    if not key:
        return
    row = (_actor(reader), key, request, case.pk, clock.now())
    if prelude.waits_for_commit():
        prelude.write(_REMEMBER(*row))
    elif not ask(_REMEMBER_NOW(*row))[0]:
        raise _in_progress()


def repeated(error: IntegrityError) -> Conflict | None:
    """What to say when the database refused a request because the same one was being answered; None for any other fault."""
    cause = error.__cause__
    same = isinstance(cause, UniqueViolation) and cause.diag.constraint_name == "idempotency_once"
    return _in_progress() if same else None


def _in_progress() -> Conflict:
    # By another process, at this moment; the repeat will get its answer.
    return Conflict(_("同一个请求正在办理，请稍后再查。"), code="in_progress")


def _wanted(opening: Opening) -> tuple[Service, Definition]:
    try:
        home = service(opening.service)
        home.definition.matter(opening.matter)
    except KeyError as error:
        raise Invalid(_("没有这种服务事项。"), fields={"matter": _("请从列出的事项里选")}) from error
    return home, definition_of(current_version_id(opening.service))


def _inside(opening: Opening) -> bool:
    return contains(cities.current().region, opening.region_code)


def _may_open(reader: Reader, opening: Opening, definition: Definition, *, known: bool) -> None:
    """Raises Forbidden or Invalid. `known`: whether the region is one of ours."""
    matter = definition.matter(opening.matter)
    if reader.kind in {"resident", "anonymous"}:
        if not matter.public:
            raise Forbidden(_("这类事项不能在网上自行提出，请到窗口或由办案机关转交。"))
    elif reader.kind == "staff" and matter.internal:
        raise Forbidden(_("这类事项由系统自动建立，不能手工受理。"))
    elif reader.kind == "staff" and not INTAKE & reader.roles:
        raise Forbidden(_("您的岗位不能受理新的事项。"))
    if not known or not _inside(opening):
        raise Invalid(_("地区不在本市范围内，请重新选择。"), fields={"region_code": _("请选择本市的地区")})
    if reader.kind == "staff" and not any(_near(post.region_code, opening.region_code) for post in reader.posts):
        raise Forbidden(_("该地区不在您的受理范围内，请转给当地受理。"))
    if any(char in opening.title for char in "\x00"):
        raise Invalid(_("标题里有看不见的字符。"), fields={"title": _("请重新输入")})


def _near(post_region: int, region: int) -> bool:
    """Intake works across the city a post belongs to: a hotline or window takes what comes, for its right place."""
    return contains(post_region, region) or post_region // 10**8 == region // 10**8


def _applicant(reader: Reader, opening: Opening) -> tuple[Party | None, Party | None]:
    """(the applicant, the same when it is new and must be saved)."""
    if opening.party_id is not None:
        found = Party.objects.filter(pk=opening.party_id).first()
        if found is None:
            raise Invalid(_("没有找到这位当事人的记录。"), fields={"party_id": _("请重新查找")})
        return found, None
    if opening.person is None:
        return None, None
    party = make_party(opening.person)
    return party, party


def _institution(opening: Opening, handling: list[tuple[Any, ...]]) -> Institution | None:
    """The handling institution: as asked, or the nearest of those of the service's kind up the region tree."""
    if opening.institution_id:
        found = Institution.objects.filter(pk=opening.institution_id, active=True).first()
        if found is None:
            raise Invalid(_("没有这个机构。"), fields={"institution_id": _("请重新选择机构")})
        return found
    rows = [made(Institution, row) for row in handling]
    return max(rows, key=lambda row: level_of(row.region_code), default=None)


def _follow(ctx: ActionContext) -> None:
    """Open what the action led to, for the same person, in the same transaction."""
    case = ctx.case
    for name, matter, details in ctx.following:
        made = open_case(SYSTEM, Opening(
            service=name, matter=matter, channel=case.channel, region_code=case.region_code, party_id=case.applicant_id,
            details=details, origin_id=case.pk,
        ))  # fmt: skip
        with as_system():
            append(ctx.reader, Entry("case.converted", case_id=case.pk, data={"to": made.tracking_number, "service": made.service}))


def _action(definition: Definition, action_id: str) -> Action:
    try:
        return definition.action(action_id)
    except KeyError as error:
        raise Missing(_("没有这个操作。")) from error


def _allowed(place: Standing, definition: Definition, action: Action, *, waiting: bool) -> str:
    case = place.case
    role = place.acting_role(action.by)
    if role is None:
        raise Forbidden(place.refusal(action))
    if action.matters and case.matter not in action.matters:
        raise Conflict(_("这类事项没有“%(action)s”。") % {"action": action.name.text()}, code="state")
    if case.merged_into_id:
        raise Conflict(_("这件事已并入另一件，请在那一件里办。"), code="state")
    if case.state not in action.from_:
        named = {"state": definition.state(case.state).name.text(), "action": action.name.text()}
        raise Conflict(_("这件事现在是“%(state)s”，不能“%(action)s”。") % named, code="state")
    if waiting:
        raise Conflict(_("有一项意见正等待另一位同事复核，请先处理。"), code="proposal_open")
    return role


def _propose(ctx: ActionContext, before: dict[str, Any]) -> None:
    assert ctx.action is not None
    if ctx.reader.user_id is None:
        raise Forbidden(_("请由工作人员提出。"))
    Proposal.objects.create(
        case=ctx.case, action=ctx.action.id, payload=ctx.answers, proposed_by_id=ctx.reader.user_id,
        proposed_at=ctx.now,
    )  # fmt: skip
    ctx.record("proposal.made", action=ctx.action.id)
    _settle(ctx, before)


def _do(ctx: ActionContext, before: dict[str, Any], proposed_by: int | None = None) -> None:
    """Carry the action out: effects, state, clocks, outcome, papers, words."""
    action, case = ctx.action, ctx.case
    assert action is not None
    was = case.state
    for name in action.effects:
        ctx.service.effect(name)(ctx)
    for code in action.meets:
        ctx.clocks.meet(code)
    for code in action.suspends:
        ctx.clocks.suspend(code, action.name.zh)
    for code in action.resumes:
        ctx.clocks.resume(code)
    if action.outcome:
        case.outcome = action.outcome
    if action.to and action.to != case.state:
        state = ctx.definition.state(action.to)
        case.state, case.owner = state.id, state.owner or ""
        _enter(ctx, state)
    for code in action.starts:
        if ctx.clocks.begun(code):  # an effect knew better from when it runs
            continue
        ctx.clocks.start(code, length=local_length(ctx.definition.deadline(code), ctx.facts.parameters))
    data = {"action": action.id, "from": was, "to": case.state}
    if action.outcome:
        data["outcome"] = action.outcome
    if proposed_by:
        data["proposed_by"] = str(proposed_by)
    ctx.entries.insert(0, Entry("case.action", case_id=case.pk, data=data))
    _settle(ctx, before)


def _enter(ctx: ActionContext, state: State) -> None:
    """Arrive in a state: clocks move with it; an end state closes the case."""
    case = ctx.case

    def applies(spec: Any) -> bool:
        return spec.when is None or ctx.service.guard(spec.when).test(ctx.facts).allowed is True

    ctx.clocks.enter(state.id, lambda spec: local_length(spec, ctx.facts.parameters), applies)
    if state.end:
        case.open, case.closed_at = False, ctx.now
        ctx.clocks.cancel_all()
        finish(ctx)
    elif not case.open:
        case.open, case.closed_at = True, None


def touch(case: Case, *fields: str) -> None:
    """Save these fields of a case that changed beside the definition's actions: whoever holds an older copy is told so."""
    case.changed_at = clock.now()
    case.revision += 1
    case.save(update_fields=[*fields, "changed_at", "revision"])


def _settle(
    ctx: ActionContext, before: dict[str, Any] | None, applicants: list[Party] | None = None
) -> None:
    """Write everything the action changed, once: clocks, documents, case, notices, and last the events, so that the
    end of a chain is held as short as can be. `before`: the case's values when it was read; None when it is new."""
    case, action = ctx.case, ctx.action
    ctx.clocks.save()
    case.changed_at = ctx.now
    if before is not None:
        case.revision += 1
    wanted: list[tuple[str, dict[str, Any]]] = [(name, {}) for name in (action.documents if action and _acted(ctx) else [])]
    for document_id, extra in [*wanted, *ctx.documents]:
        issue(ctx, ctx.definition.document(document_id), extra)
    if before is not None:
        prelude.write(prelude.updating(case, prelude.changed(case, before)))
    elif not prelude.waits(case):  # a new case that still waits is written as it is when it goes
        case.save()
    notices = [*(action.notices if action and _acted(ctx) else []), *ctx.notices]
    for notice_id in notices:
        write(case, ctx.definition.notice(notice_id), partial(_named, ctx), applicants)
    for user_id, words in ctx.told:
        tell([user_id], case, "told", words)
    append(ctx.reader, *(ctx.entries or [Entry("case.touched", case_id=case.pk)]))


def _acted(ctx: ActionContext) -> bool:
    return any(entry.kind == "case.action" for entry in ctx.entries)


def _named(ctx: ActionContext, english: bool) -> Named:
    case, city, language = ctx.case, cities.current(), "en" if english else "zh"
    due = case.next_due.astimezone(SHANGHAI) if case.next_due else None
    person, phone = "the staff on duty" if english else "值班人员", city.hotline
    if case.provider:
        person, phone = case.provider.name, case.provider.phone or case.provider.institution.phone or city.hotline
    elif case.handler:
        person, phone = case.handler.name, case.handler.phone or city.hotline
    soon = "soon" if english else "近期"
    return Named(
        number=case.tracking_number, state=ctx.definition.state(case.state).name.text(language),
        due=month_day(due, english) if due else soon, time=f"{due:%H:%M}" if due else "", person=person, phone=phone,
        place=case.institution.name if case.institution else city.bureau.text(language), link=f"{settings.PUBLIC_URL}/track/{case.tracking_number}",
    )  # fmt: skip
