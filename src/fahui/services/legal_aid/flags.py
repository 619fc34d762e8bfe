"""What intake can tell at once: fast lanes, protection, early aid. Pure. A flag helps; none counts against the person."""

from __future__ import annotations

from dataclasses import dataclass

from fahui.casework.definitions.plugin import Facts
from fahui.services.legal_aid.eligibility import early_step, waiver_step
from fahui.services.legal_aid.limits import forwarding
from fahui.services.legal_aid.values import is_minor

MILITARY = frozenset({"service_member", "military_family", "survivor"})


@dataclass(frozen=True)
class Flag:
    """A mark on the case and the sentence that explains it."""

    name: str
    zh: str
    en: str
    basis: tuple[str, ...]


def intake_flags(facts: Facts) -> list[Flag]:
    """Every flag the answers so far justify, in the order people should see them."""
    return [flag for flag in (*_urgent(facts), *_protected(facts), *_served_first(facts)) if flag]


def _urgent(facts: Facts) -> list[Flag]:
    found, early = [], early_step(facts)
    if early is not None and facts.matter == "civil":
        found.append(Flag("early_aid_possible", early.zh, early.en, early.basis))
    sent = forwarding(facts)
    if sent is not None and sent.kept is False:
        found.append(Flag("forwarded_late", sent.zh, sent.en, sent.basis))
    if facts.details.get("ground") in {"life_or_death", "death_review"} or facts.details.get("possible_life_or_death"):
        found.append(
            Flag(
                "life_or_death",
                "可能判无期徒刑、死刑，须指派三年以上经历的律师",
                "Life or death: three years of experience",
                ("法律援助法第二十六条",),
            )
        )
    return found


def _protected(facts: Facts) -> list[Flag]:
    found = []
    if is_minor(facts):
        found.append(
            Flag(
                "minor",
                "未成年人：案卷保密，指派熟悉未成年人的律师",
                "Minor: sealed; a lawyer skilled with minors",
                ("未成年人保护法第一百零三条", "未成年人保护法第一百零四条"),
            )
        )
    if facts.details.get("detained") or facts.details.get("detained_since"):
        found.append(Flag("detained", "在押：案卷保密", "In custody: sealed", ("法律援助法第二十一条",)))
    if facts.details.get("matter_kind") == "domestic_violence" or facts.details.get("waiver_ground") == "abused":
        found.append(
            Flag(
                "domestic_violence",
                "虐待、遗弃、家庭暴力：案卷保密，只用安全的联系方式",
                "Abuse or domestic violence: sealed, contact safely",
                ("反家庭暴力法第十九条", "法律援助法第二十一条"),
            )
        )
    return found


def _served_first(facts: Facts) -> list[Flag]:
    found, details = [], facts.details
    if details.get("matter_kind") == "wages":
        found.append(
            Flag(
                "wage_fast_lane",
                "欠薪绿色通道：优先办理",
                "Wage fast lane: served first",
                ("保障农民工工资支付条例第四十五条",),
            )
        )
    if details.get("priority_group") in MILITARY:
        found.append(
            Flag(
                "priority_military",
                "军人、军属、遗属：优先办理",
                "Military and families: first",
                ("军人地位和权益保障法第六十一条",),
            )
        )
    if details.get("priority_group") == "veteran":
        found.append(Flag("veteran", "退役军人：给予必要帮助", "Veteran: necessary help", ("退役军人保障法第七十条",)))
    if details.get("access_needs"):
        found.append(
            Flag(
                "access_needs",
                "需要无障碍服务，请按登记的需要安排",
                "Needs accessible service",
                ("法律援助法第四十五条",),
            )
        )
    if details.get("foreign_national"):
        found.append(
            Flag(
                "manual_review",
                "外国人、无国籍人：人工审查",
                "Foreign or stateless: manual review",
                ("法律援助法第六十九条",),
            )
        )
    if details.get("group_matter"):
        found.append(Flag("group_matter", "多人同一件事：并成一件办理，可派一个律师团队", "Group matter: one case", ()))
    if facts.matter in {"civil", "criminal"} and waiver_step(facts).ok:
        found.append(Flag("means_waived", "不看经济条件", "No means condition", ("法律援助法第三十二条",)))
    return found
