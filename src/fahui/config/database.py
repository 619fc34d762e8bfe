"""Making the database ready: tables, the application role, published services, the city's data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction

from fahui.casework.definitions.actions import publish_all
from fahui.config.database_role import APP_ROLE, ROLE_SQL
from fahui.foundation import cities
from fahui.foundation.accounts.scope import as_system
from fahui.foundation.regions.actions import Extra, load_file
from fahui.foundation.regions.models import Region
from fahui.foundation.vault.crypto import make_key
from fahui.foundation.worktime.actions import load_official
from fahui.knowledge.content.actions import load_scripts, load_shipped
from fahui.services.consultation.scripts import scripts

Say = Callable[[str], None]

_GRANTS = f"""
GRANT {APP_ROLE} TO CURRENT_USER;
GRANT USAGE ON SCHEMA public TO {APP_ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE};
REVOKE UPDATE, DELETE ON foundation_event, casework_serviceversion FROM {APP_ROLE};
REVOKE INSERT, DELETE ON foundation_chainhead FROM {APP_ROLE};
"""


def migrate() -> None:
    """Create or update every table and the role of the application, and the key of what is encrypted in them.

    Must run as the tables' owner.
    """
    make_key()
    with connection.cursor() as cursor:
        cursor.execute(ROLE_SQL)
    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute(_GRANTS)


def load_base(say: Say) -> None:
    """Publish the services and load the city's regions and the official calendar, as far as they are missing."""
    city = cities.current()
    with transaction.atomic(), as_system():
        years = load_official()
        if years:
            say(f"working calendar: {years} years of official holidays")
        for version in publish_all():
            say(f"service {version.service} {version.version}")
        if answers := load_shipped():
            say(f"curated answers: {answers}")
        if said := load_scripts(scripts()):
            say(f"scripts for agents: {said}")
        if not Region.objects.filter(pk=city.region).exists():
            count = load_file(regions_file(city.id), extras_of(city), source=city.sources.get("region", ""))
            say(f"regions of {city.name.en}: {count}")


def regions_file(city_id: str) -> Path:
    """The city folder's region file."""
    return Path(cities.__file__).resolve().parents[1] / "cities" / city_id / "regions.csv"


def extras_of(city: cities.City) -> dict[int, Extra]:
    """What the city folder adds to single regions."""
    found = {county.code: Extra(ethnic_autonomous=True) for county in city.autonomous_counties}
    if city.population:
        found[city.region] = Extra(population=city.population)
    return found
