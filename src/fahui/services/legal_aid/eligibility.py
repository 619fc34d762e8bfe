"""Who may have legal aid: the questions in their legal order, each answered with its reason. Pure.

Advice only. A person decides, and the applicant may ask for one (个人信息保护法第二十四条); a question nobody can answer yet
is a question, never a refusal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fahui.casework.definitions.plugin import Facts
from fahui.services.legal_aid.choices import ExemptGroup, MatterKind, WaiverGround, chosen
from fahui.services.legal_aid.limits import limitation
from fahui.services.legal_aid.means import Step, means_steps
from fahui.services.legal_aid.values import is_minor, known_of_applicant, names_in, same_agency

Result = Literal["eligible", "not_eligible", "need_more", "early_aid", "refer"]

# The items of 法律援助法第三十一条, and the matters of 第三十二条 that need no list.
LISTED: dict[str, str] = {
    "state_compensation": "第一项",
    "social_insurance": "第二项",
    "pension": "第三项",
    "support": "第四项",
    "wages": "第五项",
    "labour_relation": "第五项",
    "capacity": "第六项",
    "work_injury": "第七项",
    "traffic_injury": "第七项",
    "food_drug_injury": "第七项",
    "medical_injury": "第七项",
    "environment": "第八项",
}
WAIVED_BY_MATTER = {
    "domestic_violence": "abused",
    "hero_honour": "hero_relative",
    "good_samaritan": "good_samaritan",
}
WAIVER_LAW = {
    "hero_relative": ("LA-X-04", ("法律援助法第三十二条", "英雄烈士保护法第二十五条")),
    "abused": ("LA-X-03", ("法律援助法第三十二条", "反家庭暴力法第十九条")),
}
ASSISTED = frozenset(
    {
        "destitute",
        "dibao",
        "dibao_margin",
        "rigid_expenditure",
        "disaster",
        "temporary_hardship",
        "emergency_medical",
        "vagrant",
    }
)
ACCUSED = frozenset({"suspect", "defendant"})
EXTRA_MATTERS = "aid_extra_matters"


@dataclass(frozen=True)
class Assessment:
    """What the rules advise, and every step that led there."""

    result: Result
    steps: list[Step]
    zh: str
    en: str

    @property
    def open(self) -> list[Step]:
        """What still has to be asked."""
        return [step for step in self.steps if step.ok is None]

    @property
    def against(self) -> list[Step]:
        """What speaks against."""
        return [step for step in self.steps if step.ok is False]


def route_step(facts: Facts) -> Step:
    """Notified defence needs no application and no means test; the rest is an application."""
    if facts.matter == "notified_defence":
        return Step(
            "LA-X-05",
            True,
            "办案机关通知辩护，不审查经济状况",
            "Notified by the organ: no means test",
            ("法律援助法第二十五条", "法律援助条例第十二条"),
        )
    return Step("LA-U-11", True, "按申请办理", "An application", ("法律援助法第十二条",))


def standing_step(facts: Facts) -> Step:
    """Who may ask, and for whom."""
    details, who = facts.details, facts.details.get("applies_for")
    if who is None:
        return Step(
            "LA-M-03", None, "请问清是本人申请还是替别人申请", "Ask who applies for whom", ("法律援助法第四十条",)
        )
    if details.get("foreign_national") or known_of_applicant(facts).get("nationality", "CHN") != "CHN":
        return Step(
            "LA-E-10",
            None,
            "申请人是外国人或者无国籍人，依照法律、条约或者对等原则，请人工审查",
            "Foreign or stateless: review by hand",
            ("法律援助法第六十九条",),
        )
    if who == "self":
        if facts.matter == "civil" and (is_minor(facts) or details.get("limited_capacity")):
            return Step(
                "LA-M-03",
                None,
                "本人未成年或者行为能力受限，请联系法定代理人代为申请；联系期间先收下申请",
                "Minor or limited capacity: reach the guardian; keep the application",
                ("法律援助法第四十条",),
            )
        return Step(
            "LA-E-01" if facts.matter == "criminal" else "LA-E-06",
            True,
            "本人申请",
            "Applies in person",
            ("法律援助法第二十四条",) if facts.matter == "criminal" else ("法律援助法第三十一条",),
        )
    if who == "other_representative" and not (details.get("limited_capacity") or is_minor(facts)):
        return Step(
            "LA-M-03",
            None,
            "请核实：法定代理人侵害权益时才由他人代为申请",
            "Check whether the guardian does harm",
            ("法律援助法第四十条",),
        )
    rule = "LA-M-04" if details.get("detained") else "LA-M-03"
    return Step(rule, True, "由他人代为申请，请记下代理关系", "Applied for by another", ("法律援助法第四十条",))


def lawyer_step(facts: Facts) -> Step:
    """Aid is for people without a lawyer."""
    basis = {"criminal": "法律援助法第二十四条", "notified_defence": "法律援助法第二十七条"}
    own, cited = facts.details.get("own_lawyer"), (basis.get(facts.matter, "法律援助法第三十一条"),)
    rule = "LA-U-05" if facts.matter == "notified_defence" else "LA-E-01" if facts.matter == "criminal" else "LA-E-06"
    if own is None:
        return Step(rule, None, "请问清有没有自己请律师", "Ask whether a lawyer is retained", cited)
    if own:
        return Step(rule, False, "已经自己委托了律师或者其他代理人", "Has retained a lawyer already", cited)
    return Step(rule, True, "没有委托律师", "No lawyer retained", cited)


def matter_step(facts: Facts) -> Step:
    """Whether aid covers the matter."""
    if facts.matter == "criminal":
        return _criminal_matter(facts)
    kind = facts.details.get("matter_kind")
    if facts.details.get("stage") == "retrial":
        return Step(
            "LA-E-07",
            True,
            "法院已决定再审或者检察院已抗诉，可以申请",
            "Retrial or protest: may apply",
            ("法律援助法第三十三条",),
        )
    waiver = facts.details.get("waiver_ground") or "none"
    if kind in WAIVED_BY_MATTER or waiver != "none":
        return Step(
            "LA-X-01",
            True,
            "属于不受经济困难条件限制的事项",
            "A matter without means condition",
            ("法律援助法第三十二条",),
        )
    if kind is None:
        return Step("LA-E-06", None, "请问清是什么事", "Ask what it is about", ("法律援助法第三十一条",))
    name = chosen(MatterKind, kind)
    if kind in LISTED:
        return Step(
            "LA-E-06",
            True,
            f"“{name.zh}”属于第三十一条{LISTED[kind]}",
            f"{name.en}: listed in Article 31",
            ("法律援助法第三十一条",),
        )
    extra = facts.parameters.get(EXTRA_MATTERS)
    if extra is None:
        return Step(
            "LA-E-06",
            None,
            f"“{name.zh}”不在国家列举的事项里，本地也还没有设定“本地补充的事项范围”，请向市司法局核实",
            f"{name.en} is not on the national list, and no matters were added here yet: ask the bureau",
            ("法律援助法第三十一条",),
            {"parameter": EXTRA_MATTERS},
        )
    if kind in names_in(str(extra.value)):
        return Step(
            "LA-E-06",
            True,
            f"“{name.zh}”属于本地补充事项（{extra.source}）",
            f"{name.en}: a local addition",
            ("法律援助法第三十一条",),
        )
    if kind == "other":
        return Step(
            "LA-E-06",
            None,
            "请人工看清属于哪类事项",
            "A person must see what kind of matter it is",
            ("法律援助法第三十一条",),
        )
    return Step(
        "LA-E-06",
        False,
        f"“{name.zh}”不在国家和本地的事项范围里，可以先咨询或者申请调解",
        f"{name.en} is outside the national and local scope; advice or mediation may help",
        ("法律援助法第三十一条",),
    )


def _criminal_matter(facts: Facts) -> Step:
    role = facts.details.get("criminal_role")
    if role is None:
        return Step(
            "LA-E-01", None, "请问清他（她）在案子里是什么人", "Ask for the part in the case", ("法律援助法第二十四条",)
        )
    if facts.details.get("criminal_stage") == "retrial" or role == "prisoner":
        ok = True if facts.details.get("criminal_stage") == "retrial" else None
        return Step(
            "LA-E-07",
            ok,
            "再审或者抗诉的刑事案件，可以申请" if ok else "服刑人员申请，请问清是不是已决定再审或者抗诉",
            "Retrial or protest: may apply" if ok else "Prisoner: ask whether a retrial was ordered",
            ("法律援助法第三十三条",),
        )
    if role in ACCUSED:
        return Step(
            "LA-E-01",
            True,
            "犯罪嫌疑人、被告人没有委托辩护人，可以申请",
            "Suspect or defendant: may apply",
            ("法律援助法第二十四条",),
        )
    return Step(
        "LA-E-05",
        True,
        "被害人、自诉人、附带民事诉讼原告人，可以申请",
        "Victim, prosecutor or plaintiff: may apply",
        ("法律援助法第二十九条",),
    )


def jurisdiction_step(facts: Facts) -> Step:
    """Which agency is the right one: litigation by the organ's place, otherwise also where it happened."""
    details, basis = facts.details, ("法律援助法第三十八条",)
    organ, cause = details.get("organ_region"), details.get("cause_region")
    litigation = facts.matter == "criminal" or details.get("stage") in {"court", "retrial"}
    places = [organ] if litigation else [place for place in (organ, cause) if place]
    if not any(places):
        asked = "办案机关在哪个区县" if litigation else "由哪里处理，或者事情发生在哪个区县"
        return Step("LA-J-01", None, f"请问清{asked}", "Ask for the place", basis)
    if any(same_agency(facts.region, int(place)) for place in places if place):
        return Step("LA-J-01", True, "属于本机构受理的地方", "This agency's place", basis)
    return Step(
        "LA-J-01",
        False,
        "应当由办案机关或者事由发生地的法律援助机构办理，请在这里收下并转过去，不要让人再跑",
        "Another agency's matter: accept it here and hand it over",
        basis,
    )


def waiver_step(facts: Facts) -> Step:
    """Whether economic difficulty is no condition (第三十二条). ok False means: it is a condition."""
    ground = facts.details.get("waiver_ground")
    ground = WAIVED_BY_MATTER.get(str(facts.details.get("matter_kind"))) or ground
    basis: tuple[str, ...] = ("法律援助法第三十二条",)
    if ground is None:
        return Step(
            "LA-X-01",
            None,
            "请问是不是英烈近亲属、见义勇为、再审改判无罪、遭受虐待遗弃或者家庭暴力",
            "Ask for the grounds of Article 32",
            basis,
        )
    if ground == "none":
        return Step("LA-X-01", False, "没有不受经济困难条件限制的情形", "Means are a condition", basis)
    rule, cited = WAIVER_LAW.get(ground, ("LA-X-01", basis))
    return Step(
        rule,
        True,
        f"不看经济条件：{chosen(WaiverGround, ground).zh}",
        f"No means condition: {chosen(WaiverGround, ground).en}",
        cited,
    )


def exemption_step(facts: Facts) -> Step:
    """Whether the means need no check (第四十二条). ok False means: they are checked."""
    group, basis = facts.details.get("exempt_group"), ("法律援助法第四十二条",)
    pay_or_injury = facts.details.get("matter_kind") in {"wages", "work_injury"}
    if group is None and pay_or_injury and "migrant_worker" in known_of_applicant(facts).get("groups", []):
        group = "migrant_worker"
    if group is None:
        return Step(
            "LA-X-02",
            None,
            "请问是不是进城务工讨薪、低保、残疾等免予核查的人",
            "Ask for the groups of Article 42",
            basis,
        )
    if group == "none":
        return Step("LA-X-02", False, "不属于免予核查的人员", "Means are checked", basis)
    name = chosen(ExemptGroup, group)
    if group == "migrant_worker" and facts.matter == "civil":
        if not pay_or_injury:
            return Step(
                "LA-X-02",
                None,
                "进城务工人员只有要工资或者工伤赔偿才免予核查；本件请改选“都不是”，再说明经济状况",
                "Exempt only for pay or work injury: choose none and state the means",
                basis,
            )
        return Step(
            "LA-X-02",
            True,
            "免予核查：进城务工人员要工资或者工伤赔偿，不问收入，不要证明",
            "Exempt: migrant worker",
            basis,
        )
    if group in ASSISTED:
        return Step(
            "LA-E-13",
            True,
            f"免予核查：{name.zh}，由民政信息共享查询，不用开证明",
            f"Exempt: {name.en}",
            ("法律援助法第四十二条", "社会救助法第十三条", "社会救助法第四十二条"),
        )
    law = {
        "no_income_elderly": ("LA-E-11", "老年人权益保障法第五十六条"),
        "no_income_disabled": ("LA-E-12", "残疾人保障法第六十条"),
    }
    rule, more = law.get(group, ("LA-X-02", ""))
    return Step(rule, True, f"免予核查：{name.zh}", f"Exempt: {name.en}", (*basis, more) if more else basis)


def needs_means(facts: Facts) -> bool | None:
    """Whether the means test applies; None while nobody asked for waiver and exemption."""
    if facts.matter not in {"civil", "criminal"}:
        return False
    waived = waiver_step(facts).ok
    if waived:
        return False
    if facts.matter == "criminal" and facts.details.get("other_reason"):
        return False
    exempt = exemption_step(facts).ok
    if exempt:
        return False
    return None if waived is None or exempt is None else True


def economic_steps(facts: Facts) -> list[Step]:
    """Waiver, exemption and, only where both are denied, the means test."""
    waiver = waiver_step(facts)
    if waiver.ok:
        return [waiver]
    if facts.matter == "criminal" and facts.details.get("other_reason"):
        return [
            Step(
                "LA-E-01",
                True,
                "因其他原因没有委托辩护人，不看经济条件",
                "No lawyer for another reason",
                ("法律援助法第二十四条",),
            )
        ]
    exemption = exemption_step(facts)
    if exemption.ok:
        return [exemption]
    unknown = [step for step in (waiver, exemption) if step.ok is None]
    return unknown or [
        Step(
            "LA-M-07",
            True,
            "需要核查经济状况，由申请人如实说明",
            "Means are checked on the statement",
            ("法律援助法第四十一条",),
        ),
        *means_steps(facts),
    ]


def early_step(facts: Facts) -> Step | None:
    """A ground to start before the review is finished, if there is one."""
    basis = ("法律援助法第四十四条",)
    last = limitation(facts)
    if last is not None and last.pressing:
        return Step(
            "LA-D-03",
            True,
            f"可先行提供：距期限不足七日。{last.zh}",
            f"Early aid possible. {last.en}",
            (*basis, *last.basis),
            {"until": str(last.until), "days_left": str(last.days_left)},
        )
    if facts.details.get("preservation_needed"):
        return Step(
            "LA-D-03",
            True,
            "可先行提供：需要立即申请保全或者先予执行",
            "Early aid possible: preservation needed",
            basis,
        )
    return None


def assess(facts: Facts) -> Assessment:
    """Every question in the order of the law, and the advice that follows. Duty help has its own rule (DL-E-01)."""
    if facts.matter == "notified_defence":
        steps = [route_step(facts), lawyer_step(facts)]
    else:
        steps = [
            route_step(facts),
            standing_step(facts),
            lawyer_step(facts),
            matter_step(facts),
            jurisdiction_step(facts),
            *economic_steps(facts),
        ]
    early = early_step(facts)
    place = next((step for step in steps if step.rule_id == "LA-J-01"), None)
    against = [step for step in steps if step.ok is False and step is not place]
    missing = [step for step in steps if step.ok is None]
    if against:
        return _advice(
            "not_eligible", steps, "看来不符合条件：" + "；".join(s.zh for s in against), "Seems not eligible"
        )
    if early and missing:
        return _advice("early_aid", [*steps, early], early.zh + "；手续和材料以后补", early.en)
    if early:
        steps = [*steps, early]
    if place and place.ok is False:
        return _advice("refer", steps, place.zh, place.en)
    if missing:
        return _advice("need_more", steps, "还要问清：" + "；".join(s.zh for s in missing), "More to ask")
    return _advice("eligible", steps, "符合条件", "Eligible")


def _advice(result: Result, steps: list[Step], zh: str, en: str) -> Assessment:
    return Assessment(result, steps, f"{zh}。这是系统建议，由审批人决定", f"{en}. Advice only: a person decides")
