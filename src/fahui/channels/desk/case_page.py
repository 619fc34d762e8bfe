"""One matter on one page: who, what, by when, what may be done now, papers, words, and what happened."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from fahui.casework.cases.available import Offer, offers
from fahui.casework.cases.models import Case, CaseParty
from fahui.casework.cases.permissions import standing
from fahui.casework.cases.queries import get, looks, possible_repeats, timeline
from fahui.casework.corrections.actions import may_correct
from fahui.casework.definitions.loader import service
from fahui.casework.definitions.queries import definition_of
from fahui.casework.definitions.schema import Action, Definition
from fahui.casework.documents.models import Delivery
from fahui.casework.forms.web import readable
from fahui.casework.openings.actions import note_opening
from fahui.channels.desk import choosing, words
from fahui.channels.desk import queries as desk
from fahui.channels.desk.alarms import alarms
from fahui.channels.desk.explain import explanation
from fahui.channels.desk.frame import show
from fahui.channels.desk.rows import clock_chip, row, rows
from fahui.channels.pages import reader_of, staff_page
from fahui.foundation.accounts.roles import CASE_READERS, SUPERVISING
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.models import Event
from fahui.foundation.money import yuan
from fahui.foundation.people.queries import masked_identity, masked_phone
from fahui.foundation.regions.queries import full_name


@staff_page()
def case_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """The page of one case."""
    reader = reader_of(request)
    case = get(reader, case_id)
    note_opening(reader, case)
    return show(request, "desk/case.html", context(reader, case), here="/desk/")


def context(reader: Reader, case: Case) -> dict[str, Any]:
    """Everything the page shows. The number of queries does not grow with the case's history."""
    definition, language = definition_of(case.version_id), reader.language
    home, place = service(case.service), standing(reader, case)
    proposal, events = desk.open_proposal(case), timeline(case)
    supervising = bool(place.roles & {r.value for r in SUPERVISING})
    seen = looks(case, 50) if supervising else []
    urges, referrals = desk.urges(case), desk.referrals(case)
    names = desk.names([e.actor_id for e in [*events, *seen]] + [e.data.get("handler") for e in events])
    may, may_not = _offers(reader, case)
    buttons = one_primary([button_of(offer, language) for offer in may])
    messages = desk.messages(case)
    works = place.works
    related = desk.related(reader, case)
    return {
        "case": case, "row": row(case, reader), "state": definition.state(case.state),
        "public_text": definition.state(case.state).public.text(language),
        "outcome": definition.outcome(case.outcome).name.text(language) if case.outcome else "",
        "place": full_name(case.region_code), "flags": words.flag_badges(case.flags, language),
        "alarms_standing": alarms(case, language),
        "live_clocks": _clocks(case, definition, reader, live=True),
        "past_clocks": _clocks(case, definition, reader, live=False),
        "may": buttons, "waits_for": _waits_for(definition.state(case.state).owner, buttons, language) if case.open and not proposal else "",
        "may_not": [{"name": o.action.name.text(language), "reasons": o.reasons} for o in may_not],
        "works": works, "may_correct": may_correct(place), "supervises": supervising,
        "parts": [part_of(p, language) for p in desk.parts(case)],
        "part_roles": [(role, words.part_name(role, language)) for role, _w in CaseParty.ROLES if role != "applicant"],
        "details": readable(home.details_form(case.matter), case.details, language),
        "papers": [_paper(p, definition, reader) for p in desk.papers(case)],
        "materials": [(m.id, m.name.text(language)) for m in definition.materials] + [("other", _("其他"))],
        "documents": desk.documents(case), "methods": Delivery.METHODS,
        "role_names": {r: words.role_name(r, language) for r in _roles(definition)},
        "timeline": [_event(e, definition, names, language) for e in reversed(events)],
        "internal": [m for m in messages if m.audience == "internal"],
        "talk": [m for m in messages if m.audience == "applicant"],
        "proposal": _proposal(proposal, definition, home, reader) if proposal else None,
        "urges": urges, "waiting_urges": [u for u in urges if u.answered_at is None], "referrals": referrals,
        "my_institutions": {p.institution_id for p in reader.posts if p.institution_id},
        "refer_to": {"name": "institution", "label": _("接收机构"), "required": True, **choosing.field("institution", staffed=True)},
        "colleagues": desk.colleagues(case, CASE_READERS) if works and case.open else [],
        "origin": row(related.origin, reader) if related.origin else None, "merged_into": related.merged_into,
        "follow_ups": rows(related.follow_ups, reader), "members": rows(related.members, reader),
        "repeated_by": rows(related.repeats, reader),
        "repeats": rows(possible_repeats(case), reader) if works and case.open else [],
        "assignment": desk.assignment(case), "seen": [_look(e, names, language) for e in seen],
        "advice": explanation(case, reader) if case.open else None, "basis": _basis(definition, case.state),
    }  # fmt: skip


def _waits_for(owner: str | None, buttons: list[dict[str, Any]], language: str) -> str:
    """Whose turn it is, said to those who have no next step here themselves."""
    return words.role_name(owner, language) if owner and not any(b["primary"] for b in buttons) else ""


def _offers(reader: Reader, case: Case) -> tuple[list[Offer], list[Offer]]:
    found = offers(reader, case) if not case.merged_into_id else []
    return [o for o in found if o.allowed], [o for o in found if not o.allowed]


def button_of(offer: Offer, language: str) -> dict[str, Any]:
    """An action as a button: what it says, its key, and whether it is done at once."""
    action = offer.action
    return {
        "id": action.id, "name": action.name.text(language), "key": action.key or "", "primary": action.primary,
        # Done from here at once; everything else opens its page.
        "direct": not action.form and not action.confirm and not action.four_eyes,
        "four_eyes": action.four_eyes,
    }  # fmt: skip


def one_primary(buttons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Only the first button of a page is prominent."""
    first = next((b["id"] for b in buttons if b["primary"]), None)
    return [{**b, "primary": b["id"] == first} for b in buttons]


def _clocks(case: Case, definition: Definition, reader: Reader, *, live: bool) -> list[dict[str, Any]]:
    held = [row for row in desk.clocks(case) if (row.ended_at is None) == live]
    known = {spec.id: spec for spec in definition.deadlines}
    return [clock_chip(known[row.code], row, reader) for row in held if row.code in known]


def part_of(part: CaseParty, language: str) -> dict[str, Any]:
    """A person with a part in a case: masked numbers, their share, and how to reach them safely."""
    party = part.party
    extra = []
    if "owed_fen" in part.extra:
        extra.append(_("被欠 %(yuan)s 元") % {"yuan": yuan(int(part.extra["owed_fen"]))})
    if "days" in part.extra:
        extra.append(_("%(days)s 天") % {"days": part.extra["days"]})
    contact = party.contact or {}
    careful = []
    if contact.get("may_call") is False:
        careful.append(_("不要打电话"))
    if contact.get("may_text") is False:
        careful.append(_("不要发短信"))
    if contact.get("say_bureau") is False:
        careful.append(_("不要说是司法局"))
    careful += [str(contact[key]) for key in ("times", "who_answers", "words") if contact.get(key)]
    return {
        "id": part.pk, "name": party.name, "role": words.part_name(part.role, language), "phone": masked_phone(party),
        "identity": masked_identity(party), "extra": _("，").join(extra), "careful": _("；").join(careful),
        "hidden": bool(party.phone or party.identity), "born": party.birth_date,
    }  # fmt: skip


def _paper(paper: Any, definition: Definition, reader: Reader) -> dict[str, Any]:
    spec = next((m for m in definition.materials if m.id == paper.material), None)
    english = reader.language.startswith("en")
    levels = {"A": ("签发单位数据", "Issuer's data"), "B": ("已核验", "Checked"), "C": ("待核原件", "Original to be seen"),
              "D": ("本人承诺", "Own promise")}  # fmt: skip
    return {
        "paper": paper, "material": spec.name.text(reader.language) if spec else _("其他"),
        "level": words.pick(levels[paper.trust], reader.language), "checked": paper.checked_at is not None,
        "by": paper.added_by.name if paper.added_by else words.role_name(paper.source, "en" if english else "zh"),
        "mine": paper.added_by_id == reader.user_id and paper.checked_at is None,
        "kilobytes": max(1, paper.file.size // 1024),
    }  # fmt: skip


def _event(event: Event, definition: Definition, names: dict[int, str], language: str) -> dict[str, Any]:
    who = names.get(event.actor_id or 0, "")
    role = words.role_name(event.actor_role, language)
    return {"title": words.event_text(event, definition, names, language), "when": event.at,
            "who": _("%(who)s（%(role)s）") % {"who": who, "role": role} if who else role, "text": words.event_note(event, definition, language)}  # fmt: skip


def _look(event: Event, names: dict[int, str], language: str) -> dict[str, Any]:
    return {"who": names.get(event.actor_id or 0, words.role_name(event.actor_role, language)), "at": event.at,
            "why": event.data.get("why", "")}  # fmt: skip


def _proposal(proposal: Any, definition: Definition, home: Any, reader: Reader) -> dict[str, Any]:
    action: Action = definition.action(proposal.action)
    answers = readable(home.form(action.form), proposal.payload, reader.language) if action.form else []
    return {"id": proposal.pk, "name": action.name.text(reader.language), "by": proposal.proposed_by.name,
            "at": proposal.proposed_at, "answers": answers, "mine": proposal.proposed_by_id == reader.user_id}  # fmt: skip


def _roles(definition: Definition) -> set[str]:
    return {role.value for document in definition.documents for role in document.to}


def _basis(definition: Definition, state: str) -> list[str]:
    """The articles behind what may happen next, each once."""
    found = [cite for action in definition.actions if state in action.from_ for cite in action.basis]
    return list(dict.fromkeys([*found, *definition.basis]))[:12]


