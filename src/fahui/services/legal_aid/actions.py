"""What legal-aid actions write beyond their state: flags, dates, papers. Each effect runs in the action's transaction."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, Protocol

from fahui.casework.definitions.plugin import Facts, effect, registry_of
from fahui.casework.definitions.values import day_of, moment_of
from fahui.foundation.worktime.rules import BUSINESS_ZONE
from fahui.services.legal_aid.flags import intake_flags
from fahui.services.legal_aid.guards import SEALING, before_court, offer_accepted
from fahui.services.legal_aid.handover import application_from, asked_again
from fahui.services.legal_aid.limits import Kept, forwarding, organ_notice, remedies, told_of_own_lawyer
from fahui.services.legal_aid.subsidy import MISSING, subsidy

# Served first by law, and urgent (a limitation is near).
PRIORITY_BY_LAW, URGENT = 1, 2
FIRST = frozenset({"priority_military", "wage_fast_lane", "veteran"})


class Context(Protocol):
    """The part of the spine's action context that these effects use."""

    case: Any
    payload: Any
    now: datetime

    @property
    def facts(self) -> Facts:
        """The plain values rules look at."""

    @property
    def answers(self) -> dict[str, Any]:
        """The action's form as plain values."""

    def flag(self, name: str) -> None:
        """Set a flag."""

    def unflag(self, name: str) -> None:
        """Take a flag away."""

    def update_details(self, **values: Any) -> None:
        """Put values into the details."""

    def raise_priority(self, level: int) -> None:
        """Put the case ahead."""

    def seal(self) -> None:
        """Hide the case outside its circle."""

    def start_deadline(self, code: str, since: datetime | None = None) -> None:
        """Start a clock."""

    def meet_deadline(self, code: str) -> None:
        """End a clock."""

    def last_moment(self, code: str) -> datetime | None:
        """When a clock ended or ends, whether or not that was noticed."""

    def follow_up(self, service: str, matter: str, details: dict[str, Any]) -> None:
        """Open a case that this one leads to."""

    def issue(self, document_id: str, **extra: Any) -> None:
        """Issue a document."""

    def record(self, kind: str, **data: Any) -> None:
        """Add an event of plain values."""


def _spine(name: str, ctx: Context) -> None:
    """Run one of the spine's own effects by its name."""
    registry_of("fahui.casework").effects[name](ctx)


def _today(ctx: Context) -> str:
    return ctx.now.astimezone(BUSINESS_ZONE).date().isoformat()


@effect("on_open")
def on_open(ctx: Context) -> None:
    """Flags, sealing, clocks that began before the case reached us, and the receipt."""
    refresh_flags(ctx)
    facts = ctx.facts
    _record_kept(ctx, [kept for kept in [forwarding(facts), *organ_notice(facts)] if kept])
    if facts.matter in {"civil", "criminal"}:
        asked = moment_of(facts.details, "forwarded_from_at")
        if asked is not None:
            ctx.start_deadline("forward_24h", since=asked)
            ctx.meet_deadline("forward_24h")
        ctx.issue("receipt")
    if facts.matter == "duty_help":
        _spine("call_duty_lawyers", ctx)
    began = {
        "notified_defence": ("assign_notified", "notice_received_at"),
        "duty_help": ("tell_duty_lawyer", "requested_at"),
    }
    if facts.matter in began:
        clock, field = began[facts.matter]
        since = moment_of(facts.details, field)
        if since is not None:
            ctx.start_deadline(clock, since=min(since, ctx.now))


def _record_kept(ctx: Context, limits: list[Kept]) -> None:
    for limit in limits:
        ctx.record("limit.checked", rule=limit.rule_id, kept="unknown" if limit.kept is None else limit.kept)


@effect("refresh_flags")
def refresh_flags(ctx: Context) -> None:
    """Set every flag the answers justify; seal when one of them asks for it. No flag is taken away here."""
    for found in intake_flags(ctx.facts):
        ctx.flag(found.name)
        if found.name in SEALING:
            ctx.seal()
        if found.name in FIRST:
            ctx.raise_priority(PRIORITY_BY_LAW)
        if found.name == "early_aid_possible":
            ctx.raise_priority(URGENT)


@effect("note_supplement")
def note_supplement(ctx: Context) -> None:
    """Keep what was asked for and until when."""
    answers = ctx.answers
    ctx.update_details(supplement_list=answers["missing"], supplement_due_on=answers["due_on"])


@effect("clear_supplement")
def clear_supplement(ctx: Context) -> None:
    """The applicant answered; the day no longer threatens."""
    ctx.update_details(supplement_due_on=None)


@effect("note_early_aid")
def note_early_aid(ctx: Context) -> None:
    """Aid starts now; formalities and papers follow."""
    ctx.flag("pending_formalities")
    ctx.unflag("early_aid_possible")
    ctx.raise_priority(URGENT)
    ctx.update_details(early_reason=ctx.answers["reason_text"], granted_at=ctx.now.isoformat(), decided_on=_today(ctx))


@effect("formalities_done")
def formalities_done(ctx: Context) -> None:
    """The formalities of early aid are made up."""
    ctx.unflag("pending_formalities")


@effect("note_grant")
def note_grant(ctx: Context) -> None:
    """Keep when aid was granted, and whether only a paper is drafted."""
    ctx.update_details(granted_at=ctx.now.isoformat(), decided_on=_today(ctx))
    ctx.unflag("early_aid_possible")
    if ctx.answers.get("aid_form") == "drafting":
        ctx.flag("drafting_only")


@effect("note_decision")
def note_decision(ctx: Context) -> None:
    """Keep the day of a refusal or termination; objections are counted from it."""
    ctx.update_details(decided_on=_today(ctx))
    ctx.unflag("pending_formalities")


@effect("note_correction")
def note_correction(ctx: Context) -> None:
    """Keep that an eligible application was first refused: what is decided later takes the place of how the objection ended."""
    refused = next((action for action in reversed(ctx.facts.history) if action in {"refuse", "terminate"}), "") == "refuse"
    if ctx.case.outcome == "refused" or refused:
        ctx.flag("refusal_corrected")


@effect("note_remedies")
def note_remedies(ctx: Context) -> None:
    """Keep the last days for reconsideration and suit, counted as if the decision were received today."""
    last = remedies(ctx.now.astimezone(BUSINESS_ZONE).date())
    ctx.update_details(decided_on=_today(ctx), reconsider_until=last.reconsider_until.isoformat(),
                       sue_until=last.sue_until.isoformat())  # fmt: skip


@effect("issue_assignment_papers")
def issue_assignment_papers(ctx: Context) -> None:
    """Tell the recipient, the firm and, in criminal matters, the organ; court formalities run from acceptance."""
    ctx.issue("assignment_recipient")
    ctx.issue("assignment_firm")
    if ctx.facts.matter in {"criminal", "notified_defence"}:
        ctx.issue("assignment_organ")
    if before_court(ctx.facts).allowed:
        ctx.start_deadline("court_formalities")


@effect("note_refusal_to_act")
def note_refusal_to_act(ctx: Context) -> None:
    """A refusal without conflict is recorded: refusing without good reason is sanctionable (法律援助法第六十二条)."""
    ctx.record("assignment.refusal", conflict=bool(ctx.answers.get("conflict")))


@effect("release_if_assigned")
def release_if_assigned(ctx: Context) -> None:
    """Relieve the provider, if there is one."""
    if ctx.case.provider_id is not None:
        _spine("release_assignment", ctx)


@effect("release_if_only_offered")
def release_if_only_offered(ctx: Context) -> None:
    """A provider who took the case stays until the work done is handed in and paid for; an open offer is taken back."""
    if ctx.case.provider_id is not None and offer_accepted(ctx.facts).allowed is not True:
        _spine("release_assignment", ctx)


@effect("end_if_assigned")
def end_if_assigned(ctx: Context) -> None:
    """The provider's work is over, by no fault of theirs: they may be chosen again."""
    if ctx.case.provider_id is not None:
        _spine("end_assignment", ctx)


def _noon(ctx: Context, name: str) -> datetime | None:
    """A day of the form as a moment of that day, at the latest now: the first day is excluded anyway."""
    day = day_of(ctx.answers, name)
    return min(datetime.combine(day, time(12), BUSINESS_ZONE), ctx.now) if day else None


@effect("review_from_receipt")
def review_from_receipt(ctx: Context) -> None:
    """The five days run from when the bureau got the objection (法律援助法第四十九条), not from when it was entered."""
    received = _noon(ctx, "received_on")
    if received is not None:
        ctx.start_deadline("objection_review", since=received)


@effect("take_up_again")
def take_up_again(ctx: Context) -> None:
    """What was put right above is a new application that names this one, with nothing asked twice."""
    ctx.follow_up("legal_aid", ctx.facts.matter, asked_again(ctx.facts))


@effect("meeting_from_request")
def meeting_from_request(ctx: Context) -> None:
    """The 48 hours run from the lawyer's request at the detention centre (刑事诉讼法第三十九条)."""
    ctx.start_deadline("meeting_48h", since=min(moment_of(ctx.answers, "asked_at") or ctx.now, ctx.now))


@effect("choice_from_rejection")
def choice_from_rejection(ctx: Context) -> None:
    """The five days to choose an own lawyer run from the rejection."""
    ctx.start_deadline("own_lawyer_choice", since=_noon(ctx, "rejected_on"))


@effect("organ_asks_from_last_day")
def organ_asks_from_last_day(ctx: Context) -> None:
    """The organ's three days follow the last of the five, also where that was noticed later."""
    ctx.start_deadline("organ_asks_again", since=ctx.last_moment("own_lawyer_choice"))


@effect("assign_from_notice")
def assign_from_notice(ctx: Context) -> None:
    """The three days for another assignment run from the new notice (法律援助法第三十六条)."""
    ctx.start_deadline("assign_notified", since=min(moment_of(ctx.answers, "notified_at") or ctx.now, ctx.now))


@effect("papers_filed")
def papers_filed(ctx: Context) -> None:
    """The court's three days end when the formalities are with the court, not when the work begins."""
    if ctx.answers.get("filed_on"):
        ctx.meet_deadline("court_formalities")


@effect("open_application")
def open_application(ctx: Context) -> None:
    """What the duty lawyer passes on is an application at the agency, asked by the same person, with nothing asked twice."""
    ctx.follow_up("legal_aid", "criminal", application_from(ctx.facts))


@effect("note_organ_told")
def note_organ_told(ctx: Context) -> None:
    """Keep whether the organ told the agency in time."""
    told = told_of_own_lawyer(ctx.facts)
    if told is not None:
        _record_kept(ctx, [told])


@effect("restart_progress_clock")
def restart_progress_clock(ctx: Context) -> None:
    """The next report is due one interval after this one, where the locality set an interval."""
    ctx.meet_deadline("progress")
    ctx.record("progress.reported", stage=str(ctx.answers["stage"]))


@effect("note_result")
def note_result(ctx: Context) -> None:
    """Keep how the matter ended and what it brought, for the figures."""
    answers = ctx.answers
    ctx.record("aid.result", result=str(answers["result"]), gained_fen=int(answers.get("gained_fen") or 0))


@effect("subsidy_when_rate_is_set")
def subsidy_when_rate_is_set(ctx: Context) -> None:
    """Record the subsidy; where the local rate is missing the case still closes, and a flag asks for the rate."""
    if subsidy(ctx.facts, str(ctx.answers["subsidy_kind"])).fen is None:
        ctx.flag(MISSING)
    else:
        _spine("record_subsidy", ctx)


@effect("rate_was_set")
def rate_was_set(ctx: Context) -> None:
    """The subsidy that waited for its rate is recorded."""
    ctx.unflag(MISSING)


@effect("note_visit")
def note_visit(ctx: Context) -> None:
    """A provider who took money is a matter for the bureau (法律援助法第二十条)."""
    answers = ctx.answers
    ctx.record("visit.made", reached=bool(answers.get("reached")), told_progress=answers.get("told_progress"))
    if answers.get("money_asked"):
        ctx.flag("money_taken")


@effect("forward_from_asking")
def forward_from_asking(ctx: Context) -> None:
    """The 24 hours run from the moment the person asked, not from when it was written down."""
    asked = moment_of(ctx.answers, "asked_at")
    if asked is not None:
        ctx.update_details(aid_asked_at=asked.isoformat())
        ctx.start_deadline("forward_24h", since=min(asked, ctx.now))
