"""`fahui migrate`: tables, application role, services, city data, static files; and the demo when asked for."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from fahui.casework.definitions.loader import BadDefinition
from fahui.config import database as making
from fahui.config.messages import compile_catalogues
from fahui.demo.actions import fill
from fahui.knowledge.tasks import ask_for_laws
from fahui.standards.tasks import ask_for_the_first_figures


def run(arguments: list[str]) -> int:
    """Bring the database up to date. Safe to run again."""
    parser = argparse.ArgumentParser(prog="fahui migrate")
    parser.add_argument("--demo", type=int, default=0)
    chosen = parser.parse_args(arguments)
    began = time.monotonic()
    making.migrate()
    _say(f"tables are up to date ({time.monotonic() - began:.1f} s)")
    try:
        making.load_base(_say)
    except BadDefinition as error:
        print(f"fahui migrate: {error}", file=sys.stderr)
        return 1
    compile_catalogues(Path(settings.LOCALE_PATHS[0]))
    call_command("collectstatic", verbosity=0, interactive=False)
    if ask_for_laws():
        _say("national law: the worker imports it in the background")
    if chosen.demo and not (Path(settings.DATA_DIR) / "demo").exists():
        fill(cases=chosen.demo, seed=1, say=_say)
    if ask_for_the_first_figures():
        _say("targets of the policy: the worker measures them in the background")
    return 0


def _say(text: str) -> None:
    print(f"· {text}", flush=True, file=sys.stdout)
