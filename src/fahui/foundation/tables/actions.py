"""Importing institutions, practitioners, postings and sites. Existing rows (by their code) are updated."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.people.models import Institution, Posting, Practitioner, Site
from fahui.foundation.regions.actions import load_file
from fahui.foundation.regions.models import Region
from fahui.foundation.regions.rules import parse_code
from fahui.foundation.sounds import sounds
from fahui.foundation.tables.importer import BadTable, Column, Fault, day, one_of, read_table, several

_CODE = Column("code", ("code", "编码", "统一社会信用代码"), str, required=True)
_NAME = Column("name", ("name", "名称", "姓名"), str, required=True)
_REGION = Column("region_code", ("region_code", "地区代码", "地区"), parse_code, required=True, remedy=gettext_lazy("请填12位地区代码"))
_PHONE = Column("phone", ("phone", "电话"), str)
_ADDRESS = Column("address", ("address", "地址"), str)
_HOURS = Column("opening_hours", ("opening_hours", "开放时间"), str)

INSTITUTION = [
    _CODE, _NAME, _REGION, _PHONE, _ADDRESS, _HOURS,
    Column("kind", ("kind", "类别"), one_of(dict(Institution.KINDS)), required=True),
    Column("short_name", ("short_name", "文号简称"), str),
]  # fmt: skip
PRACTITIONER = [
    Column("licence", ("licence", "执业证号"), str, required=True), _NAME, _REGION, _PHONE,
    Column("kind", ("kind", "类别"), one_of(dict(Practitioner.KINDS)), required=True),
    Column("institution", ("institution", "机构编码"), str, required=True),
    Column("licensed_on", ("licensed_on", "首次执业日期"), day, remedy=gettext_lazy("请写成 2026-06-18")),
    Column("criminal_since", ("criminal_since", "刑事辩护起始日期"), day, remedy=gettext_lazy("请写成 2026-06-18")),
    Column("fields", ("fields", "专长"), several), Column("tags", ("tags", "标签"), several),
    Column("languages", ("languages", "语言"), several),
    Column("user", ("user", "登录名"), str),
]  # fmt: skip
POSTING = [
    Column("role", ("role", "身份"), str, required=True),
    Column("practitioner", ("practitioner", "执业证号"), str, required=True),
    Column("target_region", ("target_region", "服务地区代码"), parse_code, required=True, remedy=gettext_lazy("请填12位地区代码")),
    Column("target_name", ("target_name", "服务对象"), str), Column("contract", ("contract", "合同编号"), str),
    Column("valid_from", ("valid_from", "起"), day, required=True, remedy=gettext_lazy("请写成 2026-06-18")),
    Column("valid_to", ("valid_to", "止"), day, remedy=gettext_lazy("请写成 2026-06-18")),
]  # fmt: skip
SITE = [
    _CODE, _NAME, _REGION, _PHONE, _ADDRESS, _HOURS, Column("kind", ("kind", "类别"), str, required=True),
    Column("area_m2", ("area_m2", "面积（平方米）"), Decimal, remedy=gettext_lazy("请填数字")),
    Column("facilities", ("facilities", "设施"), several), Column("accessibility", ("accessibility", "无障碍"), several),
]  # fmt: skip


@transaction.atomic
def import_table(reader: Reader, kind: str, path: Path) -> int:
    """Import one table; returns how many rows. Raises BadTable (nothing is written) or KeyError (unknown kind)."""
    if kind == "regions":
        return load_file(path, reader=reader)
    count = _IMPORTERS[kind](path)
    append(reader, Entry("table.imported", about=f"table:{kind}", data={"rows": count}))
    return count


KINDS = ("regions", "institutions", "practitioners", "postings", "sites")


def _known_regions(rows: list[dict[str, Any]], key: str) -> None:
    codes = {row[key] for row in rows if key in row}
    missing = codes - set(Region.objects.filter(code__in=codes).values_list("code", flat=True))
    faults = [
        Fault(number, key, str(row[key]), _("本市没有这个地区代码，请核对"))
        for number, row in enumerate(rows, start=2) if row.get(key) in missing
    ]  # fmt: skip
    if faults:
        raise BadTable(faults)


def _upsert(model: Any, rows: list[dict[str, Any]], key: str) -> int:
    fields = sorted({name for row in rows for name in row if name != key}) + sounds(model)
    model.objects.bulk_create(
        [model(**row) for row in rows], update_conflicts=True, unique_fields=[key], update_fields=fields, batch_size=500
    )
    return len(rows)


def _institutions(path: Path) -> int:
    rows = read_table(path, INSTITUTION, unique=["code"])
    _known_regions(rows, "region_code")
    return _upsert(Institution, rows, "code")


def _practitioners(path: Path) -> int:
    rows = read_table(path, PRACTITIONER, unique=["licence"])
    _known_regions(rows, "region_code")
    codes = {row["institution"] for row in rows}
    known = dict(Institution.objects.filter(code__in=codes).values_list("code", "pk"))
    faults = []
    for number, row in enumerate(rows, start=2):
        code = row.pop("institution")
        if code not in known:
            faults.append(Fault(number, "机构编码", code, _("没有这个机构，请先导入机构")))
        else:
            row["institution_id"] = known[code]
        faults += _link_account(number, row)
    if faults:
        raise BadTable(faults)
    return _upsert(Practitioner, rows, "licence")


def _link_account(number: int, row: dict[str, Any]) -> list[Fault]:
    """Tie a practitioner to the account they sign in with, so that offered cases reach them."""
    name = row.pop("user", None)
    if name is None:
        return []
    user = User.objects.filter(username__iexact=name, kind="staff").first()
    if user is None:
        return [Fault(number, "登录名", name, _("没有这个工作人员账号，请先建账号"))]
    row["user_id"] = user.pk
    return []


def _postings(path: Path) -> int:
    rows = read_table(path, POSTING)
    _known_regions(rows, "target_region")
    licences = {row["practitioner"] for row in rows}
    known = dict(Practitioner.objects.filter(licence__in=licences).values_list("licence", "pk"))
    faults = [
        Fault(number, "执业证号", row["practitioner"], _("没有这位人员，请先导入人员"))
        for number, row in enumerate(rows, start=2) if row["practitioner"] not in known
    ]  # fmt: skip
    faults += [
        Fault(number, "止", str(row["valid_to"]), _("结束早于开始，请核对"))
        for number, row in enumerate(rows, start=2) if row.get("valid_to") and row["valid_to"] < row["valid_from"]
    ]  # fmt: skip
    if faults:
        raise BadTable(faults)
    Posting.objects.bulk_create([_posting(row, known[row["practitioner"]]) for row in rows])
    return len(rows)


def _posting(row: dict[str, Any], practitioner_id: int) -> Posting:
    rest = {key: value for key, value in row.items() if key != "practitioner"}
    return Posting(practitioner_id=practitioner_id, target_kind="region", **rest)


def _sites(path: Path) -> int:
    rows = read_table(path, SITE, unique=["code"])
    _known_regions(rows, "region_code")
    return _upsert(Site, rows, "code")


_IMPORTERS: dict[str, Callable[[Path], int]] = {
    "institutions": _institutions, "practitioners": _practitioners, "postings": _postings, "sites": _sites,
}  # fmt: skip
