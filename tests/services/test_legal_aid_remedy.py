"""How long a refused application is kept open for an objection: from the day the decision was received."""

from __future__ import annotations

from datetime import datetime, timedelta

from fahui.casework.cases.actions import decide_proposal, perform
from fahui.casework.cases.models import Case, Proposal
from fahui.casework.deadlines.models import CaseDeadline
from fahui.casework.definitions.checks import problems
from fahui.casework.definitions.loader import service
from fahui.casework.receipts.actions import receive
from fahui.casework.tasks import sweep_deadlines
from fahui.foundation import clock
from fahui.foundation.accounts.scope import as_system, reading_as
from fahui.foundation.clock import SHANGHAI
from fahui.standards.lake.engines import Postgres
from fahui.standards.measuring import cells
from fahui.standards.periods import Period
from tests.cast import Cast, wage_claim

MONDAY = datetime(2026, 6, 15, 9, 0, tzinfo=SHANGHAI)


def refused(cast: Cast) -> Case:
    """Proposed by the reviewer, confirmed by the approver."""
    reviewer, approver = cast["reviewer"], cast["approver"]
    with clock.at(MONDAY):
        with reading_as(cast["clerk"]):
            case = wage_claim(cast["clerk"])
        with reading_as(reviewer):
            perform(reviewer, case.pk, "accept")
            perform(reviewer, case.pk, "refuse", {"reason": "has_lawyer", "reason_text": "不在范围内，详见说明"})
        with reading_as(approver):
            decide_proposal(approver, Proposal.objects.get(case=case, status="open").pk, True, "")
    return now(case)


def now(case: Case) -> Case:
    with as_system():
        return Case.objects.get(pk=case.pk)


def window(case: Case) -> CaseDeadline:
    with as_system():
        return CaseDeadline.objects.get(case=case, code="remedy_window")


def test_the_folder_may_be_published():
    assert problems(service("legal_aid")) == []


def test_the_six_months_wait_for_the_receipt_and_then_run_from_it(cast: Cast):
    case = refused(cast)
    assert case.state == "refused" and case.next_deadline == ""
    assert (window(case).status, window(case).due_at) == ("suspended", None)
    with clock.at(MONDAY + timedelta(days=400)):
        sweep_deadlines()
    assert now(case).state == "refused"  # whoever has not got the decision has lost no time
    delivery = case.documents.get(document="refusal").deliveries.get(to_role="applicant")
    with clock.at(MONDAY + timedelta(days=7)), reading_as(cast["reviewer"]):
        receive(cast["reviewer"], case, delivery.pk, "hand", "本人签收")
    assert window(case).due_at.astimezone(SHANGHAI).strftime("%Y-%m-%d") == "2026-12-22"
    assert now(case).next_deadline == "remedy_window"


def test_an_objection_before_any_receipt_is_recorded_ends_the_waiting(cast: Cast):
    case = refused(cast)
    with clock.at(MONDAY + timedelta(days=1)), reading_as(cast["clerk"]):
        perform(cast["clerk"], case.pk, "object", {"reason_text": "我有欠条"})
    assert window(case).status == "met" and now(case).next_deadline == "objection_review"


def test_a_refusal_that_was_corrected_is_remembered_and_counts_against_the_approval_rate(cast: Cast):
    case, other = refused(cast), refused(cast)
    for one, decided in ((case, "order_correction"), (other, "uphold")):
        with clock.at(MONDAY + timedelta(days=1)), reading_as(cast["clerk"]):
            perform(cast["clerk"], one.pk, "object", {"reason_text": "我有欠条"})
        with clock.at(MONDAY + timedelta(days=2)), reading_as(cast["officer"]):
            perform(cast["officer"], one.pk, decided, {"reason_text": "欠条能证明在劳动争议范围内。"})
    assert now(case).flags.count("refusal_corrected") == 1 and now(case).state == "granted"
    assert "refusal_corrected" not in now(other).flags and now(other).state == "upheld"
    with as_system():  # one granted straight away beside them, which was never refused
        Case.objects.filter(pk=wage_claim(cast["clerk"]).pk).update(state="closed", outcome="completed", opened_at=MONDAY)
        Case.objects.filter(pk=case.pk).update(state="closed", outcome="completed")
        engine = Postgres()
        engine.periods([Period(0, MONDAY.date(), (MONDAY + timedelta(days=9)).date(), True)])
        given = {"services": "legal_aid", "matters": ["civil", "criminal"], "decided": ["granted", "completed", "terminated", "corrected"]}
        counted = cells(engine, "cases_right_at_first", given)
    assert [sum(upper for upper, _lower in counted[0].values()), sum(lower or 0 for _upper, lower in counted[0].values())] == [1, 2]
