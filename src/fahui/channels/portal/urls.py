"""Addresses of the residents' portal."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from fahui.channels.find import portal as find
from fahui.channels.portal import (
    account,
    apply,
    ask,
    checks,
    everyday,
    group,
    guides,
    home,
    laws,
    matters,
    mine,
    posters,
    precedents,
    rating,
    submit,
    tracking,
)
from fahui.channels.portal import open as open_data
from fahui.channels.portal.places import maps
from fahui.channels.portal.places import views as places

# What holds answers or matters is never kept by a browser: somebody else may press “back” on the same phone.
_MATTER = "apply/<slug:service_id>/<slug:matter_id>"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("ask/", never_cache(ask.ask), name="ask"),
    path("ask/rate", never_cache(ask.rate), name="ask-rate"),
    path("find/", never_cache(find.search), name="find"),
    path("wages/", home.wages, name="wages"),
    path("family/", never_cache(home.family), name="family"),
    path(_MATTER, never_cache(apply.start), name="apply"),
    path(f"{_MATTER}/q/<slug:step_id>", never_cache(apply.question), name="apply-question"),
    path(f"{_MATTER}/q/<slug:step_id>/save", apply.autosave, name="apply-save"),
    path(f"{_MATTER}/continue/<str:token>", apply.resume, name="apply-resume"),
    path(f"{_MATTER}/later", never_cache(apply.later), name="apply-later"),
    path(f"{_MATTER}/check", never_cache(apply.check), name="apply-check"),
    path(f"{_MATTER}/submit", submit.submit, name="apply-submit"),
    path(f"{_MATTER}/prove", never_cache(submit.prove), name="apply-prove"),
    path(f"{_MATTER}/consent", never_cache(submit.consent), name="apply-consent"),
    path(f"{_MATTER}/done", never_cache(submit.done), name="apply-done"),
    path("join/", group.door, name="join-door"),
    path("join/<slug:code>", group.join, name="join"),
    path("track/", tracking.track, name="track"),
    path("track/<str:number>", tracking.track_one, name="track-one"),
    path("sign-in", account.sign_in, name="sign-in"),
    path("sign-out", account.sign_out, name="sign-out"),
    path("my/", never_cache(mine.my), name="my"),
    path("my/<int:case_id>", never_cache(mine.case_page), name="my-case"),
    path("my/<int:case_id>/do/<slug:action_id>", never_cache(mine.act), name="my-act"),
    path("my/<int:case_id>/message", never_cache(mine.message), name="my-message"),
    path("my/<int:case_id>/papers", never_cache(mine.papers_add), name="my-papers"),
    path("my/<int:case_id>/papers/<int:paper_id>", mine.paper, name="my-paper"),
    path("my/<int:case_id>/documents/<int:document_id>.pdf", mine.document, name="my-document"),
    path("my/<int:case_id>/share", mine.share_code, name="my-share"),
    path("rate/<str:token>", rating.rating, name="rate"),
    path("check/", checks.doors, name="checks"),
    path("check/<slug:graph_id>/", never_cache(checks.check), name="check"),
    path("can-i", RedirectView.as_view(url="/check/aid/", permanent=True), name="can-i"),
    path("places", RedirectView.as_view(url="/places/", permanent=True, query_string=True)),
    path("places/", places.places, name="places"),
    path("places/near", places.near, name="places-near"),
    path("places/map", maps.city_map, name="places-map"),
    path("places/people", places.people, name="places-people"),
    path("places/village", places.village, name="places-village"),
    path("places/card/<int:code>", places.card, name="places-card"),
    path("places/institution/<int:pk>/", places.institution, name="place-institution"),
    path("places/practitioner/<int:pk>/", places.practitioner, name="place-practitioner"),
    path("places/site/<int:pk>/", places.site, name="place-site"),
    path("guide/<slug:service_id>", guides.guide, name="guide"),
    path("guide/<slug:service_id>/<slug:matter_id>", matters.matter, name="matter-guide"),
    path("answers/", everyday.listed, name="answers"),
    path("answers/<slug:slug>", everyday.one, name="answer"),
    path("poster/site/<int:pk>", posters.site, name="poster-site"),
    path("poster/institution/<int:pk>", posters.institution, name="poster-institution"),
    path("poster/matter/<slug:service_id>/<slug:matter_id>", posters.matter, name="poster-matter"),
    path("precedents/", precedents.listed, name="precedents"),
    path("precedents/<int:precedent_id>", precedents.one, name="precedent"),
    path("laws/", laws.laws, name="laws"),
    path("laws/<int:law_id>/", laws.law, name="law"),
    path("laws/<int:law_id>/<slug:article_number>", laws.article, name="article"),
    path("open/", open_data.present, name="open-data"),
    path("open/<int:number>/", open_data.edition, name="open-edition"),
    path("open/dictionary.csv", open_data.dictionary, name="open-dictionary"),
    path("complain", guides.complain, name="complain"),
    path("about/report", guides.report, name="report"),
    path("about/<slug:page>", guides.about, name="about"),
]
