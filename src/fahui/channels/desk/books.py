"""The lists that can be files, each with its filter: a register, the activities, the work list. From a query string, so that
a page and the worker read the same list."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from fahui.casework.activities import actions as activity_actions
from fahui.casework.activities import queries as activities
from fahui.casework.activities import tables as activity_tables
from fahui.casework.activities.forms import Topic
from fahui.casework.activities.models import Activity
from fahui.casework.registers import actions, queries, rights, tables
from fahui.casework.registers.definitions import current
from fahui.casework.registers.models import Entry
from fahui.casework.registers.schema import Register
from fahui.casework.worklists.queries import newest, work_list
from fahui.channels.desk.records import Book, Listing
from fahui.channels.desk.rows import Row, row
from fahui.channels.desk.worklists import wanted
from fahui.channels.typed import day_of, place_of, year_of
from fahui.foundation import clock
from fahui.foundation.accounts.roles import CASE_READERS
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Forbidden

ACTIVITIES, WORKLIST = "activities", "worklist"
_REGISTER_KEYS = ("place", "category", "grade", "state", "year", "since", "until", "q")
_ACTIVITY_KEYS = ("place", "kind", "topic", "state", "year", "since", "until", "q")
_WORK_KEYS = ("service", "state", "owner", "flag", "region", "overdue", "unassigned", "mine", "order")
_MOST_CASES = 5000


def listing_of(reader: Reader, about: str, asked: QueryDict) -> Listing:
    """The list of this name for a reader, narrowed as asked. Raises Missing or Forbidden."""
    if about == ACTIVITIES:
        return activity_book(reader, asked)
    if about == WORKLIST:
        return work(reader, asked)
    return register_book(reader, queries.register_for(reader, about), asked)


def book_of(reader: Reader, about: str) -> Book:
    """The register of this name, or the activities, whole. Raises Missing or Forbidden."""
    if about == ACTIVITIES:
        return activity_book(reader, QueryDict())
    return register_book(reader, queries.register_for(reader, about), QueryDict())


def must_still_read(reader: Reader, about: str) -> None:
    """Raise Forbidden or Missing for whoever may not read this list (any more)."""
    listing_of(reader, about, QueryDict())


def address_of(about: str) -> str:
    """Where a register is, or the activities."""
    return "/desk/activities/" if about == ACTIVITIES else f"/desk/registers/{about}/"


def name_of(about: str, language: str = "") -> str:
    """What a list is called, in a language or that of the moment; a register that is there no longer says its id."""
    if about in (ACTIVITIES, WORKLIST):
        return _("活动") if about == ACTIVITIES else _("待办与查找")
    register = current().get(about)
    return register.name.text(language) if register else about


def _narrowing(asked: QueryDict, keys: Sequence[str]) -> str:
    """A filter in one spelling: only what narrows, in one order."""
    return urlencode([(key, asked[key]) for key in keys if asked.get(key)])


def _among(asked: QueryDict, name: str, known: Container[str]) -> str:
    return asked.get(name, "") if asked.get(name, "") in known else ""


def _text(asked: QueryDict) -> str:
    return asked.get("q", "").replace("\x00", "").strip()[:60]


def _taken_back() -> str:
    return _("改过的表按编号导回来，就是更正。")


def _headings(columns: Sequence[tables.SheetColumn]) -> list[str]:
    return [column.heading for column in columns]


# --- registers and activities


def register_filter(asked: QueryDict, register: Register) -> queries.Filter:
    """The filter a query string asks for; values that mean nothing narrow nothing."""
    return queries.Filter(
        place=place_of(asked.get("place", "")), state=_among(asked, "state", dict(Entry.STATES)),
        category=_among(asked, "category", register.category.choices if register.category else ()),
        grade=_among(asked, "grade", register.grade.choices if register.grade else ()),
        year=year_of(asked.get("year", "")), text=_text(asked), since=day_of(asked.get("since", "")), until=day_of(asked.get("until", "")),
    )  # fmt: skip


def register_book(reader: Reader, register: Register, asked: QueryDict) -> Book:
    """A register, narrowed as asked."""
    narrowed = register_filter(asked, register)
    return Book(
        about=register.id, base=f"/desk/registers/{register.id}", here="/desk/registers/", name=register.name.text(reader.language),
        narrowed=_narrowing(asked, _REGISTER_KEYS), columns=lambda: tables.columns_of(register), headings=lambda: _headings(tables.columns_of(register)),
        check=lambda path, steps: actions.check_entries(reader, register.id, path, steps),
        write=lambda given, why: actions.write_entries(reader, register.id, given, why),
        page=lambda cursor, size: queries.listed(reader, register, narrowed, cursor, size), cells=lambda rows: tables.cells_of(register, rows),
        note=_taken_back(),
    )  # fmt: skip


def activity_filter(asked: QueryDict) -> activities.Filter:
    """The filter a query string asks for; values that mean nothing narrow nothing."""
    return activities.Filter(
        place=place_of(asked.get("place", "")), kind=_among(asked, "kind", dict(Activity.KINDS)),
        topic=_among(asked, "topic", {topic.value for topic in Topic}), state=_among(asked, "state", dict(Activity.STATES)),
        year=year_of(asked.get("year", "")), text=_text(asked), since=day_of(asked.get("since", "")), until=day_of(asked.get("until", "")),
    )  # fmt: skip


def activity_book(reader: Reader, asked: QueryDict) -> Book:
    """The activities, narrowed as asked. Raises Forbidden for whoever keeps none."""
    rights.must_keep(reader, activities.KEEPERS)
    narrowed = activity_filter(asked)
    return Book(
        about=ACTIVITIES, base="/desk/activities", here="/desk/activities/", name=_("活动"), narrowed=_narrowing(asked, _ACTIVITY_KEYS),
        columns=activity_tables.columns, headings=lambda: _headings(activity_tables.columns()), cells=activity_tables.cells_of,
        check=lambda path, steps: activity_actions.check_activities(reader, path, steps),
        write=lambda given, why: activity_actions.write_activities(reader, given, why),
        page=lambda cursor, size: activities.listed(reader, narrowed, cursor, size), note=_taken_back(),
    )  # fmt: skip


# --- the work list


def work(reader: Reader, asked: QueryDict) -> Listing:
    """The work list as the screen shows it: masked. Raises Forbidden for posts that read no cases."""
    if not reader.roles & CASE_READERS:
        raise Forbidden(_("您的岗位不能使用这个页面。"))
    listed, narrowed = newest if asked.get("order") == "newest" else work_list, wanted(reader, asked)
    return Listing(
        about=WORKLIST, base="/desk/team", here="/desk/team", name=_("待办与查找"), narrowed=_narrowing(asked, _WORK_KEYS), most=_MOST_CASES,
        headings=_work_headings, page=lambda cursor, size: listed(reader, narrowed, cursor, size),
        cells=lambda cases: [_work_cells(row(case, reader)) for case in cases], note=_("姓名已遮盖，不含电话和证件号。"),
    )  # fmt: skip


def _work_headings() -> list[str]:
    return [_("编号"), _("题目"), _("服务"), _("事项"), _("状态"), _("当事人"), _("经办"), _("时限"), _("到期"), _("标记"), _("渠道"), _("受理时间")]


def _work_cells(line: Row) -> list[Any]:
    return [
        line.number, line.title, line.service, line.matter, line.state, line.person, line.handler,
        line.clock["label"] if line.clock else line.no_clock, _moment(line.clock["due"]) if line.clock else "",
        _("、").join(flag["label"] for flag in line.flags), line.channel, _moment(line.opened_at),
    ]  # fmt: skip


def _moment(at: datetime) -> str:
    return f"{at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"
