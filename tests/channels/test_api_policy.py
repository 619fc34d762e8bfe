"""The policy for programs: clauses and definitions as JSON and as a table, for a key that may read targets."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from fahui.foundation.accounts.actions import make_key
from fahui.standards.indicators.definitions import indicators
from fahui.standards.policies.definitions import demands
from tests.cast import Cast

PATHS = ("/api/v1/indicators/definitions", "/api/v1/policy/clauses")


@pytest.fixture
def head(cast: Cast) -> dict[str, str]:
    _key, secret = make_key(cast["admin"], "leader", cast.users["leader"].pk, ["indicators:read"])
    return {"Authorization": f"Bearer {secret}"}


def _table(path: str, head: dict[str, str]) -> list[dict[str, str]]:
    answer = Client().get(path, {"format": "csv"}, headers=head)
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/csv") and text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text[1:])))


def test_every_target_is_defined_in_its_words_and_in_those_of_its_measure(head: dict[str, str]) -> None:
    told = Client().get(PATHS[0], headers=head).json()
    assert [one["id"] for one in told["items"]] == [indicator.id for indicator in indicators("leshan").indicators]
    one = next(one for one in told["items"] if one["id"] == "IND-LESH-007")
    assert one["counted"] == ["逐个看的是: 村（社区）", "怎样才算: 法律明白人（截至那天有效），至少5名"] and one["each"] is True
    assert one["counted_en"][0] == "Looked at one by one: Village or community" and one["targets"][0]["value"] == "5"
    assert one["measure"] == "places_with_posting" and one["given"]["at_least"] == 5


def test_every_demand_stands_under_its_clause_in_both_languages(head: dict[str, str]) -> None:
    told = Client().get(PATHS[1], headers=head).json()
    assert [one["id"] for one in told["items"]] == [demand.id for _clause, demand in demands("leshan")]
    first = told["items"][0]
    assert (first["heading"], first["heading_en"]) == ("发展基础", "Foundations of development") and first["not_yet_en"]
    assert all(one["quote"] and one["quote_en"] and one["state"] in ("answered", "partly", "not_yet", "outside") for one in told["items"])


@pytest.mark.parametrize("path", PATHS)
def test_the_table_says_what_the_json_says(path: str, head: dict[str, str]) -> None:
    def cell(value: Any) -> str:
        return "" if value is None else json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)

    items = Client().get(path, headers=head).json()["items"]
    assert _table(path, head) == [{name: cell(value) for name, value in one.items()} for one in items] and len(items) > 60


@pytest.mark.parametrize("path", PATHS)
def test_a_key_without_the_right_reads_neither(path: str, cast: Cast) -> None:
    _key, secret = make_key(cast["admin"], "clerk", cast.users["clerk"].pk, ["cases:read"])
    assert Client().get(path, headers={"Authorization": f"Bearer {secret}"}).status_code == 403
    assert Client().get(path).status_code == 401
