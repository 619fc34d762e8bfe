"""Reading reports that were issued."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from fahui.casework.documents.storage import read
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.errors import Missing
from fahui.standards.models import Report

PAGE = 50


def listed(reader: Reader, before: int = 0) -> list[Report]:
    """Reports on places in the reader's reach, newest first: a page and one more."""
    rows = Report.objects.filter(_reach(reader)).order_by("-id")
    return list((rows.filter(id__lt=before) if before else rows)[: PAGE + 1])


def one(reader: Reader, pk: int) -> Report:
    """A report. Raises Missing."""
    found = Report.objects.filter(_reach(reader), pk=pk).first()
    if found is None:
        raise Missing(_("没有这份报告。"))
    return found


def file_of(report: Report, kind: str) -> bytes:
    """The file as it went out: `docx` or `xlsx`."""
    return read(report.word if kind == "docx" else report.excel)


def _reach(reader: Reader) -> Q:
    if reader.kind == "system":
        return Q()
    found = Q(pk__in=[])
    for low, high in reader.regions:
        found |= Q(region_code__gte=low, region_code__lt=high)
    return found
