"""Receptions made by mistake: who voided them, and what was put before an approver."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0013_second_factor'),
        ('dossiers', '0024_register_volumes_and_lock'),
        ('procedures', '0004_fewer_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='VoidedReception',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='hoàn tác lúc')),
                ('undone_recorded_at', models.DateTimeField(blank=True, null=True, verbose_name='ghi việc hoàn tác lúc')),
                ('reason', models.TextField(verbose_name='lý do')),
                ('answer', models.CharField(blank=True, max_length=300, verbose_name='ý kiến người duyệt')),
                ('voided_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='VoidRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('agreed', models.BooleanField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, max_length=300)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.TextField(verbose_name='lý do')),
            ],
            options={
                'ordering': ['-asked_at', '-id'],
                'abstract': False,
            },
        ),
        migrations.AlterField(
            model_name='span',
            name='group',
            field=models.PositiveSmallIntegerField(choices=[(1, 'Đang giải quyết'), (2, 'Chờ bổ sung, nghĩa vụ tài chính'), (3, 'Đã giải quyết'), (4, 'Đã hủy tiếp nhận')]),
        ),
        migrations.AddField(
            model_name='voidedreception',
            name='agency',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency'),
        ),
        migrations.AddField(
            model_name='voidedreception',
            name='approver',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='voidedreception',
            name='dossier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voided', to='dossiers.dossier'),
        ),
        migrations.AddField(
            model_name='voidedreception',
            name='voided_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='voidrequest',
            name='answered_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='voidrequest',
            name='approver',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='voidrequest',
            name='asked_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='voidrequest',
            name='dossier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='void_requests', to='dossiers.dossier'),
        ),
        migrations.AddIndex(
            model_name='voidedreception',
            index=models.Index(fields=['agency', 'voided_at'], name='voided_of_agency'),
        ),
        migrations.AddIndex(
            model_name='voidrequest',
            index=models.Index(condition=models.Q(('agreed', None), ('closed_at', None)), fields=['approver'], name='void_waiting'),
        ),
        migrations.AddConstraint(
            model_name='voidrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('dossier',), name='void_one_standing'),
        ),
    ]
