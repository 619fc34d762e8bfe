"""The recipe "add a legal service", carried out as it is written."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader

import fahui.services
from fahui.casework.cases.actions import Opening, open_case, perform
from fahui.casework.definitions import loader, queries
from fahui.casework.definitions.actions import publish
from fahui.casework.definitions.checks import problems
from fahui.casework.documents.render import pdf, word
from fahui.foundation.accounts.scope import reading_as
from fahui.foundation.errors import Conflict
from fahui.foundation.people.actions import Person
from tests.cast import TOWNSHIP, Cast

PAGE = Path(__file__).resolve().parents[1] / "docs" / "how-to" / "add-a-legal-service.md"
BLOCK = re.compile(r"^`(drafting/[\w./]+)`\n\n```\w+\n(.*?)^```", re.S | re.M)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """The page's files in a folder of their own, on the path of services while the test runs."""
    for name, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    fahui.services.__path__.append(str(tmp_path))
    caches = [loader.services, queries._digest, queries._version_id]
    for cache in caches:
        cache.cache_clear()
    yield tmp_path / "drafting"
    fahui.services.__path__.remove(str(tmp_path))
    for cache in caches:
        cache.cache_clear()
    for name in [m for m in sys.modules if m.startswith("fahui.services.drafting")]:
        del sys.modules[name]


def test_the_recipe_gives_a_service_that_runs_from_request_to_rating(folder: Path, cast: Cast, tmp_path: Path):
    service = loader.services()["drafting"]
    assert problems(service) == []
    publish(service)
    clerk, reviewer = cast["clerk"], cast["clerk"]
    with reading_as(clerk):
        case = open_case(clerk, Opening(
            service="drafting", matter="paper", channel="window", region_code=TOWNSHIP,
            person=Person(name="李小婶", phone="17000000011"), details={"facts": "要写起诉状"},
        ))  # fmt: skip
        assert case.next_due is not None and case.state == "asked"
        with pytest.raises(Conflict, match="请先问清要写哪种文书"):
            perform(reviewer, case.pk, "hand_over", {"summary": "起诉状一份"})
        known = open_case(clerk, Opening(
            service="drafting", matter="paper", channel="window", region_code=TOWNSHIP,
            person=Person(name="李小婶", phone="17000000011"), details={"kind": "claim"},
        ))  # fmt: skip
        done = perform(reviewer, known.pk, "hand_over", {"summary": "起诉状一份，签字后交法院。"})
    assert not done.open and done.outcome == "drafted" and done.invitation.token
    issued = done.documents.get()
    assert "起诉状" in issued.content["paragraphs"][0]
    (tmp_path / "cover.pdf").write_bytes(pdf(issued.content, issued.number))
    (tmp_path / "cover.docx").write_bytes(word(issued.content, issued.number))
    text = PdfReader(tmp_path / "cover.pdf").pages[0].extract_text()
    assert "代写文书交付单" in text and issued.number in "".join(text.split())
    assert issued.number in "\n".join(p.text for p in Document(str(tmp_path / "cover.docx")).paragraphs)
