"""The API: its shapes, its problems, its cost. What a fuzzer makes of it is in tests/test_fuzz.py."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fahui.foundation.accounts.actions import make_key
from tests.cast import TOWNSHIP, Cast

HAN = re.compile(r"[\u3400-\u9fff]")
BODY: dict[str, Any] = {
    "service": "legal_aid", "matter": "civil", "region_code": TOWNSHIP,
    "applicant": {"name": "申请人甲", "phone": "13700000001"}, "details": {"matter_kind": "wages", "claim_fen": 1260000},
}  # fmt: skip


@pytest.fixture
def head(cast: Cast) -> dict[str, str]:
    _key, secret = make_key(cast["admin"], "clerk", cast.users["clerk"].pk, ["cases:read", "cases:write"])
    return {"Authorization": f"Bearer {secret}"}


def post(url: str, body: Any, head: dict[str, str]) -> Any:
    return Client().post(url, data=body, content_type="application/json", headers=head)


def test_a_case_is_opened_read_acted_on_and_tracked(head: dict[str, str]):
    made = post("/api/v1/cases", BODY, head)
    assert made.status_code == 201, made.content.decode()
    case = made.json()
    one = Client().get(f"/api/v1/cases/{case['id']}", headers=head).json()
    assert one["clocks"][0]["name"] == "审查期限"
    assert {a["action"] for a in one["actions"] if a["allowed"]} >= {"withdraw"}
    done = post(f"/api/v1/cases/{case['id']}/actions/withdraw", {"payload": {"reason_text": "自己解决了"}, "revision": 1}, head)
    assert done.status_code in (200, 422), done.content.decode()
    track = Client().get(f"/api/v1/track/{case['tracking_number'].lower()}").json()
    assert track["institution"] and track["explanation"]


def test_the_answers_speak_the_language_asked_for(head: dict[str, str]):
    english = head | {"Accept-Language": "en-GB,en;q=0.9"}
    made = post("/api/v1/cases", BODY, english).json()
    assert made["state_name"] == "Submitted"
    assert Client().get("/api/v1/cases", headers=english).json()["items"][0]["state_name"] == "Submitted"
    one = Client().get(f"/api/v1/cases/{made['id']}", headers=english).json()
    said = [clock["name"] for clock in one["clocks"]]
    said += [words for offer in one["actions"] for words in [offer["name"], *offer["reasons"]]]
    assert said and not [words for words in said if HAN.search(words)]
    assert any(offer["reasons"] for offer in one["actions"])
    chinese = Client().get(f"/api/v1/cases/{made['id']}", headers=head).json()
    assert all(HAN.search(offer["name"]) for offer in chinese["actions"])
    for answer in (
        post(f"/api/v1/cases/{made['id']}/actions/close", {}, english), post("/api/v1/cases", {}, english),
        Client().get("/api/v1/cases", headers={"Accept-Language": "en"}), Client().get("/api/v1/cases?cursor=x", headers=english),
        Client().get("/api/v1/track/FH1", headers={"Accept-Language": "en"}),
    ):  # fmt: skip
        assert answer.status_code >= 400 and not HAN.search(answer.json()["detail"]), answer.json()


def test_the_same_key_gets_the_first_answer_and_another_body_a_conflict(head: dict[str, str]):
    keyed = head | {"Idempotency-Key": "order-7"}
    first, again = post("/api/v1/cases", BODY, keyed), post("/api/v1/cases", BODY, keyed)
    assert first.json()["id"] == again.json()["id"]
    other = post("/api/v1/cases", BODY | {"title": "别的"}, keyed)
    assert other.status_code == 409 and other.json()["code"] == "key_reused"


@pytest.mark.parametrize(("change", "field"), [
    ({"region_code": 110000000000}, "region_code"), ({"matter": "nothing"}, "matter"), ({"extra": 1}, "extra"),
    ({"details": {"claim_fen": -5}}, "claim_fen"), ({"details": {"colour": "red"}}, "colour"),
    ({"applicant": {"name": "甲", "phone": "12"}}, "phone"), ({"applicant": {"name": "甲\u0000"}}, "name"),
])  # fmt: skip
def test_bad_input_names_the_field_and_writes_nothing(head: dict[str, str], change: dict[str, Any], field: str):
    answer = post("/api/v1/cases", BODY | change, head)
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"
    assert any(field in name for name in answer.json()["fields"]), answer.json()
    assert Client().get("/api/v1/cases", headers=head).json()["items"] == []


def test_without_a_key_there_is_a_401_and_without_the_operation_a_403(cast: Cast):
    assert Client().get("/api/v1/cases").status_code == 401
    _key, secret = make_key(cast["admin"], "reader", cast.users["clerk"].pk, ["cases:read"])
    assert post("/api/v1/cases", BODY, {"Authorization": f"Bearer {secret}"}).status_code == 403


def test_pages_of_the_list_never_count_and_cost_the_same_at_any_size(head: dict[str, str]):
    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as seen:
            assert Client().get("/api/v1/cases", headers=head).status_code == 200
        # A savepoint is not sent by itself, so the log has no text for it.
        return [q["sql"] for q in seen.captured_queries if q["sql"]]

    post("/api/v1/cases", BODY, head)
    queries()
    few = queries()
    for _ in range(20):
        post("/api/v1/cases", BODY, head)
    many = queries()
    assert len(few) == len(many)
    assert not any("count(" in sql.lower() for sql in many)


def test_what_is_not_there_is_a_problem_for_programs_and_a_page_for_people(db: None):
    for method, url, status, code in (
        ("GET", "/api/v1/nowhere", 404, "not_found"), ("GET", "/api/v9/cases", 404, "not_found"),
        ("DELETE", "/api/v1/cases", 405, "method"), ("OPTIONS", "/api/v1/services", 405, "method"),
    ):  # fmt: skip
        answer = Client().generic(method, url)
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), (method, url)
        assert answer.json()["code"] == code
    assert {"GET", "POST"} <= set(Client().delete("/api/v1/cases")["Allow"].split(", "))
    assert Client().get("/nowhere")["Content-Type"].startswith("text/html")


def test_the_head_of_an_answer_is_that_of_its_whole(db: None):
    whole, head = Client().get("/api/v1/services"), Client().head("/api/v1/services")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == str(len(whole.content)) and head["Content-Type"] == whole["Content-Type"]
    assert Client().head("/api/v1/nowhere").status_code == 404


def test_a_body_that_is_too_large_is_refused_as_documented(head: dict[str, str]):
    answer = post("/api/v1/cases", BODY | {"title": "x" * 6_000_000}, head)
    assert answer.status_code == 413 and answer.json()["code"] == "too_large"
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    bodies = [operation for methods in paths.values() for operation in methods.values() if "requestBody" in operation]
    assert len(bodies) > 3
    for operation in bodies:
        assert list(operation["responses"]["413"]["content"]) == ["application/problem+json"], operation["operationId"]


@pytest.mark.django_db
def test_the_services_are_told_in_the_language_asked_for_however_often():
    said = [Client().get("/api/v1/services", headers={"Accept-Language": language}).json() for language in ("zh", "en", "zh", "en")]
    assert said[0] == said[2] and said[1] == said[3]
    assert all(HAN.search(service["name"]) for service in said[0]) and not any(HAN.search(service["name"]) for service in said[1])
    assert all(matter["details_schema"]["type"] == "object" for service in said[0] for matter in service["matters"])
