"""我能免费请律师吗: at most five questions, no sign-in, an answer in words with its article. Nothing is kept.

The questions and the answer are the legal-aid service's own rules; a person decides, and this page says so.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fahui.casework.cases.queries import parameters
from fahui.casework.definitions.plugin import Facts
from fahui.casework.forms.validation import clean
from fahui.casework.forms.web import from_post, questions
from fahui.channels.pages import reader_of, scoped
from fahui.foundation import cities, clock
from fahui.foundation.errors import Invalid
from fahui.services.legal_aid.details import CivilDetails
from fahui.services.legal_aid.eligibility import economic_steps, lawyer_step, matter_step, waiver_step
from fahui.services.legal_aid.means import Step

PAGES: tuple[tuple[str, ...], ...] = (
    ("matter_kind",), ("own_lawyer",), ("waiver_ground",), ("exempt_group",), ("household_members", "household_income_fen"),
)  # fmt: skip
CARRIED = ("matter_kind", "own_lawyer", "waiver_ground", "exempt_group", "household_members", "household_income_fen")


@scoped
def can_i(request: HttpRequest) -> HttpResponse:
    """One question a page; earlier answers travel with the form, so nothing is kept on our side."""
    language = reader_of(request).language
    answers = _answers(request)
    number = int(request.POST.get("page", "0")) if request.POST.get("page", "0").isdigit() else 0
    number = min(number, len(PAGES) - 1)
    errors: dict[str, str] = {}
    if request.method == "POST" and request.POST.get("back"):
        earlier = [i for i in range(number) if _asked(i, answers)]
        number = earlier[-1] if earlier else 0
    elif request.method == "POST" and not request.POST.get("start"):
        errors = _wrong(number, answers, language)
        if not errors:
            ahead = [i for i in range(number + 1, len(PAGES)) if _asked(i, answers)]
            if not ahead or answers.get("own_lawyer") is True:
                return _result(request, answers, language)
            number = ahead[0]
    return _page(request, number, answers, errors, language)


def _answers(request: HttpRequest) -> dict[str, Any]:
    return {k: v for k, v in from_post(CivilDetails, request.POST).items() if k in CARRIED}


def _asked(number: int, answers: dict[str, Any]) -> bool:
    """A later question is asked only where the earlier answers leave it open."""
    names = PAGES[number]
    if names[0] in {"waiver_ground", "exempt_group", "household_members"} and waiver_step(_facts(answers)).ok:
        return False
    if names[0] == "household_members":
        return answers.get("exempt_group") == "none"
    return True


def _wrong(number: int, answers: dict[str, Any], language: str) -> dict[str, str]:
    errors = {}
    try:
        clean(CivilDetails, {k: v for k, v in answers.items() if k in PAGES[number]}, language)
    except Invalid as error:
        errors = {k: v for k, v in error.fields.items() if k in PAGES[number]}
    missing = [name for name in PAGES[number] if answers.get(name) in (None, "")]
    return errors | {name: _("请选一个，说不清就选最像的") for name in missing if number < 4}


def _facts(answers: dict[str, Any]) -> Facts:
    now = clock.now()
    plain = dict(answers)
    for name in ("household_members", "household_income_fen"):
        plain[name] = int(plain[name]) if str(plain.get(name, "")).isdigit() else None
    return Facts(
        service="legal_aid", matter="civil", state="", region=cities.current().region, now=now, today=clock.today(),
        opened_at=now, details=plain, payload={}, flags=frozenset(), sealed=False, actor_party=None, parties={},
        papers={}, parameters=parameters("legal_aid", now),
    )  # fmt: skip


def _page(
    request: HttpRequest, number: int, answers: dict[str, Any], errors: dict[str, str], language: str
) -> HttpResponse:
    found = questions(CivilDetails, answers, errors, language=language, desk=False)
    asked = []
    for question in found:
        if question.key in PAGES[number]:
            drawn = question.as_field() | {"required": number < 4}
            if drawn["kind"] == "select":  # a long list is easier to touch than to scroll in a box
                drawn["kind"] = "radio"
            asked.append(drawn)
    return render(request, "portal/can_i/page.html", {
        "asked": asked, "page": number, "place": number + 1, "total": len(PAGES), "first": number == 0,
        "known": [pair for pair in _carried(answers) if pair[0] not in PAGES[number]],
        "errors": [{"name": name, "text": text} for name, text in errors.items()],
    }, status=422 if errors else 200)  # fmt: skip


def _text(value: Any) -> str:
    """An answer as the form posts it."""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _carried(answers: dict[str, Any]) -> list[tuple[str, str]]:
    found = []
    for name, value in answers.items():
        if name.endswith("_fen") and isinstance(value, int):
            found.append((name, f"{value / 100:.2f}"))
        else:
            found.append((name, _text(value)))
    return found


def _result(request: HttpRequest, answers: dict[str, Any], language: str) -> HttpResponse:
    facts = _facts(answers)
    steps = [lawyer_step(facts), matter_step(facts)]
    if facts.details.get("own_lawyer") is not True:
        steps += economic_steps(facts)
    english = language.startswith("en")
    against, unknown = [s for s in steps if s.ok is False], [s for s in steps if s.ok is None]
    outcome = "no" if against else "maybe" if unknown else "yes"
    return render(request, "portal/can_i/result.html", {
        "outcome": outcome, "steps": [_line(s, english) for s in steps], "known": _carried(answers),
        "private": answers.get("matter_kind") == "domestic_violence" or answers.get("waiver_ground") == "abused",
    })  # fmt: skip


def _line(step: Step, english: bool) -> dict[str, Any]:
    text = step.en if english else step.zh
    if step.ok is None and step.figures.get("parameter"):
        text = _("本地的标准要由工作人员核对，您先申请就行。")
    return {"ok": step.ok, "text": text, "basis": "、".join(step.basis)}
