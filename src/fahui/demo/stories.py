"""The stories demo cases are made of: which matter, how it reads in a list, and answers that fit its form.

Weights follow what people really bring: wages, family, contracts, injuries first.
"""

from __future__ import annotations

from fahui.demo.people import Story

STORIES: list[Story] = [
    Story("consultation", "wages", "欠薪怎么要", 16, {"facts": "干完活老板一直拖着不给钱，怎么办？", "work_site": "某工地", "left_on": "-60d"}),
    Story("consultation", "family", "离婚与抚养", 14, {"facts": "想问离婚后孩子跟谁、抚养费怎么算。"}),
    Story("consultation", "question", "合同纠纷", 14, {"facts": "装修公司不退押金，能不能要回来？"}),
    Story("consultation", "question", "交通事故赔偿", 8, {"facts": "被电动车撞了，对方不肯赔医药费。"}),
    Story("consultation", "land", "承包地边界", 6, {"facts": "邻居修围墙占了我家承包地三分多。"}, ("hotline", "window", "helper")),
    Story("consultation", "other", "其他法律问题", 6, {"facts": "想了解遗嘱怎么写才有效。"}),
    Story("legal_aid", "civil", "追讨工资 · 工地", 14, {"matter_kind": "wages", "facts": "在工地干活，工资一直没有结清。", "claim_fen": 1_260_000, "still_working": False, "left_on": "-90d", "exempt_group": "migrant_worker", "other_side": "某建筑劳务公司"}, ("hotline", "window", "web")),
    Story("legal_aid", "civil", "工伤赔偿", 6, {"facts": "上班时受伤，单位不赔。", "claim_fen": 8_000_000}, ("window", "web")),
    Story("legal_aid", "civil", "赡养费", 5, {"facts": "子女不给赡养费。"}, ("window", "helper")),
    Story("legal_aid", "criminal", "刑事辩护申请", 3, {"facts": "家人被刑事拘留，没有钱请律师。"}, ("window", "organ")),
    Story("legal_aid", "notified_defence", "通知辩护", 3, {}, ("organ",)),
    Story("legal_aid", "duty_help", "值班律师法律帮助", 4, {}, ("duty", "organ")),
    Story("complaint", "complaint", "服务投诉", 1, {}, ("hotline", "web")),
]
