"""Plain words of the portal: which door fits what somebody said, what is wrong with a number, what a limit means. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from fahui.casework.deadlines.rules import LastDay
from fahui.foundation.identifiers import ALPHABET, TRACKING_PREFIX, read_tracking_number
from fahui.services.consultation.reminders import limitation_reminder, reminder

_LONG = 14
# What people say → the consultation matter that asks the right questions. Where several fit equally, the first goes first.
_DOORS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("family", ("家暴", "打我", "挨打", "打老婆", "家庭暴力", "离婚", "彩礼", "抚养", "赡养", "婆婆", "老公", "丈夫", "妻子",
                "老婆", "结婚", "同居", "孩子归谁")),
    ("wages", ("工资", "工钱", "欠薪", "讨薪", "血汗钱", "包工头", "不给钱", "拖欠", "农民工", "加班费", "劳务费")),
    ("land", ("承包地", "宅基地", "征地", "拆迁", "田", "土地", "山林", "围墙", "地界", "占地", "流转")),
)  # fmt: skip
_AID = (
    "请律师",
    "律师费",
    "没钱请",
    "法律援助",
    "免费律师",
    "打官司",
    "起诉",
    "仲裁",
    "开庭",
    "传票",
    "工伤",
    "交通事故",
)
_CRIMINAL = ("被抓", "刑拘", "拘留", "看守所", "逮捕", "被害人", "取保", "判刑", "公安局抓")
_COMPLAIN = ("投诉", "举报", "态度差", "乱收费", "不作为")


@dataclass(frozen=True)
class Door:
    """Where somebody could go with what they said."""

    service: str
    matter: str


def doors(text: str) -> list[Door]:
    """The doors that fit what was said, best first; asking a person is always one of them."""
    hits = {matter: sum(sign in text for sign in signs) for matter, signs in _DOORS}
    fitting = sorted((matter for matter, _signs in _DOORS if hits[matter]), key=lambda matter: -hits[matter])
    found = [Door("consultation", matter) for matter in fitting]
    if any(s in text for s in _CRIMINAL):
        found.append(Door("legal_aid", "criminal"))
    if any(s in text for s in _AID) or (found and found[0].matter in {"wages", "family"}):
        found.append(Door("legal_aid", "civil"))
    if any(s in text for s in _COMPLAIN):
        found.append(Door("complaint", "complaint"))
    plain = Door("consultation", "question")
    if not found or found[0].service != "consultation":
        found.insert(0, plain)
    elif len(found) < 4:
        found.append(plain)
    return found[:4]


def typo_help(text: str) -> str:
    """What is wrong with a typed number, so that it can be put right; empty when it reads as one."""
    if read_tracking_number(text):
        return ""
    plain = "".join(c for c in text.upper() if c.isalnum())
    if not plain:
        return _("请输入编号。编号在短信或回执上，以FH开头。")
    if not plain.startswith(TRACKING_PREFIX):
        return _("编号以FH开头，请从FH输起。")
    if len(plain) < _LONG:
        return _("少了%(count)d位：编号一共14位，您输了%(typed)d位。") % {
            "count": _LONG - len(plain),
            "typed": len(plain),
        }
    if len(plain) > _LONG:
        return _("多了%(count)d位：编号一共14位，您输了%(typed)d位。") % {
            "count": len(plain) - _LONG,
            "typed": len(plain),
        }
    strange = [c for c in plain[2:] if c not in ALPHABET and c not in "OILU"]
    if strange:
        return _("编号里没有“%(letters)s”，请对照短信看看。") % {"letters": "、".join(dict.fromkeys(strange))}
    return _("有一位抄错了，或者相邻两位写反了。请对照短信，一位一位再看一遍。")


def time_limit(service: str, matter: str, details: Mapping[str, Any], today: date) -> LastDay | None:
    """The limitation that runs against the person, as soon as it can be told; None while there is nothing to say."""
    found: LastDay | None = None
    try:
        if service == "consultation":
            found = reminder(matter, details, today)
        elif service == "legal_aid" and details.get("matter_kind") == "wages":
            found = limitation_reminder(details, today)
    except ValueError:  # a day that cannot be read yet
        return None
    if found is None or (found.until is None and details.get("still_working") is not True):
        return None
    return found


def contact_text(contact: Mapping[str, Any]) -> str:
    """How to reach somebody safely, in one line for whoever handles the matter."""
    lines = [
        "不要打电话" if contact.get("may_call") is False else "",
        "不要发短信" if contact.get("may_text") is False else "",
        f"方便的时间：{contact['times']}" if contact.get("times") else "",
        f"可能接电话的人：{contact['who_answers']}" if contact.get("who_answers") else "",
        "别人接时不要说是司法局" if contact.get("say_bureau") is False else "",
        f"不方便时本人会说：{contact['words']}" if contact.get("words") else "",
    ]
    return "；".join(filter(None, lines))
