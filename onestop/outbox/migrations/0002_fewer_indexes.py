"""Indexes go that repeat the first column of another one or that no query walks (docs/indexes.md)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from onestop.fields import IndexDropped


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='message',
            name='dedupe',
            field=models.CharField(max_length=200, verbose_name='khóa chống trùng'),
        ),
        IndexDropped(
            model_name='message',
            name='to_officer',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='cán bộ nhận'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('dedupe',), name='message_once'),
        ),
    ]
