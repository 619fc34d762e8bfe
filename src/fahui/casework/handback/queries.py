"""Who left a post, and what they still have in hand by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from fahui.casework.cases.models import Case, CaseAccess, Referral
from fahui.foundation.accounts.models import Post, User
from fahui.foundation.accounts.queries import held_posts, posts_on
from fahui.foundation.accounts.scope import as_system, covers

NOTICE = "handed_back"
# What is said before a post ends: to whoever holds it, and to whoever leads; and how many days before.
ENDING, ENDING_OF = "post_ending", "post_ending_of"
AHEAD = timedelta(days=7)

# Why somebody is in a case's circle for what they are, not for a post they hold.
_BY_PART = ("applicant", "provider")
# Where a case is, as `covers` asks for it.
_PLACE = ("service", "region_code", "institution_id")
PAGE = 2000


@dataclass(frozen=True)
class Circles:
    """A page of somebody's circles: the rows of `CaseAccess` that no post of theirs covers, and after which (case, why) it goes on."""

    rows: list[int]
    after: tuple[int, str] | None


def people_who_left(day: date) -> list[int]:
    """Staff of whom a post ended before this day and is not cleared up, or who are blocked and in charge of something."""
    ended = Post.objects.filter(valid_to__lt=day, handed_back_at=None).values_list("user_id", flat=True)
    blocked = User.objects.filter(kind="staff", is_active=False, handles__open=True).values_list("pk", flat=True).distinct()
    return sorted(set(ended) | set(blocked))


def ended_posts(user: User, day: date) -> list[int]:
    """Posts that ended before this day and are not cleared up."""
    return list(Post.objects.filter(user=user, valid_to__lt=day, handed_back_at=None).values_list("pk", flat=True))


def posts_ending(day: date) -> list[tuple[date, Post]]:
    """Posts in force on a day that end within a week, of which nobody was told, each with its last day; by day and person."""
    soon = posts_on(day).filter(valid_to__lte=day + AHEAD, handed_back_at=None, ending_told_at=None, user__is_active=True)
    return [(post.valid_to, post) for post in soon.select_related("user").order_by("valid_to", "user_id", "id") if post.valid_to]


def goes_on(post: Post, last: date) -> bool:
    """Whether the same post is held on the day after its last."""
    same = {name: getattr(post, name) for name in ("user_id", "role", "region_code", "service", "institution_id")}
    return posts_on(last + timedelta(days=1)).filter(**same).exists()


def cases_without_post(user: User, day: date) -> list[int]:
    """Open cases somebody is in charge of and cannot be on a day, asked as the system."""
    posts = held_posts(user.pk, day) if user.is_active else ()
    handled = Case.objects.filter(handler=user, open=True).values_list("pk", *_PLACE)
    return [pk for pk, *place in handled if not covers(posts, *place)]


def circles_without_post(user: User, day: date, after: tuple[int, str] = (0, "")) -> Circles:
    """The next of somebody's circles, asked as the system. Whoever is blocked keeps theirs, and cannot look into them."""
    posts = held_posts(user.pk, day)
    case, why = after
    inside = CaseAccess.objects.filter(Q(case_id__gt=case) | Q(case_id=case, why__gt=why), user=user).exclude(why__in=_BY_PART)
    found = list(inside.order_by("case_id", "why").values_list("pk", "case_id", "why", *(f"case__{name}" for name in _PLACE))[:PAGE])
    helping = _helping({case for _pk, case, *_more in found})
    members = {post.institution_id for post in posts}
    rows = [pk for pk, _case, why, *place in found if helping.get(why, 0) not in members and not covers(posts, *place)]
    return Circles(rows, (found[-1][1], found[-1][2]) if len(found) == PAGE else None)


def _helping(cases: set[int]) -> dict[str, int]:
    """Why somebody is in the circle of a case their institution was asked to help with → that institution."""
    asked = Referral.objects.filter(case__in=cases).values_list("pk", "to_institution_id")
    return {f"referral:{pk}": institution for pk, institution in asked}


def in_hand(user_id: int) -> int:
    """How many open cases somebody is in charge of: a number for those who see no case."""
    with as_system():
        return Case.objects.filter(handler_id=user_id, open=True).count()
