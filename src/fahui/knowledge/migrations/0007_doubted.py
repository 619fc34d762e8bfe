"""A law that its source calls repealed without day or reason, and that is held to be in force."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds a choice; the column stays as it is."""

    dependencies = [("knowledge", "0006_proof")]

    operations = [
        migrations.AlterField(
            model_name="lawversion",
            name="standing",
            field=models.CharField(
                choices=[
                    ("current", "现行有效"), ("superseded", "已被修订"), ("repealed", "已废止"), ("amended", "已被修改"),
                    ("doubted", "来源标为已废止，待核"),
                ],
                help_text="As the source says; doubted where there is reason to.",
                max_length=12,
            ),
        ),
    ]  # fmt: skip
