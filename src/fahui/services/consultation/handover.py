"""What a consultation already knows, in the words of the service that takes over: nothing is asked twice. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from fahui.casework.definitions.values import day_of, text_of
from fahui.foundation.money import yuan
from fahui.services.consultation.values import chinese_day

# The longest answer a form takes.
_LONGEST = 4000
_LARGEST_GROUP = 2000


def to_legal_aid(
    details: Mapping[str, Any], matter: str, groups: Collection[str] = ()
) -> tuple[str, dict[str, Any]]:  # fmt: skip
    """The matter and the answers of a legal-aid application about the same thing; unknown answers stay out.

    `groups` are the person's beneficiary groups: a migrant worker who claims wages is not asked about means at all
    (法律援助法第四十二条).
    """
    found: dict[str, Any] = {"applies_for": "self"}
    match matter:
        case "wages":
            found |= _wages(details, groups)
        case "family":
            found |= _family(details)
        case "land":
            found |= {"matter_kind": "land"}
    found |= {"facts": _facts(details, matter), "wanted": text_of(details, "wanted")}
    return "civil", {name: value for name, value in found.items() if value not in (None, "")}


def _wages(details: Mapping[str, Any], groups: Collection[str]) -> dict[str, Any]:
    people, left_on = details.get("people"), day_of(details, "left_on")
    still = details.get("still_working")
    if still is None and left_on is not None:
        still = False
    found: dict[str, Any] = {
        "matter_kind": "wages", "claim_fen": details.get("owed_fen"), "work_site": text_of(details, "work_site"),
        "other_side": text_of(details, "who_owes"), "still_working": still,
    }  # fmt: skip
    if left_on is not None and still is False:
        found["left_on"] = left_on.isoformat()
    if people is not None:
        found["group_matter"] = people > 1
        if people > 1:
            found["group_size"] = min(people, _LARGEST_GROUP)
    if "migrant_worker" in groups:
        found |= {"waiver_ground": "none", "exempt_group": "migrant_worker"}
    return found


def _family(details: Mapping[str, Any]) -> dict[str, Any]:
    contact = [
        "不要打电话" if details.get("may_call") is False else "",
        "不要发短信" if details.get("may_text") is False else "",
        f"方便的时间：{text_of(details, 'contact_times')}" if text_of(details, "contact_times") else "",
        f"可能接电话的人：{text_of(details, 'who_answers')}" if text_of(details, "who_answers") else "",
        "别人接时不要说是司法局" if details.get("say_bureau") is False else "",
        f"不方便时本人会说：{text_of(details, 'safe_words')}" if text_of(details, "safe_words") else "",
    ]
    found: dict[str, Any] = {"matter_kind": "marriage", "safe_contact": "；".join(filter(None, contact))}
    if details.get("violence") is True:
        found |= {"matter_kind": "domestic_violence", "waiver_ground": "abused"}
    return found


def _facts(details: Mapping[str, Any], matter: str) -> str:
    """The person's own words first; for wages also the fields the application has no place for."""
    lines = [text_of(details, "facts")]
    if matter == "wages":
        left_on, own = day_of(details, "left_on"), details.get("own_fen")
        lines += [
            f"欠款人：{text_of(details, 'who_owes')}。" if text_of(details, "who_owes") else "",
            f"{details['people']}人被欠。" if details.get("people") else "",
            f"其中本人{yuan(own)}元。" if own else "",
            f"{chinese_day(left_on)}离开。" if left_on else "",
        ]
    if matter == "land":
        lines.append(f"手里有：{text_of(details, 'papers')}。" if text_of(details, "papers") else "")
    return "\n".join(filter(None, lines))[:_LONGEST]
