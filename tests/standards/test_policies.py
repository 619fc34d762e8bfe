"""The policies of the five cities: every demand once, in its own words, with an honest answer."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from fahui.casework.definitions.loader import services
from fahui.commands import check, checking
from fahui.foundation import cities
from fahui.standards.indicators.definitions import indicators
from fahui.standards.policies import checks, definitions
from fahui.standards.policies.definitions import BadPolicy, answer, capabilities, demands, parts, policy
from fahui.standards.policies.schema import Capability, Demand, Words, titled

DEMANDS = {"lishui": ("LS", 297), "anhui": ("AH", 142), "jingdezhen": ("JDZ", 193), "leshan": ("LESH", 289), "tianjin": ("TJ", 102)}
ALL = sorted(DEMANDS)


def _text(city: str) -> str:
    """A text in which every quote and heading of the city stands."""
    told = [demand.quote for _clause, demand in demands(city)] + [clause.heading.zh for clause in policy(city).clauses]
    return "\n".join([*told, *(i.quote for i in indicators(city).indicators)])


@pytest.mark.parametrize("city", ALL)
def test_every_demand_stands_once(city: str) -> None:
    prefix, count = DEMANDS[city]
    assert sorted(demand.id for _clause, demand in demands(city)) == sorted(f"{prefix}-{n:03d}" for n in range(1, count + 1))
    assert sum(count for _prefix, count in DEMANDS.values()) == 1023


@pytest.mark.parametrize("city", ALL)
def test_nothing_is_wrong_with_what_ships(city: str) -> None:
    assert checking.demanded(city) == []


def test_everything_named_is_there() -> None:
    assert checking.answering(services()) == []


@pytest.mark.parametrize("city", ALL)
def test_answers_say_what_is_missing(city: str) -> None:
    found = Counter(answer(demand, city).state for _clause, demand in demands(city))
    assert found["answered"] > sum(found.values()) / 3
    assert found["partly"] + found["not_yet"] + found["outside"] > 10  # nobody delivers all of it


def test_what_is_a_register_is_not_called_a_service() -> None:
    """Mediation, notarisation, appraisal and arbitration have no workflow here, and their capabilities say so."""
    for name in ("mediation_workflow", "online_notary", "notary_welfare", "appraisal_aid", "online_arbitration"):
        told = capabilities()[name]
        assert told.not_yet
        assert not [ref for ref in told.answered if ref.startswith("service:")]


def test_targets_answer_the_demands_they_measure() -> None:
    demand = next(d for _clause, d in demands("leshan") if d.id == "LESH-043")
    found = answer(demand, "leshan")
    assert ("indicator", "IND-LESH-009", "每万人提供法律援助件数") in [(p.by, p.name, p.zh) for p in found.parts]


def test_an_answer_is_the_demands_own_before_its_capabilitys() -> None:
    plain: dict[str, Any] = {"id": "X-1", "quote": "请律师", "en": "A lawyer", "area": "legal_aid", "capability": "aid_application"}
    assert [p.ref for p in answer(Demand(**plain), "leshan").parts] == list(capabilities()["aid_application"].answered)
    own = answer(Demand(**plain, outside=Words(zh="由法院办理", en="For the court")), "leshan")
    assert (own.parts, own.state) == ((), "outside")
    part = answer(Demand(**plain, answered=("page:apply",), not_yet=Words(zh="还没有", en="Not yet")), "leshan")
    assert ([p.ref for p in part.parts], part.state) == (["page:apply"], "partly")


@pytest.mark.parametrize(
    ("change", "words"),
    [({"capability": "flying"}, "no capability 'flying'"), ({"answered": ("page:nowhere",)}, "page:nowhere has no line"), ({"indicators": ("IND-X",)}, "no target 'IND-X'")],
)
def test_what_is_not_there_is_named(change: dict[str, object], words: str) -> None:
    plain: dict[str, Any] = {"id": "X-1", "quote": "请律师", "en": "A lawyer", "area": "legal_aid", "capability": "aid_application"}
    with pytest.raises(BadPolicy, match=words):
        answer(Demand.model_validate(plain | change), "leshan")


def test_faults_of_a_city_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = policy("leshan")
    first, second, *rest = whole.clauses
    lost = second.demands[0].model_copy(update={"indicators": ("IND-LESH-999",)})
    broken = whole.model_copy(update={
        "document": whole.document.model_copy(update={"number": "乐府〔1〕号"}),
        "clauses": (first, first.model_copy(update={"demands": (lost,)}), *rest),
    })  # fmt: skip
    for module in (checks, definitions):
        monkeypatch.setattr(module, "policy", lambda _city: broken)
    told = " | ".join(fault.problem for fault in checks.check_city("leshan"))
    assert "document is not what city.yaml says" in told
    assert f"clause {first.id!r} stands 2 times" in told
    assert "no target 'IND-LESH-999'" in told
    assert f"demand {lost.id} names target IND-LESH-999" in told


def test_dead_references_and_orphans_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"page": {part.name for part in parts().values() if part.by == "page"} - {"places"}}
    assert [f.problem for f in checks.check_parts(known)] == ["page:places: there is no page 'places'"]
    spare = Capability(id="spare", name=Words(zh="多余", en="Spare"), answered=("page:places",))
    monkeypatch.setattr(checks, "capabilities", lambda: capabilities() | {"spare": spare})
    assert [f.problem for f in checks.check_parts({})] == ["spare: no policy asks for it; remove it"]


def test_a_capability_must_say_something() -> None:
    with pytest.raises(ValueError, match="says neither"):
        Capability(id="empty", name=Words(zh="空", en="Empty"))


@pytest.mark.parametrize("city", ALL)
def test_quotes_are_held_against_a_text(city: str) -> None:
    text = _text(city)
    assert checks.check_quotes(city, text) == []
    clause, demand = demands(city)[0]
    faults = checks.check_quotes(city, text.replace(demand.quote, demand.quote[:-1] + "x"))
    assert demand.id in [fault.place for fault in faults]


def test_the_command_proves_quotes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "document.txt"
    file.write_text(_text("tianjin"), encoding="utf-8")
    assert check.run(["--policy-text", "tianjin", str(file)]) == 0
    assert "102 demands of tianjin, 0 quotes" in capsys.readouterr().out
    file.write_text(_text("tianjin").replace("三级公共法律服务中心", "三级中心"), encoding="utf-8")
    assert check.run(["--policy-text", "tianjin", str(file)]) == 1
    assert "not in the text" in capsys.readouterr().out
    assert check.run(["--policy-text", "nowhere", str(file)]) == 1
    assert check.run(["--policy-text", "tianjin", str(tmp_path / "none.txt")]) == 1
    assert "there is no city 'nowhere'" in capsys.readouterr().err


@pytest.mark.parametrize("city", ALL)
def test_every_heading_has_its_english_and_the_same_heading_the_same(city: str) -> None:
    headings = [clause.heading for clause in policy(city).clauses]
    assert all(re.search("[A-Za-z]{3}", heading.en) and not re.search("[\u4e00-\u9fff]", heading.en) for heading in headings)
    assert len({heading.zh for heading in headings}) == len({(heading.zh, heading.en) for heading in headings})


@pytest.mark.parametrize(
    ("clause", "chinese", "english"),
    [("三.1", "三.1 总体目标", "三.1 Overall goal"), ("一.1 总体目标", "一.1 总体目标", "一.1 Overall goal"),
     ("附件2.一.总体目标", "附件2.一.总体目标", "附件2.一 Overall goal"), ("附件1.一.市总体目标", "附件1.一.市总体目标", "附件1.一.市总体目标 Overall goal")],
)  # fmt: skip
def test_a_clause_is_told_by_number_and_heading(clause: str, chinese: str, english: str) -> None:
    assert str(titled(clause, "总体目标", "Overall goal")) == chinese
    with override("en"):
        assert str(titled(clause, "总体目标", "Overall goal")) == english
        assert str(titled(clause, "总体目标")) == chinese, "an edition of before has no English"


def test_every_city_has_a_policy() -> None:
    assert sorted(city for city in cities.available() if policy(city).clauses) == ALL
