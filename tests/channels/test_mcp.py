"""Assistants ask over the Model Context Protocol: the same law, the same rules, one way to write."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

from fahui.casework.cases.models import Case
from fahui.channels import limits
from fahui.foundation.accounts.scope import as_system
from fahui.foundation.people.models import Institution
from fahui.knowledge.laws.actions import import_laws
from fahui.knowledge.laws.models import Article
from fahui.knowledge.search.actions import index_laws
from tests.cast import TOWNSHIP, Cast
from tests.knowledge.texts import plain

WAGES = "用人单位应当向劳动者及时足额支付劳动报酬。"


def send(message: Any, **headers: str) -> Any:
    body = message if isinstance(message, (str, bytes)) else json.dumps(message)
    return Client().post("/api/mcp", data=body, content_type="application/json", headers=headers)


def call(name: str, /, **arguments: Any) -> dict[str, Any]:
    answer = send({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": name, "arguments": arguments}})
    assert answer.status_code == 200, answer.content
    return dict(answer.json()["result"])


@pytest.fixture
def law(cast: Cast) -> Article:
    import_laws([plain("某劳动法", date(2020, 1, 1), WAGES, since=date(2020, 1, 1))])
    index_laws()
    return Article.objects.get(text=WAGES)


def test_it_introduces_itself_and_lists_its_tools(cast: Cast):
    hello = send({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-03-26"}}).json()["result"]
    assert hello["protocolVersion"] == "2025-03-26" and "tools" in hello["capabilities"]
    assert send({"jsonrpc": "2.0", "method": "notifications/initialized"}).status_code == 202
    tools = send({"jsonrpc": "2.0", "id": "a", "method": "tools/list"}).json()["result"]["tools"]
    assert [t["name"] for t in tools if not t["annotations"]["readOnlyHint"]] == ["start_consultation"]
    assert all(t["description"] and t["inputSchema"]["type"] == "object" for t in tools)


def test_law_is_found_read_and_checked_to_the_byte(law: Article):
    found = call("search_law", question="老板不给工钱")["structuredContent"]["items"]
    assert found[0]["text"] == WAGES and found[0]["law"] == "某劳动法"
    read = call("read_article", citation="《某劳动法》第一条")["structuredContent"]["articles"]
    assert [article["text"] for article in read] == [WAGES]
    checked = call("check_citations", text="依据《某劳动法》第九十九条")["structuredContent"]
    assert checked["failing"] == 1
    assert [a["text"] for a in call("read_article", citation="某劳动法1")["structuredContent"]["articles"]] == [WAGES]


def test_danger_comes_before_the_law_for_an_assistant_too(law: Article):
    told = call("search_law", question="老板不给工钱，我不想活了")["structuredContent"]
    assert (told["danger"]["kind"], told["danger"]["phones"][0]["number"]) == ("suicide", "110") and told["danger"]["say"]
    assert next(iter(told)) == "danger" and told["items"][0]["text"] == WAGES
    assert call("search_law", question="老板不给工钱")["structuredContent"]["danger"] is None
    started = call("start_consultation", name="赵小六", phone="13900001111", question="老公把我打伤了，怎么办", region=TOWNSHIP)
    assert started["structuredContent"]["danger"]["kind"] == "domestic_violence"


def test_services_and_offices_are_told(cast: Cast):
    services = call("list_services")["structuredContent"]["services"]
    assert {"consultation", "legal_aid"} <= {service["id"] for service in services}
    offices = call("find_offices", kind="legal_aid_agency")["structuredContent"]["offices"]
    assert offices and {office["kind"] for office in offices} == {"legal_aid_agency"}
    assert {office["state"] for office in offices} <= {"open", "closed", "unknown"}
    Institution.objects.filter(kind="legal_aid_agency").update(opening_hours="每天 24小时；法定节假日照常")
    offices = call("find_offices", kind="legal_aid_agency", open_now=True)["structuredContent"]["offices"]
    assert offices and {office["state"] for office in offices} == {"open"}


def test_a_consultation_begins_and_the_assistant_learns_only_its_number(cast: Cast):
    asked = {"name": "某甲", "phone": "17000000001", "question": "工地欠我三个月工钱", "region": TOWNSHIP}
    told = call("start_consultation", **asked)
    assert not told["isError"]
    assert set(told["structuredContent"]) == {"danger", "tracking_number", "next"}
    with as_system():
        case = Case.objects.get(tracking_number=told["structuredContent"]["tracking_number"])
    assert (case.service, case.channel, case.details["facts"]) == ("consultation", "api", asked["question"])


@pytest.mark.parametrize(("arguments", "said"), [
    ({"name": "某甲", "phone": "12", "question": "工地欠我三个月工钱", "region": TOWNSHIP}, "phone"),
    ({"name": "某甲", "phone": "170x00001", "question": "工地欠我三个月工钱", "region": TOWNSHIP}, "电话"),
    ({"name": "某甲", "phone": "17000000001", "question": "工地欠我三个月工钱", "region": 310_000_000_000}, "地区"),
])  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_opened(cast: Cast, arguments: dict[str, Any], said: str):
    told = call("start_consultation", **arguments)
    assert told["isError"] and said in told["content"][0]["text"]
    with as_system():
        assert not Case.objects.exists()


def test_an_address_that_asks_too_much_is_refused_like_on_the_pages(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(limits.PER_HOUR, "mcp", 1)
    assert not call("list_services")["isError"]
    assert call("list_services")["isError"]
    told = call("search_law", question="我不想活了")
    assert told["isError"] and "110" in told["content"][0]["text"]


@pytest.mark.parametrize(("message", "status"), [
    ("{", 400), ([1], 400), ({"jsonrpc": "1.0", "id": 1, "method": "ping"}, 400), ("x" * 70_000, 413),
    ({"jsonrpc": "2.0", "id": None, "method": "ping"}, 400), ({"jsonrpc": "2.0", "id": 1, "method": "nothing"}, 200),
    ({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "drop"}}, 200), (b"\xff\xfe", 400),
])  # fmt: skip
def test_what_is_no_message_is_an_error_by_the_protocol(cast: Cast, message: Any, status: int):
    answer = send(message)
    assert answer.status_code == status and answer.json()["error"]["code"] < 0


def test_a_page_elsewhere_cannot_ask_and_there_is_no_stream(cast: Cast):
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    assert send(ping, Origin="https://elsewhere.example").status_code == 403
    assert send(ping, Origin="http://testserver").json()["result"] == {}
    assert Client().get("/api/mcp").status_code == 405
