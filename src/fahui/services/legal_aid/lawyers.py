"""Who may be given a case: the rules a candidate must pass. Pure; `Facts.candidate` holds the practitioner's plain facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fahui.casework.definitions.plugin import Facts, Verdict, guard, no, unknown, yes
from fahui.casework.definitions.values import text_of
from fahui.services.legal_aid.values import is_minor, names_in

CRIMINAL = frozenset({"criminal", "notified_defence", "duty_help"})
DEFENCE_YEARS = 3
PERSONNEL = frozenset({"lawyer", "grassroots_legal_worker", "volunteer", "agency_staff"})
_NOBODY = unknown("还没有选人", "Nobody is chosen yet")


def _candidate(facts: Facts) -> Mapping[str, Any] | None:
    return facts.candidate or None


@guard(
    "provider_kind_fits",
    "承办人身份合适",
    "The provider is of a fitting kind",
    ["法律援助法第十二条", "法律援助法第十七条", "刑事诉讼法第三十五条"],
)
def provider_kind_fits(facts: Facts) -> Verdict:
    """Criminal work is for lawyers; students and teachers who volunteer advise and draft only."""
    person = _candidate(facts)
    if person is None:
        return _NOBODY
    kind = person.get("kind")
    if kind not in PERSONNEL:
        return no(
            "只能指派律师、基层法律服务工作者、志愿者或者机构工作人员", "Not legal-aid personnel", "法律援助法第十二条"
        )
    if facts.matter in CRIMINAL and kind != "lawyer":
        return no("刑事案件和值班帮助只能由律师承办", "Criminal work is for lawyers", "刑事诉讼法第三十五条")
    if kind == "volunteer" and "law_school" in person.get("tags", []):
        if "drafting_only" in facts.flags:
            return yes("高校志愿者可以代拟法律文书", "Law-school volunteers may draft", "法律援助法第十七条")
        return no(
            "高校师生志愿者只做咨询和代拟文书，不能代理案件",
            "Law-school volunteers advise and draft only",
            "法律援助法第十七条",
        )
    return yes("身份合适", "Fitting", "法律援助法第十二条")


@guard("no_conflict", "没有利益冲突", "There is no conflict of interest", ["律师法第三十九条"])
def no_conflict(facts: Facts) -> Verdict:
    """Nobody who acts or acted for the other side in the matter, or is near to it."""
    person = _candidate(facts)
    if person is None:
        return _NOBODY
    conflicts = [str(name).strip() for name in person.get("conflicts", [])]
    sides = names_in(text_of(facts.details, "other_side"))
    hits = sorted(
        {name for name in conflicts for side in sides if name and (name == side or name in side or side in name)}
    )
    if hits:
        return no(
            f"有利益冲突：替{'、'.join(hits)}办过事或者有关系，请换一位",
            f"Conflict of interest: {', '.join(hits)}",
            "律师法第三十九条",
        )
    if not sides:
        return yes(
            "对方名称还不知道，没有发现冲突；知道后请再查",
            "The other side is not known yet; check again",
            "律师法第三十九条",
        )
    return yes("没有发现利益冲突", "No conflict found", "律师法第三十九条")


def _grave(facts: Facts) -> bool:
    details = facts.details
    return (
        bool(details.get("possible_life_or_death"))
        or details.get("ground") in {"life_or_death", "death_review"}
        or (details.get("criminal_stage") == "death_review")
    )


@guard(
    "three_years",
    "可能判无期徒刑、死刑的，律师有三年以上经历",
    "Three years of experience in life or death cases",
    ["法律援助法第二十六条", "办理法律援助案件程序规定"],
)
def three_years(facts: Facts) -> Verdict:
    """Three years of relevant practice by the Law; of criminal defence by the procedure rules of 2023, the stricter one."""
    if not _grave(facts):
        return yes("不是可能判无期徒刑、死刑的案件", "Not a life or death case", "法律援助法第二十六条")
    person = _candidate(facts)
    if person is None:
        return _NOBODY
    years, criminal = person.get("practice_years"), person.get("criminal_years")
    if years is None or criminal is None:
        return unknown(
            "请先录入这位律师的执业年限和刑事辩护年限",
            "Enter the lawyer's years of practice and of criminal defence",
            "法律援助法第二十六条",
        )
    if years < DEFENCE_YEARS:
        return no(
            f"可能判无期徒刑、死刑的，应当指派执业三年以上的律师；这位执业{years}年",
            f"Three years of practice needed; this lawyer has {years}",
            "法律援助法第二十六条",
        )
    if criminal < DEFENCE_YEARS:
        return no(
            f"应当指派有三年以上刑事辩护经历的律师；这位{criminal}年",
            f"Three years of criminal defence needed; this lawyer has {criminal}",
            "办理法律援助案件程序规定",
        )
    return yes(
        f"执业{years}年，刑事辩护{criminal}年",
        f"{years} years of practice, {criminal} of criminal defence",
        "法律援助法第二十六条",
    )


@guard(
    "minor_skilled",
    "未成年人的律师熟悉未成年人身心特点",
    "A minor's lawyer knows minors",
    ["未成年人保护法第一百零四条"],
)
def minor_skilled(facts: Facts) -> Verdict:
    """A minor gets a lawyer tagged `juvenile_skilled`."""
    if not (is_minor(facts) or "minor" in facts.flags):
        return yes("不是未成年人", "Not a minor", "未成年人保护法第一百零四条")
    person = _candidate(facts)
    if person is None:
        return _NOBODY
    if "juvenile_skilled" in person.get("tags", []):
        return yes("熟悉未成年人身心特点", "Skilled with minors", "未成年人保护法第一百零四条")
    return no(
        "未成年人案件应当指派熟悉未成年人身心特点的律师，这位没有标注",
        "A lawyer skilled with minors is needed",
        "未成年人保护法第一百零四条",
    )


@guard(
    "own_lawyer_respected",
    "尊重本人自己请律师的选择",
    "The person's own choice of lawyer is respected",
    ["法律援助法第二十七条", "最高人民法院关于适用《中华人民共和国刑事诉讼法》的解释第五十一条"],
)
def own_lawyer_respected(facts: Facts) -> Verdict:
    """No aid lawyer is put in the place of a chosen one."""
    if facts.details.get("own_lawyer"):
        return no(
            "本人已自己委托律师，请听取本人意见，由本人确定；不要再指派",
            "The person has retained a lawyer: hear them first",
            "法律援助法第二十七条",
        )
    if facts.details.get("own_lawyer") is None:
        return yes(
            "还没有记下本人的选择，会见时请问清并记录",
            "Ask and record the person's choice at the meeting",
            "法律援助法第二十七条",
        )
    return yes("已问过本人，没有委托律师", "Asked: no lawyer retained", "法律援助法第二十七条")


@guard(
    "no_defender_at_all",
    "没有自己请律师，也没有指派律师",
    "Neither a retained nor an assigned defender",
    ["刑事诉讼法第三十六条"],
)
def no_defender_at_all(facts: Facts) -> Verdict:
    """Duty-lawyer help is for people without any defender. An unanswered question does not keep the lawyer away."""
    own, aid = facts.details.get("own_lawyer"), facts.details.get("aid_lawyer")
    if own:
        return no(
            "本人已委托辩护人，请通知其辩护人", "A defender is retained: tell that defender", "刑事诉讼法第三十六条"
        )
    if aid:
        return no(
            "已指派法律援助律师，请通知该律师", "An aid lawyer is assigned: tell that lawyer", "刑事诉讼法第三十六条"
        )
    return yes("由值班律师提供法律帮助", "The duty lawyer helps", "刑事诉讼法第三十六条")
