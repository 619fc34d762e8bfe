"""One application from the counter to the archive, as the people in it do it, and what they may not do."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import ProgrammingError, connection, transaction

from fahui.casework.assignment.queries import suggestions
from fahui.casework.cases.actions import perform
from fahui.casework.cases.available import offers
from fahui.casework.cases.models import Case
from fahui.casework.cases.queries import get, timeline
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader, as_system, reading_as
from fahui.foundation.audit.queries import verify
from fahui.foundation.clock import SHANGHAI
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Missing
from fahui.foundation.people.actions import Person
from tests.cast import Cast, wage_claim

SATURDAY = datetime(2026, 6, 13, 19, 42, tzinfo=SHANGHAI)


def do(reader: Reader, case: Case, action: str, **payload: object) -> Case:
    with reading_as(reader):
        return perform(reader, case.pk, action, payload)


def opened(cast: Cast, **more: object) -> Case:
    clerk = cast["clerk"]
    with clock.at(SATURDAY), reading_as(clerk):
        return wage_claim(clerk, **more)


def test_an_application_has_a_number_an_owner_and_a_limit_from_the_first_moment(cast: Cast):
    case = opened(cast)
    assert case.tracking_number.startswith("FH") and len(case.tracking_number) == 14
    assert case.state == "submitted" and case.owner == "aid_reviewer"
    assert case.institution.name == "五通桥区法律援助中心"
    review = case.deadlines.get(code="review")
    # seven days from Saturday 13 June end on the 20th, in the Dragon Boat holiday; it rolls to Monday the 22nd
    assert review.due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M:%S") == "06-22 23:59:59"


def test_five_days_before_the_limitation_the_case_carries_the_early_aid_flag(cast: Cast):
    assert "early_aid_possible" in opened(cast).flags
    later = opened(cast, details={"left_on": "2025-06-25"})
    assert "early_aid_possible" not in later.flags


def test_the_whole_way_from_counter_to_closing(cast: Cast):
    case = opened(cast)
    reviewer, approver, lawyer = cast["reviewer"], cast["approver"], cast["lawyer"]
    with clock.at(SATURDAY):
        do(reviewer, case, "accept")
        do(approver, case, "grant", **grant_payload())
        assert case_now(case).state == "granted"
        do(approver, case, "assign", practitioner_id=cast.lawyers["lawyer"].pk, reason_if_not_first="专长劳动争议")
        do(cast["lawyer"], case, "accept_assignment")
        case = case_now(case)
        assert case.provider_id == cast.lawyers["lawyer"].pk
        assert {d.title for d in case.documents.all()} >= {"给予法律援助决定书"}
    with reading_as(lawyer):
        assert get(lawyer, case.pk).pk == case.pk
    assert list(verify()) == []
    kinds = [e.kind for e in timeline(case)]
    with clock.at(SATURDAY), pytest.raises(Conflict, match="已经接受指派"):
        do(cast["lawyer"], case, "accept_assignment")
    assert [d.title for d in case.documents.all()].count("收件回执") == 1
    assert kinds.count("case.action") == 4 and kinds[0] == "case.opened"


def case_now(case: Case) -> Case:
    with as_system():
        return Case.objects.get(pk=case.pk)


def grant_payload() -> dict[str, object]:
    return {"reason_text": "符合条件，农民工讨薪免予核查经济状况。"}


def test_a_neighbouring_county_cannot_tell_that_the_case_exists(cast: Cast):
    case = opened(cast)
    neighbour = cast["neighbour"]
    with reading_as(neighbour):
        assert not Case.objects.filter(pk=case.pk).exists()  # row security, without any filter of ours
        with pytest.raises(Missing):
            get(neighbour, case.pk)
        with pytest.raises(Missing):
            perform(neighbour, case.pk, "accept")


def test_a_query_that_forgot_its_reader_returns_nothing(cast: Cast):
    opened(cast)
    with connection.cursor() as cursor:
        for setting in ("kind", "user", "party", "ranges", "cleared"):
            cursor.execute("SELECT set_config(%s, '', true)", [f"fahui.{setting}"])
        for table in ("casework_case", "casework_caseparty", "foundation_party", "casework_casedeadline",
                      "foundation_event"):  # fmt: skip
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone()[0] == 0, table


def test_a_clerk_cannot_decide_and_is_told_who_can(cast: Cast):
    case, clerk = opened(cast), cast["clerk"]
    with pytest.raises(Forbidden, match="法援审批人"):
        do(clerk, case, "grant")
    refused = {o.action.id: o for o in offers(clerk, case)}
    assert not refused["grant"].allowed and "法援审批人" in refused["grant"].reasons[0]


def test_an_action_in_the_wrong_state_says_where_the_case_is(cast: Cast):
    case = opened(cast)
    with pytest.raises(Conflict, match="已提交"):
        do(cast["approver"], case, "assign", practitioner_id=1)


def test_a_refusal_without_reasons_is_itself_refused(cast: Cast):
    case = opened(cast)
    do(cast["reviewer"], case, "accept")
    with pytest.raises(Invalid) as caught:
        do(cast["approver"], case, "refuse")
    assert caught.value.fields
    assert case_now(case).state == "reviewing"


def test_the_second_of_two_who_saw_the_same_revision_gets_a_conflict(cast: Cast):
    case, reviewer = opened(cast), cast["reviewer"]
    seen = case_now(case).revision
    with reading_as(reviewer):
        perform(reviewer, case.pk, "accept", expected_revision=seen)
        with pytest.raises(Conflict) as caught:
            perform(reviewer, case.pk, "withdraw", {"reason": "x"}, expected_revision=seen)
    assert caught.value.code == "revision"


def test_a_repeated_key_gets_the_first_answer_and_a_changed_request_is_refused(cast: Cast):
    clerk = cast["clerk"]
    with reading_as(clerk):
        first = wage_claim(clerk, key="order-1")
        again = wage_claim(clerk, key="order-1")
        assert again.pk == first.pk
        with pytest.raises(Conflict) as caught:
            wage_claim(clerk, key="order-1", details={"claim_fen": 1})
    assert caught.value.code == "key_reused"


def test_a_lawyer_who_acted_for_the_other_side_is_not_suggested(cast: Cast):
    clerk = cast["clerk"]
    with reading_as(clerk):
        company = Person(name="B劳务公司", kind="organisation")
        other = wage_claim(clerk, person=company, details={"other_side": "某甲"})
    do(cast["reviewer"], other, "accept")
    do(cast["approver"], other, "grant", **grant_payload())
    first = suggestions(other)[0].candidate.name
    reason = "" if first == "lawyer" else "专长劳动争议"
    do(cast["approver"], other, "assign", practitioner_id=cast.lawyers["lawyer"].pk, reason_if_not_first=reason)
    do(cast["lawyer"], other, "accept_assignment")
    case = opened(cast)
    names = [s.candidate.name for s in suggestions(case)]
    assert "lawyer" not in names and "lawyer_b" in names
    barred = next(s for s in suggestions(case, everyone=True) if s.candidate.name == "lawyer")
    assert barred.barred


def test_a_tampered_event_is_found(cast: Cast):
    case = opened(cast)
    do(cast["reviewer"], case, "accept")
    event = timeline(case)[0]
    with connection.cursor() as cursor:
        with pytest.raises(ProgrammingError, match="permission denied|never changed"), transaction.atomic():
            cursor.execute("UPDATE foundation_event SET kind = 'x' WHERE id = %s", [event.pk])
        cursor.execute("SET ROLE fahui_owner")
        cursor.execute("ALTER TABLE foundation_event DISABLE TRIGGER event_append_only")
        cursor.execute("UPDATE foundation_event SET actor_role = 'nobody' WHERE id = %s", [event.pk])
        cursor.execute("ALTER TABLE foundation_event ENABLE TRIGGER event_append_only")
        cursor.execute("SET ROLE fahui_app")
    faults = list(verify())
    assert [f.position for f in faults] == [event.position]


def test_removing_the_newest_event_is_found(cast: Cast):
    case = opened(cast)
    last = timeline(case)[-1]
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE fahui_owner")
        cursor.execute("ALTER TABLE foundation_event DISABLE TRIGGER event_append_only")
        cursor.execute("DELETE FROM foundation_event WHERE chain = %s AND position >= %s", [last.chain, last.position])
        cursor.execute("ALTER TABLE foundation_event ENABLE TRIGGER event_append_only")
        cursor.execute("SET ROLE fahui_app")
    assert any("rows were removed" in f.what for f in verify())
