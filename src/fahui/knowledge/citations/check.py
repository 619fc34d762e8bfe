"""Check the citations of a whole installation: which hold, which fail, which stand outside the law database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

from fahui.knowledge.citations.reading import parse
from fahui.knowledge.citations.resolving import Resolution, Status, resolve
from fahui.knowledge.citations.sources import Source, package_source
from fahui.knowledge.laws.numerals import NotANumber


class CitedPlace(NamedTuple):
    """Where a citation is written (`legal_aid/definition.yaml deadline decide`) and how (`法律援助法第四十三条`)."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One citation, where it stands and what became of it. `resolution` is None if no citation could be read at all."""

    place: CitedPlace
    resolution: Resolution | None
    reason: str

    def __str__(self) -> str:
        cited = str(self.resolution.citation) if self.resolution else f"“{self.place.text}”"
        return f"{self.place.place}: {cited}" + (f": {self.reason}" if self.reason else "")


@dataclass(slots=True)
class CitationReport:
    """Every citation in one of three lists. Only `failing` is a fault; `outside` must be held in its official text."""

    resolved: list[Checked] = field(default_factory=list)
    failing: list[Checked] = field(default_factory=list)
    outside: list[Checked] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether no citation fails."""
        return not self.failing


def check_citations(items: Iterable[CitedPlace], source: Source | None = None) -> CitationReport:
    """Read and resolve every citation in every text, today, in a source (the package's file).

    A text in which none can be read fails.
    """
    report, where = CitationReport(), source or package_source()
    for checked in (one for item in items for one in _check(item, where)):
        match checked.resolution and checked.resolution.status:
            case Status.RESOLVED:
                report.resolved.append(checked)
            case Status.OUTSIDE_SOURCE:
                report.outside.append(checked)
            case _:
                report.failing.append(checked)
    return report


def _check(item: CitedPlace, source: Source) -> Iterator[Checked]:
    try:
        citations = parse(item.text, source.titles())
    except NotANumber as error:
        yield Checked(item, None, _("引文中的数字无法识别（%(number)s），请改正") % {"number": error.text})
        return
    if not citations:
        yield Checked(item, None, _("没有读到引文，请写成“《法律名称》第几条”"))
    for citation in citations:
        resolution = resolve(citation, source)
        yield Checked(item, resolution, resolution.reason)
