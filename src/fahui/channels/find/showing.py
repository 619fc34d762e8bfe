"""Groups and hits as pages show them: names in the reader's language, what was asked marked, one list of filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fahui.channels.answering import Shown, shown
from fahui.channels.desk.references import as_shown
from fahui.channels.desk.rows import Row, row
from fahui.channels.find.hits import Filters, Hit
from fahui.channels.find.law import KINDS
from fahui.channels.find.marks import marked
from fahui.channels.find.queries import Found
from fahui.channels.find.reading import Asked
from fahui.channels.portal.places.words import kind_options
from fahui.channels.portal.queries import below
from fahui.foundation import cities
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.people.models import Institution, Practitioner, Site
from fahui.foundation.regions.rules import contains
from fahui.knowledge.answers.composing import Quoted
from fahui.knowledge.content.models import CuratedAnswer, Reference
from fahui.knowledge.laws.models import Article

NAMES = {
    "cases": gettext_noop("事项"), "parties": gettext_noop("当事人"), "services": gettext_noop("能办的事"), "answers": gettext_noop("问答"),
    "references": gettext_noop("案例和话术"), "checks": gettext_noop("先判断一下"), "laws": gettext_noop("法律"), "offices": gettext_noop("地方"), "people": gettext_noop("律师等人员"),
}  # fmt: skip
ICONS = {"cases": "file", "parties": "user", "services": "ok", "answers": "chat", "references": "stamp", "checks": "ok", "laws": "book", "offices": "map", "people": "people"}
LAW_KINDS = {"law": gettext_noop("法律"), "interpretation": gettext_noop("司法解释"), "regulation": gettext_noop("行政法规")}
_NAMES_SOUND = {"offices", "people", "services", "checks", "laws"}


@dataclass(frozen=True)
class Line:
    """A hit of a page, marked. An answer, article or case brings itself along."""

    title: SafeString
    href: str
    under: str
    text: SafeString
    phone: str
    answer: dict[str, Any] | None = None
    reference: dict[str, Any] | None = None
    article: Shown | None = None
    article_text: SafeString = SafeString("")
    case: Row | None = None
    chinese: bool = False


@dataclass(frozen=True)
class Section:
    """A group of a page."""

    id: str
    name: str
    icon: str
    lines: list[Line]
    following: str


def sections(found: Found, reader: Reader) -> list[Section]:
    """Every group that holds something."""
    return [
        Section(id_, _(NAMES[id_]), ICONS[id_], [_line(hit, id_, found.asked, reader) for hit in page.hits], page.following)
        for id_, page in found.groups.items()
    ]


def _line(hit: Hit, group: str, asked: Asked, reader: Reader) -> Line:
    of = hit.of
    article = shown(Quoted(of, hit.title)) if isinstance(of, Article) else None
    return Line(
        marked(hit.title, asked, group in _NAMES_SOUND), hit.href, hit.under, marked(hit.text, asked), hit.phone,
        _answer(of, reader.language, asked) if isinstance(of, CuratedAnswer) else None,
        as_shown(of, reader.language.startswith("en")) if isinstance(of, Reference) else None, article,
        marked(article.text, asked) if article else SafeString(""), row(of, reader) if group == "cases" else None, group == "laws",
    )  # fmt: skip


def _answer(row: CuratedAnswer, language: str, asked: Asked) -> dict[str, Any]:
    english = language.startswith("en")
    return {
        "slug": row.slug, "text": marked(row.answer_en if english else row.answer_zh, asked),
        "steps": row.steps_en if english else row.steps_zh, "citations": row.citations, "reviewed": bool(row.reviewer_id),
    }  # fmt: skip


def also(asked: Asked) -> dict[str, Any]:
    """What else was looked for: words put right, and the law's words for everyday ones."""
    return {"mended": [{"typed": typed, "meant": meant} for typed, meant in asked.mended], "legal": list(asked.legal[:6])}


def filters_of(given: Mapping[str, str]) -> Filters:
    """The filters in a form or an address; what is no filter is left out."""
    region, day = given.get("region", ""), given.get("on", "")
    code = int(region) if region.isdecimal() and len(region) == 12 else 0
    try:
        on = date.fromisoformat(day) if day else None
    except ValueError:
        on = None
    return Filters(
        region=code if code and contains(cities.current().region, code) else None,
        office=_one_of(given.get("office", ""), dict([*Institution.KINDS, *Site.KINDS])), people=_one_of(given.get("people", ""), dict(Practitioner.KINDS)),
        law=_one_of(given.get("law", ""), KINDS), day=on,
    )  # fmt: skip


def _one_of(given: str, known: Mapping[str, Any]) -> str:
    return given if given in known else ""


def filter_fields(filters: Filters, group: str) -> list[dict[str, Any]]:
    """The fields that narrow a search: all of them for everything, those of a group for a group."""
    fields: dict[str, dict[str, Any]] = {
        "region": {"label": _("哪个区县"), "kind": "select", "value": str(filters.region or ""),
                   "options": [(str(code), name) for code, name in below(cities.current().region)]},
        "office": {"label": _("哪种地方"), "kind": "select", "value": filters.office, "options": kind_options()},
        "people": {"label": _("哪种人员"), "kind": "select", "value": filters.people, "options": list(Practitioner.KINDS)},
        "law": {"label": _("哪种法律"), "kind": "select", "value": filters.law, "options": list(LAW_KINDS.items())},
        "on": {"label": _("哪一天施行的"), "kind": "date", "value": filters.day, "hint": _("不填就是今天")},
    }  # fmt: skip
    wanted = {"offices": ("region", "office"), "people": ("region", "people"), "laws": ("law", "on"), "answers": ("region",)}
    return [{"name": name, **fields[name]} for name in wanted.get(group, () if group else fields)]


def kept(filters: Filters) -> dict[str, str]:
    """The filters as a form or an address carries them on."""
    given = {"region": str(filters.region or ""), "office": filters.office, "people": filters.people, "law": filters.law,
             "on": filters.day.isoformat() if filters.day else ""}  # fmt: skip
    return {name: value for name, value in given.items() if value}
