"""What the law leaves to the locality: every value a rule looks for is listed with its article, and can be set there."""

from __future__ import annotations

import ast
import html
import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from fahui.casework.cases.queries import parameters
from fahui.casework.definitions.loader import Service, services
from fahui.channels.desk.admin_values import asked_for
from fahui.foundation import clock
from fahui.services.legal_aid.choices import AidForm
from fahui.services.legal_aid.rules import LOCAL_VALUES
from tests.cast import Cast

SAMPLES = {"money": "200000", "number": "1.5", "count": "3", "yes_no": "否", "words": "marriage、land"}
URL = "/desk/admin/values"


def looked_for(home: Service) -> Iterator[str]:
    """The names that a service's modules look up in the local values, as far as they are written as constants."""
    package = importlib.import_module(home.package)
    for found in pkgutil.iter_modules(package.__path__):
        if found.ispkg:
            continue
        module = importlib.import_module(f"{home.package}.{found.name}")
        for node in ast.walk(ast.parse((home.folder / f"{found.name}.py").read_text(encoding="utf-8"))):
            key: Any = None
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
                key, held = node.args[0], node.func.value
            elif isinstance(node, ast.Subscript):
                key, held = node.slice, node.value
            else:
                continue
            if ast.unparse(held).endswith("parameters"):
                value = getattr(module, key.id, None) if isinstance(key, ast.Name) else getattr(key, "value", None)
                if isinstance(value, str):
                    yield value


@pytest.mark.parametrize("name", list(services()))
def test_every_value_a_rule_looks_for_is_listed(name: str):
    home = services()[name]
    assert set(looked_for(home)) <= set(asked_for(home))


def test_legal_aid_lists_thresholds_matters_and_every_subsidy_with_their_articles():
    assert {"means_income_limit_fen_per_month", "means_property_limit_fen", "dibao_fen_per_month", "aid_extra_matters",
            "means_income_factor_of_dibao", "aid_supplement_stops_clock"} <= set(LOCAL_VALUES)  # fmt: skip
    assert {f"subsidy_fen_{form.value}" for form in AidForm} <= set(LOCAL_VALUES)
    assert all(value.basis and value.zh and value.en for value in LOCAL_VALUES.values())
    assert LOCAL_VALUES["means_property_limit_fen"].basis == ("法律援助法第三十四条",)


@pytest.fixture
def leader(cast: Cast, settings: Any) -> Client:
    settings.STAFF_MFA_REQUIRED = False
    client = Client()
    client.force_login(cast.users["leader"])
    return client


def given(name: str, value: str) -> dict[str, str]:
    return {"service": "legal_aid", "name": name, "value": value, "unit": LOCAL_VALUES[name].unit,
            "source": "省厅〔2026〕1号第二条", "valid_from": "2026-01-01"}  # fmt: skip


def test_the_page_lists_each_with_what_it_is_and_who_leaves_it_to_the_city(leader: Client):
    page = html.unescape(leader.get(URL).content.decode())
    for name, value in LOCAL_VALUES.items():
        assert f">{name}<" in page and value.zh in page
        assert f"由本地定：{'、'.join(value.basis)}" in page


@pytest.mark.parametrize("name", sorted(LOCAL_VALUES))
def test_each_can_be_set_there_and_is_then_in_force(leader: Client, name: str):
    assert leader.post(URL, given(name, SAMPLES[LOCAL_VALUES[name].kind])).status_code == 302
    assert parameters("legal_aid", clock.now())[name].source == "省厅〔2026〕1号第二条"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("means_income_limit_fen_per_month", "两千"), ("means_income_limit_fen_per_month", "19.5"),
        ("means_income_factor_of_dibao", "-1"), ("aid_supplement_stops_clock", "3"), ("aid_extra_matters", "离婚"),
        ("subsidy_fen_defence", "是"),
    ],
)  # fmt: skip
def test_a_value_the_rules_cannot_read_is_refused(leader: Client, name: str, value: str):
    answer = leader.post(URL, given(name, value))
    assert answer.status_code == 422 and name not in parameters("legal_aid", clock.now())


def test_a_city_without_a_property_limit_says_so(leader: Client):
    assert leader.post(URL, given("means_property_limit_fen", "不设")).status_code == 302
