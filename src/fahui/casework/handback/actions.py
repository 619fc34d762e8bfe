"""Before and after the end of a post: a week ahead it is said what is still in hand; whoever left it, by hand or by its last day, is
in charge of nothing by it and sees nothing by it.

Nobody has to think of it, since a matter in the hands of somebody who is not there any more is one that nobody does: what is
open has nobody in charge again, and those whose turn it is are told.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import groupby

from django.db import transaction

from fahui.casework.cases.actions import touch
from fahui.casework.cases.models import Case, CaseAccess
from fahui.casework.handback.queries import (
    ENDING,
    ENDING_OF,
    NOTICE,
    cases_without_post,
    circles_without_post,
    ended_posts,
    goes_on,
    people_who_left,
    posts_ending,
)
from fahui.casework.notices.actions import holders, tell
from fahui.foundation import clock
from fahui.foundation.accounts.models import Post, User
from fahui.foundation.accounts.roles import ROLE_NAMES, SUPERVISING
from fahui.foundation.accounts.scope import SYSTEM, as_system
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.clock import month_day
from fahui.foundation.data import Words


def clear_up() -> int:
    """Take back what people hold by posts that ended or with accounts that are blocked. Returns how many cases nobody is in charge of now.

    Each case is a transaction of its own, so that whoever works on one does not wait for all. Killed in between, the next run goes on
    and tells of what was left.
    """
    with transaction.atomic(), as_system():
        people = list(User.objects.filter(pk__in=people_who_left(clock.today())).order_by("pk"))
    return sum(_clear_up_after(user) for user in people)


def _clear_up_after(user: User) -> int:
    day = clock.today()
    with transaction.atomic(), as_system():
        ended = ended_posts(user, day)  # first: one that ends from now on is for the next run
        cases = cases_without_post(user, day)
    given_back = [case for case in (_give_back(user, pk) for pk in cases) if case]
    after: tuple[int, str] | None = (0, "")
    while after is not None:
        after = _leave_circles(user, day, after)
    with transaction.atomic(), as_system():
        Post.objects.filter(pk__in=ended).update(handed_back_at=clock.now())
        _tell(user, given_back)
    return len(given_back)


def announce() -> int:
    """Say a week before that posts end, once: to whoever holds them, and where matters are in hand that will be without somebody in charge,
    to those who can hand them on. Returns of how many posts was told; one that goes on is passed over."""
    with transaction.atomic(), as_system():
        ending = posts_ending(clock.today())
        over = [(day, post) for day, post in ending if not goes_on(post, day)]
        for (day, _user), posts in groupby(over, key=lambda found: (found[0], found[1].user_id)):
            _announce(day, [post for _day, post in posts])
        Post.objects.filter(pk__in=[post.pk for _day, post in ending]).update(ending_told_at=clock.now())
    return len(over)


def _announce(last: date, posts: list[Post]) -> None:
    """To one person and those who lead: the posts that end with one day."""
    user = posts[0].user
    cases = cases_without_post(user, last + timedelta(days=1))
    roles = sorted(ROLE_NAMES[post.role] for post in posts)
    ends = f"{'、'.join(zh for zh, _en in roles)}岗位到{month_day(last)}为止"
    ends_en = f"post as {' and '.join(en.lower() for _zh, en in roles)} ends with {month_day(last, True)}"
    todo = f"，{len(cases)}件在办的事到时没人经办，请在这之前办完或者转给同事" if cases else ""
    todo_en = f"; open matters that will have nobody then: {len(cases)}. Finish them or hand them on before" if cases else ""
    tell([user.pk], None, ENDING, Words(zh=f"您的{ends}{todo}。", en=f"Your {ends_en}{todo_en}."))
    places = set(Case.objects.filter(pk__in=cases).values_list("service", "region_code"))
    leads = {lead for place in places for role in SUPERVISING for lead in holders(role, *place)}
    tell(sorted(leads - {user.pk}), None, ENDING_OF, Words(
        zh=f"{user.name}的{ends}，{len(cases)}件在办的事要交接，请指定由谁接手。",
        en=f"{user.name}: the {ends_en}; open matters to hand over: {len(cases)}. Say who takes them.",
    ))  # fmt: skip


def _leave_circles(user: User, day: date, after: tuple[int, str]) -> tuple[int, str] | None:
    """Those of one page; returns what the next comes after, None after the last."""
    with transaction.atomic(), as_system():
        page = circles_without_post(user, day, after)
        CaseAccess.objects.filter(pk__in=page.rows).delete()
    return page.after


def _give_back(user: User, case_id: int) -> Case | None:
    """Nobody is in charge of it; None when somebody took it over meanwhile."""
    with transaction.atomic(), as_system():
        case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id, handler=user, open=True).first()
        if case is None:
            return None
        case.handler_id = None
        touch(case, "handler")
        CaseAccess.objects.filter(case=case, user=user, why="handler").delete()
        append(SYSTEM, Entry("case.handed_back", case_id=case.pk, data={"handler": user.pk}))
    return case


def _tell(gone: User, cases: list[Case]) -> None:
    """One line for each of those who can go on, however many there are."""
    waiting = Counter(user for case in cases for user in _next(case) if user != gone.pk)
    for user, count in waiting.items():
        tell([user], None, NOTICE, Words(
            zh=f"{gone.name}不再经办，{count}件在办的事没人经办了，请接手或者转给同事。",
            en=f"{gone.name} is not in charge any more; open matters without anybody: {count}. Take them or hand them to colleagues.",
        ))  # fmt: skip


def _next(case: Case) -> list[int]:
    """Whose turn it is, or who sees to it that it is somebody's."""
    where = (case.service, case.region_code)
    found = holders(case.owner, *where)
    return found or sorted({user for role in SUPERVISING for user in holders(role, *where)})
