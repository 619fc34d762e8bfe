"""What an assistant may ask of this installation: the law, its services and offices, and beginning a consultation.

Each tool calls what the API calls; nothing else is reachable, and only the last one writes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from django.http import HttpRequest
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from fahui.casework.cases.actions import Opening, open_case
from fahui.channels import limits
from fahui.channels.api import directory, laws, search
from fahui.channels.api.api import services_told
from fahui.channels.api.schemas import PersonIn, RegionCode
from fahui.channels.pages import reader_of
from fahui.foundation.people.actions import Person
from fahui.knowledge.answers.danger import alarm_in
from fahui.knowledge.citations.linking import looked_up

_OFFICE = {"name", "kind", "phone", "address", "opening_hours", "state", "until", "opens", "region_code", "metres"}
Words = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[^\x00]*$")]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SearchLaw(_In):
    """Find the articles of Chinese law that govern a question asked in everyday words. Quote only what is returned. Where `danger`
    is not null somebody may be hurt: say its words and phones first, before any law."""

    question: Words
    limit: Annotated[int, Field(ge=1, le=20)] = 8
    as_of: laws.Day = ""


class ReadArticle(_In):
    """The text of an article in force on a day, byte for byte, with its version. `citation`: 民法典第一千零七十六条, or any usual form."""

    citation: Words
    as_of: laws.Day = ""


class CheckCitations(_In):
    """Check every citation of law in a text: whether it exists and is in force on a day, and what it leads to."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=laws.LONGEST_TEXT, pattern=r"^[^\x00]*$")]
    as_of: laws.Day = ""


class ListServices(_In):
    """The public legal services of this city, their matters and what each form asks."""


class FindOffices(_In):
    """Offices and service points that help, with address, phone, opening hours and whether the door is open now (`unknown`: telephone
    first). `region`: only those inside this statistical code; `near` (longitude,latitude in WGS-84): the nearest first."""

    kind: directory.Kind = ""
    region: RegionCode | None = None
    near: directory.Near_ = ""
    open_now: bool = False


class StartConsultation(_In):
    """Begin a legal consultation for a resident who asked for it: a person answers. Ask them first; name and phone are theirs. Where
    `danger` comes back not null, say its words and phones at once."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00]*\S[^\x00]*$")]
    phone: Annotated[str, StringConstraints(min_length=5, max_length=30, pattern=r"^[^\x00]*$")]
    question: Annotated[str, StringConstraints(min_length=5, max_length=1500, pattern=r"^[^\x00]*$")]
    region: RegionCode


@dataclass(frozen=True)
class Tool:
    """One tool: its name, the shape of its arguments (whose docstring describes it), and what it does."""

    name: str
    takes: type[_In]
    run: Callable[[HttpRequest, Any], Any]
    writes: bool = False

    def told(self) -> dict[str, Any]:
        """As `tools/list` says it."""
        return {
            "name": self.name, "description": " ".join((self.takes.__doc__ or "").split()),
            "inputSchema": self.takes.model_json_schema(),
            "annotations": {"readOnlyHint": not self.writes, "destructiveHint": False, "openWorldHint": False},
        }  # fmt: skip


def _danger(request: HttpRequest, text: str) -> dict[str, Any] | None:
    """Whom to call first, if the words tell of danger: heard as on the pages."""
    heard, language = alarm_in(text), reader_of(request).language
    if heard is None:
        return None
    phones = [{"number": p.number, "name": p.name.text(language)} for p in heard.danger.phones]
    return {"kind": heard.danger.id, "name": heard.danger.name.text(language), "say": heard.danger.say.text(language), "phones": phones}


def _search(request: HttpRequest, asked: SearchLaw) -> Any:
    found = search.find_laws(request, q=asked.question, limit=asked.limit, as_of=asked.as_of, kind="", law="")
    return {"danger": _danger(request, asked.question), **found.model_dump(mode="json")}


def _article(request: HttpRequest, asked: ReadArticle) -> Any:
    found = laws.checked(looked_up(asked.citation, laws.day_of(asked.as_of)), laws.day_of(asked.as_of))
    day = asked.as_of or found.as_of.isoformat()
    ids = dict.fromkeys(one.article_id for cited in found.items for one in cited.citations if one.article_id)
    return {"citations": found, "articles": [laws.read_article(request, article_id=pk, as_of=day) for pk in list(ids)[:20]]}


def _check(request: HttpRequest, asked: CheckCitations) -> Any:
    return laws.check_text(request, text=asked.text, as_of=asked.as_of)


def _services(request: HttpRequest, asked: ListServices) -> Any:
    return {"services": services_told(request)}


def _offices(request: HttpRequest, asked: FindOffices) -> Any:
    page = directory.find_places("", asked.kind, asked.region or 0, asked.near, asked.open_now, "")
    return {"offices": [place.model_dump(mode="json", include=_OFFICE) for place in page.items]}


def _start(request: HttpRequest, asked: StartConsultation) -> Any:
    limits.check(request, "open")
    applicant = PersonIn(name=asked.name, phone=asked.phone)
    case = open_case(reader_of(request), Opening(
        service="consultation", matter="question", channel="api", region_code=asked.region,
        person=Person(name=applicant.name, phone=applicant.phone), details={"facts": asked.question},
    ))  # fmt: skip
    limits.count(request, "open")
    return {"danger": _danger(request, asked.question), "tracking_number": case.tracking_number, "next": "工作人员会按您留的电话联系您；凭编号可以随时查询进度。"}


TOOLS = {
    tool.name: tool for tool in (
        Tool("search_law", SearchLaw, _search), Tool("read_article", ReadArticle, _article),
        Tool("check_citations", CheckCitations, _check), Tool("list_services", ListServices, _services),
        Tool("find_offices", FindOffices, _offices), Tool("start_consultation", StartConsultation, _start, writes=True),
    )
}  # fmt: skip
