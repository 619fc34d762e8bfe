"""Addresses of the residents' portal."""

from __future__ import annotations

from django.urls import URLPattern, path

from fahui.channels.portal import account, apply, eligibility, group, guides, home, mine, rating, submit, tracking

_MATTER = "apply/<slug:service_id>/<slug:matter_id>"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("ask/", home.ask, name="ask"),
    path("wages/", home.wages, name="wages"),
    path("family/", home.family, name="family"),
    path(_MATTER, apply.start, name="apply"),
    path(f"{_MATTER}/q/<slug:step_id>", apply.question, name="apply-question"),
    path(f"{_MATTER}/q/<slug:step_id>/save", apply.autosave, name="apply-save"),
    path(f"{_MATTER}/continue/<str:token>", apply.resume, name="apply-resume"),
    path(f"{_MATTER}/later", apply.later, name="apply-later"),
    path(f"{_MATTER}/check", apply.check, name="apply-check"),
    path(f"{_MATTER}/submit", submit.submit, name="apply-submit"),
    path(f"{_MATTER}/prove", submit.prove, name="apply-prove"),
    path(f"{_MATTER}/consent", submit.consent, name="apply-consent"),
    path(f"{_MATTER}/done", submit.done, name="apply-done"),
    path("join/", group.door, name="join-door"),
    path("join/<slug:code>", group.join, name="join"),
    path("track/", tracking.track, name="track"),
    path("track/<str:number>", tracking.track_one, name="track-one"),
    path("sign-in", account.sign_in, name="sign-in"),
    path("sign-out", account.sign_out, name="sign-out"),
    path("my/", mine.my, name="my"),
    path("my/<int:case_id>", mine.case_page, name="my-case"),
    path("my/<int:case_id>/do/<slug:action_id>", mine.act, name="my-act"),
    path("my/<int:case_id>/message", mine.message, name="my-message"),
    path("my/<int:case_id>/papers", mine.papers_add, name="my-papers"),
    path("my/<int:case_id>/papers/<int:paper_id>", mine.paper, name="my-paper"),
    path("my/<int:case_id>/documents/<int:document_id>.pdf", mine.document, name="my-document"),
    path("my/<int:case_id>/share", mine.share_code, name="my-share"),
    path("rate/<str:token>", rating.rating, name="rate"),
    path("can-i", eligibility.can_i, name="can-i"),
    path("places", guides.places, name="places"),
    path("guide/<slug:service_id>", guides.guide, name="guide"),
    path("complain", guides.complain, name="complain"),
    path("about/report", guides.report, name="report"),
    path("about/<slug:page>", guides.about, name="about"),
]
