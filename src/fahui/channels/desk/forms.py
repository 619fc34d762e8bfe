"""Questions of a form model as fields of a desk page, grouped, with choices that only the desk can fill."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from fahui.casework.forms.fields import FormModel
from fahui.casework.forms.validation import words_of
from fahui.casework.forms.web import Option, Question, questions
from fahui.channels.desk import choosing
from fahui.channels.desk import queries as desk
from fahui.foundation import cities
from fahui.foundation.regions.models import Region


def region_options(chosen: Any = "") -> list[dict[str, str]]:
    """The city, its counties and their townships, in order; townships are indented under their county."""
    found = desk.regions_for_choice(cities.current().region)
    return [{"value": str(r.code), "label": _region_label(r)} for r in found]


def _region_label(region: Region) -> str:
    return ("　" if region.level == 4 else "") + region.name


def groups(
    model: type[FormModel], answers: Mapping[str, Any], errors: Mapping[str, str], language: str, *,
    skip: Iterable[str] = (), prefix: str = "",
) -> list[dict[str, Any]]:  # fmt: skip
    """The questions in order, in groups of {legend, questions: [{field, show_if, …}]}. Hidden ones are left to the actions."""
    found: list[dict[str, Any]] = []
    left_out = set(skip)
    for question in questions(model, answers, errors, language=language, desk=True, prefix=prefix):
        if question.kind == "hidden" or question.key.removeprefix(prefix) in left_out:
            continue
        if not found or found[-1]["legend"] != _(question.group):
            found.append({"legend": _(question.group), "questions": []})
        show_if = json.dumps(question.show_if, ensure_ascii=False) if question.show_if else ""
        found[-1]["questions"].append({"field": _field(question), "show_if": show_if, "prefix": prefix,
                                       "inline": question.kind == "yesno" or len(question.options) in (2, 3)})  # fmt: skip
    return found


def _field(question: Question) -> dict[str, Any]:
    if question.kind == "region":
        chosen = str(question.value)
        question.options = [Option(o["value"], o["label"], o["value"] == chosen) for o in region_options()]
    field = question.as_field()
    return {**field, **choosing.field(question.kind, question.value, field["hint"])} if question.kind in choosing.WHAT else field


def with_keys(model: type[FormModel], answers: Mapping[str, Any], skip: Iterable[str] = ()) -> dict[str, Any]:
    """The answers with the keys of the institutions and people whose names were typed. Raises Invalid for one that is not found."""
    found = dict(answers)
    for name, info in model.model_fields.items():
        what = words_of(info).get("kind")
        if what in choosing.WHAT and name not in skip and isinstance(found.get(name), str):
            found[name] = choosing.chosen(what, found[name], name)
    return found
