"""Time limits the law sets around a legal-aid case: limitation, early aid, forwarding, notices, remedies. Pure.

Ordinary deadlines (seven days, three days) are data in definition.yaml; here are those that need arithmetic of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fahui.casework.deadlines.rules import CIVIL, LastDay, later
from fahui.casework.definitions.plugin import Facts
from fahui.casework.definitions.values import day_of, moment_of, text_of
from fahui.foundation.worktime.rules import BUSINESS_ZONE, Duration, Unit, before
from fahui.services.legal_aid.values import COURT_RULES

LABOUR = frozenset({"wages", "labour_relation", "work_injury"})


@dataclass(frozen=True)
class Kept:
    """Whether a limit of somebody else (an organ, a place of custody) was kept. None: the times are not known."""

    rule_id: str
    kept: bool | None
    zh: str
    en: str
    basis: tuple[str, ...]


def labour_limitation(facts: Facts) -> LastDay | None:
    """One year to apply for labour arbitration (劳动争议调解仲裁法第二十七条); None when the matter is no labour matter.

    Wages owed in a running employment have no limitation; after it ended the year runs from the end. Otherwise it runs
    from the day the right-holder knew. It begins anew when the claim was raised: a passed day is a question, no refusal.
    """
    kind, details = facts.details.get("matter_kind"), facts.details
    if facts.matter != "civil" or kind not in LABOUR:
        return None
    if details.get("stage") in {"arbitration", "court", "retrial"}:
        return None
    basis = ("劳动争议调解仲裁法第二十七条",)
    if kind == "wages" and details.get("still_working") is True:
        return LastDay(
            None,
            None,
            "还在职，要工资不受一年仲裁时效限制（第四款）",
            "Still employed: no limitation runs for wages",
            basis,
        )
    start = day_of(details, "left_on") or (None if kind == "wages" else day_of(details, "known_on"))
    if start is None:
        asked = "哪天离开的" if kind == "wages" else "哪天知道权利受到侵害"
        return LastDay(
            None, None, f"请问清{asked}，才能算仲裁时效", "Ask for the first day of the limitation", basis
        )
    return _until("仲裁时效", "labour arbitration limitation", later(start, "1 year"), facts.today, basis)


def written_deadline(facts: Facts) -> LastDay | None:
    """A last day somebody read in a paper (judgment, decision); None when there is none."""
    day = day_of(facts.payload, "deadline_on") or day_of(facts.details, "deadline_on")
    if day is None:
        return None
    return _until(
        text_of(facts.details, "deadline_what") or "书面写明的期限",
        "written deadline",
        day,
        facts.today,
        ("法律援助法第四十四条",),
    )


def limitation(facts: Facts) -> LastDay | None:
    """The nearest last day that is known; else what has to be asked; None when nothing limits in time."""
    found = [each for each in (labour_limitation(facts), written_deadline(facts)) if each]
    dated = [each for each in found if each.until]
    ahead = [each for each in dated if each.days_left is not None and each.days_left >= 0]
    return min(ahead or dated, key=lambda each: each.until or date.max, default=found[0] if found else None)


def _until(name: str, name_en: str, until: date, today: date, basis: tuple[str, ...]) -> LastDay:
    left = (until - today).days
    if left < 0:
        zh = (
            f"{name}至 {until}，按现有日期已过 {-left} 日；如果其间要过钱、投诉过或者对方答应过，时效会重新计算，请核实"
        )
        en = f"The {name_en} ended {until}, {-left} days ago, unless it was interrupted: please check"
    else:
        zh = f"{name}至 {until}，余 {left} 日"
        en = f"The {name_en} ends {until}, {left} days left"
    return LastDay(until, left, zh, en, basis)


def forwarding(facts: Facts) -> Kept | None:
    """Whether a detained person's application was passed on within 24 hours; None when nothing was forwarded.

    法律援助法第三十九条: paragraph one for organs and places of custody, paragraph two for duty lawyers.
    """
    asked, by = moment_of(facts.details, "forwarded_from_at"), facts.details.get("forwarded_by")
    if asked is None:
        if not by:
            return None
        return Kept(
            "LA-T-05",
            None,
            "没有写明本人提出申请的时间，请向转交单位问清",
            "Ask when the person applied",
            ("法律援助法第三十九条",),
        )
    took = facts.opened_at - asked
    rule = "DL-T-01" if by == "duty_lawyer" else "LA-T-05"
    basis = ["法律援助法第三十九条"]
    if by == "police":
        basis.append("公安机关办理刑事案件程序规定第四十七条")
    if by == "procuratorate":
        basis.append("人民检察院刑事诉讼规则第四十三条")
    if by == "prison":
        basis.append("监狱法第三十条")
    hours = took.total_seconds() / 3600
    kept = took <= timedelta(hours=24)
    state_zh, state_en = ("在二十四小时内转交", "in time") if kept else ("超过二十四小时", "late")
    return Kept(
        rule,
        kept,
        f"从本人提出到我们收到用了 {hours:.1f} 小时，{state_zh}",
        f"Forwarded after {hours:.1f} hours: {state_en}",
        tuple(basis),
    )


_NOTICE_RULE = {
    "police": ("LA-T-10", "公安机关办理刑事案件程序规定第四十六条"),
    "procuratorate": ("LA-T-14", "人民检察院刑事诉讼规则第四十二条"),
    "court": ("LA-T-03", "法律援助法第三十六条"),
}


def organ_notice(facts: Facts) -> list[Kept]:
    """Whether the organ notified within three days of finding the situation, and the court 15 days before the hearing."""
    if facts.matter != "notified_defence":
        return []
    details = facts.details
    received = moment_of(details, "notice_received_at") or facts.opened_at
    day = received.astimezone(BUSINESS_ZONE).date()
    found, answers = day_of(details, "situation_found_on"), []
    if found is not None:
        rule, article = _NOTICE_RULE.get(str(details.get("organ")), _NOTICE_RULE["court"])
        last = later(found, "3 natural days")
        kept = day <= last
        answers.append(
            Kept(
                rule,
                kept,
                f"办案机关{found}发现，应当最迟{last}通知，我们{day}收到" + ("" if kept else "，已超期"),
                f"Found {found}, notice due {last}, received {day}",
                ("法律援助法第三十六条", article),
            )
        )
    hearing = moment_of(details, "hearing_at")
    if hearing is not None and details.get("organ") == "court" and details.get("ordinary_procedure") is not False:
        last = before(hearing, Duration(15, Unit.NATURAL_DAY), CIVIL).date()
        kept = day <= last
        answers.append(
            Kept(
                "LA-T-07",
                kept,
                f"开庭前十五日应当送达，最迟{last}，我们{day}收到" + ("" if kept else "，已超期"),
                f"Papers due {last}, received {day}",
                (f"{COURT_RULES}第四十九条",),
            )
        )
    return answers


def told_of_own_lawyer(facts: Facts) -> Kept | None:
    """Whether the police told the agency within three days that the person rejected the lawyer or retained one."""
    payload = facts.payload
    happened = day_of(payload, "rejected_on") or day_of(payload, "told_on")
    told = day_of(payload, "organ_told_on")
    if happened is None or told is None:
        return None
    last = later(happened, "3 natural days")
    return Kept(
        "LA-T-12",
        told <= last,
        f"{happened}提出，办案机关最迟{last}通知我们，实际{told}",
        f"Happened {happened}, due {last}, told {told}",
        ("公安机关办理刑事案件程序规定第四十七条",),
    )


@dataclass(frozen=True)
class Remedies:
    """The last days to go on after the bureau upheld the agency, counted from receipt of its decision."""

    reconsider_until: date
    sue_until: date
    zh: str
    en: str
    basis: tuple[str, ...] = ("法律援助法第四十九条", "行政复议法第二十条", "行政诉讼法第四十六条")


def remedies(received: date) -> Remedies:
    """Reconsideration in 60 days, or a direct suit in six months (法律援助法第四十九条)."""
    until, sue = later(received, "60 natural days"), later(received, "6 months")
    return Remedies(
        until,
        sue,
        f"不服的，可以在 {until} 以前申请行政复议，或者在 {sue} 以前向人民法院提起行政诉讼；"
        "先申请复议的，收到复议决定书之日起十五日内可以起诉",
        f"You may ask for reconsideration until {until}, or sue until {sue}; after reconsideration, within 15 days "
        "of its decision",
    )
