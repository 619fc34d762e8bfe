"""A target is changed by a draft, a trial on the last quarter and a second person; until then nothing counts differently."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import Client

from fahui.channels.cockpit import given
from fahui.foundation import clock
from fahui.foundation.errors import Conflict, Forbidden, Invalid
from fahui.standards.actions import measure, try_on_last_quarter
from fahui.standards.indicators import actions
from fahui.standards.indicators.definitions import indicators, measures
from fahui.standards.indicators.queries import in_force, indicator_of
from fahui.standards.indicators.schema import Indicator
from fahui.standards.models import IndicatorVersion, Measured
from tests.cast import PASSWORD, Cast

ID = "IND-LESH-024"


def body(**more) -> dict:
    told = indicator_of(ID, clock.today()).model_dump(mode="json")
    return told | {"targets": [{**told["targets"][0], "value": "2", "basis": "set_by_bureau"}], **more}


@pytest.fixture
def drafted(cast: Cast) -> IndicatorVersion:
    return actions.draft(cast["leader"], body(), "市政府办补充通知", clock.today())


def test_a_change_counts_only_when_tried_and_approved_by_somebody_else(cast: Cast, drafted: IndicatorVersion):
    with pytest.raises(Conflict):
        actions.approve(cast["officer"], drafted.pk, 1)  # not tried yet
    try_on_last_quarter(drafted.pk)
    with pytest.raises(Forbidden):
        actions.approve(cast["leader"], drafted.pk, 1)  # wrote it
    assert indicator_of(ID, clock.today()).targets[0].value == 20
    actions.approve(cast["officer"], drafted.pk, 1)
    assert indicator_of(ID, clock.today()).targets[0].value == 2 and indicator_of(ID, clock.today()).version == 2
    assert indicator_of(ID, clock.today() - timedelta(days=1)).targets[0].value == 20  # what held stays
    with pytest.raises(Conflict):
        actions.reject(cast["officer"], drafted.pk, 2)
    run = measure(clock.today(), "postgres")
    assert Measured.objects.get(run=run, indicator=ID).definition["version"] == 2


def test_two_who_decide_at_once_do_not_both(cast: Cast, drafted: IndicatorVersion):
    try_on_last_quarter(drafted.pk)
    actions.reject(cast["officer"], drafted.pk, 1)
    with pytest.raises(Conflict):
        actions.approve(cast["officer"], drafted.pk, 1)


def test_a_new_indicator_needs_a_measure_that_can_be_counted(cast: Cast):
    own = body(id="OWN-1", use={"measure": "practitioners", "given": {"kinds": "lawyer"}})
    made = actions.draft(cast["leader"], own, "局长办公会", clock.today())
    try_on_last_quarter(made.pk)
    actions.approve(cast["officer"], made.pk, 1)
    assert "OWN-1" in {indicator.id for indicator in in_force(clock.today()).indicators}
    for wrong in ({"measure": "no_such", "given": {}}, {"measure": "practitioners", "given": {}}):
        with pytest.raises(Invalid):
            actions.draft(cast["leader"], body(id="OWN-2", use=wrong), "局长办公会", clock.today())


@pytest.mark.parametrize("who", ["approver", "clerk", "agent"])
def test_only_the_citys_leaders_and_supervisors_change_targets(cast: Cast, who: str):
    with pytest.raises(Forbidden):
        actions.draft(cast[who], body(), "想改", clock.today())


def test_without_a_reason_or_for_the_past_nothing_is_drafted(cast: Cast):
    for reason, day in (("", clock.today()), ("依据", clock.today() - timedelta(days=1))):
        with pytest.raises(Invalid):
            actions.draft(cast["leader"], body(), reason, day)
    assert not IndicatorVersion.objects.exists()


def test_on_the_pages(cast: Cast, client: Client, settings):
    settings.STAFF_MFA_REQUIRED = False
    assert client.login(username="t-leader", password=PASSWORD)
    assert "还没有改过目标" in client.get("/cockpit/targets/changes/").content.decode()
    form = client.get(f"/cockpit/targets/{ID}/edit").content.decode()
    assert 'value="20"' in form and "称号、示范与名录" not in form and "示范性公共法律服务工作站" in form and "titles" not in form.replace("given-titles", "")
    posted = {"name_zh": "示范站", "name_en": "Stations", "unit": "个", "clause": "专栏1", "quote": "原文", "op": ">=", "value": "三", "by": "2026-12-31",
              "period": "once", "measure": "honours", "asked": "honours", "given-titles": "demonstration_station", "in_force_from": clock.today().isoformat(),
              "reason": "补充通知"}  # fmt: skip
    refused = client.post(f"/cockpit/targets/{ID}/edit", posted)
    assert refused.status_code == 422 and "目标值要是数字" in refused.content.decode()
    quote = indicator_of(ID, clock.today()).quote.replace("\n", "\r\n") + "\r\n"  # as a browser sends a text of several lines
    done = client.post(f"/cockpit/targets/{ID}/edit", posted | {"value": "3", "quote": quote})
    assert done.status_code == 302
    row = IndicatorVersion.objects.get()
    waiting = client.get(done["Location"]).content.decode()
    assert "正在试算" in waiting and f'<a class="button button-quiet no-print" href="{done["Location"]}">' in waiting
    try_on_last_quarter(row.pk)
    page = client.get(done["Location"]).content.decode()
    assert "请另一位领导或督办员打开本页批准" in page and "改后" in page and "现在" in page
    what = page[page.index("<h2>改了什么</h2>") : page.index("<h2>上季度试算</h2>")]  # whoever approves sees what they approve
    cells = re.findall(r"<t[hd][^>]*>\s*(.*?)\s*</t[hd]>", what, re.S)
    assert [cells[n + 1 : n + 3] for n, cell in enumerate(cells) if "目标值" in cell] == [["<span>20\n</span>", "<span>3\n</span>"]]
    assert "3 个" in page and "比较" not in what and "文件原文" not in what  # they stayed
    assert client.post(done["Location"], {"do": "approve", "revision": "1"}).status_code == 403
    assert client.login(username="t-officer", password=PASSWORD)
    assert client.post(done["Location"], {"do": "approve", "revision": "1"}).status_code == 302
    assert indicator_of(ID, clock.today()).targets[-1].value == 3
    assert "改了什么" in client.get(done["Location"]).content.decode()


def test_a_trial_that_moves_nothing_says_so(cast: Cast, client: Client, settings):
    settings.STAFF_MFA_REQUIRED = False
    row = actions.draft(cast["leader"], body(targets=indicator_of(ID, clock.today()).model_dump(mode="json")["targets"]), "重发", clock.today())
    try_on_last_quarter(row.pk)
    assert client.login(username="t-officer", password=PASSWORD)
    page = client.get(f"/cockpit/targets/changes/{row.pk}").content.decode()
    assert "改前改后算出来一样" in page and "内容没有变" in page


def _form(page: str, name: str) -> list[str]:
    """The values chosen for one question of the form."""
    return re.findall(rf'name="given-{name}" value="([^"]*)" checked', page) + re.findall(rf'<select[^>]*name="given-{name}".*?<option value="([^"]*)" selected', page, re.S)


def _filled(indicator: Indicator, **more: object) -> dict[str, object]:
    """What the form of an indicator holds, as a browser sends it."""
    assert indicator.use is not None
    target = indicator.targets[-1]
    told: dict[str, object] = {
        "name_zh": indicator.name.zh, "name_en": indicator.name.en, "unit": indicator.unit, "clause": indicator.clause, "quote": indicator.quote, "op": target.op,
        "value": "" if target.value is None else str(target.value), "by": target.by.isoformat(), "period": indicator.period, "measure": indicator.use.measure,
        "asked": indicator.use.measure, "reading": indicator.reading.zh if indicator.reading else "", "in_force_from": clock.today().isoformat(), "reason": "补充通知",
    }  # fmt: skip
    return told | more


@pytest.mark.parametrize("city", ["anhui", "jingdezhen", "leshan", "lishui", "tianjin"])
def test_the_form_of_every_target_sends_back_what_it_shows(city: str, cast: Cast, settings):
    """Whatever a city's target gives its measure can be said with the names on the form, and comes back as the same data."""
    settings.CITY = city
    left = []
    for indicator in indicators(city).indicators:
        if indicator.use is None or indicator.use.measure not in measures():
            continue
        measure = measures()[indicator.use.measure]
        sent = QueryDict(mutable=True)
        for field in given.fields(measure, indicator.use.given, {}):
            offered = {value for value, _label in field.get("options", ())}
            values = field["value"] if isinstance(field["value"], list) else [str(field["value"])]
            assert "options" not in field or {value for value in values if value} <= offered, (indicator.id, field["name"], values)
            sent.setlist(field["name"], [value for value in values if value])
        back = given.posted(measure, sent, indicator.use.given)
        if measure.shape(back) != measure.shape(indicator.use.given):
            left.append((indicator.id, back, indicator.use.given))
    assert left == []


def test_what_is_counted_is_chosen_by_its_name(cast: Cast, client: Client, settings):
    """The questions follow the measure and the register; nothing is typed as a key; what is missing is said at its question."""
    settings.STAFF_MFA_REQUIRED = False
    assert client.login(username="t-leader", password=PASSWORD)
    url, indicator = f"/cockpit/targets/{ID}/edit", indicator_of(ID, clock.today())
    page = client.get(url).content.decode()
    assert _form(page, "titles") == ["demonstration_station"] and "不选就是不限" in page
    again = _filled(indicator, measure="entries", do="refresh", **{"given-register": "call_return", "asked": "entries"})
    page = client.post(url, again).content.decode()
    assert _form(page, "register") == ["call_return"] and "接通" in page and "金牌人民调解员" not in page
    other = client.post(url, _filled(indicator, measure="practitioners", **{"given-titles": "demonstration_station"}))
    assert other.status_code == 422 and "口径换了" in other.content.decode() and "公证员" in other.content.decode()
    lacking = client.post(url, _filled(indicator, measure="practitioners", asked="practitioners"))
    assert lacking.status_code == 422 and 'href="#f-given-kinds"' in lacking.content.decode() and "请至少选一项" in lacking.content.decode()
    wrong = client.post(url, _filled(indicator, measure="places_with_posting", asked="places_with_posting",
                                     **{"given-levels": "5", "given-roles": "legal_pathfinder", "given-at_least": "五"}))  # fmt: skip
    assert wrong.status_code == 422 and "请填整数" in wrong.content.decode()
    assert not IndicatorVersion.objects.exists()
    done = client.post(url, _filled(indicator, **{"given-titles": ["demonstration_station", "demonstration_room"], "given-grades": "province"}))
    assert done.status_code == 302
    row = IndicatorVersion.objects.get()
    assert row.body["use"]["given"] == {"titles": ["demonstration_station", "demonstration_room"], "grades": "province"}
    what = client.get(done["Location"]).content.decode()
    assert "哪些称号：示范性公共法律服务工作站、示范性公共法律服务工作室；等级：省级" in what and "demonstration_room" not in what
