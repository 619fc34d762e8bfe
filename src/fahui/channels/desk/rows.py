"""A case as one line of a desk list, and its clocks as the clock chip reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from fahui.casework.cases.models import Case
from fahui.casework.deadlines.models import CaseDeadline
from fahui.casework.definitions.diagram import length_words
from fahui.casework.definitions.queries import definition_of
from fahui.casework.definitions.schema import Deadline
from fahui.channels.desk import words
from fahui.channels.templatetags.fahui import mask_name
from fahui.foundation.accounts.scope import Reader


@dataclass(frozen=True)
class Row:
    """What a list says of a case. A sealed case says nobody's name."""

    id: int
    href: str
    number: str
    title: str
    service: str
    matter: str
    state: str
    tone: str
    person: str
    handler: str
    channel: str
    clock: dict[str, Any] | None
    no_clock: str
    flags: list[dict[str, str]]
    priority: str
    sealed: bool
    opened_at: Any
    changed_at: Any
    mine: bool


def row(case: Case, reader: Reader) -> Row:
    """One line. The case must carry handler, provider and applicant, so that a list costs one query."""
    definition, language = definition_of(case.version_id), reader.language
    state = definition.state(case.state)
    handler = case.handler.name if case.handler else ""
    if case.provider:
        handler = f"{handler} / {case.provider.name}" if handler else case.provider.name
    person = _("保密") if case.sealed else (mask_name(case.applicant.name) if case.applicant else _("匿名"))
    why_not = state.no_deadline_because.text(language) if state.no_deadline_because else ""
    return Row(
        id=case.pk, href=f"/desk/cases/{case.pk}", number=case.tracking_number,
        title=definition.matter(case.matter).name.text(language) if case.sealed else case.title,
        service=definition.name.text(language), matter=definition.matter(case.matter).name.text(language),
        state=_("已并案") if case.merged_into_id else state.name.text(language),
        tone=words.tone(state, merged=bool(case.merged_into_id)), person=person, handler=handler,
        channel=words.channel_name(case.channel, language), clock=next_clock(case, reader), no_clock=why_not,
        flags=words.flag_badges(case.flags, language),
        priority=words.pick(words.PRIORITIES[case.priority], language) if case.priority in words.PRIORITIES else "",
        sealed=case.sealed, opened_at=case.opened_at, changed_at=case.changed_at,
        mine=case.handler_id == reader.user_id,
    )  # fmt: skip


def rows(cases: Iterable[Case], reader: Reader) -> list[Row]:
    """Lines of a list."""
    return [row(case, reader) for case in cases]


def next_clock(case: Case, reader: Reader) -> dict[str, Any] | None:
    """The nearest limit of an open case."""
    if not case.open or not case.next_due:
        return None
    try:
        spec = definition_of(case.version_id).deadline(case.next_deadline)
    except KeyError:
        return {"label": _("时限"), "due": case.next_due}
    return {"label": spec.name.text(reader.language), "due": case.next_due, "basis": "、".join(spec.basis)}


def clock_chip(spec: Deadline, held: CaseDeadline, reader: Reader) -> dict[str, Any]:
    """One clock with its length, its basis, and what became of it."""
    length = length_words(held.length, "en" if reader.language.startswith("en") else "zh")
    chip: dict[str, Any] = {
        "label": spec.name.text(reader.language), "due": held.due_at,
        "basis": _("%(articles)s（%(length)s）") % {"articles": "、".join(spec.basis), "length": length},
    }  # fmt: skip
    if held.status == "suspended":
        chip["paused"] = _(str(held.stops[-1][2])) if held.stops else _("已暂停")
    elif held.status in {"met", "late", "cancelled"}:
        chip["done"] = {"met": _("按时完成"), "late": _("逾期完成"), "cancelled": _("不再适用")}[held.status]
    elif held.due_at is None:
        chip["paused"] = _("待节假日安排公布后计算")
    return chip
