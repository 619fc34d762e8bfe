"""Precedents and scripts from a table: CSV, Excel, JSON or YAML. Every row is checked first; all are brought in, or none."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fahui.foundation import cities, clock
from fahui.foundation.errors import Invalid
from fahui.foundation.regions.rules import parse_code
from fahui.foundation.tables.importer import BadTable, Column, Fault, day, one_of, read_table
from fahui.knowledge.answers.schema import topics
from fahui.knowledge.citations.check import CitedPlace, check_citations
from fahui.knowledge.citations.sources import best_source
from fahui.knowledge.content.actions import SHIPPED_FOR, ReferenceWriting

KINDS = ("precedent", "script")


def columns(kind: str) -> list[Column]:
    """The columns of a kind, each by its Chinese or English name."""
    cases = kind == "precedent"
    return [
        Column("title", ("标题", "title"), str, required=True),
        Column("topic", ("主题", "topic"), one_of({one.id: one.name.zh for one in topics().topics}), required=True),
        Column("lines", ("裁判要旨" if cases else "话术", "lines"), lines, required=True),
        Column("citations", ("法条", "citations"), lines, required=True),
        Column("source", ("来源", "source"), str, required=True),
        Column("owner", ("谁负责", "owner"), str, required=True),
        Column("title_en", ("英文标题", "title_en"), str),
        Column("region_code", ("哪里用", "region"), _place, remedy=gettext_lazy("请填12位区划代码，全市用的空着")),
        Column("review_by", ("复核期限", "review_by"), day, remedy=gettext_lazy("例如：2027-06-30")),
        *([
            Column("facts", ("案情", "facts"), str, required=True),
            Column("issuer", ("法院或者发布机关", "issuer"), str, required=True),
            Column("number", ("案号或者编号", "number"), str, required=True),
            Column("decided_on", ("日期", "decided_on"), day, required=True, remedy=gettext_lazy("例如：2023-06-30")),
        ] if cases else []),
    ]  # fmt: skip


def lines(text: str) -> list[str]:
    """Lines parted by line breaks or by ；, ; or |."""
    for mark in "；;|｜":
        text = text.replace(mark, "\n")
    return [line.strip() for line in text.splitlines() if line.strip()]


def read(path: Path, kind: str) -> list[ReferenceWriting]:
    """The rows of a file. Raises BadTable with every fault, Invalid for a file that cannot be read."""
    rows = _table(path, columns(kind))
    until = clock.today() + SHIPPED_FOR
    found = [ReferenceWriting(**{"kind": kind, "review_by": until, **row}) for row in rows]
    faults = [fault for number, one in enumerate(found, 2) for fault in _faults(number, one)]
    if faults:
        raise BadTable(faults)
    return found


def _table(path: Path, wanted: Sequence[Column]) -> list[dict[str, Any]]:
    if path.suffix.lower() not in (".yaml", ".yml", ".json"):
        return read_table(path, wanted)
    if not path.exists():
        raise Invalid(_("没有文件 %(name)s。") % {"name": path.name}, fields={"file": _("请核对文件名")})
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))  # JSON is YAML
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ValueError("no list of rows")
    except (ValueError, yaml.YAMLError) as error:
        raise Invalid(_("%(name)s 读不出来：要一个列表，每一条写成“栏目: 内容”。") % {"name": path.name}) from error
    plain = [{key: "\n".join(map(str, value)) if isinstance(value, list) else str(value if value is not None else "")
              for key, value in row.items()} for row in rows]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        held = Path(folder) / "rows.json"
        held.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
        return read_table(held, wanted)


def _place(text: str) -> int | None:
    code = parse_code(text)
    return None if code == cities.current().region else code


def _faults(number: int, one: ReferenceWriting) -> list[Fault]:
    """What only the law store and the calendar can tell."""
    report = check_citations([CitedPlace("", text) for text in one.citations], best_source())
    found = [Fault(number, "法条", c.place.text, c.reason) for c in report.failing]
    found += [Fault(number, "法条", c.place.text, _("库里没有这部法")) for c in report.outside]
    if one.decided_on and one.decided_on > clock.today():
        found.append(Fault(number, "日期", one.decided_on.isoformat(), _("不能晚于今天")))
    return found
