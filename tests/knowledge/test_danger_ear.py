"""The ear that learned hears danger in words nobody listed: judged by tellings that taught it nothing (`tellings.txt`)."""

from __future__ import annotations

import numpy as np
import pytest
from bench.danger_data import TELLINGS, edition, writers

from fahui.knowledge.answers.danger import SURE, WORRIED, alarm_in, danger_in, dangers, named_in
from fahui.knowledge.answers.ear import FILE, NONE, ear, plain, runs_of, windows
from tests.knowledge.tellings import DANGER, JUDGE, OTHER

# What holds today, with a little room: a new edition of the ear must not hear worse.
HEARD, HEARD_OR_WORRIED, HEARD_OF_EACH, FALSE = 0.9, 0.95, 0.85, 0.1


def test_most_danger_is_heard_and_most_else_is_not():
    assert np.mean([alarm_in(text) is not None for _kind, text in DANGER]) >= HEARD
    assert np.mean([danger_in(text) is not None for _kind, text in DANGER]) >= HEARD_OR_WORRIED
    assert np.mean([alarm_in(text) is not None for text in OTHER]) <= FALSE


@pytest.mark.parametrize("kind", [kind.id for kind in dangers().kinds])
def test_no_kind_is_left_out(kind: str):
    told = [text for of, text in DANGER if of == kind]
    assert len(told) >= 50 and np.mean([alarm_in(text) is not None for text in told]) >= HEARD_OF_EACH


def test_patterns_alone_would_miss_most_of_it():
    assert np.mean([named_in(text) is not None for _kind, text in DANGER]) < 0.3


def test_it_learned_from_the_tellings_beside_it_and_from_no_line_that_judges():
    told = writers(TELLINGS)
    with np.load(FILE) as held:
        assert int(held["edition"][0]) == edition(told), "the tellings changed: learn again (bench/danger_ear.py --write)"
    lines = {plain(text) for lines in told.values() for _kind, text in lines}
    assert not [text for _kind, text in JUDGE if plain(text) in lines]
    assert {kind for lines in told.values() for kind, _text in lines} == {NONE, *(kind.id for kind in dangers().kinds)}


# What somebody says who has put things in order; no pattern names it.
HIDDEN = "我把银行卡密码写在纸上压在枕头底下了，娃娃以后就托付给我姐，我实在撑到头了。"


def test_one_sentence_of_danger_in_a_long_story_is_heard_with_its_words():
    story = "我从去年三月起在滨江二期工地做木工，说好每天三百二十元，做到六月，工钱一直没有结清。工头先说等甲方拨款，后来电话也不接了。"
    assert alarm_in(story * 3) is None and named_in(HIDDEN) is None
    heard = alarm_in(story * 2 + HIDDEN + "想问问去哪里告他，要带什么材料。" + story)
    assert heard is not None and heard.danger.id == "suicide" and heard.words in HIDDEN


@pytest.mark.parametrize("text", ["", " ", "。", "吗", "\ud800", "𠮷𠮷", "？" * 1000, "a", "钱" * 1000])
def test_nothing_said_is_no_danger(text: str):
    assert danger_in(text) is None


def test_what_stands_in_a_text_is_found_whatever_stands_around_it():
    assert set(runs_of("想死").tolist()) >= {ord("想"), ord("死"), ord("想") << 16 | ord("死")}
    assert plain("我　想 死 １２ times") == plain("我想死9 times") == "我想死0 times"
    long = "".join(chr(0x4E00 + number) for number in range(200))
    assert all(any(long[at : at + 30] in window for window in windows(long)[1:]) for at in range(170))


def test_what_is_not_sure_is_told_beside_and_raises_no_alarm():
    assert WORRIED < SURE
    unsure = [heard for _kind, text in JUDGE if (heard := danger_in(text)) is not None and not heard.sure]
    assert unsure and all(ear().odds(heard.words) >= WORRIED or heard.words for heard in unsure)
