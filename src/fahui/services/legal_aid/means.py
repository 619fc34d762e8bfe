"""The means test of 法律援助法第三十四条, three-valued and explained. Pure.

The threshold is the receiving agency's own (法律援助条例第十三条), dated and set locally (法律援助法第三十四条). A value
nobody set is asked for by name, never invented; a "no" is said only on figures that were given.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from fahui.casework.definitions.plugin import Facts, Parameter
from fahui.services.legal_aid.values import amount, yuan, yuan_en

INCOME_LIMIT = "means_income_limit_fen_per_month"
FACTOR = "means_income_factor_of_dibao"
DIBAO = "dibao_fen_per_month"
PROPERTY_LIMIT = "means_property_limit_fen"
# What each is called where people read of it, in Chinese and in English.
NAMES = {
    INCOME_LIMIT: ("家庭人均月收入标准", "Monthly income limit a head"),
    FACTOR: ("经济困难标准是低保标准的几倍", "Income limit as a multiple of the minimum living allowance"),
    DIBAO: ("最低生活保障标准（每人每月）", "Minimum living allowance a head a month"),
    PROPERTY_LIMIT: ("家庭财产标准（不设上限的填“不设”）", "Property limit (不设 where there is none)"),
}
# What a city writes when its rules set no property limit.
NO_LIMIT = frozenset({"none", "不设", "无"})


@dataclass(frozen=True)
class Step:
    """One answered question of the eligibility check. `ok` None: not yet known, and `zh` names what is missing."""

    rule_id: str
    ok: bool | None
    zh: str
    en: str
    basis: tuple[str, ...]
    figures: dict[str, str] = field(default_factory=dict)


def income_limit(parameters: dict[str, Parameter]) -> tuple[Decimal, str] | str:
    """The monthly income limit for one person in fen and its source; or the name of the parameter that is missing.

    A limit the city wrote down comes first; else its multiple of the minimum living allowance (低保标准的倍数).
    """
    if INCOME_LIMIT in parameters:
        return amount(parameters[INCOME_LIMIT]), parameters[INCOME_LIMIT].source
    if FACTOR not in parameters:
        return INCOME_LIMIT
    if DIBAO not in parameters:
        return DIBAO
    factor, allowance = parameters[FACTOR], parameters[DIBAO]
    limit = amount(factor) * amount(allowance)
    return limit, f"{factor.source}；低保标准{yuan(amount(allowance))}×{factor.value}，{allowance.source}"


def income_step(facts: Facts) -> Step:
    """Income per head against the local limit."""
    members, total = facts.details.get("household_members"), facts.details.get("household_income_fen")
    basis = ("法律援助法第三十四条", "法律援助条例第十三条")
    if members is None or total is None:
        return Step(
            "LA-M-01",
            None,
            "请申请人说明家里几口人、每月一共收入多少；估计的数也可以",
            "Ask for household size and monthly income; an estimate will do",
            ("法律援助法第四十一条",),
        )
    found = income_limit(dict(facts.parameters))
    if isinstance(found, str):
        return Step(
            "LA-E-08",
            None,
            f"本地还没有设定“{NAMES[found][0]}”，请向市司法局核实，由管理员在“本地标准”里设定",
            f"Not set here yet: {NAMES[found][1]}. Ask the bureau; an administrator sets it under Local standards",
            basis,
            {"parameter": found},
        )
    limit, source = found
    per_head = Decimal(total) / members
    gap = abs(per_head - limit)
    figures = {"per_head": yuan(per_head), "limit": yuan(limit), "difference": yuan(gap), "source": source}
    if total <= limit * members:
        return Step(
            "LA-E-08",
            True,
            f"家庭人均月收入{yuan(per_head)}，不高于本地标准{yuan(limit)}，低{yuan(gap)}（{source}）",
            f"{yuan_en(per_head)} a head a month, {yuan_en(gap)} under the local limit of {yuan_en(limit)}",
            basis,
            figures,
        )
    return Step(
        "LA-E-08",
        False,
        f"家庭人均月收入{yuan(per_head)}，高于本地标准{yuan(limit)}，高出{yuan(gap)}（{source}）",
        f"{yuan_en(per_head)} a head a month, {yuan_en(gap)} over the local limit of {yuan_en(limit)}",
        basis,
        figures,
    )


def property_step(facts: Facts) -> Step:
    """Savings and property against the local limit, if the locality has one."""
    basis = ("法律援助法第三十四条",)
    limit_set = facts.parameters.get(PROPERTY_LIMIT)
    if limit_set is None:
        return Step(
            "LA-E-09",
            None,
            f"本地还没有设定“{NAMES[PROPERTY_LIMIT][0]}”，请向市司法局核实，由管理员在“本地标准”里设定",
            f"Not set here yet: {NAMES[PROPERTY_LIMIT][1]}. Ask the bureau; an administrator sets it under Local standards",
            basis,
            {"parameter": PROPERTY_LIMIT},
        )
    if str(limit_set.value) in NO_LIMIT:
        return Step("LA-E-09", True, f"本地不设财产上限（{limit_set.source}）", "No local property limit", basis)
    owned = facts.details.get("savings_fen")
    if owned is None:
        return Step(
            "LA-M-01",
            None,
            "请申请人说明存款和其他财产大约多少",
            "Ask for savings and property",
            ("法律援助法第四十一条",),
        )
    limit = amount(limit_set)
    if "人" in limit_set.unit or "person" in limit_set.unit:
        members = facts.details.get("household_members")
        if members is None:
            return Step("LA-M-01", None, "请申请人说明家里几口人", "Ask for household size", ("法律援助法第四十一条",))
        limit *= members
    gap = abs(Decimal(owned) - limit)
    figures = {"owned": yuan(owned), "limit": yuan(limit), "difference": yuan(gap), "source": limit_set.source}
    word, word_en, ok = ("不高于", "under", True) if owned <= limit else ("高于", "over", False)
    more = "低" if ok else "高出"
    return Step(
        "LA-E-09",
        ok,
        f"家庭财产{yuan(owned)}，{word}本地标准{yuan(limit)}，{more}{yuan(gap)}（{limit_set.source}）",
        f"Property {yuan_en(owned)}, {yuan_en(gap)} {word_en} the local limit of {yuan_en(limit)}",
        basis,
        figures,
    )


def statement_step(facts: Facts) -> Step:
    """The statement is backed by a commitment or by data sharing; a certificate is never demanded (第四十一条)."""
    basis = ("法律援助法第四十一条", "社会救助法第四十二条")
    if facts.details.get("commitment_signed") or "economic_commitment" in facts.papers:
        return Step(
            "LA-M-02", True, "申请人已作个人诚信承诺，不用开证明", "Integrity commitment made; no certificate", basis
        )
    if facts.details.get("sharing_agreed") or "economic_check" in facts.papers:
        return Step("LA-M-06", True, "通过信息共享核查，不用开证明", "Checked by data sharing; no certificate", basis)
    return Step(
        "LA-M-02",
        None,
        "请申请人签个人诚信承诺，或者同意信息共享核查；不要让他去开证明",
        "Take the commitment or consent to a data check; do not ask for a certificate",
        basis,
    )


def means_steps(facts: Facts) -> list[Step]:
    """The whole test, in order."""
    return [income_step(facts), property_step(facts), statement_step(facts)]
