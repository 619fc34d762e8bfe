"""Feedback goes back to whoever answers for the answer, once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds when they heard of it, and the index by which what they have not heard is found."""

    dependencies = [("knowledge", "0007_doubted")]

    operations = [
        migrations.AddField(
            model_name="askedquestion",
            name="told_at",
            field=models.DateTimeField(null=True, help_text="When whoever answers for the answer heard that it did not help."),
        ),
        migrations.AddIndex(
            model_name="askedquestion",
            index=models.Index(condition=models.Q(("rating", "not_useful"), ("told_at", None)), fields=["id"], name="asked_untold"),
        ),
    ]
