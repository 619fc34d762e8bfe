"""Whoever leaves a post is in charge of nothing by it and sees nothing by it, and what was in their hands does not lie there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fahui.casework import tasks
from fahui.casework.cases.actions import perform
from fahui.casework.cases.models import Case, CaseAccess
from fahui.casework.cases.queries import visible
from fahui.casework.companions.actions import answer_referral, hand_to, refer, write_message
from fahui.casework.handback import actions, queries
from fahui.casework.handback.queries import people_who_left
from fahui.casework.notices.models import Outgoing
from fahui.casework.worklists.queries import Filter, mine, work_list
from fahui.foundation import clock
from fahui.foundation.accounts.actions import end_post, give_post, set_active
from fahui.foundation.accounts.models import Post, User
from fahui.foundation.accounts.roles import Role
from fahui.foundation.accounts.scope import HeldPost, Reader, covers, reading_as
from fahui.foundation.audit.models import Event
from fahui.foundation.errors import Forbidden, Missing
from fahui.foundation.people.actions import Person
from tests.cast import CITY, COUNTY, NEIGHBOUR, TOWNSHIP, Cast, wage_claim


def handed(cast: Cast, to: str = "reviewer", number: int = 1) -> Case:
    """A wage claim in somebody's hands."""
    case = wage_claim(cast["clerk"], person=Person(name=f"工友{number}", phone=f"1700000020{number}"))
    return hand_to(cast[to], case.pk, cast.users[to].pk)


def leave(cast: Cast, name: str, role: str = "") -> None:
    """The administrator ends somebody's posts, or those of a role."""
    for post in Post.objects.filter(user=cast.users[name], **({"role": role} if role else {})):
        end_post(cast["admin"], post.pk)


def sees(reader: Reader, case: Case) -> tuple[bool, bool]:
    """Whether somebody sees a case by the query that draws the line, and in a list."""
    with reading_as(reader):
        listed = {row.pk for row in (*mine(reader).rows, *work_list(reader, Filter()).rows)}
        return visible(reader).filter(pk=case.pk).exists(), case.pk in listed


def let_through(reader: Reader, case: Case) -> bool:
    """Whether row security alone lets a case through."""
    with reading_as(reader):
        return Case.objects.filter(pk=case.pk).exists()


def test_without_a_post_somebody_sees_and_does_nothing_at_once(cast: Cast):
    case = handed(cast)
    assert sees(cast["reviewer"], case) == (True, True)
    leave(cast, "reviewer")
    assert sees(cast["reviewer"], case) == (False, False)
    with reading_as(cast["reviewer"]), pytest.raises(Missing):
        perform(cast["reviewer"], case.pk, "withdraw", {})


def test_what_was_in_hand_goes_back_and_those_whose_turn_it_is_are_told_once(cast: Cast):
    cases = [handed(cast, number=number) for number in (1, 2)]
    closed = handed(cast, number=3)
    perform(cast["clerk"], closed.pk, "withdraw", {})
    before = Case.objects.get(pk=cases[0].pk)
    leave(cast, "reviewer")
    assert people_who_left(clock.today()) == [cast.users["reviewer"].pk]
    assert actions.clear_up() == 2
    for case in cases:
        now = Case.objects.get(pk=case.pk)
        assert now.handler_id is None and now.revision == before.revision + 1
        told = Event.objects.get(case_id=case.pk, kind="case.handed_back")
        assert told.data == {"handler": cast.users["reviewer"].pk} and told.actor_id is None
    assert Case.objects.get(pk=closed.pk).handler_id == cast.users["reviewer"].pk  # who did it stays on record
    assert not any(let_through(cast["reviewer"], case) for case in [*cases, closed])
    lines = Outgoing.objects.filter(notice="handed_back")
    assert lines and not lines.filter(user_id=cast.users["reviewer"].pk).exists()
    assert {line.text for line in lines} == {"reviewer不再经办，2件在办的事没人经办了，请接手或者转给同事。"}
    assert len({line.user_id for line in lines}) == len(lines)
    assert (actions.clear_up(), people_who_left(clock.today())) == (0, [])
    assert Outgoing.objects.filter(notice="handed_back").count() == len(lines)


def test_whoever_moves_sees_the_new_place_and_nothing_of_the_old_one(cast: Cast):
    case = handed(cast)
    give_post(cast["admin"], cast.users["reviewer"].pk, role="aid_reviewer", region_code=NEIGHBOUR, service="legal_aid",
              institution=cast.institutions["aid_neighbour"])  # fmt: skip
    there = wage_claim(cast["neighbour"], region_code=NEIGHBOUR)
    leave_here = Post.objects.filter(user=cast.users["reviewer"], region_code=COUNTY)
    for post in leave_here:
        end_post(cast["admin"], post.pk)
    with reading_as(cast["reviewer"]), pytest.raises(Forbidden):  # even before the worker comes
        perform(cast["reviewer"], case.pk, "withdraw", {})
    assert actions.clear_up() == 1
    assert sees(cast["reviewer"], case) == (False, False) and not let_through(cast["reviewer"], case)
    assert all(sees(cast["reviewer"], there))


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_circles_are_left_page_by_page(cast: Cast, monkeypatch: pytest.MonkeyPatch, size: int):
    """Whoever opened a case and is in charge of it is in its circle twice, and a page may end between the two."""
    monkeypatch.setattr(queries, "PAGE", size)
    for number in range(4):
        case = wage_claim(cast["reviewer"], person=Person(name=f"工友{number}", phone=f"1700000020{number}"))
        hand_to(cast["reviewer"], case.pk, cast.users["reviewer"].pk)
    inside = CaseAccess.objects.filter(user=cast.users["reviewer"])
    assert inside.count() == 8
    leave(cast, "reviewer")
    monkeypatch.setattr(actions, "_give_back", lambda user, pk: None)
    actions.clear_up()
    assert not inside.exists()


def test_a_post_that_still_covers_it_keeps_it(cast: Cast):
    case = handed(cast)
    leave(cast, "reviewer", "dispatcher")
    assert actions.clear_up() == 0
    assert Case.objects.get(pk=case.pk).handler_id == cast.users["reviewer"].pk
    assert all(sees(cast["reviewer"], case)) and people_who_left(clock.today()) == []


def test_a_post_that_runs_out_by_its_day_is_cleared_up_too(cast: Cast):
    case = handed(cast)
    Post.objects.filter(user=cast.users["reviewer"]).update(valid_to=clock.today())
    assert actions.clear_up() == 0
    with clock.at(clock.now() + timedelta(days=1)):
        assert actions.clear_up() == 1
    assert Case.objects.get(pk=case.pk).handler_id is None


def test_a_blocked_account_is_in_charge_of_nothing(cast: Cast):
    case = handed(cast)
    set_active(cast["admin"], cast.users["reviewer"].pk, False)
    assert actions.clear_up() == 1
    assert Case.objects.get(pk=case.pk).handler_id is None
    set_active(cast["admin"], cast.users["reviewer"].pk, True)
    assert all(sees(cast["reviewer"], case))  # by the post, which did not end


def test_what_a_colleague_took_over_meanwhile_stays_with_them(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    case = handed(cast)
    leave(cast, "reviewer")
    read = queries.cases_without_post

    def read_then_taken(user: User, day: date) -> list[int]:
        found = read(user, day)
        with reading_as(cast["approver"]):
            hand_to(cast["approver"], case.pk, cast.users["approver"].pk)
        return found

    monkeypatch.setattr(actions, "cases_without_post", read_then_taken)
    assert actions.clear_up() == 0
    assert Case.objects.get(pk=case.pk).handler_id == cast.users["approver"].pk
    assert not Outgoing.objects.filter(notice="handed_back").exists()


def test_a_post_that_ends_while_another_is_cleared_up_is_cleared_up_next(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    case = handed(cast)
    leave(cast, "reviewer", "dispatcher")
    read = queries.cases_without_post

    def read_then_ended(user: User, day: date) -> list[int]:
        found = read(user, day)
        leave(cast, "reviewer", "aid_reviewer")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(actions, "cases_without_post", read_then_ended)
        assert actions.clear_up() == 0
    assert actions.clear_up() == 1
    assert Case.objects.get(pk=case.pk).handler_id is None


def test_where_nobody_has_the_turn_those_who_supervise_are_told(cast: Cast):
    case = handed(cast)
    Case.objects.filter(pk=case.pk).update(owner="applicant")
    leave(cast, "reviewer")
    assert actions.clear_up() == 1
    told = set(Outgoing.objects.filter(notice="handed_back").values_list("user_id", flat=True))
    assert told == {cast.users[name].pk for name in ("approver", "leader", "officer")}


def test_a_referral_lets_in_those_who_work_there_and_no_longer_than_they_do(cast: Cast):
    case = wage_claim(cast["clerk"])
    gone = cast.users["city"]
    Post.objects.filter(user=gone).update(institution=cast.institutions["aid_neighbour"], valid_to=clock.today() - timedelta(days=1))
    refer(cast["clerk"], case.pk, cast.institutions["aid_neighbour"].pk, "referral", "请协办")
    inside = CaseAccess.objects.filter(case=case, why__startswith="referral:")
    assert list(inside.values_list("user__name", flat=True)) == ["neighbour"]
    give_post(cast["admin"], cast.users["neighbour"].pk, role="window_clerk", region_code=NEIGHBOUR, service="*",
              institution=cast.institutions["aid_neighbour"])  # fmt: skip
    leave(cast, "neighbour", "aid_reviewer")
    actions.clear_up()
    assert inside.count() == 1  # still of the institution that helps
    leave(cast, "neighbour", "window_clerk")
    give_post(cast["admin"], cast.users["neighbour"].pk, role="window_clerk", region_code=NEIGHBOUR, service="*")
    actions.clear_up()
    assert not inside.exists()


def test_whoever_took_a_case_over_for_their_institution_is_in_charge_of_it(cast: Cast):
    """A post for another service than the case's: their institution has the case."""
    case = wage_claim(cast["clerk"])
    give_post(cast["admin"], cast.users["agent"].pk, role="window_clerk", region_code=NEIGHBOUR, service="consultation",
              institution=cast.institutions["aid_neighbour"])  # fmt: skip
    referral = refer(cast["clerk"], case.pk, cast.institutions["aid_neighbour"].pk, "transfer", "请接办")
    with reading_as(cast["agent"]):
        answer_referral(cast["agent"], referral.pk, accept=True)
        write_message(cast["agent"], case.pk, "已联系本人。", "internal")
    assert actions.clear_up() == 0


def told(name: str) -> set[tuple[str, str]]:
    """Who was told what in a notice."""
    names = dict(User.objects.values_list("pk", "name"))
    return {(names[user or 0], text) for user, text in Outgoing.objects.filter(notice=name).values_list("user_id", "text")}


def test_a_week_before_a_post_ends_its_holder_and_those_who_lead_are_told_once(cast: Cast):
    handed(cast)
    handed(cast, number=2)
    last = clock.today() + timedelta(days=8)
    for post in Post.objects.filter(user=cast.users["reviewer"]):
        end_post(cast["admin"], post.pk, last)
    ends = f"指派员、法援审查员岗位到{last.month}月{last.day}日为止"
    assert actions.announce() == 0  # eight days before
    with clock.at(clock.now() + timedelta(days=1)):
        assert actions.announce() == 2
        assert (actions.announce(), actions.clear_up()) == (0, 0)
    assert told("post_ending") == {("reviewer", f"您的{ends}，2件在办的事到时没人经办，请在这之前办完或者转给同事。")}
    assert {text for _name, text in told("post_ending_of")} == {f"reviewer的{ends}，2件在办的事要交接，请指定由谁接手。"}
    assert {name for name, _text in told("post_ending_of")} == {"approver", "leader", "officer"}


def test_without_anything_to_hand_over_only_the_holder_is_told(cast: Cast):
    case = handed(cast)
    perform(cast["clerk"], case.pk, "withdraw", {})
    end_post(cast["admin"], Post.objects.get(user=cast.users["reviewer"], role="aid_reviewer").pk, clock.today())
    assert actions.announce() == 1
    assert told("post_ending_of") == set() and [name for name, _text in told("post_ending")] == ["reviewer"]


def test_a_post_that_goes_on_is_not_announced_and_a_new_last_day_is(cast: Cast):
    post = Post.objects.get(user=cast.users["clerk"])
    last = clock.today() + timedelta(days=2)
    end_post(cast["admin"], post.pk, last)
    again = give_post(cast["admin"], post.user_id, role=post.role, region_code=post.region_code, service=post.service,
                      institution=post.institution, valid_from=last + timedelta(days=1))  # fmt: skip
    assert actions.announce() == 0
    end_post(cast["admin"], again.pk)
    end_post(cast["admin"], post.pk, last + timedelta(days=1))
    assert actions.announce() == 1


def test_whoever_is_blocked_is_not_told(cast: Cast):
    end_post(cast["admin"], Post.objects.get(user=cast.users["clerk"]).pk, clock.today())
    set_active(cast["admin"], cast.users["clerk"].pk, False)
    assert actions.announce() == 0


def test_the_worker_does_it(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tasks, "close_old_connections", lambda: None)
    handed(cast)
    leave(cast, "reviewer")
    end_post(cast["admin"], Post.objects.get(user=cast.users["clerk"]).pk, clock.today())
    assert tasks.clear_up_posts(0) == 1
    assert [name for name, _text in told("post_ending")] == ["clerk"]


@pytest.mark.parametrize(("role", "region", "service", "institution", "whether"), [
    (Role.AID_REVIEWER, COUNTY, "legal_aid", None, True), (Role.AID_REVIEWER, CITY, "*", None, True),
    (Role.AID_REVIEWER, NEIGHBOUR, "legal_aid", None, False), (Role.AID_REVIEWER, COUNTY, "consultation", None, False),
    (Role.AID_REVIEWER, TOWNSHIP + 1, "legal_aid", None, False), (Role.DUTY_LAWYER, TOWNSHIP + 1, "legal_aid", None, True),
    (Role.WINDOW_CLERK, NEIGHBOUR, "consultation", 7, True), (Role.SYSTEM_ADMIN, COUNTY, "*", 7, False),
    (Role.EVALUATOR, COUNTY, "*", 7, False), (Role.WINDOW_CLERK, NEIGHBOUR, "consultation", 8, False),
])  # fmt: skip
def test_which_post_lets_somebody_be_in_charge(role: Role, region: int, service: str, institution: int | None, whether: bool):
    post = HeldPost(role, region, service, institution, cleared=False)
    assert covers([post], "legal_aid", TOWNSHIP, 7) is whether


def test_an_institution_that_nobody_named_is_nobodys(cast: Cast):
    post = HeldPost(Role.WINDOW_CLERK, NEIGHBOUR, "consultation", None, cleared=False)
    assert not covers([post], "legal_aid", TOWNSHIP, None)
