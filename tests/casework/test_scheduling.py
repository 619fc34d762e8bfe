"""Who puts whom on duty, and who says how a promised call ended: checked where it is done, whatever page asks."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from fahui.casework.cases.actions import Opening, open_case
from fahui.casework.scheduling.actions import book, drop_shift, end_booking, plan_shift
from fahui.casework.scheduling.models import Booking, Shift, Slot
from fahui.casework.scheduling.queries import people_to_plan
from fahui.foundation import clock
from fahui.foundation.accounts.models import Post
from fahui.foundation.accounts.scope import SYSTEM, as_system, reading_as
from fahui.foundation.clock import SHANGHAI
from fahui.foundation.errors import Conflict, Forbidden, Missing
from fahui.foundation.people.actions import Person
from tests.cast import TOWNSHIP, Cast

MONDAY = datetime(2026, 6, 15, 8, tzinfo=SHANGHAI)


def plan(cast: Cast, planner: str, worker: str, queue: str = "hotline", hours: int = 4) -> Shift:
    with clock.at(MONDAY), reading_as(cast[planner]):
        return plan_shift(cast[planner], queue, cast.users[worker].pk, MONDAY, MONDAY + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("planner", "worker", "queue"),
    [
        ("lead", "agent", "hotline"),  # one centre
        ("lead", "lawyer", "hotline"),  # a firm's lawyer on the public roster
        ("leader", "agent", "hotline"),  # the bureau's leader plans every institution below
        ("approver", "clerk", "window"),  # the county's own window
    ],
)
def test_a_planner_puts_on_duty_whom_their_post_reaches(cast: Cast, planner: str, worker: str, queue: str):
    assert plan(cast, planner, worker, queue).institution_id == cast[planner].posts[0].institution_id


@pytest.mark.parametrize(
    ("planner", "worker", "queue", "says"),
    [
        ("agent", "agent", "hotline", "只有管这个队列"),  # no planner
        ("admin", "agent", "hotline", "只有管这个队列"),  # runs the system, plans nobody
        ("approver", "lawyer", "hotline", "只有管这个队列"),  # legal aid does not plan the hotline
        ("lead", "clerk", "hotline", "没有您这里的值班岗位"),  # another institution's
        ("lead", "reviewer", "hotline", "没有您这里的值班岗位"),  # no working post
        ("approver", "agent", "window", "没有您这里的值班岗位"),  # the city is not the county's
    ],
)
def test_nobody_else_does(cast: Cast, planner: str, worker: str, queue: str, says: str):
    with pytest.raises(Forbidden, match=says):
        plan(cast, planner, worker, queue)
    assert not Shift.objects.exists()


def test_a_post_that_has_ended_is_no_post(cast: Cast):
    Post.objects.filter(user=cast.users["agent"]).update(valid_to=date(2026, 6, 14))
    with pytest.raises(Forbidden):
        plan(cast, "lead", "agent")


def test_the_page_offers_exactly_whom_the_action_takes(cast: Cast):
    offered = people_to_plan(cast["lead"], "hotline", MONDAY.date())
    assert {user.name for user in offered} == {"agent", "lead", "lawyer", "lawyer_b"}
    assert people_to_plan(cast["agent"], "hotline", MONDAY.date()) == []


def test_a_shift_is_dropped_by_those_who_plan_it_even_after_the_person_left(cast: Cast):
    shift = plan(cast, "lead", "agent")
    Post.objects.filter(user=cast.users["agent"]).delete()
    with pytest.raises(Forbidden):
        drop_shift(cast["approver"], shift.pk)
    drop_shift(cast["lead"], shift.pk)
    assert not Shift.objects.exists()


def booked(cast: Cast) -> Booking:
    plan(cast, "lead", "agent")
    with clock.at(MONDAY), as_system():
        case = open_case(cast["agent"], Opening(service="consultation", matter="question", channel="hotline",
                                                region_code=TOWNSHIP, person=Person(name="申请人甲", phone="17000000001")))  # fmt: skip
        return book(cast["agent"], case, "hotline", "callback", MONDAY, timedelta(hours=2))


@pytest.mark.parametrize("who", ["agent", "lead", "clerk"])
def test_whoever_is_on_the_queue_settles_a_promised_call(cast: Cast, who: str):
    booking = booked(cast)
    with reading_as(cast[who]):
        assert end_booking(cast[who], booking.pk, "done").status == "done"
    with pytest.raises(Conflict):
        end_booking(SYSTEM, booking.pk, "done")


@pytest.mark.parametrize(("who", "refusal"), [("officer", Forbidden), ("reviewer", Missing), ("neighbour", Missing), ("admin", Missing)])
def test_others_do_not_settle_it_whether_they_see_the_case_or_not(cast: Cast, who: str, refusal: type[Exception]):
    booking = booked(cast)
    with pytest.raises(refusal), reading_as(cast[who]):
        end_booking(cast[who], booking.pk, "cancelled")
    booking.refresh_from_db()
    assert booking.status == "booked" and Slot.objects.get(pk=booking.slot_id).taken == 1
