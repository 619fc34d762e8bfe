"""What residents change beyond the spine's own actions: handing an interview in, their own record, papers by secret."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from fahui.casework.cases.actions import Opening, open_case
from fahui.casework.cases.models import OWN_PARTS, Case, CaseAccess, CaseParty
from fahui.casework.companions.actions import start_group
from fahui.casework.documents.actions import add_paper
from fahui.casework.documents.models import IssuedDocument, Paper
from fahui.casework.drafts import actions as drafts
from fahui.casework.notices.senders import SendFailed, sender
from fahui.casework.receipts.actions import receive
from fahui.channels.portal import queries as portal
from fahui.channels.portal.interview import DONE, Interview
from fahui.channels.portal.words import contact_text
from fahui.foundation.accounts.actions import give_consent, send_code
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.scope import SYSTEM, Reader, as_system
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.errors import Conflict, Invalid
from fahui.foundation.people.actions import Person, set_identity
from fahui.foundation.people.models import Party
from fahui.foundation.vault.identity import birth_date, read_identity

MATERIALS_AT_ONCE = 10


class NotSent(Conflict):
    """The text message did not leave."""

    status = 503
    code = "not_sent"


def text_code(phone: str) -> None:
    """Text a one-time code. It says nothing of what it is for. Raises Invalid, TooMany or NotSent."""
    code = send_code(phone)
    _text(phone, _("验证码%(code)s，5分钟内有效，不要告诉别人。") % {"code": code}, "code")


def text_consent(phone: str) -> None:
    """Text a code to somebody who is helped: telling it to the helper is to agree. Raises Invalid, TooMany or NotSent."""
    code = send_code(phone, "phone.consent")
    words = _("有人请您同意替您办事。同意，就把验证码%(code)s告诉他（她），5分钟内有效；不同意，不用理会。")
    _text(phone, words % {"code": code}, "consent")


def text_link(phone: str, words: str) -> None:
    """Text the link to a draft, at once. Raises NotSent."""
    _text(phone, words, "resume")


def _text(phone: str, words: str, reference: str) -> None:
    try:
        sender()(phone, words, reference)
    except SendFailed as error:
        raise NotSent(_("短信没有发出去，请过一会儿再试，或者打12348由我们帮您办。")) from error


@transaction.atomic
def hand_in(interview: Interview, reader: Reader, consent_by: str = "") -> Case:
    """Open the case of an interview. Handing in twice gives the same case. `consent_by` says how the helped person agreed.

    Raises Invalid (with fields), Forbidden or Conflict.
    """
    drafts.save_answers(interview.draft, {})  # takes the draft's lock: the second of two clicks waits here
    answers = drafts.answers_of(interview.draft)
    if answers.get(DONE):
        with as_system():
            return portal.case_by_id_with_secret(int(answers[DONE]))
    interview.answers = answers
    person, party = _applicant(interview, reader)
    case = open_case(reader, Opening(
        service=interview.service_id, matter=interview.matter.id, channel="web", region_code=interview.region_code,
        title=_title(interview), person=person, party_id=party, details=_details(interview, reader),
        others=_helper(interview, reader), key=interview.draft.token,
    ))  # fmt: skip
    if consent_by and person is not None and case.applicant is not None:
        relation = str(interview.part("you").get("relation") or _("本人")) if interview.for_other else _("本人")
        with as_system():
            give_consent(reader, case.applicant, relation, consent_by)
    _empty(interview, case)
    return case


def _applicant(interview: Interview, reader: Reader) -> tuple[Person | None, int | None]:
    """(a new person, or the id of the reader's own record)."""
    you, contact = interview.part("you"), _contact(interview)
    if interview.for_other:
        helped = str(you.get("helped_name") or "")
        phone = str(you.get("helped_phone") or "")
        return (Person(helped or "匿名", phone=phone, contact=contact), None) if helped or phone else (None, None)
    name, identity = str(you.get("name") or ""), str(you.get("identity") or "")
    if reader.kind == "resident" and reader.party_id:
        if keep_own_record(reader, name, identity, contact):
            return None, reader.party_id
        return Person(name, phone=str(you.get("phone") or ""), identity=identity, contact=contact), None
    phone = str(you.get("phone") or "")
    return (Person(name or "匿名", phone=phone, contact=contact), None) if name or phone else (None, None)


def keep_own_record(reader: Reader, name: str, identity: str, contact: dict[str, Any]) -> bool:
    """Keep what a resident tells of themselves. False when the record of this phone bears another person's name."""
    with as_system():
        party = Party.objects.select_for_update().get(pk=reader.party_id or 0)
        if name and party.name not in portal.NAMELESS and party.name != name:
            return False
        told = []
        if name and party.name in portal.NAMELESS:
            party.name = name[:120]
            User.objects.filter(pk=reader.user_id or 0).update(name=name[:60])
            told.append("name")
        if identity and not party.identity:
            plain = read_identity(identity)
            set_identity(party, plain)
            party.birth_date = party.birth_date or birth_date(plain)
            told.append("identity")
        if contact:
            party.contact = {**party.contact, **contact}
            told.append("contact")
        if told:
            party.save()
            append(reader, Entry("party.completed", about=f"party:{party.pk}", data={"told": told}))
    return True


def _contact(interview: Interview) -> dict[str, Any]:
    """How to reach the person, as their record keeps it. About violence at home nothing is texted unless they said yes."""
    said = {k: v for k, v in interview.part("contact").items() if v not in (None, "")}
    if interview.private and said.get("may_text") is not True:
        said["may_text"] = interview.details.get("may_text") is True
    return said


def _details(interview: Interview, reader: Reader) -> dict[str, Any]:
    details = interview.details
    model = interview.model("details").model_fields
    you = interview.part("you")
    if interview.for_other and "representative_name" in model:
        details["representative_name"] = you.get("name") or reader.name
        details["representative_phone"] = you.get("phone") or ""
    if "cause_region" in model and not details.get("cause_region") and interview.part("place").get("county"):
        details["cause_region"] = int(interview.part("place")["county"])  # 事情在哪里: asked once
    if "safe_contact" in model and contact_text(interview.part("contact")):
        details["safe_contact"] = contact_text(interview.part("contact"))
    return details


def _helper(interview: Interview, reader: Reader) -> tuple[tuple[str, Person, dict[str, Any]], ...]:
    you = interview.part("you")
    if not interview.for_other:
        return ()
    # A proven helper is found by the account; the number of one who is not is the only way to reach them.
    phone = "" if reader.kind == "resident" else str(you.get("phone") or "")
    name = str(you.get("name") or reader.name or "匿名")
    return (("helper", Person(name, phone=phone), {"relation": str(you.get("relation") or "")[:40]}),)


def _title(interview: Interview) -> str:
    """A short name for lists: the matter, and for wages the site, which is no personal data."""
    site = str(interview.details.get("work_site") or "").strip()
    wages = interview.matter.id == "wages" or interview.details.get("matter_kind") == "wages"
    return f"讨薪 · {site}"[:120] if wages and site else ""


def _empty(interview: Interview, case: Case) -> None:
    """The draft keeps only which case it became, so that a second click finds it."""
    gone = dict.fromkeys(interview.answers)
    drafts.save_answers(interview.draft, {**gone, DONE: str(case.pk)})
    interview.answers = drafts.answers_of(interview.draft)


def done_case(interview: Interview) -> Case | None:
    """The case an interview became."""
    found = interview.answers.get(DONE)
    if not found:
        return None
    with as_system():
        return portal.case_by_id_with_secret(int(found))


@transaction.atomic
def add_files(reader: Reader, case: Case, material: str, files: list[UploadedFile]) -> list[Paper]:
    """Add papers to a case the reader sees, or whose secret they hold. All or none. Raises Invalid or Conflict."""
    if not files:
        raise Invalid(_("请先拍照或选文件。"), fields={"files": _("请先拍照或选文件")})
    if len(files) > MATERIALS_AT_ONCE:
        raise Invalid(_("一次最多10个文件，请分几次交。"), fields={"files": _("一次最多10个文件")})
    with as_system():
        return [add_paper(reader, case, material, str(f.name or ""), f.read()) for f in files]


@transaction.atomic
def share(reader: Reader, case: Case, by_secret: bool = False) -> Case:
    """A share code, so that co-workers can join one matter. `by_secret`: the caller holds the draft's token."""
    if by_secret:
        with as_system():
            return start_group(SYSTEM, case.pk)
    return start_group(reader, case.pk)


@transaction.atomic
def opened_document(reader: Reader, case: Case, document: IssuedDocument) -> None:
    """The applicant opened a document on line: that is its receipt, from which limits run. Later openings change nothing."""
    if reader.party_id is None or case.applicant_id != reader.party_id:
        return
    for delivery in document.deliveries.filter(to_role="applicant", received_at=None):
        receive(reader, case, delivery.pk, "online", "本人网上打开")


@transaction.atomic
def find_own_cases(user: User) -> int:
    """Let a resident who proved a phone see the matters brought with it by phone or at a window, in the same name.

    Where the person said that texts are not safe, a texted code proves too little: such matters stay out of reach.
    """
    with as_system():
        own = Party.objects.filter(pk=user.party_id or 0).first()
        if own is None or not own.phone_index or own.contact.get("may_text") is False:
            return 0
        same = Party.objects.filter(phone_index=bytes(own.phone_index), name=own.name, merged_into=None)
        parties = [p.pk for p in same if p.contact.get("may_text") is not False]
        cases = CaseParty.objects.filter(party_id__in=parties, role__in=OWN_PARTS).values_list(
            "case_id", flat=True
        )
        known = set(CaseAccess.objects.filter(user=user, why="applicant").values_list("case_id", flat=True))
        fresh = [CaseAccess(case_id=pk, user=user, why="applicant") for pk in set(cases) - known]
        CaseAccess.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)
