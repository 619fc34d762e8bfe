"""Taking a rating: one a case, by the person served, never by staff. A bad one opens a review by someone outside."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from fahui.casework.cases.actions import Opening, open_case
from fahui.casework.cases.models import Case
from fahui.casework.feedback.models import BAD, REASONS, Feedback, Invitation
from fahui.foundation import clock
from fahui.foundation.accounts.scope import SYSTEM, Reader, as_system
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Missing

REVIEW_SERVICE, REVIEW_MATTER = "complaint", "bad_rating"


def invitation(token: str) -> Invitation:
    """The invitation behind a link's secret. Run as the system. Raises Missing."""
    found = Invitation.objects.select_related("case").filter(token=token).first()
    if found is None:
        raise Missing(_("评价链接已失效。如需评价，请用编号查询后再评。"))
    return found


def refuse_staff(reader: Reader) -> None:
    """Raise Forbidden for whoever is signed in as staff: they may come by a link, but a rating is the word of the person served."""
    if reader.kind == "staff":
        raise Forbidden(_("评价只能由当事人自己作。您正以工作人员身份登录：请把链接交给当事人，在他自己的手机上打开。"))


@transaction.atomic
def rate(
    reader: Reader, token: str, score: int, reasons: Sequence[str] = (), comment: str = "", *,
    heard: bool | None = None, respected: bool | None = None, understood: bool | None = None,
) -> Feedback:  # fmt: skip
    """Take the rating of an invitation. Raises Forbidden (staff), Missing, Invalid, or Conflict (rated already)."""
    refuse_staff(reader)
    if score not in (1, 2, 3, 4, 5):
        raise Invalid(_("请选一个评价。"), fields={"score": _("请选一个评价")})
    if set(reasons) - {code for code, _words in REASONS}:
        raise Invalid(_("请从列出的原因里选。"), fields={"reasons": _("请从列出的原因里选")})
    if len(comment) > 1000 or "\x00" in comment:
        raise Invalid(_("内容太长，最多1000字。"), fields={"comment": _("最多1000字")})
    with as_system():
        found = invitation(token)
        case = Case.objects.select_for_update(of=("self",)).get(pk=found.case_id)
        if Feedback.objects.filter(case=case).exists():
            raise Conflict(_("这件事已经评价过了，谢谢您。"))
        feedback = Feedback.objects.create(
            case=case, score=score, reasons=list(reasons), comment=comment.strip(), heard=heard, respected=respected,
            understood=understood, at=clock.now(),
        )  # fmt: skip
        append(reader, Entry("feedback.given", case_id=case.pk, data={"score": score}))
        if score in BAD:
            feedback.review = _open_review(case, feedback)
            feedback.save(update_fields=["review"])
    return feedback


def _open_review(case: Case, feedback: Feedback) -> Case:
    """A review case at the bureau, outside whoever handled the matter; the rating's own words stay with it."""
    return open_case(SYSTEM, Opening(
        service=REVIEW_SERVICE, matter=REVIEW_MATTER, channel=case.channel, region_code=case.region_code,
        title=f"差评复核 {case.tracking_number}", party_id=case.applicant_id, origin_id=case.pk,
        details={"about_number": case.tracking_number, "score": feedback.score, "reasons": feedback.reasons,
                 "words": feedback.comment},
    ))  # fmt: skip
