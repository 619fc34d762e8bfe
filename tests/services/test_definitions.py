"""Every service's definition as data: what it names exists, citations lead somewhere, papers and notices fill in."""

from __future__ import annotations

import re

import pytest
import yaml
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from fahui.casework.definitions.checks import problems
from fahui.casework.definitions.loader import Service, services
from fahui.casework.definitions.plugin import registry_of
from fahui.casework.forms.fields import FormModel
from fahui.knowledge.citations.linking import link
from fahui.knowledge.citations.sources import package_source

GIVEN = {"number": "FH1", "state": "办理中", "due": "6月18日", "time": "09:00", "person": "小吴", "phone": "12348",
         "place": "热线", "link": "/t"}  # fmt: skip


@pytest.fixture(params=list(services()))
def home(request: pytest.FixtureRequest) -> Service:
    return services()[request.param]


def test_it_may_be_published(home: Service):
    assert problems(home) == []


def test_every_guard_of_the_folder_is_used(home: Service):
    d = home.definition
    named = {guard for action in d.actions for guard in action.guards} | set(d.assignment.guards if d.assignment else ())
    named |= {part.when for part in (*d.deadlines, *d.materials) if part.when}
    named |= {matter.sealed_when for matter in d.matters if matter.sealed_when}
    assert set(registry_of(home.package).guards) == named


def test_every_citation_leads_to_a_law_in_force_or_a_listed_document(home: Service):
    d = home.definition
    cited = [*d.basis, *(c for part in (*d.actions, *d.deadlines, *d.documents, *d.materials) for c in part.basis),
             *(c for guard in registry_of(home.package).guards.values() for c in guard.basis)]  # fmt: skip
    for text in cited:
        found = link(text, source=package_source())
        assert found or not re.search(r"第.+条(?!例)", text), text
        assert not any(cited.failing for cited in found), text


def test_templates_ask_only_for_fields_the_forms_have(home: Service):
    forms = [form for form in vars(home.details).values() if isinstance(form, type) and issubclass(form, FormModel)]
    fields = {name for form in forms for name in form.model_fields}
    environment = SandboxedEnvironment(undefined=StrictUndefined)
    for document in home.definition.documents:
        path = home.folder / "documents" / f"{document.template}.yaml"
        template = yaml.safe_load(path.read_text(encoding="utf-8"))
        for text in [*template.get("body", []), *template.get("plain", []), template.get("closing") or ""]:
            environment.parse(text)
            assert set(re.findall(r"(?:payload|details)\.(\w+)", text)) <= fields, document.id


def test_notices_fill_with_what_the_spine_gives(home: Service):
    for notice in home.definition.notices:
        assert notice.text.zh.format(**GIVEN) and notice.text.en.format(**GIVEN)
