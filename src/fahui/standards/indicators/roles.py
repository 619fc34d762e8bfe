"""Who changes indicators: leaders and supervisors of the city itself."""

from __future__ import annotations

from fahui.foundation import cities
from fahui.foundation.accounts.roles import Role
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.regions.rules import contains

EDITORS = frozenset({Role.BUREAU_LEADER, Role.SUPERVISOR})


def covers_city(reader: Reader) -> bool:
    """Whether a post of an editor covers the whole city."""
    city = cities.current().region
    return reader.kind == "system" or any(
        post.role in EDITORS and contains(post.region_code, city) for post in reader.posts
    )
