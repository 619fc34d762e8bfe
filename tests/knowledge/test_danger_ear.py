"""The ear that learned hears danger in words nobody listed: judged by tellings that taught it nothing (`judging`)."""

from __future__ import annotations

import numpy as np
import pytest
from bench.danger_data import TELLINGS, edition, writers

from fahui.knowledge.answers.danger import SURE, UNLIKELY, WORRIED, alarm_in, danger_in, dangers, named_in
from fahui.knowledge.answers.ear import FILE, NONE, ear, plain, runs_of, windows
from tests.knowledge.tellings import JUDGING, unsure

# What somebody says who has put things in order; no pattern names it.
HIDDEN = "我把银行卡密码写在纸上压在枕头底下了，娃娃以后就托付给我姐，我实在撑到头了。"
KINDS = [kind.id for kind in dangers().kinds]


def share(heard: list[object]) -> float:
    return sum(one is not None for one in heard) / len(heard)


# What holds today, with a little room: a later ear must not hear worse. The disguised ones seldom say what they mean.
@pytest.mark.parametrize(("name", "alarm", "told", "false"), [
    ("first", 0.90, 0.97, 0.08), ("disguised", 0.50, 0.76, 0.02), ("last", 0.88, 0.96, 0.05),
])  # fmt: skip
def test_danger_is_heard_and_most_else_is_not(name: str, alarm: float, told: float, false: float):
    danger = [text for kind, text in JUDGING[name] if kind != NONE]
    other = [text for kind, text in JUDGING[name] if kind == NONE]
    assert share([alarm_in(text) for text in danger]) >= alarm
    assert share([danger_in(text) for text in danger]) >= told
    assert share([alarm_in(text) for text in other]) <= false
    assert share([named_in(text) for text in danger]) < 0.2, "patterns alone miss most of it"


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_is_left_out(kind: str):
    told = [text for name in ("first", "last") for of, text in JUDGING[name] if of == kind]
    assert len(told) >= 90 and share([alarm_in(text) for text in told]) >= 0.85


def test_it_learned_from_the_tellings_beside_it_and_from_no_line_that_judges():
    told = writers(TELLINGS)
    with np.load(FILE) as held:
        assert int(held["edition"][0]) == edition(told), "the tellings changed: learn again (bench/danger_ear.py --write)"
    lines = {plain(text) for lines in told.values() for _kind, text in lines}
    assert not [text for judging in JUDGING.values() for _kind, text in judging if plain(text) in lines]
    assert {kind for lines in told.values() for kind, _text in lines} == {NONE, *KINDS}


def test_one_sentence_of_danger_in_a_long_story_is_heard_with_its_words():
    story = "我从去年三月起在滨江二期工地做木工，说好每天三百二十元，做到六月，工钱一直没有结清。工头先说等甲方拨款，后来电话也不接了。"
    assert alarm_in(story * 3) is None and named_in(HIDDEN) is None
    heard = danger_in(story + HIDDEN + "想问问去哪里告他，要带什么材料。")
    assert heard is not None and heard.danger.id == "suicide" and heard.words in HIDDEN


def test_the_words_heard_are_told_as_they_were_written():
    heard = danger_in("Hello，我把3瓶安眠药都放床头了,OK就这样，孩子12岁以后托付给你们")
    assert heard is not None and heard.words in {"我把3瓶安眠药都放床头了", "孩子12岁以后托付给你们"}


@pytest.mark.parametrize("text", ["", " ", "。", "吗", "\ud800", "𠮷𠮷", "？" * 1000, "a", "钱" * 1000, "12348", "!!!"])
def test_nothing_said_is_no_danger(text: str):
    assert danger_in(text) is None


def test_what_stands_in_a_text_is_found_whatever_stands_around_it():
    assert set(runs_of("想死").tolist()) >= {ord("想"), ord("死"), ord("想") << 16 | ord("死")}
    assert plain("我　想 死 １２ times") == plain("我想死9 times") == "我想死0 times"
    long = "".join(chr(0x4E00 + number) for number in range(200))
    assert all(any(long[at : at + 30] in window for window in windows(long)[1:]) for at in range(170))
    sentences = "今天下雨了。" * 5 + "明天不上班！" * 9
    assert windows(sentences)[0] == sentences and all(window[-1] in "。！" for window in windows(sentences)[1:])


def test_what_is_not_sure_is_said_beside_and_what_a_pattern_names_is_never_silent():
    assert UNLIKELY < WORRIED < SURE and WORRIED <= ear().odds(unsure()) < SURE
    named = [text for judging in JUDGING.values() for _kind, text in judging if named_in(text)]
    doubted = [text for text in named if not alarm_in(text)]
    assert doubted and all(danger_in(text) for text in doubted) and all(ear().odds(text) < UNLIKELY for text in doubted)
