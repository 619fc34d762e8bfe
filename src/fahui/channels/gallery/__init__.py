"""The style guide's example content: one plausible day of a county, for looking at every component at once.

The desk serves it as `render(request, "ui/gallery.html", examples())`. Nobody in it exists.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fahui.foundation.clock import now, today

AID_CLOCK_BASIS = "受理之日起七日内作出是否给予法律援助的决定；决定给予的，三日内指派。（法律援助法第四十三条）"


def _clock(label: str, hours: float, **more: Any) -> dict[str, Any]:
    return {"label": label, "due": now() + timedelta(hours=hours), "basis": AID_CLOCK_BASIS, **more}


def _fields() -> dict[str, dict[str, Any]]:
    """One field of every kind; some filled, some with an error, as they come back from a form."""
    return {
        "name": {"name": "name", "label": "您的姓名", "required": True, "autocomplete": "name", "maxlength": 30},
        "phone": {
            "name": "phone",
            "label": "手机号",
            "kind": "phone",
            "required": True,
            "value": "1370000",
            "hint": "只用来通知您进度。",
            "error": "手机号要 11 位，您填了 7 位",
        },
        "money": {"name": "owed", "label": "一共欠您多少", "kind": "money", "value": "12600", "hint": "大概数也可以。"},
        "number": {"name": "workers", "label": "一起被欠的有几个人", "kind": "number", "unit": "人"},
        "date": {"name": "left_on", "label": "哪天离开工地的", "kind": "date", "value": today() - timedelta(days=90)},
        "select": {
            "name": "county",
            "label": "工地在哪个县（市、区）",
            "kind": "select",
            "required": True,
            "value": "2",
            "options": [("1", "市中区"), ("2", "夹江县"), ("3", "峨边彝族自治县")],
        },
        "radio": {
            "name": "safe_call",
            "label": "打电话时，能说我们是司法局吗？",
            "kind": "radio",
            "required": True,
            "options": [("yes", "可以说"), ("no", "不要说", "我们会说是社区回访"), ("sms", "先发短信")],
        },
        "checkbox": {
            "name": "group",
            "label": "您属于下面哪些情况？",
            "kind": "checkbox",
            "value": ["migrant"],
            "hint": "选了就不用再交经济困难证明。",
            "options": [("migrant", "进城务工，要的是工钱"), ("elder", "60 岁以上"), ("disabled", "有残疾证")],
        },
        "textarea": {
            "name": "story",
            "label": "事情是怎样的",
            "kind": "textarea",
            "required": True,
            "maxlength": 2000,
            "hint": "想到什么写什么，不用写法律词。",
        },
        "boolean": {"name": "promise", "label": "我说的是真的，愿意承担责任", "kind": "boolean", "required": True},
    }


def _cases() -> list[dict[str, Any]]:
    return [
        {
            "number": "FH7K2M9QX4TB3C", "title": "向夹江某建筑公司要回工钱", "href": "#case", "service": "法律援助",
            "state": "已受理，正在审查", "tone": "progress", "person": "赵主任", "phone": "0833-2111234",
            "next": "最晚周五告诉您能不能免费请律师", "clock": _clock("审查", 51), "updated": today(),
        },
        {
            "number": "FHAB12CD34EF5G", "title": "邻里宅基地纠纷", "href": "#case", "service": "人民调解",
            "state": "等您补一张照片", "tone": "warn", "person": "罗调解员", "phone": "0833-2115678",
            "next": "补好后当天排调解时间", "clock": _clock("补正", 6), "updated": today() - timedelta(days=1),
        },
    ]  # fmt: skip


def _table() -> dict[str, Any]:
    rows = [
        ("FH7K2M9QX4TB3C", "马某某等 12 人讨薪", "进城务工人员", -5, "待指派", "error", "151,200.00"),
        ("FHAB12CD34EF5G", "王某某赡养费", "老年人", 18, "待审查", "warn", "9,600.00"),
        ("FHQR56ST78VW9X", "吉克某某工伤待遇", "少数民族群众", 75, "办理中", "progress", "48,000.00"),
    ]
    return {
        "columns": [
            {"label": "编号"}, {"label": "事项", "sort": "title"}, {"label": "人群"}, {"label": "期限", "sort": "due"},
            {"label": "状态"}, {"label": "标的（元）", "numeric": True, "sort": "amount"},
        ],
        "rows": [
            {
                "href": "#row",
                "cells": [
                    {"case_number": number}, title, people, {"clock": _clock("指派", hours)},
                    {"badge": {"label": state, "tone": tone}}, amount,
                ],
            }
            for number, title, people, hours, state, tone, amount in rows
        ],
        "pager": {"next": "cursor-2", "previous": "cursor-0", "shown": 3, "total": "全部 128 条"},
    }  # fmt: skip


def examples() -> dict[str, Any]:
    """The context of ui/gallery.html."""
    moment = now()
    return {
        "fields": _fields(),
        "errors": [{"name": "phone", "text": "手机号要 11 位，您填了 7 位"}],
        "steps": ["说说事情", "对方是谁", "您的联系方式", "核对提交"],
        "answers": [
            {"label": "您的姓名", "value": "张某某", "href": "#change"},
            {"label": "欠了多少", "value": "12,600.00 元", "href": "#change"},
            {"label": "材料", "value": "", "href": "#change", "action": "去补"},
        ],
        "clocks": [
            _clock("指派", 51), _clock("审查", 8), _clock("回拨", -5), _clock("审查", 30, paused="暂停：等补正材料"),
            _clock("指派", 30, done="提前 1 天完成"), {"label": "答复", "due": moment + timedelta(days=4)},
        ],
        "timeline": [
            {"title": "您提交了申请", "when": moment - timedelta(days=2), "who": "网上"},
            {"title": "窗口收到，已受理", "when": moment - timedelta(days=1), "who": "小郑 0833-2111234"},
            {"title": "正在审查", "when": moment, "who": "赵主任", "state": "now", "text": "材料够了，不用再跑。"},
            {"title": "指派律师", "when": "最晚下周一", "state": "next"},
        ],
        "cases": _cases(),
        "table": _table(),
        "tabs": [
            {"label": "今天到期", "href": "#t1", "current": True, "count": 3, "alert": True},
            {"label": "待接", "href": "#t2", "count": 12}, {"label": "待回拨", "href": "#t3", "count": 0},
            {"label": "全部", "href": "#t4"},
        ],
        "files": [
            {"name": "欠条照片.jpg", "href": "#file", "size": "1.2 MB", "level": "D", "source": "本人上传",
             "added": today(), "watermark": "仅供法律援助使用"},
            {"name": "身份证（核验）.pdf", "href": "#file", "size": "0.3 MB", "level": "B", "source": "窗口核对",
             "added": today(), "state": {"label": "已核", "tone": "ok"}},
        ],
        "exceptions": [
            {"count": 7, "unit": "件", "sentence": "7 件法律援助超过 3 日还没有指派律师",
             "meta": "夹江 4 件、马边 3 件 · 最久的超了 5 天",
             "href": "#cases"},
            {"count": 31, "unit": "人", "tone": "warn", "sentence": "同一个工地 31 人在一周里来问欠薪",
             "meta": "高新区 · 周二以来",
             "href": "#cases", "link": "看这些来电"},
        ],
        "nav_items": [
            {"group": "我的活"},
            {"label": "今天到期", "href": "#n1", "icon": "clock", "current": True, "count": 3, "alert": True},
            {"label": "待接", "href": "#n2", "icon": "bell", "count": 12},
            {"label": "全部案件", "href": "#n3", "icon": "list"},
            {"group": "查"},
            {"label": "法规案例", "href": "#n4", "icon": "book"},
            {"label": "人和机构", "href": "#n5", "icon": "people"},
        ],
    }  # fmt: skip
