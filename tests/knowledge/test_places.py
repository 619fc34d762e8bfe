"""What is written for a place is edited, reviewed and read there: a county's approver, the city's leader, the neighbour."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from fahui.foundation.accounts.roles import Role
from fahui.foundation.accounts.scope import ANONYMOUS, HeldPost, Reader, reading_as
from fahui.foundation.errors import Forbidden, Invalid, Missing
from fahui.knowledge.answers import actions
from fahui.knowledge.answers.queries import asked, tally
from fahui.knowledge.content import actions as editing
from fahui.knowledge.content.models import CuratedAnswer
from fahui.knowledge.content.queries import listed, one
from tests.cast import COUNTY, NEIGHBOUR, TOWNSHIP, Cast
from tests.knowledge.test_answers import writing


def neighbour(cast: Cast) -> Reader:
    """An approver of the neighbouring county."""
    post = HeldPost(Role.AID_APPROVER, NEIGHBOUR, "legal_aid", None, False)
    return Reader("staff", cast.users["neighbour"].pk, posts=(post,))


def ask(text: str, region: int | None) -> actions.Answer:
    with transaction.atomic(), reading_as(ANONYMOUS):
        return actions.ask(text, ANONYMOUS, channel="portal", region_code=region)


def published(cast: Cast, region: int | None) -> CuratedAnswer:
    row = editing.write(cast["approver" if region else "lead"], writing(region_code=region))
    row = editing.hand_in(cast["leader"], row.pk, row.revision, CuratedAnswer)
    return editing.publish(cast["leader"], row.pk, row.revision, CuratedAnswer)


def test_a_post_writes_for_its_own_place_only(laws: None, cast: Cast):
    for region in (None, NEIGHBOUR):
        with pytest.raises(Forbidden):
            editing.write(cast["approver"], writing(region_code=region))
    row = editing.write(cast["approver"], writing(region_code=COUNTY))
    with pytest.raises(Forbidden):  # not even away from here
        editing.write(cast["approver"], writing(region_code=None), row.pk, row.revision)
    with pytest.raises(Invalid):
        editing.write(cast["leader"], writing(region_code=510100000000))
    assert editing.write(cast["leader"], writing(region_code=None), row.pk, row.revision).region_code is None


def test_a_draft_is_seen_and_moved_where_it_belongs(laws: None, cast: Cast):
    row = editing.hand_in(cast["approver"], (made := editing.write(cast["approver"], writing(region_code=COUNTY))).pk, made.revision, CuratedAnswer)
    assert row in listed(cast["approver"]) and row in listed(cast["leader"]) and row not in listed(neighbour(cast))
    with pytest.raises(Missing):
        one(neighbour(cast), row.pk)
    for step in (editing.publish, editing.send_back):
        with pytest.raises(Missing):
            step(neighbour(cast), row.pk, row.revision, CuratedAnswer)
    city = editing.write(cast["leader"], writing())
    assert city not in listed(cast["approver"])
    assert editing.publish(cast["leader"], row.pk, row.revision, CuratedAnswer).state == "published"


def test_what_the_city_published_is_read_in_the_county_and_changed_in_the_city(laws: None, cast: Cast):
    row = published(cast, None)
    assert row in listed(cast["approver"]) and one(cast["approver"], row.pk) == row
    with pytest.raises(Forbidden):
        editing.expire(cast["approver"], row.pk, row.revision, CuratedAnswer)
    with pytest.raises(Forbidden):
        editing.write(cast["approver"], writing(region_code=COUNTY), row.pk, row.revision)


def test_a_countys_answer_reaches_its_own_readers_only(laws: None, cast: Cast):
    row = published(cast, COUNTY)
    assert ask("高温津贴没有发", COUNTY).curated == row and ask("高温津贴没有发", TOWNSHIP).curated == row
    assert ask("高温津贴没有发", None).curated is None and ask("高温津贴没有发", NEIGHBOUR).curated is None


def test_questions_are_read_where_they_were_asked(laws: None, cast: Cast):
    for region in (COUNTY, TOWNSHIP, NEIGHBOUR, None):
        ask("老板拖欠工资", region)
    seen = {"approver": {COUNTY, TOWNSHIP}, "leader": {COUNTY, TOWNSHIP, NEIGHBOUR, None}}
    for who, regions in seen.items():
        reader = cast[who]
        with reading_as(reader):
            assert {row.region_code for row in asked(reader)} == regions and sum(tally(reader).kinds.values()) == len(regions)
            assert next(row for row in listed(reader) if row.slug == "unpaid-wages").shown == len(regions)


def test_the_form_offers_the_places_in_reach_and_the_page_reads_only_elsewhere(laws: None, cast: Cast, settings: Any):
    settings.STAFF_MFA_REQUIRED = False
    county, city = Client(), Client()
    for client, name in ((county, "approver"), (city, "leader")):
        client.force_login(cast.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")
    page = county.get("/desk/answers/new").content.decode()
    assert f'value="{COUNTY}"' in page and f'value="{NEIGHBOUR}"' not in page and "511100000000" not in page
    assert "511100000000" in city.get("/desk/answers/new").content.decode()
    row = published(cast, None)
    page = county.get(f"/desk/answers/{row.pk}").content.decode()
    assert "存成草稿" not in page and "停用" not in page and "高温津贴怎么要" in page
    assert county.post(f"/desk/answers/{row.pk}/expire", {"revision": row.revision}).status_code == 403


def test_a_resident_says_once_in_which_county_they_are(laws: None, cast: Cast):
    published(cast, COUNTY)
    browser = Client()
    assert "按规定发" not in browser.post("/ask/", {"facts": "高温津贴没有发"}).content.decode()
    assert "按规定发" in browser.post("/ask/", {"facts": "高温津贴没有发", "county": str(COUNTY)}).content.decode()
    assert "按规定发" in browser.post("/ask/", {"facts": "高温津贴没有发"}).content.decode()
    assert "按规定发" not in browser.post("/ask/", {"facts": "高温津贴没有发", "county": "1"}).content.decode()
