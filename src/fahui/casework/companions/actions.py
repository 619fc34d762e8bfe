"""Changes beside the definition's actions: notes, messages, urging, referral, groups, merging, opening up to others.

These are the same for every service, so no definition lists them. Each is one transaction with its right, its event
and its words, like any other action.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fahui.casework.cases.actions import Opening, first_answer, open_case, remember, touch
from fahui.casework.cases.models import Case, CaseAccess, CaseParty, Message, Referral, Urge
from fahui.casework.cases.permissions import standing
from fahui.casework.cases.queries import get
from fahui.casework.definitions.queries import definition_of
from fahui.casework.documents.actions import add_paper
from fahui.casework.documents.models import Paper
from fahui.casework.notices.actions import holders, tell
from fahui.casework.scheduling.actions import end_booking
from fahui.casework.scheduling.models import Booking
from fahui.foundation import clock
from fahui.foundation.accounts.models import User
from fahui.foundation.accounts.queries import held_posts, posts_on
from fahui.foundation.accounts.roles import CASE_READERS, SUPERVISING, Role
from fahui.foundation.accounts.scope import SYSTEM, Reader, as_system, scope_key
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.data import Words
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Missing
from fahui.foundation.identifiers import ALPHABET, read_code
from fahui.foundation.people.actions import Person, make_party
from fahui.foundation.people.models import Institution
from fahui.foundation.vault.crypto import sm3


def _locked(reader: Reader, case_id: int) -> Case:
    get(reader, case_id)
    return Case.objects.select_for_update(of=("self",)).select_related("applicant", "provider").get(pk=case_id)


def _must_work_on(reader: Reader, case: Case, what: str) -> None:
    if reader.kind != "system" and not standing(reader, case).works:
        raise Forbidden(_("您不能%(what)s：这件事不在您的职责范围内。") % {"what": what})


def _text(text: str, field: str, limit: int) -> str:
    plain = text.strip()
    if not plain:
        raise Invalid(_("请写上内容。"), fields={field: _("请写上内容")})
    if len(plain) > limit or "\x00" in plain:
        at_most = {"limit": limit}
        raise Invalid(_("内容太长，最多%(limit)s字。") % at_most, fields={field: _("最多%(limit)s字") % at_most})
    return plain


@transaction.atomic
def write_message(reader: Reader, case_id: int, text: str, audience: str) -> Message:
    """A note among staff (`internal`), or a message between applicant and those in charge (`applicant`).

    Raises Missing, Forbidden or Invalid.
    """
    plain = _text(text, "text", 4000)
    if audience not in {"internal", "applicant"}:
        raise Invalid(_("请选择发给谁。"), fields={"audience": _("请选择")})
    case = _locked(reader, case_id)
    roles = standing(reader, case).roles
    if reader.kind == "resident":
        if Role.APPLICANT not in roles or audience == "internal":
            raise Forbidden(_("您不能在这件事里留言。"))
    else:
        _must_work_on(reader, case, _("留言"))
    with as_system():
        message = Message.objects.create(
            case=case, audience=audience, author_id=reader.user_id, author_role=reader.acting_as, text=plain,
            at=clock.now(),
        )  # fmt: skip
        append(reader, Entry("message.written", case_id=case.pk, data={"audience": audience}))
        if audience == "applicant":
            tell(_other_side(reader, case), case, "message", _line(case, "有一条新留言，请查看。", "there is a new message."))
    return message


def _line(case: Case, zh: str, en: str) -> Words:
    """What somebody reads about a case in the inbox."""
    return Words(zh=f"{case.tracking_number} {zh}", en=f"{case.tracking_number}: {en}")


def _other_side(reader: Reader, case: Case) -> list[int]:
    if reader.kind == "resident":
        inside = [case.handler_id, case.provider.user_id if case.provider else None]
        found = [user for user in inside if user]
        return found or holders(case.owner, case.service, case.region_code)
    return list(
        User.objects.filter(kind="resident", party__parts__case=case, party__parts__role__in=["applicant", "co_applicant"])
        .values_list("pk", flat=True).distinct()
    )  # fmt: skip


@transaction.atomic
def hand_in(reader: Reader, case_id: int, material: str, name: str, data: bytes, key: str = "") -> Paper:
    """Add a paper to a case; a repeat with the same key gets the first one. Raises Missing, Forbidden, Invalid, Conflict."""
    request = sm3("\n".join([str(case_id), material, name, sm3(data).hex()]).encode())
    if first_answer(reader, key, request) is not None:
        found = Paper.objects.filter(case_id=case_id, material=material, file_id=sm3(data).hex()).order_by("id").first()
        if found is None:
            raise Missing(_("没有找到这件事，或者您没有查看的权限。"))
        return found
    case = _locked(reader, case_id)
    _must_work_on(reader, case, _("添加材料"))
    with as_system():
        paper = add_paper(reader, case, material, name, data)
        remember(reader, key, request, case)
    return paper


@transaction.atomic
def hand_to(reader: Reader, case_id: int, user_id: int, reason: str = "") -> Case:
    """Put a colleague in charge (or oneself). Raises Missing, Forbidden, Invalid (no post for this case)."""
    case = _locked(reader, case_id)
    _must_work_on(reader, case, _("转交经办人"))
    supervising = standing(reader, case).roles & {role.value for role in SUPERVISING}
    if case.handler_id and case.handler_id != reader.user_id and user_id != reader.user_id and not supervising:
        raise Forbidden(_("这件事有经办人，请由经办人或负责人转交。"))
    posts = held_posts(user_id, clock.today()) if User.objects.filter(pk=user_id, is_active=True).exists() else ()
    if not any(post.role in CASE_READERS and post.reaches(case.service, case.region_code) for post in posts):
        raise Invalid(_("这位同事没有办理这件事的岗位。"), fields={"user_id": _("请选择有相应岗位的同事")})
    case.handler_id = user_id
    touch(case, "handler")
    _let_see_only(case, user_id)
    append(reader, Entry("case.handed", case_id=case.pk, data={"handler": user_id, "reason": reason[:200]}))
    if user_id != reader.user_id:
        tell([user_id], case, "handed", _line(case, "转给您经办。", "you are in charge of it now."))
    return case


def _let_see_only(case: Case, user_id: int) -> None:
    """As the one in charge; whoever was before has no business in the file unless a post or another part lets them in."""
    with as_system():
        CaseAccess.objects.filter(case=case, why="handler").exclude(user_id=user_id).delete()
        CaseAccess.objects.bulk_create([CaseAccess(case=case, user_id=user_id, why="handler")], ignore_conflicts=True)


@transaction.atomic
def urge(reader: Reader, case_id: int, text: str, due: datetime) -> Urge:
    """督办: ask whoever is in charge for something by a moment. Raises Missing, Forbidden or Invalid."""
    plain = _text(text, "text", 400)
    case = _locked(reader, case_id)
    if not standing(reader, case).roles & {role.value for role in SUPERVISING}:
        raise Forbidden(_("只有督办员、负责人或局领导可以督办。"))
    if not case.open:
        raise Conflict(_("这件事已经办结，不需要督办。"))
    if due <= clock.now():
        raise Invalid(_("督办期限应在将来。"), fields={"due": _("请选择将来的时间")})
    made = Urge.objects.create(
        case=case, by_id=reader.user_id or 0, to_id=case.handler_id, text=plain, due=due, at=clock.now()
    )
    append(reader, Entry("case.urged", case_id=case.pk, data={"due": due.isoformat(timespec="minutes")}))
    to = [case.handler_id] if case.handler_id else holders(case.owner, case.service, case.region_code)
    by = due.astimezone(clock.SHANGHAI)
    tell(to, case, "urged", _line(
        case, f"被督办，请在{clock.month_day(by)} {by:%H:%M}前答复。", f"you are urged to answer by {clock.month_day(by, True)} {by:%H:%M}."
    ))  # fmt: skip
    return made


@transaction.atomic
def answer_urge(reader: Reader, urge_id: int, text: str) -> Urge:
    """Answer an urge; whoever urged is told. Raises Missing, Forbidden, Invalid or Conflict."""
    plain = _text(text, "answer", 400)
    found = Urge.objects.filter(pk=urge_id).first()
    if found is None:
        raise Missing(_("没有这条督办。"))
    case = _locked(reader, found.case_id)
    _must_work_on(reader, case, _("答复督办"))
    found = Urge.objects.select_for_update(of=("self",)).get(pk=urge_id)
    if found.answered_at:
        raise Conflict(_("这条督办已经答复过了。"))
    found.answer, found.answered_at = plain, clock.now()
    found.save(update_fields=["answer", "answered_at"])
    append(reader, Entry("urge.answered", case_id=case.pk))
    tell([found.by_id], case, "urge_answered", _line(case, "的督办已答复。", "what you urged is answered."))
    return found


@transaction.atomic
def refer(reader: Reader, case_id: int, institution_id: int, kind: str, reason: str) -> Referral:
    """Ask another organisation to take a case over (`transfer`) or to help with it (`referral`).

    Until they accept it stays ours. Raises Missing, Forbidden, Invalid (also where nobody is there to answer) or Conflict (one is
    waiting already).
    """
    plain = _text(reason, "reason", 400)
    case = _locked(reader, case_id)
    _must_work_on(reader, case, _("移交"))
    target = Institution.objects.filter(pk=institution_id, active=True).first()
    if target is None or kind not in {"transfer", "referral"}:
        raise Invalid(_("请选择接收机构和方式。"), fields={"institution_id": _("请选择接收机构")})
    if target.pk == case.institution_id:
        raise Invalid(_("这件事本来就由该机构办理。"), fields={"institution_id": _("请选择另一个机构")})
    here = posts_on(clock.today()).filter(institution=target, user__is_active=True)
    members = list(here.values_list("user_id", flat=True).distinct().order_by("user_id"))
    if not members:
        told = _("“%(name)s”还没有人在这里办事，发过去没有人看到。请打电话联系，或者交给管它的机构。") % {"name": target.name}
        raise Invalid(told, fields={"institution_id": _("请选择有人在这里办事的机构")})
    if not case.open:
        raise Conflict(_("这件事已经办结，不能移交。"))
    if case.referrals.filter(status="sent", kind="transfer").exists():
        raise Conflict(_("已有一个移交在等对方答复。"))
    made = Referral.objects.create(
        case=case, from_institution_id=case.institution_id, to_institution=target, kind=kind, reason=plain,
        sent_by=reader.user_id or 0, sent_at=clock.now(),
    )  # fmt: skip
    append(reader, Entry("case.referred", case_id=case.pk, data={"to": target.pk, "kind": kind}))
    with as_system():
        for user in members:
            CaseAccess.objects.bulk_create(
                [CaseAccess(case=case, user_id=user, why=f"referral:{made.pk}")], ignore_conflicts=True
            )
        wanted, wanted_en = ("接办", "take it over") if kind == "transfer" else ("协办", "help with it")
        tell(members, case, "referred", _line(case, f"请贵单位{wanted}，请答复。", f"your institution is asked to {wanted_en}. Please answer."))
    return made


@transaction.atomic
def answer_referral(reader: Reader, referral_id: int, accept: bool, text: str = "") -> Referral:
    """The other organisation accepts or refuses. Raises Missing, Forbidden, Invalid (refusal without reason), Conflict."""
    found = Referral.objects.filter(pk=referral_id).first()
    if found is None:
        raise Missing(_("没有这条移交。"))
    case = _locked(reader, found.case_id)
    found = Referral.objects.select_for_update(of=("self",)).select_related("to_institution").get(pk=referral_id)
    if not any(post.institution_id == found.to_institution_id for post in reader.posts):
        raise Forbidden(_("只有接收机构的人员可以答复。"))
    if found.status != "sent":
        raise Conflict(_("这条移交已经答复过了。"))
    if accept and not case.open:
        raise Conflict(_("这件事已经办结，不能再接办。"))
    if not accept:
        text = _text(text, "answer", 400)
    found.status, found.answer = ("accepted" if accept else "refused"), text.strip()[:400]
    found.answered_by, found.answered_at = reader.user_id, clock.now()
    found.save()
    moved: tuple[str, ...] = ()
    with as_system():
        if accept and found.kind == "transfer":
            number = definition_of(case.version_id).number
            case.institution_id, case.region_code = found.to_institution_id, found.to_institution.region_code
            case.scope_key, case.handler_id = scope_key(number, case.region_code), reader.user_id
            moved = ("institution", "region_code", "scope_key", "handler")
            _let_see_only(case, reader.user_id or 0)
        if not accept or found.kind == "transfer":  # whoever works on it now is let in by their post, or as its handler
            CaseAccess.objects.filter(case=case, why=f"referral:{found.pk}").delete()
        touch(case, *moved)
        append(reader, Entry("referral.accepted" if accept else "referral.refused", case_id=case.pk))
        word, word_en = ("已接收", "was accepted") if accept else ("已退回", "was sent back")
        tell([found.sent_by], case, "referral", _line(case, f"的移交{word}。", f"the referral {word_en}."))
    return found


@transaction.atomic
def start_group(reader: Reader, case_id: int) -> Case:
    """Make a case the head of a group matter and give it a share code others can join with."""
    case = _locked(reader, case_id)
    if reader.kind != "resident" or Role.APPLICANT not in standing(reader, case).roles:
        _must_work_on(reader, case, _("建立群体事项"))
    if case.share_code:
        return case
    case.share_code = "".join(secrets.choice(ALPHABET) for _place in range(6))
    touch(case, "share_code")
    append(reader, Entry("group.started", case_id=case.pk))
    return case


@transaction.atomic
def join_group(reader: Reader, share_code: str, person: Person, owed_fen: int | None = None, days: int | None = None) -> Case:
    """Join a group matter by its code: one more worker in the same file, not a new file.

    Raises Invalid, Missing (no such open group) or Conflict (this phone has joined already). Returns the group's case.
    """
    code = read_code(share_code)
    with as_system():
        found = Case.objects.filter(share_code=code, open=True).first() if code else None
        if found is None:
            raise Missing(_("没有这个群体编号，或已经办结。请向发给您编号的人核对。"))
        case = Case.objects.select_for_update(of=("self",)).get(pk=found.pk)
        party = make_party(person)
        if party.phone_index and case.parts.filter(party__phone_index=bytes(party.phone_index)).exists():
            raise Conflict(_("这个手机号已经加入了这件事，不用再填。"))
        party.save(force_insert=True)
        extra = {"owed_fen": owed_fen, "days": days}
        CaseParty.objects.create(
            case=case, party=party, role="co_applicant", extra={k: v for k, v in extra.items() if v is not None}
        )
        touch(case)
        append(reader, Entry("group.joined", case_id=case.pk, data={"members": case.parts.count()}))
    return case


def open_group(share_code: str) -> bool:
    """Whether a group that can be joined has this code."""
    code = read_code(share_code)
    with as_system():
        return bool(code) and Case.objects.filter(share_code=code, open=True).exists()


@transaction.atomic
def merge_repeat(reader: Reader, case_id: int, into_id: int) -> Case:
    """The same matter was brought twice: close this one into the other; the count of repeats is kept.

    Raises Missing, Forbidden, Invalid or Conflict. Returns the case that goes on.
    """
    if case_id == into_id:
        raise Invalid(_("不能并入自己。"), fields={"into": _("请选择另一件")})
    first, second = sorted((case_id, into_id))  # one order of locks for everybody
    locked = {pk: _locked(reader, pk) for pk in (first, second)}
    case, into = locked[case_id], locked[into_id]
    _must_work_on(reader, case, _("合并"))
    if case.merged_into_id or into.merged_into_id:
        raise Conflict(_("其中一件已经合并过了。"))
    if not case.open or not into.open or case.service != into.service:
        raise Conflict(_("只能把同一类、还没办结的事合并。"))
    now = clock.now()
    with as_system():
        case.merged_into, case.open, case.closed_at = into, False, now
        case.next_due, case.next_deadline = None, ""
        touch(case, "merged_into", "open", "closed_at", "next_due", "next_deadline")
        case.proposals.filter(status="open").update(status="stale", decided_at=now)
        for booking in Booking.objects.select_for_update().filter(case=case, status="booked"):
            end_booking(SYSTEM, booking.pk, "cancelled")
        case.deadlines.filter(ended_at=None).update(status="cancelled", ended_at=now, next_warning=None)
        into.repeats_count += 1
        touch(into, "repeats_count")
        append(reader, Entry("case.merged", case_id=case.pk, data={"into": into.tracking_number}),
               Entry("case.repeated", case_id=into.pk, data={"repeats": into.repeats_count}))  # fmt: skip
    return into


@transaction.atomic
def convert(reader: Reader, case_id: int, opening: Opening) -> Case:
    """Open a follow-up of another service from a case, with the same person and nothing asked twice."""
    case = get(reader, case_id)
    _must_work_on(reader, case, _("转办"))
    made = open_case(reader, replace(opening, party_id=case.applicant_id, person=None, origin_id=case.pk))
    append(reader, Entry("case.converted", case_id=case.pk, data={"to": made.tracking_number, "service": made.service}))
    return made


@transaction.atomic
def add_party(reader: Reader, case_id: int, role: str, person: Person) -> CaseParty:
    """Add someone with a part (opponent, guardian …). Raises Missing, Forbidden or Invalid."""
    case = _locked(reader, case_id)
    _must_work_on(reader, case, _("添加当事人"))
    if role not in dict(CaseParty.ROLES):
        raise Invalid(_("请选择此人的身份。"), fields={"role": _("请选择")})
    party = make_party(person)
    with as_system():
        party.save(force_insert=True)
        try:
            part = CaseParty.objects.create(case=case, party=party, role=role)
        except IntegrityError as error:
            raise Conflict(_("此人已在这件事里。")) from error
        touch(case)
        append(reader, Entry("party.added", case_id=case.pk, data={"role": role}))
    return part
