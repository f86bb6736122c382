"""Indexes go that repeat the first column of another one or that no query walks (docs/indexes.md)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from onestop.fields import IndexDropped


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='attachment',
            name='sha256',
            field=models.CharField(max_length=64, verbose_name='mã kiểm tra'),
        ),
        IndexDropped(
            model_name='attachment',
            name='uploaded_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người tải lên'),
        ),
        migrations.AddIndex(
            model_name='attachment',
            index=models.Index(fields=['sha256'], name='attachment_bytes'),
        ),
    ]
