"""The spine at its borders: who is told, what a merger leaves behind, when a paper was received, what the file holds."""

from __future__ import annotations

import json
import zipfile
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest

from fahui.casework.cases.actions import Opening, decide_proposal, open_case, perform
from fahui.casework.cases.models import Case, Proposal
from fahui.casework.companions import actions as companions
from fahui.casework.deadlines.models import CaseDeadline
from fahui.casework.documents.archive import archive
from fahui.casework.notices.models import Outgoing
from fahui.casework.receipts.actions import receive
from fahui.casework.scheduling.actions import book, plan_shift
from fahui.casework.scheduling.models import Slot
from fahui.casework.scheduling.queries import waiting_callbacks
from fahui.foundation import clock
from fahui.foundation.accounts.scope import SYSTEM, as_system, reading_as
from fahui.foundation.clock import SHANGHAI
from fahui.foundation.errors import Conflict, Invalid
from fahui.foundation.people.actions import Person
from fahui.foundation.people.models import Party
from fahui.foundation.people.queries import phone_of
from tests.cast import TOWNSHIP, Cast, wage_claim

MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=SHANGHAI)
REFUSAL = {"reason": "has_lawyer", "reason_text": "已自行委托律师。"}


def refused(cast: Cast) -> Case:
    """Proposed by the reviewer, confirmed by the approver, on Monday."""
    with clock.at(MONDAY):
        with reading_as(cast["clerk"]):
            case = wage_claim(cast["clerk"])
        with reading_as(cast["reviewer"]):
            perform(cast["reviewer"], case.pk, "refuse", REFUSAL)
        with reading_as(cast["approver"]):
            decide_proposal(cast["approver"], Proposal.objects.get(case=case, status="open").pk, True, "")
    with as_system():
        return Case.objects.get(pk=case.pk)


def texted(case: Case) -> set[str]:
    """The numbers that a case's texts go to."""
    with as_system():
        rows = Outgoing.objects.filter(case_id=case.pk, channel="text").values_list("party_id", flat=True)
        return {phone_of(party) for party in Party.objects.filter(pk__in=rows)}


@pytest.mark.parametrize(
    ("matter", "details"),
    [
        ("criminal", {"applies_for": "near_relative", "representative_name": "母亲甲", "representative_phone": "17000000077",
                      "detained": True, "own_lawyer": False, "criminal_role": "suspect"}),
        ("notified_defence", {"organ": "police", "ground": "minor", "guardian_name": "父亲乙", "guardian_phone": "17000000077",
                              "detained": True, "own_lawyer": False}),
    ],
)  # fmt: skip
def test_the_family_of_somebody_in_custody_is_told(cast: Cast, matter: str, details: dict[str, object]):
    with reading_as(cast["clerk"]):
        case = open_case(cast["clerk"], Opening(service="legal_aid", matter=matter, channel="window", region_code=TOWNSHIP,
                                                person=Person(name="少年丙", phone=""), details=details))  # fmt: skip
    if matter == "criminal":
        with reading_as(cast["approver"]):
            perform(cast["approver"], case.pk, "grant", {"reason_text": "符合条件。"})
    with reading_as(cast["approver"]):
        perform(cast["approver"], case.pk, "assign", {"practitioner_id": cast.lawyers["lawyer"].pk, "reason_if_not_first": "熟悉未成年人"})
    with reading_as(cast["lawyer"]):
        perform(cast["lawyer"], case.pk, "accept_assignment")
    assert texted(case) == {"17000000077"}
    with as_system():
        assert case.parts.exclude(role="applicant").get().role == ("agent" if matter == "criminal" else "guardian")


def test_a_paper_received_days_ago_counts_from_that_day(cast: Cast):
    case = refused(cast)
    delivery = case.documents.get(document="refusal").deliveries.get(to_role="applicant")
    with clock.at(MONDAY + timedelta(days=9)), reading_as(cast["reviewer"]):
        for day in (date(2026, 5, 31), date(2026, 6, 11)):  # before it was sent; tomorrow
            with pytest.raises(Invalid):
                receive(cast["reviewer"], case, delivery.pk, "post", "EMS回执", day)
        receive(cast["reviewer"], case, delivery.pk, "post", "EMS回执", date(2026, 6, 4))
    with as_system():
        due = CaseDeadline.objects.get(case=case, code="remedy_window").due_at
    assert due is not None and due.astimezone(SHANGHAI).date() == date(2026, 12, 4)


def test_an_open_matter_is_not_merged_into_one_that_is_over(cast: Cast):
    with reading_as(cast["clerk"]):
        over, case = wage_claim(cast["clerk"]), wage_claim(cast["clerk"])
        perform(cast["clerk"], over.pk, "withdraw", {})
        with pytest.raises(Conflict, match="没办结"):
            companions.merge_repeat(cast["clerk"], case.pk, over.pk)


def test_a_merged_case_leaves_no_proposal_and_no_call_back_behind(cast: Cast):
    with clock.at(MONDAY), reading_as(cast["clerk"]):
        first, second = wage_claim(cast["clerk"]), wage_claim(cast["clerk"])
    with clock.at(MONDAY), reading_as(cast["reviewer"]):
        perform(cast["reviewer"], second.pk, "refuse", REFUSAL)
    with as_system(), clock.at(MONDAY):
        plan_shift(SYSTEM, "window", cast.users["clerk"].pk, MONDAY, MONDAY + timedelta(hours=1), 1)
        book(SYSTEM, second, "window", "callback", MONDAY, timedelta(hours=1))
        assert [b.case_id for b in waiting_callbacks("window", MONDAY)] == [second.pk]
    with clock.at(MONDAY), reading_as(cast["clerk"]):
        companions.merge_repeat(cast["clerk"], second.pk, first.pk)
    with as_system():
        assert Proposal.objects.get(case=second).status == "stale"
        assert list(waiting_callbacks("window", MONDAY)) == [] and Slot.objects.get(queue="window").taken == 0


def test_nobody_is_called_back_about_a_case_that_is_over(cast: Cast):
    with as_system(), clock.at(MONDAY):
        plan_shift(SYSTEM, "window", cast.users["clerk"].pk, MONDAY, MONDAY + timedelta(hours=1), 1)
        case = wage_claim(SYSTEM)
        book(SYSTEM, case, "window", "callback", MONDAY, timedelta(hours=1))
    with clock.at(MONDAY), reading_as(cast["clerk"]):
        perform(cast["clerk"], case.pk, "withdraw", {})
    with as_system():
        assert list(waiting_callbacks("window", MONDAY)) == []


def test_a_case_is_not_handed_to_those_who_read_no_cases(cast: Cast):
    with reading_as(cast["clerk"]):
        case = wage_claim(cast["clerk"])
    for name in ("admin", "evaluator"):
        with reading_as(cast["reviewer"]), pytest.raises(Invalid, match="没有办理这件事的岗位"):
            companions.hand_to(cast["reviewer"], case.pk, cast.users[name].pk)


def test_what_has_ended_meanwhile_is_not_taken_over(cast: Cast):
    with reading_as(cast["clerk"]):
        case = wage_claim(cast["clerk"])
        sent = companions.refer(cast["clerk"], case.pk, cast.institutions["aid_neighbour"].pk, "transfer", "办案机关在犍为")
        perform(cast["clerk"], case.pk, "withdraw", {})
    with reading_as(cast["neighbour"]), pytest.raises(Conflict, match="已经办结"):
        companions.answer_referral(cast["neighbour"], sent.pk, True)
    with as_system():
        assert Case.objects.get(pk=case.pk).institution_id == cast.institutions["aid"].pk


def test_the_archive_holds_what_was_delivered_and_what_was_said(cast: Cast):
    case = refused(cast)
    delivery = case.documents.get(document="refusal").deliveries.get(to_role="applicant")
    with clock.at(MONDAY + timedelta(days=1)), reading_as(cast["reviewer"]):
        receive(cast["reviewer"], case, delivery.pk, "hand", "本人签收")
        companions.write_message(cast["reviewer"], case.pk, "决定书已当面交给您。", "applicant")
    with as_system():
        bundle = zipfile.ZipFile(BytesIO(archive(case)))
    delivered = json.loads(bundle.read("记录/送达.json"))
    row = next(row for row in delivered if row["document"] == "不予法律援助决定书")
    assert (row["method"], row["receipt"], row["received"][:10]) == ("当面送达", "本人签收", "2026-06-02")
    assert "决定书已当面交给您。" in bundle.read("记录/留言.txt").decode()
    assert {"记录/送达.json", "记录/留言.txt"} <= {item["path"] for item in json.loads(bundle.read("目录.json"))["files"]}
