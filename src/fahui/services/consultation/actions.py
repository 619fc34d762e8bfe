"""What a consultation writes: marks at intake, the record of answers, promises of a time, alarms. One transaction each,
inside the action that names the effect.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from fahui.casework.cases.context import ActionContext
from fahui.casework.definitions.plugin import effect
from fahui.casework.definitions.values import moment_of
from fahui.casework.notices.actions import holders, members
from fahui.foundation.accounts.roles import Role
from fahui.foundation.data import Words
from fahui.foundation.errors import Invalid
from fahui.knowledge.answers.danger import danger_in
from fahui.knowledge.citations.linking import link
from fahui.services.consultation.rules import (
    FLAG,
    WRITTEN_CHANNELS,
    Alarm,
    alarm_from,
    alarm_of,
    intake_marks,
    quality_total,
    safe_contact,
    violence_told,
)
from fahui.services.consultation.values import spoken

_WORRY = "may_be_danger"
# Alarms whose story only those who handle it may read.
_SEALED = frozenset({"domestic_violence", "child"})
# The part of the record that only actions write, as it stands before the first: whoever opens a case cannot write it.
UNWRITTEN: dict[str, Any] = {
    "answered_by": [], "attempts": 0, "appointment_at": None, "order_to": "", "answer_given": "", "quality_score": None,
}  # fmt: skip


@effect("on_open")
def on_open(ctx: ActionContext) -> None:
    """Contact only where it is safe; put ahead whom the law puts ahead; hear an alarm in the words."""
    ctx.update_details(**{name: value for name, value in UNWRITTEN.items() if name in ctx.case.details})
    _keep_safe_contact(ctx)
    for mark in intake_marks(ctx.facts):
        ctx.flag(mark.name)
        ctx.raise_priority(mark.priority)
    heard = danger_in(spoken(ctx.case.details))
    alarm = alarm_from(heard)
    if alarm is None and ctx.case.details.get("violence_now") is True:
        alarm = alarm_of("domestic_violence")
    if alarm:
        _raise(ctx, alarm)
    elif heard:
        ctx.flag(_WORRY)
        ctx.raise_priority(1)
    if ctx.case.channel in WRITTEN_CHANNELS:
        ctx.notify("registered")


def _keep_safe_contact(ctx: ActionContext) -> None:
    """What the person said about reaching them safely is kept with the person: every later message obeys it."""
    said, party = safe_contact(ctx.case.details), ctx.case.applicant
    if party is not None and said:
        party.contact = {**party.contact, **said}
        party.save(update_fields=["contact"])


def _raise(ctx: ActionContext, alarm: Alarm) -> None:
    """Flag it, put it first, tell the shift's lead; hide violence at home and children in danger, and let the lead in."""
    ctx.flag(f"{FLAG}{alarm.kind}")
    ctx.raise_priority(2)
    if alarm.kind in _SEALED and (ctx.action is not None or violence_told(ctx.facts).allowed):
        ctx.seal()
    if ctx.case.sealed:
        _no_texts_unasked(ctx)
        for user in holders(Role.HOTLINE_LEAD, ctx.case.service, ctx.case.region_code):
            ctx.let_see(user, "alarm")
    ctx.notify("alarm")
    ctx.record("alarm.raised", alarm=alarm.kind)


def _no_texts_unasked(ctx: ActionContext) -> None:
    """In a sealed alarm nobody is texted who did not say that it is safe; what was said before stands."""
    party = ctx.case.applicant
    if party is not None:
        party.contact = {**safe_contact({"violence": True}), **party.contact}
        party.save(update_fields=["contact"])


@effect("raise_alarm")
def raise_alarm(ctx: ActionContext) -> None:
    """The red key: the agent says what it is."""
    _raise(ctx, alarm_of(str(ctx.answers["kind"])))


@effect("close_alarm")
def close_alarm(ctx: ActionContext) -> None:
    """The alarm is dealt with. A false one about violence or a child opens the case to its jurisdiction again."""
    for flag in [flag for flag in ctx.case.flags if flag.startswith(FLAG)]:
        ctx.unflag(flag)
    if ctx.answers.get("mistaken") and ctx.case.details.get("violence") is not True:
        ctx.unseal()
    ctx.record("alarm.closed", mistaken=bool(ctx.answers.get("mistaken")))


@effect("keep_answer")
def keep_answer(ctx: ActionContext) -> None:
    """Who answered and what; a written answer where the question was written; faults in citations are marked."""
    answers, details = ctx.answers, ctx.case.details
    by = [*details.get("answered_by", []), *([ctx.reader.user_id] if ctx.reader.user_id else [])]
    ctx.update_details(
        answered_by=list(dict.fromkeys(by)), answer_given=answers.get("answer") or answers.get("how", "")
    )
    if answers.get("articles"):
        _check_citations(ctx, answers["articles"])
    if answers.get("ai_mark") in {"incomplete", "wrong"}:
        ctx.flag(f"ai_answer_{answers['ai_mark']}")
    if answers.get("answer") and ctx.case.channel in WRITTEN_CHANNELS:
        ctx.issue("written_answer")


def _check_citations(ctx: ActionContext, articles: str) -> None:
    """A citation that does not resolve stops no answer, but whoever samples the work sees it."""
    found = link(articles)
    if not found or any(cited.failing for cited in found):
        ctx.flag("citation_to_check")
    else:
        ctx.unflag("citation_to_check")


@effect("keep_appointment")
def keep_appointment(ctx: ActionContext) -> None:
    """The appointment's clock runs to the agreed time, not from now."""
    at = moment_of(ctx.answers, "at")
    ctx.update_details(appointment_at=ctx.answers["at"])
    ctx.start_deadline("appointment", since=at)


@effect("promise_callback")
def promise_callback(ctx: ActionContext) -> None:
    """Two hours from now, or from when the person can talk."""
    ctx.start_deadline("callback", since=_later(ctx, "not_before"))


@effect("count_attempt")
def count_attempt(ctx: ActionContext) -> None:
    """A call nobody answered is counted; the clock begins again for the next one. The person is told we tried."""
    ctx.update_details(attempts=int(ctx.case.details.get("attempts") or 0) + 1)
    ctx.start_deadline("callback", since=_later(ctx, "again_at"))


def _later(ctx: ActionContext, name: str) -> Any:
    """The moment asked for if it lies ahead, else None: from now."""
    moment = moment_of(ctx.answers, name)
    return moment if moment and moment > ctx.now else None


@effect("keep_order")
def keep_order(ctx: ActionContext) -> None:
    """Whom the order went to; the people of an office that works here are told themselves. Raises Invalid where none of them could take it."""
    office, case = ctx.answers["order_institution"], ctx.case
    if office:
        people = members(office, ctx.definition.action("accept_order").by, case.service, case.region_code)
        if not people:
            raise Invalid(_("这个机构没有人能在这里接办。空着只写单位名称，或者用“移交”。"),
                          fields={"order_institution": _("请换一个，或者空着")})  # fmt: skip
        for user in people:
            number = case.tracking_number
            ctx.tell(user, Words(zh=f"{number} 交给贵单位办，请接办或者退回。", en=f"{number} went to your office. Take it or send it back."))
    ctx.update_details(order_to=ctx.answers["order_to"])


@effect("drop_order")
def drop_order(ctx: ActionContext) -> None:
    """The order came back: nobody has it, the person in charge included."""
    ctx.update_details(order_to="")
    ctx.case.handler_id = None


@effect("keep_visit")
def keep_visit(ctx: ActionContext) -> None:
    """Discontent at a later visit is marked; the matter goes on as a new case that names this one."""
    if ctx.answers.get("satisfied") is False:
        ctx.flag("not_satisfied")
    ctx.record("visit.made", reached=bool(ctx.answers.get("reached")), satisfied=ctx.answers.get("satisfied"))


@effect("keep_score")
def keep_score(ctx: ActionContext) -> None:
    """The total of a sampled answer, on the record of the case."""
    total = quality_total(ctx.answers)
    ctx.update_details(quality_score=total)
    ctx.record("quality.scored", score=total, grave=bool(ctx.answers.get("grave")))
