"""好差评: one rating a case, by the person served."""

from __future__ import annotations

from django.db import models

from fahui.casework.cases.models import Case
from fahui.foundation.identifiers import new_id

SCORES = [(5, "非常满意"), (4, "满意"), (3, "基本满意"), (2, "不满意"), (1, "非常不满意")]
BAD = (1, 2)
REASONS = [
    ("slow", "太慢了"),
    ("not_heard", "没听我说完"),
    ("not_respected", "态度不好"),
    ("not_clear", "看不懂、没讲明白"),
    ("not_solved", "问题没解决"),
    ("asked_twice", "同样的材料要了好几次"),
    ("charged", "被收了钱"),
    ("other", "其他"),
]


class Feedback(models.Model):
    """A rating with its reasons. A bad one opens a review by someone outside the handling organisation."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="feedback")
    score = models.PositiveSmallIntegerField(choices=SCORES)
    reasons = models.JSONField(default=list)
    heard = models.BooleanField(null=True)
    respected = models.BooleanField(null=True)
    understood = models.BooleanField(null=True)
    comment = models.TextField(max_length=1000, blank=True)
    at = models.DateTimeField()
    # The review case a bad rating opened.
    review = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    def __str__(self) -> str:
        return f"{self.score} for {self.case_id}"


class Invitation(models.Model):
    """An invitation to rate: the secret in the link. Says how many were asked, which every rate needs."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="invitation")
    token = models.CharField(max_length=22, unique=True)
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"invitation for {self.case_id}"
