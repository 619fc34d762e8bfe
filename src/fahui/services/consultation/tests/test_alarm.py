"""Words that must raise an alarm, and words that must not."""

# ruff: noqa: ANN001, ANN201
from __future__ import annotations

import pytest

from fahui.knowledge.answers.danger import dangers
from fahui.services.consultation.alarm import alarm_in, alarm_of, alarms_standing
from fahui.services.consultation.choices import AlarmKind


@pytest.mark.parametrize(
    ("said", "kind", "heard"),
    [
        ("我真的不想活了", "suicide", "不想活"),
        ("拿不到钱我就从塔吊上跳楼", "suicide", "跳楼"),
        ("他有轻生的念头", "suicide", "轻生"),
        ("他要杀我", "threat", "他要杀我"),
        ("老公说要砍死我全家，他拿着刀", "threat", "老公说要砍死我"), ("他进门就拿着刀", "threat", "拿着刀"),
        ("隔壁扬言打死他", "threat", "扬言打死他"),
        ("大家准备同归于尽", "threat", "同归于尽"),
        ("我被家暴三年了", "domestic_violence", "家暴"),
        ("我被婆婆锁起来了", "domestic_violence", "被婆婆锁起来"),
        ("丈夫打我借酒发疯", "domestic_violence", "丈夫打我"),
        ("邻居的孩子天天被他爸打", "child", "孩子天天被他爸打"),
        ("校园霸凌没人管", "child", "校园霸凌"),
        ("隔壁的小女孩天天被她后爸打", "child", "女孩天天被她后爸打"),
        ("丈夫喝了酒就打我", "domestic_violence", "丈夫喝了酒就打我"),
        ("我被前夫殴打", "domestic_violence", "被前夫殴打"),
        ("三十多个工友要聚众讨薪", "crowd", "聚众"),
        ("明天去堵大门", "crowd", "堵大门"),
    ],
)
def test_danger_is_heard_and_the_words_are_named(said, kind, heard):
    alarm = alarm_in(said)
    assert alarm is not None and alarm.kind == kind and alarm.heard == heard
    assert alarm.zh.startswith(f"听到“{heard}”：可能是“") and alarm.zh.endswith("先确认人是否安全，再谈法律。")
    assert alarm.script and alarm.basis


@pytest.mark.parametrize(
    "said",
    ["", "隔壁修围墙占了我承包地三分多，村上说了不听", "老板欠我工钱一万二", "丈夫不给抚养费", "打电话给我", "房子漏水，物业不管",
     "孩子受伤打官司要多久", "他打我电话催债", "他打我借条了吗", "聚众斗殴罪判几年", "自杀式降价的广告算不算虚假宣传"],
)  # fmt: skip
def test_ordinary_questions_raise_none(said):
    assert alarm_in(said) is None


def test_every_kind_that_can_be_heard_has_its_script():
    assert {kind.id for kind in dangers().kinds} == {kind.value for kind in AlarmKind}
    for kind in AlarmKind:
        alarm = alarm_of(kind)
        assert len(alarm.script) == len(alarm.script_en) == 3 and alarm.basis
    assert "强制报告" in "".join(alarm_of("child").script) and "未成年人保护法第十一条" in alarm_of("child").basis


def test_the_most_urgent_of_several_is_the_alarm():
    assert alarm_in("老公家暴，我不想活了，准备聚众").kind == "suicide"


def test_an_alarm_raised_without_words_says_that_it_stands():
    assert alarm_of("domestic_violence").zh == "警报还没有解除：可能是“家庭暴力”。先确认人是否安全，再谈法律。"
    assert "人身安全保护令" in "".join(alarm_of("domestic_violence").script)
    with pytest.raises(ValueError, match="fire"):
        alarm_of("fire")


def test_the_alarms_that_stand_say_what_was_heard_where_it_was_heard():
    told = {"facts": "他说再不还钱就杀我全家。", "wanted": "怎么办"}
    (threat, violence) = alarms_standing(["elderly", "alarm_threat", "alarm_domestic_violence"], told)
    assert threat.zh.startswith("听到“") and threat.kind == "threat" and threat.script
    assert violence.zh == "警报还没有解除：可能是“家庭暴力”。先确认人是否安全，再谈法律。" and violence.en.startswith("An alarm stands: ")
    assert alarms_standing(["elderly", "may_be_danger"], told) == []
