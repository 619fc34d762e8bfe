"""What was asked later, or was noted wrongly: the facts of an open case put right, with what they were on record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fahui.casework.cases.context import ActionContext
from fahui.casework.cases.models import Case
from fahui.casework.cases.permissions import Standing, standing
from fahui.casework.cases.queries import hold
from fahui.casework.deadlines.actions import Clocks
from fahui.casework.definitions.loader import service
from fahui.casework.definitions.queries import definition_of
from fahui.casework.forms.fields import FormModel
from fahui.casework.forms.validation import clean, words_of
from fahui.casework.forms.web import questions
from fahui.foundation import clock
from fahui.foundation.accounts.scope import Reader, as_system
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.errors import Conflict, Forbidden, Invalid

# The other side are parties of the case: one more is added among its people, where conflicts of interest are looked for.
KEPT = frozenset({"other_side"})
_CODED = {"choice", "choices", "yesno", "number", "money", "date", "datetime", "region"}


def may_correct(place: Standing) -> bool:
    """Whether the facts of a case may be put right: by whoever of the office works on it, while it is open."""
    return place.case.open and place.of_office


@transaction.atomic
def correct(reader: Reader, case_id: int, answers: Mapping[str, Any], reason: str, expected_revision: int | None = None) -> Case:
    """Put the facts of a case right. What a service keeps in them itself stays; what changed is on record with what it was.

    Answers that seal a case or mark it urgent do so now, as they would have at the beginning.

    Raises Missing, Forbidden, Invalid (field by field; nothing changed), Conflict (revision, a proposal that waits).
    """
    held = hold(reader, case_id)
    case = held.case
    if not may_correct(standing(reader, case)):
        raise Forbidden(_("您不能更正：这件事不在您的职责范围内，或者已经办结。"))
    if expected_revision is not None and case.revision != expected_revision:
        raise Conflict(_("这件事刚刚被别人改动过。请看过最新情况再决定。"), code="revision")
    if held.waiting:
        raise Conflict(_("有一项操作在等另一人复核。请先复核或者退回，再更正。"))
    reason = reason.strip()[:200]
    if not reason:
        raise Invalid(_("请写明是怎么知道的。"), fields={"reason": _("例如：11月23日电话问的；看了户口簿")})
    home, definition = service(case.service), definition_of(case.version_id)
    model = home.details_form(case.matter)
    old, new = case.details, _corrected(model, case.details, answers, reader.language)
    changed = sorted(name for name in new if new[name] != old.get(name, model.model_fields[name].default if name in model.model_fields else None))
    if not changed:
        raise Invalid(_("内容没有变，不用保存。"))
    case.details, now = new, clock.now()
    ctx = ActionContext(case, home, definition, None, None, reader, now, Clocks(case, definition, now, held.clocks))
    with as_system():
        matter = definition.matter(case.matter)
        if matter.sealed_when and home.guard(matter.sealed_when).test(ctx.facts).allowed:
            ctx.seal()
        if home.has_effect("refresh_flags"):
            home.effect("refresh_flags")(ctx)
        case.changed_at, case.revision = now, case.revision + 1
        case.save(update_fields=["details", "flags", "sealed", "priority", "changed_at", "revision"])
        coded = _coded(model)
        was = {name: old.get(name) for name in changed if name in coded}
        ctx.entries.insert(0, Entry("case.corrected", case_id=case.pk, data={"count": len(changed), "fields": changed, "was": was, "reason": reason}))
        append(reader, *ctx.entries)
    return case


def _corrected(model: type[FormModel], old: Mapping[str, Any], answers: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The facts with the answers in their places; everything the desk is not asked stays as it is."""
    asked = {name for name, field in model.model_fields.items() if name not in KEPT and words_of(field).get("kind") != "hidden"}
    given = {name: value for name, value in old.items() if name in model.model_fields} | {k: v for k, v in answers.items() if k in asked}
    checked = clean(model, given, language).model_dump(mode="json")
    return {**old, **{name: checked[name] for name in asked if name in checked}}


def _coded(model: type[FormModel]) -> set[str]:
    """The questions whose answers are codes, days and numbers. What people wrote themselves never goes into the log, which forgets nothing."""
    return {one.key for one in questions(model) if one.kind in _CODED and not words_of(model.model_fields[one.key]).get("sensitive")}
