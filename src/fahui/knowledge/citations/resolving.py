"""Looking citations up: what they lead to as of a day, or why they lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from fahui.foundation import clock
from fahui.knowledge.citations.outside import OutsideSource, outside_source
from fahui.knowledge.citations.reading import Citation
from fahui.knowledge.citations.sources import Held, Source, in_force, package_source
from fahui.knowledge.laws.numerals import to_chinese
from fahui.knowledge.laws.texts import Law, PlainArticle, label


class Status(StrEnum):
    """What became of a citation."""

    RESOLVED = "resolved"
    UNKNOWN_LAW = "unknown_law"
    NOT_IN_FORCE = "not_in_force"
    NO_SUCH_ARTICLE = "no_such_article"
    RENUMBERED = "renumbered"
    DOUBTED = "doubted"
    OUTSIDE_SOURCE = "outside_source"


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a citation leads to. `reason` says in the reader's language why it does not lead to an article in force.

    RENUMBERED gives the article as it stands now; RESOLVED as of an earlier day gives in `now` where it stands today under
    another number. DOUBTED gives what RESOLVED does, of a law that its source calls repealed without day or reason.
    """

    citation: Citation
    status: Status
    law: Law | None = None
    article: PlainArticle | None = None
    outside: OutsideSource | None = None
    reason: str = ""
    now: PlainArticle | None = None

    @property
    def failing(self) -> bool:
        """Whether the citation must be corrected before somebody relies on it."""
        return self.status not in (Status.RESOLVED, Status.OUTSIDE_SOURCE)


def resolve(citation: Citation, source: Source | None = None, day: date | None = None) -> Resolution:
    """Look a citation up as of a day (today) in a source (the package's file)."""
    return resolve_all([citation], source, day)[0]


def resolve_all(
    citations: Iterable[Citation], source: Source | None = None, day: date | None = None
) -> list[Resolution]:
    """Look citations up, in order: a law in force first, then the listed documents whose text is not at hand."""
    wanted = list(citations)
    held = (source or package_source()).held(wanted)
    on = day or clock.today()
    return [_resolve(citation, held, on) for citation in wanted]


def _resolve(citation: Citation, held: Held, day: date) -> Resolution:
    versions = held.versions(citation.title)
    law = in_force(versions, day)
    if citation.edition:
        named = (v for v in versions if citation.edition in {d.year for d in (v.issued_on, v.since) if d})
        law = next(named, law)
    if law is not None:
        return _resolve_in(law, citation, held, list(versions))
    if outside := outside_source(citation.title):
        return Resolution(citation, Status.OUTSIDE_SOURCE, outside=outside, reason=outside.note)
    if not versions:
        return _unknown(citation, held, day)
    first = versions[-1] if all(version.since and version.since > day for version in versions) else versions[0]
    reason = _("《%(law)s》%(why)s，不能引用") % {"law": citation.title, "why": _why_not(first, day)}
    return Resolution(citation, Status.NOT_IN_FORCE, law=first, reason=reason)


def _unknown(citation: Citation, held: Held, day: date) -> Resolution:
    """A law of which there is no text: one that another law of the store repealed, or none that is known."""
    ended = held.repealed(citation.title)
    if ended is None:
        return Resolution(citation, Status.UNKNOWN_LAW, reason=_("法律库中没有《%(law)s》，请核对名称") % {"law": citation.title})
    told = {"law": citation.title, "day": ended.since.isoformat(), "by": f"《{ended.law.title}》{ended.article.label}"}
    if ended.since <= day:
        return Resolution(citation, Status.NOT_IN_FORCE, reason=_("《%(law)s》自%(day)s起已废止（%(by)s），不能引用") % told)
    return Resolution(citation, Status.UNKNOWN_LAW, reason=_("法律库中没有《%(law)s》的文本，它自%(day)s起废止（%(by)s）") % told)


def _why_not(law: Law, day: date) -> str:
    if law.since and law.since > day:
        return _("在库中最早的文本自%(day)s起才施行，更早的没有收") % {"day": law.since.isoformat()}
    if law.until:
        return _("自%(day)s起已失效") % {"day": (law.until + timedelta(days=1)).isoformat()}
    if law.standing == "repealed":
        return _("已废止")
    return _("已被修改，库中没有修改后的文本") if law.standing == "amended" else _("已被新的版本取代")


def _resolve_in(law: Law, citation: Citation, held: Held, versions: list[Law]) -> Resolution:
    if citation.number is None:
        return _found(citation, law)
    if citation.before:
        citation = _one_before(law, citation, held)
    sub = citation.sub or 0
    article = held.article(law, citation.number or 0, sub)
    if article is None:
        return _moved(law, citation, held, versions) or Resolution(
            citation,
            Status.NO_SUCH_ARTICLE,
            law=law,
            reason=_("《%(law)s》没有%(article)s") % {"law": law.title, "article": _label(citation)},
        )
    if article.part(citation.paragraph, citation.item) is None:
        return Resolution(
            citation,
            Status.NO_SUCH_ARTICLE,
            law=law,
            reason=_("%(article)s没有所引的款或项") % {"article": article.label},
        )
    later = held.later(article)
    if later and later.law.since and later.law.since > clock.today():
        later = None  # made, but not in force yet
    return _found(citation, law, article, later.article if later else None)


def _found(citation: Citation, law: Law, article: PlainArticle | None = None, now: PlainArticle | None = None) -> Resolution:
    doubted = law.standing == "doubted" and law.until is None
    reason = _("《%(law)s》是否有效，请先核对：来源标为已废止，没有写从哪天起、由哪部法律废止") % {"law": law.title} if doubted else ""
    return Resolution(citation, Status.DOUBTED if doubted else Status.RESOLVED, law=law, article=article, reason=reason, now=now)


def _one_before(law: Law, citation: Citation, held: Held) -> Citation:
    """The article before the one cited, by its own number: before 第一百三十四条 stands 第一百三十三条之二."""
    if citation.sub:
        return replace(citation, sub=citation.sub - 1 or None, before=False)
    number, sub = (citation.number or 0) - 1, 0
    while held.article(law, number, sub + 1):
        sub += 1
    return replace(citation, number=number, sub=sub or None, before=False)


def _moved(law: Law, citation: Citation, held: Held, versions: list[Law]) -> Resolution | None:
    """A number that only the version before had, where its words stand under another one in this version."""
    for earlier in versions:
        old = held.article(earlier, citation.number or 0, citation.sub or 0)
        moved = held.later(old) if old and earlier.id != law.id else None
        if moved and moved.law.id == law.id:
            reason = _("《%(law)s》现行文本中这一条是%(article)s，请改正") % {
                "law": law.title,
                "article": moved.article.label,
            }
            return Resolution(citation, Status.RENUMBERED, law=law, article=moved.article, reason=reason)
    return None


def _label(citation: Citation) -> str:
    """第二十四条第二款, without the law."""
    written = label(citation.number or 0, citation.sub or 0)
    if citation.paragraph is not None:
        written += f"第{to_chinese(citation.paragraph)}款"
    return written + (f"第（{to_chinese(citation.item)}）项" if citation.item is not None else "")
