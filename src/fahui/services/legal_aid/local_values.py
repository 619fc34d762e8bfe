"""What legal aid asks the locality for beside the lengths of its deadlines, each with the article that leaves it there."""

from __future__ import annotations

from fahui.casework.definitions.plugin import LocalValue
from fahui.services.legal_aid.choices import AidForm, MatterKind
from fahui.services.legal_aid.eligibility import EXTRA_MATTERS
from fahui.services.legal_aid.guards import STOPS_CLOCK
from fahui.services.legal_aid.means import DIBAO, FACTOR, INCOME_LIMIT, NO_LIMIT, PROPERTY_LIMIT
from fahui.services.legal_aid.subsidy import rate_name

_DIFFICULTY = ("法律援助法第三十四条",)
_OWN_STANDARD = ("法律援助法第三十四条", "法律援助条例第十三条")

LOCAL_VALUES: dict[str, LocalValue] = {
    INCOME_LIMIT: LocalValue("家庭人均月收入标准", "Monthly income limit a head", "money", _OWN_STANDARD, "fen"),
    FACTOR: LocalValue("经济困难标准是低保标准的几倍", "Income limit as a multiple of the minimum living allowance", "number",
                       _OWN_STANDARD),
    DIBAO: LocalValue("最低生活保障标准（每人每月）", "Minimum living allowance a head a month", "money",
                      ("社会救助法第十九条", *_DIFFICULTY), "fen"),
    PROPERTY_LIMIT: LocalValue("家庭财产标准（不设上限的填“不设”）", "Property limit (不设 where there is none)", "money", _DIFFICULTY,
                               "fen", instead=NO_LIMIT),
    EXTRA_MATTERS: LocalValue("本地补充的事项范围", "Matters added to the national list", "words", ("法律援助法第三十一条",),
                              among=frozenset(kind.value for kind in MatterKind)),
    STOPS_CLOCK: LocalValue("补充材料期间审查期限停不停", "Whether supplementing stops the review clock", "yes_no",
                            ("法律援助法第四十三条",)),
    **{rate_name(form.value): LocalValue(f"补贴标准：{form.zh}", f"Subsidy: {form.en}", "money", ("法律援助法第五十二条",), "fen")
       for form in AidForm},
}  # fmt: skip
