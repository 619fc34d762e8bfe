"""What every page knows: the site, and who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from fahui.foundation import cities
from fahui.foundation.accounts.roles import ROLE_NAMES
from fahui.foundation.accounts.scope import ANONYMOUS, Reader


@dataclass(frozen=True)
class Me:
    """The signed-in person, for the page header."""

    name: str
    is_staff: bool
    posts: list[str]
    home_url: str


def site(request: HttpRequest) -> dict[str, Any]:
    """`site`, `me` and `reader` for templates."""
    city, language = cities.current(), translation.get_language() or "zh-hans"
    english = language.startswith("en")
    reader: Reader = getattr(request, "reader", ANONYMOUS)
    me = None
    if reader.kind == "staff":
        posts = list(dict.fromkeys(ROLE_NAMES[p.role][1 if english else 0] for p in reader.posts))
        me = Me(reader.name, True, posts, "/desk/")
    elif reader.kind == "resident":
        me = Me(reader.name, False, [], "/my/")
    return {
        "site": {
            "name": "Fahui" if english else "法惠",
            "bureau": city.bureau.text(language),
            "city_name": city.name.text(),
            "hotline": city.hotline, "city": city.id, "elder": request.COOKIES.get("fahui_elder") == "1", "lang": language,
            "demo": settings.DEMO, "public_url": settings.PUBLIC_URL, "footer": city.footer.model_dump(),
        },
        "me": me,
        "reader": reader,
    }  # fmt: skip
