"""What a finished case earns its provider, from the dated local table (法律援助法第五十二条). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from fahui.casework.definitions.plugin import Facts, Verdict, guard, no, unknown, yes
from fahui.services.legal_aid.choices import AidForm, chosen
from fahui.services.legal_aid.values import amount, yuan, yuan_en


@dataclass(frozen=True)
class Subsidy:
    """`fen` None: the local rate is not set, and the verdict names the parameter."""

    type: str
    fen: int | None
    verdict: Verdict


MISSING = "subsidy_rate_missing"
_BASIS = "法律援助法第五十二条"


@guard("subsidy_open", "补贴还没有登记", "The subsidy is not recorded yet", [_BASIS])
def subsidy_open(facts: Facts) -> Verdict:
    """Recorded at the closing check; later only where the rate was missing then."""
    if MISSING in facts.flags:
        return yes("等补贴标准，可以登记", "Waited for the rate", _BASIS)
    return no("这件的补贴已经登记过了", "The subsidy was recorded already", _BASIS)


@guard("subsidy_settled", "补贴已经登记", "The subsidy is recorded", [_BASIS])
def subsidy_settled(facts: Facts) -> Verdict:
    """A file is not put away while its provider waits for a subsidy."""
    if MISSING in facts.flags:
        return no("补贴标准还没有设定，补贴没有登记，先登记再归档", "The subsidy waits for its rate: record it first", _BASIS)
    return yes("补贴已登记或者不需要", "Recorded, or none is due", _BASIS)


@guard("work_handed_in", "终止以前的工作已经交了材料", "The work before the termination was handed in", ["法律援助法第五十条"])
def work_handed_in(facts: Facts) -> Verdict:
    """Each report of work done before a termination is checked once."""
    for action in reversed(facts.history):
        if action == "hand_in_work_done":
            return yes("材料已交", "Handed in", "法律援助法第五十条")
        if action in {"check_work_done", "terminate"}:
            break
    return no("承办人还没有交已做工作的材料，或者已经审核过", "Nothing was handed in, or it was checked already", "法律援助法第五十条")


def rate_name(subsidy_type: str) -> str:
    """The local value that holds the rate of a service type."""
    return f"subsidy_fen_{subsidy_type}"


def subsidy(facts: Facts, subsidy_type: str) -> Subsidy:
    """The rate for a service type, free of VAT and personal income tax. Raises ValueError for an unknown type."""
    name, form = rate_name(subsidy_type), chosen(AidForm, subsidy_type)
    basis = "法律援助法第五十二条"
    rate = facts.parameters.get(name)
    if rate is None:
        return Subsidy(
            subsidy_type,
            None,
            unknown(
                f"“{form.zh}”的补贴标准还没有设定，请向市司法局核实，由管理员在“本地标准”里设定",
                f"No subsidy is set for {form.en} yet: ask the bureau; an administrator sets it under Local standards",
                basis,
            ),
        )
    fen = int(amount(rate))
    return Subsidy(
        subsidy_type,
        fen,
        yes(
            f"“{form.zh}”补贴{yuan(fen)}，免征增值税和个人所得税（{rate.source}）",
            f"{form.en}: {yuan_en(fen)}, free of VAT and income tax",
            basis,
        ),
    )
