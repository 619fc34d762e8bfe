"""A connected writer: what stands up is shown and said to be a machine's, what does not is never shown, and no name leaves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fahui.knowledge.answers.outside import AT_ONCE, _free
from tests.knowledge.test_answers import ask
from tests.writer import Writer

QUESTION = "我叫王强，饲养的动物咬伤他人谁承担侵权责任"
CITED = "《养犬法》第一条"


@pytest.fixture
def writer(settings) -> Iterator[Writer]:
    running = Writer()
    settings.ASK_URL = running.url
    yield running
    running.close()


def test_words_that_stand_up_are_shown_with_who_wrote_them(laws: None, sure: None, writer: Writer):
    writer.says = {"plain": f"养狗的人应当负责（{CITED}）。先去看伤，留好单据。", "steps": ["留好病历和单据", "找人作证"]}
    answer = ask(QUESTION)
    assert answer.composer == "outside" and answer.plain.startswith("养狗的人应当负责") and answer.steps == ("留好病历和单据", "找人作证")
    sent = writer.asked[0]["messages"][1]["content"]
    assert "王强" not in sent and "饲养的动物" in sent and CITED in sent


@pytest.mark.parametrize(
    "says",
    [{"plain": "养狗的人应当赔偿。"}, {"plain": f"应当赔偿三千元（{CITED}）。"}, {"plain": "应当赔偿（《民法典》第一千二百四十五条）。"},
     {"plain": f"养狗的人应当负责（{CITED}）。", "steps": ["15日内起诉"]}, {"plain": ""}, {"words": "不合格式"}, "不是JSON",
     {"plain": f"养狗的人应当负责（{CITED}）。您会拿到一笔钱。"}, {"plain": f"养狗的人应当负责（{CITED}，另见Article 1245 of the Civil Code）。"},
     {"plain": f"养狗的人应当负责（{CITED}；另见民法典婚姻编第1条）。"}, {"plain": f"养狗的人应当负责（{CITED}）。请看〈民法典〉第1245条。"},
     {"plain": f"您一定能赢，养狗的人应当负责（{CITED}）。"}, {"plain": f"养狗的人应当负责（{CITED}）。", "steps": ["您有权不付钱"]},
     {"plain": f"养狗的人应当负责（{CITED}）。", "steps": ["照《养犬法》第九条去做"]}],
    ids=["law without citation", "a number of its own", "another law", "a number in a step", "empty", "another form", "no JSON", "a claim in plain words",
         "another law in English", "a citation that is not read", "another kind of marks", "a promise", "law in a step", "another article in a step"],
)  # fmt: skip
def test_words_that_do_not_stand_up_are_never_shown(laws: None, sure: None, writer: Writer, says: object):
    writer.says = says
    answer = ask(QUESTION)
    assert answer.kind == "answer" and answer.composer == "built_in" and "三千" not in answer.plain and "第一千二百" not in answer.plain


def test_a_writer_that_fails_or_is_busy_costs_nobody_their_answer(laws: None, sure: None, writer: Writer):
    writer.status = 500
    assert ask(QUESTION).composer == "built_in"
    writer.status, writer.says = 200, {"plain": f"养狗的人应当负责（{CITED}）。"}
    for _taken in range(AT_ONCE):
        _free.acquire()
    try:
        assert ask(QUESTION).composer == "built_in"
    finally:
        for _taken in range(AT_ONCE):
            _free.release()
    writer.close()
    assert ask(QUESTION).composer == "built_in"


def test_answers_that_people_wrote_and_alarms_are_not_sent_out(laws: None, writer: Writer):
    assert ask("老板拖欠工资").curated is not None
    assert ask("老公又打我，我想离婚").kind == "alarm"
    assert not writer.asked
