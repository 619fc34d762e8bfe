"""What the policies want told of institutions, practitioners and sites, and the records authorities published of them."""

import django.db.models.deletion
import fahui.foundation.identifiers
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0004_names_by_sound'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublicRecord',
            fields=[
                ('id', models.BigIntegerField(default=fahui.foundation.identifiers.new_id, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('reward', '奖励'), ('penalty', '行政处罚、行业处分'), ('assessment', '年度考核、检查'), ('credit', '信用等级')], max_length=12)),
                ('result', models.CharField(max_length=120)),
                ('year', models.PositiveSmallIntegerField(null=True)),
                ('decided_on', models.DateField(null=True)),
                ('organ', models.CharField(max_length=80)),
                ('document', models.CharField(blank=True, max_length=80)),
                ('source', models.CharField(max_length=200)),
                ('shown_until', models.DateField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_why', models.CharField(blank=True, max_length=200)),
                ('entered_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.AddField(
            model_name='institution',
            name='accessibility',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='institution',
            name='as_of',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='institution',
            name='business',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='institution',
            name='exceptions',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='institution',
            name='head',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='institution',
            name='languages',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='institution',
            name='latitude',
            field=models.DecimalField(decimal_places=6, max_digits=9, null=True),
        ),
        migrations.AddField(
            model_name='institution',
            name='licence',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='institution',
            name='licensed_by',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='institution',
            name='licensed_from',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='institution',
            name='licensed_until',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='institution',
            name='longitude',
            field=models.DecimalField(decimal_places=6, max_digits=9, null=True),
        ),
        migrations.AddField(
            model_name='institution',
            name='source',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='institution',
            name='staff_count',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='posting',
            name='office_hours',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='posting',
            name='phone',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='posting',
            name='source',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='practitioner',
            name='as_of',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='practitioner',
            name='licensed_by',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='practitioner',
            name='licensed_until',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='practitioner',
            name='source',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='practitioner',
            name='title',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='site',
            name='as_of',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='site',
            name='exceptions',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='site',
            name='languages',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='site',
            name='source',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name='institution',
            name='opening_hours',
            field=models.CharField(blank=True, max_length=240),
        ),
        migrations.AlterField(
            model_name='site',
            name='kind',
            field=models.CharField(choices=[('service_centre', '公共法律服务中心'), ('service_station', '公共法律服务工作站'), ('service_room', '公共法律服务工作室'), ('legal_aid_station', '法律援助工作站'), ('service_window', '法律服务窗口'), ('mediation_room', '人民调解室'), ('notary_point', '公证办理点'), ('counsel_point', '村（居）法律顾问值班点'), ('self_service', '自助服务终端'), ('legal_culture_place', '法治文化阵地'), ('education_base', '法治宣传教育基地')], max_length=60),
        ),
        migrations.AlterField(
            model_name='site',
            name='opening_hours',
            field=models.CharField(blank=True, max_length=240),
        ),
        migrations.AddIndex(
            model_name='institution',
            index=models.Index(fields=['region_code', 'id'], name='institution_place'),
        ),
        migrations.AddIndex(
            model_name='posting',
            index=models.Index(fields=['target_region'], name='posting_region'),
        ),
        migrations.AddIndex(
            model_name='practitioner',
            index=models.Index(fields=['region_code', 'id'], name='practitioner_place'),
        ),
        migrations.AddIndex(
            model_name='site',
            index=models.Index(fields=['region_code', 'id'], name='site_place'),
        ),
        migrations.AddField(
            model_name='publicrecord',
            name='institution',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='records', to='foundation.institution'),
        ),
        migrations.AddField(
            model_name='publicrecord',
            name='practitioner',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='records', to='foundation.practitioner'),
        ),
        migrations.AddConstraint(
            model_name='publicrecord',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('institution__isnull', True), ('practitioner__isnull', False)), models.Q(('institution__isnull', False), ('practitioner__isnull', True)), _connector='OR'), name='record_of_one'),
        ),
        migrations.AddConstraint(
            model_name='publicrecord',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'penalty'), _negated=True), ('shown_until__isnull', False), _connector='OR'), name='penalty_shown_until'),
        ),
    ]
