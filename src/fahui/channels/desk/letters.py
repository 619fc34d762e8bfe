"""Checking what is about to be issued: every citation of law in the words somebody typed, before it goes out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fahui.casework.cases.models import Case
from fahui.casework.definitions.schema import Action
from fahui.foundation.accounts.scope import Reader
from fahui.foundation.audit.actions import Entry, append
from fahui.knowledge.citations.linking import Cited, link

# Without one of these a text cites nothing.
_SIGNS = re.compile(r"[条條《§]|\b[Aa]rt(?:s|icles?)?\b")
LONGEST = 20_000  # characters of one answer that are read


@dataclass(frozen=True)
class Doubts:
    """The citations that must be corrected, and a word that stands for exactly these: the second click carries it."""

    failing: tuple[Cited, ...]
    token: str

    def accepted(self, given: str) -> bool:
        """Whether somebody saw just these and goes on."""
        return not self.failing or given == self.token


def doubts(answers: Mapping[str, Any]) -> Doubts:
    """Check the citations in every text among the answers, as of today."""
    texts = [value for value in answers.values() if isinstance(value, str) and _SIGNS.search(value)]
    failing = tuple(cited for cited in link("\n".join(text[:LONGEST] for text in texts)) if cited.failing) if texts else ()
    seen = "\n".join(cited.text for cited in failing)
    return Doubts(failing, hashlib.sha256(seen.encode()).hexdigest()[:24] if failing else "")


def record_passed(reader: Reader, case: Case, action: Action, passed: Doubts) -> None:
    """Keep on record that somebody went on although citations failed. Runs in the transaction of the action."""
    kinds = sorted({one.status.value for cited in passed.failing for one in cited.resolutions if one.failing})
    data = {"action": action.id, "count": len(passed.failing), "kinds": kinds}
    append(reader, Entry("citations.passed", case_id=case.pk, data=data))
