"""Who may put whom on duty, and who settles a promised call. Pure: posts in, an answer out."""

from __future__ import annotations

from collections.abc import Iterable

from fahui.foundation.accounts.roles import Role
from fahui.foundation.accounts.scope import HeldPost
from fahui.foundation.regions.rules import jurisdiction

PLANNERS = frozenset({Role.HOTLINE_LEAD, Role.AID_APPROVER, Role.DISPATCHER, Role.BUREAU_LEADER})
# Who sits on a queue and returns its calls.
WORKERS = frozenset(
    {Role.HOTLINE_AGENT, Role.HOTLINE_LEAD, Role.DUTY_LAWYER, Role.WINDOW_CLERK, Role.JUSTICE_OFFICE}
)
# Whoever may say how a promised call ended: those on the queue, and those in charge of the case.
SETTLERS = WORKERS | {Role.HANDLER, Role.PROVIDER, Role.SYSTEM}
# A queue that belongs to one service is planned by that service's posts; the other queues serve every service.
_QUEUE_SERVICE = {"hotline": "consultation"}


def planning_posts(posts: Iterable[HeldPost], queue: str) -> list[HeldPost]:
    """The posts that plan a queue's shifts."""
    service = _QUEUE_SERVICE.get(queue)
    return [post for post in posts if post.role in PLANNERS and (service is None or post.serves(service))]


def may_put_on_duty(planner: HeldPost, worker: HeldPost) -> bool:
    """Whether a planner's post reaches somebody's working post: inside its jurisdiction and service, and of its own
    institution. Two reach further: the bureau's leader, and everyone towards duty lawyers, who belong to firms.
    """
    low, high = jurisdiction(planner.region_code)
    if worker.role not in WORKERS or not low <= worker.region_code < high:
        return False
    if "*" not in {planner.service, worker.service} and planner.service != worker.service:
        return False
    if planner.role == Role.BUREAU_LEADER or worker.role == Role.DUTY_LAWYER:
        return True
    return planner.institution_id is not None and planner.institution_id == worker.institution_id
