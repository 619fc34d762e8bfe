"""Papers handed in, and papers issued."""

from __future__ import annotations

from django.db import models

from fahui.casework.cases.models import Case
from fahui.foundation.identifiers import new_id
from fahui.foundation.models import Party, User


class StoredFile(models.Model):
    """The content of a file, kept once by its SM3 digest outside the web root, encrypted."""

    digest = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveIntegerField()
    mime = models.CharField(max_length=100)
    stored_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.digest[:12]


class Paper(models.Model):
    """A paper handed in for a case."""

    TRUST = [("A", "签发单位数据"), ("B", "已核验"), ("C", "待核原件"), ("D", "本人承诺")]

    id = models.BigIntegerField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="papers")
    material = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, db_index=False)
    trust = models.CharField(max_length=1, choices=TRUST, default="C")
    source = models.CharField(max_length=60)
    added_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField()
    checked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    checked_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="paper_case")]

    def __str__(self) -> str:
        return self.name


class DocumentNumber(models.Model):
    """The last number given in a series of a year: 〔2026〕乐援决字第12号 has no gaps and no doubles."""

    id = models.BigAutoField(primary_key=True)
    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="document_number_series")]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"


class IssuedDocument(models.Model):
    """A document of ours: its number and the values it was made from. Word and PDF are made from these."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="documents")
    document = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    number = models.CharField(max_length=60, unique=True)
    # The whole text as it was issued: {"addressee", "paragraphs", "reasons", "basis", "remedy", "closing", …}.
    content = models.JSONField()
    issued_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    issued_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="document_case")]

    def __str__(self) -> str:
        return self.number


class Delivery(models.Model):
    """That a document reached someone: how and when, with the receipt. Limits from "receipt" start here."""

    METHODS = [("online", "网上送达"), ("hand", "当面送达"), ("post", "邮寄"), ("message", "短信告知"), ("organ", "机关交换")]

    id = models.BigIntegerField(primary_key=True, default=new_id)
    document = models.ForeignKey(IssuedDocument, on_delete=models.CASCADE, related_name="deliveries")
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT)
    to_role = models.CharField(max_length=20)
    method = models.CharField(max_length=10, choices=METHODS)
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"delivery of {self.document_id}"
