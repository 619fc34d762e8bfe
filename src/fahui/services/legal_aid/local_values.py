"""What legal aid asks the locality for beside the lengths of its deadlines, each with the article that leaves it there."""

from __future__ import annotations

from fahui.casework.definitions.plugin import LocalValue
from fahui.services.legal_aid.choices import AidForm, MatterKind
from fahui.services.legal_aid.eligibility import EXTRA_MATTERS
from fahui.services.legal_aid.guards import STOPS_CLOCK
from fahui.services.legal_aid.means import DIBAO, FACTOR, INCOME_LIMIT, NAMES, NO_LIMIT, PROPERTY_LIMIT
from fahui.services.legal_aid.subsidy import rate_name

_DIFFICULTY = ("法律援助法第三十四条",)
_OWN_STANDARD = ("法律援助法第三十四条", "法律援助条例第十三条")

LOCAL_VALUES: dict[str, LocalValue] = {
    INCOME_LIMIT: LocalValue(*NAMES[INCOME_LIMIT], "money", _OWN_STANDARD, "fen"),
    FACTOR: LocalValue(*NAMES[FACTOR], "number", _OWN_STANDARD),
    DIBAO: LocalValue(*NAMES[DIBAO], "money", ("社会救助法第十九条", *_DIFFICULTY), "fen"),
    PROPERTY_LIMIT: LocalValue(*NAMES[PROPERTY_LIMIT], "money", _DIFFICULTY, "fen", instead=NO_LIMIT),
    EXTRA_MATTERS: LocalValue("本地补充的事项范围", "Matters added to the national list", "words", ("法律援助法第三十一条",),
                              among=frozenset(kind.value for kind in MatterKind)),
    STOPS_CLOCK: LocalValue("补充材料期间审查期限停不停", "Whether supplementing stops the review clock", "yes_no",
                            ("法律援助法第四十三条",)),
    **{rate_name(form.value): LocalValue(f"补贴标准：{form.zh}", f"Subsidy: {form.en}", "money", ("法律援助法第五十二条",), "fen")
       for form in AidForm},
}  # fmt: skip
