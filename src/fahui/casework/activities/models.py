"""Work that is no case: visits, lectures, training, publicity, volunteering, joint meetings.

Who, where, how long, for whom, and the other side's word for it. Never a track, a check-in, points or a ranking of persons.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from fahui.foundation.identifiers import new_id
from fahui.foundation.models import Institution, Practitioner, Site


class Activity(models.Model):
    """One piece of such work. Figures say which of them count only confirmed ones."""

    KINDS = [
        ("counsel_visit", "村（居）法律顾问现场服务"), ("counsel_service", "村（居）法律顾问其他服务"), ("lecture", "法治讲座"),
        ("publicity", "法治宣传活动"), ("campaign", "主题宣传活动"), ("training", "培训"), ("volunteering", "志愿服务"),
        ("welfare_service", "公益法律服务"), ("mobile_service", "巡回（流动）服务"), ("check_up", "法治体检"),
        ("court_observation", "旁听庭审"), ("joint_meeting", "联席会议"), ("screening", "矛盾纠纷排查"),
        ("guidance", "业务指导"), ("assessment", "考核测评"), ("petition_duty", "参与信访接待"), ("law_exam", "学法考试"),
        ("remote_help", "远程法律服务"),
    ]  # fmt: skip
    STATES = [("entered", "已登记"), ("confirmed", "对方已确认"), ("void", "已作废")]
    FORMS = [("onsite", "现场"), ("phone", "电话"), ("online", "网上")]

    id = models.BigIntegerField(primary_key=True, default=new_id)
    code = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=30, choices=KINDS)
    title = models.CharField(max_length=160)
    # 主题: constitution_day, civil_code … of the kind; empty where there is none.
    topic = models.CharField(max_length=40, blank=True)
    held_on = models.DateField()
    minutes = models.PositiveIntegerField(default=0)
    form = models.CharField(max_length=10, choices=FORMS, default="onsite")
    region_code = models.BigIntegerField()
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="activities")
    # Who held it, and for whom it was (a school, a body, an enterprise).
    organiser = models.ForeignKey(Institution, null=True, on_delete=models.PROTECT, related_name="activities")
    guest = models.ForeignKey(Institution, null=True, on_delete=models.PROTECT, related_name="received_activities")
    # How many people it reached, and how many of the services it counts as (a morning of twelve consultations: 12).
    people = models.PositiveIntegerField(default=0)
    services = models.PositiveIntegerField(default=1)
    groups = ArrayField(models.CharField(max_length=40), default=list)
    # Digests of stored files that prove it.
    evidence = models.JSONField(default=list)
    note = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default="entered")
    # The other side's word: who confirmed, in what office, never more than a name.
    confirmed_by = models.CharField(max_length=60, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    entered_by = models.BigIntegerField(null=True)
    entered_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "活动"
        indexes = [
            models.Index(fields=["kind", "-held_on", "-id"], name="activity_newest"),
            models.Index(fields=["region_code", "-held_on"], name="activity_place"),
            models.Index(fields=["changed_at"], name="activity_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


class Taking(models.Model):
    """Somebody's part in an activity: gave it or attended it, and for how long."""

    PARTS = [("gave", "提供"), ("attended", "参加")]

    id = models.BigIntegerField(primary_key=True, default=new_id)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="takings")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="takings")
    part = models.CharField(max_length=10, choices=PARTS, default="gave")
    minutes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "practitioner", "part"], name="taking_once")]

    def __str__(self) -> str:
        return f"{self.practitioner_id} {self.part} {self.activity_id}"
