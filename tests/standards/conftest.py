"""What the proofs of measures share: the small world, and the question to both engines at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from fahui.foundation.regions.rules import jurisdiction
from fahui.insight.figures.rules import rolled
from fahui.standards.lake.engines import Duck, Engine, Postgres
from fahui.standards.measuring import cells
from tests.standards import world
from tests.standards.engines import lake_of_this_transaction


@pytest.fixture
def says(system: None, tmp_path: Path) -> Iterator[world.Says]:
    """Ask a measure of PostgreSQL and DuckDB about the small world; records are made before the first question."""
    world.settle()
    engines: list[Engine] = [Postgres()]
    with ExitStack() as stack:

        def ask(measure: str, expected: world.Expected, **given: Any) -> None:
            if len(engines) == 1:
                engines.append(stack.enter_context(Duck(lake_of_this_transaction(tmp_path))))
            for engine in engines:
                engine.periods(world.PERIODS)
                found = cells(engine, measure, given)
                told = {
                    period: {place: rolled(found.get(period, {}), place, *jurisdiction(place)) for place in places}
                    for period, places in expected.items()
                }
                assert told == expected, f"{measure} on {engine.name}"

        yield ask
