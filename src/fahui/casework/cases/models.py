"""The case and what belongs to it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models

from fahui.casework.definitions.models import ServiceVersion
from fahui.foundation.identifiers import new_id, new_tracking_number
from fahui.foundation.models import Institution, Party, Practitioner, User
from fahui.foundation.prelude import Plan, Statement

CHANNELS = [
    ("hotline", "12348热线"),
    ("window", "窗口"),
    ("web", "网上"),
    ("helper", "村居代办"),
    ("duty", "值班律师"),
    ("organ", "办案机关"),
    ("api", "接口"),
    ("letter", "来信"),
]


class Case(models.Model):
    """Every matter, from a two-minute question to an arbitration. Row security hides what the reader may not see."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    tracking_number = models.CharField(max_length=14, unique=True, default=new_tracking_number)
    service = models.CharField(max_length=40)
    matter = models.CharField(max_length=40)
    version = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, db_index=False)
    region_code = models.BigIntegerField()
    # service number × 10¹² + region code: what row security compares (foundation.accounts.scope).
    scope_key = models.BigIntegerField()
    channel = models.CharField(max_length=10, choices=CHANNELS)
    # A short name for lists, without personal data: "讨薪 · 滨江二期工地".
    title = models.CharField(max_length=120)
    applicant = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, db_index=False, related_name="applied")
    institution = models.ForeignKey(Institution, null=True, on_delete=models.PROTECT, db_index=False)
    # The person in charge inside the house, and the provider of the service outside it.
    handler = models.ForeignKey(User, null=True, on_delete=models.PROTECT, db_index=False, related_name="handles")
    provider = models.ForeignKey(
        Practitioner, null=True, on_delete=models.PROTECT, db_index=False, related_name="provides"
    )
    state = models.CharField(max_length=40)
    # The role that must move next (copied from the state, so that queues are one index).
    owner = models.CharField(max_length=40, blank=True)
    open = models.BooleanField(default=True)
    outcome = models.CharField(max_length=40, blank=True)
    flags = ArrayField(models.CharField(max_length=40), default=list)
    # 0 ordinary, 1 priority by law, 2 urgent.
    priority = models.PositiveSmallIntegerField(default=0)
    next_due = models.DateTimeField(null=True)
    next_deadline = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict)
    sealed = models.BooleanField(default=False)
    # A group matter's head case; several workers, one wage claim.
    group = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="members", db_index=False)
    share_code = models.CharField(max_length=8, blank=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="repeats", db_index=False)
    origin = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="follow_ups", db_index=False)
    repeats_count = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            # Team queue and work-lists: open cases of a scope by what is due first (keyset on next_due, id).
            models.Index(fields=["scope_key", "next_due", "id"], name="case_queue", condition=models.Q(open=True)),
            # The same for whoever sees so much that walking in order of what is due beats sorting their scope.
            models.Index(fields=["next_due", "id"], name="case_due", condition=models.Q(open=True)),
            # My work.
            models.Index(fields=["handler", "next_due", "id"], name="case_handler", condition=models.Q(open=True)),
            models.Index(fields=["provider", "next_due", "id"], name="case_provider", condition=models.Q(open=True)),
            # The same narrowed to a service or a state, however rare.
            models.Index(fields=["service", "next_due", "id"], name="case_service_due", condition=models.Q(open=True)),
            models.Index(fields=["state", "next_due", "id"], name="case_state_due", condition=models.Q(open=True)),
            # Newest first, for browsing and the API.
            models.Index(fields=["scope_key", "-id"], name="case_newest"),
            models.Index(fields=["service", "-id"], name="case_service_newest"),
            # A person's matters.
            models.Index(fields=["applicant"], name="case_applicant"),
            models.Index(fields=["group"], name="case_group", condition=models.Q(group__isnull=False)),
            models.Index(fields=["origin"], name="case_origin", condition=models.Q(origin__isnull=False)),
            # Finding by a part of the title.
            GinIndex(fields=["title"], name="case_title_trgm", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["share_code"], name="case_share", condition=~models.Q(share_code="")),
            # A month of cases for the lake; next to nothing to keep, since cases are stored in the order they are opened.
            BrinIndex(fields=["opened_at"], name="case_opened", autosummarize=True),
        ]

    def __str__(self) -> str:
        return self.tracking_number


# Parts of those who ask, and of those who stand for them: they see the case as their own and get its notices.
OWN_PARTS = ("applicant", "co_applicant", "guardian", "agent")


class CaseParty(models.Model):
    """A person's part in a case."""

    ROLES = [("applicant", "申请人"), ("co_applicant", "共同申请人"), ("opponent", "对方"), ("guardian", "监护人"),
             ("agent", "代理人"), ("helper", "代办人"), ("case_organ", "办案机关"), ("contractor", "总承包单位")]  # fmt: skip

    id = models.BigIntegerField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parts", db_index=False)  # see case_party_once
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="parts")
    role = models.CharField(max_length=20, choices=ROLES)
    # A worker's share: {"owed_fen": 1260000, "days": 42}.
    extra = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "party", "role"], name="case_party_once")]

    def __str__(self) -> str:
        return f"{self.role} of {self.case_id}"


class CaseAccess(models.Model):
    """The circle of a case: accounts that see it whatever their posts (applicant, provider, sealed circle, evaluator)."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="circle")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="circles", db_index=False)
    why = models.CharField(max_length=40)
    until = models.DateTimeField(null=True)

    class Meta:
        # With `until`, row security reads a circle from the index alone.
        constraints = [
            models.UniqueConstraint(fields=["user", "case", "why"], include=["until"], name="case_access_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.case_id}"


_ADMIT = Plan(
    "fahui_admit", "bigint, bigint, bigint, text",
    "INSERT INTO casework_caseaccess (id, case_id, user_id, why) VALUES (%s, %s, %s, %s) ON CONFLICT (user_id, case_id, why) DO NOTHING",
)  # fmt: skip
_DISMISS = Plan("fahui_dismiss", "bigint, text, bigint", "DELETE FROM casework_caseaccess WHERE case_id = %s AND why = %s AND user_id <> %s")


def admit(case_id: int, user_id: int, why: str) -> Statement:
    """The statement that takes an account into a case's circle, once for each reason."""
    return _ADMIT(new_id(), case_id, user_id, why)


def dismiss(case_id: int, why: str, but: int) -> Statement:
    """The statement by which everybody whom a reason took into a case's circle leaves it, but for one account."""
    return _DISMISS(case_id, why, but)


class Assignment(models.Model):
    """An offer of a case to a practitioner, what was suggested, and what became of it."""

    STATUSES = [("offered", "待接受"), ("accepted", "已接受"), ("declined", "已拒绝"), ("released", "已更换"),
                ("done", "已办结")]  # fmt: skip

    id = models.BigIntegerField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assignments")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="assignments")
    status = models.CharField(max_length=10, choices=STATUSES, default="offered")
    # The suggestions shown at the time: [{practitioner, score, reasons}], and which one was taken.
    suggested = models.JSONField(default=list)
    rank = models.PositiveSmallIntegerField(null=True)
    override_reason = models.CharField(max_length=400, blank=True)
    offered_by = models.BigIntegerField(null=True)
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practitioner", "status"], name="assignment_load")]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(status__in=["offered", "accepted"]), name="assignment_one_live"
            )
        ]

    def __str__(self) -> str:
        return f"{self.practitioner_id} on {self.case_id}"


class Referral(models.Model):
    """A hand-over between organisations: the other side accepts or refuses, and until then it stays ours."""

    STATUSES = [("sent", "待接收"), ("accepted", "已接收"), ("refused", "已退回"), ("withdrawn", "已撤回")]

    id = models.BigIntegerField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="referrals")
    from_institution = models.ForeignKey(Institution, null=True, on_delete=models.PROTECT, related_name="+")
    to_institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="referrals_in")
    # transfer: theirs from acceptance. referral: ours, they do a part.
    kind = models.CharField(max_length=10, choices=[("transfer", "移交"), ("referral", "协办")])
    reason = models.CharField(max_length=400)
    status = models.CharField(max_length=10, choices=STATUSES, default="sent")
    answer = models.CharField(max_length=400, blank=True)
    sent_by = models.BigIntegerField()
    sent_at = models.DateTimeField()
    answered_by = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["to_institution", "status"], name="referral_inbox")]

    def __str__(self) -> str:
        return f"{self.case_id} to {self.to_institution_id}"


class Proposal(models.Model):
    """What one person proposed and a second must confirm (four eyes)."""

    STATUSES = [("open", "待复核"), ("confirmed", "已同意"), ("rejected", "已退回"), ("stale", "已失效")]

    id = models.BigIntegerField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="proposals")
    action = models.CharField(max_length=40)
    payload = models.JSONField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=STATUSES, default="open")
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    comment = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(status="open"), name="proposal_one_open")
        ]

    def __str__(self) -> str:
        return f"{self.action} on {self.case_id}"


class Message(models.Model):
    """A note among staff, or a message between the applicant and those who handle the case."""

    AUDIENCES = [("internal", "内部"), ("applicant", "与申请人")]

    id = models.BigIntegerField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages")
    audience = models.CharField(max_length=10, choices=AUDIENCES)
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    author_role = models.CharField(max_length=40)
    text = models.TextField(max_length=4000)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="message_case")]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Urge(models.Model):
    """督办: a supervisor asks for something by a day; it stays until answered."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="urges")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="urged")
    text = models.CharField(max_length=400)
    due = models.DateTimeField()
    at = models.DateTimeField()
    answer = models.CharField(max_length=400, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["to", "due"], name="urge_open", condition=models.Q(answered_at__isnull=True))]

    def __str__(self) -> str:
        return f"urge on {self.case_id}"


class Idempotency(models.Model):
    """The first answer to a request that carried a key; a repeat returns it."""

    id = models.BigAutoField(primary_key=True)
    actor = models.CharField(max_length=60)
    key = models.CharField(max_length=80)
    request_digest = models.BinaryField(max_length=32)
    case_id = models.BigIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="idempotency_once")]

    def __str__(self) -> str:
        return self.key


class Draft(models.Model):
    """A half-filled form: autosaved, resumed by its secret token or by the account that made it."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    token = models.CharField(max_length=43, unique=True)
    service = models.CharField(max_length=40)
    matter = models.CharField(max_length=40)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="drafts")
    # Answers are encrypted: they hold names and facts before anything was decided.
    answers = models.BinaryField()
    step = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"draft {self.pk}"
