"""What stands at the head of a law beside its articles: rank, issuer, days and number, read from how these are written."""

from __future__ import annotations

import re
from datetime import date

from fahui.knowledge.laws.rules import read_day

# Chinese name of a rank (also as folders are named) → our code.
RANK_NAMES = {
    "宪法": "constitution", "法律": "law", "立法解释": "npc_interpretation", "法律解释": "npc_interpretation",
    "决定": "npc_decision", "修改决定": "npc_decision", "有关法律问题的决定": "npc_decision", "修正案": "amendment",
    "行政法规": "regulation", "监察法规": "regulation", "司法解释": "judicial", "部门规章": "department",
    "地方性法规": "local", "地方法规": "local", "地方政府规章": "local_government", "政府规章": "local_government",
    "其他": "other",
    # Branches of law, as collections sort national laws.
    "宪法相关法": "law", "民法商法": "law", "民法典": "law", "行政法": "law", "经济法": "law", "社会法": "law", "刑法": "law",
    "诉讼与非诉讼程序法": "law",
}  # fmt: skip
LONGEST_NUMBER = 100

_DAY = r"(?P<year>[0-9]{4})\s*年\s*(?P<month>[0-9]{1,2})\s*月\s*(?P<day>[0-9]{1,2})\s*日"
_ACT = re.compile(rf"{_DAY}(?P<who>[^，。；）)　]*?)(?P<act>通过|修订|修正|修改|公布|发布|令第|批准)")
_IN_FORCE = re.compile(rf"自\s*{_DAY}\s*起(?:施行|实施|生效)")
_NUMBER = re.compile(
    r"法释\s*[〔\[（(][0-9]{4}[〕\]）)]\s*[0-9]+\s*号|[一-鿿]{2,20}(?:令|公告)第?\s*[0-9一二三四五六七八九十百]+\s*号"
)
_PLACE = re.compile(r"[一-鿿]{2,12}?(?:省|自治区|自治州|自治县|市|州|县)")


def rank_of(title: str, issuer: str = "") -> str:
    """The rank a title and issuer tell, where the source does not say it."""
    if title.startswith(("最高人民法院", "最高人民检察院")):
        return "judicial"
    if "修正案" in title:
        return "amendment"
    place = _PLACE.match(title)
    if place and not title.startswith("中华人民共和国"):
        return "local" if title.endswith(("条例", "规定")) and "政府" not in issuer else "local_government"
    if title in {"宪法", "中华人民共和国宪法"}:
        return "constitution"
    if title.endswith(("法", "法典")):
        return "law"
    if "国务院" in issuer or title.endswith("条例"):
        return "regulation"
    return "department" if "部" in issuer or title.endswith(("办法", "规定", "规则", "细则")) else "other"


def issued_on(head: str) -> date | None:
    """The day this version was made: the last one a head says something was passed, revised or published on."""
    days = [day for found in _ACT.finditer(head) if (day := read_day(found))]
    return max(days, default=None)


def in_force_on(head: str) -> date | None:
    """The last day a head names for coming into force."""
    days = [day for found in _IN_FORCE.finditer(head) if (day := read_day(found))]
    return max(days, default=None)


def document_number(head: str) -> str:
    """法释〔2020〕22号, 国务院令第385号; the last one where several stand."""
    found = _NUMBER.findall(head)
    return re.sub(r"\s", "", found[-1]).split("日")[-1][:LONGEST_NUMBER] if found else ""
