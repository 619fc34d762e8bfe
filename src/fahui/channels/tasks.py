"""What the worker does for the channels: lists as files, tables into lists, and by night what the floor of knowledge needs and whom it tells,
since knowledge itself knows nobody's inbox."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import close_old_connections, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from fahui.casework.notices.actions import holders, tell
from fahui.channels.desk.bringing import bring
from fahui.channels.desk.making import make
from fahui.foundation import cities, clock
from fahui.foundation.accounts.roles import Role
from fahui.foundation.accounts.scope import as_system
from fahui.foundation.data import Words
from fahui.knowledge.answers.actions import Unhelpful, unhelpful
from fahui.knowledge.answers.models import AskedQuestion
from fahui.knowledge.content.actions import Expired, expire_overdue
from fahui.knowledge.proof.actions import prove
from fahui.knowledge.proof.queries import latest

SERVICE = "consultation"  # whose supervisors and hotline lead answer for the content
_ANSWERING = (Role.SUPERVISOR, Role.HOTLINE_LEAD)


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="content_review", lock="content_review", pass_context=False)
def review_content(timestamp: int) -> int:
    """Every hour, so that none is lost while the worker is away: what nobody reviewed in time is shown no longer."""
    close_old_connections()
    return tell_expired()


@app.periodic(cron="41 * * * *")
@app.task(queueing_lock="content_proof", lock="content_proof", pass_context=False)
def prove_answers(timestamp: int) -> int:
    """Once a day, after midnight or as soon as the worker is back: the gold set is asked; what got worse is told."""
    close_old_connections()
    return tell_worse() if due_today() else 0


@app.periodic(cron="17 0 * * *")  # 08:17 in Shanghai
@app.task(queueing_lock="content_feedback", lock="content_feedback", pass_context=False)
def pass_feedback_on(timestamp: int) -> int:
    """Every morning: who answers for an answer hears how often, and why, it did not help. What a missed day left is told the next."""
    close_old_connections()
    return tell_unhelpful()


# One list or table at a time: the other thread of a worker stays free for the outbox.
@app.task(lock="exports", pass_context=False)
def make_export(export: int) -> None:
    """Make a list that somebody asked for as a file."""
    close_old_connections()
    make(export)


@app.task(lock="exports", pass_context=False)
def bring_table(table: int) -> None:
    """Bring a table that somebody handed in into its register."""
    close_old_connections()
    bring(table)


def due_today() -> bool:
    """Whether the gold set was not asked yet today."""
    with transaction.atomic(), as_system():
        last = latest()
    return last is None or last.ran_at.astimezone(clock.SHANGHAI).date() < clock.today()


def tell_worse() -> int:
    """Ask the gold set and tell the city's editors what got worse. Returns how many questions did."""
    with transaction.atomic(), as_system():
        report = prove()
        if report.worse:
            tell(editors_of(None), None, "content.proof", Words.said(partial(_told_worse, len(report.worse))))
    return len(report.worse)


def tell_expired() -> int:
    """Expire what is overdue and tell its writer and reviewer, or those who answer for content there. Returns how much it was."""
    with transaction.atomic(), as_system():
        found = expire_overdue()
        for one in found:
            users = list(one.user_ids) or editors_of(one.region_code)
            tell(users, None, "content.expired", Words.said(partial(_told_expired, one)))
    return len(found)


def tell_unhelpful() -> int:
    """Tell an answer's writer and reviewer, or those who answer for content there, that it did not help. Returns how many answers."""
    with transaction.atomic(), as_system():
        found = unhelpful()
        for one in found:
            users = list(one.user_ids) or editors_of(one.region_code)
            tell(users, None, "content.feedback", Words.said(partial(_told_unhelpful, one)))
    return len(found)


def editors_of(region_code: int | None, roles: Sequence[Role] = _ANSWERING) -> list[int]:
    """Who answers for content of a place: the holders of these posts nearest to it; None is the whole city."""
    place = region_code or cities.current().region
    return sorted({user for role in roles for user in holders(role, SERVICE, place)})


def _told_expired(one: Expired) -> str:
    what = {"answer": _("问答"), "precedent": _("案例"), "script": _("话术")}[one.what]
    where = f"/desk/answers/{one.pk}" if one.what == "answer" else f"/desk/answers/reference/{one.pk}"
    words = _("%(what)s“%(title)s”过了复核期限，已停止显示（%(owner)s负责）。请复核后重新送审：%(where)s")
    return words % {"what": what, "title": one.title, "owner": one.owner, "where": where}


def _told_unhelpful(one: Unhelpful) -> str:
    names, times = dict(AskedQuestion.REASONS), _("%(why)s%(count)s次")
    reasons = sorted(one.reasons.items(), key=lambda held: (-held[1], held[0]))
    why = _("、").join(times % {"why": _(names[reason]), "count": count} for reason, count in reasons)
    what = _("问答“%(title)s”（%(owner)s负责）") % {"title": one.title, "owner": one.owner} if one.pk else _("没有现成问答的问题")
    where = f"/desk/answers/{one.pk}" if one.pk else "/desk/answers/asked?rating=not_useful"
    told = {"what": what, "count": one.count, "why": _("（%(why)s）") % {"why": why} if why else "", "where": where}
    return _("%(what)s：有%(count)s次回答被说没用%(why)s。请看：%(where)s") % told


def _told_worse(count: int) -> str:
    words = _("每晚的检查变差了：%(count)s道题以前答对、现在答错，问答暂停发布。请看报告：%(where)s")
    return words % {"count": count, "where": "/desk/answers/proof"}
