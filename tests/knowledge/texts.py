"""Small laws for tests, and Word files like those of the national law database."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from docx import Document

from fahui.knowledge.laws.actions import import_laws
from fahui.knowledge.laws.texts import Law, PlainArticle, PlainLaw, label
from fahui.knowledge.search.actions import index_laws


def plain(title: str, issued: date | None, *texts: str, since: date | None = None, **more: Any) -> PlainLaw:
    """A law whose articles have these texts, numbered from one."""
    rank = str(more.pop("rank", "law"))
    aliases = tuple(more.pop("aliases", ()))
    articles = tuple(PlainArticle(n, 0, label(n), ("第一章 总则",), text) for n, text in enumerate(texts, start=1))
    law = Law(title, "某机关", issued, since or issued, stated=True, **more)
    return PlainLaw(law, rank, articles, "test", title, aliases=aliases)


WORD = [
    "中华人民共和国法律援助法",
    "（2021年8月20日第十三届全国人民代表大会常务委员会第三十次会议通过　自2022年1月1日起施行）",
    "目　　录",
    "第一章　总　　则",
    "第二章　机构和人员",
    "第一章　总　　则",
    "第一条　为了规范和促进法律援助工作，制定本法。",
    "第二条　本法所称法律援助，是国家建立的制度：",
    "（一）法律咨询；",
    "（二）第三条规定的代理。",
    "第二章　机构和人员",
    "第三条　法律援助工作坚持中国共产党领导。",
    "第三条之一　本条是为试验而加的。",
]


def write_word(path: Path, lines: list[str] = WORD) -> Path:
    """A Word file with these paragraphs."""
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(path))
    return path


MARKDOWN = """# 中华人民共和国公证法

2005年8月28日第十届全国人民代表大会常务委员会第十七次会议通过

2017年9月1日第十二届全国人民代表大会常务委员会第二十九次会议修正

<!-- INFO END -->

## 第一章 总则

第一条 为规范公证活动，制定本法。

第二条 公证是公证机构依法证明的活动。

公证机构不以营利为目的。

## 第二章 附则

第三条 本法自2006年3月1日起施行。
"""


DAY = date(2020, 5, 28)
WAGES = "工资应当按月支付给劳动者本人。不得克扣或者无故拖欠劳动者的工资。"


def import_small_store() -> None:
    """A small store: what the answer on wages cites, and two articles about dogs."""
    import_laws([
        plain("中华人民共和国劳动法", DAY, *[f"第{n}条的规定。" for n in range(1, 50)], WAGES, *["别的规定。"] * 40, "克扣工资的，责令支付。"),
        plain("中华人民共和国劳动争议调解仲裁法", DAY, *["程序规定。"] * 26, "劳动争议申请仲裁的时效期间为一年。"),
        plain("中华人民共和国劳动合同法", DAY, *[f"第{n}条的规定。" for n in range(1, 90)]),
        plain("中华人民共和国养犬法", DAY, "饲养的动物造成他人损害的，动物饲养人应当承担侵权责任。依照本法第二条办理。", "遛狗应当牵绳。"),
        plain("中华人民共和国反家庭暴力法", DAY, *["规定。"] * 14, "公安机关接到家庭暴力报案后应当及时出警。", *["规定。"] * 7, "申请人身安全保护令的，人民法院应当受理。"),
    ])  # fmt: skip
    index_laws()
