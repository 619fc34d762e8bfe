"""One real PostgreSQL for each test process: made once, migrated as its owner, used as the application role."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import translation
from pytest_django import DjangoDbBlocker

from fahui.config import database
from fahui.config.messages import compile_catalogues
from fahui.foundation.accounts.scope import as_system
from fahui.knowledge.answers import rules
from tests import any_order
from tests.cast import Cast, assemble
from tests.knowledge.texts import import_small_store

if os.environ.get("FAHUI_ANY_ORDER"):
    any_order.install()
# No test may fail because the machine was busy.
hypothesis.settings.register_profile("fahui", deadline=None)
hypothesis.settings.load_profile("fahui")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The tables, services, calendar and regions; then every connection drops to the role that owns no table."""
    with django_db_blocker.unblock():
        database.migrate()
        database.load_base(lambda text: None)
        compile_catalogues(Path(settings.LOCALE_PATHS[0]))
        call_command("collectstatic", verbosity=0, interactive=False)
        connection.close()
        _drop_privileges()
    yield


def _drop_privileges() -> None:
    options = settings.DATABASES["default"]["OPTIONS"]
    options["options"] = "-c role=fahui_app"
    connection.settings_dict["OPTIONS"]["options"] = "-c role=fahui_app"


@pytest.fixture(autouse=True)
def _in_chinese() -> Iterator[None]:
    """Every test begins in Chinese: a request in English leaves its thread in English until the next request."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def newest_first() -> Iterator[None]:
    """What names no order comes with the largest key first."""
    undo = any_order.install("1 DESC")
    yield
    undo()


@pytest.fixture
def system(db: None) -> Iterator[None]:
    """Arrange and assert with the eyes of the system; the code under test announces its own reader."""
    with transaction.atomic(), as_system():
        yield


@pytest.fixture(scope="session")
def artifacts() -> Path:
    """Where screenshots and traces of this run go."""
    path = Path(os.environ.get("FAHUI_ARTIFACTS") or tempfile.mkdtemp(prefix="fahui-artifacts-"))
    path.mkdir(parents=True, exist_ok=True)
    return path


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    """The fixed cast, inside a transaction that reads as the system between the code under test."""
    with transaction.atomic(), as_system():
        yield assemble()


@pytest.fixture
def laws(cast: Cast) -> None:
    """The small store of laws, indexed, that the shipped answers and the search are tried on."""
    import_small_store()


@pytest.fixture
def sure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scores of a store of a few articles are no measure: take any."""
    monkeypatch.setattr(rules, "BAR", float("-inf"))
