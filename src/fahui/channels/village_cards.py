"""The card of a village: its own counsel, mediator and station, their hours and phones, and the hotline.

Made from the postings and sites on record, never typed. The portal shows and prints one; the desk prints a township's as one PDF.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import typst
from django.conf import settings
from django.utils.translation import gettext as _

from fahui.channels.qr import qr_rows
from fahui.foundation import cities
from fahui.foundation.directory import queries
from fahui.foundation.people.models import Institution, Posting, Site
from fahui.foundation.regions.models import Region
from fahui.foundation.regions.queries import names_of
from fahui.foundation.regions.rules import ancestors
from fahui.foundation.worktime.opening import readable, told

_STATIONS = ("service_room", "service_station", "counsel_point", "service_centre")
_OFFICES = ("judicial_office", "legal_aid_agency")


@dataclass(frozen=True)
class Line:
    """One entry: who or what, with phone and when."""

    title: str
    name: str
    phone: str
    hours: str
    address: str = ""


@dataclass(frozen=True)
class Card:
    """A village's card."""

    code: int
    village: str
    place: str
    people: list[Line]
    places: list[Line]
    hotline: str
    bureau: str
    url: str


def cards(villages: Sequence[Region], today: date) -> list[Card]:
    """The cards of villages of one township, in their order. Six queries however many there are."""
    codes = [village.code for village in villages]
    above = ancestors(codes[0])[:2] if codes else []
    serving = queries.serving([*codes, *above[:1]], [*queries.COUNSEL_ROLES, *queries.MEDIATOR_ROLES], today)
    sites = [site for site in queries.sites_in([*codes, *above]) if site.kind in _STATIONS]
    offices = queries.offices_in(above, _OFFICES)
    names = names_of(above)
    where = "".join(names.get(code, "") for code in reversed(above))
    city = cities.current()
    return [
        Card(
            village.code, village.name, where, _people(serving, village.code, above), _places(sites, offices, village.code, above),
            city.hotline, city.bureau.text(), f"{settings.PUBLIC_URL}/places/card/{village.code}",
        )
        for village in villages
    ]  # fmt: skip


def _people(serving: Sequence[Posting], village: int, above: Sequence[int]) -> list[Line]:
    """The village's own counsel and mediators; of the township where it has none. A card that names the one says that the other is missing."""
    found: list[Line] = []
    missing: list[Line] = []
    for roles, title in ((queries.COUNSEL_ROLES, _("法律顾问")), (queries.MEDIATOR_ROLES, _("人民调解员"))):
        fitting = [p for p in serving if p.role in roles]
        own = [p for p in fitting if p.target_region == village] or [p for p in fitting if p.target_region in above]
        found += [_person(posting, title) for posting in own[:2]]
        missing += [] if own else [Line(title, _("还没有登记"), "", _("请打下面的热线"))]
    return [*found, *missing] if found else []


def _person(posting: Posting, title: str) -> Line:
    person = posting.practitioner
    assert person is not None  # `serving` gives no other
    firm = person.institution
    return Line(title, person.name, posting.phone or firm.phone, posting.office_hours, firm.name)


def _places(sites: Sequence[Site], offices: Sequence[Institution], village: int, above: Sequence[int]) -> list[Line]:
    """The nearest station on record (the village's own before the township's before the county's), and the offices above."""
    levels = [village, *above]
    near = [s for s in sites if s.region_code in levels]
    near.sort(key=lambda s: (levels.index(s.region_code), _STATIONS.index(s.kind)))
    found = [_line(row, _(dict(Site.KINDS)[row.kind])) for row in near[:1]]
    chosen: dict[str, Institution] = {}
    for office in offices:  # ordered by region: a township's own comes after its county's
        chosen[office.kind] = office
    return found + [_line(chosen[kind], _(dict(Institution.KINDS)[kind])) for kind in _OFFICES if kind in chosen]


def _line(row: Site | Institution, title: str) -> Line:
    hours = readable(row.opening_hours)
    return Line(title, row.name, row.phone, told(hours) if hours else row.opening_hours, row.address)


_TYPST = """
#let d = json(bytes(sys.inputs.content))
#set document(title: d.title)
#set page(paper: "a5", margin: (x: 1.4cm, y: 1.3cm))
#set text(font: ("Noto Sans SC",), size: 12pt, lang: "zh", region: "cn")
#set par(leading: 0.6em, spacing: 0.75em)
#let dark = rgb(d.colour)
#let line(l, big) = block(width: 100%, below: 0.7em, breakable: false)[
  #text(size: 10.5pt, fill: luma(70))[#l.title]#h(0.6em)#text(size: if big { 16pt } else { 12.5pt }, weight: "bold")[#l.name]
  #if l.phone != "" [#linebreak()#text(size: if big { 19pt } else { 14pt }, weight: "bold", fill: dark)[☎ #l.phone]]
  #if l.hours != "" [#linebreak()#l.hours]
  #if l.address != "" [#linebreak()#text(size: 10.5pt)[#l.address]]
]
#let qr(rows) = {
  let side = 2.6cm / rows.len()
  box(width: 2.6cm, height: 2.6cm, for (y, row) in rows.enumerate() {
    for (x, dot) in row.clusters().enumerate() {
      if dot == "1" { place(dx: x * side, dy: y * side, rect(width: side + 0.05pt, height: side + 0.05pt, fill: black)) }
    }
  })
}
#for (n, c) in d.cards.enumerate() [
  #if n > 0 { pagebreak() }
  #text(size: 10.5pt)[#c.place]
  #text(size: 21pt, weight: "bold")[#c.village]#h(0.4em)#text(size: 14pt)[#d.heading]
  #v(0.1em)
  #std.line(length: 100%, stroke: 1.2pt + dark)
  #if c.people.len() == 0 [#block[#d.nobody]]
  #for l in c.people { line(l, true) }
  #for l in c.places { line(l, false) }
  #v(1fr)
  #std.line(length: 100%, stroke: 0.6pt + luma(140))
  #grid(columns: (1fr, auto), column-gutter: 0.5cm, align: (left + horizon, right),
    [#text(size: 11pt)[#d.call]#linebreak()#text(size: 25pt, weight: "bold", fill: dark)[☎ #c.hotline]#linebreak()#text(size: 9pt)[#c.bureau　#d.made]],
    qr(c.qr))
]
"""


def pdf(found: Sequence[Card], made: str) -> bytes:
    """The cards as one PDF, an A5 page each: two on an A4 sheet by the printer's own setting."""
    spec = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package pylopdf-fonts-zh-cn is missing")
    body = {
        "title": _("村（居）法律服务卡"), "heading": _("法律服务卡"), "call": _("有法律问题随时打，免费"), "made": made,
        "nobody": _("法律顾问、调解员还没有登记，请打下面的热线。"), "colour": cities.current().theme.dark,
        "cards": [{**asdict(card), "qr": qr_rows(card.url)} for card in found],
    }  # fmt: skip
    return bytes(typst.compile(  # type: ignore[misc] # its published types have one type variable for input and output
        _TYPST.encode(), sys_inputs={"content": json.dumps(body, ensure_ascii=False)}, font_paths=[str(Path(spec.origin).parent)],
        ignore_system_fonts=True,
    ))  # fmt: skip
