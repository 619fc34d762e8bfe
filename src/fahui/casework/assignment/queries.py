"""Candidates for a case, and suggestions with their reasons."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fahui.casework.assignment.rules import Candidate, Suggestion, ranked, score
from fahui.casework.cases.models import Assignment, Case, CaseParty
from fahui.casework.cases.queries import facts
from fahui.casework.definitions.loader import service
from fahui.foundation import clock
from fahui.foundation.accounts.scope import SYSTEM, as_system
from fahui.foundation.people.models import Practitioner
from fahui.foundation.regions.rules import jurisdiction
from fahui.foundation.worktime.rules import full_years

_LIVE = ["offered", "accepted"]


def suggestions(case: Case, *, everyone: bool = False) -> list[Suggestion]:
    """The best candidates for a case. With `everyone`, all of the city's with the rules that bar them.

    Runs as the system: load and conflicts count cases the asker need not see; only numbers and names of rules come out.
    """
    spec = service(case.service).definition.assignment
    if spec is None:
        return []
    with as_system():
        found = _judge(case, _candidates(case, spec.kinds))
    return found if everyone else ranked(found, spec.suggestions)


def judged(case: Case, practitioner_id: int) -> Suggestion | None:
    """One candidate's score and bars, or None when they cannot be offered work at all."""
    return next((s for s in suggestions(case, everyone=True) if s.candidate.id == practitioner_id), None)


def _judge(case: Case, candidates: list[Candidate]) -> list[Suggestion]:
    home = service(case.service)
    spec = home.definition.assignment
    base = facts(case, SYSTEM, {}, clock.now())
    languages = base.details.get("_applicant", {}).get("languages") or []
    matter = home.definition.matter(case.matter)
    answered = [fields.get(str(case.details.get(key)), "") for key, fields in matter.field_by.items()]
    wanted = next((field for field in answered if field), matter.field)
    found = []
    for candidate in candidates:
        seen = base.__class__(**{**base.__dict__, "candidate": candidate.as_facts()})
        verdicts = [home.guard(name).test(seen) for name in (spec.guards if spec else [])]
        barred = [v.text(get_language() or "") for v in verdicts if v.allowed is not True]  # what is not known yet bars too
        if candidate.declined_this:
            barred.append(_("已拒绝过这件案件"))
        reasons = score(candidate, wanted, case.region_code, languages)
        found.append(Suggestion(candidate, sum(r.points for r in reasons), reasons, tuple(barred)))
    return sorted(found, key=lambda s: (bool(s.barred), -s.score, s.candidate.load, s.candidate.id))


def _candidates(case: Case, kinds: Sequence[str]) -> list[Candidate]:
    low, high = jurisdiction(case.region_code // 10**8 * 10**8)  # the whole city
    rows = (
        Practitioner.objects.filter(kind__in=kinds, active=True, accepts=True)
        .filter(Q(region_code__gte=low, region_code__lt=high) | Q(serves__contains=[case.region_code]))
        .select_related("institution")
        .annotate(load=Count("assignments", filter=Q(assignments__status__in=_LIVE, assignments__case__open=True)))
    )
    conflicts = _conflicts(case)
    declined = set(
        Assignment.objects.filter(case=case, status__in=["declined", "released"]).values_list("practitioner", flat=True)
    )
    today = clock.today()
    return [
        Candidate(
            id=p.pk, name=p.name, kind=p.kind, firm=p.institution.name, region=p.region_code,
            serves=tuple(int(c) for c in p.serves), fields=tuple(p.fields), tags=tuple(p.tags),
            languages=tuple(p.languages),
            practice_years=full_years(p.licensed_on, today) if p.licensed_on else None,
            criminal_years=full_years(p.criminal_since, today) if p.criminal_since else None,
            load=p.load, conflicts=tuple(sorted(conflicts.get(p.pk, set()) | conflicts.get(-p.institution_id, set()))),
            declined_this=p.pk in declined,
        )
        for p in rows
    ]  # fmt: skip


def _conflicts(case: Case) -> dict[int, set[str]]:
    """Practitioner id (or minus their firm's id) → names of this case's other side for whom they acted before.

    A lawyer who acted for the other side as its applicant's provider may not act against it now (律师法第三十九条).
    Names are compared, since the other side is often known by name only.
    """
    names = list(
        CaseParty.objects.filter(case=case, role__in=["opponent", "contractor"]).values_list("party__name", flat=True)
    )
    if not names:
        return {}
    rows = Assignment.objects.filter(
        status__in=["accepted", "done", "released"],
        case__parts__role__in=["applicant", "co_applicant"], case__parts__party__name__in=names,
    ).values_list("practitioner_id", "practitioner__institution_id", "case__parts__party__name")  # fmt: skip
    found: dict[int, set[str]] = {}
    for practitioner, firm, name in rows:
        found.setdefault(practitioner, set()).add(name)
        found.setdefault(-firm, set()).add(name)
    return found
