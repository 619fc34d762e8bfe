"""Importing institutions, practitioners, postings and sites. Existing rows (by their code) are updated."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.derived import derived
from fahui.foundation.people.models import ACCESSIBILITY, Institution, Posting, Practitioner, PublicRecord, Site
from fahui.foundation.regions.actions import load_file
from fahui.foundation.regions.geo import Point, gcj_to_wgs
from fahui.foundation.regions.models import Region
from fahui.foundation.regions.rules import parse_code
from fahui.foundation.tables.importer import (
    BadTable,
    Column,
    Fault,
    day,
    numbered_rows,
    one_of,
    rows_of,
    several,
    several_of,
)
from fahui.foundation.worktime.opening import tidy

_CODE = Column("code", ("code", "编码", "统一社会信用代码"), str, required=True)
_NAME = Column("name", ("name", "名称", "姓名"), str, required=True)
_REGION = Column("region_code", ("region_code", "地区代码", "地区"), parse_code, required=True, remedy=gettext_lazy("请填12位地区代码"))
_PHONE = Column("phone", ("phone", "电话"), str)
_ADDRESS = Column("address", ("address", "地址"), str)
_DAY_HINT = gettext_lazy("请写成 2026-06-18")
_LANGUAGES = Column("languages", ("languages", "语言"), several)
_SOURCE = [
    Column("source", ("source", "来源"), str), Column("as_of", ("as_of", "数据截至"), day, remedy=_DAY_HINT),
]  # fmt: skip
_LICENCE = [
    Column("licensed_until", ("licensed_until", "执业许可有效期至"), day, remedy=_DAY_HINT),
    Column("licensed_by", ("licensed_by", "发证机关"), str),
]  # fmt: skip
# Where to find a door, and when it is open. Hours that cannot be read stay as they are: pages then say to telephone.
_DOOR = [
    Column("opening_hours", ("opening_hours", "开放时间"), tidy), _LANGUAGES,
    Column("accessibility", ("accessibility", "无障碍"), several_of(dict(ACCESSIBILITY))),
    Column("longitude", ("longitude", "经度"), Decimal, remedy=gettext_lazy("请填十进制度，例如 103.7654")),
    Column("latitude", ("latitude", "纬度"), Decimal, remedy=gettext_lazy("请填十进制度，例如 29.5521")),
    Column("system", ("system", "坐标系"), one_of({"WGS-84": "WGS-84（国家2000）", "GCJ-02": "GCJ-02（高德、腾讯）"}),
           remedy=gettext_lazy("请填 WGS-84（天地图、国家2000）或 GCJ-02（高德、腾讯）")),
]  # fmt: skip
Rows = list[tuple[int, dict[str, Any]]]
"""Rows with their numbers in the file."""


def _count(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 32767:
        raise ValueError(_("请填整数"))
    return number


INSTITUTION = [
    _CODE, _NAME, _REGION, _PHONE, _ADDRESS, *_DOOR, *_LICENCE, *_SOURCE,
    Column("kind", ("kind", "类别"), one_of(dict(Institution.KINDS)), required=True),
    Column("short_name", ("short_name", "文号简称"), str),
    Column("head", ("head", "负责人"), str),
    Column("licence", ("licence", "执业许可证号"), str),
    Column("licensed_from", ("licensed_from", "批准设立日期"), day, remedy=_DAY_HINT),
    Column("business", ("business", "业务范围"), several),
    Column("staff_count", ("staff_count", "从业人数"), _count, remedy=gettext_lazy("请填整数")),
]  # fmt: skip
PRACTITIONER = [
    Column("licence", ("licence", "执业证号"), str, required=True), _NAME, _REGION, _PHONE, _LANGUAGES, *_LICENCE, *_SOURCE,
    Column("title", ("title", "职称"), str),
    Column("kind", ("kind", "类别"), one_of(dict(Practitioner.KINDS)), required=True),
    Column("institution", ("institution", "机构编码"), str, required=True),
    Column("licensed_on", ("licensed_on", "首次执业日期"), day, remedy=_DAY_HINT),
    Column("criminal_since", ("criminal_since", "刑事辩护起始日期"), day, remedy=_DAY_HINT),
    Column("fields", ("fields", "专长"), several), Column("tags", ("tags", "标签"), several),
    Column("user", ("user", "登录名"), str),
]  # fmt: skip
POSTING = [
    Column("role", ("role", "身份"), one_of(dict(Posting.ROLES)), required=True),
    Column("practitioner", ("practitioner", "执业证号"), str, required=True),
    Column("target_region", ("target_region", "服务地区代码"), parse_code, required=True, remedy=gettext_lazy("请填12位地区代码")),
    Column("target_name", ("target_name", "服务对象"), str), Column("contract", ("contract", "合同编号"), str),
    Column("phone", ("phone", "公示电话", "电话"), str), Column("office_hours", ("office_hours", "坐班时间"), str),
    Column("source", ("source", "来源"), str),
    Column("valid_from", ("valid_from", "起"), day, required=True, remedy=_DAY_HINT),
    Column("valid_to", ("valid_to", "止"), day, remedy=_DAY_HINT),
]  # fmt: skip
SITE = [
    _CODE, _NAME, _REGION, _PHONE, _ADDRESS, *_DOOR, *_SOURCE,
    Column("kind", ("kind", "类别"), one_of(dict(Site.KINDS)), required=True),
    Column("institution", ("institution", "机构编码"), str),
    Column("area_m2", ("area_m2", "面积（平方米）"), Decimal, remedy=gettext_lazy("请填数字")),
    Column("facilities", ("facilities", "设施"), several),
]  # fmt: skip
RECORD = [
    Column("institution", ("institution", "机构编码"), str), Column("practitioner", ("practitioner", "执业证号"), str),
    Column("kind", ("kind", "类别"), one_of(dict(PublicRecord.KINDS)), required=True),
    Column("result", ("result", "内容", "结果"), str, required=True),
    Column("year", ("year", "年度"), _count, remedy=gettext_lazy("请填四位年份")),
    Column("decided_on", ("decided_on", "决定日期"), day, remedy=_DAY_HINT),
    Column("organ", ("organ", "决定机关"), str, required=True), Column("document", ("document", "文号"), str),
    Column("source", ("source", "来源"), str, required=True),
    Column("shown_until", ("shown_until", "公示至"), day, remedy=_DAY_HINT),
]  # fmt: skip


@transaction.atomic
def import_table(reader: Reader, kind: str, path: Path) -> int:
    """Import one table; returns how many rows. Raises BadTable (nothing is written) or KeyError (unknown kind)."""
    if kind == "regions":
        return load_file(path, reader=reader)
    count = _IMPORTERS[kind](path)
    append(reader, Entry("table.imported", about=f"table:{kind}", data={"rows": count}))
    return count


KINDS = ("regions", "institutions", "practitioners", "postings", "sites", "records")


def _known_regions(rows: Rows, key: str) -> None:
    codes = {row[key] for _number, row in rows if key in row}
    missing = codes - set(Region.objects.filter(code__in=codes).values_list("code", flat=True))
    faults = [
        Fault(number, key, str(row[key]), _("本市没有这个地区代码，请核对"))
        for number, row in rows if row.get(key) in missing
    ]  # fmt: skip
    if faults:
        raise BadTable(faults)


def _fit(model: Any, rows: Rows, columns: list[Column]) -> None:
    """Raise BadTable for what is longer or larger than the database keeps."""
    heads = {column.key: column.names[1] for column in columns}
    fields = {field.name: field for field in model._meta.concrete_fields if field.name in heads and not field.is_relation}
    faults = []
    for number, row in rows:
        for name in fields.keys() & row.keys():
            try:
                fields[name].run_validators(row[name])
            except ValidationError as error:
                faults.append(Fault(number, heads[name], str(row[name])[:60], error.messages[0]))
    if faults:
        raise BadTable(faults)


def _upsert(model: Any, rows: Rows, key: str) -> int:
    given = sorted({name for _number, row in rows for name in row if name != key})
    fields = given + [field.name for field in derived(model) if field.of in given]
    model.objects.bulk_create(
        [model(**row) for _number, row in rows], update_conflicts=True, unique_fields=[key], update_fields=fields, batch_size=500
    )
    return len(rows)


def _institutions(path: Path) -> int:
    rows = numbered_rows(rows_of(path), INSTITUTION, unique=["code"])
    _fit(Institution, rows, INSTITUTION)
    _known_regions(rows, "region_code")
    _locate(rows)
    return _upsert(Institution, rows, "code")


def _practitioners(path: Path) -> int:
    rows = numbered_rows(rows_of(path), PRACTITIONER, unique=["licence"])
    _fit(Practitioner, rows, PRACTITIONER)
    _known_regions(rows, "region_code")
    known = _keys(Institution, "code", rows, "institution")
    faults = []
    for number, row in rows:
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
    rows = numbered_rows(rows_of(path), POSTING)
    _fit(Posting, rows, POSTING)
    _known_regions(rows, "target_region")
    known = _keys(Practitioner, "licence", rows, "practitioner")
    faults = [
        Fault(number, "执业证号", row["practitioner"], _("没有这位人员，请先导入人员"))
        for number, row in rows if row["practitioner"] not in known
    ]  # fmt: skip
    faults += [
        Fault(number, "止", str(row["valid_to"]), _("结束早于开始，请核对"))
        for number, row in rows if row.get("valid_to") and row["valid_to"] < row["valid_from"]
    ]  # fmt: skip
    if faults:
        raise BadTable(faults)
    Posting.objects.bulk_create([_posting(row, known[row["practitioner"]]) for _number, row in rows])
    return len(rows)


def _posting(row: dict[str, Any], practitioner_id: int) -> Posting:
    rest = {key: value for key, value in row.items() if key != "practitioner"}
    return Posting(practitioner_id=practitioner_id, target_kind="region", **rest)


def _sites(path: Path) -> int:
    rows = numbered_rows(rows_of(path), SITE, unique=["code"])
    _fit(Site, rows, SITE)
    _known_regions(rows, "region_code")
    _locate(rows)
    known, faults = _keys(Institution, "code", rows, "institution"), []
    for number, row in rows:
        code = row.pop("institution", None)
        if code is not None and code not in known:
            faults.append(Fault(number, "机构编码", code, _("没有这个机构，请先导入机构")))
        elif code is not None:
            row["institution_id"] = known[code]
    if faults:
        raise BadTable(faults)
    return _upsert(Site, rows, "code")


def _keys(model: Any, column: str, rows: Rows, name: str) -> dict[str, int]:
    """Keys of the rows that a table names, by what it names them with."""
    named = {row[name] for _number, row in rows if name in row}
    return dict(model.objects.filter(**{f"{column}__in": named}).values_list(column, "pk"))


def _locate(rows: Rows) -> None:
    """Every coordinate as WGS-84. Raises BadTable for half a coordinate, or one without its system."""
    faults = []
    for number, row in rows:
        system = row.pop("system", None)
        longitude, latitude = row.get("longitude"), row.get("latitude")
        if longitude is None and latitude is None:
            continue
        try:
            if longitude is None or latitude is None:
                raise ValueError(_("经度和纬度要一起填"))
            if system is None:
                raise ValueError(_("请写明坐标系：WGS-84 或 GCJ-02"))
            point = Point(float(longitude), float(latitude))
        except ValueError as error:
            told = str(error) if None in (longitude, latitude, system) else _("请核对：经度在前，纬度在后，都是十进制度")
            faults.append(Fault(number, "经度", str(longitude or ""), told))
            continue
        if system == "GCJ-02":
            point = gcj_to_wgs(point)
        row["longitude"], row["latitude"] = (round(Decimal(str(d)), 6) for d in (point.longitude, point.latitude))
    if faults:
        raise BadTable(faults)


def _records(path: Path) -> int:
    """Published rewards, penalties, assessments and grades. A record that is there already is left as it is."""
    rows = numbered_rows(rows_of(path), RECORD)
    _fit(PublicRecord, rows, RECORD)
    firms, people = _keys(Institution, "code", rows, "institution"), _keys(Practitioner, "licence", rows, "practitioner")
    faults, made = [], []
    for number, row in rows:
        firm, person = row.pop("institution", None), row.pop("practitioner", None)
        if (firm is None) == (person is None):
            faults.append(Fault(number, "机构编码", firm or "", _("机构编码和执业证号填一个，只填一个")))
        elif firm is not None and firm not in firms:
            faults.append(Fault(number, "机构编码", firm, _("没有这个机构，请先导入机构")))
        elif person is not None and person not in people:
            faults.append(Fault(number, "执业证号", person, _("没有这位人员，请先导入人员")))
        elif row["kind"] == "penalty" and "shown_until" not in row:
            faults.append(Fault(number, "公示至", "", _("行政处罚要写明公示到哪一天")))
        else:
            made.append(PublicRecord(institution_id=firms.get(firm or ""), practitioner_id=people.get(person or ""), **row))
    if faults:
        raise BadTable(faults)
    known = {_told(record) for record in PublicRecord.objects.filter(
        Q(institution_id__in=firms.values()) | Q(practitioner_id__in=people.values())
    )}  # fmt: skip
    PublicRecord.objects.bulk_create([record for record in made if _told(record) not in known])
    return len(rows)


def _told(record: PublicRecord) -> tuple[Any, ...]:
    """What makes two records the same."""
    return (record.institution_id, record.practitioner_id, record.kind, record.result, record.year, record.decided_on,
            record.document)  # fmt: skip


_IMPORTERS: dict[str, Callable[[Path], int]] = {
    "institutions": _institutions, "practitioners": _practitioners, "postings": _postings, "sites": _sites,
    "records": _records,
}  # fmt: skip
