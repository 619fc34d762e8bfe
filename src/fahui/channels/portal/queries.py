"""Reads of the portal that no other room needs. Cases are found through `cases.queries.visible`, or by a secret."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fahui.casework.cases.models import OWN_PARTS, Case, CaseParty, Message
from fahui.casework.cases.queries import get, visible
from fahui.casework.documents.models import IssuedDocument, Paper
from fahui.casework.feedback.models import Feedback, Invitation
from fahui.casework.notices.models import Outgoing
from fahui.foundation.accounts.scope import Reader, as_system
from fahui.foundation.errors import Missing
from fahui.foundation.people.models import Party
from fahui.foundation.people.queries import masked_phone
from fahui.foundation.regions.queries import children

# Papers that lawyers and case organs hand in: a resident is never asked for them.
OTHERS_BRING = frozenset({"closing_papers", "notice_letter"})
# Names that stand for "none given".
NAMELESS = frozenset({"", "匿名", "未填姓名"})


@functools.lru_cache(maxsize=512)
def below(code: int) -> tuple[tuple[int, str], ...]:
    """(code, name) of the regions right below one, in order. Kept in memory: regions change with a release of the city."""
    return tuple(children(code).values_list("code", "name"))


def home_of(reader: Reader) -> int | None:
    """Where a signed-in resident lives, as their record says."""
    found = Party.objects.filter(pk=reader.party_id).values_list("region_code", flat=True) if reader.party_id else []
    return next(iter(found), None)


def mine(reader: Reader, opened: Collection[int] = (), limit: int = 50) -> list[Case]:
    """The reader's matters: open ones first, newest first. Guarded ones only when opened by their number."""
    rows = visible(reader).select_related("handler", "provider__institution", "institution", "applicant")
    return [case for case in rows.order_by("-open", "-id")[:limit] if case.pk in opened or not guarded(case)]


def names_in(rows: Iterable[Case]) -> dict[int, str]:
    """Applicant names by party, for a helper who has several people's matters."""
    return dict(Party.objects.filter(pk__in={c.applicant_id for c in rows if c.applicant_id}).values_list("pk", "name"))


def case_by_id_with_secret(case_id: int) -> Case:
    """A case whose draft's secret the caller holds; run as the system."""
    found = Case.objects.select_related("institution", "handler", "provider__institution", "applicant")
    case = found.filter(pk=case_id).first()
    if case is None:
        raise Missing(_("没有找到这件事。"))
    return case


def papers(case: Case) -> list[Paper]:
    """Papers handed in and not taken back, oldest first."""
    return list(case.papers.filter(removed_at=None).select_related("file").order_by("id"))


def documents(case: Case) -> list[IssuedDocument]:
    """Documents issued to the applicant, newest first."""
    return list(case.documents.filter(deliveries__to_role="applicant").distinct().order_by("-id"))


def document(case: Case, document_id: int) -> IssuedDocument:
    """One document issued to the applicant. Raises Missing."""
    found = case.documents.filter(pk=document_id, deliveries__to_role="applicant").first()
    if found is None:
        raise Missing(_("没有这份文书。"))
    return found


def own_paper(case: Case, paper_id: int, reader: Reader) -> Paper:
    """A paper the reader handed in. Raises Missing."""
    found = case.papers.filter(pk=paper_id, removed_at=None, added_by_id=reader.user_id).select_related("file").first()
    if found is None:
        raise Missing(_("没有这份材料。"))
    return found


def messages(case: Case) -> list[Message]:
    """Messages between the applicant and those in charge, oldest first."""
    return list(case.messages.filter(audience="applicant").select_related("author").order_by("id"))


def inbox(reader: Reader, shown: Collection[int], limit: int = 8) -> list[Outgoing]:
    """The newest lines of the reader's inbox, about the matters that are shown."""
    rows = Outgoing.objects.filter(user_id=reader.user_id or 0, channel="inbox", case_id__in=shown)
    return list(rows.order_by("-id")[:limit])


def texts_of(case_id: int) -> list[dict[str, str]]:
    """What was texted about a case and to which phone, masked. Only for whoever holds the draft's secret."""
    with as_system():
        rows = list(Outgoing.objects.filter(case_id=case_id, channel="text").order_by("id")[:10])
        parties = {p.pk: masked_phone(p) for p in Party.objects.filter(pk__in=[r.party_id for r in rows])}
    return [
        {"to": parties.get(row.party_id or 0, ""), "text": row.text, "status": _(row.get_status_display())} for row in rows
    ]


def invitation_of(case: Case) -> Invitation | None:
    """The open invitation to rate a case; None when there is none or it was answered."""
    found = Invitation.objects.filter(case=case).first()
    return found if found and not Feedback.objects.filter(case=case).exists() else None


@dataclass(frozen=True)
class ByNumber:
    """What a matter's number opens beyond its progress: the address to rate it, and the answer to a question that
    nobody left a name for (its number is then the only way to read it)."""

    rate: str = ""
    answer: str = ""


def by_number(number: str) -> ByNumber:
    """See ByNumber. Nothing for a sealed matter."""
    with as_system():
        case = Case.objects.filter(tracking_number=number, sealed=False).first()
        if case is None:
            return ByNumber()
        invited = invitation_of(case)
    answer = str(case.details.get("answer_given") or "") if case.applicant_id is None else ""
    return ByNumber(f"/rate/{invited.token}" if invited else "", answer)


def rated(case_id: int) -> Feedback | None:
    """The rating of a case, if it was given."""
    return Feedback.objects.filter(case_id=case_id).first()


def acts_for(reader: Reader, case: Case) -> str:
    """The applicant's name when the reader acts for somebody else; empty for one's own matter."""
    if case.applicant is None or case.applicant_id == reader.party_id:
        return ""
    own = CaseParty.objects.filter(case=case, party_id=reader.party_id or 0, role__in=OWN_PARTS).exists()
    return "" if own else case.applicant.name


def members(case: Case) -> int:
    """How many people claim together."""
    return CaseParty.objects.filter(case=case, role__in=["applicant", "co_applicant"]).count()


def of_reader(reader: Reader, case_id: int, opened: Collection[int] = ()) -> Case:
    """One of the reader's own matters. Raises Missing, which never says whether there is one.

    A guarded matter opens only after its number was given on this visit (`opened`).
    """
    case = get(reader, case_id)
    if case.pk not in opened and guarded(case):
        raise Missing(_("没有找到这件事，或者您没有查看的权限。"))
    return case


def guarded(case: Case) -> bool:
    """Whether the phone alone proves too little: the matter is sealed, and texts to that phone are not safe."""
    return case.sealed and case.applicant is not None and case.applicant.contact.get("may_text") is False
