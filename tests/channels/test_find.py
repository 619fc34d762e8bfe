"""The one search: everything a reader may see and nothing else, by words, letters, sounds and wrong characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fahui.casework.cases.models import Case
from fahui.channels import limits
from fahui.channels.find.hits import Filters, Hit, cursor, place_of, ranked
from fahui.channels.find.marks import excerpt, marked
from fahui.channels.find.queries import find, places_named, short_place
from fahui.channels.find.reading import kinds, read, vocabulary
from fahui.channels.find.sounding import fold
from fahui.foundation.accounts.actions import make_key
from fahui.foundation.accounts.scope import ANONYMOUS, Reader, reading_as
from fahui.foundation.directory.queries import PUBLIC_KINDS
from fahui.foundation.errors import Invalid
from fahui.foundation.people.actions import Person
from fahui.foundation.people.models import Institution, Practitioner, Site
from fahui.knowledge.answers.models import AskedQuestion
from fahui.knowledge.laws.models import Article
from tests.cast import CITY, COUNTY, NEIGHBOUR, Cast, wage_claim


@pytest.fixture(autouse=True)
def _places_of_this_test() -> Iterator[None]:
    """Names of places are kept in memory: every test begins without."""
    places_named.cache_clear()
    yield
    places_named.cache_clear()


def found(reader: Reader, text: str, *groups: str, **more: Any) -> dict[str, list[str]]:
    """Titles by group."""
    with reading_as(reader):
        return {name: [hit.title for hit in page.hits] for name, page in find(reader, text, groups, **more).groups.items()}


def at(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.users[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


# --- reading


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("仲才", "仲裁"), ("劳动中才", "劳动仲裁"), ("欠新", "欠薪"), ("zhongcai", "仲裁"), ("zong cai", "仲裁"), ("ldzc", "劳动仲裁"), ("flyz", "法律援助"),
     ("gongzi", "工资"), ("laodongzhongc", "劳动 仲裁"), ("法律援住", "法律援助"),
     ("minfadian", "民法典"), ("laodognfa", "劳动法"), ("laodongheotngfa", "劳动合同法"), ("lihunxeiyi", "离婚协议")],
)  # fmt: skip
def test_letters_and_wrong_characters_are_put_right_and_said(typed: str, meant: str):
    asked = read(typed)
    assert asked.meant == meant and asked.text == typed and asked.mended and asked.also == typed


@pytest.mark.parametrize("typed", ["合同形式", "工商登记", "我的钱", "legal aid", "wages", "zhangsan", "zhangsanfeng", "compensation", "unpaid wages", "张三", "12348", "", "甲" * 300, "\x00"])
def test_what_is_right_or_unknown_stays_as_it_is(typed: str):
    asked = read(typed)
    assert asked.meant == asked.text == typed.replace("\x00", "")[:200] and not asked.mended


def test_letters_of_a_chinese_keyboard_are_letters():
    assert read("ｇｏｎｇｚｉ").meant == read("gongzi").meant == "工资" and read("１２３４８").text == "12348"


def test_everyday_words_bring_the_laws_words():
    assert "劳动报酬" in read("工钱").legal and "劳动报酬" in read("欠薪").legal and read("工资").legal


def test_places_and_kinds_are_read_and_what_only_asks_is_left_out():
    places = (("五通桥区", COUNTY), ("五通桥", COUNTY))
    asked = read("五通桥区哪里可以申请法律援助", places)
    assert (asked.regions, asked.offices, asked.names) == ((COUNTY,), frozenset({"legal_aid_agency"}), ())
    asked = read("wutongqiao lvshi", places)
    assert asked.regions == (COUNTY,) and "lawyer" in asked.people and "law_firm" in asked.offices
    assert read("张律师").names == ("张",)
    assert [short_place(name) for name in ("犍为县", "峨边彝族自治县", "市中区")] == ["犍为", "峨边", "市中"]


def test_the_words_for_kinds_are_kinds_that_exist():
    assert set(PUBLIC_KINDS) <= set(kinds().offices) <= set(dict(Institution.KINDS)) and set(kinds().people) <= set(dict(Practitioner.KINDS))
    assert {"仲裁", "欠薪", "劳动合同法"} <= vocabulary()
    assert fold("zhongcai") == fold("zongcai") and fold("lvshi") == fold("lushi")


# --- marking and paging


def test_what_was_asked_is_marked_and_everything_is_escaped():
    assert marked("<b>仲裁</b>", read("仲才")) == "&lt;b&gt;<mark>仲裁</mark>&lt;/b&gt;"
    assert marked("李小红", read("lixiaoh"), sounding=True) == "<mark>李小红</mark>"
    assert marked("李小红", read("李晓红"), sounding=True) == "<mark>李小红</mark>"
    assert marked("李小红", read("lxh"), sounding=True) == "<mark>李小红</mark>"
    assert marked("İ工钱", read("工钱")) == "İ工钱"  # a letter whose lower case is longer
    assert "<script" not in marked("<script>", read("<script>"))
    long = "前" * 300 + "工钱" + "后" * 300
    assert "工钱" in excerpt(long, read("工钱")) and len(excerpt(long, read("工钱"))) < 120


def test_pages_of_a_group_follow_each_other_without_a_gap():
    hits = [Hit(f"h{number}", float(number % 3 + 1), "") for number in range(11)]
    seen, after = [], None
    while True:
        page = ranked(hits, after, 4)
        seen += [hit.key for hit in page.hits]
        if not page.following:
            break
        after = place_of(page.following)
    assert len(seen) == len(set(seen)) == 11
    assert place_of(cursor(1.5, 7)) == (1.5, 7)


@pytest.mark.parametrize("cursor", ["x", "e30", "WzEsMl", "WzEsICJcdTAwMDAiXQ", "WzEsIDFlOTld", "W251bGwsIDFd", "WzEsIHRydWVd"])
def test_a_cursor_that_is_none_is_refused(cursor: str):
    with pytest.raises(Invalid):
        place_of(cursor)


# --- offices and people


@pytest.fixture
def directory(cast: Cast) -> None:
    Institution.objects.create(code="F-n", kind="notary_office", name="犍为县公证处", region_code=NEIGHBOUR, phone="0833-2100020")
    Institution.objects.create(code="F-j", kind="detention_centre", name="犍为县看守所", region_code=NEIGHBOUR)
    Institution.objects.create(code="F-a", kind="arbitration_institution", name="乐山仲裁委员会", region_code=CITY)
    Site.objects.create(code="F-s", kind="service_window", name="竹根镇公共法律服务工作站", region_code=COUNTY, address="竹根镇1号")
    for name, county in (("李小红", COUNTY), ("李晓宏", NEIGHBOUR), ("张伟", NEIGHBOUR)):
        Practitioner.objects.create(licence=f"F-{name}", kind="lawyer", name=name, institution=cast.institutions["firm"],
                                    region_code=county, fields=["劳动"])  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "office"),
    [("公证处", "犍为县公证处"), ("gongzhengchu", "犍为县公证处"), ("qwxgzc", "犍为县公证处"), ("公正处", "犍为县公证处"), ("犍为公证", "犍为县公证处"),
     ("qianwei gongzheng", "犍为县公证处"), ("仲才", "乐山仲裁委员会"), ("竹根镇公共法律服务站", "竹根镇公共法律服务工作站"), ("犍为县公政处", "犍为县公证处")],
)  # fmt: skip
def test_offices_are_found_by_name_letters_sound_and_place(directory: None, typed: str, office: str):
    assert office in found(ANONYMOUS, typed, "offices")["offices"]


def test_residents_are_not_sent_to_a_detention_centre(directory: None, cast: Cast):
    assert found(ANONYMOUS, "看守所", "offices") == {}
    assert found(cast["clerk"], "看守所", "offices")["offices"] == ["犍为县看守所"]


@pytest.mark.parametrize("typed", ["李小红", "lixiaohong", "lxh", "李小洪", "lixiaohon"])
def test_people_are_found_by_name_letters_and_sound(directory: None, typed: str):
    assert found(ANONYMOUS, typed, "people")["people"][0] == "李小红"


def test_people_are_found_by_calling_field_and_place_and_narrowed(directory: None):
    assert found(ANONYMOUS, "犍为律师", "people")["people"] == ["李晓宏", "张伟"]
    assert found(ANONYMOUS, "张律师", "people")["people"] == ["张伟"]
    assert set(found(ANONYMOUS, "劳动", "people", filters=Filters(region=COUNTY))["people"]) == {"李小红", "lawyer"}
    assert found(ANONYMOUS, "律师", "people", filters=Filters(people="notary")) == {}


def test_a_group_goes_on_where_its_page_ended(directory: None, cast: Cast):
    for number in range(9):
        Practitioner.objects.create(licence=f"G-{number}", kind="mediator", name=f"周明{number}", institution=cast.institutions["firm"],
                                    region_code=COUNTY)  # fmt: skip
    seen: list[str] = []
    after = ""
    for _ in range(5):
        page = find(ANONYMOUS, "zhouming", ["people"], after=after, size=4).groups["people"]
        seen += [hit.title for hit in page.hits]
        after = page.following
        if not after:
            break
    assert seen == [f"周明{number}" for number in range(9)]


# --- services, checks, answers, laws


def test_everyday_words_find_the_matter_the_answer_and_the_law(laws: None):
    for typed in ("欠薪", "工钱", "gongzi", "拖欠工资"):
        groups = found(ANONYMOUS, typed)
        assert groups["services"][0] == "要工资" and "老板拖欠工资怎么办" in groups["answers"], typed
        assert any("劳动法》第五十条" in title for title in groups["laws"]), typed
    assert found(ANONYMOUS, "请律师")["checks"] == ["我能免费请律师吗"]
    assert found(ANONYMOUS, "wages")["services"][0] == "要工资"


def test_a_law_is_found_by_its_name_and_an_article_by_its_number(laws: None):
    assert found(ANONYMOUS, "劳动合同法", "laws")["laws"][0] == "中华人民共和国劳动合同法"
    for typed in ("劳动法第50条", "劳动法50", "劳动法 ５０", "Labour Law Art. 50"):
        assert found(ANONYMOUS, typed, "laws")["laws"] == ["《劳动法》第五十条"], typed
    assert "laws" not in found(ANONYMOUS, "工资", "laws", filters=Filters(law="regulation"))
    assert "laws" not in found(ANONYMOUS, "遛狗", "laws", filters=Filters(day=date(1990, 1, 1)))


def test_nonsense_finds_nothing(laws: None):
    assert found(ANONYMOUS, "zzzzzz") == found(ANONYMOUS, "没有这样的") == found(ANONYMOUS, "") == {}


# --- cases


def test_a_case_is_found_by_its_own_people_and_place_only(cast: Cast):
    here = wage_claim(cast["clerk"], person=Person(name="马小标", phone="17000000071"))
    for typed in ("马小标", "maxiaobiao", "马晓标", here.tracking_number, "17000000071", "滨江"):
        assert found(cast["reviewer"], typed, "cases")["cases"] == [here.title], typed
        assert "cases" not in found(cast["neighbour"], typed), typed
        assert not {"cases", "parties"} & set(found(ANONYMOUS, typed)), typed
    assert found(cast["reviewer"], "马小标")["parties"] == ["马**"]
    assert found(cast["reviewer"], "17000000071").keys() == {"cases", "parties"}
    assert found(cast["admin"], "马小标") == {}


def test_a_sealed_case_and_its_people_are_not_found_and_not_counted(cast: Cast, settings: Any):
    settings.STAFF_MFA_REQUIRED = False
    sealed = wage_claim(cast["clerk"], person=Person(name="冯小甲", phone="17000000072"))
    Case.objects.filter(pk=sealed.pk).update(sealed=True)
    for typed in ("冯小甲", "fengxiaojia", sealed.tracking_number, "17000000072", "滨江"):
        assert not {"cases", "parties"} & set(found(cast["leader"], typed)), typed
        page = at(cast, "leader").get("/desk/search", {"q": typed}).content.decode()
        assert f"/desk/cases/{sealed.pk}" not in page and not re.search(r'<span class="count', page)
    assert "parties" not in found(cast["reviewer"], "冯小甲")  # cleared: the case, but nobody's name beside it
    assert found(cast["reviewer"], "冯小甲")["cases"]


def test_cases_go_on_where_a_page_ended(cast: Cast):
    made = [wage_claim(cast["clerk"], person=Person(name=f"工友{number}", phone=f"1700000020{number}")).pk for number in range(5)]
    with reading_as(cast["reviewer"]):
        first = find(cast["reviewer"], "滨江", ["cases"], size=3).groups["cases"]
        rest = find(cast["reviewer"], "滨江", ["cases"], after=first.following, size=3).groups["cases"]
    assert [hit.key for hit in [*first.hits, *rest.hits]] == sorted(made, reverse=True) and rest.following == ""


# --- pages


def test_the_residents_page_finds_by_post_and_keeps_nothing(laws: None, directory: None):
    browser = Client()
    empty = browser.get("/find/", {"q": "工钱"})
    assert "工钱" not in empty.content.decode() and 'id="site-search"' not in empty.content.decode()
    assert 'action="/find/"' in browser.get("/").content.decode()
    answer = browser.post("/find/", {"q": "仲才 工钱"})
    page = answer.content.decode()
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    assert "<mark>仲裁</mark>" in page and "<mark>工资</mark>" in page
    assert "“仲才”也按“<strong>仲裁</strong>”查找了" in page and "劳动报酬" in page and "tel:12348" in page
    assert "<title>" in page and "工钱" not in page.split("</title>")[0]
    assert AskedQuestion.objects.count() == 0
    assert browser.post("/find/", {"q": " "}).status_code == 422
    assert browser.post("/find/", {"q": "工钱", "after": "x", "group": "laws"}).status_code == 422
    nothing = browser.post("/find/", {"q": "zzzzzz"}).content.decode()
    assert "没有找到" in nothing and 'href="/ask/"' in nothing and "tel:12348" in nothing


def test_danger_comes_before_anything_found(laws: None):
    page = Client().post("/find/", {"q": "老公又打我"}).content.decode()
    assert "tel:110" in page and "quick-exit" in page and page.index("tel:110") < page.index("find-form")


def test_the_desk_shows_the_stores_own_words(laws: None, cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("fahui.channels.find.queries.PAGE", 1)
    settings.STAFF_MFA_REQUIRED = False
    page = at(cast, "agent").get("/desk/search", {"q": "克扣 工资"}).content.decode()
    shown = re.findall(r'data-article="(\d+)">(.*?)</p>', page, re.DOTALL)
    assert shown
    for key, text in shown:
        assert re.sub("</?mark>", "", text) == Article.objects.get(pk=key).text
    every = at(cast, "agent").get("/desk/search", {"q": "工资", "group": "laws"}).content.decode()
    following = re.search(r'href="([^"]*after=[^"]*)"', every)
    assert following and at(cast, "agent").get("/desk/search" + following[1].replace("&amp;", "&")).status_code == 200
    assert at(cast, "agent").get("/desk/search", {"q": "工资", "group": "laws", "after": "x"}).status_code == 422


def test_the_box_offers_every_group_and_marks_what_was_typed(laws: None, directory: None, cast: Cast, settings: Any):
    settings.STAFF_MFA_REQUIRED = False
    box = {"HX-Request": "true"}
    page = at(cast, "agent").get("/desk/search", {"q": "gongzi"}, headers=box).content.decode()
    assert 'aria-label="法律"' in page and 'id="desk-hit-1"' in page and "<mark>工资</mark>" in page and "<html" not in page


# --- API


def test_the_api_finds_publicly_and_with_a_key_the_cases_in_reach(laws: None, directory: None, cast: Cast):
    case = wage_claim(cast["clerk"])
    told = Client().get("/api/v1/find", {"q": "仲才"}).json()
    assert told["mended"] == [{"typed": "仲才", "meant": "仲裁"}]
    office = next(group for group in told["groups"] if group["group"] == "offices")["items"][0]
    assert office["title"] == "乐山仲裁委员会" and office["title_marks"] == [[2, 4]]
    _key, secret = make_key(cast["admin"], "finder", cast.users["clerk"].pk, ["cases:read"])
    _key, narrow = make_key(cast["admin"], "writer", cast.users["clerk"].pk, ["cases:write"])
    head = {"Authorization": f"Bearer {secret}"}
    mine = Client().get("/api/v1/find", {"q": "滨江", "group": "cases"}, headers=head).json()
    assert [item["id"] for item in mine["groups"][0]["items"]] == [str(case.pk)]
    assert Client().get("/api/v1/find", {"q": "滨江"}).json()["groups"] == []
    assert Client().get("/api/v1/find", {"q": "滨江", "group": "cases"}).status_code == 401
    assert Client().get("/api/v1/find", {"q": "滨江", "group": "parties"}, headers={"Authorization": f"Bearer {narrow}"}).status_code == 403
    assert Client().get("/api/v1/find", {"q": "律师", "after": "x"}).status_code == 422
    assert Client().get("/api/v1/find", {"q": "律师", "after": "x", "group": "people"}).status_code == 422
    assert Client().get("/api/v1/find", {"q": ""}).status_code == 422
    assert Client().get("/api/v1/find", {"q": "律师", "region": 1894}).json()["fields"].keys() == {"region"}
    for strange in ("ýv", "İ", "\ud7ff", "%", "_\\", "第条", "ﬁ", "１２３条", "a" * 200):
        assert Client().get("/api/v1/find", {"q": strange}).status_code == 200, strange


def test_who_searches_too_often_gets_a_number_to_call(db: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(limits.PER_HOUR, "find", 1)
    assert Client().get("/api/v1/find", {"q": "律师"}).status_code == 200
    assert "12348" in Client().get("/api/v1/find", {"q": "律师"}).json()["detail"]
    assert Client().post("/find/", {"q": "律师"}).status_code == 429


# --- budget


def test_danger_is_answered_past_the_limit(laws: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(limits.PER_HOUR, "find", 0)
    assert Client().post("/find/", {"q": "工资"}).status_code == 429
    page = Client().post("/find/", {"q": "他要杀我"})
    assert page.status_code == 200 and "tel:110" in page.content.decode()


def test_statements_do_not_grow_with_what_is_found(laws: None, directory: None, cast: Cast):
    def sent(reader: Reader, text: str, size: int) -> int:
        found(reader, text, size=size)
        with CaptureQueriesContext(connection) as seen:
            found(reader, text, size=size)
        return len(seen.captured_queries)

    for number in range(12):
        wage_claim(cast["clerk"], person=Person(name=f"工友{number}", phone=f"170000003{number:02d}"))
        Institution.objects.create(code=f"B-{number}", kind="law_firm", name=f"程序{number}律师事务所", region_code=COUNTY)
    for text in ("程序", "律师", "滨江", "zhongcai"):
        assert sent(ANONYMOUS, text, 1) == sent(ANONYMOUS, text, 10) <= 14, text
        assert sent(cast["reviewer"], text, 1) == sent(cast["reviewer"], text, 10) <= 32, text
