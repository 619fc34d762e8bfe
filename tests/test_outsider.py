"""The outsider: every address, export, search, count and API operation, as every member of the cast.

A plain-Python oracle says who may see which case. Every case carries marks that stand nowhere else (its number, its
people's names, its story); a mark of a case in an answer to someone who may not see that case is a leak, wherever it is.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from fahui.casework.cases.actions import Opening, open_case
from fahui.casework.cases.models import Case, CaseAccess
from fahui.casework.companions.actions import write_message
from fahui.casework.documents.actions import add_paper
from fahui.casework.exports.actions import Wish, ask
from fahui.casework.exports.models import Export
from fahui.casework.imports.actions import Wish as Brought
from fahui.casework.imports.actions import ask as hand_in
from fahui.casework.imports.models import Import
from fahui.casework.openings.actions import note_opening
from fahui.casework.openings.queries import Week
from fahui.channels.desk.bringing import bring
from fahui.channels.desk.making import make
from fahui.foundation import clock
from fahui.foundation.accounts.actions import make_key
from fahui.foundation.accounts.scope import reading_as
from fahui.foundation.people.actions import Person
from fahui.foundation.people.models import Institution, Practitioner
from fahui.insight.figures.queries import Board
from fahui.insight.opendata.actions import publish
from fahui.insight.opendata.content import choosable
from fahui.knowledge.content.models import CuratedAnswer, Reference
from fahui.knowledge.laws.actions import import_laws
from fahui.knowledge.laws.models import LawWork
from fahui.standards.actions import measure
from tests.cast import CITY, COUNTY, NEIGHBOUR, TOWNSHIP, Cast
from tests.knowledge.texts import plain

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
NEIGHBOUR_TOWN = 511123100000
COUNTED = "IND-LESH-009"  # cases of legal aid to ten thousand residents: its records are cases
STAFF = ["agent", "clerk", "reviewer", "neighbour", "city", "lawyer", "lawyer_b", "officer", "leader", "evaluator", "admin"]
EVERYONE = [*STAFF, "resident", "nobody"]


@dataclass(frozen=True)
class Marked:
    """A case with its marks, and what the oracle needs to know of it."""

    case: Case
    name: str
    story: str
    service: str
    county: int
    sealed: bool
    institution: str
    opened_by: str
    provider: str = ""
    applicant: str = ""

    @property
    def marks(self) -> list[str]:
        """Texts that stand in no other case and on no page of their own."""
        return [self.case.tracking_number, self.name, self.story]


def may_see(who: str, marked: Marked) -> bool:
    """The oracle: who may know of a case. Written from the rules in words, not from the code."""
    if who == marked.opened_by or who == marked.provider or who == marked.applicant:
        return True  # whoever brought it, serves it, or it is about
    if marked.sealed:  # only the staff cleared for sealed cases of the institution that handles it
        cleared = {"reviewer": ("legal_aid", COUNTY, "aid"), "neighbour": ("legal_aid", NEIGHBOUR, "aid_neighbour")}
        if who not in cleared:
            return False
        service, county, institution = cleared[who]
        return (marked.service, marked.county, marked.institution) == (service, county, institution)
    posts = {
        "agent": ("consultation", None), "clerk": ("*", COUNTY), "reviewer": ("legal_aid", COUNTY),
        "neighbour": ("legal_aid", NEIGHBOUR), "city": ("legal_aid", None), "officer": ("*", None), "leader": ("*", None),
    }  # fmt: skip
    if who not in posts:
        return False  # lawyers see what they serve; evaluators and administrators no case; residents their own
    service, county = posts[who]
    return service in ("*", marked.service) and county in (None, marked.county)


@pytest.fixture
def marked(cast: Cast) -> list[Marked]:
    """Cases of two services in two counties, open to view and sealed, by different people."""
    found = [
        _case(cast, "clerk", "legal_aid", "civil", TOWNSHIP, COUNTY, "马一标", "故事标记甲", "aid", {"matter_kind": "wages"}),
        _case(cast, "clerk", "legal_aid", "civil", TOWNSHIP, COUNTY, "马二标", "故事标记乙", "aid",
              {"matter_kind": "domestic_violence"}, sealed=True),
        _case(cast, "neighbour", "legal_aid", "civil", NEIGHBOUR_TOWN, NEIGHBOUR, "马三标", "故事标记丙", "aid_neighbour",
              {"matter_kind": "support"}),
        _case(cast, "agent", "consultation", "question", TOWNSHIP, COUNTY, "马四标", "故事标记丁", "hotline", {}),
        _case(cast, "agent", "consultation", "question", NEIGHBOUR_TOWN, NEIGHBOUR, "马五标", "故事标记戊", "hotline", {}),
        _resident_case(cast),
        _assigned(cast),
    ]  # fmt: skip
    for each in found:  # somebody opened the sealed one this week: the list of openings has something to hide
        note_opening(cast["reviewer"], each.case)
    _export(cast)
    _import(cast)
    return found


def _export(cast: Cast) -> None:
    """The clerk's work list as a file, which holds what the clerk may see, for the clerk alone."""
    with reading_as(cast["clerk"]):
        export, _new = ask(cast["clerk"], Wish("worklist", "order=newest", "核对数据", "csv", "zh-hans"))
    make(export.pk)
    assert Export.objects.get(pk=export.pk).rows >= 3


def _import(cast: Cast) -> None:
    """A table that was refused, in which a person of a matter is named: its list of faults is the officer's alone."""
    with reading_as(cast["officer"]):
        table, _new = hand_in(cast["officer"], Brought("activities", "a.csv", "csv", "核对数据", "zh-hans"),
                              "活动种类,名称,哪一天,时长（分钟）,地点,谁提供的\n法治讲座,讲座,2026-05-08,90,马一标,马一标\n".encode())  # fmt: skip
    bring(table.pk)
    assert Import.objects.get(pk=table.pk).faults == 2


def _case(cast: Cast, who: str, service: str, matter: str, region: int, county: int, name: str, story: str,
          institution: str, details: dict[str, Any], sealed: bool = False) -> Marked:  # fmt: skip
    reader = cast[who]
    with reading_as(reader):
        case = open_case(reader, Opening(
            service=service, matter=matter, channel="window", region_code=region, title=f"{story}标题",
            person=Person(name=name, phone=f"1700001{sum(map(ord, story)) % 10000:04d}"), details=details | _story(service, story),
        ))  # fmt: skip
        add_paper(reader, case, "case_papers", f"{story}材料.png", PNG)
        write_message(reader, case.pk, f"{story}内部备注", "internal")
    case = Case.objects.get(pk=case.pk)
    assert case.sealed == sealed, (case.sealed, story)
    return Marked(case, name, story, service, county, sealed, institution, who)


def _story(service: str, story: str) -> dict[str, Any]:
    return {"facts": f"{story}经过"}


def _resident_case(cast: Cast) -> Marked:
    resident = cast["resident"]
    with reading_as(resident):
        case = open_case(resident, Opening(
            service="legal_aid", matter="civil", channel="web", region_code=TOWNSHIP, title="故事标记己标题",
            party_id=resident.party_id, details={"matter_kind": "pension", "facts": "故事标记己经过"},
        ))  # fmt: skip
    return Marked(case, "李小婶", "故事标记己", "legal_aid", COUNTY, False, "aid", "resident", applicant="resident")


def _assigned(cast: Cast) -> Marked:
    found = _case(cast, "clerk", "legal_aid", "civil", TOWNSHIP, COUNTY, "马七标", "故事标记庚", "aid", {"matter_kind": "wages"})
    Case.objects.filter(pk=found.case.pk).update(provider=cast.lawyers["lawyer"])
    CaseAccess.objects.create(case=found.case, user=cast.users["lawyer"], why="provider")
    return Marked(**{**found.__dict__, "provider": "lawyer"})


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, prefix + str(entry.pattern))
        else:
            yield prefix + str(entry.pattern), entry


SKIPPED = ("accounts/", "static/")  # allauth's own pages hold no case; static files neither


def addresses(found: list[Marked]) -> list[str]:
    """Every address of the installation, with every case (and what belongs to it) filled in, and every search."""
    urls: set[str] = set()
    values = _values(found)
    for route, pattern in _patterns(get_resolver()):
        if route.startswith(SKIPPED) or "^" in route:
            continue
        names = list(pattern.pattern.converters)
        for chosen in itertools.product(*(values.get(name, values["*"]) for name in names)) if names else [()]:
            path = route
            for name, value in zip(names, chosen, strict=True):
                converter = next(c for c in _holders(path) if c.endswith(f":{name}>") or c == f"<{name}>")
                path = path.replace(converter, str(value), 1)
            urls.add("/" + path)
    for word in [mark for m in found for mark in m.marks] + ["标题", "马", "170000"]:
        urls |= {f"/desk/search?q={word}", f"/desk/search?q={word}&group=cases", f"/api/v1/find?q={word}", f"/desk/hotline?phone={word}", f"/desk/team?q={word}"}
    urls |= {"/desk/search?q=mayibiao", "/desk/search?q=%E9%A9%AC%E4%B8%80%E8%A1%A8"}
    monday = Week.of(clock.today()).monday
    urls |= {f"/desk/openings?week={monday}", f"/desk/openings?week={monday - timedelta(days=7)}"}
    urls |= {"/desk/team?overdue=1", "/desk/team?service=legal_aid", "/desk/export?list=team&reason=核对数据",
             "/desk/export?list=newest&reason=核对数据", "/desk/export?list=mine&reason=核对数据"}  # fmt: skip
    for place in (CITY, COUNTY, NEIGHBOUR):
        urls |= {f"/cockpit/targets/?by=clause&region={place}", f"/cockpit/targets/{COUNTED}?region={place}", f"/api/v1/indicators?format=csv&region={place}"}
        urls |= {f"/cockpit/returns?region={place}{more}" for more in ("", "&format=csv", "&what=entry:exam_return@3")} | {f"/api/v1/returns?region={place}"}
        urls |= {f"/cockpit/targets/{COUNTED}/records?region={place}&met={met}" for met in ("", "0", "1")}
    return sorted(urls)


def _holders(path: str) -> list[str]:
    return ["<" + part.split(">", 1)[0] + ">" for part in path.split("<")[1:]]


def _values(found: list[Marked]) -> dict[str, list[Any]]:
    cases = [m.case.pk for m in found]
    import_laws([plain("某援助法", date(2021, 8, 20), "甲。")])
    papers = [p.pk for m in found for p in m.case.papers.all()]
    return {
        "case_id": cases, "paper_id": papers[:3], "document_id": [1], "kind": ["pdf"], "alert": ["overdue", "unclaimed", "soon"],
        "service": ["legal_aid"], "matter": ["civil"], "action_id": ["accept"], "action": ["accept"], "booking_id": [1],
        "user_id": [1], "practitioner_id": list(Practitioner.objects.values_list("pk", flat=True)[:2]), "tracking_number": ["FH000000000000"], "number": ["FH000000000000", 1], "token": ["x" * 22],
        "code": ["ABCDEF"], "graph_id": ["where", "aid", "days", "bring"],
        "law_id": list(LawWork.objects.values_list("pk", flat=True)), "article_number": ["1"], "answer_id": list(CuratedAnswer.objects.values_list("pk", flat=True)[:1]), "step": ["publish"],
        "reference_id": list(Reference.objects.values_list("pk", flat=True)[:1]), "content_kind": ["precedent", "script"],
        "what": ["institution", "practitioner", "site"], "pk": [next(iter(Practitioner.objects.values_list("pk", flat=True)), 1), next(iter(Institution.objects.values_list("pk", flat=True)), 1)],
        "export_id": list(Export.objects.values_list("pk", flat=True)), "import_id": list(Import.objects.values_list("pk", flat=True)), "register_id": ["honour"], "entry_id": [1], "activity_id": [1], "indicator": [COUNTED, "IND-LESH-024"],
        "*": [1],
    }  # fmt: skip


def _client(cast: Cast, who: str) -> Client:
    client = Client(raise_request_exception=False)
    if who != "nobody":
        client.force_login(cast.users[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _text(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", errors="ignore")


@pytest.mark.parametrize("who", EVERYONE)
def test_no_page_shows_anyone_a_case_they_may_not_see(who: str, cast: Cast, marked: list[Marked], settings: Any):
    settings.STAFF_MFA_REQUIRED = False
    run = measure(clock.today(), "postgres")
    everything = [result.indicator.id for result in choosable(Board(run).results(CITY))]
    publish(cast["leader"], everything, "主要指标", "", number=1, run_id=run.pk)
    client, leaks, broken = _client(cast, who), [], []
    hidden = [m for m in marked if not may_see(who, m)]
    for url in addresses(marked):
        response = client.get(url)
        if response.status_code >= 500 and not url.startswith("/readyz"):
            broken.append((url, response.status_code))
        text = _text(response)
        # What was typed into a search box is shown again there; that is not a leak.
        typed = url.partition("?")[2].partition("=")[2].partition("&")[0]
        leaks += [(url, mark) for m in hidden for mark in m.marks if mark in text and mark != typed]
    assert not broken, [url for url, _status in broken[:8]]
    assert not leaks, leaks[:5]


@pytest.mark.parametrize("who", STAFF)
def test_the_case_page_opens_exactly_for_those_who_may_see_it(who: str, cast: Cast, marked: list[Marked], settings: Any):
    settings.STAFF_MFA_REQUIRED = False
    client = _client(cast, who)
    for m in marked:
        status = client.get(f"/desk/cases/{m.case.pk}").status_code
        if status != 200:
            assert client.get(f"/desk/cases/{m.case.pk}/details").status_code != 200
        expected = {200} if may_see(who, m) else {403, 404}
        assert status in expected, (who, m.story, status)


@pytest.mark.parametrize("who", STAFF)
def test_the_api_lists_and_opens_exactly_what_the_oracle_allows(who: str, cast: Cast, marked: list[Marked]):
    _key, secret = make_key(cast["admin"], f"key of {who}", cast.users[who].pk, ["cases:read", "cases:write"])
    client, head = Client(), {"Authorization": f"Bearer {secret}"}
    answer = client.get("/api/v1/cases", headers=head)
    assert answer.status_code == 200, answer.content.decode()
    listed = {item["id"] for item in answer.json()["items"]}
    allowed = {m.case.pk for m in marked if may_see(who, m)}
    assert listed == allowed
    for m in marked:
        status = client.get(f"/api/v1/cases/{m.case.pk}", headers=head).status_code
        assert status == (200 if m.case.pk in allowed else 404)
        if m.case.pk not in allowed:
            act = client.post(f"/api/v1/cases/{m.case.pk}/actions/withdraw", data={}, content_type="application/json", headers=head)
            assert act.status_code == 404


@pytest.mark.parametrize("who", EVERYONE)
def test_the_residents_search_shows_nobody_a_case(who: str, cast: Cast, marked: list[Marked]):
    client = _client(cast, who)
    for word in [mark for m in marked for mark in m.marks]:
        page = _text(client.post("/find/", {"q": word})).replace(word, "")
        assert not any(mark in page for m in marked for mark in m.marks)


@pytest.mark.parametrize("who", STAFF)
def test_the_api_finds_exactly_what_the_oracle_allows(who: str, cast: Cast, marked: list[Marked]):
    _key, secret = make_key(cast["admin"], f"search of {who}", cast.users[who].pk, ["cases:read"])
    answer = Client().get("/api/v1/find", {"q": "标题", "group": "cases"}, headers={"Authorization": f"Bearer {secret}"}).json()
    listed = {int(item["id"]) for group in answer["groups"] for item in group["items"]}
    assert listed == {m.case.pk for m in marked if may_see(who, m)}


def test_counts_and_searches_leave_sealed_cases_out(cast: Cast, marked: list[Marked], settings: Any):
    settings.STAFF_MFA_REQUIRED = False
    leader = _client(cast, "leader")
    sealed = next(m for m in marked if m.sealed)
    page = _text(leader.get("/cockpit/"))
    assert sealed.name not in page and sealed.case.tracking_number not in page
    for word in (sealed.name, sealed.case.tracking_number, sealed.story):
        text = _text(leader.get("/desk/search", {"q": word}))
        assert f"/desk/cases/{sealed.case.pk}" not in text


def test_the_records_behind_a_figure_are_those_its_reader_may_see(cast: Cast, marked: list[Marked], settings: Any):
    settings.STAFF_MFA_REQUIRED = False
    Case.objects.filter(service="legal_aid").update(outcome="granted")  # only aid that was given is counted
    measure(clock.today(), "postgres")
    for who, place in (("leader", CITY), ("approver", COUNTY)):
        page = _text(_client(cast, who).get(f"/cockpit/targets/{COUNTED}/records?region={place}"))
        within = [m for m in marked if m.service == "legal_aid" and place in (CITY, m.county) and not m.sealed]
        assert all(m.case.tracking_number in page for m in within), who
        assert not any(mark in page for m in marked if m.sealed or m not in within for mark in (m.name, m.story)), who
    refused = _client(cast, "approver").get(f"/cockpit/targets/{COUNTED}/records?region={NEIGHBOUR}")
    assert refused.status_code == 403


@pytest.mark.parametrize("who", STAFF)
def test_the_apis_targets_hold_no_case(who: str, cast: Cast, marked: list[Marked]):
    measure(clock.today(), "postgres")
    _key, secret = make_key(cast["admin"], f"targets of {who}", cast.users[who].pk, ["indicators:read"])
    for url in ("/api/v1/indicators", "/api/v1/indicators?format=csv", f"/api/v1/indicators/{COUNTED}"):
        text = _text(Client().get(url, headers={"Authorization": f"Bearer {secret}"}))
        assert not any(mark in text for m in marked for mark in m.marks)


def test_tracking_a_sealed_case_says_whom_to_call_and_nothing_else(cast: Cast, marked: list[Marked]):
    sealed = next(m for m in marked if m.sealed)
    answer = Client().get(f"/api/v1/track/{sealed.case.tracking_number}").json()
    assert answer["steps"] == [] and answer["due"] is None and answer["person_in_charge"] == ""
    assert answer["phone"]


def test_staff_without_a_second_factor_are_sent_to_set_one_up(cast: Cast, settings: Any):
    settings.STAFF_MFA_REQUIRED = True
    settings.DEMO = False
    answer = _client(cast, "clerk").get("/desk/")
    assert answer.status_code == 302 and "totp" in answer["Location"]



@pytest.mark.parametrize("who", STAFF)
def test_the_list_of_openings_names_no_file_to_whoever_may_not_see_it(who: str, cast: Cast, marked: list[Marked], settings: Any):
    settings.STAFF_MFA_REQUIRED = False
    sealed = next(m for m in marked if m.sealed)
    page = _text(_client(cast, who).get("/desk/openings"))
    assert sealed.case.tracking_number not in page


def test_whoever_answers_for_a_sealed_file_finds_its_openings(cast: Cast, marked: list[Marked], settings: Any):
    settings.STAFF_MFA_REQUIRED = False
    sealed = next(m for m in marked if m.sealed)
    assert sealed.case.tracking_number in _text(_client(cast, "approver").get("/desk/openings"))
