"""Guided checks: every path of every graph, what the static checks catch, and last days to the day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from fahui.foundation.worktime.rules import Calendar, Kind
from fahui.knowledge.checks import checking
from fahui.knowledge.checks.loader import BadGraph, graphs, limits, read
from fahui.knowledge.checks.papers import Offer, Paper, expand, wanted
from fahui.knowledge.checks.rules import EARLIEST, MOST_QUESTIONS, last_day, paths, walk, wrong
from fahui.knowledge.checks.schema import UNKNOWN, Graph
from fahui.knowledge.words import Words

DAY = date(2026, 6, 13)
WORDS = {"zh": "话", "en": "words"}
CODES = checking.Codes(frozenset({("consultation", "question")}), frozenset({"court"}), frozenset({"limit"}), frozenset({"aa", "bb"}))
YEARS = Calendar({date(2026, 6, 19): Kind.HOLIDAY}, (date(2026, 1, 1), date(2026, 12, 31)))


def offer(matter: str = "question", *papers: Paper) -> Offer:
    words = Words(**WORDS)
    return Offer("consultation", words, matter, words, words, papers, ("法律援助法第二十三条",))


def paper(name: str, when: str | None) -> Paper:
    return Paper(name, Words(**WORDS), Words(**WORDS), False, when, ())


ALL = [expand(graph, [offer("question", paper("card", None), paper("proxy", "acts_for_another")), offer("other")])
       for graph in graphs().values()]  # fmt: skip


def made(**changes: object) -> Graph:
    """A small sound graph, with what a test breaks."""
    plain = {
        "id": "aa", "version": "1.0.0", "owner": WORDS, "reviewed_on": "2026-01-01", "review_by": "2027-01-01", "name": WORDS,
        "plain": WORDS, "start": "one",
        "nodes": [{"id": "one", "ask": WORDS, "options": [{"id": "yes", "name": WORDS, "next": "end"}]}],
        "results": [{"id": "end", "answer": WORDS, "reason": WORDS, "articles": ["民法典第一百八十八条"], "office": "court"}],
    }  # fmt: skip
    return Graph.model_validate(plain | changes)


def faults(**changes: object) -> str:
    return " | ".join(checking.problems(made(**changes), CODES, limits()))


def node(name: str, *options: dict[str, object], **more: object) -> dict[str, object]:
    return {"id": name, "ask": WORDS, "options": [{"name": WORDS, **o} for o in options], **more}


@pytest.mark.parametrize("graph", ALL, ids=lambda g: g.id)
@pytest.mark.parametrize("desk", [False, True])
def test_every_path_ends_with_something_to_do_in_both_languages(graph: Graph, desk: bool):
    needs = frozenset(n.needs for n in graph.nodes if n.needs)
    for values in (frozenset[str](), needs):
        found = list(paths(graph, DAY, desk=desk, values=values))
        assert found
        for path in found:
            result = path.result
            assert result is not None and len(path.answered) <= (8 if desk else MOST_QUESTIONS)
            assert result.danger or result.start or result.phones or result.office
            assert result.articles or result.limits
            assert all(w.zh and w.en and w.zh != w.en for w in (result.answer, result.reason, *(a.node.ask for a in path.answered)))
            assert not (result.danger and (result.start or not path.private))


@pytest.mark.parametrize("graph", ALL, ids=lambda g: g.id)
def test_a_path_walked_again_in_any_order_of_answers_ends_at_the_same_place(graph: Graph):
    for path in list(paths(graph, DAY))[:200]:
        answers = {a.node.id: a.value for a in reversed(path.answered)} | {"no_question": "x"}
        assert walk(graph, answers, DAY).result == path.result


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a machine busy with other tests
@given(st.data())
def test_whatever_is_posted_there_is_a_question_or_a_result(data: st.DataObject):
    graph = data.draw(st.sampled_from(ALL))
    ids = st.sampled_from(sorted(graph.node_of))
    values = st.one_of(st.text(max_size=12), st.sampled_from(sorted({o.id for n in graph.nodes for o in n.options} | {UNKNOWN})),
                       st.dates().map(str))  # fmt: skip
    reached = walk(graph, data.draw(st.dictionaries(ids, values)), DAY, desk=data.draw(st.booleans()))
    assert (reached.node is None) != (reached.result is None)


def test_the_shipped_graphs_come_in_their_order():
    assert list(graphs()) == ["where", "aid", "days", "bring"]


def test_a_sound_graph_has_no_fault():
    assert faults() == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"start": "two"}, "begins at two"),
        ({"review_by": "2025-01-01"}, "review_by is not after"),
        ({"nodes": [node("one", {"id": "yes", "next": "gone"})]}, "leads to gone"),
        ({"nodes": [node("one", {"id": "yes", "next": "end"}, {"id": "yes", "next": "end"})]}, "option yes stands there twice"),
        ({"nodes": [node("one", {"id": "yes", "next": "one"})]}, "goes in a circle: one → one"),
        ({"nodes": [node("one", {"id": "yes", "next": "end"}), node("far", {"id": "yes", "next": "end"})]}, "nobody ever comes to far"),
        ({"nodes": [node("end", {"id": "yes", "next": "end"})], "start": "end"}, "end is the id of two places"),
        ({"nodes": [node("one", {"id": "yes", "next": [{"when": {"x1": ["y1"]}, "to": "end"}, {"to": "end"}]})]}, "looks at x1"),
        ({"nodes": [node("one", {"id": "yes", "next": [{"when": {"one": ["no"]}, "to": "end"}, {"to": "end"}]})]}, "for no, which is"),
        ({"nodes": [node("one", {"id": "yes", "next": "end"}, needs="pay", without="end")]}, "needs pay, which no city"),
    ],
)  # fmt: skip
def test_a_broken_graph_is_named_with_its_fault(changes: dict[str, object], said: str):
    assert said in faults(**changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"start": {"service": "consultation", "matter": "gone"}}, "consultation/gone, which residents cannot bring"),
        ({"office": "moon"}, "the office moon"), ({"check": "aa"}, "leads to the check aa"), ({"articles": []}, "names no article"),
        ({"limits": ["never"]}, "counts never"), ({"office": None}, "says nothing to do"),
        ({"limits": ["wages_left"]}, "without asking left_on"), ({"danger": True}, "must show 110 and 12348"),
    ],
)  # fmt: skip
def test_a_result_that_cannot_help_is_named(changes: dict[str, object], said: str):
    result = {"id": "end", "answer": WORDS, "reason": WORDS, "articles": ["民法典第一百八十八条"], "office": "court"}
    assert said in faults(results=[result | changes])


def test_six_questions_are_too_many_for_residents():
    chain = [node(f"n{i}", {"id": "yes", "next": f"n{i + 1}" if i < 6 else "end"}) for i in range(1, 7)]
    assert "6 questions on one way: n1 → n2" in faults(start="n1", nodes=chain)
    chain[2] |= {"desk_only": True, "otherwise": "n4"}
    assert faults(start="n1", nodes=chain) == ""


def test_unknown_keys_and_a_last_way_with_a_condition_are_refused():
    with pytest.raises(ValidationError):
        made(colour="red")
    with pytest.raises(ValidationError, match="no condition"):
        made(nodes=[node("one", {"id": "yes", "next": [{"when": {"one": ["yes"]}, "to": "end"}]})])


def test_a_file_under_another_name_is_refused(tmp_path):
    path = tmp_path / "other.yaml"
    path.write_text(made().model_dump_json(), encoding="utf-8")
    with pytest.raises(BadGraph, match="other.yaml"):
        read(path)


def test_a_review_that_is_due_is_said_and_not_before():
    assert checking.due_for_review(made(), date(2027, 1, 1)) == []
    assert "2027-01-01" in checking.due_for_review(made(), date(2027, 1, 2))[0]


@pytest.mark.parametrize(("value", "fault"), [("", "missing"), ("2026-13-01", "unread"), ("2026-06-14", "future"), ("1949-01-01", "early"),
                                             ("2026-06-13", ""), (UNKNOWN, "")])  # fmt: skip
def test_a_day_is_read_or_the_reason_told(value: str, fault: str):
    assert wrong(graphs()["days"].node_of["left_on"], value, DAY) == fault


@pytest.mark.parametrize(
    ("name", "days", "until"),
    [
        ("wages_left", {"left_on": date(2025, 6, 18)}, date(2026, 6, 18)),
        ("labour", {"known_on": date(2025, 6, 20)}, date(2026, 6, 20)),  # a Saturday: the Act says nothing of moving
        ("civil", {"known_on": date(2023, 6, 17)}, date(2026, 6, 17)),
        ("civil", {"known_on": date(2023, 6, 19)}, date(2026, 6, 22)),  # holiday and weekend: 民法典 203
        ("civil", {"known_on": date(2025, 1, 6), "happened_on": date(2006, 6, 30)}, date(2026, 6, 30)),  # twenty years
        ("reconsideration", {"told_on": date(2026, 4, 15)}, date(2026, 6, 15)),  # the 60th day is a Sunday
        ("suit_office", {"told_on": date(2025, 12, 31)}, date(2026, 6, 30)),
        ("land", {"known_on": date(2024, 2, 29)}, date(2026, 2, 28)),
        ("appeal_judgment", {"received_on": date(2026, 6, 1)}, date(2026, 6, 16)),
        ("appeal_ruling", {"received_on": date(2026, 6, 1)}, date(2026, 6, 11)),
        ("work_injury", {"injured_on": date(2025, 6, 13)}, date(2026, 6, 13)),
        ("insurance_life", {"event_on": date(2021, 6, 15)}, date(2026, 6, 15)),
    ],
)  # fmt: skip
def test_last_days(name: str, days: dict[str, date], until: date):
    found = last_day(limits()[name], days, DAY, YEARS)
    assert found.until == until and found.days_left == (until - DAY).days


def test_a_moved_day_says_so_and_an_unknown_year_is_not_guessed():
    moved = last_day(limits()["civil"], {"known_on": date(2023, 6, 19)}, DAY, YEARS)
    assert moved.moved_from == date(2026, 6, 19) and not moved.holidays_unknown
    later = last_day(limits()["civil"], {"known_on": date(2026, 1, 3)}, DAY, YEARS)
    assert later.until == date(2029, 1, 3) and later.holidays_unknown and later.moved_from is None


def test_the_twenty_years_do_not_move_and_are_named():
    found = last_day(limits()["civil"], {"known_on": date(2025, 1, 6), "happened_on": date(2006, 6, 20)}, DAY, YEARS)
    assert found.until == date(2026, 6, 20) and found.capped  # a Saturday


def test_pressing_is_fewer_than_seven_days_and_over_is_the_day_after():
    def left(days: int) -> Any:
        return last_day(limits()["wages_left"], {"left_on": date(2025, 6, 13) + timedelta(days=days)}, DAY, YEARS)

    assert [left(d).pressing for d in (-1, 0, 6, 7)] == [False, True, True, False]
    assert [left(d).over for d in (-1, 0)] == [True, False]


def test_without_the_day_nothing_is_counted():
    found = last_day(limits()["civil"], {}, DAY, YEARS)
    assert found.until is None and not found.pressing and not found.over


@given(st.dates(EARLIEST, DAY), st.sampled_from(sorted(limits())))
def test_a_period_never_ends_before_its_plain_length_and_a_later_day_never_ends_sooner(start: date, name: str):
    limit = limits()[name]
    first, second = (last_day(limit, {limit.day: d}, DAY, YEARS).until for d in (start, start + timedelta(days=1)))
    assert first and second and start < first <= second


def test_papers_grow_out_of_the_services_own_lists():
    graph = graphs()["bring"]
    assert graph.papers
    one = offer("question", paper("card", None), paper("proxy", "acts_for_another"), paper("rare", "odd_case"), paper("means", "means_asked"))
    whole = expand(graph, [one, offer("other")])
    assert checking.problems(whole, checking.Codes(frozenset({("consultation", "question"), ("consultation", "other")}), frozenset(),
                             frozenset(), frozenset()), limits()) == []  # fmt: skip
    assert [o.id for o in whole.node_of["matter_consultation"].options] == ["question", "other"]
    asked = {"service": "consultation", "matter_consultation": "question", "for_whom_consultation_question": "other",
             "means_consultation_question": "exempt"}  # fmt: skip
    reached = walk(whole, asked, DAY)
    assert reached.result and reached.meets == {"acts_for_another", "claims_exemption"}
    assert [(w.paper.id, w.sure) for w in wanted(graph.papers, one, reached.meets)] == [("card", True), ("proxy", True), ("rare", False)]
    assert expand(graph, [offer("other")]).result_of["papers_consultation_other"].answer.zh == "什么都不用带"
