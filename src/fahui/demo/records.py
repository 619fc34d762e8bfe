"""The records that a city's targets are counted from: bodies, sites, people, postings, activities and registers.

Sized by `data/calibration.yaml` and `data/registers.yaml`, whose numbers come from the plans' own starting values. The same seed, city
and day give the same records; the more cases a demo has, the more of a real year's work is there beside them.
"""

from __future__ import annotations

from fahui.demo.bodies import settle
from fahui.demo.duties import do
from fahui.demo.ledger import Ledger
from fahui.demo.organisations import Demo
from fahui.demo.outreach import Outreach
from fahui.demo.recognition import recognise
from fahui.demo.world import look


def fill(demo: Demo, seed: int, cases: int) -> dict[str, int]:
    """Everything, inside the caller's transaction; how many entries and activities were made."""
    world = look(demo, seed, cases)
    settle(world)
    outreach = Outreach(world)
    outreach.fill()
    do(world, outreach)
    outreach.save()
    ledger = Ledger(world)
    ledger.fill()
    recognise(world, ledger)
    ledger.save()
    return {"entries": len(ledger.rows), "activities": len(outreach.rows)}
