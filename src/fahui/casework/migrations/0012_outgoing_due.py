from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0011_imports'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='outgoing',
            name='outgoing_waiting',
        ),
        migrations.AddIndex(
            model_name='outgoing',
            index=models.Index(condition=models.Q(('status', 'waiting')), fields=['channel', 'next_try'], name='outgoing_due'),
        ),
    ]
