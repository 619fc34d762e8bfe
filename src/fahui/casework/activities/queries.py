"""Reading activities: lists in reach, one with who took part, and how many wait for the other side's word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from fahui.casework.activities.forms import told
from fahui.casework.activities.models import Activity
from fahui.casework.documents.models import StoredFile
from fahui.casework.documents.storage import read as stored
from fahui.casework.registers import rights
from fahui.casework.registers.queries import PAGE, Page, before, narrowed, paged
from fahui.foundation import clock
from fahui.foundation.accounts.roles import Role
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.actions import record_look
from fahui.foundation.errors import Missing

KEEPERS = (Role.BUREAU_OFFICER, Role.SUPERVISOR, Role.JUSTICE_OFFICE, Role.BUREAU_LEADER, Role.WINDOW_CLERK)


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to. Empty values narrow nothing."""

    place: int | None = None
    kind: str = ""
    topic: str = ""
    state: str = ""
    year: int | None = None
    text: str = ""
    since: date | None = None
    until: date | None = None


def visible(reader: Reader) -> QuerySet[Activity]:
    """The activities in the places where the reader keeps them."""
    return Activity.objects.filter(rights.in_reach(reader, KEEPERS))


def listed(reader: Reader, wanted: Filter, cursor: str = "", size: int = PAGE) -> Page[Activity]:
    """A keyset page, the latest first. Raises Forbidden for whoever keeps activities nowhere."""
    rights.must_keep(reader, KEEPERS)
    found = visible(reader).filter(narrowed(wanted, ("kind", "topic", "state"), "held_on", ("title", "code")))
    if not wanted.kind and not wanted.text:  # the order stands in an index by kind: the newest of each, then the newest of those
        newest = [before(found.filter(kind=kind), "held_on", cursor).order_by("-held_on", "-id")[: size + 1].values_list("pk") for kind, _zh in Activity.KINDS]
        found = Activity.objects.filter(pk__in=[pk for (pk,) in newest[0].union(*newest[1:], all=True)])
    rows = found.select_related("site", "organiser", "guest").prefetch_related("takings__practitioner")
    return paged(rows, "held_on", cursor, size)


def one(reader: Reader, activity_id: int) -> Activity:
    """One activity in reach, with where, by whom and for whom, and who took part. Raises Missing."""
    rows = visible(reader).select_related("site", "organiser", "guest").prefetch_related("takings__practitioner")
    activity = rows.filter(pk=activity_id).first()
    if activity is None:
        raise Missing(_("没有这条记录，或者您没有查看的权限。"))
    return activity


def evidence(reader: Reader, activity_id: int, place: int) -> tuple[bytes, str, str]:
    """(content, media type, name) of a file that proves an activity, and the look is on record. Raises Missing."""
    activity = one(reader, activity_id)
    if not 0 <= place < len(activity.evidence):
        raise Missing(_("没有这份文件。"))
    held = activity.evidence[place]
    file = StoredFile.objects.get(pk=held["digest"])
    record_look(reader, f"activity:{activity.pk}", why="打开活动证明")
    return stored(file.digest), file.mime, held["name"]


def locked(reader: Reader, activity_id: int) -> Activity:
    """One activity in reach, under its row lock. Raises Missing."""
    activity = visible(reader).select_for_update().filter(pk=activity_id).first()
    if activity is None:
        raise Missing(_("没有这条记录，或者您没有查看的权限。"))
    return activity


def as_told(activity: Activity) -> Any:
    """The activity with its takings in words, as corrections keep them."""
    takings = list(activity.takings.all())
    for part in ("gave", "attended"):
        setattr(activity, part, told(takings, part))
    return activity


def tallies(reader: Reader) -> dict[str, dict[str, int]]:
    """Kind → state → how many since the first day of this year, in one query."""
    found: dict[str, dict[str, int]] = {}
    rows = visible(reader).filter(held_on__gte=date(clock.today().year, 1, 1)).exclude(state="void")
    for row in rows.values("kind", "state").annotate(count=Count("id")).order_by():
        found.setdefault(row["kind"], {})[row["state"]] = row["count"]
    return found
