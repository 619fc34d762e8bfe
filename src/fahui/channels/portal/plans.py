"""Which questions stand on which page of an interview. Law and fields are the service's own; here is only their order.

A matter without a plan still works: its questions come in their own order, grouped as its form groups them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fahui.casework.forms.fields import FormModel
from fahui.casework.forms.validation import applies, words_of
from fahui.casework.forms.web import questions

Words = str | Promise
Answers = Mapping[str, tuple[str, ...]]
# Matters anybody may bring without proving a phone. Every other service asks for a code before it is handed in.
ANONYMOUS = frozenset({"consultation", "complaint"})
_PER_PAGE = 3


@dataclass(frozen=True)
class Step:
    """One page: questions of one form. `part` names the form: the matter's `details`, or one of the portal's own."""

    id: str
    title: Words
    fields: tuple[str, ...]
    part: str = "details"
    lede: Words = ""
    # Not one of the pages in a row: offered where the answers are read back, to whoever it fits.
    offered: bool = False


_AID_START = (
    Step("what", _("说说发生了什么"), ("facts", "wanted"), lede=_("想到哪里说到哪里。记不清的空着，以后还能补。")),
)
_AID_END = (
    Step("other-side", _("对方和现在的进展"), ("other_side", "group_matter", "group_size", "stage")),
    Step("urgent", _("有没有要赶的时间"), ("deadline_on", "deadline_what", "preservation_needed", "preservation_why"),
         lede=_("快到期的事可以先派律师，手续以后补（法律援助法第四十四条）。")),
    Step("person", _("需要帮助的人"), ("birth_date", "own_lawyer", "detained", "limited_capacity")),
    Step("care", _("要不要照顾"), ("priority_group", "access_needs", "foreign_national"), offered=True,
         lede=_("军人军属，外国人，要手语、大字、上门、方言翻译的。")),
    Step("waiver", _("有没有下面的情形"), ("waiver_ground",), lede=_("有的话，不看经济条件（法律援助法第三十二条）。")),
    Step("group", _("您是不是下面的人"), ("exempt_group",), lede=_("是的话，不核查经济状况（法律援助法第四十二条）。")),
    Step("means", _("家里的经济情况"), ("household_members", "household_income_fen", "savings_fen", "commitment_signed",
                                        "sharing_agreed"), lede=_("不用开证明，估一个数就行。")),
)  # fmt: skip
PLANS: dict[tuple[str, str], tuple[Step, ...]] = {
    ("legal_aid", "civil"): (
        Step("who", _("您替谁申请"), ("applies_for",)),
        Step("kind", _("是什么事"), ("matter_kind",)),
        *_AID_START,
        Step("money", _("钱和时间"), ("work_site", "still_working", "left_on", "known_on", "claim_fen")),
        *_AID_END,
    ),
    ("legal_aid", "criminal"): (
        Step("who", _("您替谁申请"), ("applies_for",)),
        Step("part", _("他（她）和案子"), ("criminal_role", "criminal_stage", "organ", "charge", "hearing_at")),
        Step("custody", _("人在哪里"), ("detained", "detained_at", "detained_since", "organ_region")),
        *_AID_START,
        Step("person", _("需要帮助的人"), ("birth_date", "own_lawyer", "limited_capacity", "disability",
                                           "foreign_national", "priority_group", "access_needs")),
        Step("waiver", _("有没有下面的情形"), ("waiver_ground", "other_reason")),
        Step("group", _("您是不是下面的人"), ("exempt_group",)),
        Step("means", _("家里的经济情况"), ("household_members", "household_income_fen", "savings_fen",
                                            "commitment_signed", "sharing_agreed"), lede=_("不用开证明，估一个数就行。")),
    ),
    ("consultation", "question"): (Step("what", _("说出您的问题"), ("facts", "wanted")),),
    ("consultation", "other"): (Step("what", _("说出您的问题"), ("facts", "wanted")),),
    ("consultation", "wages"): (
        Step("owed", _("谁欠您的钱"), ("who_owes", "work_site", "owed_fen"), lede=_("没有合同也可以。记不清的空着。")),
        Step("when", _("什么时候的事"), ("still_working", "left_on"), lede=_("要工资的仲裁时效从离开那天起算一年。")),
        Step("people", _("几个人被欠"), ("people", "own_fen")),
        Step("what", _("还想说什么"), ("facts", "wanted")),
    ),
    ("consultation", "family"): (
        Step("safety", _("先看您安不安全"), ("violence", "violence_now", "children")),
        Step("what", _("说说您的事"), ("facts", "wanted")),
        Step("contact-safe", _("怎样联系您才安全"), ("may_call", "may_text", "contact_times", "who_answers", "say_bureau",
                                                     "safe_words"), lede=_("没有选“是”，我们就不发短信。")),
    ),
    ("consultation", "land"): (
        Step("land", _("是什么地"), ("land_kind", "other_side", "known_on")),
        Step("what", _("说说您的事"), ("facts", "wanted")),
        Step("papers", _("手里有什么"), ("papers", "talked")),
    ),
    ("complaint", "complaint"): (
        Step("about", _("投诉谁"), ("about", "about_whom", "about_number", "happened_on")),
        Step("what", _("发生了什么"), ("what", "wanted")),
        Step("more", _("还有几件小事"), ("money_asked", "people", "keep_from_them")),
    ),
    ("complaint", "site_error"): (Step("what", _("错在哪里"), ("fault", "page", "what")),),
}  # fmt: skip
# Where a long list of choices holds one that nearly always fits this matter, it stands first: kind of matter → choice.
LIKELY = {"exempt_group": {"wages": "migrant_worker", "work_injury": "migrant_worker"}}
# Questions that an earlier answer makes idle: question → the answers that do, all of one set together.
# A wage claim that nobody has filed has one last day, which follows from the day of leaving. Who applies for themselves
# from a phone is not in custody.
_FOR_ONESELF: Answers = {"applies_for": ("self",)}
IDLE: dict[tuple[str, str], dict[str, tuple[Answers, ...]]] = {
    ("legal_aid", "civil"): {
        "deadline_on": ({"matter_kind": ("wages",), "stage": ("not_started",)},),
        "deadline_what": ({"matter_kind": ("wages",), "stage": ("not_started",)},),
        "detained": (_FOR_ONESELF,), "limited_capacity": (_FOR_ONESELF,),
        "waiver_ground": ({"matter_kind": ("domestic_violence", "hero_honour", "good_samaritan")},),
    },
}  # fmt: skip
# What an answer says by itself: kind of matter → answers. Read back with the rest, where each can be changed.
SAID_BY_KIND: dict[str, dict[str, str]] = {"wages": {"waiver_ground": "none"}}
# Filled from what is asked elsewhere, or of the desk's concern only.
LEFT_OUT = frozenset({"representative_name", "representative_phone", "safe_contact", "declined_identity",
                      "handling_organ", "organ_region", "cause_region"})  # fmt: skip
# Matters whose own form asks how to reach the person.
ASKS_CONTACT = frozenset({("consultation", "family")})
NO_CONTACT = frozenset({("complaint", "site_error")})


def details_steps(service: str, matter: str, model: type[FormModel]) -> list[Step]:
    """The pages of a matter's own form: its plan, then whatever the plan forgot."""
    plan = list(PLANS.get((service, matter), ()))
    planned = {name for step in plan for name in step.fields} | LEFT_OUT
    rest = [q for q in questions(model, desk=False) if q.key not in planned]
    pages: list[tuple[str, list[str]]] = []
    for question in rest:
        full = question.kind == "long" or (pages and len(pages[-1][1]) >= _PER_PAGE)
        if not pages or pages[-1][0] != question.group or (full and not question.group):
            pages.append((question.group, []))
        pages[-1][1].append(question.key)
    for number, (group, names) in enumerate(pages, 1):
        plan.append(Step(f"more-{number}", group or _("还有几个问题"), tuple(names)))
    return plan


def idle(service: str, matter: str, name: str, answers: Mapping[str, Any]) -> bool:
    """Whether an earlier answer leaves nothing to ask."""
    sets = IDLE.get((service, matter), {}).get(name, ())
    return any(all(answers.get(key) in values for key, values in one.items()) for one in sets)


def said_by_kind(answers: Mapping[str, Any]) -> dict[str, str]:
    """The answers that the kind of matter gives by itself, as far as nobody gave them."""
    said = SAID_BY_KIND.get(str(answers.get("matter_kind")), {})
    return {name: value for name, value in said.items() if not answers.get(name)}


def asked(step: Step, model: type[FormModel], answers: Mapping[str, Any]) -> bool:
    """Whether anything on the page is asked, given the answers so far."""
    return any(
        name in model.model_fields and applies(words_of(model.model_fields[name]).get("show_if"), answers)
        for name in step.fields
    )


def fields_of(model: type[FormModel], names: Iterable[str]) -> list[str]:
    """The names a form really has, in the page's order."""
    return [name for name in names if name in model.model_fields]
