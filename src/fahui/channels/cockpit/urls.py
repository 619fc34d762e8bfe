"""Addresses of the leaders' pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from fahui.channels.cockpit import views

urlpatterns: list[URLPattern] = [
    path("", views.today, name="cockpit"),
    path("behind/<slug:alert>", views.behind, name="cockpit-behind"),
]
