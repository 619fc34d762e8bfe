"""Which places have not reported what a target counts, for the page of that target."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from fahui.channels.desk.owed import return_name
from fahui.foundation.accounts.scope import Reader
from fahui.standards.returns import queries

_NAMED = 5


def missing(reader: Reader, region: int, indicator: str) -> dict[str, Any] | None:
    """The places that owe most first, what they owe, and where to see all of it; None where nothing is owed."""
    picture = queries.of_region(reader, region, indicator)
    owed = Counter(line.county for line in picture.owed)
    if not owed:
        return None
    what: dict[str, str] = {"what": picture.returns[0].key} if len(picture.returns) == 1 else {}
    return {
        "what": _("、").join(return_name(one) for one in picture.returns), "count": len(owed), "shown": _NAMED,
        "places": _("、").join(picture.names.get(code, "") for code, _count in owed.most_common(_NAMED)),
        "href": f"{reverse('cockpit-returns')}?{urlencode({'region': str(region), **what})}",
    }  # fmt: skip
