"""The stories demo cases are made of: which matter, how it reads in a list, and answers that fit its form.

Weights follow what people really bring: wages, family, contracts, injuries first.
"""

from __future__ import annotations

from fahui.demo.people import Story

STORIES: list[Story] = [
    Story("legal_aid", "civil", "追讨工资 · 工地", 14, {"matter_kind": "wages", "facts": "在工地干活，工资一直没有结清。", "claim_fen": 1_260_000, "still_working": False, "left_on": "-90d", "exempt_group": "migrant_worker", "other_side": "某建筑劳务公司"}, ("hotline", "window", "web")),
    Story("legal_aid", "civil", "工伤赔偿", 6, {"facts": "上班时受伤，单位不赔。", "claim_fen": 8_000_000}, ("window", "web")),
    Story("legal_aid", "civil", "赡养费", 5, {"facts": "子女不给赡养费。"}, ("window", "helper")),
    Story("legal_aid", "criminal", "刑事辩护申请", 3, {"facts": "家人被刑事拘留，没有钱请律师。"}, ("window", "organ")),
    Story("legal_aid", "notified_defence", "通知辩护", 3, {}, ("organ",)),
    Story("legal_aid", "duty_help", "值班律师法律帮助", 4, {}, ("duty", "organ")),
    Story("complaint", "complaint", "服务投诉", 1, {}, ("hotline", "web")),
]
