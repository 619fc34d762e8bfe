"""Open data: chosen by the city's leader, frozen, readable by everybody, withdrawn with a reason."""

from __future__ import annotations

import csv
import json
from datetime import date
from io import StringIO

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from fahui.casework.registers.models import Entry
from fahui.foundation import clock
from fahui.foundation.accounts.actions import make_staff
from fahui.foundation.accounts.scope import SYSTEM
from fahui.foundation.audit.models import Event
from fahui.foundation.errors import Conflict, Forbidden, Invalid
from fahui.foundation.models import Posting, Region
from fahui.insight.figures.queries import Board
from fahui.insight.figures.units import parts_of
from fahui.insight.opendata import queries, table
from fahui.insight.opendata.actions import draft, publish, withdraw
from fahui.insight.opendata.content import choosable, of_people
from fahui.standards.actions import measure
from fahui.standards.indicators.schema import Use
from fahui.standards.models import Edition, Run
from tests.cast import CITY, COUNTY, NEIGHBOUR, PASSWORD, Cast

HONOURS, COUNSEL, CALLS = "IND-LESH-024", "IND-LESH-047", "IND-LESH-018"
OTHER = 511102000000
NOTE = "2026年主要指标"


@pytest.fixture
def leader(cast: Cast, client: Client, settings) -> Client:
    settings.STAFF_MFA_REQUIRED = False
    assert client.login(username="t-leader", password=PASSWORD)
    return client


def honours(region: int, many: int, first: int = 0) -> None:
    now = clock.now()
    Entry.objects.bulk_create(
        Entry(register="honour", code=f"{region}-{n}", title=f"示范站{n}", region_code=region, category="demonstration_station",
              begins=date(2025, 1, 1), state="verified", entered_at=now, changed_at=now)
        for n in range(first, first + many)
    )  # fmt: skip


@pytest.fixture
def measured(cast: Cast) -> Run:
    """Three stations in one county, six and nine in others; one village of hundreds has counsel."""
    for region, many in ((COUNTY, 3), (NEIGHBOUR, 6), (OTHER, 9)):
        honours(region, many)
    village = Region.objects.filter(level=5, code__gt=COUNTY, code__lt=COUNTY + 10**6).order_by("code").first()
    assert village is not None
    Posting.objects.create(role="village_counsel", practitioner=cast.lawyers["lawyer"], target_kind="region", target_region=village.code,
                           valid_from=date(2025, 1, 1))  # fmt: skip
    return measure(clock.today(), "postgres")


def issue(cast: Cast, run: Run, *chosen: str, number: int = 1, reason: str = "", who: str = "leader") -> Edition:
    return publish(cast[who], chosen or (HONOURS,), NOTE, reason, number=number, run_id=run.pk)


def lines(answer) -> list[dict[str, str]]:
    text = answer.content.decode()
    assert text.startswith("\ufeff")  # by this a spreadsheet knows that it is UTF-8
    return list(csv.DictReader(StringIO(text[1:])))


def test_a_leader_chooses_looks_and_publishes(measured: Run, leader: Client):
    page = leader.get("/cockpit/open/").content.decode()
    assert f'id="c-{HONOURS}"' in page and "checked" not in page, "nothing is chosen by itself"
    nothing = leader.post("/cockpit/open/", {"do": "preview", "note": NOTE})
    assert nothing.status_code == 422 and "请至少选一项" in nothing.content.decode()
    asked = {"chosen": [HONOURS], "note": NOTE, "reason": "", "number": "1", "run": str(measured.pk)}
    preview = leader.post("/cockpit/open/", asked | {"do": "preview"}).content.decode()
    assert "下面就是市民将看到的内容" in preview and not Edition.objects.exists()
    assert "没有数，不能公开" in leader.post("/cockpit/open/", asked | {"do": "change"}).content.decode()
    assert leader.post("/cockpit/open/", asked | {"do": "publish"}).status_code == 302
    public = Client().get("/open/").content.decode()
    shown = preview[preview.index('<p class="lede">'):preview.index("</article>")]
    assert shown in public, "the preview is what everybody sees"
    assert NOTE in public and "18" in public and escape(queries.edition(1).content["indicators"][0]["quote"]) in public
    assert Event.objects.filter(kind="open_data.published", about="edition:1").count() == 1


def test_small_numbers_are_hidden_and_cannot_be_worked_out_from_the_total(measured: Run, cast: Cast):
    content = queries.content_of(issue(cast, measured))
    told = {place.code: place for place in content.indicators[0].places}
    assert content.indicators[0].upper == "18" and told[OTHER].upper == "9"
    assert told[COUNTY].suppressed and told[COUNTY].upper is None and told[COUNTY].value is None
    assert told[NEIGHBOUR].suppressed, "18 − 9 − 6 would tell the three"
    page = Client().get("/open/").content.decode()
    assert page.count(">不公布") == 6


@pytest.mark.parametrize("who", ["approver", "clerk", "lead", "admin", "county_leader", "resident"])
def test_only_leaders_and_supervisors_of_the_city_publish_and_withdraw(who: str, measured: Run, cast: Cast, settings):
    settings.STAFF_MFA_REQUIRED = False
    post = {"role": "bureau_leader", "region_code": COUNTY, "service": "*", "institution": cast.institutions["bureau"], "valid_from": date(2020, 1, 1)}
    cast.users["county_leader"] = make_staff(SYSTEM, "t-county_leader", "区领导", PASSWORD, [post])
    with pytest.raises(Forbidden):
        issue(cast, measured, who=who)
    issue(cast, measured, who="officer")  # a supervisor of the city
    with pytest.raises(Forbidden):
        withdraw(cast[who], 1, "不该公开")
    if who == "county_leader":
        client = Client()
        client.login(username="t-county_leader", password=PASSWORD)
        page = client.get("/cockpit/open/").content.decode()
        assert "发布和撤回由市局领导或督办员来做" in page and 'name="chosen"' not in page
        answer = client.post("/cockpit/open/", {"do": "publish", "chosen": HONOURS, "note": NOTE, "number": "2", "run": measured.pk})
        assert answer.status_code == 403 and Edition.objects.count() == 1
        assert client.post("/cockpit/open/1/", {"reason": "不该公开"}).status_code == 403


def test_an_edition_stays_as_it_went_out(measured: Run, cast: Cast):
    issue(cast, measured)
    before = Client().get("/api/v1/open/editions/1").content
    honours(OTHER, 5, first=100)
    measure(clock.today(), "postgres")
    assert Client().get("/api/v1/open/editions/1").content == before
    row = Edition.objects.get(number=1)
    assert queries.content_of(row).digest == row.digest
    for change in ({"note": "别的话"}, {"content": {}}, {"withdrawn_reason": "x"}, {"withdrawn_at": clock.now(), "withdrawn_reason": "x", "note": "y"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Edition.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Edition.objects.filter(pk=row.pk).delete()


def test_a_correction_says_what_changed(measured: Run, cast: Cast):
    issue(cast, measured)
    honours(OTHER, 5, first=100)
    run = measure(clock.today(), "postgres")
    with pytest.raises(Invalid, match="改了什么"):
        issue(cast, run, HONOURS, COUNSEL, number=2)
    issue(cast, run, HONOURS, COUNSEL, number=2, reason="补录五处示范站")
    content = queries.content_of(queries.edition(2))
    assert content.corrects == 1
    assert [(c.id, c.kind, c.before, c.after) for c in content.changes if c.id == HONOURS] == [(HONOURS, "figure", "18 个", "23 个")]
    assert [c.kind for c in content.changes if c.id == COUNSEL] == ["added"]
    page = Client().get("/open/").content.decode()
    assert "补录五处示范站" in page and "更正数值" in page and "更正第1版" in page
    assert "这是第1版，现行的是第2版" in Client().get("/open/1/").content.decode()


def test_editions_of_one_day_cannot_be_subtracted(measured: Run, cast: Cast):
    """The small county grew over the limit: told now, the neighbour's six with it would give away the three of the edition before."""
    issue(cast, measured)
    honours(COUNTY, 4, first=50)
    run = measure(clock.today(), "postgres")
    issue(cast, run, number=2, reason="补录四处示范站")
    told = {place.code: place for place in queries.content_of(queries.edition(2)).indicators[0].places}
    assert told[OTHER].upper == "9" and told[COUNTY].suppressed and told[NEIGHBOUR].suppressed
    withdraw(cast["leader"], 1, "有误")  # it was read by then
    told = {place.code: place for place in draft(cast["leader"], [HONOURS], NOTE, "再补")[1].indicators[0].places}
    assert told[COUNTY].suppressed and told[NEIGHBOUR].suppressed


def test_what_was_told_before_takes_the_total_along_when_it_is_held_back(measured: Run, cast: Cast):
    honours(COUNTY, 4, first=50)
    issue(cast, measure(clock.today(), "postgres"))
    assert queries.content_of(queries.edition(1)).indicators[0].upper == "22"
    Entry.objects.filter(register="honour", region_code=COUNTY, code__gte=f"{COUNTY}-50").delete()
    issue(cast, measure(clock.today(), "postgres"), number=2, reason="删去重复登记的四处")
    one = queries.content_of(queries.edition(2)).indicators[0]
    assert one.suppressed and one.upper is None, "18 less the nine and the six of before would tell the three"
    assert {place.code for place in one.places if place.suppressed} >= {COUNTY, NEIGHBOUR}


def test_what_was_previewed_is_what_is_published(measured: Run, cast: Cast):
    again = measure(clock.today(), "postgres")
    with pytest.raises(Conflict, match="又测量过"):
        issue(cast, measured)
    first = issue(cast, again)
    assert issue(cast, again).pk == first.pk, "the button pressed twice"
    with pytest.raises(Conflict, match="第1版"):
        issue(cast, again, COUNSEL)
    with pytest.raises(Conflict, match="第1版"):
        issue(cast, again, who="officer")


def test_what_has_no_figure_cannot_be_published(measured: Run, cast: Cast):
    with pytest.raises(Invalid, match="没有可以公开的数"):
        draft(cast["leader"], [HONOURS, "IND-LESH-001"], NOTE, "")
    with pytest.raises(Invalid, match="没有可以公开的数"):
        draft(cast["leader"], ["IND-NOWHERE"], NOTE, "")


def test_a_withdrawn_edition_says_so_and_shows_no_figure(measured: Run, cast: Cast, leader: Client):
    issue(cast, measured)
    assert leader.post("/cockpit/open/1/", {"reason": " "}).status_code == 422
    assert leader.post("/cockpit/open/1/", {"reason": "分母有误"}).status_code == 302
    withdraw(cast["leader"], 1, "分母有误")  # pressed twice
    with pytest.raises(Conflict):
        withdraw(cast["officer"], 1, "分母有误")
    visitor = Client()
    page = visitor.get("/open/1/").content.decode()
    assert "第1版已于" in page and "分母有误" in page and "示范性" not in page
    assert "还没有公开数据" in visitor.get("/open/").content.decode()
    told = visitor.get("/api/v1/open/editions/1").json()
    assert told["content"] is None and told["withdrawn"]["reason"] == "分母有误"
    gone = visitor.get("/api/v1/open/editions/1.csv")
    assert gone.status_code == 410 and "分母有误" in gone.json()["detail"]
    assert visitor.get("/api/v1/open/editions").json()["current"] is None
    assert "示范性" not in leader.get("/cockpit/open/1/").content.decode()
    assert Event.objects.filter(kind="open_data.withdrawn").count() == 1
    assert issue(cast, measured, number=2).number == 2, "a number is never used again"
    assert "第1版已于" not in visitor.get("/open/").content.decode(), "only newer ones matter to whoever reads the present one"


def test_the_table_says_what_the_json_says(measured: Run, cast: Cast):
    chosen = [result.indicator.id for result in choosable(Board(measured).results(CITY))]
    issue(cast, measured, *chosen)
    answer = Client().get("/api/v1/open/editions/1.csv")
    found = lines(answer)
    assert list(found[0]) == [column.name for column in table.COLUMNS]
    content = Client().get("/api/v1/open/editions/1").json()["content"]
    expected = []
    for one in content["indicators"]:
        for code, line in [(content["region"], one), *((place["code"], place) for place in one["places"])]:
            expected.append([one["id"], str(code), *(line[k] or "" for k in ("upper", "lower", "value")), str(int(line["suppressed"]))])
    assert [[line[k] for k in ("id", "region", "upper", "lower", "value", "suppressed")] for line in found] == expected
    assert len(expected) > 10 * len(chosen) and len(chosen) > 5
    uses = Board(measured).indicators
    personal = {name for name in chosen if (use := uses[name].use) and of_people(use)}
    small = {line["id"] for line in found for k in ("upper", "lower") if 0 < float(line[k] or 0) < 5}
    assert personal and not small & personal and small, "how few villages or offices there are is no secret of anybody's"


def test_what_is_counted_in_parts_is_told_and_judged_in_wholes(cast: Cast):
    """Registers' numbers are counted in hundredths: three calls are three, and stay hidden."""
    now = clock.now()
    Entry.objects.bulk_create(
        Entry(register="call_return", code=f"{region}", title="热线月报", region_code=region, category="answered", part=answered, whole=calls,
              begins=now.date(), state="verified", entered_at=now, changed_at=now)
        for region, answered, calls in ((COUNTY, 3, 30), (NEIGHBOUR, 40, 50), (OTHER, 60, 70))
    )  # fmt: skip
    issue(cast, measure(clock.today(), "postgres"), CALLS)
    one = queries.content_of(queries.edition(1)).indicators[0]
    assert (one.upper, one.lower, one.value) == ("103", "150", "68.6667")
    assert {p.code: p.upper for p in one.places if p.upper} == {OTHER: "60"}
    assert parts_of(Use(measure="money_to_population", given={"register": "funding_return", "category": "x"})) == (100, 1)
    assert parts_of(Use(measure="site_area", given={"kinds": "x"})) == (10, 10)


def test_the_dictionary_names_every_column():
    with_mark = table.dictionary().decode()
    assert [line["column"] for line in csv.DictReader(StringIO(with_mark[1:]))] == [column.name for column in table.COLUMNS]


def test_programs_read_without_a_key_and_are_told_when_nothing_changed(measured: Run, cast: Cast):
    issue(cast, measured)
    visitor = Client()
    for path in ("/api/v1/open/editions", "/api/v1/open/editions/1", "/api/v1/open/editions/1.csv", "/open/dictionary.csv"):
        first = visitor.get(path)
        assert first.status_code == 200 and "public" in first["Cache-Control"] and "max-age=300" in first["Cache-Control"]
        again = visitor.get(path, headers={"If-None-Match": f'"other", W/{first["ETag"]}'})
        assert again.status_code == 304 and not again.content and again["ETag"] == first["ETag"]
    page = visitor.get("/api/v1/open/editions").json()
    assert (page["current"], page["next"], [e["number"] for e in page["items"]]) == (1, None, [1])
    withdraw(cast["leader"], 1, "分母有误")
    assert visitor.get("/api/v1/open/editions/1", headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert visitor.get("/api/v1/open/editions/2").status_code == 404
    assert visitor.get("/api/v1/open/editions/x.csv").status_code == 422
    assert visitor.get(f"/open/{10**30}/").status_code == 404 and visitor.get("/open/?before=٣").status_code == 422
    assert "private" in visitor.get("/open/")["Cache-Control"]


def test_the_page_shows_one_chapter_when_asked(measured: Run, cast: Cast):
    issue(cast, measured, HONOURS, COUNSEL)
    page = Client().get("/open/").content.decode()
    assert f'id="{HONOURS}"' in page and f'id="{COUNSEL}"' in page
    section = queries.content_of(queries.edition(1)).indicators[0].section
    one = Client().get("/open/", {"section": section}).content.decode()
    assert f'id="{HONOURS}"' in one and f'id="{COUNSEL}"' not in one


def test_editions_are_read_page_by_page_and_cost_the_same(measured: Run, cast: Cast, monkeypatch, django_assert_num_queries):
    issue(cast, measured)
    seen = Client().get("/open/")
    with CaptureQueriesContext(connection) as few:
        Client().get("/open/")
    assert len(few) <= 8
    row = Edition.objects.get(number=1)
    Edition.objects.bulk_create(
        Edition(number=n, as_of=row.as_of, run=measured, note=NOTE, content=row.content, digest=row.digest, made_at=row.made_at) for n in range(2, 61)
    )
    with django_assert_num_queries(len(few)):
        page = Client().get("/open/").content.decode()
    assert seen.status_code == 200 and page.count('href="/open/') >= 50 and "?before=11#editions" in page
    assert json.loads(Client().get("/api/v1/open/editions?before=11").content)["items"][0]["number"] == 10
    assert 'href="/open/10/"' in Client().get("/open/?before=11").content.decode()
