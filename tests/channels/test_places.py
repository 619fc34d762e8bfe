"""The directory and map: lists, the nearest, one place's page, the map, the card of a village, and the API over them."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fahui.casework.cases.models import Assignment
from fahui.channels.portal.places import drawing
from fahui.channels.qr import qr_path, qr_rows
from fahui.foundation import clock
from fahui.foundation.accounts.scope import reading_as
from fahui.foundation.directory.queries import PUBLIC_KINDS
from fahui.foundation.people.models import Institution, Posting, Practitioner, PublicRecord, Site
from fahui.foundation.regions.geo import Point, gcj_to_wgs, metres, wgs_to_gcj
from fahui.foundation.regions.models import Region
from fahui.foundation.worktime.rules import BUSINESS_ZONE
from tests.cast import COUNTY, NEIGHBOUR, TOWNSHIP, Cast, wage_claim

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=BUSINESS_ZONE)
OFFICE = "周一至周五 9:00–17:00；法定节假日休息"


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    return MONDAY


@pytest.fixture
def town(cast: Cast, now: datetime) -> dict[str, Any]:
    """Some places of the county with doors of every kind, and who serves a village."""
    firm = cast.institutions["firm"]
    Institution.objects.filter(pk=firm.pk).update(
        opening_hours=OFFICE, longitude=Decimal("103.80"), latitude=Decimal("29.40"), licence="511120251", head="周主任",
        business=["民事", "刑事"], languages=["彝语"], accessibility=["ramp"], source="四川省司法厅名册", as_of=date(2026, 6, 30),
    )  # fmt: skip
    village = Region.objects.filter(code__gt=TOWNSHIP, code__lt=TOWNSHIP + 1000).order_by("code")[0]
    station = Site.objects.create(
        code="S1", kind="service_station", name="竹根镇工作站", region_code=TOWNSHIP, longitude=Decimal("103.81"), latitude=Decimal("29.41"),
        opening_hours="周六、周日 9:00–12:00；法定节假日照常", phone="0833-3300001", accessibility=["ramp", "toilet"],
    )  # fmt: skip
    desk = Site.objects.create(code="S2", kind="self_service", name="自助终端", region_code=NEIGHBOUR, opening_hours="每天 24小时",
                               longitude=Decimal("103.95"), latitude=Decimal("29.20"))  # fmt: skip
    unsaid = Site.objects.create(code="S3", kind="mediation_room", name="调解室", region_code=TOWNSHIP, opening_hours="电话预约")
    lawyer = cast.lawyers["lawyer"]
    Posting.objects.create(role="village_counsel", practitioner=lawyer, target_kind="region", target_region=village.code,
                           valid_from=date(2026, 1, 1), phone="0833-5550001", office_hours="每月第一个周五上午")  # fmt: skip
    Posting.objects.create(role="mediator", practitioner=cast.lawyers["lawyer_b"], target_kind="region", target_region=TOWNSHIP,
                           valid_from=date(2026, 1, 1))  # fmt: skip
    Posting.objects.create(role="village_counsel", practitioner=cast.lawyers["lawyer_b"], target_kind="region",
                           target_region=village.code, valid_from=date(2020, 1, 1), valid_to=date(2021, 1, 1))  # fmt: skip
    return {"firm": firm, "station": station, "desk": desk, "unsaid": unsaid, "village": village, "lawyer": lawyer}


def page(url: str, **more: Any) -> str:
    answer = Client().get(url, **more)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def names(text: str) -> list[str]:
    return re.findall(r'class="place-name"><a[^>]*>([^<]+)</a>', text)


def test_the_list_narrows_by_need_kind_place_door_language_and_facility(town: dict[str, Any]):
    assert {"五通桥甲律师事务所", "竹根镇工作站", "自助终端"} <= set(names(page("/places/")))
    assert names(page(f"/places/?county={COUNTY}&kind=law_firm")) == ["五通桥甲律师事务所", "五通桥乙律师事务所"]
    assert set(names(page("/places/?open=true"))) == {"五通桥甲律师事务所", "自助终端"}
    assert names(page("/places/?access=toilet")) == ["竹根镇工作站"]
    assert names(page("/places/?language=彝语")) == ["五通桥甲律师事务所"]
    found = names(page("/places/?need=legal_aid.civil"))
    assert "五通桥区法律援助中心" in found and "竹根镇工作站" in found and "五通桥甲律师事务所" not in found
    assert names(page(f"/places/?county={COUNTY}&town={TOWNSHIP}")) == ["竹根镇工作站", "调解室"]
    assert "没有符合的地方" in page("/places/?kind=arbitration_institution")
    assert "开门时间请打电话确认" in page("/places/?kind=mediation_room")


def test_the_old_address_leads_to_the_new_one_with_what_was_asked(db: None):
    answer = Client().get("/places?kind=law_firm")
    assert answer.status_code == 301 and answer["Location"] == "/places/?kind=law_firm"


def test_pages_follow_each_other_without_gap_or_repeat(town: dict[str, Any]):
    Site.objects.bulk_create([Site(code=f"M{n}", kind="service_room", name=f"工作室{n}", region_code=TOWNSHIP + n % 3) for n in range(45)])
    seen: list[str] = []
    url = "/places/?kind=service_room"
    while url:
        text = page(url)
        seen += names(text)
        following = re.search(r'rel="next" href="([^"]+)"', text)
        url = "/places/" + following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == 45 and len(set(seen)) == 45


@pytest.mark.parametrize("url", [
    "/places/", "/places/?open=true", "/places/people", "/places/map", f"/places/map?county={COUNTY}", "INSTITUTION", "CARD",
])  # fmt: skip
def test_a_page_costs_the_same_at_any_size(url: str, town: dict[str, Any]):
    urls = {"INSTITUTION": f"/places/institution/{town['firm'].pk}/", "CARD": f"/places/card/{town['village'].code}"}
    address = urls.get(url, url)

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            page(address)
        return len([q for q in seen.captured_queries if q["sql"]])

    def grow(numbers: range) -> None:
        for n in numbers:
            _one_more(town, n)

    grow(range(1))
    page(address)
    few = cost()
    grow(range(1, 12))
    assert cost() <= few <= 14


def _one_more(town: dict[str, Any], n: int) -> None:
    Site.objects.create(code=f"N{n}", kind="service_room", name=f"室{n}", region_code=TOWNSHIP, institution=town["firm"],
                        longitude=Decimal("103.8"), latitude=Decimal("29.4"), opening_hours=OFFICE)  # fmt: skip
    person = Practitioner.objects.create(licence=f"N{n}", kind="lawyer", name=f"人{n}", institution=town["firm"], region_code=COUNTY)
    Posting.objects.create(role="mediator", practitioner=person, target_kind="region", target_region=town["village"].code,
                           valid_from=date(2026, 1, 1))  # fmt: skip


def test_the_nearest_open_doors_come_first_and_the_position_is_only_in_the_form(town: dict[str, Any]):
    client = Client()
    client.get("/places/near")
    here = {"longitude": "103.8010", "latitude": "29.4010"}
    answer = client.post("/places/near", here)
    text = answer.content.decode()
    assert names(text)[:3] == ["五通桥甲律师事务所", "竹根镇工作站", "自助终端"] and "直线距离约150米" in text
    assert answer["Cache-Control"] == "no-store" and "geolocation=(self)" in answer["Permissions-Policy"]
    assert "103.8010" not in text and not any("103.8" in str(value) for value in client.session.values())
    assert names(client.post("/places/near", {**here, "open": "true"}).content.decode()) == ["五通桥甲律师事务所", "自助终端"]
    assert "geolocation=()" in client.get("/places/")["Permissions-Policy"]


def test_without_a_position_a_chosen_place_does(town: dict[str, Any]):
    text = Client().post("/places/near", {"county": str(COUNTY), "choose": "1"}).content.decode()
    assert str(TOWNSHIP) in text and not names(text)
    text = Client().post("/places/near", {"county": str(COUNTY), "town": str(TOWNSHIP)}).content.decode()
    assert names(text)[0] == "竹根镇工作站"
    for wrong in ({}, {"longitude": "x", "latitude": "y"}, {"longitude": "nan", "latitude": "1"}, {"county": "999999999999"}):
        assert Client().post("/places/near", wrong).status_code == 422


def test_an_institutions_page_tells_what_the_policies_ask_for(town: dict[str, Any]):
    firm = town["firm"]
    show = {"institution": firm, "organ": "乐山市司法局", "source": "川司公示〔2026〕3号"}
    PublicRecord.objects.create(kind="assessment", result="合格", year=2025, **show)
    PublicRecord.objects.create(kind="penalty", result="警告", shown_until=date(2027, 1, 1), **show)
    PublicRecord.objects.create(kind="penalty", result="过期的处罚", shown_until=date(2026, 1, 1), **show)
    PublicRecord.objects.create(kind="reward", result="撤下的奖励", withdrawn_at=MONDAY, **show)
    text = page(f"/places/institution/{firm.pk}/")
    for said in ("周主任", "511120251", "民事、刑事", "无障碍坡道", "彝语", "四川省司法厅名册", "截至2026年6月30日", "合格", "警告", "公示至2027年1月1日",
                 "现在开门 · 17:00 关门", "不打分、不排名"):  # fmt: skip
        assert said in text, said
    assert "过期的处罚" not in text and "撤下的奖励" not in text


def test_the_service_record_is_counted_hides_few_and_leaves_sealed_matters_out(town: dict[str, Any], cast: Cast):
    lawyer, clerk = town["lawyer"], cast["clerk"]
    url = f"/places/practitioner/{lawyer.pk}/"
    assert "近一年办结的公共法律服务事项：0件" in page(url) and "现在担任的公益职务：1个" in page(url)

    def finish(number: int, **more: Any) -> None:
        for _ in range(number):
            with reading_as(clerk):
                case = wage_claim(clerk, **more)
            Assignment.objects.create(case=case, practitioner=lawyer, status="done", offered_at=MONDAY, ended_at=MONDAY)

    finish(2)
    assert "不到5件" in page(url)
    finish(3)
    assert "近一年办结的公共法律服务事项：5件" in page(url)
    finish(1, details={"matter_kind": "domestic_violence"})
    assert "近一年办结的公共法律服务事项：5件" in page(url)
    assert "村（居）法律顾问" in page(url) and lawyer.phone not in page(url).replace(lawyer.institution.phone, "")


def test_every_place_and_matter_has_a_sheet_with_its_code(cast: Cast):
    site = Site.objects.create(kind="service_room", name="法律服务工作室", region_code=COUNTY)
    for path, leads in (
        (f"/poster/site/{site.pk}", f"/places/site/{site.pk}/"), ("/poster/matter/legal_aid/civil", "/guide/legal_aid/civil"),
        (f"/poster/institution/{Institution.objects.filter(active=True, kind__in=PUBLIC_KINDS)[0].pk}", "/places/institution/"),
    ):  # fmt: skip
        page = Client().get(path).content.decode()
        assert f"{configured.PUBLIC_URL}{leads}" in page and 'class="poster-qr"' in page and "12348" in page
        assert path in Client().get(page.split('class="button button-quiet" href="')[1].split('"')[0]).content.decode()
    for nowhere in ("/poster/site/1", "/poster/institution/1", "/poster/matter/legal_aid/nothing", "/poster/matter/nothing/civil"):
        assert Client().get(nowhere).status_code == 404


def test_the_code_says_the_address():
    rows = qr_rows("https://example.org/places/site/1/")
    size, drawing = qr_path("https://example.org/places/site/1/")
    assert size == len(rows) == len(rows[0]) and sum(row.count("1") for row in rows) == sum(int(n) for n in re.findall(r"h(\d+)v", drawing))


@pytest.mark.parametrize("url", ["/places/institution/1/", "/places/site/1/", "/places/practitioner/1/", "/places/card/1", "/places/card/511112101000"])
def test_what_is_not_in_the_directory_is_missing(url: str, town: dict[str, Any]):
    assert Client().get(url).status_code == 404
    closed = town["station"]
    Site.objects.filter(pk=closed.pk).update(active=False)
    assert Client().get(f"/places/site/{closed.pk}/").status_code == 404
    court = Institution.objects.create(code="C", kind="court", name="法院", region_code=COUNTY)
    assert Client().get(f"/places/institution/{court.pk}/").status_code == 404


def test_a_villages_card_names_its_own_counsel_the_townships_mediator_and_the_hotline(town: dict[str, Any]):
    village = town["village"]
    text = page(f"/places/card/{village.code}")
    assert village.name in text and "0833-5550001" in text and "每月第一个周五上午" in text and "12348" in text
    assert "lawyer_b" in text and "竹根镇工作站" in text and 'class="village-qr"' in text
    assert len(re.findall("village-person", text)) == 2
    Posting.objects.filter(role="village_counsel").delete()
    without = page(f"/places/card/{village.code}")
    assert "还没有登记" in without and "请打下面的热线" in without and "lawyer_b" in without
    steps = page("/places/village"), page(f"/places/village?in={COUNTY}"), page(f"/places/village?in={TOWNSHIP}")
    assert str(COUNTY) in steps[0] and str(TOWNSHIP) in steps[1] and str(village.code) in steps[2]
    assert Client().get(f"/places/village?in={village.code}")["Location"] == f"/places/card/{village.code}"


# --- the map


@pytest.mark.parametrize("city", ["leshan", "lishui", "anhui", "jingdezhen", "tianjin"])
def test_every_citys_outlines_are_drawn_small_and_where_they_are(city: str):
    held = drawing.outlines(city)
    assert held and held.source and held.year
    picture = drawing.draw(held, {}, {})
    assert sum(len(shape.path) for shape in picture.shapes) < 40_000
    assert all(0 <= shape.x <= 1000 and 0 <= shape.y <= picture.height for shape in picture.shapes)
    assert len(picture.shapes) == len(held.counties)


def test_a_point_falls_into_its_own_county_and_beside_no_other():
    held = drawing.outlines("leshan")
    assert held
    inside = [code for code, rings in held.counties.items() if drawing.inside(Point(103.82, 29.40), rings)]
    assert inside == [COUNTY]


def test_the_map_and_the_list_beside_it_say_the_same(town: dict[str, Any]):
    text = page(f"/places/map?county={COUNTY}")
    drawn = re.findall(r'<a href="(/places/[a-z]+/\d+/)" tabindex="-1">', text)
    listed = re.findall(r'class="place-name"><a href="([^"]+)"', text)
    assert drawn == listed and len(drawn) == 2
    assert len(text.split("<svg class=\"map\"")[1].split("</svg>")[0]) < 40_000
    whole = page("/places/map")
    assert re.search(r'class="map-count"[^>]*>2</text>', whole)
    assert "WGS-84" in whole and "天地图" in whole and len(whole.split("<svg class=\"map\"")[1].split("</svg>")[0]) < 40_000


def test_tiles_come_only_by_setting_and_only_from_their_host(settings: Any, town: dict[str, Any]):
    answer = Client().get("/places/map")
    assert "<image" not in answer.content.decode() and "tiles.example" not in answer["Content-Security-Policy"]
    settings.MAP_TILES = "https://tiles.example/{z}/{x}/{y}.png"
    answer = Client().get("/places/map")
    text = answer.content.decode()
    assert 4 <= text.count("<image") <= 40 and "img-src 'self' https://tiles.example data:" in answer["Content-Security-Policy"]


def test_distances_and_gcj_coordinates():
    assert metres(Point(116.3975, 39.9087), Point(121.4737, 31.2304)) == pytest.approx(1_067_000, rel=0.002)
    place = Point(103.7654, 29.5521)
    assert 200 < metres(place, wgs_to_gcj(place)) < 700
    assert metres(place, gcj_to_wgs(wgs_to_gcj(place))) < 0.1
    assert gcj_to_wgs(Point(2.35, 48.85)) == Point(2.35, 48.85)


# --- the API


def test_the_api_filters_by_kind_region_distance_and_open_door(town: dict[str, Any]):
    def items(query: str) -> list[dict[str, Any]]:
        answer = Client().get(f"/api/v1/{query}")
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()["items"]

    assert {i["name"] for i in items(f"institutions?kind=law_firm&region={COUNTY}")} == {"五通桥甲律师事务所", "五通桥乙律师事务所"}
    one = items("institutions?near=103.801,29.401")[0]
    assert one["metres"] == 147 and one["state"] == "open" and one["until"].startswith("2026-11-23T17:00") and one["hours"]["holidays"] == "closed"
    assert [i["name"] for i in items("sites?open_now=true")] == ["自助终端"]
    assert [i["state"] for i in items(f"sites?region={TOWNSHIP}")] == ["closed", "unknown"]
    assert not {"phone", "user", "tags"} & set(items("practitioners")[0])
    for wrong in ("institutions?near=1", "institutions?near=200,95", "sites?region=12", "sites?after=x"):
        assert Client().get(f"/api/v1/{wrong}").status_code == 422, wrong


def test_the_api_pages_places_by_cursor(town: dict[str, Any]):
    Site.objects.bulk_create([Site(code=f"A{n}", kind="service_room", name=f"室{n}", region_code=TOWNSHIP) for n in range(60)])
    first = Client().get("/api/v1/sites?kind=service_room").json()
    second = Client().get(f"/api/v1/sites?kind=service_room&after={first['next']}").json()
    assert len(first["items"]) == 50 and len(second["items"]) == 10 and second["next"] is None
    assert not {i["id"] for i in first["items"]} & {i["id"] for i in second["items"]}
