"""What the template helpers say, and that every component draws what its parameters promise."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template import Context, Engine
from django.test import RequestFactory
from django.utils.translation import override

from fahui import channels
from fahui.channels.templatetags import fahui as helpers
from fahui.foundation import clock

FOLDER = Path(channels.__file__).parent
MOMENT = datetime(2026, 6, 22, 9, 30, tzinfo=clock.SHANGHAI)
ENGINE = Engine(
    dirs=[FOLDER / "templates"],
    builtins=[
        "django.templatetags.i18n",
        "django.templatetags.static",
        "fahui.channels.templatetags.fahui",
    ],
)


@pytest.fixture(autouse=True)
def monday_morning_in_chinese(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override("zh-hans"), clock.at(MOMENT):
        yield


def draw(component: str, **context) -> str:
    return ENGINE.get_template(f"ui/{component}.html").render(Context(context))


class Tags(HTMLParser):
    """Every start tag of a piece of HTML with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.mark.parametrize(
    ("left", "text", "level"),
    [
        (timedelta(days=2, hours=3, minutes=1), "还剩 2 天 3 时", "ok"),
        (timedelta(days=4, minutes=5), "还剩 4 天", "ok"),
        (timedelta(hours=23, minutes=59), "还剩 23 时", "warn"),
        (timedelta(minutes=40, seconds=30), "还剩 40 分", "warn"),
        (timedelta(seconds=30), "还剩 1 分", "warn"),
        (-timedelta(hours=5, seconds=1), "已超 5 时", "late"),
        (-timedelta(days=1, hours=1), "已超 1 天 1 时", "late"),
    ],
)
def test_a_clock_says_what_is_left_or_missed(left, text, level):
    told = helpers.clock_text(MOMENT + left + timedelta(milliseconds=900 if left > timedelta(0) else 0))
    assert told == (text, level)


def test_a_page_chooses_when_a_clock_turns_amber():
    due = MOMENT + timedelta(hours=60)
    assert helpers.clock_text(due, 72).level == "warn"
    assert helpers.clock_told({"due": due, "warn_hours": 72}).level == "warn"
    assert helpers.clock_told(SimpleNamespace(due=due)).level == "ok"


def test_no_deadline_says_nothing_and_a_naive_one_is_refused():
    assert helpers.clock_text(None) is None
    with pytest.raises(ValueError, match="aware"):
        helpers.clock_text(datetime(2026, 6, 22, 9, 30))


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张三", "张*"), ("张三丰", "张**"), ("欧阳修远", "欧阳**"), ("欧阳", "欧*"), ("阿依古丽·买买提", "阿***"),
     ("John Smith", "J***"), ("李", "李*"), ("", ""), (None, "")],
)  # fmt: skip
def test_names_keep_only_the_surname(name, shown):
    assert helpers.mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("13700000001", "137****0001"), ("+86 137 0000 0001", "137****0001"), ("0833-2111234", "*******1234"),
     ("12348", "*****"), (None, "")],
)  # fmt: skip
def test_phones_hide_their_middle(phone, shown):
    assert helpers.mask_phone(phone) == shown


def test_tracking_numbers_are_read_in_fours():
    assert helpers.group_number("fh7k2m9qx4tb3c") == "FH7K-2M9Q-X4TB-3C"
    assert helpers.group_number("FH7K-2M9Q X4TB3C") == "FH7K-2M9Q-X4TB-3C"


def test_money_is_whole_fen_and_nothing_else():
    assert helpers.money_fen(1_260_000) == "12,600.00 元"
    assert helpers.money_fen(-5) == "-0.05 元"
    assert helpers.money_fen(None) == ""
    with pytest.raises(TypeError):
        helpers.money_fen(12.6)


def test_days_are_said_as_people_say_them():
    assert helpers.day(date(2026, 6, 22)) == "6月22日 周一"
    assert helpers.day(date(2025, 1, 1)) == "2025年1月1日 周三"
    # 17:00 UTC is already the next day in Shanghai.
    assert helpers.day(datetime.fromisoformat("2026-06-21T17:00:00+00:00")) == "6月22日 周一"
    assert helpers.day_time(MOMENT) == "6月22日 周一 09:30"
    with override("en"):
        assert helpers.day(date(2025, 1, 1)) == "Wed 1 Jan 2025"


def test_query_changes_and_drops_keys():
    context = {"request": RequestFactory().get("/?q=欠薪&after=9&sort=due")}
    assert helpers.query(context, sort="-due", after=None) == "?q=%E6%AC%A0%E8%96%AA&sort=-due"
    assert helpers.query({}, after="c1") == "?after=c1"
    assert helpers.query({}) == "?"


def test_sorting_the_same_column_again_turns_it_round():
    assert helpers.sort_key("due", None) == "due"
    assert helpers.sort_key("due", "due") == "-due"
    assert helpers.sort_key("due", "-due") == "due"


def test_a_share_of_nothing_is_a_dash():
    assert helpers.percent_of(412, 437) == "94.3%"
    assert helpers.percent_of(0, 0) == "—"
    assert helpers.percent_of(None, 4) == "—"


def test_an_icon_is_silent_unless_it_has_a_name():
    assert 'aria-hidden="true"' in helpers.icon("phone")
    assert 'aria-label="&lt;电话&gt;"' in helpers.icon("phone", "<电话>")


def test_every_icon_a_template_names_is_drawn():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (FOLDER / "static/fahui/icons.svg").read_text(encoding="utf-8")))
    named = {
        name
        for page in FOLDER.glob("templates/**/*.html")
        for name in re.findall(r'{% icon "([\w-]+)"', page.read_text(encoding="utf-8"))
    }
    assert named - drawn == set()


def test_a_text_field_points_to_its_hint_and_error():
    html = draw("field", field={"name": "phone", "label": "手机号", "kind": "phone", "required": True,
                                "hint": "通知进度用", "error": "要 11 位", "value": '1"3'})  # fmt: skip
    (box,) = Tags(html).of("input")
    assert box["id"] == "f-phone"
    assert box["type"] == "tel"
    assert box["autocomplete"] == "tel"
    assert box["aria-describedby"] == "f-phone-hint f-phone-error"
    assert box["aria-invalid"] == "true"
    assert box["value"] == '1"3'
    assert {p.get("id") for p in Tags(html).of("p")} == {"f-phone-hint", "f-phone-error"}


def test_choices_are_marked_by_value_whatever_their_type():
    field = {"name": "county", "label": "县", "kind": "radio", "value": 2, "options": [(1, "甲"), (2, "乙", "在城东")]}
    first, second = Tags(draw("field", field=field)).of("input")
    assert first["id"] == "f-county" and "checked" not in first
    assert second["id"] == "f-county-1" and "checked" in second
    many = {**field, "kind": "checkbox", "value": [1, 2]}
    assert all("checked" in box for box in Tags(draw("field", field=many)).of("input"))


def test_an_empty_answer_chooses_nothing():
    field = {"name": "a", "label": "问", "kind": "radio", "options": [("", "不说"), ("x", "说")]}
    assert not any("checked" in box for box in Tags(draw("field", field=field)).of("input"))


def test_dates_come_back_as_the_browser_wants_them():
    view = helpers.as_field(SimpleNamespace(name="d", kind="date", value=date(2026, 3, 5)))
    assert (view.value, view.input_type) == ("2026-03-05", "date")
    late = helpers.as_field({"name": "t", "kind": "datetime", "value": datetime.fromisoformat("2026-03-05T17:00:00Z")})
    assert late.value == "2026-03-06T01:00"


def test_money_fields_are_text_with_their_unit():
    html = draw("field", field={"name": "owed", "label": "金额", "kind": "money", "value": "126.00"})
    (box,) = Tags(html).of("input")
    assert (box["type"], box["inputmode"]) == ("text", "decimal")
    assert "<span>元</span>" in html


def test_a_password_is_never_sent_back():
    (box,) = Tags(draw("field", field={"name": "p", "label": "密码", "kind": "password", "value": "s3cret"})).of(
        "input"
    )
    assert "value" not in box


def test_rating_offers_five_faces_and_chooses_none():
    boxes = Tags(draw("rating")).of("input")
    assert [box["value"] for box in boxes] == ["5", "4", "3", "2", "1"]
    assert not any("checked" in box for box in boxes)
    again = Tags(draw("rating", value=2)).of("input")
    assert [box["value"] for box in again if "checked" in box] == ["2"]


def test_a_clock_chip_without_amber_threshold_still_draws():
    html = draw(
        "clock_chip", clock={"label": "指派", "due": MOMENT - timedelta(hours=5, minutes=1), "basis": "第四十三条"}
    )
    assert "clock-late" in html and "已超 5 时" in html and "<details" in html
    assert "<details" not in draw("clock_chip", clock={"label": "答复", "due": MOMENT + timedelta(days=3)})
    assert "clock-paused" in draw("clock_chip", clock={"label": "审查", "paused": "等补正"})


def test_a_table_names_every_cell_and_refuses_ragged_rows():
    columns = [{"label": "编号"}, {"label": "期限", "sort": "due"}]
    rows = [{"href": "/c/1", "cells": [{"case_number": "FH7K2M9QX4TB3C"}, "周五"]}]
    html = draw("data_table", caption="到期", columns=columns, rows=rows, sort="due", pager={"next": "c2"})
    assert 'aria-sort="ascending"' in html
    assert 'href="?sort=-due"' in html
    assert 'href="?after=c2"' in html
    assert 'data-label="期限"' in html
    with pytest.raises(ValueError, match="zip"):
        draw("data_table", caption="到期", columns=columns, rows=[{"cells": ["一格"]}])
    assert "没有到期" in draw("data_table", caption="到期", columns=columns, rows=[], empty={"title": "没有到期"})


def test_withheld_figures_show_neither_part_nor_share():
    html = draw("stat", label="未成年人", numerator=2, denominator=3, suppressed=True)
    assert "人数太少" in html
    assert not re.search(r"\d", html)


def test_values_are_escaped_in_every_component_that_shows_them():
    bad = "<img src=x>"
    for component, context in [
        ("notice", {"text": bad}), ("state_badge", {"label": bad}), ("tracking_number", {"label": bad, "number": "FH"}),
        ("person_card", {"name": bad}), ("summary_list", {"rows": [{"label": bad, "value": bad}]}),
        ("file_list", {"files": [{"name": bad}]}), ("timeline", {"items": [{"title": bad, "when": bad}]}),
        ("field", {"field": {"name": "a", "label": bad, "value": bad, "hint": bad}}),
    ]:  # fmt: skip
        assert "<img" not in draw(component, **context), component


def test_no_template_carries_inline_script_or_style():
    """The content security policy forbids both, so a page that carries one is broken."""
    for page in FOLDER.glob("templates/**/*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|<style|\son(click|change|submit|input|load|keydown)=|javascript:", text), (
            page.name
        )
        # A block of data (JSON) is not code.
        assert not re.search(r"<script(?![^>]*(\bsrc=|type=.application/json))", text), page.name


def _loads(page: str) -> set[str]:
    """The sheets a page and every frame around it ask for: at most what a browser loads for it."""
    text = (FOLDER / "templates" / page).read_text(encoding="utf-8")
    found = set(re.findall(r"static 'fahui/([\w-]+\.css)'", text))
    frame = re.search(r"{% extends ['\"]([^'\"]+)['\"]", text)
    return found | _loads(frame[1]) if frame else found


def test_the_look_stays_light_enough_for_a_cheap_phone():
    sheets = list((FOLDER / "static/fahui").glob("*.css"))
    size = {sheet.name: sheet.stat().st_size for sheet in sheets}
    pages = [str(path.relative_to(FOLDER / "templates")) for path in FOLDER.glob("templates/**/*.html")]
    loads = {page: _loads(page) for page in pages}
    assert {"portal.css", "portal-pages.css", "components.css"} <= loads["portal/home.html"]
    assert {name for names in loads.values() for name in names} == set(size), "every sheet is loaded by a page"
    heavy = {page: total for page, names in loads.items() if (total := sum(size[name] for name in names)) >= 50_000}
    assert heavy == {}
    for sheet in sheets:
        text = sheet.read_text(encoding="utf-8")
        assert len(text.splitlines()) < 500
        assert not re.search(r"https?://|@import|@font-face", text), sheet.name
