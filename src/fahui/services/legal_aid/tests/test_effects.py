"""What effects write, on a stand-in for the spine's context."""

# ruff: noqa: ANN001, ANN003, ANN201, ANN202, ANN204
from __future__ import annotations

from types import SimpleNamespace

import pytest

from fahui.casework.definitions.plugin import Parameter, registry_of
from fahui.services.legal_aid import actions
from fahui.services.legal_aid.tests.cast import BOY, TENANT, WORKER, at, facts


class Context:
    """Keeps what an effect asked for."""

    def __init__(self, details, answers=None, *, provider_id=None, now="2026-06-13T19:42", **more):
        self.answers, self.now = answers or {}, at(now)
        self.case, self.payload = SimpleNamespace(provider_id=provider_id), None
        self.facts = facts(details, now=now, payload=self.answers, **more)
        self.flags, self.details, self.clocks, self.papers, self.records = set(), {}, [], [], []
        self.priority, self.sealed = 0, False

    def flag(self, name):
        self.flags.add(name)

    def unflag(self, name):
        self.flags.discard(name)

    def update_details(self, **values):
        self.details |= values

    def raise_priority(self, level):
        self.priority = max(self.priority, level)

    def seal(self):
        self.sealed = True

    def start_deadline(self, code, since=None):
        self.clocks.append(("start", code, since))

    def meet_deadline(self, code):
        self.clocks.append(("meet", code, None))

    def issue(self, document_id, **extra):
        self.papers.append(document_id)

    def record(self, kind, **data):
        self.records.append((kind, data))


@pytest.fixture
def spine(monkeypatch):
    """The spine's effects, each leaving its name."""
    called = []
    for name in ("release_assignment", "end_assignment", "record_subsidy", "call_duty_lawyers"):
        monkeypatch.setitem(registry_of("fahui.casework").effects, name, lambda ctx, name=name: called.append(name))
    return called


def test_a_wage_case_opens_in_the_fast_lane_with_a_receipt():
    ctx = Context(WORKER)
    actions.on_open(ctx)
    assert {"early_aid_possible", "wage_fast_lane", "group_matter"} <= ctx.flags
    assert (ctx.priority, ctx.sealed, ctx.papers) == (2, False, ["receipt"])


def test_a_forwarded_application_carries_its_clock_from_the_asking():
    asked = "2026-06-11T09:40:00+08:00"
    ctx = Context({"forwarded_by": "duty_lawyer", "forwarded_from_at": asked, "detained": True}, matter="criminal",
                  now="2026-06-11T10:05")  # fmt: skip
    actions.on_open(ctx)
    assert ctx.clocks == [("start", "forward_24h", at("2026-06-11T09:40")), ("meet", "forward_24h", None)]
    assert ("limit.checked", {"rule": "DL-T-01", "kept": True}) in ctx.records
    assert ctx.sealed and "detained" in ctx.flags


def test_the_three_days_of_a_notice_run_from_its_receipt():
    ctx = Context(BOY, matter="notified_defence", now="2026-06-11T18:00")
    actions.on_open(ctx)
    assert ctx.clocks == [("start", "assign_notified", at("2026-06-11T16:00"))]
    assert ("limit.checked", {"rule": "LA-T-10", "kept": True}) in ctx.records
    assert ctx.sealed and "minor" in ctx.flags and ctx.papers == []


def test_a_clock_never_begins_in_the_future(spine):
    ctx = Context({"requested_at": "2026-06-14T09:00:00+08:00"}, matter="duty_help")
    actions.on_open(ctx)
    assert ctx.clocks == [("start", "tell_duty_lawyer", ctx.now)]


def test_early_aid_leaves_formalities_pending_until_they_are_made_up():
    ctx = Context(WORKER, {"reason_text": "时效余五日"})
    ctx.flag("early_aid_possible")
    actions.note_early_aid(ctx)
    assert ctx.flags == {"pending_formalities"} and ctx.priority == 2
    assert ctx.details["early_reason"] == "时效余五日" and ctx.details["decided_on"] == "2026-06-13"
    actions.formalities_done(ctx)
    assert "pending_formalities" not in ctx.flags


def test_a_supplement_keeps_and_clears_its_day():
    ctx = Context(TENANT, {"missing": "身份证", "due_on": "2026-06-25"})
    actions.note_supplement(ctx)
    assert ctx.details == {"supplement_list": "身份证", "supplement_due_on": "2026-06-25"}
    actions.clear_supplement(ctx)
    assert ctx.details["supplement_due_on"] is None


def test_a_grant_and_a_decision_keep_their_day():
    ctx = Context(TENANT, {"aid_form": "drafting"})
    actions.note_grant(ctx)
    assert ctx.details["granted_at"].startswith("2026-06-13T19:42") and "drafting_only" in ctx.flags
    ctx = Context(TENANT, {})
    ctx.flag("pending_formalities")
    actions.note_decision(ctx)
    assert ctx.details == {"decided_on": "2026-06-13"} and ctx.flags == set()


def test_upholding_names_the_last_days():
    ctx = Context(TENANT, now="2026-06-18T10:00")
    actions.note_remedies(ctx)
    assert ctx.details == {"decided_on": "2026-06-18", "reconsider_until": "2026-08-17", "sue_until": "2026-12-18"}


def test_who_is_told_of_an_assignment():
    civil = Context(TENANT)
    actions.issue_assignment_papers(civil)
    assert civil.papers == ["assignment_recipient", "assignment_firm"]
    court = Context({"organ": "court"}, matter="criminal")
    actions.issue_assignment_papers(court)
    assert "assignment_organ" in court.papers
    assert court.clocks == [("start", "court_formalities", None)]


def test_the_subsidy_waits_for_its_rate_without_holding_up_the_case(spine):
    ctx = Context(TENANT, {"subsidy_kind": "labour"})
    actions.subsidy_when_rate_is_set(ctx)
    assert ctx.flags == {"subsidy_rate_missing"} and spine == []
    actions.rate_was_set(ctx)
    assert ctx.flags == set()
    rated = Context(TENANT, {"subsidy_kind": "labour"}, parameters={"subsidy_fen_labour": Parameter(180_000, "fen", "省")})
    actions.subsidy_when_rate_is_set(rated)
    assert rated.flags == set() and spine == ["record_subsidy"]


def test_a_provider_is_relieved_only_when_there_is_one(spine):
    actions.release_if_assigned(Context(TENANT))
    assert spine == []
    actions.release_if_assigned(Context(TENANT, provider_id=3))
    assert spine == ["release_assignment"]


def test_what_is_recorded_for_the_figures():
    ctx = Context(TENANT, {"conflict": True})
    actions.note_refusal_to_act(ctx)
    assert ctx.records == [("assignment.refusal", {"conflict": True})]
    ctx = Context(TENANT, {"result": "settled", "gained_fen": 8_640_000})
    actions.note_result(ctx)
    assert ctx.records == [("aid.result", {"result": "settled", "gained_fen": 8_640_000})]
    ctx = Context(BOY, {"told_on": "2026-06-10", "organ_told_on": "2026-06-14"}, matter="notified_defence")
    actions.note_organ_told(ctx)
    assert ctx.records == [("limit.checked", {"rule": "LA-T-12", "kept": False})]
    ctx = Context(TENANT, {"stage": "filed"})
    actions.restart_progress_clock(ctx)
    assert ctx.records == [("progress.reported", {"stage": "filed"})]


def test_money_taken_is_flagged_for_the_bureau():
    ctx = Context(TENANT, {"reached": True, "money_asked": True})
    actions.note_visit(ctx)
    assert ctx.flags == {"money_taken"}


def test_the_duty_lawyers_day_begins_when_the_person_asked():
    ctx = Context({}, {"asked_at": "2026-06-13T09:40:00+08:00"}, matter="duty_help")
    actions.forward_from_asking(ctx)
    assert ctx.clocks == [("start", "forward_24h", at("2026-06-13T09:40"))]
