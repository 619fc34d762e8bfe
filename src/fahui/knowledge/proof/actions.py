"""Asking the gold set, and accepting a report that is worse. Whoever changed the answers does not accept what came of it."""

from __future__ import annotations

import time
from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext as _

from fahui.foundation import clock
from fahui.foundation.accounts.scope import SYSTEM, Reader
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.errors import Conflict, Forbidden, Invalid
from fahui.knowledge.answers.actions import answer_to
from fahui.knowledge.citations.reading import parse
from fahui.knowledge.citations.resolving import resolve_all
from fahui.knowledge.citations.sources import StoreSource
from fahui.knowledge.content.models import CuratedAnswer
from fahui.knowledge.content.roles import may_edit_in
from fahui.knowledge.proof.loader import Gold, gold
from fahui.knowledge.proof.models import ProofReport
from fahui.knowledge.proof.queries import accepted, latest
from fahui.knowledge.proof.rules import Fault, Given, judge, worse

_LONGEST = 300


@transaction.atomic
def prove(reader: Reader = SYSTEM) -> ProofReport:
    """Ask every question of the gold set as a resident would, whatever is switched off, and keep the report. Raises Forbidden.

    A report that is no worse than the accepted one before it, or the first, is accepted by itself.
    """
    may_edit_in(reader, None)
    began = time.monotonic()
    questions = gold()
    wanted = _keys(questions)
    found = [_asked(one, wanted[one.id]) for one in questions]
    faults = [fault for fault in found if fault]
    before = accepted()
    fallen = worse([f.id for f in faults], [f["id"] for f in before.faults], before.asked) if before else []
    now = clock.now()
    report = ProofReport.objects.create(
        ran_at=now, ran_by_id=reader.user_id, asked=[one.id for one in questions], faults=[asdict(fault) for fault in faults],
        worse=fallen, milliseconds=round((time.monotonic() - began) * 1000), accepted_at=None if fallen else now,
    )  # fmt: skip
    data = {"asked": len(questions), "faults": len(faults), "worse": len(fallen)}
    append(reader, Entry("proof.ran", about=f"proof:{report.pk}", data=data))
    return report


@transaction.atomic
def accept(reader: Reader, pk: int, reason: str) -> ProofReport:
    """Accept the last report although it is worse. Raises Forbidden for whoever ran it or changed an answer since the accepted
    one, Conflict if it is not the last or waits for nobody, Invalid without a reason."""
    may_edit_in(reader, None)
    report = ProofReport.objects.select_for_update().filter(pk=pk).first()
    last, before = latest(), accepted()
    if report is None or last is None or report.pk != last.pk or report.accepted_at is not None:
        raise Conflict(_("这份报告已经处理过，或者有了更新的报告，请看最新的。"))
    if not 4 <= len(reason.strip()) <= _LONGEST:
        raise Invalid(_("有几处要改。"), fields={"reason": _("请写明为什么可以接受（4到300个字）")})
    changed = CuratedAnswer.objects.filter(changed_at__gt=before.ran_at) if before else CuratedAnswer.objects.none()
    if reader.user_id and (report.ran_by_id == reader.user_id or changed.filter(author_id=reader.user_id).exists()):
        raise Forbidden(_("改过问答的人、跑这次检查的人，不能自己接受变差的结果，请另一位来看。"))
    report.accepted_at, report.accepted_by_id, report.reason = clock.now(), reader.user_id, reason.strip()
    report.save(update_fields=["accepted_at", "accepted_by", "reason"])
    append(reader, Entry("proof.accepted", about=f"proof:{report.pk}", data={"worse": len(report.worse), "reason": report.reason}))
    return report


def _asked(one: Gold, wanted: list[int | None]) -> Fault | None:
    answer = answer_to(one.ask, "zh-hans")
    given = Given(answer.kind, answer.topic.id, answer.danger.id if answer.danger else "", frozenset(q.article.pk for q in (*answer.articles, *answer.also)))
    return judge(one, given, wanted)


def _keys(questions: tuple[Gold, ...]) -> dict[str, list[int | None]]:
    """The keys in the store of the articles each question must show; None for one that is not there."""
    source = StoreSource()
    titles = source.titles()
    cited = [(one.id, text, parse(text, titles)) for one in questions for text in one.articles]
    resolved = iter(resolve_all([citation for _id, _text, citations in cited for citation in citations], source))
    found: dict[str, list[int | None]] = {one.id: [] for one in questions}
    for key, _text, citations in cited:
        articles = [next(resolved).article for _citation in citations]
        found[key] += [article.id if article else None for article in articles] or [None]
    return found
