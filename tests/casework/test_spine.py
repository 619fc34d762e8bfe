"""The spine beside a service's own actions: clocks, silence, outbox, four eyes, groups, repeats, referral, urging, rating."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from fahui.casework import tasks
from fahui.casework.cases.actions import Opening, decide_proposal, open_case, perform
from fahui.casework.cases.models import Case
from fahui.casework.cases.queries import get, search
from fahui.casework.companions import actions as companions
from fahui.casework.drafts import actions as drafts
from fahui.casework.feedback.models import Feedback, Invitation
from fahui.casework.notices import actions as notices
from fahui.casework.notices.models import Outgoing
from fahui.casework.notices.senders import SENDERS, SendFailed
from fahui.casework.ratings.actions import rate
from fahui.casework.tasks import recount, sweep_deadlines
from fahui.casework.worklists.queries import Filter, work_list
from fahui.foundation import clock
from fahui.foundation.accounts.actions import set_parameter
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.scope import ANONYMOUS, SYSTEM, Reader, reading_as
from fahui.foundation.audit.models import Event
from fahui.foundation.clock import SHANGHAI
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Missing
from fahui.foundation.people.actions import Person
from fahui.foundation.people.models import Party
from fahui.foundation.worktime.actions import announce_year
from fahui.foundation.worktime.queries import forget
from fahui.foundation.worktime.rules import Kind
from tests.cast import NEIGHBOUR, TOWNSHIP, Cast, wage_claim

MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=SHANGHAI)


def opened(cast: Cast, at: datetime = MONDAY, **more: object) -> Case:
    clerk = cast["clerk"]
    with clock.at(at), reading_as(clerk):
        return wage_claim(clerk, **more)


def do(reader: Reader, case: Case, action: str, **payload: object) -> Case:
    with reading_as(reader):
        return perform(reader, case.pk, action, payload)


def lines(case: Case, channel: str = "inbox") -> list[str]:
    return list(Outgoing.objects.filter(case_id=case.pk, channel=channel).order_by("made_at").values_list("text", flat=True))


# Clocks

def test_the_owner_is_told_at_half_time_then_at_a_fifth_then_when_it_is_missed(cast: Cast):
    case = opened(cast)
    review = case.deadlines.get(code="review")
    whole = review.due_at - review.started_at
    for part, words in ((0.49, "将到期"), (0.19, "将到期"), (-0.01, "已超期")):
        with clock.at(review.due_at - whole * part):
            sweep_deadlines()
            assert sweep_deadlines() == 0  # told once
        assert words in lines(case)[-1] and "法律援助法第四十三条" in lines(case)[-1]
    review.refresh_from_db()
    assert review.status == "missed"
    assert Event.objects.filter(case_id=case.pk, kind="deadline.missed").exists()


def test_a_supplement_stops_the_review_clock_and_silence_ends_the_case(cast: Cast):
    set_parameter(SYSTEM, "legal_aid", "aid_supplement_period", "5", "natural days", "某市法援中心规定第三条", date(2026, 1, 1))
    case = opened(cast)
    with clock.at(MONDAY + timedelta(days=1)):
        do(cast["reviewer"], case, "ask_more", **ask_more_payload())
    assert case.deadlines.get(code="review").status == "suspended"
    due = case.deadlines.get(code="supplement").due_at
    with clock.at(due + timedelta(minutes=1)):
        for _ in range(3):
            sweep_deadlines()
    case = Case.objects.get(pk=case.pk)
    assert case.state == "withdrawn" and case.outcome == "deemed_withdrawn" and not case.open
    assert "视为撤回申请告知书" in [d.title for d in case.documents.all()]
    assert not case.deadlines.filter(ended_at=None).exists()


def ask_more_payload() -> dict[str, object]:
    return {"missing": "身份证复印件", "due_on": "2026-06-08"}


def test_a_year_nobody_announced_leaves_the_clock_open_and_counts_it_when_the_bureau_enters_it(cast: Cast):
    at = datetime(2026, 12, 30, 9, 0, tzinfo=SHANGHAI)
    case = opened(cast, at)
    assert case.deadlines.get(code="review").due_at is None and case.next_due is None
    admin = cast["admin"]
    with pytest.raises(Forbidden):
        announce_year(cast["clerk"], 2027, [], "x")
    with pytest.raises(Invalid, match="不在2027年"):
        announce_year(admin, 2027, [(date(2026, 1, 1), Kind.HOLIDAY, "元旦")], "通知")
    days = [(date(2027, 1, 1), Kind.HOLIDAY, "元旦")]
    with pytest.raises(Invalid, match="写了两次"):
        announce_year(admin, 2027, days * 2, "通知")
    with pytest.raises(Invalid, match="没有写哪几天放假"):  # a year without a holiday would be counted, and wrongly
        announce_year(admin, 2027, [(date(2027, 2, 6), Kind.WORKDAY, "春节调休")], "通知")
    announce_year(admin, 2027, days, "国务院办公厅关于2027年部分节假日安排的通知")
    forget()  # done on commit, which this test never reaches
    assert recount() >= 1
    due = case.deadlines.get(code="review").due_at.astimezone(SHANGHAI)
    assert due.date() == date(2027, 1, 6)
    forget()


# Outbox

def test_a_message_that_fails_is_tried_again_and_gives_up_after_six(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    case = opened(cast)
    do(cast["reviewer"], case, "accept")
    row = Outgoing.objects.get(case_id=case.pk, channel="text")
    assert "13700000001" not in row.text and case.tracking_number in row.text

    def down(phone: str, text: str, reference: str) -> str:
        raise SendFailed("网关没有应答")

    monkeypatch.setitem(SENDERS, "file", down)
    at = clock.now()
    for _ in range(6):
        at += timedelta(hours=5)
        with clock.at(at):
            notices.send_waiting()
    row.refresh_from_db()
    assert row.status == "failed" and row.attempts == 6 and row.error == "网关没有应答"


def test_a_message_is_sent_once_with_its_receipt(cast: Cast):
    case = opened(cast)
    do(cast["reviewer"], case, "accept")
    assert notices.send_waiting() == 1 and notices.send_waiting() == 0
    row = Outgoing.objects.get(case_id=case.pk, channel="text")
    assert row.status == "sent" and row.receipt.startswith("file:")


def test_a_call_leaves_before_texts_that_waited_longer(cast: Cast):
    case = opened(cast)
    do(cast["reviewer"], case, "accept")
    User.objects.filter(pk=cast.users["officer"].pk).update(phone="0833-1234567")
    notices.call([cast.users["officer"].pk], case, "deadline", "还有一小时到期")
    assert notices.send_waiting(1) == 1
    assert list(Outgoing.objects.filter(status="waiting").values_list("channel", flat=True)) == ["text"]
    assert notices.send_waiting() == 1 and not Outgoing.objects.filter(status="waiting").exists()


@pytest.mark.parametrize("full", [False, True])
def test_on_a_full_machine_messages_wait_a_moment_longer(cast: Cast, monkeypatch: pytest.MonkeyPatch, full: bool):
    for number in (1, 2):
        do(cast["reviewer"], opened(cast, person=Person(name="申请人", phone=f"1700000000{number}")), "accept")
    assert tasks.ROUND > tasks.ROUND_WHEN_FULL > 0
    monkeypatch.setattr(tasks, "ROUND_WHEN_FULL", 1)
    monkeypatch.setattr("os.getloadavg", lambda: (10_000.0 if full else 0.0, 0.0, 0.0))
    monkeypatch.setattr(tasks, "close_old_connections", lambda: None)  # this test's transaction is on one
    waiting = Outgoing.objects.filter(status="waiting").count()
    assert waiting > 1 and tasks.send_outbox(0) == (1 if full else waiting)


def test_what_was_read_of_the_outbox_long_ago_is_read_again_before_it_is_sent(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    for number in (1, 2):
        do(cast["reviewer"], opened(cast, person=Person(name="申请人", phone=f"1700000000{number}")), "accept")
    at, left = [0.0], []

    def slow(phone: str, text: str, reference: str) -> str:
        at[0] += 6
        left.append(reference)
        Outgoing.objects.filter(status="waiting").exclude(pk=int(reference)).update(status="dropped", next_try=None)
        return "slow"

    monkeypatch.setitem(SENDERS, "file", slow)
    monkeypatch.setattr(notices, "monotonic", lambda: at[0])
    assert notices.send_waiting() == len(left) == 1


def test_a_message_whose_number_cannot_be_read_fails_in_the_end_and_stops_no_other(cast: Cast):
    unreadable, other = opened(cast), opened(cast, person=Person(name="申请人乙", phone="17000000002"))
    for case in (unreadable, other):
        do(cast["reviewer"], case, "accept")
    party = unreadable.parts.get(role="applicant").party
    Party.objects.filter(pk=party.pk).update(phone=bytes(party.phone)[:-1] + bytes([bytes(party.phone)[-1] ^ 1]))
    notices.send_waiting()
    assert Outgoing.objects.get(case_id=other.pk, channel="text").status == "sent"
    row = Outgoing.objects.get(case_id=unreadable.pk, channel="text")
    assert row.status == "waiting" and "17000000001" not in row.error
    for _time in range(5):
        with clock.at(Outgoing.objects.get(pk=row.pk).next_try):
            notices.send_waiting()
    row.refresh_from_db()
    assert row.status == "failed" and row.attempts == 6 and "key is wrong" in row.error


def test_someone_who_said_a_text_is_not_safe_gets_none(cast: Cast):
    case = opened(cast, person=Person(name="申请人甲", phone="17000000001", contact={"may_text": False}))
    do(cast["reviewer"], case, "accept")
    assert not Outgoing.objects.filter(case_id=case.pk, channel="text").exists()


# Four eyes

def test_a_refusal_needs_two_people_and_nobody_confirms_their_own(cast: Cast):
    case = opened(cast)
    do(cast["reviewer"], case, "accept")
    refusal = {"reason": "has_lawyer", "reason_text": "已自行委托律师。"}
    do(cast["reviewer"], case, "refuse", **refusal)
    assert Case.objects.get(pk=case.pk).state == "reviewing"
    proposal = case.proposals.get()
    with pytest.raises(Forbidden, match="不能复核自己"):
        decide_proposal(cast["reviewer"], proposal.pk, True)
    with pytest.raises(Conflict, match="等待另一位"):
        do(cast["approver"], case, "grant", reason_text="x")
    with pytest.raises(Invalid, match="退回请写明意见"):
        decide_proposal(cast["approver"], proposal.pk, False)
    decide_proposal(cast["approver"], proposal.pk, True)
    case = Case.objects.get(pk=case.pk)
    assert case.state == "refused"
    decision = case.documents.get(document="refusal")
    assert "已自行委托律师" in decision.content["reasons"]
    assert "五日内" in decision.content["remedy"]
    with pytest.raises(Conflict):
        decide_proposal(cast["approver"], proposal.pk, True)


# Groups, repeats, referral, urging

def test_workers_join_one_wage_case_by_its_code_and_each_phone_once(cast: Cast):
    case = opened(cast)
    head = companions.start_group(cast["clerk"], case.pk)
    for number in range(2, 9):
        companions.join_group(ANONYMOUS, head.share_code.lower(), Person(name=f"工友{number}", phone=f"1700000000{number}"), 900_000, 30)
    assert case.parts.filter(role="co_applicant").count() == 7
    with pytest.raises(Conflict, match="已经加入"):
        companions.join_group(ANONYMOUS, head.share_code, Person(name="工友2", phone="17000000002"))
    with pytest.raises(Missing):
        companions.join_group(ANONYMOUS, "XXXXXX", Person(name="外人"))
    assert Case.objects.count() == 1


def test_a_repeat_is_merged_into_the_first_and_counted(cast: Cast):
    first, second = opened(cast), opened(cast)
    into = companions.merge_repeat(cast["clerk"], second.pk, first.pk)
    assert into.pk == first.pk and into.repeats_count == 1
    gone = Case.objects.get(pk=second.pk)
    assert not gone.open and gone.merged_into_id == first.pk and gone.next_due is None
    with pytest.raises(Conflict):
        companions.merge_repeat(cast["clerk"], second.pk, first.pk)


def test_a_transfer_stays_ours_until_the_other_side_accepts(cast: Cast):
    case = opened(cast)
    neighbour, before = cast["neighbour"], cast["reviewer"]
    companions.hand_to(before, case.pk, cast.users["reviewer"].pk)
    referral = companions.refer(cast["clerk"], case.pk, cast.institutions["aid_neighbour"].pk, "transfer", "办案机关在犍为")
    with reading_as(neighbour):
        assert get(neighbour, case.pk).institution_id == cast.institutions["aid"].pk  # they may look before they answer
    with pytest.raises(Invalid):
        companions.answer_referral(neighbour, referral.pk, False, "")
    companions.answer_referral(neighbour, referral.pk, True)
    moved = Case.objects.get(pk=case.pk)
    assert moved.institution_id == cast.institutions["aid_neighbour"].pk and moved.region_code == NEIGHBOUR
    assert [(one.user_id, one.why) for one in moved.circle.filter(why__regex="handler|referral")] == [(neighbour.user_id, "handler")]
    with reading_as(before), pytest.raises(Missing):  # whoever had it has no business in the file any more
        get(before, case.pk)
    with pytest.raises(Conflict):
        companions.answer_referral(neighbour, referral.pk, True)


def test_only_a_supervisor_urges_and_the_answer_reaches_them(cast: Cast):
    case = opened(cast)
    with pytest.raises(Forbidden):
        companions.urge(cast["clerk"], case.pk, "快办", clock.now() + timedelta(days=1))
    with pytest.raises(Invalid):
        companions.urge(cast["officer"], case.pk, "快办", clock.now() - timedelta(days=1))
    urge = companions.urge(cast["officer"], case.pk, "请今天联系申请人", clock.now() + timedelta(days=1))
    companions.answer_urge(cast["reviewer"], urge.pk, "已联系")
    assert any("已答复" in text for text in lines(case))
    with pytest.raises(Conflict):
        companions.answer_urge(cast["reviewer"], urge.pk, "again")


def test_a_case_is_handed_only_to_somebody_with_a_post_for_it(cast: Cast):
    case = opened(cast)
    with pytest.raises(Invalid, match="没有办理这件事的岗位"):
        companions.hand_to(cast["reviewer"], case.pk, cast.users["neighbour"].pk)
    companions.hand_to(cast["reviewer"], case.pk, cast.users["reviewer"].pk)
    assert companions.hand_to(cast["reviewer"], case.pk, cast.users["approver"].pk).handler_id == cast.users["approver"].pk
    assert [one.user_id for one in case.circle.filter(why="handler")] == [cast.users["approver"].pk]


# Rating

def test_one_rating_a_case_and_a_bad_one_opens_a_review_outside(cast: Cast):
    case = opened(cast)
    Invitation.objects.create(case=case, token="t" * 22, sent_at=clock.now())
    with pytest.raises(Invalid):
        rate(ANONYMOUS, "t" * 22, 0)
    given = rate(ANONYMOUS, "t" * 22, 1, ["slow"], "等了一个月", heard=False)
    review = given.review
    assert review.service == "complaint" and review.matter == "bad_rating" and review.origin_id == case.pk
    assert review.institution.kind == "justice_bureau" and review.next_due is not None
    with pytest.raises(Conflict, match="已经评价过"):
        rate(ANONYMOUS, "t" * 22, 5)
    assert Feedback.objects.count() == 1
    with pytest.raises(Missing):
        rate(ANONYMOUS, "nothing", 5)


# Lists, drafts

def test_work_lists_page_by_due_without_loss_or_double_and_cost_the_same(cast: Cast, django_assert_max_num_queries):
    reviewer = cast["reviewer"]
    made = {opened(cast, MONDAY + timedelta(hours=n % 5)).pk for n in range(23)}
    seen, cursor = [], ""
    with reading_as(reviewer):
        # The two shapes of a page are planned at their first use.
        work_list(reviewer, Filter(service="legal_aid"), work_list(reviewer, Filter(service="legal_aid"), "", 1).following)
        while True:
            with django_assert_max_num_queries(1):
                page = work_list(reviewer, Filter(service="legal_aid"), cursor, 7)
            seen += [case.pk for case in page.rows]
            cursor = page.following
            if not cursor:
                break
        assert len(seen) == len(set(seen)) == 23 and set(seen) == made
        with pytest.raises(Invalid):
            work_list(reviewer, Filter(), "!!!")


def test_search_finds_by_number_phone_and_name_within_reach_only(cast: Cast):
    case = opened(cast)
    for reader, expected in ((cast["reviewer"], [case.pk]), (cast["neighbour"], [])):
        with reading_as(reader):
            for words in (case.tracking_number.lower(), "170 0000 0001", "申请人甲", "滨江二期"):
                assert [c.pk for c in search(reader, words)] == expected, (reader.name, words)


def test_a_draft_is_unreadable_at_rest_and_comes_back_by_its_token(cast: Cast):
    draft = drafts.start(ANONYMOUS, "legal_aid", "civil", {"facts": "秘密经过"})
    assert "秘密" not in bytes(draft.answers).decode("latin1")
    drafts.save_answers(draft, {"claim_fen": 5, "facts": None}, step=2)
    again = drafts.find(draft.token)
    assert drafts.answers_of(again) == {"claim_fen": 5} and again.step == 2
    drafts.discard(again)
    with pytest.raises(Missing):
        drafts.find(draft.token)


def test_nobody_opens_a_case_outside_the_city_or_a_matter_that_is_not_theirs(cast: Cast):
    with pytest.raises(Invalid, match="不在本市"):
        opened(cast, region_code=120101000000)
    with pytest.raises(Forbidden):
        open_case(ANONYMOUS, Opening("legal_aid", "notified_defence", "web", TOWNSHIP))
    with pytest.raises(Forbidden):
        open_case(cast["evaluator"], Opening("legal_aid", "civil", "window", TOWNSHIP))
