"""A property-based fuzzer over the whole OpenAPI of a running server: no 5xx, no undocumented answer."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from fahui.channels.api.api import api
from fahui.commands.key import OPERATIONS as KEY_OPERATIONS
from tests.live import Installation

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory):
    made = Installation(tmp_path_factory.mktemp("fuzz") / "var", demo=40)
    made.start()
    measured = made.run("measure", "--engine", "postgres", "--format", "json")  # so that targets have figures
    assert measured.returncode == 0, measured.stderr
    yield made
    made.stop()


@pytest.fixture(scope="module")
def secret(running: Installation) -> str:
    done = running.run("key", "fuzzer", "--user", "clerk", "--operations", ",".join(KEY_OPERATIONS))
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def openapi(running: Installation) -> Any:
    return schemathesis.openapi.from_url(f"{running.url}/api/v1/openapi.json")


OPERATIONS = [
    (path, method.upper()) for path, methods in api.get_openapi_schema()["paths"].items() for method in methods
]


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_a_fuzzer_finds_no_failure_and_no_undocumented_answer(path: str, method: str, openapi: Any, secret: str):
    @given(case=openapi[path][method].as_strategy())
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def attack(case: Any) -> None:
        # A body may fit its schema and still name a region of another city: a documented 422, not a failure.
        case.call_and_validate(
            headers={"Authorization": f"Bearer {secret}"}, excluded_checks=[positive_data_acceptance]
        )

    attack()


@pytest.mark.parametrize(("path", "method"), [o for o in OPERATIONS if "/cases" in o[0]])
def test_wrong_data_without_a_key_is_refused_and_documented(path: str, method: str, openapi: Any):
    @given(case=openapi[path][method].as_strategy(generation_mode=GenerationMode.NEGATIVE))
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def attack(case: Any) -> None:
        assert case.call(headers={"Authorization": "Bearer fh_0_0"}).status_code in {400, 401, 404, 405, 422}

    attack()
