"""Publishing and withdrawing editions of open data."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from fahui.foundation import cities, clock
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.actions import Entry, append
from fahui.foundation.errors import Conflict, Forbidden, Invalid, Missing
from fahui.foundation.locks import hold
from fahui.foundation.regions.queries import children
from fahui.insight.figures.queries import Board, latest
from fahui.insight.figures.rules import FEW
from fahui.insight.opendata.content import Content, changes, published
from fahui.insight.opendata.queries import content_of, may_publish, newest, published_before, section_of
from fahui.standards.models import Edition, Run

LICENCE = ("可自由使用，请注明来源", "Free to use; please name the source")
"""On what terms the data may be used, where the city says nothing else."""
_LONGEST = 400  # characters of what is said about an edition
_LOCK = "open data editions"


def draft(reader: Reader, chosen: Collection[str], note: str, reason: str) -> tuple[Run, Content]:
    """The next edition as it would be published now. Nothing is written. Raises Forbidden, Missing (nothing measured), Invalid."""
    _may(reader)
    run = latest()
    board, city = Board(run), cities.current()
    results = board.results(city.region)
    counties = dict(children(city.region).order_by("code").values_list("code", "name"))
    found = published(board, results, chosen, counties, f"{city.name.zh}本级", section_of(), published_before(run.as_of))
    _refuse_unsaid(chosen, {one.id for one in found}, note)
    last = newest(withdrawn=True)
    before = newest()
    said = content_of(before) if before else None
    corrected = before if before is not None and before.as_of == run.as_of else None
    if corrected and not reason.strip():
        raise Invalid(
            _("第%(n)s版用的是同一天的数据，再出一版要写明改了什么、为什么改。") % {"n": corrected.number},
            fields={"reason": _("请写明改了什么、为什么改")},
        )
    licence = city.open_data_licence
    return run, Content(
        number=last.number + 1 if last else 1, city=city.name.zh, city_en=city.name.en, region=city.region, publisher=city.bureau.zh,
        publisher_en=city.bureau.en, policy=city.policy.title, as_of=run.as_of, records_at=run.records_at, note=note.strip(),
        reason=reason.strip(), corrects=corrected.number if corrected else None, licence=licence.zh if licence else LICENCE[0],
        licence_en=licence.en if licence else LICENCE[1], fewer_than=FEW, indicators=found,
        changes=changes(said, found, same_day=corrected is not None) if said else (),
    )  # fmt: skip


@transaction.atomic
def publish(
    reader: Reader, chosen: Collection[str], note: str, reason: str, *, number: int, run_id: int
) -> Edition:  # fmt: skip
    """Publish edition `number` as it was previewed on a run. The same again gives the edition that is there.

    Raises Forbidden, Missing, Invalid, and Conflict where somebody published meanwhile or was measured again: look again first.
    """
    _may(reader)
    hold(_LOCK)
    there = Edition.objects.filter(number=number).first()
    if there is not None:
        if _same(there, reader, chosen, note, run_id):
            return there
        raise Conflict(_("刚才有人发布了第%(n)s版，请重新预览再发布。") % {"n": number})
    run, content = draft(reader, chosen, note, reason)
    if run.pk != run_id or content.number != number:
        raise Conflict(_("预览以后又测量过，数变了，请重新预览再发布。"))
    made = Edition.objects.create(
        number=number, as_of=run.as_of, run=run, note=content.note, reason=content.reason, content=content.model_dump(mode="json"),
        digest=content.digest, made_by=reader.user_id, made_at=clock.now(),
    )  # fmt: skip
    told = {"number": number, "as_of": str(run.as_of), "indicators": len(content.indicators), "digest": content.digest}
    append(reader, Entry("open_data.published", about=f"edition:{number}", data=told))
    return made


@transaction.atomic
def withdraw(reader: Reader, number: int, reason: str) -> Edition:
    """Withdraw an edition: its figures are not shown any more, but that it was withdrawn, when and why. Raises Forbidden, Missing, Invalid, Conflict."""
    _may(reader)
    told = reason.strip()
    if not told or len(told) > _LONGEST:
        raise Invalid(_("撤回要写明原因。"), fields={"reason": _("请写明为什么撤回，最多%(n)s字，会对外公开") % {"n": _LONGEST}})
    row = Edition.objects.select_for_update().filter(number=number).first()
    if row is None:
        raise Missing(_("没有这一版。"))
    if row.withdrawn_at is not None:
        if row.withdrawn_by == reader.user_id and row.withdrawn_reason == told:
            return row
        raise Conflict(_("这一版已经撤回。"))
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = clock.now(), reader.user_id, told
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    append(reader, Entry("open_data.withdrawn", about=f"edition:{number}", data={"number": number}))
    return row


def _may(reader: Reader) -> None:
    if not may_publish(reader):
        raise Forbidden(_("公开数据要由市局领导或督办员来发布和撤回。"))


def _refuse_unsaid(chosen: Collection[str], found: set[str], note: str) -> None:
    if not chosen:
        raise Invalid(_("还没有选要公开的指标。"), fields={"chosen": _("请至少选一项")})
    if unfit := sorted(set(chosen) - found):
        raise Invalid(
            _("有%(count)s项现在没有可以公开的数：%(names)s。") % {"count": len(unfit), "names": "、".join(unfit[:5])},
            fields={"chosen": _("请去掉没有数的指标")},
        )
    if not note.strip() or len(note.strip()) > _LONGEST:
        raise Invalid(_("请写一句说明。"), fields={"note": _("写给市民看的一句话，最多%(n)s字") % {"n": _LONGEST}})


def _same(there: Edition, reader: Reader, chosen: Collection[str], note: str, run_id: int) -> bool:
    """Whether an edition is what is asked for again (a button pressed twice)."""
    ids = {one["id"] for one in there.content["indicators"]}
    return (there.made_by, there.run_id, there.note, ids) == (reader.user_id, run_id, note.strip(), set(chosen))
