"""Every address of the installation."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from fahui.channels import common, health
from fahui.channels.api.api import api
from fahui.channels.mcp import server as mcp

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("theme.css", common.theme, name="theme"),
    path("preferences", common.preferences, name="preferences"),
    path("accounts/", include("allauth.urls")),
    path("api/mcp", mcp.endpoint, name="mcp"),
    path("api/v1/", RedirectView.as_view(url="openapi.json")),
    path("api/v1/", api.urls),
    path("desk/", include("fahui.channels.desk.urls")),
    path("cockpit/", include("fahui.channels.cockpit.urls")),
    path("", include("fahui.channels.portal.urls")),
]
handler400 = "fahui.channels.common.unreadable"
handler404 = "fahui.channels.common.not_found"
handler500 = "fahui.channels.common.failed"
