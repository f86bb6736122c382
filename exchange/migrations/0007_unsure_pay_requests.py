"""Requests for payment of which the platform gave no answer that says how they stand, and who closed them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0006_unlevel_lines'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='payrequest',
            name='called_paid_at',
            field=models.DateTimeField(null=True, verbose_name='được báo đã nộp lúc'),
        ),
        migrations.AddField(
            model_name='payrequest',
            name='ended_at',
            field=models.DateTimeField(null=True, verbose_name='đóng lúc'),
        ),
        migrations.AddField(
            model_name='payrequest',
            name='ended_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='payrequest',
            name='reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='lý do đóng'),
        ),
        migrations.AddField(
            model_name='payrequest',
            name='unsure_since',
            field=models.DateTimeField(null=True, verbose_name='chưa rõ từ lúc'),
        ),
    ]
