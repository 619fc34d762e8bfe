"""One running installation and one browser for all journeys."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import Desk, chromium, launched
from tests.live import Installation


@pytest.fixture(scope="package")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A demo city, started as `fahui up` starts it."""
    chromium()
    made = Installation(tmp_path_factory.mktemp("journeys") / "var", demo=300)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with launched() as found:
        yield found


@pytest.fixture
def person(browser: Browser, installation: Installation) -> Iterator[Callable[..., Desk]]:
    """Makes people at browsers; afterwards nobody's page may have asked a foreign host for anything."""
    made: list[Desk] = []

    def make(name: str = "", **how: bool) -> Desk:
        desk = Desk(browser, installation, **how)
        made.append(desk)
        return desk.sign_in(name) if name else desk

    yield make
    for desk in made:
        desk.context.close()
        assert desk.foreign == []
