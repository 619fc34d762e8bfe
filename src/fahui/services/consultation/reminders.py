"""Last days that must be said while the person is still on the line. Pure.

Labour arbitration: one year; wages owed in a running employment have no limitation, and after it ended the year runs from
the end (劳动争议调解仲裁法第二十七条). Contracted land: two years from knowing (农村土地承包经营纠纷调解仲裁法第十八条).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from fahui.casework.deadlines.rules import LastDay, later
from fahui.casework.definitions.values import day_of
from fahui.services.consultation.values import chinese_day


def limitation_reminder(details: Mapping[str, Any], today: date) -> LastDay:
    """The limitation of a wage claim, from the day somebody left."""
    basis = ("劳动争议调解仲裁法第二十七条",)
    if details.get("still_working") is True:
        return LastDay(
            None, None, "还在那里干活，要工资不受一年仲裁时效限制", "Still working there: no limitation runs", basis
        )
    left_on = day_of(details, "left_on")
    if left_on is None:
        return LastDay(
            None, None, "请问清哪天离开的，才能算仲裁时效", "Ask when they left, to tell the limitation", basis
        )
    return _counted("仲裁时效", "The limitation for labour arbitration", left_on, "1 year", today, basis)


def land_reminder(details: Mapping[str, Any], today: date) -> LastDay | None:
    """The limitation for arbitration about contracted farm land; None for other land."""
    if details.get("land_kind") != "contracted":
        return None
    basis = ("农村土地承包经营纠纷调解仲裁法第十八条",)
    known_on = day_of(details, "known_on")
    if known_on is None:
        return LastDay(None, None, "请问清哪天知道地被占、被收，才能算仲裁时效",
                        "Ask when they learned of it, to tell the limitation", basis)  # fmt: skip
    return _counted("承包地仲裁时效", "The limitation for farm-land arbitration", known_on, "2 years", today, basis)


def reminder(matter: str, details: Mapping[str, Any], today: date) -> LastDay | None:
    """What must be said about time in this matter, if anything."""
    if matter == "wages":
        return limitation_reminder(details, today)
    return land_reminder(details, today) if matter == "land" else None


def _counted(name: str, name_en: str, start: date, length: str, today: date, basis: tuple[str, ...]) -> LastDay:
    until = later(start, length)
    left = (until - today).days
    if left < 0:
        return LastDay(
            until, left,
            f"{name}按现有日期已在{chinese_day(until)}届满，过了{-left}天；其间要过钱、找过部门或者对方答应过的，"
            "时效重新计算，请问清再说",
            f"{name_en} ended {until}, {-left} days ago, unless it was interrupted: ask first", basis,
        )  # fmt: skip
    rest = f"还剩{left}天" if left else "今天是最后一天"
    return LastDay(until, left, f"{name}至{chinese_day(until)}，{rest}", f"{name_en} ends {until}: {left} days left",
                    basis)  # fmt: skip
