"""What a finished case earns its provider, from the dated local table (法律援助法第五十二条). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from fahui.casework.definitions.plugin import Facts, Verdict, unknown, yes
from fahui.services.legal_aid.choices import AidForm, chosen
from fahui.services.legal_aid.values import amount, yuan, yuan_en


@dataclass(frozen=True)
class Subsidy:
    """`fen` None: the local rate is not set, and the verdict names the parameter."""

    type: str
    fen: int | None
    verdict: Verdict


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
