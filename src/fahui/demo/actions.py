"""Synthetic operations of a city: deterministic by seed, consistent with the services' own definitions and clocks.

Cases are walked through the same definitions, deadlines and calendar as real ones, but written in bulk; their events
go into the same hash chain.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import transaction

from fahui.casework.cases.models import Assignment, Case, CaseAccess, CaseParty
from fahui.casework.cases.queries import parameters
from fahui.casework.deadlines.actions import Clocks, local_length
from fahui.casework.deadlines.models import CaseDeadline
from fahui.casework.definitions.loader import Service, services
from fahui.casework.definitions.plugin import Facts, Parameter
from fahui.casework.definitions.queries import current_version_id
from fahui.casework.definitions.schema import Action
from fahui.casework.feedback.models import REASONS, Feedback, Invitation
from fahui.demo import people, places, records
from fahui.demo.organisations import Demo, build
from fahui.demo.stories import STORIES
from fahui.foundation import clock
from fahui.foundation.accounts.queries import posts_on
from fahui.foundation.accounts.roles import CASE_READERS, Role
from fahui.foundation.accounts.scope import Reader, as_system, scope_key
from fahui.foundation.audit.actions import Entry, append_history
from fahui.foundation.identifiers import ALPHABET, TRACKING_PREFIX, check_character
from fahui.foundation.people.actions import Person, make_party
from fahui.foundation.people.models import Institution, Party
from fahui.foundation.regions.rules import contains, level_of

DAYS = 300
Say = Callable[[str], None]


@dataclass
class Batch:
    """Rows of many cases, written together."""

    parties: list[Party] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    parts: list[CaseParty] = field(default_factory=list)
    clocks: list[CaseDeadline] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    circle: list[CaseAccess] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)
    history: list[tuple[datetime, Reader, Entry]] = field(default_factory=list)

    def save(self) -> None:
        """Write everything in the order the keys need."""
        Party.objects.bulk_create(self.parties, batch_size=1000)
        Case.objects.bulk_create(self.cases, batch_size=1000)
        CaseParty.objects.bulk_create(self.parts, batch_size=1000)
        CaseDeadline.objects.bulk_create(self.clocks, batch_size=1000)
        Assignment.objects.bulk_create(self.assignments, batch_size=1000)
        CaseAccess.objects.bulk_create(self.circle, batch_size=1000)
        Invitation.objects.bulk_create(self.invitations, batch_size=1000)
        Feedback.objects.bulk_create(self.feedback, batch_size=1000)
        append_history(sorted(self.history, key=lambda item: item[0]))


def fill(cases: int, seed: int, say: Say) -> int:
    """Make a demo city with this many cases; returns how many were made (0 when this seed is there already)."""
    began = time.monotonic()
    random = Random(seed)
    first = _tracking(seed, 0)
    with transaction.atomic(), as_system():
        if Case.objects.filter(tracking_number=first).exists():
            say(f"demo of seed {seed} is there already")
            return 0
        demo = _existing()
        if demo is None:
            demo = build(random)
            places.fill(demo, seed)
            made = records.fill(demo, seed, cases)
            say(f"demo: {made['entries']} entries of registers, {made['activities']} activities ({time.monotonic() - began:.1f} s)")
        batch = Batch()
        maker = Maker(demo, random, seed)
        for number in range(cases):
            maker.make(number, batch)
            if (number + 1) % 1000 == 0:
                say(f"demo: {number + 1} of {cases} cases")
        batch.save()
    (Path(settings.DATA_DIR) / "demo").write_text(f"{seed}\n", encoding="utf-8")
    say(f"demo: {cases} cases of seed {seed} ({time.monotonic() - began:.1f} s)")
    return cases


def _existing() -> Demo | None:
    """The demo city of an earlier seed, if there is one."""
    if not Institution.objects.filter(code__startswith="DEMO-").exists():
        return None
    raise LookupError("another seed has already filled this installation; use another data directory")


def _tracking(seed: int, number: int) -> str:
    digest = hashlib.sha256(f"fahui-demo-{seed}-{number}".encode()).digest()
    body = "".join(ALPHABET[byte % 32] for byte in digest[:11])
    return TRACKING_PREFIX + body + check_character(body)


class Maker:
    """Makes cases one by one, walking each through its service's definition up to today."""

    def __init__(self, demo: Demo, random: Random, seed: int) -> None:
        self.demo, self.random, self.seed = demo, random, seed
        self.now = clock.now()
        known = services()
        self.stories = [s for s in STORIES if s.service in known]
        self.weights = [s.weight for s in self.stories]
        self.versions = {name: current_version_id(name) for name in known}
        self.known = known
        self.parameters: dict[str, dict[str, Parameter]] = {name: parameters(name, self.now) for name in known}
        held = posts_on(clock.today()).filter(role__in=CASE_READERS).select_related("user").order_by("id")
        self.posts = sorted(held, key=lambda post: -level_of(post.region_code))
        self.readers: dict[tuple[str, int], Reader] = {}

    def make(self, number: int, batch: Batch) -> None:
        """One case with everything that belongs to it."""
        random = self.random
        story = random.choices(self.stories, self.weights)[0]
        home = self.known[story.service]
        county = random.choice(self.demo.counties)
        region = random.choice(self.demo.townships[county.code])
        age_days = min(DAYS * random.random() ** 1.6, DAYS)
        opened = (self.now - timedelta(days=age_days)).astimezone(clock.SHANGHAI)
        opened = opened.replace(hour=random.choice((8, 9, 10, 11, 14, 15, 16, 19, 20)), minute=random.randrange(60))
        opened = min(opened, self.now - timedelta(minutes=random.randrange(5, 300)))
        definition = home.definition
        matter = definition.matter(story.matter)
        party = self._person(region)
        details = home.details_form(story.matter).model_validate(_dated(story.details, opened)).model_dump(mode="json")
        state = definition.state(matter.start)
        case = Case(
            tracking_number=_tracking(self.seed, number), service=story.service, matter=story.matter,
            version_id=self.versions[story.service], region_code=region, scope_key=scope_key(definition.number, region),
            channel=random.choice(story.channels), title=story.title, applicant=party,
            institution=self._institution(definition.handled_by, county.code), state=state.id, owner=state.owner or "",
            details=details, opened_at=opened, changed_at=opened,
        )  # fmt: skip
        batch.parties.append(party)
        batch.cases.append(case)
        batch.parts.append(CaseParty(case=case, party=party, role="applicant"))
        walk = Walk(self, home, case, batch)
        walk.begin()
        walk.go_on()

    def _person(self, region: int) -> Party:
        random = self.random
        born = date(people.birth_year(random), random.randrange(1, 13), random.randrange(1, 29))
        groups = [g for g, chance in (("migrant_worker", 0.3), ("older_person", 0.1), ("disabled_person", 0.04),
                                      ("woman", 0.4)) if random.random() < chance]  # fmt: skip
        return make_party(Person(
            name=people.name(random), phone=people.phone(random), birth_date=born, gender=random.choice("MF"),
            region_code=region, groups=tuple(groups), contact={"may_text": random.random() < 0.95},
        ))  # fmt: skip

    def _institution(self, kind: str, county: int) -> Institution | None:
        city = county // 10**8 * 10**8
        found = self.demo.institutions
        return found.get((kind, county)) or found.get((kind, city)) or found.get((kind, city // 10**10 * 10**10))

    def reader(self, role: str, region_code: int) -> Reader:
        """Who does an action of this role in a place: whoever holds it nearest; the demo's lawyer, who has no post for cases."""
        key = (role, region_code)
        if key not in self.readers:
            user = next((p.user for p in self.posts if p.role == role and contains(p.region_code, region_code)), None)
            if role in (Role.PROVIDER, Role.DUTY_LAWYER):
                user = self.demo.users["lawyer"]
            self.readers[key] = Reader("staff" if user else "system", user.pk if user else None, name=user.name if user else "", acting_as=role)
        return self.readers[key]


class Walk:
    """One case's way through its definition."""

    def __init__(self, maker: Maker, home: Service, case: Case, batch: Batch) -> None:
        self.maker, self.home, self.case, self.batch = maker, home, case, batch
        self.random = maker.random
        self.definition = home.definition
        self.clocks = Clocks(case, self.definition, case.opened_at, ())
        self.at: datetime = case.opened_at
        self.steps: list[str] = []

    def begin(self) -> None:
        """The case is opened."""
        matter = self.definition.matter(self.case.matter)
        facts = self._facts()
        if matter.sealed_when and self.home.guard(matter.sealed_when).test(facts).allowed:
            self.case.sealed = True
        self._note("case.opened", self.maker.reader(Role.HOTLINE_AGENT, self.case.region_code), {"service": self.case.service, "state": self.case.state})
        self._enter()

    def go_on(self) -> None:
        """Take actions, some late, until today or the end."""
        for _ in range(24):
            if not self.case.open or self.random.random() < 0.01:
                break
            choices = [a for a in self.definition.actions if self._possible(a)]
            if not choices:
                break
            weights = [self._weight(a) for a in choices]
            action = self.random.choices(choices, weights)[0]
            self.at += timedelta(hours=self._pause())
            if self.at >= self.maker.now:
                break
            self._act(action)
        self._finish()

    def _possible(self, action: Action) -> bool:
        if self.case.state not in action.from_ or Role.SYSTEM in action.by:
            return False
        return not (action.to is None and action.id in self.steps)

    def _weight(self, action: Action) -> float:
        if action.to is None:
            # Steps that stay in the state, such as taking an assignment, come once and before what follows them.
            return 40.0 if action.primary and action.id not in self.steps else 0.2
        adverse = any(word in action.id for word in ("refuse", "terminat", "withdraw", "object", "replace", "decline", "return"))
        return 0.4 if adverse else (8.0 if action.primary else 2.0)

    def _pause(self) -> float:
        live = [row for row in self.clocks.rows if row.due_at and not row.ended_at]
        if not live:
            return self.random.uniform(0.2, 30)
        left = min((row.due_at - self.at).total_seconds() / 3600 for row in live if row.due_at)
        return max(0.1, left * (self.random.uniform(0.1, 0.9) if self.random.random() < 0.93 else self.random.uniform(1.05, 1.4)))

    def _act(self, action: Action) -> None:
        before = self.case.state
        role = str(action.by[0])
        self.steps.append(action.id)
        self.clocks.now = self.at
        if "offer_assignment" in action.effects:
            self._assign()
        doer = self.maker.reader(role, self.case.region_code)
        if role in CASE_READERS and ("take_charge" in action.effects or self.case.handler_id is None):
            self.case.handler_id = doer.user_id
        for code in action.meets:
            self.clocks.meet(code)
        for code in action.suspends:
            self.clocks.suspend(code, action.name.zh)
        for code in action.resumes:
            self.clocks.resume(code)
        if action.outcome:
            self.case.outcome = action.outcome
        if action.to and action.to != before:
            state = self.definition.state(action.to)
            self.case.state, self.case.owner = state.id, state.owner or ""
            self._enter()
        for code in action.starts:
            self.clocks.start(code, length=local_length(self.definition.deadline(code), self.maker.parameters[self.case.service]))
        self.case.revision += 1
        self._note("case.action", doer, {"action": action.id, "from": before, "to": self.case.state})
        if "open_feedback" in action.effects and self.case.pk not in {i.case_id for i in self.batch.invitations[-3:]}:
            self._rate()

    def _enter(self) -> None:
        state = self.definition.state(self.case.state)
        facts = self._facts()
        self.clocks.enter(
            state.id, lambda spec: local_length(spec, self.maker.parameters[self.case.service]),
            lambda spec: spec.when is None or self.home.guard(spec.when).test(facts).allowed is True,
        )  # fmt: skip
        if state.end:
            self.case.open, self.case.closed_at = False, self.at
            self.clocks.cancel_all()

    def _assign(self) -> None:
        county = self.case.region_code // 10**6 * 10**6
        lawyer = self.random.choice(self.maker.demo.by_county.get(county) or self.maker.demo.practitioners)
        if any(a.case_id == self.case.pk and a.status == "accepted" for a in self.batch.assignments[-4:]):
            return
        self.case.provider = lawyer
        self.batch.assignments.append(Assignment(
            case=self.case, practitioner=lawyer, status="accepted", rank=1, offered_at=self.at, answered_at=self.at,
        ))  # fmt: skip
        if lawyer.user_id:
            self.batch.circle.append(CaseAccess(case=self.case, user_id=lawyer.user_id, why="provider"))

    def _rate(self) -> None:
        self.batch.invitations.append(Invitation(case=self.case, token=secrets.token_urlsafe(16), sent_at=self.at))
        if self.random.random() < 0.45:
            score = self.random.choices((5, 4, 3, 2, 1), (52, 28, 12, 5, 3))[0]
            reasons = [self.random.choice(REASONS)[0]] if score < 3 else []
            self.batch.feedback.append(Feedback(case=self.case, score=score, reasons=reasons, at=self.at + timedelta(hours=2)))

    def _finish(self) -> None:
        case = self.case
        for assignment in self.batch.assignments[-4:]:
            if assignment.case_id == case.pk and not case.open:
                assignment.status, assignment.ended_at = "done", case.closed_at
        for row in self.clocks.rows:
            if row.status == "running" and row.due_at and row.due_at < self.maker.now:
                row.status, row.next_warning = "missed", None
        live = [r for r in self.clocks.rows if r.due_at and not r.ended_at and r.status in ("running", "missed")]
        nearest = min(live, key=lambda r: r.due_at or self.maker.now, default=None)
        case.next_due, case.next_deadline = (nearest.due_at, nearest.code) if nearest else (None, "")
        case.changed_at = self.at if self.at < self.maker.now else case.opened_at
        self.batch.clocks += self.clocks.rows

    def _note(self, kind: str, reader: Reader, data: dict[str, str]) -> None:
        self.batch.history.append((self.at, reader, Entry(kind, case_id=self.case.pk, data=data)))

    def _facts(self) -> Facts:
        case, party = self.case, self.case.applicant
        born = party.birth_date.isoformat() if party and party.birth_date else None
        applicant = {"birth_date": born, "groups": party.groups if party else [], "nationality": "CHN", "has_identity": False, "languages": []}
        return Facts(
            service=case.service, matter=case.matter, state=case.state, region=case.region_code, now=self.at,
            today=self.at.astimezone(clock.SHANGHAI).date(), opened_at=case.opened_at,
            details={**case.details, "_applicant": applicant}, payload={}, flags=frozenset(case.flags),
            sealed=case.sealed, actor_party=None, parties={}, papers={},
            parameters=self.maker.parameters[case.service], history=tuple(self.steps), channel=case.channel,
        )  # fmt: skip


def _dated(details: dict[str, object], opened: datetime) -> dict[str, object]:
    """Details with relative days ("-40d") as dates before the case was opened."""
    found: dict[str, object] = {}
    for key, value in details.items():
        if isinstance(value, str) and value.startswith("-") and value.endswith("d"):
            found[key] = (opened - timedelta(days=int(value[1:-1]))).date().isoformat()
        else:
            found[key] = value
    return found
