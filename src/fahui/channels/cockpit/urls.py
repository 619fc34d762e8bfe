"""Addresses of the leaders' pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from fahui.channels.cockpit import editing, policy, reports, returns, standards, views
from fahui.channels.cockpit import open as open_data

urlpatterns: list[URLPattern] = [
    path("", views.today, name="cockpit"),
    path("behind/<slug:alert>", views.behind, name="cockpit-behind"),
    path("open/", open_data.editions, name="cockpit-open"),
    path("open/<int:number>/", open_data.edition, name="cockpit-edition"),
    path("policy/", policy.clauses, name="cockpit-policy"),
    path("reports/", reports.listing, name="cockpit-reports"),
    path("reports/<int:pk>.<str:kind>", reports.download, name="cockpit-report"),
    path("returns", returns.returns, name="cockpit-returns"),
    path("targets/", standards.targets, name="cockpit-targets"),
    path("targets/changes/", editing.versions, name="cockpit-versions"),
    path("targets/changes/new", editing.edit, name="cockpit-new"),
    path("targets/changes/<int:pk>", editing.version, name="cockpit-version"),
    path("targets/again", standards.again, name="cockpit-measure"),
    path("targets/<slug:indicator>", standards.target, name="cockpit-target"),
    path("targets/<slug:indicator>/edit", editing.edit, name="cockpit-edit"),
    path("targets/<slug:indicator>/records", standards.records_page, name="cockpit-records"),
]
