"""Importing cases: the columns are the matter's own questions, beside who, where and when."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fahui.casework.cases.actions import Opening, open_case
from fahui.casework.cases.models import CHANNELS
from fahui.casework.definitions.loader import Service, service
from fahui.casework.forms.fields import CaseDetails
from fahui.casework.forms.web import Question, from_post, questions
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Invalid
from fahui.foundation.people.actions import Person
from fahui.foundation.regions.rules import parse_code
from fahui.foundation.tables.importer import BadTable, Column, Fault, one_of, read_table

_BASE = [
    Column("title", ("title", "标题"), str),
    Column("name", ("name", "姓名"), str, required=True),
    Column("phone", ("phone", "电话"), str),
    Column("identity", ("identity", "身份证号"), str),
    Column("region_code", ("region_code", "地区代码"), parse_code, required=True, remedy=gettext_lazy("请填12位地区代码")),
    Column("channel", ("channel", "渠道"), one_of(dict(CHANNELS))),
    Column("key", ("key", "原编号"), str, required=True),
]


def columns_of(home: Service, matter: str) -> list[Column]:
    """The columns of a case table: the base, then one a question, headed by its key or its Chinese words."""
    asked = questions(home.details_form(matter), desk=True)
    return [*_BASE, *(Column(f"details.{q.key}", (q.key, q.label), _reader(q)) for q in asked if q.key != "channel")]


def _reader(question: Question) -> Any:
    if question.options:
        by_label = {o.label: o.value for o in question.options} | {o.value: o.value for o in question.options}

        def read(text: str) -> str:
            # A label may itself hold 、, so several answers are parted by ； or |.
            parts = [part.strip() for part in text.replace("；", "|").replace(";", "|").split("|") if part.strip()]
            wrong = [part for part in parts if part not in by_label]
            if wrong:
                allowed = "、".join(o.label for o in question.options)
                raise ValueError(_("没有“%(value)s”，应为：%(choices)s") % {"value": wrong[0], "choices": allowed})
            return "|".join(by_label[part] for part in parts)

        return read
    if question.kind == "yesno":
        return lambda text: {"是": "true", "否": "false", "true": "true", "false": "false"}[text]
    return str


@transaction.atomic
def import_cases(reader: Reader, service_id: str, matter: str, path: Path) -> int:
    """Open a case for every row, or none. The old number is the idempotency key: the same file twice adds nothing.

    Raises BadTable with every fault, or KeyError (unknown service or matter).
    """
    home = service(service_id)
    home.definition.matter(matter)
    model = home.details_form(matter)
    rows = read_table(path, columns_of(home, matter), unique=["key"])
    faults: list[Fault] = []
    for number, row in enumerate(rows, start=2):
        try:
            with transaction.atomic():
                open_case(reader, _opening(service_id, matter, model, row))
        except Invalid as error:
            faults += _faults(number, row, error)
    if faults:
        raise BadTable(faults)
    return len(rows)


def _opening(service_id: str, matter: str, model: type[CaseDetails], row: dict[str, Any]) -> Opening:
    post = QueryDict(mutable=True)
    for key, value in row.items():
        if key.startswith("details."):
            post.setlist(key.removeprefix("details."), str(value).split("|"))
    return Opening(
        service=service_id, matter=matter, channel=row.get("channel", "window"), region_code=row["region_code"],
        title=row.get("title", ""), details=from_post(model, post), key=f"import:{row['key']}"[:80],
        person=Person(name=row["name"], phone=row.get("phone", ""), identity=row.get("identity", "")),
    )  # fmt: skip


def _faults(number: int, row: dict[str, Any], error: Invalid) -> Sequence[Fault]:
    fields = error.fields or {"": error.message}
    return [
        Fault(number, name, str(row.get(name) or row.get(f"details.{name}") or ""), said) for name, said in fields.items()
    ]
